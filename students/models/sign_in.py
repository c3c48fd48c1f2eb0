"""The secrets with which a student enters; only their keyed hashes are kept."""

from django.db import models
from django.db.models import Q

from students.models.person import Enrollment
from students.states import CodeChannel


class AccessCode(models.Model):
    """A code on a slip, in a mail, or the 6 digits and link of one sign-in.

    A live code is one that is neither voided nor past `expires_at`; there is at most one per channel.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="access_codes"
    )
    channel = models.CharField("canal", max_length=7, choices=CodeChannel.choices)
    code_hmac = models.CharField(max_length=64)
    link_hmac = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField("creado")
    expires_at = models.DateTimeField("vence", null=True, blank=True)
    voided_at = models.DateTimeField("anulado", null=True, blank=True)

    class Meta:
        verbose_name = "código de acceso"
        verbose_name_plural = "códigos de acceso"
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "channel"],
                condition=Q(voided_at__isnull=True),
                name="students_accesscode_one_live_per_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.created_at:%Y-%m-%d %H:%M}"
