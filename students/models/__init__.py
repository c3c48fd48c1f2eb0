from students.models.baja import Baja
from students.models.data import Declaration, StudentData
from students.models.extension import Extension
from students.models.files import StoredFile
from students.models.logs import AccessEntry, AccessSeal, TimelineEntry
from students.models.next_look import NextLook
from students.models.pause import ClockPause
from students.models.person import Enrollment, Student
from students.models.places import PostalCode
from students.models.roster import RosterImport
from students.models.sign_in import AccessCode

__all__ = [
    "AccessCode",
    "AccessEntry",
    "AccessSeal",
    "Baja",
    "ClockPause",
    "Declaration",
    "Enrollment",
    "Extension",
    "NextLook",
    "PostalCode",
    "RosterImport",
    "StoredFile",
    "Student",
    "StudentData",
    "TimelineEntry",
]
