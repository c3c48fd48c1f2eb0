"""Prórrogas: more time than the rule gives, for a reason that somebody wrote down."""

from django.db import models

from school.models import User
from students.models.person import Enrollment


class Extension(models.Model):
    """One prórroga; append-only, and only the newest of a stay counts (nss.queries.deadlines)."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="extensions")
    due_on = models.DateField("hasta cuándo")
    reason = models.CharField("motivo", max_length=200)
    given_at = models.DateTimeField("dada")
    given_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "prórroga"
        verbose_name_plural = "prórrogas"
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"prórroga hasta el {self.due_on:%Y-%m-%d}"
