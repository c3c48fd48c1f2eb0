"""«Corregir» in the ficha (C-03): where a student is written to, where he lives, and his CURP."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from school.access import Ability, SignedInRequest, staff_page
from students.actions import corrections as actions
from students.forms.corrections import CorrectAddressForm, CorrectContactForm, CorrectCurpForm
from students.models import Enrollment
from students.queries.enrollments import enrollments_for
from students.queries.sign_in import data_of, mailbox_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CORRECT_DATA)
def correct_contact(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Corregir correo o celular»."""
    stay = _stay_or_404(request, public_id)
    form = CorrectContactForm(_posted(request), stay=stay)
    if form.is_ready and _kept(request, stay, form, actions.correct_contact):
        return redirect("followup:student_file", stay.public_id)
    context = {"form": form, "enrollment": stay, "email": mailbox_of(stay), "data": data_of(stay)}
    return render(request, "students/correct_contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CORRECT_DATA)
def correct_address(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Corregir domicilio»."""
    stay = _stay_or_404(request, public_id)
    form = CorrectAddressForm(_posted(request), stay=stay)
    if form.is_valid() and _kept(request, stay, form, actions.correct_address):
        return redirect("followup:student_file", stay.public_id)
    return render(request, "students/correct_address.html", {"form": form, "enrollment": stay})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CORRECT_DATA)
def correct_curp(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Corregir CURP»."""
    stay = _stay_or_404(request, public_id)
    form = CorrectCurpForm(_posted(request), today=timezone.localdate(timezone=stay.plantel.zone))
    if form.is_valid() and _kept(request, stay, form, actions.correct_curp):
        return redirect("followup:student_file", stay.public_id)
    return render(request, "students/correct_curp.html", {"form": form, "enrollment": stay})


def _stay_or_404(request: SignedInRequest, public_id: str) -> Enrollment:
    stays = enrollments_for(request.user, Ability.CORRECT_DATA).select_related("data")
    return get_object_or_404(stays, public_id=public_id)


def _posted(request: SignedInRequest) -> Any:
    """An empty POST binds the form too, an ordinary visit does not."""
    return request.POST if request.method == "POST" else None


def _kept(
    request: SignedInRequest, stay: Enrollment, form: Form, correct: Callable[..., None]
) -> bool:
    """Whether the correction was taken; if not, the form says why."""
    try:
        correct(stay, **form.cleaned_data, by=request.user, now=timezone.now())
    except actions.CorrectionRefused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, f"Guardado: {stay.student.full_name}")
    return True
