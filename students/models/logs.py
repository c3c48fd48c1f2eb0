"""What happened to a student, and who looked."""

from django.db import models

from school.models import User
from students.models.files import StoredFile
from students.models.person import Enrollment
from students.states import Event, Look


class TimelineEntry(models.Model):
    """One line of the student's history; `data` holds what changed, before and after."""

    enrollment = models.ForeignKey(
        Enrollment,
        on_delete=models.PROTECT,
        related_name="timeline",
        db_index=False,  # students_timeline_of_stay begins with it
    )
    event = models.CharField("qué pasó", max_length=20, choices=Event.choices)
    at = models.DateTimeField("cuándo")
    by = models.ForeignKey(
        User,
        verbose_name="quién",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # nobody lists what one person did; accounts are closed, not deleted
    )
    data = models.JSONField("detalle", default=dict, blank=True)

    class Meta:
        verbose_name = "línea del historial"
        verbose_name_plural = "historial"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["enrollment", "-at"], name="students_timeline_of_stay")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_event_display()}"


class AccessSeal(models.Model):
    """A batch of looks, sealed: change, remove or add one and its digest no longer fits (students/seals.py).

    `rows` are pairs of a look's id and its digest. Each batch carries the digest of the one before it.
    """

    number = models.PositiveBigIntegerField("número", unique=True)
    sealed_at = models.DateTimeField("sellado")
    rows = models.JSONField("consultas")
    previous = models.CharField("sello anterior", max_length=64)
    digest = models.CharField("sello", max_length=64)

    class Meta:
        verbose_name = "sello de la bitácora"
        verbose_name_plural = "sellos de la bitácora"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.sealed_at:%Y-%m-%d %H:%M}"


class AccessEntry(models.Model):
    """One look at a full NSS or a document, written in the transaction of the look; append-only.

    Of a scanned sheet that nobody has filed yet only the file is known, not whose it is. The sweep that seals a look
    sets `seal`, and nothing else changes it ever.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="looks", null=True, blank=True
    )
    by = models.ForeignKey(User, verbose_name="quién", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("cuándo")
    look = models.CharField("qué vio", max_length=12, choices=Look.choices)
    file = models.ForeignKey(
        StoredFile, verbose_name="archivo", on_delete=models.PROTECT, null=True, blank=True
    )
    reason = models.CharField("motivo", max_length=200, blank=True)
    seal = models.ForeignKey(
        AccessSeal,
        verbose_name="sello",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="looks",
    )

    class Meta:
        verbose_name = "consulta registrada"
        verbose_name_plural = "consultas registradas"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enrollment__isnull=False) | models.Q(file__isnull=False),
                name="students_accessentry_at_something",
            ),
        ]
        indexes = [
            models.Index(fields=["enrollment", "-at"], name="students_access_of_stay"),
            models.Index(
                fields=["id"],
                condition=models.Q(seal__isnull=True),
                name="students_access_to_seal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_look_display()}"
