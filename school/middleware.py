"""How long a sign-in lasts (security T22, G): shared phones and open offices forget their people by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from school.access import needs_second_factor
from school.devices import device_of
from school.queries.sessions import DEVICE, IS_STUDENT, SEEN_AT, SIGNED_IN_AT, is_over

STEP = timedelta(minutes=1)
ENDED = "Saliste por seguridad. Entra otra vez; lo que enviaste está guardado."


class SignInClockMiddleware:
    """Ends a sign-in that was idle or open for too long, before any page is shown to it.

    Who signs in through the students' flow is marked IS_STUDENT; everybody else gets the shorter times of the
    staff. The last visit is noted once a minute, not at each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Here and not in `__call__`: the message needs its own middleware, which comes later."""
        del view
        if not request.user.is_authenticated:
            return
        now = timezone.now()
        if is_over(request.session, now=now):
            logout(request)
            messages.warning(request, ENDED)
        else:
            _note_visit(request, now=now)


class SecondFactorMiddleware:
    """Leads staff without a second factor to its enrolment, whatever page they asked for (security T3).

    Students have none: they see their own data only (ASVS 6.3.3, the recorded exception). Being staff is read
    from the database in each request, like every right.
    """

    OPEN_WITHOUT = frozenset(
        {"account_login", "account_logout", "account_reauthenticate", "mfa_activate_totp"}
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        del view
        match = request.resolver_match
        if (
            match is None
            or match.view_name in self.OPEN_WITHOUT
            or not needs_second_factor(request.user)
        ):
            return None
        return redirect("mfa_activate_totp")


def mark_student_sign_in(session: SessionBase, *, now: datetime) -> None:
    """Start a student's clock."""
    session[IS_STUDENT] = True
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.timestamp()


def signed_in_within(session: SessionBase, span: timedelta, *, now: datetime) -> bool:
    """Tell whether the person proved who he is at most that long ago."""
    return now.timestamp() - session.get(SIGNED_IN_AT, 0) <= span.total_seconds()


def _note_visit(request: HttpRequest, *, now: datetime) -> None:
    session = request.session
    session.setdefault(SIGNED_IN_AT, now.timestamp())
    if DEVICE not in session:
        session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
    if now.timestamp() - session.get(SEEN_AT, 0) >= STEP.total_seconds():
        session[SEEN_AT] = now.timestamp()
