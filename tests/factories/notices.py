"""Synthetic notices."""

import factory

from notices.models import Notice
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW


class NoticeFactory(factory.django.DjangoModelFactory):
    """A notice that waits: the acuse was accepted."""

    class Meta:
        model = Notice

    key = factory.Sequence(lambda n: f"acuse:{n}:accepted")
    message = "M-09"
    about = "enrollment:1"
    plantel = factory.SubFactory(PlantelFactory)
    to_email = "ana@correo.example"
    to_name = "Ana Gómez Martínez"
    created_at = NOW
    not_before = NOW
