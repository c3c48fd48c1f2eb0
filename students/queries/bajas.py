"""Reads of who left: how it is said, what may be taken back, who may leave together."""

from datetime import timedelta

from students.models import Baja, Enrollment, TimelineEntry
from students.states import BajaKind, Event

UNDO_FOR = timedelta(days=30)
"""How long a baja may be called a mistake; a baja temporal ends whenever the student comes back."""
_WORDS = {
    BajaKind.TEMPORARY: "Causaste baja temporal",
    BajaKind.DEFINITIVE: "Causaste baja definitiva",
    BajaKind.FINISHED: "Concluiste tu bachillerato",
    BajaKind.TRANSFER: "Te cambiaste a otro plantel",
}
_OF_ITSELF = (Event.TRANSFERRED, Event.CODE_ISSUED)
"""What stands in the history of a stay that a traslado opened before anybody does anything."""


def baja_words(baja: Baja) -> str:
    """This will say to the student what happened: «Causaste baja temporal»."""
    return _WORDS[BajaKind(baja.kind)]


def holding_baja(enrollment: Enrollment) -> Baja | None:
    """This will return the baja by which the stay is over; None for an open one, and where nobody knows (0011)."""
    return Baja.objects.filter(enrollment=enrollment, ended_at__isnull=True).first()


def has_been_worked_on(moved: Enrollment) -> bool:
    """This will tell whether anything happened in a stay since a traslado opened it."""
    history = TimelineEntry.objects.filter(enrollment=moved).exclude(event__in=_OF_ITSELF)
    return history.exists()
