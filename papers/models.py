"""What is printed, and the folios that papers carry."""

from django.db import models
from django.db.models import Q

from common.tokens import public_id
from papers.states import PaperKind, PrintState
from school.models import Plantel, User


class PrintJob(models.Model):
    """One PDF to be drawn by the worker; sheets with access codes are gone after the download or an hour."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="print_jobs")
    kind = models.CharField("papel", max_length=12, choices=PaperKind.choices)
    title = models.CharField("título", max_length=120)
    parameters = models.JSONField("qué se imprime", default=dict)
    state = models.CharField(
        "estado", max_length=9, choices=PrintState.choices, default=PrintState.QUEUED
    )
    created_by = models.ForeignKey(User, verbose_name="por", on_delete=models.PROTECT)
    created_at = models.DateTimeField("pedido")
    sheets_total = models.PositiveIntegerField("hojas", default=0)
    sheets_done = models.PositiveIntegerField("hojas listas", default=0)
    path = models.CharField("ruta", max_length=35, blank=True)
    ready_at = models.DateTimeField("listo", null=True, blank=True)
    expires_at = models.DateTimeField("se borra", null=True, blank=True)
    downloaded_at = models.DateTimeField("descargado", null=True, blank=True)
    error = models.CharField("error", max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "impresión"
        verbose_name_plural = "impresiones"
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                condition=Q(state__in=[PrintState.QUEUED, PrintState.PRINTING]),
                name="papers_printjob_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"


class FolioCounter(models.Model):
    """The last number given in one series of one plantel and year; locked while the next is taken."""

    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "contador de folios"
        verbose_name_plural = "contadores de folios"
        constraints = [
            models.UniqueConstraint(
                fields=["plantel", "series", "year"], name="papers_foliocounter_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}{self.year} {self.last}"
