"""Synthetic reports of students."""

import factory

from followup.models import StudentReport
from followup.states import ReportKind
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
