"""How long a sign-in lasts (security T22, G): shared phones and open offices forget their people by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from school.access import needs_second_factor

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
IS_STUDENT = "is_student"
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
        if _is_over(request.session, now=now):
            logout(request)
            messages.warning(request, ENDED)
        else:
            _note_visit(request.session, now=now)


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
    """This will start a student's clock."""
    session[IS_STUDENT] = True
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.timestamp()


def signed_in_within(session: SessionBase, span: timedelta, *, now: datetime) -> bool:
    """This will tell whether the person proved who he is at most that long ago."""
    return now.timestamp() - session.get(SIGNED_IN_AT, 0) <= span.total_seconds()


def _is_over(session: SessionBase, *, now: datetime) -> bool:
    kind = "STUDENT" if session.get(IS_STUDENT) else "STAFF"
    idle, longest = settings.SIGN_IN_LASTS[kind]
    seen, started = (session.get(key, now.timestamp()) for key in (SEEN_AT, SIGNED_IN_AT))
    return (
        now.timestamp() - seen > idle.total_seconds()
        or now.timestamp() - started > longest.total_seconds()
    )


def _note_visit(session: SessionBase, *, now: datetime) -> None:
    session.setdefault(SIGNED_IN_AT, now.timestamp())
    if now.timestamp() - session.get(SEEN_AT, 0) >= STEP.total_seconds():
        session[SEEN_AT] = now.timestamp()
