"""What was true when it was queued may have passed when it would leave."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from followup.actions.reminders import remind_students
from followup.queries.still_due import held_back
from notices.actions import NotYet
from notices.models import Notice
from notices.states import NoticeState
from notices.tasks import deliver_notices
from nss.models import Acuse
from nss.states import AcuseState, RequestState
from students.actions.reminders import look_again
from students.models import Enrollment, Student
from students.states import EnrollmentState
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")
DUE = date(2026, 8, 26)
MINOR, ADULT = "GOMA090214MSRBBBA1", "GOMA080214MSRBBBA4"


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2026 in Mexico City."""
    return datetime(2026, 8, day, hour, minute, tzinfo=MEXICO)


@pytest.fixture
def stay() -> Enrollment:
    """A minor told of the deadline, and mamá too."""
    stay = EnrollmentFactory(confirmed=True, acuse_due_on=DUE, student__curp=MINOR)
    stay.data.guardian_contact = "tutor@correo.example"
    stay.data.save()
    look_again([stay.pk])
    remind_students(now=moment(25, 8))
    return stay


def queued() -> list[Notice]:
    return list(Notice.objects.exclude(state=NoticeState.SENT).order_by("pk"))


def held(now: datetime) -> list[str]:
    """What each notice is told, in their order."""
    why = held_back(queued(), now=now)
    return [type(why[one.pk]).__name__ if one.pk in why else "leaves" for one in queued()]


def test_held_back_lets_go_what_is_true(stay):
    assert held(moment(25, 8, 1)) == ["leaves", "leaves"]


def send(stay):
    AcuseFactory(request__enrollment=stay)


def report(stay):
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)


def leave(stay):
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)


def opt_out(stay):
    Enrollment.objects.update(state=EnrollmentState.OPTED_OUT)


def ask_renuncia(stay):
    issued(stay)
    Notice.objects.filter(message="M-17").delete()


def extend(stay):
    Enrollment.objects.update(acuse_due_on=date(2026, 8, 31))


def upload(stay):
    AcuseFactory(draft=True, request__enrollment=stay)


@pytest.mark.parametrize("happens", [send, report, leave, opt_out, ask_renuncia, extend, upload])
def test_held_back_keeps_what_is_no_longer_true(stay, happens):
    happens(stay)

    assert held(moment(25, 8, 1)) == ["NothingToTell", "NothingToTell"]


@pytest.mark.parametrize(("hour", "day"), [(20, 25), (6, 25)])
def test_held_back_waits_for_seven(stay, hour, day):
    why = held_back(queued(), now=moment(day, hour))

    assert [type(one) for one in why.values()] == [NotYet, NotYet]
    assert {one.until for one in why.values()} == {moment(day + (hour == 20), 7)}


def test_held_back_tells_mama_of_minors_alone(stay):
    Student.objects.update(curp=ADULT)

    assert held(moment(25, 8, 1)) == ["leaves", "NothingToTell"]


def test_held_back_says_one_thing_a_day_though_two_wait(stay):
    NoticeFactory(message="M-05", about=f"enrollment:{stay.pk}", context={"due_on": str(DUE)})

    assert held(moment(25, 8, 1)) == ["leaves", "leaves", "NothingToTell"]


def test_held_back_says_one_thing_a_day_after_one_left(stay):
    Notice.objects.filter(message="M-03").update(state=NoticeState.SENT, sent_at=moment(25, 8))
    NoticeFactory(message="M-05", about=f"enrollment:{stay.pk}", context={"due_on": str(DUE)})

    assert held(moment(25, 19))[1] == "NothingToTell"
    assert held(moment(26, 8))[1] == "leaves"


def test_held_back_of_a_draft_that_was_confirmed():
    stay = EnrollmentFactory(confirmed=True, acuse_due_on=date(2026, 9, 30))
    acuse = AcuseFactory(draft=True, request__enrollment=stay, created_at=moment(25, 8))
    look_again([stay.pk])
    remind_students(now=moment(25, 10))
    before = held(moment(25, 10, 1))
    Acuse.objects.filter(pk=acuse.pk).update(state=AcuseState.RECEIVED)

    assert (before, held(moment(25, 10, 1))) == (["leaves"], ["NothingToTell"])


@pytest.mark.parametrize("size", [1, 3])
def test_held_back_asks_as_often_for_many(size, django_assert_num_queries):
    stays = [EnrollmentFactory(confirmed=True, acuse_due_on=DUE) for _ in range(size)]
    look_again(stay.pk for stay in stays)
    remind_students(now=moment(25, 8))
    waiting = queued()

    with django_assert_num_queries(3):
        held_back(waiting, now=moment(25, 8, 1))


# Through the outbox ---------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_deliver_notices_cancels_what_is_no_longer_true(time_machine, mailoutbox, stay):
    time_machine.move_to(moment(25, 8, 1))
    send(stay)

    assert deliver_notices() == 0
    assert {one.state for one in queued()} == {NoticeState.CANCELLED}
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_deliver_notices_puts_off_until_seven(time_machine, mailoutbox, stay):
    Notice.objects.update(message="M-05", expires_at=None, context={"due_on": str(DUE)})
    Notice.objects.exclude(to_name="Ana Gómez Martínez").delete()
    time_machine.move_to(moment(25, 21), tick=False)

    first = deliver_notices()
    (notice,) = queued()
    waits = notice.state, notice.not_before, notice.lease_until
    time_machine.move_to(moment(26, 7), tick=False)
    again = deliver_notices()

    assert (first, waits) == (0, (NoticeState.QUEUED, moment(26, 7), None))
    assert (again, len(mailoutbox)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_deliver_notices_puts_off_what_was_left_in_doubt(time_machine, mailoutbox, stay):
    Notice.objects.exclude(message="M-03").delete()
    Notice.objects.update(state=NoticeState.SENDING, lease_until=moment(25, 12), expires_at=None)
    time_machine.move_to(moment(25, 21), tick=False)

    deliver_notices()

    assert [(one.state, one.not_before) for one in queued()] == [(NoticeState.RETRY, moment(26, 7))]
