"""The states of a notice on its way to a mailbox."""

from django.db.models import TextChoices


class NoticeState(TextChoices):
    QUEUED = "QUEUED", "en espera"
    SENDING = "SENDING", "enviándose"
    SENT = "SENT", "enviado"
    RETRY = "RETRY", "se reintentará"
    FAILED = "FAILED", "no se pudo enviar"
    CANCELLED = "CANCELLED", "cancelado"


NOTICE_MOVES = {
    NoticeState.QUEUED: {NoticeState.SENDING, NoticeState.FAILED, NoticeState.CANCELLED},
    NoticeState.RETRY: {NoticeState.SENDING, NoticeState.CANCELLED},
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
