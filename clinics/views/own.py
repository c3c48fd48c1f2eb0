"""E-16 and E-17: the student's own clinic and vigencia."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinics import actions
from clinics.actions.errors import REFUSALS, ClinicMissing, ConstanciaNotAsked
from clinics.forms.own import ClinicForm, ConstanciaForm, CoverForm, ResultForm
from clinics.models import VigenciaCheck
from clinics.queries.constancias import constancia_read, may_attach
from clinics.queries.insured import (
    current_check,
    has_clinic,
    is_insured,
    is_step_open,
    registration_of,
)
from clinics.queries.told import asked_again_on
from clinics.queries.umfs import umf_suggestions
from clinics.states import VIGENTE, VigenciaResult
from school.access import SignedInRequest
from school.queries.planteles import contact_of
from students.access import is_open, student_page
from students.actions.files import UploadRefused
from students.models import Enrollment
from students.queries.sign_in import mailbox_of


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def own_clinic(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-16: locked, «Regístrate en tu clínica», or the clinic that was reported."""
    registration = registration_of(enrollment)
    today = timezone.localdate(timezone=enrollment.plantel.zone)
    if not (is_step_open(registration, today=today) and is_insured(enrollment)):
        return _locked(request, enrollment)
    if has_clinic(registration) and request.method != "POST":
        reported = {"registration": registration, "said": current_check(enrollment)}
        return render(request, "clinics/own_clinic.html", reported)
    return _report_clinic(request, enrollment)


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def own_vigencia(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-17: what came out, by whose cover, and what follows."""
    if not is_insured(enrollment):
        return _locked(request, enrollment)
    said = current_check(enrollment)
    is_asked = {"otra", CoverForm.ASKED} & set(request.GET)
    if said is None or request.method == "POST" or is_asked:
        return _ask(request, enrollment)
    if said.result == VigenciaResult.NOT_CONSULTED:
        asked_again = {"asked_again_on": asked_again_on(enrollment)}
        return render(request, "clinics/try_later.html", asked_again)
    return _show_result(request, said)


@require_POST
@student_page
def correct_own_clinic(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Corregir mi clínica»: it is asked again."""
    registration = registration_of(enrollment)
    if registration is not None:
        try:
            actions.undo_registration(registration, by=request.user, now=timezone.now())
        except REFUSALS as refusal:
            messages.info(request, refusal.sentence)
    return redirect("clinics:own_clinic")


@require_POST
@student_page
def attach_own_constancia(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Subir constancia»: the PDF of IMSS beside what the student said of it."""
    said = current_check(enrollment)
    form = ConstanciaForm(*_posted(request), action="")
    if said is None or said.result == VigenciaResult.NOT_CONSULTED:
        return redirect("clinics:own_vigencia")
    if form.is_valid() and _attached(request, said, form):
        return redirect("clinics:own_vigencia")
    form.helper.form_action = reverse("clinics:attach_constancia")
    return _show_result(request, said, form)


def _locked(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Before the step it is «todavía no»; of a stay that is over, or a renuncia, «Mi trámite» says what holds."""
    if not is_open(enrollment):
        return redirect("followup:my_steps")
    return render(request, "clinics/locked.html", {"email": mailbox_of(enrollment)})


def _report_clinic(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    form = ClinicForm(*_posted(request))
    if form.is_valid() and _registered(request, enrollment, form):
        return redirect("clinics:own_clinic")
    said = current_check(enrollment)
    context = {
        "form": form,
        "umfs": umf_suggestions(enrollment.plantel),
        "is_vigente": said is not None and said.result in VIGENTE,
    }
    return render(request, "clinics/report_clinic.html", context | _to_copy(enrollment))


def _posted(request: SignedInRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _registered(request: SignedInRequest, enrollment: Enrollment, form: ClinicForm) -> bool:
    try:
        actions.register_clinic(
            enrollment,
            form.report,
            carnet=form.cleaned_data["carnet"],
            by=request.user,
            now=timezone.now(),
        )
    except UploadRefused as refused:
        form.add_error("carnet", refused.sentence)
    except REFUSALS as refusal:
        form.add_error(None, refusal.sentence)
    else:
        messages.success(request, "Guardamos tu clínica.")
    return not form.errors


def _ask(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«¿Qué te salió?», and after a SÍ «¿por quién?»: two pages, so that each asks one thing."""
    if "cover" in request.POST or CoverForm.ASKED in request.GET:
        return _ask_cover(request, enrollment)
    form = ResultForm(*_posted(request)[:1])
    if form.is_valid() and form.cleaned_data["result"] == ResultForm.YES:
        return redirect(f"{reverse('clinics:own_vigencia')}?{CoverForm.ASKED}=1")
    if form.is_valid():
        return _said(request, enrollment, VigenciaResult(form.cleaned_data["result"]))
    context = {"form": form} | _to_copy(enrollment)
    return render(request, "clinics/report_vigencia.html", context)


def _ask_cover(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    form = CoverForm(*_posted(request)[:1])
    if form.is_valid():
        result, is_sure = form.answer
        return _said(request, enrollment, result, is_sure=is_sure)
    return render(request, "clinics/cover.html", {"form": form})


def _said(
    request: SignedInRequest,
    enrollment: Enrollment,
    result: VigenciaResult,
    *,
    is_sure: bool = True,
) -> HttpResponse:
    try:
        actions.report_vigencia(
            enrollment, result, is_sure=is_sure, by=request.user, now=timezone.now()
        )
    except ClinicMissing as refusal:
        messages.info(request, refusal.sentence)
        return redirect("clinics:own_clinic")
    except REFUSALS as refusal:
        messages.info(request, refusal.sentence)
        return redirect("followup:my_steps")
    return redirect("clinics:own_vigencia")


def _attached(request: SignedInRequest, said: VigenciaCheck, form: ConstanciaForm) -> bool:
    upload = form.cleaned_data["constancia"]
    try:
        actions.attach_constancia(said, upload=upload, by=request.user, now=timezone.now())
    except UploadRefused as refused:
        form.add_error("constancia", refused.sentence)
    except ConstanciaNotAsked as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, "Recibimos tu constancia.")
    return not form.errors


def _show_result(request: SignedInRequest, said: VigenciaCheck, form: Any = None) -> HttpResponse:
    action = reverse("clinics:attach_constancia")
    context = {
        "said": said,
        "responsable": contact_of(said.enrollment.plantel).name or "tu plantel",
        "form": form or (ConstanciaForm(action=action) if may_attach(said) else None),
        "reading": constancia_read(said),
    }
    return render(request, "clinics/own_vigencia.html", context)


def _to_copy(enrollment: Enrollment) -> dict[str, Any]:
    """What IMSS asks for on its page, to be copied."""
    return {"student": enrollment.student, "email": mailbox_of(enrollment)}
