"""Which altas and bajas went to IMSS, and what it answered."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from affiliation.states import BatchFileKind, BatchState, MovementKind, MovementState
from common.constraints import both_or_none
from common.tokens import public_id
from school.models import Plantel, User
from students.models import Baja, Enrollment


class Profile(models.Model):
    """How the movement file of one registro patronal is written; `settings` are those of affiliation.movement_file.

    Nothing of it is proven for students: the Subdelegación says which values hold, and they are data, not code.
    """

    registro_patronal = models.CharField("registro patronal", max_length=11, unique=True)
    settings = models.JSONField("ajustes")
    updated_at = models.DateTimeField("última modificación")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "perfil de envío"
        verbose_name_plural = "perfiles de envío"
        ordering = ["registro_patronal"]

    def __str__(self) -> str:
        return f"perfil de envío {self.pk}"


class Batch(models.Model):
    """Movements of one kind that go to IMSS together, frozen from the moment it is made.

    `settings` are the profile's of that day, `changes` the letters that its movement file writes otherwise, as
    they were confirmed: [reference, before, after]. `folio` is ours («L-05-2026-003»), `imss_folio` what IMSS
    answered to the delivery. `effective_on` is the date that an alta carries; a baja carries its own.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="batches", db_index=False
    )
    kind = models.CharField("tipo", max_length=2, choices=MovementKind.choices)
    folio = models.CharField("folio", max_length=24, unique=True)
    state = models.CharField(
        "estado", max_length=9, choices=BatchState.choices, default=BatchState.DRAFT
    )
    registro_patronal = models.CharField("registro patronal", max_length=11, blank=True)
    settings = models.JSONField("ajustes del perfil", default=dict)
    changes = models.JSONField("letras que cambiaron", default=list)
    effective_on = models.DateField("fecha del movimiento")
    made_at = models.DateTimeField("hecho")
    made_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    sent_by = models.ForeignKey(
        User,
        verbose_name="lo envió",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    imss_folio = models.CharField("folio del IMSS", max_length=40, blank=True)
    answered_at = models.DateTimeField("respondido", null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        verbose_name="capturó la última respuesta",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    discarded_at = models.DateTimeField("descartado", null=True, blank=True)
    discarded_by = models.ForeignKey(
        User,
        verbose_name="lo descartó",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "lote al IMSS"
        verbose_name_plural = "lotes al IMSS"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("sent_at", "sent_by"),
                name="affiliation_batch_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=both_or_none("answered_at", "answered_by"),
                name="affiliation_batch_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=both_or_none("discarded_at", "discarded_by"),
                name="affiliation_batch_discarded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False)
                | ~Q(state__in=[BatchState.SENT, BatchState.ANSWERED]),
                name="affiliation_batch_sent_has_date",
            ),
        ]
        indexes = [models.Index(fields=["plantel", "state"], name="affiliation_batch_to_do")]

    def __str__(self) -> str:
        return self.folio


class BatchFile(models.Model):
    """The frozen bytes of one file of a batch, compressed by zlib; `sha256` and `size` are of the file itself."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files", db_index=False)
    kind = models.CharField("archivo", max_length=9, choices=BatchFileKind.choices)
    name = models.CharField("nombre", max_length=60)
    content = models.BinaryField("contenido")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("bytes")

    class Meta:
        verbose_name = "archivo de un lote"
        verbose_name_plural = "archivos de los lotes"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "kind"], name="affiliation_batchfile_kind_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Movement(models.Model):
    """One student in one batch, and what IMSS said.

    `reference` is how an answer names it, whatever else the file brings back. `is_in_force` is on the alta by which
    the student is insured now; an applied baja takes it away. A rejected movement waits until somebody corrected
    what IMSS named (`corrected_at`), then the student is in the next batch.
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField("tipo", max_length=2, choices=MovementKind.choices)
    position = models.PositiveIntegerField("renglón")
    reference = models.CharField("referencia", max_length=32, unique=True)
    baja = models.ForeignKey(
        Baja, on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    effective_on = models.DateField("fecha del movimiento")
    state = models.CharField(
        "estado", max_length=8, choices=MovementState.choices, default=MovementState.IN_BATCH
    )
    is_in_force = models.BooleanField("con este alta está asegurado", default=False)
    rejection = models.CharField("motivo del rechazo", max_length=300, blank=True)
    answered_at = models.DateTimeField("respondido", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField("corregido", null=True, blank=True)
    corrected_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "movimiento"
        verbose_name_plural = "movimientos"
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"], name="affiliation_movement_position_once"
            ),
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(state=MovementState.IN_BATCH),
                name="affiliation_movement_one_open_batch",
            ),
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(is_in_force=True),
                name="affiliation_movement_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(is_in_force=False)
                | Q(kind=MovementKind.ALTA, state=MovementState.APPLIED),
                name="affiliation_movement_in_force_is_applied_alta",
            ),
            models.CheckConstraint(
                condition=both_or_none("answered_at", "answered_by"),
                name="affiliation_movement_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=both_or_none("corrected_at", "corrected_by"),
                name="affiliation_movement_corrected_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AnswerList(models.Model):
    """What a list that came back says about a batch, until it is registered or says nothing else; a person's newest.

    `answers` are [reference, result, reason] in the order of the list.
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="answer_lists", db_index=False
    )
    answers = models.JSONField("respuestas leídas")
    read_at = models.DateTimeField("leída")
    read_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "lista con respuestas"
        verbose_name_plural = "listas con respuestas"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "read_by"], name="affiliation_answerlist_one_each"
            ),
        ]

    def __str__(self) -> str:
        return f"respuestas leídas {self.read_at:%Y-%m-%d}"


class AltaOrder(models.Model):
    """The alta of a student who should be insured has to be sent again; waiting while no movement carries it.

    `is_needed` is False once the student is insured all the same while a batch carries it: if IMSS rejects that alta
    then, it waits no more.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="alta_orders")
    reason = models.CharField("motivo", max_length=200)
    ordered_at = models.DateTimeField("pedida")
    ordered_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    movement = models.OneToOneField(
        Movement, on_delete=models.PROTECT, null=True, blank=True, related_name="alta_order"
    )
    is_needed = models.BooleanField("hace falta", default=True)

    class Meta:
        verbose_name = "alta por repetir"
        verbose_name_plural = "altas por repetir"
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(movement__isnull=True),
                name="affiliation_altaorder_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return "alta por repetir"
