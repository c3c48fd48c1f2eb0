"""A roster against the database: who is new, who changes, who is somebody else. Set-based, no query per row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from common.search import normalise
from notices.models import Notice
from school.access import Ability, planteles_with
from school.models import Plantel, SchoolCycle, User
from students.identity import mask_nss
from students.models import Enrollment, RosterImport, Student
from students.roster_file import FIELDS, Finding, RosterRow
from students.states import OPEN_ENROLLMENT, EnrollmentState, ImportState

ACTIVATION = "M-01"
CHUNK = 5_000  # values in one IN (…)
STUDENT_FIELDS = {
    "given_names": "given_names",
    "first_surname": "first_surname",
    "second_surname": "second_surname",
    "curp": "curp",
}
ENROLLMENT_FIELDS = {
    "matricula": "matricula",
    "group": "group",
    "shift": "shift",
    "semester": "semester",
    "email": "roster_email",
    "phone": "roster_phone",
    "nss": "declared_nss",
}
ELSEWHERE = (
    "Esta CURP ya está inscrita en otro plantel",
    "Preguntar al estudiante; su plantel anterior debe darlo de baja primero",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One datum that the roster tells otherwise than the portal; `key` is a key of FIELDS, or «cycle»."""

    key: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return FIELDS[self.key].label if self.key in FIELDS else "Ciclo"

    @property
    def is_of_person(self) -> bool:
        return self.key in STUDENT_FIELDS

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to write, with those that follow from it."""
        if self.key == "curp":
            return ("curp",)
        if self.is_of_person:
            return (STUDENT_FIELDS[self.key], "search_name")
        if self.key == "enrolled_on":
            return ("enrolled_on", "acuse_due_on")
        return (ENROLLMENT_FIELDS.get(self.key, self.key),)

    def masked(self) -> "Difference":
        """This will return it fit for the timeline, which holds no CURP and no full NSS."""
        if self.key == "curp":
            return Difference(self.key, _tail(self.before), _tail(self.after))
        if self.key == "nss":
            return Difference(self.key, mask_nss(self.before), mask_nss(self.after))
        return self


@dataclass(frozen=True, slots=True)
class Change:
    """A stay that differs from the roster; the two rows already carry the new values, unsaved."""

    row: RosterRow
    enrollment: Enrollment
    differences: list[Difference]


@dataclass(slots=True)
class Plan:
    """What an import would do: `new` pairs each row with the person, if the portal knows that person."""

    new: list[tuple[RosterRow, Student | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """What the database holds about the numbers of one roster."""

    open_by_matricula: dict[str, Enrollment] = field(default_factory=dict)
    open_by_student: dict[int, Enrollment] = field(default_factory=dict)
    by_curp: dict[str, Student] = field(default_factory=dict)


def plan_import(
    plantel: Plantel, cycle: SchoolCycle, rows: Sequence[RosterRow], *, lock: bool = False
) -> Plan:
    """This will compare clean rows with the database and say what importing them would do.

    Reads a fixed number of times for each 5,000 rows. Nothing is written. `lock` holds the stays and persons
    that were found until the end of the transaction, for who writes what the plan says.
    """
    known = _load(rows, lock=lock)
    plan = Plan()
    met: dict[int, int] = {}
    for row in rows:
        problem, enrollment, student = _match(row, plantel, known)
        if enrollment is not None and problem is None and enrollment.pk in met:
            problem = _finding(
                row,
                "matricula",
                f"Es la misma persona que la fila {met[enrollment.pk]}",
                "Borrar una",
            )
        if problem is not None:
            plan.findings.append(problem)
        elif enrollment is None:
            plan.new.append((row, student))
        else:
            met[enrollment.pk] = row.line
            _compare(plan, row, enrollment, cycle)
    return plan


def _load(rows: Sequence[RosterRow], *, lock: bool) -> _Known:
    known = _Known()
    stays = Enrollment.objects.filter(state__in=OPEN_ENROLLMENT).select_related("student", "cycle")
    persons = Student.objects.order_by("pk")
    if lock:  # in the order in which a student's own changes lock: the stay, then the person
        stays = stays.order_by("pk").select_for_update(of=("self", "student"))
        persons = persons.select_for_update(of=("self",))
    for chunk in _chunks(row.matricula for row in rows):
        for stay in stays.filter(matricula__in=chunk):
            known.open_by_matricula[stay.matricula] = stay
            known.open_by_student[stay.student_id] = stay
    for chunk in _chunks(row.curp for row in rows if row.curp):
        for student in persons.filter(curp__in=chunk):
            known.by_curp[student.curp or ""] = student
    missing = [
        student.pk for student in known.by_curp.values() if student.pk not in known.open_by_student
    ]
    for chunk in _chunks(missing):
        for stay in stays.filter(student__in=chunk):
            known.open_by_student[stay.student_id] = stay
    return known


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def _match(
    row: RosterRow, plantel: Plantel, known: _Known
) -> tuple[Finding | None, Enrollment | None, Student | None]:
    """This will find the person of a row: by CURP, else by matrícula; a problem when they disagree."""
    holder = known.open_by_matricula.get(row.matricula)
    student = known.by_curp.get(row.curp) if row.curp else None
    stay = known.open_by_student.get(student.pk) if student else None
    if stay is not None and stay.plantel_id != plantel.pk:
        return _finding(row, "curp", *ELSEWHERE), None, None
    if holder is not None and holder.plantel_id != plantel.pk:
        return _taken(row, "La matrícula ya la usa otra persona"), None, None
    if stay is not None and holder is not None and stay.pk != holder.pk:
        return _taken(row, f"La matrícula ya es de {holder.student.list_name}"), None, None
    if stay is not None:
        return None, stay, student
    if holder is None:
        return None, None, student
    if student is not None:
        return _taken(row, f"La matrícula ya es de {holder.student.list_name}"), None, None
    return _same_person(row, holder), holder, holder.student


def _same_person(row: RosterRow, holder: Enrollment) -> Finding | None:
    """This will accept a matrícula's known holder unless CURP, proven NSS or name say it is another."""
    person = holder.student
    same_name = normalise(f"{row.given_names} {row.first_surname}") == normalise(
        f"{person.given_names} {person.first_surname}"
    )
    if row.curp and person.curp and not same_name:
        return _taken(row, f"La matrícula ya es de {person.list_name}, con otra CURP")
    if row.curp and person.curp and person.nss:
        return _finding(
            row,
            "curp",
            f"Su NSS ya está comprobado con otra CURP ({_tail(person.curp)})",
            "Comparar la CURP con su acta y con el acuse",
        )
    shared = normalise(row.first_surname) == normalise(person.first_surname) or normalise(
        row.given_names
    ) == normalise(person.given_names)
    if not shared:
        return _taken(row, f"La matrícula ya es de {person.list_name}")
    return None


