"""How far the insurance of one student is, from the batch to the vigencia: what his file says of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.text import capfirst

from affiliation.models import Movement
from affiliation.states import MovementState
from clinics.models import UMFRegistration, VigenciaCheck
from clinics.queries.insured import current_check, registration_of
from clinics.states import Turno
from common.dates import weekday_date
from followup.queries.student_file import Datum
from students.models import Enrollment


def insurance_of(enrollment: Enrollment, *, today: date) -> list[Datum]:
    """Return the movements of the stay, newest first, its clinic and its vigencia; three queries.

    `today` is the day in the plantel: a clinic step may open later.
    """
    zone = enrollment.plantel.zone
    movements = enrollment.movements.select_related("batch").order_by("-pk")
    rows = [Datum(f"{_kind(one)}, lote {one.batch.folio}", _answer(one, zone)) for one in movements]
    if (registration := registration_of(enrollment)) is not None:
        rows.append(Datum("Clínica", _clinic(registration, zone, today)))
    if (check := current_check(enrollment)) is not None:
        rows.append(Datum("Vigencia", _vigencia(check, zone)))
    return rows


def _kind(movement: Movement) -> str:
    return capfirst(movement.get_kind_display())


def _answer(movement: Movement, zone: ZoneInfo) -> str:
    said = capfirst(movement.get_state_display())
    if movement.state == MovementState.REJECTED:
        said = f"{said}: {movement.rejection}"
    at = movement.answered_at or movement.batch.sent_at
    if movement.state == MovementState.DROPPED or at is None:
        return said
    return f"{said}, {_day(at, zone)}"


def _clinic(registration: UMFRegistration, zone: ZoneInfo, today: date) -> str:
    if registration.umf is None or registration.registered_at is None:
        opens = "se abre" if registration.opens_on > today else "se abrió"
        return f"Falta registrarse; {opens} el {weekday_date(registration.opens_on)}"
    parts = [str(registration.umf)]
    if registration.turno != Turno.UNKNOWN:
        parts.append(f"turno {registration.get_turno_display()}")
    if registration.consultorio:
        parts.append(f"consultorio {registration.consultorio}")
    parts.append(f"registrada el {_day(registration.registered_at, zone)}")
    return ", ".join(parts)


def _vigencia(check: VigenciaCheck, zone: ZoneInfo) -> str:
    said = check.get_result_display()
    unsure = "" if check.is_sure else ", no sabe por quién"
    return f"{said}{unsure}, {_day(check.reported_at, zone)}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    return weekday_date(at.astimezone(zone).date())
