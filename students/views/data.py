"""E-02…E-06 and E-18: the student gives, confirms and corrects the data."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from school.access import SignedInRequest
from students.access import is_open, student_page
from students.actions import data as actions
from students.forms.address import AddressForm, initial_address
from students.forms.data import ContactForm, OtherCoverForm, PersonForm
from students.models import Enrollment
from students.queries.aviso import short_aviso
from students.queries.data import Step, manifestacion, next_step
from students.queries.sign_in import data_of
from students.states import OtherCover
from students.views.sign_in import posted
from students.views.steps import (
    PAGES,
    frame,
    go_on,
    question_page,
    refused_in,
    today_of,
    unsent_question_page,
)
from students.views.summary import contact_of_draft, person_rows, summary_rows


@question_page
def continue_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """To the question where the student left."""
    del request
    step = next_step(enrollment)
    return redirect(PAGES[step] if step else "followup:my_steps")


@question_page
def confirm_person(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-02 ¿Eres tú?"""
    student, today = enrollment.student, today_of(enrollment)
    form = PersonForm(posted(request), known=student.curp, today=today)
    if form.is_ready:
        with refused_in(form):
            actions.confirm_person(enrollment, **form.answer, now=timezone.now())
            return go_on(request)
    context = {"form": form, "rows": person_rows(enrollment), "short_aviso": short_aviso()}
    return render(request, "students/person.html", context | frame(enrollment, Step.PERSON))


@question_page
def read_curp(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """What a CURP says, while it is typed; by POST, so that it stands in no address."""
    form = PersonForm(posted(request), known=None, today=today_of(enrollment))
    form.is_valid()
    return render(request, "students/_curp_read.html", {"form": form})


@question_page
def give_contact(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-03 ¿Dónde te avisamos?"""
    form = ContactForm(posted(request), **contact_of_draft(enrollment, today=today_of(enrollment)))
    if form.is_ready:
        with refused_in(form):
            actions.give_contact(enrollment, **form.answer, by=request.user, now=timezone.now())
            return go_on(request)
    context = {"form": form, "data": data_of(enrollment)}
    return render(request, "students/contact.html", context | frame(enrollment, Step.CONTACT))


@unsent_question_page
def give_address(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-04 ¿Dónde vives?"""
    form = AddressForm(posted(request), initial=initial_address(data_of(enrollment)))
    if form.is_valid():
        with refused_in(form):
            actions.give_address(enrollment, **form.answer, by=request.user, now=timezone.now())
            return go_on(request)
    context = {"form": form} | frame(enrollment, Step.ADDRESS)
    return render(request, "students/address.html", context)


@require_GET
@question_page
def find_places(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The colonias of a postal code; nothing before its fifth digit."""
    del enrollment
    form = AddressForm(initial={"postal_code": request.GET.get("postal_code", "")})
    if not (form.is_listed or form.is_free):
        return HttpResponse(status=204)
    return render(request, "students/_places.html", {"form": form, "is_swapped": True})


@unsent_question_page
def give_other_cover(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-05 ¿Ya tienes servicio médico por otro lado?"""
    data = data_of(enrollment)
    form = OtherCoverForm(posted(request), initial={"other_cover": data and data.other_cover})
    if form.is_valid():
        cover = form.cleaned_data["other_cover"]
        with refused_in(form):
            actions.give_other_cover(
                enrollment, other_cover=cover, by=request.user, now=timezone.now()
            )
            return go_on_from_cover(request, cover)
    return render(
        request, "students/other_cover.html", {"form": form} | frame(enrollment, Step.OTHER_COVER)
    )


def go_on_from_cover(request: SignedInRequest, cover: str) -> HttpResponse:
    """Stop at E-05b whoever has other cover; nobody is turned away."""
    if cover in {OtherCover.NONE, OtherCover.UNKNOWN}:
        return go_on(request)
    return redirect("students:consider_other_cover")


@question_page
def consider_other_cover(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-05b Quizá no necesitas este seguro."""
    step = next_step(enrollment)
    context = {"next": PAGES[step] if step else "students:my_data"}
    return render(request, "students/consider_other_cover.html", context)


@question_page
def confirm_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-06 Revisa y confirma."""
    if next_step(enrollment) is not Step.CONFIRM:
        return continue_data(request)
    if request.method == "POST":
        return confirmed(request, enrollment)
    context = {"rows": summary_rows(enrollment), "short_aviso": short_aviso()}
    context |= {"statement": manifestacion(enrollment.data.other_cover)}
    return render(request, "students/confirm.html", context | frame(enrollment, Step.CONFIRM))


def confirmed(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Confirm and lead home; the second tap of two finds it done and leads home as well."""
    try:
        actions.confirm_data(enrollment, by=request.user, now=timezone.now())
    except actions.AlreadyConfirmed:
        return redirect("followup:my_steps")
    except actions.DataRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("students:continue_data")
    messages.success(request, "Guardamos tus datos")
    return redirect("followup:my_steps")


@student_page
def show_my_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-18 Mis datos."""
    data = data_of(enrollment)
    if is_open(enrollment) and (data is None or data.confirmed_at is None):
        return continue_data(request)
    context = {"rows": summary_rows(enrollment), "data": data, "is_open": is_open(enrollment)}
    context["is_at_imss"] = bool(enrollment.sent_to_imss_at)
    return render(request, "students/my_data.html", context)
