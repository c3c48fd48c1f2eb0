"""Synthetic reports of students, and lines of the ledger of reminders."""

from datetime import date

import factory

from common.tokens import public_id
from followup.models import Escalation, Oficio, OficioItem, Reminder, StudentReport
from followup.queries.oficios import row_of
from followup.states import (
    CASE_KINDS,
    EscalationCause,
    EscalationState,
    ReminderChannel,
    ReminderKind,
    ReminderOutcome,
    ReminderStep,
    ReportKind,
)
from papers.actions import issue_papers
from papers.states import PaperKind
from school.models import SchoolCycle, Subdelegacion
from tests.factories.school import PlantelFactory, SchoolCycleFactory, UserFactory
from tests.factories.students import NOW, EnrollmentFactory


class StudentReportFactory(factory.django.DjangoModelFactory):
    """A question that waits for an answer."""

    class Meta:
        model = StudentReport
        skip_postgeneration_save = True

    folio = factory.Sequence(lambda n: f"PRE26-05-{n:04d}")
    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    kind = ReportKind.QUESTION
    text = "No encuentro el botón"
    upload_key = factory.Sequence(lambda n: f"clave-{n}")
    created_at = NOW

    @factory.post_generation
    def case(report, create, extracted, **fields):  # noqa: N805 -- factory_boy gives the report
        """A case has its escalation: `case__state=…` says where it stands."""
        if report.kind in CASE_KINDS:
            EscalationFactory(report=report, **fields)


class EscalationFactory(factory.django.DjangoModelFactory):
    """A case whose data are complete."""

    class Meta:
        model = Escalation

    plantel = factory.SelfAttribute("report.enrollment.plantel")
    cause = EscalationCause.UNSTATED
    state = EscalationState.READY
    moved_at = factory.SelfAttribute("report.created_at")


class ReminderFactory(factory.django.DjangoModelFactory):
    """Told by mail, one day before the deadline."""

    class Meta:
        model = Reminder

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    kind = ReminderKind.ACUSE
    step = ReminderStep.BEFORE
    round_on = date(2026, 8, 26)
    outcome = ReminderOutcome.TOLD
    channel = ReminderChannel.MAIL
    message = "M-03"
    day = date(2026, 8, 25)
    created_at = NOW


class OficioFactory(factory.django.DjangoModelFactory):
    """An oficio with its paper, not delivered yet; `item` puts a case in."""

    class Meta:
        model = Oficio

    plantel = factory.SubFactory(PlantelFactory)
    subdelegacion = factory.LazyFunction(
        lambda: Subdelegacion.objects.get_or_create(name="Hermosillo")[0]
    )
    created_by = factory.SubFactory(UserFactory)
    created_at = NOW

    @factory.lazy_attribute
    def paper(self):
        return issue_papers(
            PaperKind.OFICIO,
            self.plantel,
            SchoolCycle.objects.first() or SchoolCycleFactory(),
            [f"oficio:{self.public_id}"],
            text=None,
            by=self.created_by,
            now=self.created_at,
        )[0]

    public_id = factory.LazyFunction(public_id)


class OficioItemFactory(factory.django.DjangoModelFactory):
    """A row that waits for its answer."""

    class Meta:
        model = OficioItem

    oficio = factory.SubFactory(OficioFactory)
    row = factory.LazyAttribute(lambda item: row_of(item.escalation.report.enrollment))
