"""Headers and cookies of every response: T7, T12, T17, T21 of the threats in docs/architecture.md."""

import pytest
from django.test import Client

from common.middleware import PERMISSIONS_POLICY
from tests.factories.school import MembershipFactory
from tests.project.urls import addresses

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def policy(response) -> set[str]:
    """Split the response's CSP into its directives."""
    return {part.strip() for part in response["Content-Security-Policy"].split(";") if part.strip()}


@pytest.mark.django_db
def test_every_address_sends_the_security_headers(client):
    for address in addresses():
        response = client.get(address.path)

        assert policy(response) == CSP, address
        assert response["X-Content-Type-Options"] == "nosniff", address
        assert response["X-Frame-Options"] == "DENY", address
        assert response["Referrer-Policy"] == "same-origin", address
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert response["Permissions-Policy"] == PERMISSIONS_POLICY, address


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-existe", "/static/css/portal.css"])
def test_not_found_and_static_files_send_them_too(client, path):
    response = client.get(path)
    response.close()

    assert policy(response) == CSP
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_no_cache_keeps_what_a_signed_in_person_sees(client):
    client.force_login(MembershipFactory().user)

    for address in addresses():
        response = client.get(address.path)

        assert response["Cache-Control"] == "no-store", address
        assert "Cookie" in response["Vary"], address


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_other_host_is_refused(host):
    response = Client(headers={"host": host}).get("/")

    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.django_db
def test_forwarded_host_is_ignored(client):
    response = client.get("/no-existe/", headers={"x-forwarded-host": "evil.example"})

    assert "evil" not in response.content.decode()


@pytest.mark.django_db
def test_post_without_token_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(MembershipFactory().user)

    accepted = [a for a in addresses() if strict.post(a.path).status_code not in {403, 404, 405}]

    assert accepted == []
