"""In and out of the cover: the one fact by which a renuncia stops every later step."""

import pytest

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from students.actions.cover import opt_in, opt_out
from students.actions.reminders import AT_ONCE
from students.models import NextLook, TimelineEntry
from students.queries.enrollments import needing_affiliation
from students.states import EnrollmentState, Event
from tests.factories.notices import NoticeFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay():
    return EnrollmentFactory()


def events():
    return list(TimelineEntry.objects.order_by("pk").values_list("event", flat=True))


def test_opt_out_takes_the_stay_out_of_every_later_query(stay):
    opt_out(stay, by=stay.student.user, now=NOW)

    stay.refresh_from_db()
    assert stay.state == EnrollmentState.OPTED_OUT
    assert not needing_affiliation().exists()
    assert events() == [Event.OPTED_OUT]
    assert NextLook.objects.get().at == AT_ONCE


def test_opt_out_cancels_what_waits_to_be_said_of_the_tramite(stay):
    about = f"enrollment:{stay.pk}"
    for message in ("M-03", "M-17", "M-00", "M-23"):
        NoticeFactory(key=message, about=about, message=message, state=NoticeState.QUEUED)
    NoticeFactory(key="other", about="enrollment:0", message="M-03", state=NoticeState.QUEUED)

    opt_out(stay, by=stay.student.user, now=NOW)

    left = Notice.objects.filter(state=NoticeState.QUEUED).order_by("pk")
    assert list(left.values_list("key", flat=True)) == ["M-00", "M-23", "other"]


def test_opt_in_lets_what_is_checked_before_it_leaves_wait_again(stay):
    about = f"enrollment:{stay.pk}"
    for message in ("M-03", "M-13", "M-17"):
        NoticeFactory(key=message, about=about, message=message, state=NoticeState.QUEUED)
    opt_out(stay, by=stay.student.user, now=NOW)
    away = dict(Notice.objects.values_list("key", "state"))

    opt_in(stay, by=stay.student.user, now=NOW)

    assert away == {
        "M-03": NoticeState.PAUSED,
        "M-13": NoticeState.PAUSED,
        "M-17": NoticeState.CANCELLED,
    }
    assert dict(Notice.objects.values_list("key", "state")) == {
        "M-03": NoticeState.QUEUED,
        "M-13": NoticeState.QUEUED,
        "M-17": NoticeState.CANCELLED,
    }


def test_opt_in_brings_the_stay_back(stay):
    opt_out(stay, by=stay.student.user, now=NOW)

    opt_in(stay, by=stay.student.user, now=NOW)

    assert list(needing_affiliation()) == [stay]
    assert events() == [Event.OPTED_OUT, Event.OPTED_IN]


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (EnrollmentState.OPTED_OUT, opt_out),
        (EnrollmentState.WITHDRAWN, opt_out),
        (EnrollmentState.FINISHED, opt_out),
        (EnrollmentState.ACTIVE, opt_in),
        (EnrollmentState.WITHDRAWN, opt_in),
        (EnrollmentState.FINISHED, opt_in),
    ],
)
def test_a_stay_in_another_state_is_left_alone(state, verb):
    stay = EnrollmentFactory(state=state)

    with pytest.raises(TransitionNotAllowed):
        verb(stay, by=stay.student.user, now=NOW)

    stay.refresh_from_db()
    assert stay.state == state
    assert events() == []
