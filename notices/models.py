"""The outbox: what must be told to whom, written in the transaction of the event; and whether the relay answers."""

from django.db import models
from django.db.models import Q

from common.tokens import public_id
from notices.states import NoticeState
from school.models import Plantel
from school.states import TextKind


class Notice(models.Model):
    """One mail to one person; `key` is unique, so queueing it twice is queueing it once.

    `context` holds no CURP, NSS or secret; `body` is what was sent, with secrets blanked. `text_version` is the
    version of the message's text that it said (school.TextVersion.version). `tried_since` is when it failed first,
    however long it had waited for its moment. `bounced_at` is when it failed because of the mailbox, not of the relay
    or of what it says. `corrected_email` is where it goes if it is sent again.
    """

    # `unique=True` and `db_index=True` on a text would make a second index for LIKE, which nobody asks here: the
    # outbox takes a hundred thousand rows at once, so each index of it has a reader.
    public_id = models.CharField(max_length=22, default=public_id, editable=False)
    key = models.CharField(max_length=150)
    message = models.CharField("mensaje", max_length=30)
    about = models.CharField("sobre", max_length=40, blank=True)
    plantel = models.ForeignKey(
        Plantel,
        verbose_name="plantel",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
    )
    to_email = models.EmailField("correo")
    corrected_email = models.EmailField("dirección corregida", blank=True)
    to_name = models.CharField("para", max_length=220, blank=True)
    context = models.JSONField("datos", default=dict)
    state = models.CharField(
        "estado", max_length=9, choices=NoticeState.choices, default=NoticeState.QUEUED
    )
    created_at = models.DateTimeField("creado")
    not_before = models.DateTimeField("no antes de")
    expires_at = models.DateTimeField("ya no sirve después de", null=True, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    subject = models.CharField("asunto", max_length=200, blank=True)
    body = models.TextField("texto", blank=True)
    text_version = models.PositiveIntegerField("versión del texto", null=True, blank=True)
    error = models.CharField("error", max_length=300, blank=True)
    tried_since = models.DateTimeField("sin lograrse desde", null=True, blank=True)
    bounced_at = models.DateTimeField("rebotó", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)

    class Meta:
        verbose_name = "aviso"
        verbose_name_plural = "avisos"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="notices_notice_public_id_once"),
            models.UniqueConstraint(fields=["key"], name="notices_notice_key_once"),
        ]
        indexes = [
            models.Index(fields=["about"], name="notices_notice_of_about"),
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=[NoticeState.QUEUED, NoticeState.RETRY]),
                name="notices_notice_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=NoticeState.SENDING),
                name="notices_notice_in_doubt",
            ),
            models.Index(fields=["plantel", "-created_at"], name="notices_notice_of_plantel"),
            models.Index(
                fields=["created_at"],
                condition=Q(state=NoticeState.FAILED),
                name="notices_notice_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.get_state_display()}"

    @property
    def label(self) -> str:
        """What the mail says, in two words."""
        return TextKind(self.message).label


class RelaySilence(models.Model):
    """That the relay does not answer: since when, and when it was tried last. No row means that it answers."""

    ONLY = 1

    since = models.DateTimeField("desde")
    last_at = models.DateTimeField("último intento")

    class Meta:
        verbose_name = "silencio del servidor de correo"
        verbose_name_plural = "silencio del servidor de correo"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="notices_relaysilence_one_row"),
        ]

    def __str__(self) -> str:
        return f"desde {self.since:%d/%m/%Y %H:%M}"
