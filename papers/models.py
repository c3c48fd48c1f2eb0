"""What is printed, in which lot, and the papers whose folio anybody can verify."""

from django.db import models
from django.db.models import Q

from common.constraints import both_or_none
from common.tokens import public_id
from papers.states import PaperKind, PaperState, PrintState
from school.models import Plantel, SchoolCycle, TextVersion, User


class PrintJob(models.Model):
    """One PDF to be drawn by the worker: whole, or a lot of papers in parts that several workers share.

    Sheets with access codes are gone after the download or an hour. A lot has a `folio` of its own, which each of
    its sheets names.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="print_jobs")
    kind = models.CharField("papel", max_length=12, choices=PaperKind.choices)
    folio = models.CharField("lote", max_length=20, unique=True, null=True, blank=True)
    title = models.CharField("título", max_length=120)
    parameters = models.JSONField("qué se imprime", default=dict)
    state = models.CharField(
        "estado", max_length=9, choices=PrintState.choices, default=PrintState.QUEUED
    )
    created_by = models.ForeignKey(User, verbose_name="por", on_delete=models.PROTECT)
    created_at = models.DateTimeField("pedido")
    sheets_total = models.PositiveIntegerField("hojas", default=0)
    sheets_done = models.PositiveIntegerField("hojas listas", default=0)
    path = models.CharField("ruta", max_length=35, blank=True)
    ready_at = models.DateTimeField("listo", null=True, blank=True)
    expires_at = models.DateTimeField("se borra", null=True, blank=True)
    downloaded_at = models.DateTimeField("descargado", null=True, blank=True)
    printed_at = models.DateTimeField("impreso en papel", null=True, blank=True)
    printed_by = models.ForeignKey(
        User,
        verbose_name="dijo que lo imprimió",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    error = models.CharField("error", max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "impresión"
        verbose_name_plural = "impresiones"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("printed_at", "printed_by"),
                name="papers_printjob_printed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                condition=Q(state__in=[PrintState.QUEUED, PrintState.PRINTING]),
                name="papers_printjob_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def is_lot(self) -> bool:
        """Whether it is a lot of papers, shared by all who print in the plantel, rather than its owner's alone."""
        return self.folio is not None

    @property
    def file_name(self) -> str:
        """What the PDF is called where it is saved: a lot by its folio, so that one is told from another."""
        return self.folio or self.title


class PrintPart(models.Model):
    """A share of a lot that one worker draws: the places from `start` up to before `stop`.

    Drawn parts are kept until the lot is joined, so that a worker that dies costs one part. Two have no places: the
    first, numbered 0, is the cover, the last joins the others.
    """

    job = models.ForeignKey(
        PrintJob, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveSmallIntegerField("parte")
    start = models.PositiveIntegerField("desde")
    stop = models.PositiveIntegerField("hasta")
    path = models.CharField("ruta", max_length=35, blank=True)
    drawn_at = models.DateTimeField("dibujada", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "parte de una impresión"
        verbose_name_plural = "partes de una impresión"
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="papers_printpart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.number}"


class Paper(models.Model):
    """One sheet with a folio: what it is, of which plantel, and whether it still counts.

    The token is in its QR, the code is typed by hand beside the folio. `about` names what the paper is for, such as
    «enrollment:123»; nothing here says who that is. `reprints` counts how often it was printed again, under the same
    folio. `text` is the version of the format that it was drawn from.
    """

    kind = models.CharField("papel", max_length=12, choices=PaperKind.choices)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="papers")
    cycle = models.ForeignKey(SchoolCycle, on_delete=models.PROTECT, related_name="papers")
    folio = models.CharField("folio", max_length=24, unique=True)
    token = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    code = models.CharField("código", max_length=8, editable=False)
    about = models.CharField("de qué trata", max_length=40, db_index=True)
    text = models.ForeignKey(
        TextVersion, verbose_name="formato", on_delete=models.PROTECT, null=True, blank=True
    )
    state = models.CharField(
        "estado", max_length=8, choices=PaperState.choices, default=PaperState.VALID
    )
    reprints = models.PositiveSmallIntegerField("reimpresiones", default=0)
    issued_at = models.DateTimeField("expedido")
    issued_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("dejó de valer", null=True, blank=True)

    class Meta:
        verbose_name = "papel con folio"
        verbose_name_plural = "papeles con folio"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PaperState.VALID, ended_at__isnull=True)
                | (~Q(state=PaperState.VALID) & Q(ended_at__isnull=False)),
                name="papers_paper_ended_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio} {self.get_state_display()}"


class LotPaper(models.Model):
    """A paper's place in a lot; `reprint` is 0 for the first print of the paper, else «Reimpresión n»."""

    job = models.ForeignKey(PrintJob, on_delete=models.PROTECT, related_name="lot", db_index=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField("lugar")
    reprint = models.PositiveSmallIntegerField("reimpresión", default=0)

    class Meta:
        verbose_name = "papel de un lote"
        verbose_name_plural = "papeles de un lote"
        ordering = ["job", "position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="papers_lotpaper_place"),
            models.UniqueConstraint(fields=["job", "paper"], name="papers_lotpaper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class LotDownload(models.Model):
    """Who took the PDF of a lot, and when; append-only."""

    job = models.ForeignKey(PrintJob, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(User, verbose_name="quién", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("cuándo")

    class Meta:
        verbose_name = "descarga de un lote"
        verbose_name_plural = "descargas de lotes"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class FolioCounter(models.Model):
    """The last number given in one series of one plantel and period; locked while the next is taken.

    The period of a receipt is its year («26»), that of a paper its ciclo («26B»).
    """

    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=6)
    period = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "contador de folios"
        verbose_name_plural = "contadores de folios"
        constraints = [
            models.UniqueConstraint(
                fields=["plantel", "series", "period"], name="papers_foliocounter_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}{self.period} {self.last}"
