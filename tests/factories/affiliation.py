"""Synthetic batches for IMSS and their movements."""

from datetime import datetime
from typing import Any

import factory

from affiliation.actions.batches import make_batch, send_batch
from affiliation.models import AltaOrder, Batch, Movement, Profile
from affiliation.queries.check import BatchCheck, check_batch
from affiliation.states import BatchState, MovementKind, MovementState
from school.models import Plantel, User
from students.models import Enrollment
from tests.factories.school import UserFactory
from tests.factories.students import NOW, EnrollmentFactory, nss


class BatchFactory(factory.django.DjangoModelFactory):
    """A batch of altas that was made and not sent."""

    class Meta:
        model = Batch

    plantel = factory.SubFactory("tests.factories.school.PlantelFactory")
    kind = MovementKind.ALTA
    folio = factory.LazyAttributeSequence(lambda o, n: f"L-{o.plantel.number}-2026-{500 + n}")
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


class ProfileFactory(factory.django.DjangoModelFactory):
    """What a Subdelegación might have confirmed; no value of it is known to hold."""

    class Meta:
        model = Profile

    registro_patronal = "Y5412345324"
    settings = factory.LazyFunction(
        lambda: {
            "guia": "12345",
            "salario": 0,
            "tipo_trabajador": "1",
            "tipo_salario": "0",
            "jornada": "0",
            "umf_desconocida": "000",
            "causas": {
                "TEMPORARY": "6",
                "DEFINITIVE": "6",
                "FINISHED": "1",
                "TRANSFER": "6",
                "OPTED_OUT": "2",
            },
        }
    )
    updated_at = NOW


_numbers = iter(range(5_000, 10_000))


def insurable(plantel: Plantel, **stay: Any) -> Enrollment:
    """Return a student of the plantel whose NSS is proven, and who is in no batch yet."""
    if "student" not in stay:
        stay.setdefault("student__nss", nss(next(_numbers)))
    return EnrollmentFactory(plantel=plantel, confirmed=True, **stay)


def checked(
    plantel: Plantel, kind: MovementKind = MovementKind.ALTA, *, now: datetime = NOW
) -> BatchCheck:
    """Return the revisión previa of a batch dated today."""
    today = now.astimezone(plantel.zone).date()
    return check_batch(plantel, kind, effective_on=today, today=today)


def made(
    plantel: Plantel, by: User, kind: MovementKind = MovementKind.ALTA, *, now: datetime = NOW
) -> Batch:
    """Return a batch of all who are ready, made by that person."""
    found = checked(plantel, kind, now=now)
    return make_batch(
        plantel,
        kind,
        effective_on=found.effective_on,
        seen=found.seen,
        are_changes_confirmed=True,
        by=by,
        now=now,
    )


def sent(
    plantel: Plantel, by: User, kind: MovementKind = MovementKind.ALTA, *, now: datetime = NOW
) -> Batch:
    """Return such a batch, sent."""
    return send_batch(made(plantel, by, kind, now=now), by=by, now=now)
