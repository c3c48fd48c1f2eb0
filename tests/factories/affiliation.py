"""Synthetic batches for IMSS and their movements."""

import factory

from affiliation.models import AltaOrder, Batch, Movement
from affiliation.states import BatchState, MovementKind, MovementState
from tests.factories.school import UserFactory
from tests.factories.students import NOW, EnrollmentFactory


class BatchFactory(factory.django.DjangoModelFactory):
    """A batch of altas that was made and not sent."""

    class Meta:
        model = Batch

    plantel = factory.SubFactory("tests.factories.school.PlantelFactory")
    kind = MovementKind.ALTA
    folio = factory.LazyAttributeSequence(lambda o, n: f"L-{o.plantel.number}-2026-{n:03d}")
    effective_on = NOW.date()
    made_at = NOW
    made_by = factory.SubFactory(UserFactory)

    class Params:
        sent = factory.Trait(
            state=BatchState.SENT, sent_at=NOW, sent_by=factory.SelfAttribute("made_by")
        )
        answered = factory.Trait(
            state=BatchState.ANSWERED,
            sent_at=NOW,
            sent_by=factory.SelfAttribute("made_by"),
            answered_at=NOW,
            answered_by=factory.SelfAttribute("made_by"),
        )


class MovementFactory(factory.django.DjangoModelFactory):
    """A student's alta in a batch that was made and not sent."""

    class Meta:
        model = Movement
        skip_postgeneration_save = True

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    batch = factory.SubFactory(
        BatchFactory,
        plantel=factory.SelfAttribute("..enrollment.plantel"),
        kind=factory.SelfAttribute("..kind"),
    )
    kind = MovementKind.ALTA
    position = factory.LazyAttribute(lambda o: o.batch.movements.count() + 1)
    reference = factory.LazyAttribute(lambda o: f"{o.batch.folio}-{o.position:04d}")
    effective_on = NOW.date()

    class Params:
        sent = factory.Trait(batch__sent=True)
        applied = factory.Trait(
            batch__answered=True,
            state=MovementState.APPLIED,
            is_in_force=factory.LazyAttribute(lambda o: o.kind == MovementKind.ALTA),
            answered_at=NOW,
            answered_by=factory.SelfAttribute("batch.made_by"),
        )
        rejected = factory.Trait(
            batch__answered=True,
            state=MovementState.REJECTED,
            rejection="El nombre no coincide",
            answered_at=NOW,
            answered_by=factory.SelfAttribute("batch.made_by"),
        )

    @factory.post_generation
    def at_imss(self, create, extracted, **kwargs):
        """Note on the stay that its data went to IMSS, as the actions do."""
        if self.state in {MovementState.IN_BATCH, MovementState.APPLIED}:
            self.enrollment.sent_to_imss_at = NOW
            self.enrollment.save(update_fields=["sent_to_imss_at"])


class AltaOrderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AltaOrder

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    reason = "Su vigencia salió NO"
    ordered_at = NOW
    ordered_by = factory.SubFactory(UserFactory)
