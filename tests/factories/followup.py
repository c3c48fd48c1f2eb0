"""Synthetic reports of students, and lines of the ledger of reminders."""

from datetime import date

import factory

from followup.models import Reminder, StudentReport
from followup.states import (
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

    folio = factory.Sequence(lambda n: f"PRE26-05-{n:04d}")
    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    kind = ReportKind.QUESTION
    text = "No encuentro el botón"
    upload_key = factory.Sequence(lambda n: f"clave-{n}")
    created_at = NOW


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
