"""What is still true of a mail about clinic or vigencia when it would leave."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from clinics.queries.still_due import held_back
from clinics.states import VigenciaResult
from notices.actions import NothingToTell, NotYet
from notices.states import NoticeState
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.notices import NoticeFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")


def notice(stay: Enrollment, message: str):
    return NoticeFactory(message=message, about=f"enrollment:{stay.pk}", plantel=stay.plantel)


def held(stay: Enrollment, message: str, *, now: datetime = NOW) -> object:
    """Tell why the mail is held, None when it leaves."""
    row = notice(stay, message)
    return held_back([row], now=now).get(row.pk)


@pytest.mark.parametrize(
    ("registered", "message", "leaves"),
    [(False, "M-13", True), (False, "M-14", False), (True, "M-13", False), (True, "M-14", True)],
)
def test_held_back_lets_through_what_is_asked_of_the_student(registered, message, leaves):
    stay = UMFRegistrationFactory(registered=registered).enrollment

    assert isinstance(held(stay, message), NothingToTell) is not leaves


@pytest.mark.parametrize(
    ("result", "leaves"),
    [
        (VigenciaResult.NOT_CONSULTED, True),
        (VigenciaResult.BY_SCHOOL, False),
        (VigenciaResult.NONE, False),
    ],
)
def test_held_back_asks_nobody_who_said_what_came_out(result, leaves):
    stay = VigenciaCheckFactory(result=result).enrollment

    assert isinstance(held(stay, "M-14"), NothingToTell) is not leaves


def test_held_back_reminds_who_could_not_ask_before_the_clinic():
    invited = UMFRegistrationFactory().enrollment
    unopened = MovementFactory(applied=True).enrollment
    for stay in (invited, unopened):
        VigenciaCheckFactory(enrollment=stay, result=VigenciaResult.NOT_CONSULTED)

    assert [held(stay, "M-14") for stay in (invited, unopened)] == [None, None]
    assert held(invited, "M-13") is None
    assert isinstance(held(unopened, "M-13"), NothingToTell)


@pytest.mark.parametrize(
    ("result", "leaves"),
    [(None, True), (VigenciaResult.NOT_CONSULTED, True), (VigenciaResult.NONE, False)],
)
def test_held_back_lets_who_said_no_look_again_once_it_is_mended(result, leaves):
    stay = UMFRegistrationFactory().enrollment
    if result:
        VigenciaCheckFactory(enrollment=stay, result=result)

    assert isinstance(held(stay, "M-16"), NothingToTell) is not leaves


@pytest.mark.parametrize(
    ("result", "leaves"), [(VigenciaResult.BY_SCHOOL, True), (VigenciaResult.NONE, False)]
)
def test_held_back_asks_for_a_clinic_that_was_taken_back(result, leaves):
    stay = UMFRegistrationFactory().enrollment
    VigenciaCheckFactory(enrollment=stay, result=result)

    assert isinstance(held(stay, "M-13"), NothingToTell) is not leaves


def test_held_back_tells_nothing_to_who_left():
    left = UMFRegistrationFactory().enrollment
    Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)

    assert isinstance(held(left, "M-13"), NothingToTell)
    assert isinstance(held(EnrollmentFactory(), "M-13"), NothingToTell)


def test_held_back_waits_while_the_answer_of_imss_was_taken_back():
    stay = UMFRegistrationFactory().enrollment
    stay.movements.update(is_in_force=False)

    why = held(stay, "M-13", now=datetime(2026, 8, 21, 12, tzinfo=ZONE))

    assert isinstance(why, NotYet)
    assert why.until == datetime(2026, 8, 22, 8, tzinfo=ZONE)


def invited_at(stay: Enrollment, moment: datetime):
    return NoticeFactory(
        message="M-13", about=f"enrollment:{stay.pk}", state=NoticeState.SENT, sent_at=moment
    )


@pytest.mark.parametrize(("day", "until"), [(19, None), (20, None), (21, 26), (24, 29)])
def test_held_back_invites_again_five_days_after_the_last_invitation(day, until):
    """To a step that is open since August 21: what was said before that of another day is another invitation."""
    stay = UMFRegistrationFactory().enrollment
    invited_at(stay, datetime(2026, 8, 1, 12, tzinfo=ZONE))
    invited_at(stay, datetime(2026, 8, day, 12, tzinfo=ZONE))

    why = held(stay, "M-13", now=datetime(2026, 8, 25, 12, tzinfo=ZONE))

    assert (why.until.day if isinstance(why, NotYet) else why) == until


def test_held_back_lets_one_of_two_invitations_through_and_the_other_five_days_later():
    stay = UMFRegistrationFactory().enrollment
    first, second = notice(stay, "M-13"), notice(stay, "M-13")

    why = held_back([first, second], now=datetime(2026, 9, 15, 12, tzinfo=ZONE))

    assert list(why) == [second.pk]
    assert why[second.pk].until == datetime(2026, 9, 20, 8, tzinfo=ZONE)


def test_held_back_invites_nobody_before_the_step_opens():
    stay = UMFRegistrationFactory(opens_on=date(2026, 8, 22)).enrollment

    why = held(stay, "M-13")

    assert isinstance(why, NotYet)
    assert why.until == datetime(2026, 8, 22, 8, tzinfo=ZONE)


@pytest.mark.parametrize(("day", "leaves"), [("2026-09-01", True), ("2026-09-08", False)])
def test_held_back_names_only_the_day_that_holds(day, leaves):
    stay = UMFRegistrationFactory(opens_on=date(2026, 9, 1)).enrollment
    row = notice(stay, "M-13b")
    row.context = {"opens_on": day}

    why = held_back([row], now=NOW).get(row.pk)

    assert isinstance(why, NothingToTell) is not leaves


def test_held_back_waits_for_the_morning():
    late = datetime(2026, 8, 21, 21, tzinfo=ZONE)

    why = held(UMFRegistrationFactory().enrollment, "M-13", now=late)

    assert isinstance(why, NotYet)
    assert why.until == datetime(2026, 8, 22, 7, tzinfo=ZONE)


@pytest.mark.parametrize("count", [1, 3])
def test_held_back_takes_two_queries(count, django_assert_num_queries):
    rows = [notice(UMFRegistrationFactory().enrollment, "M-13") for _ in range(count)]

    with django_assert_num_queries(2):
        assert held_back(rows, now=NOW) == {}
