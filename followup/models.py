"""What students reported, what the portal reminded them of, and that it is alive."""

from django.db import models
from django.db.models import Q

from common.constraints import both_or_none
from common.tokens import public_id
from followup.states import (
    ANSWERED_CASES,
    ATTEMPT_KINDS,
    CASE_KINDS,
    OPEN_CASES,
    ClimbStep,
    DailyJob,
    EscalationCause,
    EscalationState,
    ItemOutcome,
    ReminderChannel,
    ReminderKind,
    ReminderOutcome,
    ReminderStep,
    ReportKind,
    StepOutcome,
    WorkQueue,
)
from papers.models import Paper
from papers.states import PaperState
from school.models import Plantel, Subdelegacion, User
from students.models import Enrollment, StoredFile


class StudentReport(models.Model):
    """A trouble, a question or an attempt; append-only, closed by `handled_at` and `handled_by`."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    folio = models.CharField("folio", max_length=20, unique=True)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField("qué pasó", max_length=13, choices=ReportKind.choices)
    subject = models.CharField("qué dato", max_length=60, blank=True)
    text = models.TextField("explicación", max_length=1000, blank=True)
    happened_on = models.DateField("qué día", null=True, blank=True)
    evidence = models.ForeignKey(
        StoredFile, verbose_name="foto o captura", on_delete=models.PROTECT, null=True, blank=True
    )
    upload_key = models.CharField(
        "clave de envío", max_length=64, unique=True, null=True, blank=True
    )
    created_at = models.DateTimeField("reportado")
    handled_at = models.DateTimeField("atendido", null=True, blank=True)
    handled_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField("respuesta", max_length=1000, blank=True)

    class Meta:
        verbose_name = "reporte"
        verbose_name_plural = "reportes"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("handled_at", "handled_by"),
                name="followup_studentreport_handled_at_and_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                condition=Q(handled_at__isnull=True),
                name="followup_studentreport_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folio} {self.get_kind_display()}"

    @property
    def is_case(self) -> bool:
        """Whether the ball is with the plantel until it is closed."""
        return self.kind in CASE_KINDS

    @property
    def is_attempt(self) -> bool:
        """Whether it only proves an attempt, so that nobody has to answer it."""
        return self.kind in ATTEMPT_KINDS


class Escalation(models.Model):
    """The plantel's work on one case: the errand at the Subdelegación that the report asks for.

    `plantel` is the stay's, which never changes. Each move begins a new `round`: how long nothing moved is
    counted from `moved_at`. `missing` is the document that the Subdelegación asked for.
    """

    report = models.OneToOneField(
        StudentReport, on_delete=models.PROTECT, related_name="escalation"
    )
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    cause = models.CharField("causa", max_length=13, choices=EscalationCause.choices)
    state = models.CharField(
        "estado", max_length=9, choices=EscalationState.choices, default=EscalationState.REPORTED
    )
    missing = models.CharField("documento que falta", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField("vuelta", default=1)
    moved_at = models.DateTimeField("último movimiento")

    class Meta:
        verbose_name = "caso de Subdelegación"
        verbose_name_plural = "casos de Subdelegación"
        ordering = ["moved_at", "pk"]
        indexes = [
            models.Index(
                fields=["plantel", "moved_at"],
                condition=Q(state__in=OPEN_CASES),
                name="followup_escalation_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.folio} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN_CASES


class Oficio(models.Model):
    """A letter to a Subdelegación that asks for the NSS of several students.

    `paper` is its newest version: changing it issues another, with the same folio and «-V2». A revoked paper
    is a cancelled oficio.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="oficios")
    subdelegacion = models.ForeignKey(
        Subdelegacion, verbose_name="subdelegación", on_delete=models.PROTECT, related_name="+"
    )
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="oficio")
    version = models.PositiveSmallIntegerField("versión", default=1)
    created_at = models.DateTimeField("hecho")
    created_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, related_name="+"
    )
    delivered_at = models.DateTimeField("entregado", null=True, blank=True)
    delivered_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "oficio"
        verbose_name_plural = "oficios"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_none("delivered_at", "delivered_by"),
                name="followup_oficio_delivered_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.paper.folio

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off before it was delivered."""
        return self.paper.state == PaperState.REVOKED


class OficioItem(models.Model):
    """A case in an oficio, and what the Subdelegación answered; `row` is what the letter says of the student.

    `withdrawn_at` is when it was taken out, by a new version or with the whole oficio.
    """

    oficio = models.ForeignKey(Oficio, on_delete=models.PROTECT, related_name="items")
    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="items")
    row = models.JSONField("renglón")
    outcome = models.CharField("respuesta", max_length=7, choices=ItemOutcome.choices, blank=True)
    note = models.CharField("qué falta o por qué no", max_length=1000, blank=True)
    answered_at = models.DateTimeField("contestado", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name="por", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("quitado", null=True, blank=True)

    class Meta:
        verbose_name = "renglón de un oficio"
        verbose_name_plural = "renglones de oficios"
        ordering = ["oficio", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="followup_oficioitem_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="followup_oficioitem_answered_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation} {self.get_outcome_display()}"

    @property
    def has_answer_to_undo(self) -> bool:
        """Whether its answer stands in a delivered oficio and the case is still where the answer left it."""
        if not self.outcome or self.withdrawn_at or not self.oficio.delivered_at:
            return False
        return self.escalation.state == ANSWERED_CASES[ItemOutcome(self.outcome)]


class EscalationStep(models.Model):
    """A line of the ledger of cases: one step of one round, told or passed over; never changed."""

    escalation = models.ForeignKey(
        Escalation, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    round = models.PositiveSmallIntegerField("vuelta")
    step = models.CharField("paso", max_length=11, choices=ClimbStep.choices)
    outcome = models.CharField("qué pasó", max_length=7, choices=StepOutcome.choices)
    created_at = models.DateTimeField("escrito")

    class Meta:
        verbose_name = "paso de un caso sin avance"
        verbose_name_plural = "pasos de casos sin avance"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "round", "step"], name="followup_escalationstep_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_outcome_display()}"


class Reminder(models.Model):
    """A line of the ledger: one rung of one round of a stay, told or passed over; never changed.

    `round_on` names the round: the deadline that the ladder climbs to, the day on which a draft came in, the
    day of a notice by hand. `day` is the local day in the plantel on which the line was written, and on one day
    a student is told one thing. The mail of a line is the notice whose key is `notice_key`.
    """

    # It goes with a stay whose import is undone: whom it told has a mail or a line of history, which prevent that.
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    kind = models.CharField("de qué", max_length=8, choices=ReminderKind.choices)
    step = models.CharField("paso", max_length=8, choices=ReminderStep.choices)
    round_on = models.DateField("vuelta")
    outcome = models.CharField("qué pasó", max_length=8, choices=ReminderOutcome.choices)
    channel = models.CharField(
        "por dónde", max_length=8, choices=ReminderChannel.choices, blank=True
    )
    message = models.CharField("mensaje", max_length=30, blank=True)
    day = models.DateField("día")
    created_at = models.DateTimeField("escrito")
    created_by = models.ForeignKey(
        User,
        verbose_name="por",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = "recordatorio"
        verbose_name_plural = "recordatorios"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "kind", "step", "round_on"],
                name="followup_reminder_rung_once",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "day"],
                condition=Q(outcome=ReminderOutcome.TOLD) & ~Q(kind=ReminderKind.GUARDIAN),
                name="followup_reminder_one_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=ReminderOutcome.TOLD) & ~Q(channel=""))
                | (~Q(outcome=ReminderOutcome.TOLD) & Q(channel="")),
                name="followup_reminder_told_has_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_step_display()}: {self.get_outcome_display()}"

    @property
    def notice_key(self) -> str:
        """The key under which its mail stands in the outbox."""
        return f"reminder:{self.pk}"


class DailyRun(models.Model):
    """That a daily job ran in a plantel on a local day; the constraint lets it run once."""

    job = models.CharField("trabajo", max_length=10, choices=DailyJob.choices)
    plantel = models.ForeignKey(Plantel, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("día")
    created_at = models.DateTimeField("corrió")

    class Meta:
        verbose_name = "corrida del día"
        verbose_name_plural = "corridas del día"
        constraints = [
            models.UniqueConstraint(
                fields=["job", "plantel", "day"], name="followup_dailyrun_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_job_display()} {self.day:%d/%m/%Y}"


class Heartbeat(models.Model):
    """That the clock reached a worker of the queue, which reached the database, at this moment; one row a queue."""

    queue = models.CharField("cola", max_length=5, choices=WorkQueue.choices)
    at = models.DateTimeField("última señal")

    class Meta:
        verbose_name = "señal de vida"
        verbose_name_plural = "señales de vida"
        constraints = [
            models.UniqueConstraint(fields=["queue"], name="followup_heartbeat_once_a_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_queue_display()} {self.at:%d/%m/%Y %H:%M}"
