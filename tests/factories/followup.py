"""Synthetic reports of students, and lines of the ledger of reminders."""

from datetime import date

import factory

from followup.models import Escalation, Reminder, StudentReport
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
