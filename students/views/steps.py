"""Where the questions E-02…E-06 stand in their order, and what their pages share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from school.access import SignedInRequest
from students.access import is_open, own_enrollment, student_page
from students.actions.data import DataRefused
from students.models import Enrollment
from students.queries.data import Step, next_step
from students.queries.sign_in import data_of

View = Callable[..., HttpResponse]

PAGES = {
    Step.PERSON: "students:confirm_person",
    Step.CONTACT: "students:contact",
    Step.ADDRESS: "students:address",
    Step.OTHER_COVER: "students:other_cover",
    Step.CONFIRM: "students:confirm_data",
}
QUESTIONS = 4
SAVED = "Guardamos el cambio."


def question_page(view: View) -> View:
    """Guard a question: the student's own, and only while the stay is open; else «Mis datos»."""

    @student_page
    @wraps(view)
    def guarded(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
        if not is_open(enrollment):
            return redirect("students:my_data")
        return view(request, enrollment)

    return guarded


def unsent_question_page(view: View) -> View:
    """Guard a question whose answer goes to IMSS: once it went, Control Escolar changes it."""

    @question_page
    @wraps(view)
    def guarded(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
        if enrollment.sent_to_imss_at:
            return redirect("students:my_data")
        return view(request, enrollment)

    return guarded


@contextmanager
def refused_in(form: forms.Form) -> Iterator[None]:
    """Show what an action refused where it belongs."""
    try:
        yield
    except DataRefused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)


def today_of(enrollment: Enrollment) -> date:
    """Return the date on the plantel's own clock."""
    return timezone.localdate(timezone=enrollment.plantel.zone)


def go_on(request: SignedInRequest) -> HttpResponse:
    """Lead to the first question without an answer; who only corrects returns to «Mis datos»."""
    enrollment = own_enrollment(request.user)
    step = next_step(enrollment) if enrollment else None
    if step is None:
        messages.success(request, SAVED)
        return redirect("students:my_data")
    return redirect(PAGES[step])


def frame(enrollment: Enrollment, step: Step) -> dict[str, Any]:
    """Return what every question shows around it: where it stands and where «Regresar» leads."""
    data = data_of(enrollment)
    if data and data.confirmed_at:
        return {"back_url": reverse("students:my_data")}
    numbered = {} if step is Step.CONFIRM else {"step": step.value, "steps": QUESTIONS}
    return {"back_url": reverse(_before(enrollment, step)), **numbered}


def _before(enrollment: Enrollment, step: Step) -> str:
    if step is not Step.CONFIRM and next_step(enrollment) is Step.CONFIRM:
        return PAGES[Step.CONFIRM]
    return PAGES[Step(step.value - 1)] if step.value > 1 else "followup:my_steps"
