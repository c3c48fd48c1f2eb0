"""Counters of attempts, in the database so that a flushed cache resets nothing."""

from django.db import models


class RateCounter(models.Model):
    """How often something was tried under one key within one window of time."""

    key = models.CharField(max_length=120)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "contador de intentos"
        verbose_name_plural = "contadores de intentos"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "window_start"], name="school_ratecounter_once_per_window"
            ),
        ]
        indexes = [models.Index(fields=["window_start"], name="school_ratecounter_window")]

    def __str__(self) -> str:
        return f"{self.window_start:%Y-%m-%d %H:%M} {self.count}"
