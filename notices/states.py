"""The states of a notice on its way to a mailbox."""

from django.db.models import TextChoices


class NoticeState(TextChoices):
    QUEUED = "QUEUED", "en espera"
    SENDING = "SENDING", "enviándose"
    SENT = "SENT", "enviado"
    RETRY = "RETRY", "se reintentará"
    PAUSED = "PAUSED", "en pausa"
    FAILED = "FAILED", "no se pudo enviar"
    CANCELLED = "CANCELLED", "cancelado"


NOTICE_MOVES = {
    NoticeState.QUEUED: {
        NoticeState.SENDING,
        NoticeState.PAUSED,
        NoticeState.FAILED,
        NoticeState.CANCELLED,
    },
    NoticeState.RETRY: {NoticeState.SENDING, NoticeState.PAUSED, NoticeState.CANCELLED},
    NoticeState.PAUSED: {NoticeState.QUEUED, NoticeState.CANCELLED},
    NoticeState.SENDING: {
        NoticeState.SENT,
        NoticeState.RETRY,
        NoticeState.FAILED,
        NoticeState.CANCELLED,
    },
    NoticeState.SENT: set(),
    NoticeState.FAILED: set(),
    NoticeState.CANCELLED: set(),
}
"""PAUSED: its student left, and is told when she is back, if it is still true then."""
