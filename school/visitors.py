"""Who knocks: from which address, and with a device that its owner has been in with before (security T11)."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common.addresses import client_address
from common.tokens import public_id
from school.models import User

DEVICE_LASTS = timedelta(days=180)
_SALT = "students.known-device"


@dataclass(frozen=True)
class Visitor:
    """Who knocks: the address, and the device if it has been in before. `device_of` is the user it belongs to."""

    address: str
    device: str = ""
    device_of: int = 0


def address_of(request: HttpRequest) -> str:
    """Return the address that the request really comes from, whatever its headers claim."""
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted_proxies=settings.TRUSTED_PROXIES,
    )


def visitor_of(request: HttpRequest) -> Visitor:
    """Return where the request comes from, and whose device it is if it has been in before."""
    owner, _, device = _device(request).partition("-")
    return Visitor(address=address_of(request), device=device, device_of=int(owner or 0))


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Make the device known as the user's, unless it is already."""
    if _device(request).startswith(f"{user.pk}-"):
        return
    response.set_signed_cookie(
        _cookie_name(),
        f"{user.pk}-{public_id()}",
        salt=_SALT,
        max_age=DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> str:
    return str(
        request.get_signed_cookie(
            _cookie_name(), default="", salt=_SALT, max_age=int(DEVICE_LASTS.total_seconds())
        )
    )


def _cookie_name() -> str:
    return "__Host-aparato" if settings.SESSION_COOKIE_SECURE else "aparato"
