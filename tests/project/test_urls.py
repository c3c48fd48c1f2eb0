"""Every address refuses a stranger, unless it is listed here as public."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url

from tests.project.urls import addresses

PUBLIC = {
    # What everybody may read.
    "followup:cover",
    "followup:guide",
    "followup:family",
    "followup:decline",
    "followup:help",
    # What a monitor asks: one word.
    "followup:health",
    "students:privacy_notice",
    "followup:offline",
    "followup:service_worker",
    # What anybody may ask who holds a sheet of ours.
    "papers:find_paper",
    "papers:show_paper",
    # How a student comes in.
    "students:sign_in",
    "students:request_sign_in",
    "students:enter_code",
    "students:sign_in_link",
    "students:request_lost_code",
    # How staff come in, and out.
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
"""Pages that need no sign-in. A new one needs a line here, that is, a reason."""


def is_sign_in(location: str) -> bool:
    """Say whether a redirect leads to a sign-in page."""
    pages = (settings.LOGIN_URL, "account_login", "admin:login")
    return location.startswith(tuple(resolve_url(page) for page in pages))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_asked_to_sign_in(client, method):
    open_to_strangers = set()
    for address in addresses():
        response = getattr(client, method)(address.path)
        if response.status_code != 302 or not is_sign_in(response["Location"]):
            open_to_strangers.add(address.name)

    assert open_to_strangers == PUBLIC
