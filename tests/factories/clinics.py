"""Synthetic clinics, registrations and vigencia checks."""

import factory

from clinics.models import UMF, UMFRegistration, VigenciaCheck
from clinics.states import RegistrationState, Turno, VigenciaResult
from tests.factories.affiliation import MovementFactory
from tests.factories.school import UserFactory
from tests.factories.students import NOW, EnrollmentFactory


class UMFFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UMF
        django_get_or_create = ("plantel", "number")

    plantel = factory.SubFactory("tests.factories.school.PlantelFactory")
    number = 37


class UMFRegistrationFactory(factory.django.DjangoModelFactory):
    """The clinic step of an affiliated student, open since NOW."""

    class Meta:
        model = UMFRegistration
        skip_postgeneration_save = True

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    plantel = factory.SelfAttribute("enrollment.plantel")
    opens_on = NOW.date()
    opened_at = NOW
    opened_by = factory.SubFactory(UserFactory)

    class Params:
        registered = factory.Trait(
            state=RegistrationState.REGISTERED,
            umf=factory.SubFactory(UMFFactory, plantel=factory.SelfAttribute("..plantel")),
            turno=Turno.MORNING,
            registered_at=NOW,
            registered_by=factory.SelfAttribute("enrollment.student.user"),
        )

    @factory.post_generation
    def alta(self, create, extracted, **kwargs):
        """Let the student be insured: nobody else has a clinic step."""
        if not self.enrollment.movements.filter(is_in_force=True).exists():
            MovementFactory(enrollment=self.enrollment, applied=True)


class VigenciaCheckFactory(factory.django.DjangoModelFactory):
    """What a student with a clinic read at IMSS; it counts."""

    class Meta:
        model = VigenciaCheck

    enrollment = factory.LazyFunction(lambda: UMFRegistrationFactory(registered=True).enrollment)
    plantel = factory.SelfAttribute("enrollment.plantel")
    result = VigenciaResult.BY_SCHOOL
    reported_at = NOW
    reported_by = factory.SelfAttribute("enrollment.student.user")
