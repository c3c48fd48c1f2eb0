"""The verbs of a batch: made with its files, made again, sent, discarded, its files taken."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from affiliation.actions.errors import BatchRefused
from affiliation.actions.files import write_files
from affiliation.actions.work import open_data
from affiliation.models import AltaOrder, Batch, BatchFile, Movement
from affiliation.queries.batches import gone_from
from affiliation.queries.check import BatchCheck, check_batch
from affiliation.queries.frozen import Outdated, is_profile_outdated, outdated_in
from affiliation.queries.sending import stays_to_send
from affiliation.states import BATCH_MOVES, BatchState, MovementKind, MovementState
from common.bulk import Among
from common.transitions import check
from papers.actions import take_numbers
from school.models import Plantel, User
from students.actions.looks import record_looks
from students.actions.reminders import hold_stays
from students.actions.roster_copy import Same, tables
from students.models import Enrollment, TimelineEntry
from students.states import Event, Look

SERIES = "LOTE"
NAMED = 3
"""How many a sentence names; the page of the batch lists them."""
NOBODY = "No hay nadie listo para este lote. Revisar la lista otra vez"
OTHER_LIST = (
    "La lista cambió mientras se revisaba, o alguien acaba de hacer el lote. Abajo está como quedó: revisarla y "
    "hacer el lote otra vez"
)
NOT_CONFIRMED = "Confirmar primero las letras que cambian en el archivo de movimientos"
NEW_CHANGES = (
    "En el lote nuevo cambian letras que nadie confirmó. Descartar este lote y hacerlo otra vez desde la revisión "
    "previa"
)
NOBODY_LEFT = "Ya no queda nadie que pueda ir en este lote. Descartarlo"
REMAKE = "Volver a hacer el lote antes de enviarlo; si ya se mandó así, escribir el folio que dio el IMSS"
OUTDATED = f"Cambió después de hacer el lote: {{}}. {REMAKE}"
PROFILE_OUTDATED = f"El registro patronal del plantel o su perfil de envío cambió después de hacer el lote. {REMAKE}"
GONE = f"En el lote va alguien que ya no debe ir. {REMAKE}"
ANSWERED = "Ya hay respuestas del IMSS: deshacerlas antes de deshacer el envío"
LATER_THAN_TODAY = "La fecha del movimiento no puede ser posterior a hoy"


@transaction.atomic
def make_batch(
    plantel: Plantel,
    kind: MovementKind,
    *,
    effective_on: date,
    seen: str,
    by: User,
    now: datetime,
    are_changes_confirmed: bool = False,
    only: Collection[int] | None = None,
) -> Batch:
    """Freeze all who are ready into a batch with its files and a folio; `only` leaves out all but these.

    `seen` is the BatchCheck.seen of the list that the person looked at. Raises BatchRefused when the list is another
    by now, so of two persons at once one makes the batch; when nobody is ready; and when letters change in the
    movement file that nobody confirmed.
    """
    number = take_numbers(SERIES, plantel, period=_year(plantel, now), count=1)
    found = _held_check(plantel, kind, effective_on, now=now, only=only)
    if found.seen != seen:
        raise BatchRefused(OTHER_LIST)
    if found.changes and not are_changes_confirmed:
        raise BatchRefused(NOT_CONFIRMED)
    if not found.ready:
        raise BatchRefused(NOBODY)
    return _make(found, number, by=by, now=now)


@transaction.atomic
def remake_batch(batch: Batch, *, by: User, now: datetime) -> Batch:
    """Discard a batch that was not sent and make it again of those of its students who are still ready.

    Raises TransitionNotAllowed once it is sent or discarded, BatchRefused when nobody is left and when other letters
    change than were confirmed.
    """
    batch = discard_batch(batch, by=by, now=now)
    confirmed = {(before, after) for _, before, after in batch.changes}
    number = take_numbers(SERIES, batch.plantel, period=_year(batch.plantel, now), count=1)
    stays = set(batch.movements.values_list("enrollment", flat=True))
    found = _held_check(batch.plantel, batch.kind, batch.effective_on, now=now, only=stays)
    if not found.ready:
        raise BatchRefused(NOBODY_LEFT)
    if not {(change.before, change.after) for _, change in found.changes} <= confirmed:
        raise BatchRefused(NEW_CHANGES)
    return _make(found, number, by=by, now=now)


@transaction.atomic
def discard_batch(batch: Batch, *, by: User, now: datetime) -> Batch:
    """Call off a batch that was not sent: its students wait for the next one.

    Raises TransitionNotAllowed once it is sent or discarded.
    """
    batch, stays = _lock(batch, BatchState.DISCARDED)
    batch.movements.update(state=MovementState.DROPPED)
    carried = AltaOrder.objects.filter(movement__batch=batch)
    carried.filter(is_needed=False).delete()
    carried.update(movement=None)
    if batch.kind == MovementKind.ALTA:
        open_data(stays)
    batch.discarded_at, batch.discarded_by = now, by
    batch.save(update_fields=["state", "discarded_at", "discarded_by"])
    _record(batch, stays, Event.BATCH_DISCARDED, by=by, now=now)
    return batch


@transaction.atomic
def send_batch(batch: Batch, *, by: User, now: datetime, imss_folio: str = "") -> Batch:
    """Note that IMSS has the batch: from now on its answers are awaited.

    Its folio is IMSS's proof that it has these files, whatever changed since. Without one raises BatchRefused while
    somebody goes in it who should no more, or whose data are not any more what its files say, or once the profile is
    another. Raises TransitionNotAllowed the second time and once it is discarded.
    """
    batch, stays = _lock(batch, BatchState.SENT)
    imss_folio = imss_folio.strip()
    if not imss_folio:
        _check_still_right(batch)
    batch.sent_at, batch.sent_by, batch.imss_folio = now, by, imss_folio
    batch.save(update_fields=["state", "sent_at", "sent_by", "imss_folio"])
    _record(batch, stays, Event.BATCH_SENT, by=by, now=now)
    return batch


@transaction.atomic
def undo_sending(batch: Batch, *, by: User, now: datetime) -> Batch:
    """Take back that the batch was sent. Raises TransitionNotAllowed, BatchRefused once there are answers."""
    batch, stays = _lock(batch, BatchState.DRAFT)
    if batch.movements.exclude(state=MovementState.IN_BATCH).exists():
        raise BatchRefused(ANSWERED)
    batch.sent_at, batch.sent_by, batch.imss_folio = None, None, ""
    batch.save(update_fields=["state", "sent_at", "sent_by", "imss_folio"])
    _record(batch, stays, Event.SENDING_UNDONE, by=by, now=now)
    return batch


@transaction.atomic
def take_file(file: BatchFile, *, by: User, now: datetime) -> BatchFile:
    """Write down who took whose NSS and CURP along, and return the file."""
    stays = Enrollment.objects.filter(movements__batch=file.batch).order_by("pk")
    record_looks(stays, Look.BATCH_FILE, by=by, now=now)
    return file


def _check_still_right(batch: Batch) -> None:
    if gone_from(batch).exists():
        raise BatchRefused(GONE)
    if is_profile_outdated(batch):
        raise BatchRefused(PROFILE_OUTDATED)
    if outdated := outdated_in(batch):
        raise BatchRefused(OUTDATED.format(_names(outdated)))


def _names(outdated: Sequence[Outdated]) -> str:
    told = [one.told for one in outdated[:NAMED]]
    if more := len(outdated) - len(told):
        return f"{', '.join(told)} y {more:,} más"
    return ", ".join(told)


def _year(plantel: Plantel, now: datetime) -> str:
    return str(now.astimezone(plantel.zone).year)


def _held_check(
    plantel: Plantel,
    kind: str,
    effective_on: date,
    *,
    now: datetime,
    only: Collection[int] | None = None,
) -> BatchCheck:
    """The revisión previa once nobody changes these students any more."""
    today = now.astimezone(plantel.zone).date()
    if effective_on > today:
        raise BatchRefused(LATER_THAN_TODAY)
    hold_stays(stays_to_send(plantel, kind).values_list("pk", flat=True))
    return check_batch(plantel, kind, effective_on=effective_on, today=today, only=only)


def _make(found: BatchCheck, number: int, *, by: User, now: datetime) -> Batch:
    plantel, profile = found.plantel, found.profile
    batch = Batch(
        plantel=plantel,
        kind=found.kind,
        folio=f"L-{plantel.number}-{_year(plantel, now)}-{number:03d}",
        registro_patronal=plantel.registro_patronal,
        settings=profile.settings if profile else {},
        effective_on=found.effective_on,
        made_at=now,
        made_by=by,
    )
    references = {
        one.student.pk: f"{batch.folio}-{at:04d}" for at, one in enumerate(found.ready, 1)
    }
    batch.changes = [
        [references[one.student.pk], change.before, change.after] for one, change in found.changes
    ]
    batch.save(force_insert=True)
    _add_movements(batch, found, list(references.values()))
    write_files(batch, found.ready, list(references.values()), profile)
    if batch.kind == MovementKind.ALTA:
        _carry_orders(batch)
        Enrollment.objects.filter(Among("pk", references)).update(sent_to_imss_at=now)
    _record(batch, list(references), Event.BATCH_MADE, by=by, now=now)
    return batch


def _add_movements(batch: Batch, found: BatchCheck, references: list[str]) -> None:
    tables().insert_rows(
        Movement,
        {
            "batch_id": Same(batch.pk),
            "kind": Same(batch.kind),
            "enrollment_id": [one.student.pk for one in found.ready],
            "position": list(range(1, len(found.ready) + 1)),
            "reference": references,
            "baja_id": [one.student.baja for one in found.ready],
            "effective_on": [one.movement.date for one in found.ready],
        },
        count=len(found.ready),
    )


def _carry_orders(batch: Batch) -> None:
    """The altas that somebody asked to repeat are no longer waiting: this batch carries them."""
    carrying = batch.movements.filter(enrollment=OuterRef("enrollment")).order_by()
    waiting = AltaOrder.objects.filter(Exists(carrying), movement__isnull=True)
    waiting.update(movement=Subquery(carrying.values("pk")))


def _lock(batch: Batch, wanted: BatchState) -> tuple[Batch, list[int]]:
    """The batch as it is now, moved on but not saved, and its stays, held."""
    locked = (
        Batch.objects.select_for_update(of=("self",)).select_related("plantel").get(pk=batch.pk)
    )
    check(BATCH_MOVES, locked.state, wanted)
    stays = list(locked.movements.values_list("enrollment", flat=True))
    hold_stays(stays)
    locked.state = wanted
    return locked, stays


def _record(batch: Batch, stays: Collection[int], event: Event, *, by: User, now: datetime) -> None:
    tables().insert_rows(
        TimelineEntry,
        {
            "enrollment_id": list(stays),
            "event": Same(event.value),
            "at": Same(now),
            "by_id": Same(by.pk),
            "data": Same({"folio": batch.folio, "kind": batch.get_kind_display()}),
        },
        count=len(stays),
    )
