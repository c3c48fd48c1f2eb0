"""Whether the relay answers, as the sweep that speaks to it found out.

Each is one statement, which is its own transaction.
"""

from datetime import datetime

from notices.models import RelaySilence


def note_silence(*, now: datetime) -> None:
    """Write down that the relay did not answer; since when stays as it was."""
    RelaySilence.objects.bulk_create(
        [RelaySilence(pk=RelaySilence.ONLY, since=now, last_at=now)],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["last_at"],
    )


def note_answer() -> None:
    """Write down that the relay answers, whether or not it was silent before."""
    RelaySilence.objects.filter(pk=RelaySilence.ONLY).delete()