def _taken(row: RosterRow, problem: str) -> Finding:
    return _finding(row, "matricula", problem, "Revisar la matrícula en la lista")


def _finding(row: RosterRow, key: str, problem: str, remedy: str) -> Finding:
    return Finding(row.line, key, getattr(row, key), problem, remedy)


def _compare(plan: Plan, row: RosterRow, enrollment: Enrollment, cycle: SchoolCycle) -> None:
    """This will set what the roster tells otherwise; what it does not tell stays as it is."""
    differences: list[Difference] = []
    person = enrollment.student
    for key, name in STUDENT_FIELDS.items():
        _set(person, name, key, getattr(row, key), differences)
    for key, name in ENROLLMENT_FIELDS.items():
        _set(enrollment, name, key, getattr(row, key), differences)
    if row.enrolled_on and row.enrolled_on != enrollment.enrolled_on.isoformat():
        differences.append(
            Difference("enrolled_on", enrollment.enrolled_on.isoformat(), row.enrolled_on)
        )
        enrollment.enrolled_on = date.fromisoformat(row.enrolled_on)
    if enrollment.cycle_id != cycle.pk:
        differences.append(Difference("cycle", enrollment.cycle.name, cycle.name))
        enrollment.cycle = cycle
    if differences:
        plan.changes.append(Change(row, enrollment, differences))
    else:
        plan.same += 1


def _set(
    target: Student | Enrollment, name: str, key: str, value: str, differences: list[Difference]
) -> None:
    current = getattr(target, name) or ""
    if value and value != current:
        differences.append(Difference(key, current, value))
        setattr(target, name, value)


def _tail(curp: str) -> str:
    return f"…{curp[-5:]}" if curp else ""


# The wizard --------------------------------------------------------------------------------------
def roster_imports_for(user: User) -> QuerySet[RosterImport]:
    """This will return the imports of the planteles whose roster the person may load, newest first."""
    planteles = planteles_with(user, Ability.IMPORT_ROSTER)
    return RosterImport.objects.filter(plantel__in=planteles).select_related(
        "plantel", "cycle", "created_by", "file"
    )


def rosters_due(now: datetime) -> QuerySet[RosterImport]:
    """This will return the imports that wait for the worker: to be read, checked or imported."""
    waiting = (ImportState.UPLOADED, ImportState.MATCHED, ImportState.CONFIRMED)
    return RosterImport.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), state__in=waiting
    ).order_by("created_at")


def to_activate(roster_import: RosterImport) -> list[Enrollment]:
    """This will return the new students of an import who have not entered and were not written to yet."""
    stays = Enrollment.objects.filter(
        pk__in=roster_import.report.get("created", []),
        state=EnrollmentState.ACTIVE,
        first_signed_in_at__isnull=True,
    ).exclude(roster_email="")
    told = set(
        Notice.objects.filter(
            message=ACTIVATION,
            plantel=roster_import.plantel,
            created_at__gte=roster_import.created_at,
        ).values_list("about", flat=True)
    )
    return [
        stay
        for stay in stays.select_related("student", "plantel")
        if f"enrollment:{stay.pk}" not in told
    ]
