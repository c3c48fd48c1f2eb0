"""How the door opens, and where it leads."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from school.middleware import mark_student_sign_in
from school.models import User
from school.visitors import remember_device
from students.access import is_open, own_enrollment
from students.models import Enrollment
from students.queries.data import aviso_to_accept, next_step
from students.queries.sign_in import data_of


def enter(request: HttpRequest, user: User, *, has_slip: bool = False) -> HttpResponse:
    """Open a new session for the student, remember the device and lead on."""
    login(request, user)
    mark_student_sign_in(request.session, now=timezone.now())
    response = redirect(_first_page(request, user, has_slip=has_slip))
    remember_device(request, response, user)
    return response


def safe_next(request: HttpRequest) -> str:
    """Return the page asked for before the sign-in, or the student's home when it is not ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url("followup:my_steps")


def _first_page(request: HttpRequest, user: User, *, has_slip: bool) -> str:
    """The aviso when it changed, the first question while nothing was given, else the page asked for.

    Who has an e-mail confirmed and yet came with a slip may have lost the mailbox: asked for another first.
    """
    enrollment = own_enrollment(user)
    has_lost_mailbox = has_slip and enrollment is not None and _may_have_lost_mailbox(enrollment)
    wanted = reverse("students:change_email") if has_lost_mailbox else safe_next(request)
    if enrollment and aviso_to_accept(enrollment):
        return f"{reverse('students:accept_privacy_notice')}?{urlencode({'next': wanted})}"
    if has_lost_mailbox:
        return wanted
    is_unfinished = enrollment is not None and is_open(enrollment) and next_step(enrollment)
    if is_unfinished and "next" not in request.GET:
        return reverse("students:continue_data")
    return safe_next(request)


def _may_have_lost_mailbox(enrollment: Enrollment) -> bool:
    data = data_of(enrollment)
    return is_open(enrollment) and data is not None and data.email_confirmed_at is not None
