"""Synthetic NSS requests and acuses."""

import factory

from nss.models import Acuse, NSSRequest, Reading
from nss.states import AcuseState, ReadingOutcome
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory


class NSSRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NSSRequest
        django_get_or_create = ("enrollment",)

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    created_at = NOW


class AcuseFactory(factory.django.DjangoModelFactory):
    """An acuse in review."""

    class Meta:
        model = Acuse

    request = factory.SubFactory(NSSRequestFactory)
    file = factory.SubFactory(
        StoredFileFactory, enrollment=factory.SelfAttribute("..request.enrollment")
    )
    version = factory.LazyAttribute(lambda o: o.request.acuses.count() + 1)
    state = AcuseState.RECEIVED
    created_at = NOW
    created_by = factory.LazyAttribute(lambda o: o.request.enrollment.student.user)
    folio = factory.Sequence(lambda n: f"A26-05-{n:06d}")
    sent_at = NOW

    class Params:
        draft = factory.Trait(state=AcuseState.DRAFT, folio=None, sent_at=None)


class ReadingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reading

    acuse = factory.SubFactory(AcuseFactory)
    engine = "1"
    outcome = ReadingOutcome.READ
    created_at = NOW
