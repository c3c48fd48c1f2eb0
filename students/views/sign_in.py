"""E-01: a student enters and leaves."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from school.visitors import visitor_of
from students.access import own_enrollment
from students.actions import sign_in as actions
from students.forms.sign_in import (
    LostCodeForm,
    MailedCodeForm,
    MatriculaForm,
    SignInForm,
    SignInLinkForm,
)
from students.queries.aviso import short_aviso
from students.views.visitor import enter

MATRICULA = "sign_in_matricula"
LOST_CODE = "Si ese correo es el de tu inscripción, te mandamos un código. Revisa también Spam o Promociones."


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even when it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


@contextmanager
def shown_in(form: forms.Form) -> Iterator[None]:
    """Show a refused sign-in as an error of the whole form."""
    try:
        yield
    except actions.SignInRefused as refusal:
        form.add_error(None, refusal.sentence)


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Matrícula and activation code."""
    form = SignInForm(posted(request), action=request.get_full_path())
    if form.is_valid():
        with shown_in(form):
            user = actions.sign_in_with_code(
                **form.cleaned_data, visitor=visitor_of(request), now=timezone.now()
            )
            return enter(request, user, has_slip=True)
    context = {"form": form, "nav": "sign_in", "short_aviso": short_aviso()}
    return render(request, "students/sign_in.html", context)


@login_not_required
def request_sign_in(request: HttpRequest) -> HttpResponse:
    """Matrícula alone: the link and the six digits go by mail, if there is one to write to."""
    form = MatriculaForm(posted(request))
    if form.is_valid():
        matricula = form.cleaned_data["matricula"]
        actions.request_sign_in(matricula, visitor=visitor_of(request), now=timezone.now())
        request.session[MATRICULA] = matricula
        return redirect("students:enter_code")
    return render(request, "students/request_sign_in.html", {"form": form, "nav": "sign_in"})


@login_not_required
def enter_code(request: HttpRequest) -> HttpResponse:
    """«Revisa tu correo»: the six digits."""
    form = MailedCodeForm(posted(request), matricula=request.session.get(MATRICULA, ""))
    if form.is_valid():
        with shown_in(form):
            user = actions.sign_in_with_mailed_code(
                **form.cleaned_data, visitor=visitor_of(request), now=timezone.now()
            )
            return enter(request, user)
    return render(request, "students/enter_code.html", {"form": form, "nav": "sign_in"})


@login_not_required
def sign_in_link(request: HttpRequest) -> HttpResponse:
    """The link of the mail: looking changes nothing, only the button enters."""
    form = SignInLinkForm(posted(request), action=request.get_full_path())
    if form.is_valid():
        own = own_enrollment(request.user) if request.user.is_authenticated else None
        with shown_in(form):
            user = actions.sign_in_with_link(
                form.cleaned_data["token"], own=own, visitor=visitor_of(request), now=timezone.now()
            )
            return enter(request, user)
    return render(request, "students/sign_in_link.html", {"form": form, "nav": "sign_in"})


@login_not_required
def request_lost_code(request: HttpRequest) -> HttpResponse:
    """«No tengo mi código»."""
    form = LostCodeForm(posted(request))
    if form.is_valid():
        actions.request_lost_code(
            form.cleaned_data["email"], visitor=visitor_of(request), now=timezone.now()
        )
        messages.info(request, LOST_CODE)
        return redirect("students:sign_in")
    return render(request, "students/request_lost_code.html", {"form": form, "nav": "sign_in"})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """«Salir»: nothing stays on a shared phone."""
    logout(request)
    messages.success(request, "Saliste de tu trámite.")
    response = redirect("students:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
