"""Taking what a student left unconfirmed past the deadline: every way in which it can end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from nss.actions.errors import (
    DeadlineNotPassed,
    DraftNotOpened,
    DraftNotTaken,
    DraftReplaced,
    StayIsOver,
    UploadNotAsked,
)
from nss.actions.upload import take_draft
from nss.states import AcuseState, RequestState
from school.states import Role
from students.actions.clock import pause_clocks
from students.models import ClockPause, Enrollment, TimelineEntry
from students.states import EnrollmentState, Event, PauseReason
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory
from tests.lock_order import looks_before_stay

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 8, 27, 16, 0, tzinfo=UTC)
"""Thursday, nine in the morning in Hermosillo: the last day was Wednesday 26."""


@pytest.fixture
def stay():
    return EnrollmentFactory(
        confirmed=True, plantel=PlantelFactory(number="05", time_zone="America/Hermosillo")
    )


@pytest.fixture
def draft(stay):
    return AcuseFactory(request__enrollment=stay, draft=True)


@pytest.fixture
def laura(stay):
    return staff(Role.RESPONSABLE, stay.plantel)


def standing(stay):
    """What taking may change: where the acuses stand, the mails, the history, the date."""
    return (
        list(stay.nss_request.acuses.order_by("version").values_list("state", "folio")),
        Notice.objects.count(),
        TimelineEntry.objects.filter(enrollment=stay).count(),
        Enrollment.objects.get(pk=stay.pk).acuse_due_on,
    )


def test_take_draft_goes_into_review_as_if_the_student_had_sent_it(draft, stay, laura):
    taken = take_draft(draft, by=laura, now=LATE)

    taken.refresh_from_db()
    stay.refresh_from_db()
    mail, line = Notice.objects.get(), TimelineEntry.objects.get()
    assert (taken.state, taken.folio, taken.sent_at) == (
        AcuseState.RECEIVED,
        "A26-05-000001",
        LATE,
    )
    assert (mail.message, mail.to_email) == ("M-06", stay.roster_email)
    assert mail.context == {
        "folio": "A26-05-000001",
        "acuse": taken.public_id,
        "review_due_on": taken.review_due_on.isoformat(),
    }
    assert (line.event, line.by) == (Event.DRAFT_TAKEN, laura)
    assert line.data == {"folio": "A26-05-000001", "version": 1}
    assert stay.acuse_due_on is None
    assert ClockPause.objects.get(enrollment=stay).reason == PauseReason.REVIEW


def test_take_draft_looks_again_before_it_holds_the_stay(draft, laura):
    with CaptureQueriesContext(connection) as asked:
        take_draft(draft, by=laura, now=LATE)

    assert looks_before_stay(asked)


def test_take_draft_on_the_last_day_of_the_plantel(draft, stay, laura):
    last_minute = datetime(2026, 8, 27, 6, 59, tzinfo=UTC)
    before = standing(stay)

    with pytest.raises(DeadlineNotPassed) as refused:
        take_draft(draft, by=laura, now=last_minute)

    assert standing(stay) == before
    assert refused.value.sentence.startswith("Su plazo no ha vencido")
    assert take_draft(draft, by=laura, now=last_minute + timedelta(minutes=1)).folio


def test_take_draft_before_the_day_that_the_student_was_told(draft, stay, laura):
    Enrollment.objects.filter(pk=stay.pk).update(told_due_on=date(2026, 8, 27))
    before = standing(stay)

    with pytest.raises(DeadlineNotPassed):
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before


def test_take_draft_while_the_clock_stands(draft, stay, laura):
    pause_clocks([stay.pk], PauseReason.SUBDELEGACION, now=LATE)
    before = standing(stay)

    with pytest.raises(DeadlineNotPassed):
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before


@pytest.mark.parametrize(
    ("state", "error", "sentence"),
    [
        (AcuseState.RECEIVED, DraftNotTaken, "Este archivo ya está en revisión: lo confirmó"),
        (AcuseState.REPLACED, DraftReplaced, "El estudiante subió otro archivo después."),
        (AcuseState.REFUSED, DraftNotOpened, "Este archivo no se puede abrir."),
    ],
)
def test_take_draft_that_is_none_any_more(draft, stay, laura, state, error, sentence):
    draft.state = state
    draft.save()
    before = standing(stay)

    with pytest.raises(error) as refused:
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before
    assert refused.value.sentence.startswith(sentence)


def test_take_draft_twice_is_refused_and_changes_nothing(draft, stay, laura):
    take_draft(draft, by=laura, now=LATE)
    before = standing(stay)

    with pytest.raises(DraftNotTaken):
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before


def test_take_draft_when_the_nss_is_proven(draft, stay, laura):
    request = draft.request
    request.state, request.proven_at = RequestState.PROVEN, LATE
    request.save()
    before = standing(stay)

    with pytest.raises(UploadNotAsked):
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before


def test_take_draft_of_a_stay_that_is_over(draft, stay, laura):
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)
    before = standing(stay)

    with pytest.raises(StayIsOver):
        take_draft(draft, by=laura, now=LATE)

    assert standing(stay) == before
