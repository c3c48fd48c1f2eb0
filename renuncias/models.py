"""Who declined, on signed paper; and the piles in which the signed sheets come back."""

from django.db import models
from django.db.models import Q

from common.constraints import both_or_none
from common.tokens import public_id
from papers.models import Paper, PrintJob
from renuncias.states import (
    OPEN_RENUNCIA,
    Institution,
    Kinship,
    Motive,
    PageOutcome,
    PileState,
    RenunciaState,
)
from school.models import Plantel, User
from students.models import Enrollment, StoredFile


class Renuncia(models.Model):
    """A student's way out of the cover, from the printed sheet to the signed one.

    `printed` holds every word that the sheet says of the student, as it was on the day of issue: a reprint is the
    same sheet whatever changed since. `printed_sha256` is the digest of it and of the format's version.
    `needs_guardian` was decided on that day too: who is a minor signs with mamá, papá or tutor. A `motive` of ""
    is filled in with a pen. `plantel` is the stay's, which never changes.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="renuncias")
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="renuncias", db_index=False
    )
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="renuncia")
    state = models.CharField(
        "estado", max_length=8, choices=RenunciaState.choices, default=RenunciaState.ISSUED
    )
    motive = models.CharField("motivo", max_length=17, choices=Motive.choices, blank=True)
    motive_note = models.CharField("explicación", max_length=200, blank=True)
    institution = models.CharField(
        "institución", max_length=10, choices=Institution.choices, blank=True
    )
    institution_name = models.CharField("nombre de la institución", max_length=80, blank=True)
    holder = models.CharField("titular", max_length=120, blank=True)
    kinship = models.CharField("parentesco", max_length=8, choices=Kinship.choices, blank=True)
    policy_number = models.CharField("número de afiliación o póliza", max_length=30, blank=True)
    covered_until = models.DateField("vigente hasta", null=True, blank=True)
    needs_guardian = models.BooleanField("lleva la firma de mamá, papá o tutor")
    printed = models.JSONField("lo impreso")
    printed_sha256 = models.CharField("SHA-256 de lo impreso", max_length=64)
    issued_at = models.DateTimeField("expedida")
    issued_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField("recibida firmada", null=True, blank=True)
    signed_by = models.ForeignKey(
        User,
        verbose_name="la recibió",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    scan = models.OneToOneField(
        StoredFile,
        verbose_name="hoja firmada",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renuncia",
    )
    accepted_at = models.DateTimeField("registrada", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        verbose_name="la registró",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField("cancelada o anulada", null=True, blank=True)
    ended_by = models.ForeignKey(
        User,
        verbose_name="la canceló",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    end_reason = models.CharField("por qué se canceló", max_length=200, blank=True)

    class Meta:
        verbose_name = "renuncia"
        verbose_name_plural = "renuncias"
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(state__in=OPEN_RENUNCIA),
                name="renuncias_renuncia_one_open",
            ),
            models.CheckConstraint(
                condition=both_or_none("signed_at", "signed_by"),
                name="renuncias_renuncia_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=both_or_none("accepted_at", "accepted_by"),
                name="renuncias_renuncia_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, state__in=OPEN_RENUNCIA)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(state__in=OPEN_RENUNCIA)),
                name="renuncias_renuncia_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["plantel", "state"], name="renuncias_renuncia_to_do"),
        ]

    def __str__(self) -> str:
        return f"renuncia {self.get_state_display()}"


class SignedPile(models.Model):
    """Signed sheets that were scanned together, and what the portal made of them.

    `lot` is the lot they came from, chosen or that of most of its pages: its missing folios can be named. `sha256`
    is over the digests of its files in order, so that the same pile is known again. `sheets_total` is 0 until the
    pages of all its files were counted.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="signed_piles")
    lot = models.ForeignKey(
        PrintJob,
        verbose_name="lote",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signed_piles",
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    sheets_total = models.PositiveSmallIntegerField("hojas", default=0)
    state = models.CharField(
        "estado", max_length=8, choices=PileState.choices, default=PileState.UPLOADED
    )
    failure = models.CharField("motivo", max_length=30, blank=True)
    created_at = models.DateTimeField("subida")
    created_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField("leída", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "pila de renuncias firmadas"
        verbose_name_plural = "pilas de renuncias firmadas"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plantel", "sha256"],
                condition=~Q(state=PileState.FAILED),
                name="renuncias_signedpile_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state=PileState.UPLOADED),
                name="renuncias_signedpile_to_read",
            ),
        ]

    def __str__(self) -> str:
        return f"pila {self.get_state_display()}"


class PileFile(models.Model):
    """One file of a pile, in the order in which its sheets lie; it stays as it came."""

    pile = models.ForeignKey(
        SignedPile, on_delete=models.CASCADE, related_name="files", db_index=False
    )
    number = models.PositiveSmallIntegerField("lugar")
    file = models.OneToOneField(
        StoredFile, verbose_name="archivo", on_delete=models.PROTECT, related_name="pile_file"
    )

    class Meta:
        verbose_name = "archivo de una pila"
        verbose_name_plural = "archivos de una pila"
        ordering = ["pile", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pile", "number"], name="renuncias_pilefile_once"),
        ]

    def __str__(self) -> str:
        return f"archivo {self.number}"


class PilePage(models.Model):
    """One page of a pile, upright, and what became of it.

    `read_as` is what the machine made of it and never changes: what a person discarded goes back to it. `renuncia`
    is the one that its QR names, or that a person chose. Only a page that does not open has no picture.
    """

    pile = models.ForeignKey(
        SignedPile, on_delete=models.CASCADE, related_name="pages", db_index=False
    )
    number = models.PositiveSmallIntegerField("página")
    read_as = models.CharField("leída como", max_length=13, choices=PageOutcome.choices)
    outcome = models.CharField("resultado", max_length=13, choices=PageOutcome.choices)
    file = models.OneToOneField(
        StoredFile,
        verbose_name="hoja",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pile_page",
    )
    renuncia = models.ForeignKey(
        Renuncia, on_delete=models.PROTECT, null=True, blank=True, related_name="pile_pages"
    )
    decided_at = models.DateTimeField("decidida a mano", null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        verbose_name="la decidió",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "hoja de una pila"
        verbose_name_plural = "hojas de una pila"
        ordering = ["pile", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pile", "number"], name="renuncias_pilepage_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, read_as=PageOutcome.UNREADABLE)
                | (Q(file__isnull=False) & ~Q(read_as=PageOutcome.UNREADABLE)),
                name="renuncias_pilepage_has_its_picture",
            ),
            models.CheckConstraint(
                condition=both_or_none("decided_at", "decided_by"),
                name="renuncias_pilepage_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"página {self.number}: {self.get_outcome_display()}"
