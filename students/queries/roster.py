"""A roster against the database: who is new, who changes, who is somebody else. Set-based, no query per row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from common.bulk import Among
from common.search import normalise
from school.models import Plantel, SchoolCycle
from students.identity import mask_nss
from students.identity.names import list_name
from students.models import Enrollment, Student
from students.roster_file import FIELDS, Finding, RosterRow
from students.states import OPEN_ENROLLMENT

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
        """Return it fit for the timeline, which holds no CURP and no full NSS."""
        if self.key == "curp":
            return Difference(self.key, _tail(self.before), _tail(self.after))
        if self.key == "nss":
            return Difference(self.key, mask_nss(self.before), mask_nss(self.after))
        return self


class Stay(NamedTuple):
    """An open stay as the database holds it; a plain tuple, because there are 50,000 of them."""

    pk: int
    student_id: int
    plantel_id: int
    cycle_id: int
    cycle_name: str
    matricula: str
    group: str
    shift: str
    semester: str
    roster_email: str
    roster_phone: str
    declared_nss: str | None
    enrolled_on: date
    acuse_due_on: date | None
    told_due_on: date | None


class Person(NamedTuple):
    """A person as the database holds it."""

    pk: int
    curp: str | None
    nss: str | None
    given_names: str
    first_surname: str
    second_surname: str

    @property
    def list_name(self) -> str:
        """Surnames first, as Student.list_name."""
        return list_name(self.first_surname, self.second_surname, self.given_names)


@dataclass(frozen=True, slots=True)
class Change:
    """A stay or its person that differs from the roster."""

    row: RosterRow
    stay: Stay
    person: Person
    differences: list[Difference]


@dataclass(slots=True)
class Plan:
    """What an import would do: `new` pairs each row with the person's key, if the portal knows the person.

    They are in the order of their CURPs: of two imports that meet the same new persons one waits for the other.
    """

    new: list[tuple[RosterRow, int | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """What the database holds about the numbers of one roster."""

    open_by_matricula: dict[str, Stay] = field(default_factory=dict)
    open_by_student: dict[int, Stay] = field(default_factory=dict)
    persons: dict[int, Person] = field(default_factory=dict)
    by_curp: dict[str, Person] = field(default_factory=dict)

    def add_stays(self, found: Iterable[tuple[Any, ...]]) -> None:
        for stay in map(Stay._make, found):
            self.open_by_matricula[stay.matricula] = stay
            self.open_by_student[stay.student_id] = stay

    def add_persons(self, found: Iterable[tuple[Any, ...]]) -> None:
        for person in map(Person._make, found):
            self.persons[person.pk] = person
            if person.curp:
                self.by_curp[person.curp] = person


def plan_import(
    plantel: Plantel, cycle: SchoolCycle, rows: Sequence[RosterRow], *, lock: bool = False
) -> Plan:
    """Compare clean rows with the database and say what importing them would do.

    Reads four times, however many rows there are. Nothing is written. `lock` holds the stays and persons
    that were found until the end of the transaction, for who writes what the plan says.
    """
    known = _load(rows, lock=lock)
    plan = Plan()
    met: dict[int, int] = {}
    for row in rows:
        problem, stay, person = _match(row, plantel, known)
        if stay is not None and problem is None and stay.pk in met:
            told = f"Es la misma persona que la fila {met[stay.pk]}"
            problem = _finding(row, "matricula", told, "Borrar una")
        if problem is not None:
            plan.findings.append(problem)
        elif stay is None:
            plan.new.append((row, person.pk if person else None))
        else:
            met[stay.pk] = row.line
            _compare(plan, row, stay, known.persons[stay.student_id], cycle)
    plan.new.sort(key=_curp_of)
    return plan


def _curp_of(new: tuple[RosterRow, int | None]) -> str:
    return new[0].curp


def _load(rows: Sequence[RosterRow], *, lock: bool) -> _Known:
    known = _Known()
    stays = Enrollment.objects.filter(state__in=OPEN_ENROLLMENT).order_by("pk")
    persons = Student.objects.order_by("pk")
    if lock:  # in the order in which a student's own changes lock: the stay, then the person
        stays = stays.select_for_update(of=("self",), no_key=True)
        # Not their keys: whoever changes another stay of theirs looks, at the commit, whether the person exists.
        persons = persons.select_for_update(of=("self",), no_key=True)
    columns = [name.replace("cycle_name", "cycle__name") for name in Stay._fields]
    all_stays, all_persons = stays.values_list(*columns), persons.values_list(*Person._fields)
    known.add_stays(all_stays.filter(Among("matricula", {row.matricula for row in rows})))
    known.add_persons(all_persons.filter(Among("pk", known.open_by_student)))
    unmet = {row.curp for row in rows if row.curp} - known.by_curp.keys()
    known.add_persons(all_persons.filter(Among("curp", unmet)))
    without_stay = known.persons.keys() - known.open_by_student.keys()
    known.add_stays(all_stays.filter(Among("student_id", without_stay)))
    return known


def _match(
    row: RosterRow, plantel: Plantel, known: _Known
) -> tuple[Finding | None, Stay | None, Person | None]:
    """Find the person of a row: by CURP, else by matrícula; a problem when they disagree."""
    holder = known.open_by_matricula.get(row.matricula)
    person = known.by_curp.get(row.curp) if row.curp else None
    stay = known.open_by_student.get(person.pk) if person else None
    if stay is not None and stay.plantel_id != plantel.pk:
        return _finding(row, "curp", *ELSEWHERE), None, None
    if holder is None:
        return None, stay, person
    if holder.plantel_id != plantel.pk:
        return _taken(row, "La matrícula ya la usa otra persona"), None, None
    if stay is not None and stay.pk == holder.pk:
        return None, stay, person
    owner = known.persons[holder.student_id]
    if person is not None:
        return _taken(row, f"La matrícula ya es de {owner.list_name}"), None, None
    return _same_person(row, owner), holder, owner


def _same_person(row: RosterRow, person: Person) -> Finding | None:
    """Accept a matrícula's known holder unless CURP, proven NSS or name say it is another."""
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
            "Comparar la CURP con su acta y con el acuse; si la de la lista es la correcta, escribirla en su ficha",
        )
    shared = same_name or (
        normalise(row.first_surname) == normalise(person.first_surname)
        or normalise(row.given_names) == normalise(person.given_names)
    )
    if not shared:
        return _taken(row, f"La matrícula ya es de {person.list_name}")
    return None


