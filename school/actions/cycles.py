"""Writes to the ciclos escolares: a new one, and what becomes of one that is there."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from school.models import SchoolCycle, User


class CycleRefused(Exception):
    """The ciclo cannot be saved so; `field` is where the sentence belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class CycleTerms:
    """Everything that is said of a ciclo."""

    name: str
    starts_on: date
    ends_on: date
    acuse_days: int
    acuse_day_count: str
    review_days: int
    needs_guardian_signature: bool
    clinics_open_on: date | None = None


@transaction.atomic
def create_cycle(terms: CycleTerms, *, by: User, now: datetime) -> SchoolCycle:
    """Open a ciclo. Raises CycleRefused for a taken name, or days that another ciclo has."""
    return _save(SchoolCycle(), terms, by=by, now=now)


@transaction.atomic
def edit_cycle(cycle: SchoolCycle, terms: CycleTerms, *, by: User, now: datetime) -> SchoolCycle:
    """Change a ciclo; deadlines are kept by who calls (followup.actions.calendar). Raises CycleRefused."""
    return _save(SchoolCycle.objects.get(pk=cycle.pk), terms, by=by, now=now)


def _save(cycle: SchoolCycle, terms: CycleTerms, *, by: User, now: datetime) -> SchoolCycle:
    """All ciclos are held, so that of two who open one for the same days the second is refused."""
    others = SchoolCycle.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    for other in list(others):
        is_other = other.pk != cycle.pk
        if is_other and other.starts_on <= terms.ends_on and terms.starts_on <= other.ends_on:
            raise CycleRefused(
                "starts_on",
                f"Elegir fechas que no se encimen con el ciclo {other.name}: un día es de un solo ciclo",
            )
    who_and_when = {"_history_user": by, "_history_date": now}  # read by simple_history
    for name, value in {**asdict(terms), **who_and_when}.items():
        setattr(cycle, name, value)
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError:
        raise CycleRefused("name", "Elegir otro nombre: ya hay un ciclo que se llama así") from None
    return cycle
