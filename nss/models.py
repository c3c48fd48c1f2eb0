"""Whose NSS is proven by an acuse."""

from django.db import models
from django.db.models import Q

from common.constraints import both_or_none
from common.tokens import public_id
from nss.states import (
    AcuseState,
    NSSAnswer,
    ProofRoute,
    ReadingOutcome,
    RequestState,
    ReturnReason,
)
from school.models import Plantel, User
from students.models import Enrollment, StoredFile

MAX_PHOTOS = 3
"""How many photos of one sheet an acuse may hold."""


class NSSRequest(models.Model):
    """The student's way to a proven NSS in one stay; no row means that nothing was sent yet.

    `undo_to` is the state that undoing the last decision leads back to; empty is OPEN.
    """

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.PROTECT, related_name="nss_request"
    )
    state = models.CharField(
        "estado", max_length=16, choices=RequestState.choices, default=RequestState.OPEN
    )
    undo_to = models.CharField(
        "a dónde regresa al deshacer", max_length=16, choices=RequestState.choices, blank=True
    )
    route = models.CharField("cómo se probó", max_length=13, choices=ProofRoute.choices, blank=True)
    proven_at = models.DateTimeField("probado", null=True, blank=True)
    proven_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField("por qué pese al dígito", max_length=200, blank=True)
    created_at = models.DateTimeField("creado")

    class Meta:
        verbose_name = "trámite de NSS"
        verbose_name_plural = "trámites de NSS"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.PROVEN, proven_at__isnull=False)
                | (~Q(state=RequestState.PROVEN) & Q(proven_at__isnull=True)),
                name="nss_nssrequest_proven_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Acuse(models.Model):
    """One version of the sheet with the NSS; a new upload is a new row, none is deleted.

    `file` is the PDF or the first photo; further photos of the same sheet are `more_photos`. `plantel` is the stay's,
    which never changes: every page of the staff counts what waits there.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    request = models.ForeignKey(NSSRequest, on_delete=models.PROTECT, related_name="acuses")
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="acuses", db_index=False
    )
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="acuse")
    version = models.PositiveSmallIntegerField("versión")
    state = models.CharField(
        "estado", max_length=8, choices=AcuseState.choices, default=AcuseState.DRAFT
    )
    upload_key = models.CharField(
        "clave de envío", max_length=64, unique=True, null=True, blank=True
    )
    created_at = models.DateTimeField("subido")
    created_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    folio = models.CharField("folio", max_length=20, unique=True, null=True, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    review_due_on = models.DateField("revisar a más tardar", null=True, blank=True)
    nss_answer = models.CharField(
        "respuesta sobre el NSS leído", max_length=9, choices=NSSAnswer.choices, blank=True
    )
    typed_nss = models.CharField("NSS escrito", max_length=11, null=True, blank=True)
    is_claimed_own = models.BooleanField("dijo «es mío»", default=False)
    reviewed_at = models.DateTimeField("revisado", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        verbose_name="revisado por",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    nss = models.CharField("NSS aceptado", max_length=11, null=True, blank=True)
    return_reason = models.CharField(
        "motivo", max_length=15, choices=ReturnReason.choices, blank=True
    )
    return_note = models.CharField("explicación", max_length=500, blank=True)
    seen_at = models.DateTimeField("alguien lo ve desde", null=True, blank=True)
    seen_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "acuse"
        verbose_name_plural = "acuses"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["request", "version"], name="nss_acuse_version_once"),
            models.UniqueConstraint(
                fields=["request", "state"],
                condition=Q(state__in=[AcuseState.DRAFT, AcuseState.RECEIVED, AcuseState.ACCEPTED]),
                name="nss_acuse_one_of_each_live_state",
            ),
            models.CheckConstraint(
                condition=both_or_none("reviewed_at", "reviewed_by"),
                name="nss_acuse_reviewed_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=AcuseState.RETURNED) | ~Q(return_reason=""),
                name="nss_acuse_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=AcuseState.ACCEPTED, nss__isnull=False)
                | ~Q(state=AcuseState.ACCEPTED),
                name="nss_acuse_accepted_has_nss",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plantel", "review_due_on", "sent_at"],
                condition=Q(state=AcuseState.RECEIVED),
                name="nss_acuse_review_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio or 'acuse'} {self.get_state_display()}"


class AcusePhoto(models.Model):
    """One more photo of the sheet; the acuse's file is photo 1, `number` counts on from 2."""

    acuse = models.ForeignKey(Acuse, on_delete=models.PROTECT, related_name="more_photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="acuse_photo")
    number = models.PositiveSmallIntegerField("número")
    upload_key = models.CharField("clave de envío", max_length=64, unique=True)

    class Meta:
        verbose_name = "otra foto del acuse"
        verbose_name_plural = "otras fotos del acuse"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["acuse", "number"], name="nss_acusephoto_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=2, number__lte=MAX_PHOTOS), name="nss_acusephoto_number"
            ),
        ]

    def __str__(self) -> str:
        return f"foto {self.number}"


class Reading(models.Model):
    """What the machine read from one acuse, by one version of the reader; a help, never a verdict.

    `fields` maps nss, curp, names, issued_date to {value, source, page, box}; a field it is not sure of is null.
    `photos` is how many it had before it; the page of a value is then the number of the photo.
    """

    acuse = models.ForeignKey(Acuse, on_delete=models.PROTECT, related_name="readings")
    engine = models.CharField("lector", max_length=20)
    outcome = models.CharField("resultado", max_length=10, choices=ReadingOutcome.choices)
    code = models.CharField("código", max_length=30, blank=True)
    fields = models.JSONField("campos", default=dict)
    checks = models.JSONField("comparación", default=dict)
    photos = models.PositiveSmallIntegerField("fotos", default=1)
    duration_ms = models.PositiveIntegerField("milisegundos", default=0)
    created_at = models.DateTimeField("leído")

    class Meta:
        verbose_name = "lectura"
        verbose_name_plural = "lecturas"
        constraints = [
            models.UniqueConstraint(
                fields=["acuse", "engine", "photos"], name="nss_reading_once_per_engine"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.get_outcome_display()}"