def _taken(row: RosterRow, problem: str) -> Finding:
    return _finding(row, "matricula", problem, "Revisar la matrícula en la lista")


def _finding(row: RosterRow, key: str, problem: str, remedy: str) -> Finding:
    return Finding(row.line, key, getattr(row, key), problem, remedy)


_OF_PERSON = attrgetter(*STUDENT_FIELDS.values())
_OF_STAY = attrgetter(*ENROLLMENT_FIELDS.values())
_TOLD_OF_PERSON = attrgetter(*STUDENT_FIELDS)
_TOLD_OF_STAY = attrgetter(*ENROLLMENT_FIELDS)


def _compare(plan: Plan, row: RosterRow, stay: Stay, person: Person, cycle: SchoolCycle) -> None:
    """Note what the roster tells otherwise; what it does not tell stays as it is."""
    differences = [
        Difference(key, before or "", told)
        for key, before, told in (
            *zip(STUDENT_FIELDS, _OF_PERSON(person), _TOLD_OF_PERSON(row), strict=True),
            *zip(ENROLLMENT_FIELDS, _OF_STAY(stay), _TOLD_OF_STAY(row), strict=True),
        )
        if told and told != before
    ]
    if row.enrolled_on and row.enrolled_on != stay.enrolled_on.isoformat():
        differences.append(Difference("enrolled_on", stay.enrolled_on.isoformat(), row.enrolled_on))
    if stay.cycle_id != cycle.pk:
        differences.append(Difference("cycle", stay.cycle_name, cycle.name))
    if differences:
        plan.changes.append(Change(row, stay, person, differences))
    else:
        plan.same += 1


def _tail(curp: str) -> str:
    return f"…{curp[-5:]}" if curp else ""
