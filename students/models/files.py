"""Files that were uploaded: the original in quarantine, only its safe derivative is ever shown."""

from django.db import models

from common.tokens import public_id
from school.models import Plantel, User
from students.models.person import Enrollment
from students.states import FileKind, FileState


class StoredFile(models.Model):
    """One upload; `path` is random and relative to MEDIA_ROOT, outside the web root."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="files", null=True, blank=True
    )
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="files")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("subido")
    kind = models.CharField("tipo", max_length=4, choices=FileKind.choices)
    state = models.CharField(
        "estado", max_length=11, choices=FileState.choices, default=FileState.QUARANTINED
    )
    original_name = models.CharField("nombre original", max_length=150, blank=True)
    path = models.CharField("ruta", max_length=35, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveIntegerField("bytes")
    pages = models.PositiveSmallIntegerField("páginas", default=0)
    refusal = models.CharField("motivo de rechazo", max_length=30, blank=True)
    derivative_pages = models.JSONField("páginas para ver", default=list, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uploaded_at:%Y-%m-%d}"
