"""From the proven NSS to IMSS and back: the batches of altas and bajas of the demo, and who leaves on the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from affiliation.actions.answers import answer_movements
from affiliation.actions.batches import discard_batch, make_batch, send_batch
from affiliation.actions.profiles import save_profile
from affiliation.actions.work import correct_movement
from affiliation.models import Batch, Movement
from affiliation.queries.check import check_batch
from affiliation.relation import Answer
from affiliation.states import MovementKind, MovementState
from followup.demo.agenda import Agenda
from followup.demo.clinic_steps import plan_clinics
from followup.demo.lives import World
from followup.demo.plan import Case, Lot, Way
from followup.demo.rows import random_id
from followup.demo.schools import School, made_at
from renuncias.actions import accept_renuncia, ask_renuncia, receive_renuncia
from renuncias.models import Renuncia
from renuncias.states import Institution, Kinship, Motive
from students.actions.bajas import withdraw_students
from students.actions.transfers import transfer_student
from students.models import Enrollment
from students.states import BajaKind

PLANTELES_WITH_PROFILE = 4
"""Of five: without a profile a batch has the relation alone."""
SETTINGS = {
    "guia": "99400",
    "salario": 0,
    "tipo_trabajador": "1",
    "tipo_salario": "0",
    "jornada": "0",
    "umf_desconocida": "000",
    "causas": dict.fromkeys(BajaKind.values, "6") | {"FINISHED": "1", "OPTED_OUT": "2"},
}
"""Made up: what holds is known by each Subdelegación alone."""

ANSWERED_AGO = {Lot.FIRST: 13, Lot.SECOND: 8}
TAKEN_AGAIN = {
    (Way.RESENT, Lot.SECOND),
    (Way.DISCARDED, Lot.SENT),
    (Way.SENT_AGAIN, Lot.SENT),
}
"""Who is in a later batch too."""
REJECTED = {
    (Way.RESENT, Lot.FIRST): "El nombre no coincide con el que tiene el IMSS",
    (Way.REJECTED, Lot.SECOND): "El NSS no corresponde a la CURP",
    (Way.CORRECTED, Lot.SECOND): "El segundo apellido no coincide con el que tiene el IMSS",
}
BAJAS = (
    (Way.BAJA_APPLIED, BajaKind.DEFINITIVE, 10),
    (Way.BAJA_SENT, BajaKind.TEMPORARY, 5),
    (Way.BAJA_TO_SEND, BajaKind.DEFINITIVE, 2),
)
"""Who was insured and left, how, and so many working days ago."""
BAJAS_MADE_AGO, BAJAS_ANSWERED_AGO = {Way.BAJA_APPLIED: 9, Way.BAJA_SENT: 4}, 6
MOTIVE = {
    "motive": Motive.OTHER_INSTITUTION,
    "institution": Institution.ISSSTE,
    "kinship": Kinship.MOTHER,
}
TO_SEND = timedelta(minutes=95)
TO_DISCARD = timedelta(minutes=25)


def live_on(world: World, plan: Sequence[Case]) -> None:
    """Send who is ready to IMSS, and let everybody live on to the stage of the plan, plantel by plantel."""
    admin = world.system.memberships[0].user
    for place, school in enumerate(world.system.schools):
        if place % (PLANTELES_WITH_PROFILE + 1) < PLANTELES_WITH_PROFILE:
            registro, now = school.plantel.registro_patronal, school.moment(20, 9)
            save_profile(registro, SETTINGS, by=admin, now=now)
        cases = [case for case in plan if case.plantel == place and case.lot]
        if cases:
            agenda = Agenda(school)
            Office(world, school, cases).plan(agenda)
            plan_clinics(world, school, cases, agenda)
            agenda.run()


class Office:
    """Control Escolar of one plantel, and those of its students who come into a batch."""

    def __init__(self, world: World, school: School, cases: Sequence[Case]) -> None:
        self.world, self.school, self.cases = world, school, cases
        self.by = school.responsable
        self.case_of = {world.stays[case.number].pk: case for case in cases}

    def plan(self, agenda: Agenda) -> None:
        """Put everything that it does into the agenda."""
        for lot in Lot:
            self._plan_altas(lot, agenda)
        for way, kind, ago in BAJAS:
            self._plan_bajas(way, kind, ago, agenda)
        for case in self._cases(Way.TRANSFERRED):
            agenda.add(self.school.moment(2, 12), partial(self._transfer, case))
        for stay in self._stays(Way.LEAVING):
            agenda.add(self.school.moment(2, 17, 20), partial(_decline, stay))
        for stay in self._stays(Way.AFTER_ALTA):
            agenda.add(self.school.moment(4, 18, 10), partial(_decline, stay))
            agenda.add(self.school.moment(3, 9, 15), partial(self._receive, stay))
            agenda.add(self.school.moment(2, 10, 40), partial(self._register, stay))

    def _plan_altas(self, lot: Lot, agenda: Agenda) -> None:
        members = [case for case in self.cases if case.lot == lot or (case.way, lot) in TAKEN_AGAIN]
        if not members:
            return
        batch = _Kept()
        at = made_at(self.school, lot)
        agenda.add(at, partial(self._make, batch, MovementKind.ALTA, members))
        if lot == Lot.DISCARDED:
            agenda.add(at + TO_DISCARD, partial(self._discard, batch))
        elif lot != Lot.DRAFT:
            agenda.add(at + TO_SEND, partial(self._send, batch))
        if lot in ANSWERED_AGO:
            answered_at = self.school.moment(ANSWERED_AGO[lot], 11, 5)
            agenda.add(answered_at, partial(self._answer, batch, lot))
        corrected_at = self.school.moment(*((12, 9) if lot == Lot.FIRST else (1, 9)), 40)
        for way, rejected_in in REJECTED:
            if rejected_in == lot and way != Way.REJECTED:
                agenda.add(corrected_at, partial(self._correct, batch, way))

    def _plan_bajas(self, way: Way, kind: BajaKind, ago: int, agenda: Agenda) -> None:
        members = self._cases(way)
        if not members:
            return
        agenda.add(self.school.moment(ago, 9, 20), partial(self._withdraw, members, kind))
        if way in BAJAS_MADE_AGO:
            batch = _Kept()
            at = self.school.moment(BAJAS_MADE_AGO[way], 10, 50)
            agenda.add(at, partial(self._make, batch, MovementKind.BAJA, members))
            agenda.add(at + TO_SEND, partial(self._send, batch))
            if way == Way.BAJA_APPLIED:
                answered_at = self.school.moment(BAJAS_ANSWERED_AGO, 11, 30)
                agenda.add(answered_at, partial(self._answer, batch, None))

    def _cases(self, way: Way) -> list[Case]:
        return [case for case in self.cases if case.way == way]

    def _stays(self, way: Way) -> list[Enrollment]:
        return [self.world.stays[case.number] for case in self._cases(way)]

    def _keys(self, cases: Iterable[Case]) -> list[int]:
        return [self.world.stays[case.number].pk for case in cases]

    def _make(
        self, kept: "_Kept", kind: MovementKind, members: Sequence[Case], now: datetime
    ) -> None:
        plantel, only = self.school.plantel, set(self._keys(members))
        today = now.astimezone(plantel.zone).date()
        found = check_batch(plantel, kind, effective_on=today, today=today, only=only)
        kept.batch = make_batch(
            plantel,
            kind,
            effective_on=today,
            seen=found.seen,
            only=only,
            are_changes_confirmed=True,
            by=self.by,
            now=now,
        )

    def _discard(self, kept: "_Kept", now: datetime) -> None:
        discard_batch(kept.batch, by=self.by, now=now)

    def _send(self, kept: "_Kept", now: datetime) -> None:
        imss_folio = f"{now:%y%m%d}{kept.batch.pk:05d}"
        send_batch(kept.batch, by=self.by, now=now, imss_folio=imss_folio)

    def _answer(self, kept: "_Kept", lot: Lot | None, now: datetime) -> None:
        answer_movements(kept.batch, self._answers(kept.batch, lot), by=self.by, now=now)

    def _answers(self, batch: Batch, lot: Lot | None) -> Iterable[Answer]:
        for reference, stay in batch.movements.values_list("reference", "enrollment"):
            reason = REJECTED.get((self.case_of[stay].way, lot)) if lot else None
            if reason:
                yield Answer(reference, "Rechazado", reason)
            else:
                yield Answer(reference, "Aplicado")

    def _correct(self, kept: "_Kept", way: Way, now: datetime) -> None:
        rejected = Movement.objects.filter(batch=kept.batch, state=MovementState.REJECTED)
        for movement in rejected.filter(enrollment__in=self._stays(way)).order_by("pk"):
            correct_movement(movement, by=self.by, now=now)

    def _withdraw(self, members: Sequence[Case], kind: BajaKind, now: datetime) -> None:
        today = now.astimezone(self.school.plantel.zone).date()
        withdraw_students(self._keys(members), kind=kind, on_date=today, by=self.by, now=now)

    def _transfer(self, case: Case, now: datetime) -> None:
        """To the next plantel, under the former number behind an 8: longer than any matrícula there."""
        schools = self.world.system.schools
        place = (case.plantel + 1) % len(schools)
        moved = transfer_student(
            self.world.stays[case.number],
            plantel=schools[place].plantel,
            group=case.group,
            matricula=f"{case.matricula[:2]}{place + 1:02d}8{case.matricula[4:]}",
            on_date=now.astimezone(self.school.plantel.zone).date(),
            by=self.by,
            now=now,
        )
        moved.public_id = random_id(self.world.chance(case, "moved"))
        moved.save(update_fields=["public_id"])

    def _receive(self, stay: Enrollment, now: datetime) -> None:
        receive_renuncia(Renuncia.objects.get(enrollment=stay), by=self.by, now=now)

    def _register(self, stay: Enrollment, now: datetime) -> None:
        accept_renuncia(Renuncia.objects.get(enrollment=stay), by=self.by, now=now)


class _Kept:
    """A batch, once it is made."""

    batch: Batch


def _decline(stay: Enrollment, now: datetime) -> None:
    ask_renuncia(stay, MOTIVE, by=stay.student.user, now=now)
