"""Another address for a student: no secret goes to the former one, the rest follows."""

from datetime import UTC, datetime

import pytest

from notices.actions import NothingToTell
from notices.models import Notice
from notices.states import NoticeState
from school.visitors import Visitor
from students.actions import sign_in
from students.actions.access_codes import issue_codes, mint_mail_code
from students.actions.mailboxes import follow_roster, leave_mailboxes
from students.models import AccessCode
from students.states import CodeChannel
from tests.factories.notices import NoticeFactory
from tests.factories.students import EnrollmentFactory, StudentDataFactory

NOW = datetime(2026, 8, 27, 15, 0, tzinfo=UTC)
HOME = Visitor(address="203.0.113.7")
NEW = "otro@correo.example"

pytestmark = pytest.mark.django_db


def waiting(stay, message="M-03", **columns):
    email = columns.pop("to_email", stay.roster_email)
    return NoticeFactory(message=message, about=f"enrollment:{stay.pk}", to_email=email, **columns)


def live(stay):
    codes = AccessCode.objects.filter(enrollment=stay, voided_at__isnull=True)
    return list(codes.values_list("channel", flat=True).order_by("channel"))


def test_leave_mailboxes_ends_what_is_on_its_way():
    stay = StudentDataFactory().enrollment
    sign_in.request_sign_in(stay.matricula, visitor=HOME, now=NOW)
    code = sign_in.mint_sign_in_secret(Notice.objects.get(), now=NOW)["code"]
    waiting(stay, "M-01")

    leave_mailboxes({stay: NEW}, now=NOW)

    states = Notice.objects.values_list("message", "state").order_by("message")
    assert list(states) == [("M-00", NoticeState.CANCELLED), ("M-01", NoticeState.CANCELLED)]
    with pytest.raises(sign_in.WrongMailedCode):
        sign_in.sign_in_with_mailed_code(stay.matricula, code, visitor=HOME, now=NOW)


def test_leave_mailboxes_sends_the_rest_to_the_new_address():
    stay, other = StudentDataFactory().enrollment, StudentDataFactory().enrollment
    moved = waiting(stay, to_email=stay.data.email)
    left = waiting(other, to_email=other.data.email)

    leave_mailboxes({stay: NEW, other: ""}, now=NOW)

    moved.refresh_from_db()
    left.refresh_from_db()
    assert (moved.to_email, left.to_email) == (NEW, other.data.email)


def test_follow_roster_ends_the_mailed_codes_and_moves_what_waits():
    stay, untouched = EnrollmentFactory(), EnrollmentFactory()
    for channel in (CodeChannel.SLIP, CodeChannel.MAIL):
        issue_codes([stay, untouched], channel, by=None, now=NOW)
    reminder, activation = waiting(stay), waiting(stay, "M-01")
    failed = waiting(stay, "M-04", state=NoticeState.FAILED)

    follow_roster({stay.pk: NEW}, now=NOW)

    for notice in (reminder, activation, failed):
        notice.refresh_from_db()
    assert (reminder.to_email, failed.corrected_email) == (NEW, NEW)
    assert activation.state == NoticeState.CANCELLED
    assert live(stay) == [CodeChannel.SLIP]
    assert live(untouched) == [CodeChannel.MAIL, CodeChannel.SLIP]


def test_follow_roster_leaves_who_gave_an_address_of_his_own():
    stay = StudentDataFactory().enrollment
    reminder = waiting(stay, to_email=stay.data.email)

    follow_roster({stay.pk: NEW}, now=NOW)

    reminder.refresh_from_db()
    assert reminder.to_email == stay.data.email


def test_mint_mail_code_for_an_address_that_was_left_tells_nothing():
    stay = EnrollmentFactory(roster_email=NEW)
    mail = NoticeFactory(
        message="M-01",
        about=f"enrollment:{stay.pk}",
        to_email="antes@correo.example",
        context={"enrollment": stay.pk, "first_name": "Ana", "due_on": ""},
    )

    with pytest.raises(NothingToTell):
        mint_mail_code(mail, now=NOW)

    assert live(stay) == []


@pytest.mark.parametrize("students", [1, 5])
def test_follow_roster_asks_the_same_however_many(students, django_assert_num_queries):
    stays = EnrollmentFactory.create_batch(students)
    for stay in stays:
        waiting(stay)

    with django_assert_num_queries(16):
        follow_roster({stay.pk: NEW for stay in stays}, now=NOW)

    assert Notice.objects.filter(to_email=NEW).count() == students
