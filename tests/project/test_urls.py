"""Every address refuses a stranger, unless it is listed here as public."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url

from tests.project.urls import addresses

PUBLIC: set[str] = set()
"""Pages that need no sign-in. A new one needs a line here, that is, a reason."""


def is_sign_in(location: str) -> bool:
    """This will say whether a redirect leads to one of the two sign-in pages."""
    return location.startswith((resolve_url(settings.LOGIN_URL), resolve_url("account_login")))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_asked_to_sign_in(client, method):
    open_to_strangers = set()
    for address in addresses():
        response = getattr(client, method)(address.path)
        if response.status_code != 302 or not is_sign_in(response["Location"]):
            open_to_strangers.add(address.name)

    assert open_to_strangers - PUBLIC == set()


def test_public_pages_exist():
    assert {address.name for address in addresses()} >= PUBLIC
