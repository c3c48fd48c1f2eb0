"""The tick: students and staff are told once, and a tick that finds nothing costs one query."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from followup.models import DailyRun, Reminder
from followup.queries.reminders import due_looks
from followup.tasks import remind
from notices.models import Notice
from school.calendar import Calendar
from school.states import Role
from students.actions.reminders import look_again
from students.models import Enrollment
from tests.factories.nss import AcuseFactory
from tests.factories.school import MembershipFactory, NonWorkingDayFactory, PlantelFactory
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db

MEXICO, TIJUANA = ZoneInfo("America/Mexico_City"), ZoneInfo("America/Tijuana")


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2026 in Mexico City."""
    return datetime(2026, 8, day, hour, minute, tzinfo=MEXICO)


def tick(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return remind()


@pytest.fixture
def stay() -> Enrollment:
    stay = EnrollmentFactory(confirmed=True, acuse_due_on=date(2026, 8, 26))
    look_again([stay.pk])
    return stay


def staff_mails() -> list[tuple[str, dict]]:
    rows = Notice.objects.filter(message="M-21").order_by("to_email")
    return list(rows.values_list("to_email", "context"))


def test_remind_twice_is_once(stay):
    first, again = tick(moment(25, 8)), tick(moment(25, 8, 1))

    assert (first, again) == (1, 0)
    assert (Reminder.objects.count(), Notice.objects.count()) == (1, 1)


def test_remind_that_finds_nothing_costs_one_query(stay, django_assert_num_queries):
    tick(moment(25, 8))

    with django_assert_num_queries(1):
        assert tick(moment(25, 8, 1)) == 0


def test_due_looks_are_found_by_their_index(stay):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # one row is read sooner without
        plan = due_looks(moment(25, 8)).explain()

    assert "students_nextlook_at" in plan


# M-21 -------------------------------------------------------------------------------------------
@pytest.fixture
def responsable(stay):
    return MembershipFactory(plantel=stay.plantel, user__email="r@correo.example").user


def test_remind_writes_to_who_reviews_at_half_past_seven(stay, responsable):
    MembershipFactory(plantel=stay.plantel, role=Role.REVISOR, user__email="s@correo.example")
    MembershipFactory(plantel=stay.plantel, role=Role.CONSULTA)
    MembershipFactory()
    AcuseFactory(request__enrollment__plantel=stay.plantel)

    early, due = tick(moment(27, 7, 29)), tick(moment(27, 7, 30))

    counts = {"acuses": 1, "late": 1, "cases": 0}
    assert (early, due) == (0, 2)
    assert staff_mails() == [("r@correo.example", counts), ("s@correo.example", counts)]


def test_remind_writes_to_the_staff_once_a_day(stay, responsable):
    for hour in (8, 9, 19):
        tick(moment(27, hour))
    tick(moment(28, 8))

    assert len(staff_mails()) == 2
    assert list(DailyRun.objects.order_by("pk").values_list("day", flat=True)) == [
        date(2026, 8, 27),
        date(2026, 8, 28),
    ]


def test_remind_writes_to_the_staff_once_though_the_clock_is_set_back(stay, responsable):
    for hour in (8, 6, 10):
        tick(moment(27, hour))

    assert len(staff_mails()) == 1


def test_remind_lets_the_staff_off_when_nothing_waits(responsable, stay):
    Enrollment.objects.update(acuse_due_on=date(2026, 9, 30))

    tick(moment(27, 8))

    assert staff_mails() == []
    assert DailyRun.objects.count() == 1


def test_remind_lets_the_staff_off_on_days_that_do_not_count(stay, responsable):
    NonWorkingDayFactory(plantel=stay.plantel, date=date(2026, 8, 28))

    for day in (28, 29, 30):
        tick(moment(day, 8))
    tick(moment(31, 8))

    assert len(staff_mails()) == 1


@pytest.mark.parametrize("hour", [20, 23, 3])
def test_remind_lets_the_staff_sleep(stay, responsable, hour):
    tick(moment(27, hour))

    assert staff_mails() == []


def test_remind_goes_by_the_clock_of_each_plantel(stay, responsable):
    stay.plantel.time_zone = "America/Tijuana"
    stay.plantel.save()

    tick(datetime(2026, 8, 27, 7, 29, tzinfo=TIJUANA))
    early = staff_mails()
    tick(datetime(2026, 8, 27, 7, 30, tzinfo=TIJUANA))

    assert (early, len(staff_mails())) == ([], 1)


def test_remind_writes_once_to_who_has_two_roles(stay, responsable):
    MembershipFactory(plantel=stay.plantel, role=Role.REVISOR, user=responsable)

    tick(moment(27, 8))

    assert len(staff_mails()) == 1


def test_remind_passes_over_a_closed_plantel():
    PlantelFactory(is_active=False)

    tick(moment(27, 8))

    assert DailyRun.objects.count() == 0


@pytest.mark.parametrize("zone", [MEXICO, TIJUANA], ids=str)
@pytest.mark.parametrize("first", [date(2027, 3, 11), date(2027, 11, 4)])
def test_remind_runs_once_a_local_day_while_clocks_change(zone, first, stay, responsable):
    stay.plantel.time_zone = zone.key
    stay.plantel.save()
    start = datetime.combine(first, datetime.min.time(), zone).timestamp()

    for half_hour in range(5 * 24 * 2):
        tick(datetime.fromtimestamp(start + half_hour * 1800, tz=zone))

    days = list(DailyRun.objects.order_by("day").values_list("day", flat=True))
    assert [day.toordinal() - first.toordinal() for day in days] == [0, 1, 2, 3, 4]
    mailed = (
        Notice.objects.filter(message="M-21").order_by("pk").values_list("created_at", flat=True)
    )
    told = [at.astimezone(zone) for at in mailed]
    assert [(at.hour, at.minute) for at in told] == [(7, 30)] * len(told)
    assert [at.date() for at in told] == [day for day in days if Calendar().is_working(day)]
