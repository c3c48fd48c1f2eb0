"""School cycles and the plantel's own non-working days."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from school.models.plantel import Plantel
from school.states import DayCount


class SchoolCycle(models.Model):
    """A ciclo escolar with the rule by which deadlines are counted in it."""

    name = models.CharField("nombre", max_length=10, unique=True)
    starts_on = models.DateField("inicia el")
    ends_on = models.DateField("termina el")
    clinics_open_on = models.DateField("la clínica (UMF) se abre el", null=True, blank=True)
    acuse_days = models.PositiveSmallIntegerField("días para entregar el acuse", default=3)
    acuse_day_count = models.CharField(
        "cómo se cuentan", max_length=10, choices=DayCount.choices, default=DayCount.BUSINESS
    )
    needs_guardian_signature = models.BooleanField(
        "la renuncia de un menor lleva la firma de su mamá, papá o tutor", default=True
    )
    review_days = models.PositiveSmallIntegerField("días hábiles de revisión prometidos", default=2)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ciclo escolar"
        verbose_name_plural = "ciclos escolares"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="school_schoolcycle_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NonWorkingDay(models.Model):
    """A day on which this plantel does not work, on top of the national holidays."""

    plantel = models.ForeignKey(
        Plantel, verbose_name="plantel", on_delete=models.CASCADE, related_name="non_working_days"
    )
    date = models.DateField("fecha")
    reason = models.CharField("motivo", max_length=120)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "día inhábil"
        verbose_name_plural = "días inhábiles"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["plantel", "date"], name="school_nonworkingday_once_per_plantel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.reason}"
