"""What is still true of a mail about clinic or vigencia when it would leave."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from clinics.queries.still_due import held_back
from clinics.states import VigenciaResult
from notices.actions import NothingToTell, NotYet
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
    """This will tell why the mail is held, None when it leaves."""
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


def test_held_back_tells_nothing_to_who_left_or_is_not_insured():
    left = UMFRegistrationFactory().enrollment
    Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)

    assert isinstance(held(left, "M-13"), NothingToTell)
    assert isinstance(held(EnrollmentFactory(), "M-13"), NothingToTell)


def test_held_back_waits_for_the_morning():
    late = datetime(2026, 8, 21, 21, tzinfo=ZONE)

    why = held(UMFRegistrationFactory().enrollment, "M-13", now=late)

    assert isinstance(why, NotYet)
    assert why.until == datetime(2026, 8, 22, 7, tzinfo=ZONE)


@pytest.mark.parametrize("count", [1, 3])
def test_held_back_takes_one_query(count, django_assert_num_queries):
    rows = [notice(UMFRegistrationFactory().enrollment, "M-13") for _ in range(count)]

    with django_assert_num_queries(1):
        assert held_back(rows, now=NOW) == {}
