"""followup.demo.papers: what the portal's own verbs leave when a plantel prints, and scans what came back."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from followup.demo.papers import SIGNED_LOT, add_papers
from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from renuncias.models import SignedPile
from renuncias.queries.piles import missing_in, pages_to_decide
from renuncias.states import PageOutcome, PileState
from school.states import Role
from tests.factories.renuncias import issued
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db


def a_school(number: str):
    """Return a plantel in which two ask for a renuncia, some have not, and one is late whom only paper reaches."""
    plantel = PlantelFactory(number=number)
    staff(Role.RESPONSABLE, plantel)
    long_ago = timezone.localdate() - timedelta(days=30)
    EnrollmentFactory(
        plantel=plantel,
        roster_email="",
        enrolled_on=long_ago,
        acuse_due_on=long_ago + timedelta(days=5),
    )
    for _ in range(2):
        issued(EnrollmentFactory(plantel=plantel))
    EnrollmentFactory.create_batch(SIGNED_LOT, plantel=plantel)
    return plantel


def test_add_papers_leaves_lots_and_a_pile_with_something_to_decide():
    today = timezone.localdate()
    SchoolCycleFactory(starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=90))
    planteles = [a_school("01"), a_school("02"), a_school("03")]

    add_papers(planteles, today=today)

    lots = PrintJob.objects.order_by("plantel__number", "kind")
    assert [(lot.plantel.number, lot.kind, lot.printed_at is not None) for lot in lots] == [
        ("01", PaperKind.CITATORIO, False),
        ("01", PaperKind.RENUNCIA, True),
        ("02", PaperKind.CITATORIO, False),
        ("02", PaperKind.RENUNCIA, False),
    ]
    assert [lot.state for lot in lots] == [PrintState.READY] * 4
    assert all(default_storage.exists(lot.path) for lot in lots)
    pile = SignedPile.objects.get()
    (unread,) = pages_to_decide(pile)
    assert (pile.state, pile.lot, pile.pages.count()) == (PileState.FILED, lots[1], SIGNED_LOT - 1)
    assert (unread.number, unread.outcome) == (2, PageOutcome.NO_QR)
    assert [place.position for place in missing_in(pile)] == [1, SIGNED_LOT - 1]
