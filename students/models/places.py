"""Postal codes and their colonias."""

from django.db import models


class PostalCode(models.Model):
    """One código postal of the SAT catalogue: one municipio, one estado, its colonias."""

    code = models.CharField("código postal", max_length=5, primary_key=True)
    estado = models.CharField("estado", max_length=60)
    municipio = models.CharField("municipio", max_length=120)
    colonias = models.JSONField("colonias")

    class Meta:
        verbose_name = "código postal"
        verbose_name_plural = "códigos postales"

    def __str__(self) -> str:
        return self.code
