"""Responses to a person stay out of every cache; what nobody understands is refused before a page sees it."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from common.middleware import PERMISSIONS_POLICY, PrivateResponsesMiddleware


def respond(request: HttpRequest, *, cookie: str = "", **headers: str) -> HttpResponse:
    """Send the request through the middleware to a page that may set a cookie."""

    def page(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(headers=headers)
        if cookie:
            response.set_cookie(cookie, "x")
        return response

    return PrivateResponsesMiddleware(page)(request)


@pytest.fixture
def stranger() -> HttpRequest:
    return RequestFactory().get("/")


@pytest.fixture
def person() -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "abc"
    return request


def test_response_to_a_person_is_not_stored(person):
    response = respond(person)

    assert response["Cache-Control"] == "no-store"
    assert response["Vary"] == "Cookie"


def test_public_header_does_not_survive_a_session(person):
    response = respond(person, **{"Cache-Control": "public, max-age=600"})

    assert response["Cache-Control"] == "no-store"


def test_response_that_sets_a_cookie_is_not_stored(stranger):
    response = respond(stranger, cookie="sesion")

    assert response["Cache-Control"] == "no-store"


def test_response_to_a_stranger_may_be_stored(stranger):
    response = respond(stranger, **{"Cache-Control": "public, max-age=600"})

    assert response["Cache-Control"] == "public, max-age=600"
    assert "Vary" not in response


def test_sensors_are_off_unless_the_page_says_otherwise(stranger):
    assert respond(stranger)["Permissions-Policy"] == PERMISSIONS_POLICY
    own = respond(stranger, **{"Permissions-Policy": "camera=(self)"})
    assert own["Permissions-Policy"] == "camera=(self)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("get", "/guia/?q=%00", None),
        ("get", "/plantel/%00/", None),
        ("post", "/entrar/", {"matricula": "a\0b"}),
    ],
)
def test_a_null_character_is_not_understood(client, method, path, data):
    response = getattr(client, method)(path, data)

    assert response.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/guia/", "/entrar/", "/static/css/portal.css", "/nowhere/"])
def test_a_method_that_no_page_is_written_for_is_not_allowed(client, method, path):
    response = client.generic(method, path)

    assert (response.status_code, response.content) == (405, b"")
    assert response["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY


@pytest.mark.django_db
def test_static_file_of_who_is_signed_in_stays_in_the_cache(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "abc"

    response = client.get("/static/css/portal.css")
    response.close()

    assert response.status_code == 200
    assert response["Cache-Control"] != "no-store"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
