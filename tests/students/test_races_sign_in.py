"""Who enters while somebody holds the stay: neither waits for the other in a ring."""

from datetime import UTC, datetime

import pytest

from students.actions import sign_in as actions
from students.models import AccessCode, Enrollment
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
