"""The end of a stay: who left, when and how."""

from django.db import models
from django.db.models import Q

from common.constraints import both_or_none
from school.models import User
from students.models.person import Enrollment
from students.states import BajaKind, EnrollmentState


class Baja(models.Model):
    """One end of a stay; a stay that was taken up again keeps the row with `ended_at`.

    `left_from` is the state to which undoing it leads back, `moved_to` the stay that a traslado opened in another
    plantel.
    """

    enrollment = models.ForeignKey(
        Enrollment, verbose_name="inscripción", on_delete=models.PROTECT, related_name="bajas"
    )
    kind = models.CharField("tipo", max_length=10, choices=BajaKind.choices)
    left_from = models.CharField(
        "situación anterior", max_length=10, choices=EnrollmentState.choices
    )
    on_date = models.DateField("desde el")
    note = models.CharField("nota", max_length=200, blank=True)
    at = models.DateTimeField("registrada")
    by = models.ForeignKey(User, verbose_name="por", on_delete=models.PROTECT, related_name="+")
    moved_to = models.OneToOneField(
        Enrollment, on_delete=models.PROTECT, null=True, blank=True, related_name="moved_from"
    )
    ended_at = models.DateTimeField("deshecha o terminada", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "baja"
        verbose_name_plural = "bajas"
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(ended_at__isnull=True),
                name="students_baja_one_holds",
            ),
            models.CheckConstraint(
                condition=both_or_none("ended_at", "ended_by"),
                name="students_baja_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on_date:%Y-%m-%d}"
