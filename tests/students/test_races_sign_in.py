"""Who enters, and the outbox, while somebody holds the stay: neither waits for the other in a ring."""

from datetime import UTC, datetime, timedelta

import pytest

from notices.actions import cancel_many, start_sending
from notices.states import NoticeState
from students.actions import sign_in as actions
from students.models import AccessCode, Enrollment
from students.queries.sign_in import mailbox_of
from tests.factories.notices import NoticeFactory
from tests.factories.students import EnrollmentFactory
from tests.meanwhile import making_wait
from tests.students.test_actions_sign_in import HOME, mailed

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 8, 27, 15, 0, tzinfo=UTC)


def hold(stay: Enrollment) -> None:
    list(Enrollment.objects.select_for_update(of=("self",)).filter(pk=stay.pk))


def test_sign_in_with_mailed_code_while_the_address_is_corrected_finds_it_voided():
    stay = EnrollmentFactory(confirmed=True)
    code = mailed(stay)["code"]

    with (
        pytest.raises(actions.WrongMailedCode),
        making_wait(
            lambda: actions.sign_in_with_mailed_code(stay.matricula, code, visitor=HOME, now=NOW),
            then=lambda: actions.void_sign_in_codes([stay.pk], now=NOW),
        ),
    ):
        hold(stay)

    assert AccessCode.objects.get().voided_at == NOW
    stay.refresh_from_db()
    assert stay.first_signed_in_at is None


@pytest.mark.parametrize("message", ["M-00", "M-01"])
def test_outbox_delivers_while_who_holds_the_stay_stops_its_mails(message):
    stay = EnrollmentFactory(confirmed=message == "M-00")
    notice = NoticeFactory(
        message=message,
        about=f"enrollment:{stay.pk}",
        to_email=mailbox_of(stay),
        context={"enrollment": stay.pk, "first_name": "Ana", "due_on": ""},
    )

    with making_wait(
        lambda: start_sending([notice.pk], now=NOW),
        then=lambda: cancel_many([notice.about], messages=[message]),
    ) as results:
        hold(stay)

    notice.refresh_from_db()
    assert (results, notice.state) == ([[]], NoticeState.CANCELLED)


@pytest.mark.parametrize("message", ["M-00", "M-01"])
def test_outbox_tries_again_soon_when_somebody_held_the_stay(message):
    stay = EnrollmentFactory(confirmed=message == "M-00")
    notice = NoticeFactory(
        message=message,
        attempts=1,
        about=f"enrollment:{stay.pk}",
        to_email=mailbox_of(stay),
        context={"enrollment": stay.pk, "first_name": "Ana", "due_on": ""},
    )

    with making_wait(lambda: start_sending([notice.pk], now=NOW)):
        hold(stay)

    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (NoticeState.QUEUED, 0)
    assert notice.not_before == NOW + timedelta(seconds=15)
    assert len(start_sending([notice.pk], now=notice.not_before)) == 1
    assert AccessCode.objects.count() == 1


@pytest.mark.parametrize(
    ("message", "state"), [("M-00", NoticeState.SENDING), ("M-01", NoticeState.CANCELLED)]
)
def test_outbox_makes_no_secret_for_a_stay_that_is_gone(message, state):
    notice = NoticeFactory(
        message=message, context={"enrollment": 0, "first_name": "Ana", "due_on": ""}
    )

    start_sending([notice.pk], now=NOW)

    notice.refresh_from_db()
    assert (notice.state, AccessCode.objects.count()) == (state, 0)
