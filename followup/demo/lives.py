"""One invented student, told verb by verb: each does what the action of that name would have written."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from common.search import normalise
from followup.demo.acuses import Holder
from followup.demo.drawing import Drawing
from followup.demo.moments import Clock, end_of_story
from followup.demo.people import Person
from followup.demo.plan import Case
from followup.demo.rows import Code, Folio, Mail, Rows, random_id, random_path, student_user
from followup.demo.schools import School, System
from followup.models import StudentReport
from notices.states import NoticeState
from nss.models import Acuse, NSSRequest
from nss.queries.reasons import ReasonWords, reason_words
from school.models import SchoolCycle, User
from students.deadlines import due, review_due
from students.models import (
    AccessEntry,
    ClockPause,
    Enrollment,
    StoredFile,
    Student,
    TimelineEntry,
)
from students.queries.deadlines import Stretch, events_of, rule_of
from students.states import CodeChannel, Event, FileKind, Look, PauseReason

SHARE_WITHOUT_MAIL = 0.08
SHARE_DECLARED_NSS = 0.1


@dataclass(frozen=True, slots=True)
class Face:
    """What a student uploads: which arrangement, of whom, and as which kind of photo; a PDF without."""

    layout: str
    holder: Holder
    degradation: str = ""
    is_damaged: bool = False


@dataclass
class World:
    """What all lives share.

    By path `drawings` are the acuses with the files to draw for them; by plantel, ciclo and day `rosters` are
    who came in with one list, and `enrolments` what the history says of it, where its folio goes. `classmates` are
    who was in no batch yet, by plantel, so that an acuse of theirs may arrive with somebody else. By case `stays` are
    the stays of today.
    """

    system: System
    rows: Rows
    seed: int
    today: date
    statements: dict[str, str]
    people: dict[int, Person]
    classmates: dict[int, list[int]]
    accepted: list[int]
    drawings: dict[str, tuple[Acuse, Drawing, bool]] = field(default_factory=dict)
    rosters: dict[tuple[int, bool, date], list[Enrollment]] = field(default_factory=dict)
    enrolments: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], ReasonWords] = field(default_factory=dict)
    stays: dict[int, Enrollment] = field(default_factory=dict)

    def chance(self, case: Case, what: str) -> random.Random:
        """Return a source of chance for one thing in one life, the same for the same seed."""
        return random.Random(f"{self.seed}-{case.number}-{what}")  # noqa: S311 -- repeatable

    def reason_words(self, reason: str, note: str) -> ReasonWords:
        """Return the words of a return, asked of the database once."""
        if (reason, note) not in self.reasons:
            self.reasons[reason, note] = reason_words(reason, note)
        return self.reasons[reason, note]


class Life:
    """One student from the roster on; its clock only goes forward."""

    def __init__(self, world: World, case: Case, *, previous_cycle: bool = False) -> None:
        self.world, self.case, self.rows = world, case, world.rows
        self.person = world.people[case.number]
        self.school: School = world.system.schools[case.plantel]
        system = world.system
        self.cycle: SchoolCycle = system.previous if previous_cycle else system.current
        part = "previous" if previous_cycle else "current"
        self.chance = world.chance(case, part)
        self.pauses: list[ClockPause] = []
        self.request: NSSRequest | None = None
        self.versions = 0
        self.codes: list[Code] = []
        self.folios: dict[str, Folio] = {}
        self.stay: Enrollment
        self.clock: Clock

    @property
    def student(self) -> Student:
        """The person's row."""
        return self.stay.student

    @property
    def user(self) -> User:
        """The person's account."""
        return self.student.user

    @property
    def reviewer(self) -> User:
        """Who of the two reviewers decides here."""
        return self.school.revisores[self.case.turn % 2]

    @property
    def last_weeks(self) -> datetime:
        """When those who finish begin to leave."""
        day = self.cycle.ends_on - timedelta(days=20)
        return datetime.combine(day, time(9), self.school.plantel.zone)

    @property
    def zone_end(self) -> datetime:
        """When the story of this plantel ends."""
        return end_of_story(self.world.today, self.school.plantel.zone)

    def enrol(
        self,
        day: date,
        *,
        has_curp: bool = True,
        student: Student | None = None,
        until: datetime | None = None,
    ) -> None:
        """Put the student into the roster of that day; the slip is printed and the code mailed.

        Nothing that this life tells happens later than `until`.
        """
        at = datetime.combine(day, time(9, 5), self.school.plantel.zone)
        self.clock = Clock(at, until or self.zone_end, self.chance)
        if student is None:
            student = self._new_student(at, has_curp=has_curp)
        self.stay = self._new_stay(student, day, at)
        self.rows.stays.append(self.stay)
        self.world.stays[self.case.number] = self.stay
        key = (self.case.plantel, self.world.system.current is self.cycle, day)
        self.world.rosters.setdefault(key, []).append(self.stay)
        said: dict[str, Any] = {"folio": ""}
        self.record(Event.ENROLLED, at, by=self.school.responsable, data=said)
        self.world.enrolments[self.stay.public_id] = said
        self._issue_codes(at)

    def record(
        self, event: Event, at: datetime, *, by: User | None, data: dict[str, Any] | None = None
    ) -> TimelineEntry:
        """Add a line to the history."""
        entry = TimelineEntry(
            enrollment=self.stay, event=event, at=at, by=by, data={} if data is None else data
        )
        self.rows.timeline.append(entry)
        return entry

    def look(self, look: Look, at: datetime, *, by: User, file: StoredFile | None = None) -> None:
        """Note that somebody saw a number or a document."""
        self.rows.looks.append(
            AccessEntry(enrollment=self.stay, by=by, at=at, look=look, file=file)
        )

    def take_folio(self, series: str, at: datetime, owner: Acuse | StudentReport) -> None:
        """Have the next folio of the series written into a row."""
        folio = Folio(series, self.school.plantel, at, [(owner, "folio")])
        self.folios[owner.public_id] = folio
        self.rows.folios.append(folio)

    def name_folio(self, owner: Acuse | StudentReport, said: dict[str, Any]) -> dict[str, Any]:
        """Have the folio of a row stand in what is said of it too."""
        said["folio"] = ""
        self.folios[owner.public_id].places.append((said, "folio"))
        return said

    def mail(
        self,
        message: str,
        event: str,
        at: datetime,
        context: dict[str, Any],
        state: NoticeState = NoticeState.SENT,
    ) -> None:
        """Write to the student, if there is a mailbox."""
        data = getattr(self.stay, "data", None)
        to = (data.email if data else "") or self.stay.roster_email
        if to:
            self.rows.mails.append(Mail(self.stay, message, event, to, at, context, state))

    def pause(self, reason: PauseReason, at: datetime) -> None:
        """Stop the student's clock, as students.actions.clock does."""
        if not any(one.reason == reason and one.ended_at is None for one in self.pauses):
            self.pauses.append(ClockPause(enrollment=self.stay, reason=reason, started_at=at))
            self.rows.pauses.append(self.pauses[-1])
        self.stay.acuse_due_on = None

    def resume(self, reason: PauseReason, at: datetime, *, is_return: bool = False) -> date | None:
        """Let the clock go on and return the deadline, told where something is to be corrected."""
        for one in self.pauses:
            if one.reason == reason and one.ended_at is None:
                one.ended_at, one.is_return = at, is_return
        return self.settle_deadline(is_told=is_return)

    def settle_deadline(self, *, is_told: bool = False) -> date | None:
        """Work out the deadline by the real rule and keep it, as students.actions.clock.keep_deadline does."""
        rows = [
            Stretch(one.started_at, number, one.reason, one.ended_at, one.is_return, None)
            for number, one in enumerate(self.pauses)
        ]
        events = events_of(self.stay.enrolled_on, rows, self.school.plantel.zone)
        found = due(events, rule_of(self.cycle), self.school.calendar).date
        self.stay.acuse_due_on = found and max(filter(None, [found, self.stay.told_due_on]))
        if is_told:
            self.stay.told_due_on = self.stay.acuse_due_on
        return self.stay.acuse_due_on

    def review_promise(self, at: datetime) -> date | None:
        """Return by when what comes in at that moment is reviewed."""
        day = at.astimezone(self.school.plantel.zone).date()
        return review_due(day, self.cycle.review_days, self.school.calendar).date

    def store(self, acuse: Acuse, face: Face, at: datetime, *, by: User) -> StoredFile:
        """Keep the file of an acuse; it is drawn later, with all others."""
        path = random_path(self.chance)
        is_photo = bool(face.degradation)
        name = f"IMG_{at:%Y%m%d_%H%M%S}.jpg" if is_photo else "acuse.pdf"
        stored = StoredFile(
            public_id=random_id(self.chance),
            enrollment=self.stay,
            plantel=self.school.plantel,
            uploaded_by=by,
            uploaded_at=at,
            kind=FileKind.JPEG if is_photo else FileKind.PDF,
            original_name=name,
            path=path,
        )
        self.rows.files.append(stored)
        seed = self.chance.randrange(10**6)
        drawing = Drawing(path, face.layout, face.holder, seed, face.degradation, face.is_damaged)
        self.world.drawings[path] = (acuse, drawing, self.case.is_drawn)
        return stored

    def _new_student(self, at: datetime, *, has_curp: bool) -> Student:
        person = self.person
        names = f"{person.given_names} {person.first_surname} {person.second_surname}"
        user = student_user(self.chance, at)
        student = Student(
            user=user,
            curp=person.curp if has_curp else None,
            given_names=person.given_names,
            first_surname=person.first_surname,
            second_surname=person.second_surname,
            search_name=normalise(names),
        )
        self.rows.users.append(user)
        self.rows.students.append(student)
        return student

    def _new_stay(self, student: Student, day: date, at: datetime) -> Enrollment:
        case, chance = self.case, self.chance
        has_mail = case.is_first or chance.random() >= SHARE_WITHOUT_MAIL
        declares = chance.random() < SHARE_DECLARED_NSS
        self.stay = Enrollment(
            public_id=random_id(chance),
            student=student,
            plantel=self.school.plantel,
            cycle=self.cycle,
            matricula=self._matricula(),
            group=case.group,
            shift=case.shift,
            semester=case.semester,
            enrolled_on=day,
            roster_email=self.person.email if has_mail else "",
            roster_phone=self.person.phone if chance.random() < 0.7 else "",
            declared_nss=self.person.nss if declares else None,
            created_at=at,
        )
        self.settle_deadline()
        return self.stay

    def _matricula(self) -> str:
        """The stay of the ciclo before has the number of that time."""
        matricula = self.case.matricula
        if self.cycle is self.world.system.current:
            return matricula
        return f"{int(matricula[:2]) - 1:02d}{matricula[2:]}"

    def _issue_codes(self, at: datetime) -> None:
        printed, mailed = at + timedelta(minutes=25), at + timedelta(minutes=40)
        self._issue(CodeChannel.SLIP, printed, by=self.school.responsable)
        if self.stay.roster_email and self.stay.acuse_due_on:
            self._issue(CodeChannel.MAIL, mailed, by=None)
            context = {
                "first_name": self.student.first_name,
                "due_on": self.stay.acuse_due_on.isoformat(),
            }
            self.mail("M-01", "activation", mailed, context)
        self.clock.at = mailed

    def _issue(self, channel: CodeChannel, at: datetime, *, by: User | None) -> None:
        self.codes.append(Code(self.stay, channel, at))
        self.rows.codes.append(self.codes[-1])
        self.record(Event.CODE_ISSUED, at, by=by, data={"channel": channel.value})
