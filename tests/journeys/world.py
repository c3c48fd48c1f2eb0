"""The little world of the journeys: one plantel, its people, and students who exist only here."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.utils import timezone

from followup.demo.acuses import Holder, draw_pdf
from nss.states import ProofRoute, RequestState
from school.actions.texts import keep_text_in_use
from school.models import Plantel, SchoolCycle, User
from school.states import Role, TextKind
from students.models import Declaration, Enrollment, PostalCode
from students.states import DeclarationKind
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import (
    PASSWORD,
    TOTP_SECRET,
    PlantelFactory,
    SchoolCycleFactory,
    staff,
)
from tests.factories.students import EnrollmentFactory, StudentDataFactory, StudentFactory


@dataclass(frozen=True)
class Pupil:
    """An invented student as the roster and the acuse know her."""

    matricula: str
    given_names: str
    first_surname: str
    second_surname: str
    curp: str
    nss: str
    email: str

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.first_surname} {self.second_surname}"


ANA = Pupil(
    "26050148",
    "Ana",
    "Gómez",
    "Martínez",
    "GOMA080214MSRMRNA5",
    "24260812342",
    "ana@correo.example",
)
RICARDO = Pupil(
    "26050149",
    "Ricardo",
    "Alamán",
    "Pérez",
    "AAPR080321HDFLRCA8",
    "92250823454",
    "rick@correo.example",
)


@dataclass(frozen=True)
class World:
    """What stands before a journey begins."""

    plantel: Plantel
    responsable: User


def build_world() -> World:
    """Make the plantel, its responsable, the current ciclo and one postal code."""
    today = date.today()  # noqa: DTZ011 -- the ciclo is years wide
    SchoolCycleFactory(
        name="actual", starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=300)
    )
    plantel = PlantelFactory(clave="26ECB0005X", number="05", name="Hermosillo")
    responsable = staff(Role.RESPONSABLE, plantel, name="Laura Ríos", email="laura@correo.example")
    responsable.set_password(PASSWORD)
    responsable.save()
    PostalCode.objects.create(
        code="83000", estado="Sonora", municipio="Hermosillo", colonias=["Centro", "Las Granjas"]
    )
    return World(plantel, responsable)


def enrol(world: World, pupil: Pupil) -> Enrollment:
    """Make the student, enrolled today, with complete data: where the acuse is what is missing."""
    student = StudentFactory(
        curp=pupil.curp,
        given_names=pupil.given_names,
        first_surname=pupil.first_surname,
        second_surname=pupil.second_surname,
    )
    enrollment: Enrollment = EnrollmentFactory(
        student=student,
        plantel=world.plantel,
        cycle=SchoolCycle.objects.get(),
        matricula=pupil.matricula,
        enrolled_on=date.today(),  # noqa: DTZ011 -- a day more or less does not matter
        acuse_due_on=date.today() + timedelta(days=5),  # noqa: DTZ011 -- likewise
        roster_email=pupil.email,
        first_signed_in_at=timezone.now(),
    )
    StudentDataFactory(enrollment=enrollment, email=pupil.email)
    for kind in DeclarationKind:
        text = keep_text_in_use(TextKind(kind), now=timezone.now())
        Declaration.objects.create(enrollment=enrollment, kind=kind, text=text, at=timezone.now())
    return enrollment


def prove(world: World, pupil: Pupil) -> Enrollment:
    """Make the student with complete data and an NSS that a reviewed acuse proved."""
    enrollment = enrol(world, pupil)
    enrollment.student.nss = pupil.nss
    enrollment.student.save()
    NSSRequestFactory(
        enrollment=enrollment,
        state=RequestState.PROVEN,
        route=ProofRoute.ACUSE,
        proven_at=timezone.now(),
        proven_by=world.responsable,
    )
    return enrollment


def current_totp() -> str:
    """Return the code that the staff's app shows now; a code used a moment ago may be used again here."""
    cache.clear()
    return str(
        format_hotp_value(hotp_value(TOTP_SECRET, next(iter(yield_hotp_counters_from_time()))))
    )


def write_roster(path: Path, *pupils: Pupil) -> Path:
    """Write the list as a school exports it."""
    headers = [
        "Matrícula",
        "Nombre",
        "Apellido paterno",
        "Apellido materno",
        "CURP",
        "Grupo",
        "Correo",
    ]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Alumnos")
        sheet.write_row(0, 0, headers)
        for line, pupil in enumerate(pupils, start=1):
            sheet.write_row(
                line,
                0,
                [
                    pupil.matricula,
                    pupil.given_names.upper(),
                    pupil.first_surname.upper(),
                    pupil.second_surname.upper(),
                    pupil.curp,
                    "101",
                    pupil.email,
                ],
            )
    return path


def write_acuse(path: Path, pupil: Pupil, *, nss: str = "", layout: str = "whole_page") -> Path:
    """Draw the acuse of that student as the PDF that IMSS mails."""
    holder = Holder(
        nss=nss or pupil.nss,
        curp=pupil.curp,
        given_names=pupil.given_names.upper(),
        first_surname=pupil.first_surname.upper(),
        second_surname=pupil.second_surname.upper(),
        issued_date=date.today(),  # noqa: DTZ011 -- a day more or less does not matter
    )
    path.write_bytes(draw_pdf(holder, layout))
    return path
