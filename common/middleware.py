"""What every request is asked, and the headers of every response."""

from collections.abc import Callable
from itertools import chain

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseFileResponse

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""Those that pages are written for."""

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *(
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
        ),
        *("magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking"),
    )
)


class PrivateResponsesMiddleware:
    """Keeps every response to a person out of every cache, and the page away from the device's sensors.

    A response counts as personal when the request brought a session or the response sets a cookie, so no
    database is asked and the page that signs somebody in is covered. Static files are the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if isinstance(response, WhiteNoiseFileResponse):
            return response
        if response.cookies or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Cookie"])
        return response


class KnownMethodsMiddleware:
    """Answers 405 to a method that no page is written for: a form's page would take each but POST for GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class NoNullCharacterMiddleware:
    """Answers 400 to a request with a NUL in its address or fields: PostgreSQL knows no text that holds one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Here, where the protection against forgery has read the form already."""
        del view
        lists = [values for sent in (request.GET, request.POST) for _, values in sent.lists()]
        if any("\0" in text for text in (request.path, *chain(*lists))):
            raise BadRequest("a NUL was sent")
