"""A new SECRET_KEY: the second factors outlive the one that they were made under."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from tests.factories.school import TOTP_SECRET, UserFactory

pytestmark = pytest.mark.django_db

EARLIER, LATER = "an earlier key, only in tests", "a later key, only in tests"


@pytest.fixture
def made_before(settings) -> str:
    """Somebody with a code app and ten codes, one of them used; gives the next. The key changed since."""
    settings.SECRET_KEY = EARLIER
    user = UserFactory()
    TOTP.activate(user, TOTP_SECRET)
    codes = RecoveryCodes.activate(user)
    used, unused, *_ = codes.generate_codes()
    assert codes.validate_code(used)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = LATER, [EARLIER]
    return unused


def kept(kind: str) -> Authenticator:
    return Authenticator.objects.get(type=kind)


def test_renew_second_factors_lets_the_earlier_key_go(settings, capsys, made_before):
    call_command("renew_second_factors")
    call_command("renew_second_factors")

    settings.SECRET_KEY_FALLBACKS = []
    codes = RecoveryCodes(kept(Authenticator.Type.RECOVERY_CODES))
    assert decrypt(kept(Authenticator.Type.TOTP).data["secret"]) == TOTP_SECRET
    assert codes.get_unused_codes()[0] == made_before
    assert len(codes.get_unused_codes()) == 9
    assert capsys.readouterr().out.splitlines()[0] == (
        "2 second factors are encrypted with SECRET_KEY."
    )


def test_second_factors_need_the_earlier_key_until_they_are_renewed(settings, made_before):
    settings.SECRET_KEY_FALLBACKS = []

    with pytest.raises(InvalidToken):
        decrypt(kept(Authenticator.Type.TOTP).data["secret"])


def test_renew_second_factors_changes_nothing_where_a_key_is_missing(settings, made_before):
    before = list(Authenticator.objects.values_list("data", flat=True))
    settings.SECRET_KEY_FALLBACKS = []
    TOTP.activate(UserFactory(), TOTP_SECRET)

    with pytest.raises(CommandError, match="neither SECRET_KEY nor in SECRET_KEY_FALLBACKS"):
        call_command("renew_second_factors")

    settings.SECRET_KEY_FALLBACKS = [EARLIER]
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True))[:2] == before
