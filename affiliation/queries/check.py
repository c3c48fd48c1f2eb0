"""C-06, revisión previa: who is ready for a batch, what is wrong with the others, and which letters would change."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from affiliation import movement_file
from affiliation.models import Movement, Profile
from affiliation.queries.profiles import file_profile, profile_of
from affiliation.queries.sending import same_registro, stays_to_send
from affiliation.states import MovementKind, MovementState
from nss.models import Acuse
from nss.states import AcuseState
from renuncias.models import Renuncia
from renuncias.states import RenunciaState
from school.models import Plantel
from students.identity import CurpError, nss_has_valid_digit, parse_curp
from students.identity.names import list_name
from students.models import Baja, Enrollment

FILE, ADDRESS, CURP, ROSTER = (
    "followup:student_file",
    "students:correct_address",
    "students:correct_curp",
    "students:import_roster",
)
REVIEW, BATCH = "nss:review", "affiliation:show_batch"
DAY, PROFILE = "affiliation:check_batch", "affiliation:edit_profile"
"""Where a problem is mended: the student's file, address, CURP or row in the list; the acuses in review or the batch
that IMSS rejected; the day of the altas, or the profile, which is the administration's.
"""
NO_REGISTRO = (
    "El plantel no tiene registro patronal: el lote lleva la relación en Excel y CSV, sin el archivo de "
    "movimientos. Pedir a quien administra el portal que lo registre"
)
NO_PROFILE = (
    "El registro patronal del plantel no tiene perfil de envío: el lote lleva la relación en Excel y CSV, sin el "
    "archivo de movimientos. Pedir a la administración que lo llene"
)
NO_ADDRESS = "Sin domicilio. Escribirlo, o pedir al estudiante que complete sus datos en su trámite"
NO_CURP = "CURP sin validar: falta, o alguna letra no corresponde. Escribirla como está en su acta de nacimiento"
LEFT = "Como ya causó baja, la lista no lo corrige: deshacer primero la baja en su ficha"
OPTED_OUT = "OPTED_OUT"
"""How the movement file calls the baja of who handed in a renuncia."""


class Candidate(NamedTuple):
    """One stay as the revisión previa reads it; `last_on` is the date of the movement that the new one must follow."""

    pk: int
    public_id: str
    matricula: str
    group: str
    nss: str | None
    curp: str | None
    first_surname: str
    second_surname: str
    given_names: str
    postal_code: str | None
    street: str | None
    last_on: date | None
    baja: int | None = None
    baja_kind: str | None = None
    baja_on: date | None = None
    opted_out_at: datetime | None = None

    @property
    def list_name(self) -> str:
        """Surnames first: how lists are ordered."""
        return list_name(self.first_surname, self.second_surname, self.given_names)


@dataclass(frozen=True)
class Problem:
    """Why a student cannot go into the batch, and where that is mended; `rejected` is what IMSS sent back."""

    student: Candidate
    sentence: str
    url_name: str = FILE
    rejected: Movement | None = None


@dataclass(frozen=True)
class Ready:
    """A student who goes into the batch, and the movement as the files write it."""

    student: Candidate
    movement: movement_file.Movement


@dataclass(frozen=True)
class Changed:
    """Letters that the movement file writes otherwise, and how many students it is about."""

    before: str
    after: str
    students: int


@dataclass(frozen=True)
class BatchCheck:
    """What a batch made now would be. `notes` say why it lacks the movement file; `profile` is None then."""

    plantel: Plantel
    kind: str
    effective_on: date
    ready: list[Ready]
    problems: list[Problem]
    notes: list[str]
    profile: Profile | None

    @property
    def with_problems(self) -> int:
        """How many students have at least one problem."""
        return len({problem.student.pk for problem in self.problems})

    @cached_property
    def doubtful(self) -> list[Ready]:
        """Whose NSS does not end in the digit that the others give: somebody let it pass, and IMSS may not."""
        return [one for one in self.ready if not nss_has_valid_digit(one.movement.nss)]

    @cached_property
    def without_key(self) -> int:
        """How many have no clave del trabajador in the movement file, for their matrícula does not fit."""
        return sum(not one.movement.worker_key for one in self.ready) if self.profile else 0

    @cached_property
    def changes(self) -> list[tuple[Ready, movement_file.Change]]:
        """The letters that change, student by student."""
        if self.profile is None:
            return []
        how = file_profile(self.profile.registro_patronal, self.profile.settings)
        return [
            (one, change)
            for one in self.ready
            for change in movement_file.changes(one.movement, how)
        ]

    @property
    def changed(self) -> list[Changed]:
        """The letters that change, each way once, the commonest first."""
        times = defaultdict[tuple[str, str], set[int]](set)
        for one, change in self.changes:
            times[change.before, change.after].add(one.student.pk)
        found = [Changed(*letters, len(keys)) for letters, keys in times.items()]
        return sorted(found, key=lambda one: (-one.students, one.before))

    @cached_property
    def seen(self) -> str:
        """What tells this list from any other: a batch is made of what a person has looked at."""
        settings = self.profile and [self.profile.registro_patronal, self.profile.settings]
        told = [self.kind, self.effective_on.isoformat(), json.dumps(settings, sort_keys=True)]
        told += [repr(tuple(one.student)) for one in self.ready]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def check_batch(
    plantel: Plantel,
    kind: str,
    *,
    effective_on: date,
    today: date,
    only: Collection[int] | None = None,
) -> BatchCheck:
    """Tell what a batch of this kind made now would hold; a fixed number of queries for any number.

    `effective_on` is the date of the altas, a baja carries its own. `only` leaves out all stays but these.
    """
    profile, notes = usable_profile(plantel, kind)
    how = profile and file_profile(profile.registro_patronal, profile.settings)
    rejected = {one.enrollment_id: one for one in _rejected(plantel, kind)}
    elsewhere = _numbers_in_review(plantel)
    ready, problems = [], []
    for student in candidates(stays_to_send(plantel, kind), kind):
        if only is not None and student.pk not in only:
            continue
        movement = movement_of(student, kind, effective_on, plantel)
        found = list(_problems(student, movement, rejected, elsewhere, today))
        if how and not found:
            found = [_in_file(student, one) for one in movement_file.problems(movement, how)]
        if found:
            problems += found
        else:
            ready.append(Ready(student, movement))
    return BatchCheck(plantel, kind, effective_on, ready, problems, notes, profile)


def usable_profile(plantel: Plantel, kind: str) -> tuple[Profile | None, list[str]]:
    """Return the profile that movements of this kind can be written with; else None, and why."""
    if not plantel.registro_patronal:
        return None, [NO_REGISTRO]
    profile = profile_of(plantel.registro_patronal)
    if profile is None:
        return None, [NO_PROFILE]
    how = file_profile(profile.registro_patronal, profile.settings)
    faults = [one.sentence for one in movement_file.profile_problems(how, kind)]
    return (None if faults else profile), faults


def candidates(stays: QuerySet[Enrollment], kind: str) -> Iterator[Candidate]:
    """Read these stays as the revisión previa does, in the order of a list; one query."""
    stays = stays.order_by("student__search_name", "pk")
    if kind == MovementKind.ALTA:
        rows = _after_baja(stays).values_list(*_STUDENT)
    else:
        rows = _with_baja(stays).values_list(*_STUDENT, *_BAJA)
    return (Candidate(*row) for row in rows)


_STUDENT = (
    *("pk", "public_id", "matricula", "group", "student__nss", "student__curp"),
    *("student__first_surname", "student__second_surname", "student__given_names"),
    *("data__postal_code", "data__street", "last_on"),
)
_BAJA = ("baja_pk", "baja_kind", "baja_on", "opted_out_at")
"""The columns of a Candidate, in its order."""


def _after_baja(stays: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    applied = Movement.objects.filter(
        same_registro("batch"),
        enrollment__student=OuterRef("student"),
        kind=MovementKind.BAJA,
        state=MovementState.APPLIED,
    )
    last = applied.order_by("-effective_on").values("effective_on")[:1]
    return stays.annotate(last_on=Subquery(last))


def _with_baja(stays: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    in_force = Movement.objects.filter(
        same_registro("batch"), enrollment__student=OuterRef("student"), is_in_force=True
    )
    last = in_force.order_by("-effective_on").values("effective_on")[:1]
    holds = Baja.objects.filter(enrollment=OuterRef("pk"), ended_at__isnull=True)
    accepted = Renuncia.objects.filter(enrollment=OuterRef("pk"), state=RenunciaState.ACCEPTED)
    return stays.annotate(
        last_on=Subquery(last),
        baja_pk=Subquery(holds.values("pk")[:1]),
        baja_kind=Subquery(holds.values("kind")[:1]),
        baja_on=Subquery(holds.values("on_date")[:1]),
        opted_out_at=Subquery(accepted.values("accepted_at")[:1]),
    )


def movement_of(
    student: Candidate, kind: str, effective_on: date, plantel: Plantel
) -> movement_file.Movement:
    """Return the movement as the files write it.

    A baja without a date carries the day of the batch until it has one.
    """
    day, baja_kind = effective_on, None
    if kind == MovementKind.BAJA:
        day, baja_kind = _end_of(student, plantel) or effective_on, student.baja_kind or OPTED_OUT
    # The employer's own key may stay empty: what does not fit in its place is left out whole, never cut.
    fits = movement_file.fits_key(student.matricula)
    return movement_file.Movement(
        kind=kind,
        nss=student.nss or "",
        first_surname=student.first_surname,
        second_surname=student.second_surname,
        given_names=student.given_names,
        curp=student.curp or "",
        date=day,
        worker_key=student.matricula if fits else "",
        baja_kind=baja_kind,
    )


def _end_of(student: Candidate, plantel: Plantel) -> date | None:
    if student.baja_on or not student.opted_out_at:
        return student.baja_on
    return student.opted_out_at.astimezone(plantel.zone).date()


def _problems(
    student: Candidate,
    movement: movement_file.Movement,
    rejected: dict[int, Movement],
    elsewhere: dict[str, set[int]],
    today: date,
) -> Iterator[Problem]:
    if not student.nss:
        yield Problem(student, "Falta el NSS. Registrarlo con el acuse a la vista")
    elif elsewhere.get(student.nss, set()) - {student.pk}:
        sentence = (
            "NSS duplicado: otro acuse en revisión trae el mismo. Revisar los dos antes de mandarlo"
        )
        yield Problem(student, sentence, REVIEW)
    if found := rejected.get(student.pk):
        sentence = f"Rechazado por el IMSS: {found.rejection}. Corregirlo y marcarlo como corregido"
        yield Problem(student, sentence, BATCH, found)
    if movement.kind == MovementKind.BAJA:
        yield from _problems_of_baja(student, movement, today)
    else:
        yield from _problems_of_alta(student, movement)


def _problems_of_alta(student: Candidate, movement: movement_file.Movement) -> Iterator[Problem]:
    try:
        parse_curp(student.curp)
    except CurpError:
        yield Problem(student, NO_CURP, CURP)
    if not (student.postal_code and student.street):
        yield Problem(student, NO_ADDRESS, ADDRESS)
    if student.last_on and movement.date <= student.last_on:
        sentence = (
            f"Tiene en el IMSS una baja del {student.last_on:%d/%m/%Y}, que no es anterior a esta alta. "
            "Hacer el lote con una fecha de alta posterior"
        )
        yield Problem(student, sentence, DAY)


def _problems_of_baja(
    student: Candidate, movement: movement_file.Movement, today: date
) -> Iterator[Problem]:
    if not (student.baja_on or student.opted_out_at):
        yield Problem(student, "Falta la fecha de la baja. Registrarla en la ficha del estudiante")
    elif movement.date > today:
        sentence = f"La baja es del {movement.date:%d/%m/%Y}: mandarla a partir de ese día"
        yield Problem(student, sentence)
    if student.last_on and movement.date < student.last_on:
        sentence = (
            f"La baja es anterior a su alta en el IMSS, que es del {student.last_on:%d/%m/%Y}. Corregir la fecha "
            "de la baja en la ficha del estudiante"
        )
        yield Problem(student, sentence)


def _in_file(student: Candidate, fault: movement_file.Problem) -> Problem:
    """Why the movement file cannot hold the student, and whether the list or the profile mends it.

    The list leaves alone who is out.
    """
    if fault.code in {"CHANGED", "CAUSA"}:
        return Problem(student, fault.sentence, PROFILE)
    if student.baja:
        return Problem(student, f"{fault.sentence}. {LEFT}")
    return Problem(student, fault.sentence, ROSTER)


def _rejected(plantel: Plantel, kind: str) -> QuerySet[Movement]:
    waiting = Movement.objects.filter(
        batch__plantel=plantel, kind=kind, state=MovementState.REJECTED, corrected_at__isnull=True
    )
    return waiting.select_related("batch")


def _numbers_in_review(plantel: Plantel) -> dict[str, set[int]]:
    """Each NSS that an acuse in review gives, typed or read, and the stays that it would be of."""
    acuses = Acuse.objects.filter(plantel=plantel, state=AcuseState.RECEIVED).order_by()
    found = defaultdict[str, set[int]](set)
    for stay, typed, read in acuses.values_list(
        "request__enrollment", "typed_nss", "readings__fields__nss__value"
    ):
        for number in filter(None, (typed, read)):
            found[number].add(stay)
    return found
