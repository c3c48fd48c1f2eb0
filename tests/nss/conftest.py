"""A browser that belongs to a person."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from school.models import User


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, User], None]:
    """Give the page the session of a person."""

    def give(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return give
