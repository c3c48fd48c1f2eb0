"""A plantel's roster on its way in."""

from django.db import models

from common.constraints import both_or_none
from common.tokens import public_id
from school.models import Plantel, SchoolCycle, User
from students.models.files import StoredFile
from students.states import ImportState


class RosterImport(models.Model):
    """One file of the wizard, from upload to result; nothing is written to students before CONFIRMED."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    folio = models.CharField("folio", max_length=20, unique=True, null=True, blank=True)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="roster_imports")
    cycle = models.ForeignKey(SchoolCycle, verbose_name="ciclo", on_delete=models.PROTECT)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    state = models.CharField(
        "estado", max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    columns = models.JSONField("columnas leídas", default=list, blank=True)
    matching = models.JSONField("columnas emparejadas", default=dict, blank=True)
    report = models.JSONField("revisión", default=dict, blank=True)
    failure = models.CharField("por qué no se pudo", max_length=30, blank=True)
    created_at = models.DateTimeField("subido")
    created_by = models.ForeignKey(User, verbose_name="por", on_delete=models.PROTECT)
    imported_at = models.DateTimeField("importado", null=True, blank=True)
    undone_at = models.DateTimeField("deshecho", null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        verbose_name="deshecho por",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "importación de padrón"
        verbose_name_plural = "importaciones de padrón"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("undone_at", "undone_by"),
                name="students_rosterimport_undone_at_and_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until", "created_at"],
                condition=models.Q(
                    state__in=[ImportState.UPLOADED, ImportState.MATCHED, ImportState.CONFIRMED]
                ),
                name="students_rosterimport_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio or 'padrón'} {self.get_state_display()}"
