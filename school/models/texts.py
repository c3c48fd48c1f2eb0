"""Texts that the institution edits, append-only."""

from django.db import models

from school.models.user import User
from school.states import TextKind


class TextVersion(models.Model):
    """One version of one text; papers and declarations point at the version they used.

    Version 0 is the text packaged in school/texts/; it becomes a row when it is first used.
    """

    kind = models.CharField("texto", max_length=20, choices=TextKind.choices)
    version = models.PositiveIntegerField("versión")
    fields = models.JSONField("contenido")
    created_at = models.DateTimeField("desde")
    created_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True
    )

    class Meta:
        verbose_name = "versión de texto"
        verbose_name_plural = "versiones de texto"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="school_textversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version + 1}"
