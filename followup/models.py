"""What students reported."""

from django.db import models
from django.db.models import Q

from common.tokens import public_id
from followup.states import ATTEMPT_KINDS, CASE_KINDS, ReportKind
from school.models import User
from students.models import Enrollment, StoredFile


class StudentReport(models.Model):
    """A trouble, a question or an attempt; append-only, closed by `handled_at` and `handled_by`."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    folio = models.CharField("folio", max_length=20, unique=True)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField("qué pasó", max_length=13, choices=ReportKind.choices)
    subject = models.CharField("qué dato", max_length=60, blank=True)
    text = models.TextField("explicación", max_length=1000, blank=True)
    happened_on = models.DateField("qué día", null=True, blank=True)
    evidence = models.ForeignKey(
        StoredFile, verbose_name="foto o captura", on_delete=models.PROTECT, null=True, blank=True
    )
    upload_key = models.CharField(
        "clave de envío", max_length=64, unique=True, null=True, blank=True
    )
    created_at = models.DateTimeField("reportado")
    handled_at = models.DateTimeField("atendido", null=True, blank=True)
    handled_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField("respuesta", max_length=1000, blank=True)

    class Meta:
        verbose_name = "reporte"
        verbose_name_plural = "reportes"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="followup_studentreport_handled_at_and_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                condition=Q(handled_at__isnull=True),
                name="followup_studentreport_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio} {self.get_kind_display()}"

    @property
    def is_case(self) -> bool:
        """Whether the ball is with the plantel until it is closed."""
        return self.kind in CASE_KINDS

    @property
    def is_attempt(self) -> bool:
        """Whether it only proves an attempt, so that nobody has to answer it."""
        return self.kind in ATTEMPT_KINDS
