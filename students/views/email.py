"""The student's e-mail: confirmed by the code that it received, changed by who proves to read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from school.access import SignedInRequest
from school.middleware import mark_student_sign_in, signed_in_within
from school.views.sessions import session_key
from school.visitors import visitor_of
from students.actions import data as data_actions
from students.actions import sign_in as actions
from students.forms.data import ChangeEmailForm
from students.forms.sign_in import MailedCodeForm
from students.models import Enrollment
from students.queries.sign_in import data_of, mailbox_of
from students.views.sign_in import posted, shown_in
from students.views.steps import question_page, refused_in

SENT = "Te mandamos un código de 6 números. Vence en 10 minutos."


@question_page
def change_email(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Cambiar correo»: right after the owner proved to read the one there is."""
    is_fresh = signed_in_within(request.session, data_actions.FRESH, now=timezone.now())
    form = ChangeEmailForm(posted(request))
    if form.is_ready:
        with refused_in(form):
            data_actions.change_email(
                enrollment,
                **form.cleaned_data,
                is_fresh=is_fresh,
                by=request.user,
                now=timezone.now(),
                keep_session=session_key(request),
            )
            return sent_to_new_address(request)
    return render(request, "students/change_email.html", email_page(enrollment, form, is_fresh))


def email_page(enrollment: Enrollment, form: ChangeEmailForm, is_fresh: bool) -> dict[str, object]:
    """Return the page with its form, or with the button that proves who is here."""
    data = data_of(enrollment)
    must_prove = bool(data and data.email_confirmed_at) and not is_fresh
    return {"form": form, "data": data, "must_prove": must_prove}


def sent_to_new_address(request: HttpRequest) -> HttpResponse:
    """Tell that the change is kept and lead to where the new address is confirmed."""
    messages.success(request, "Guardamos tu correo nuevo. Falta confirmarlo.")
    return redirect("students:my_data")


@require_POST
@question_page
def resend_confirmation(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Reenviar»: a fresh code to the address given."""
    try:
        actions.request_email_code(enrollment, now=timezone.now())
    except actions.TooManyMails as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.info(request, SENT)
    return redirect("students:confirm_email")


@question_page
def confirm_email(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The six digits, typed by who is signed in: confirms the address, or proves to read it."""
    form = MailedCodeForm(
        posted(request), matricula=enrollment.matricula, submit="Confirmar mi correo"
    )
    if form.is_valid():
        with shown_in(form):
            actions.confirm_email(
                enrollment,
                form.cleaned_data["code"],
                visitor=visitor_of(request),
                now=timezone.now(),
            )
            return proved(request, enrollment)
    return render(
        request, "students/confirm_email.html", {"form": form, "mailbox": mailbox_of(enrollment)}
    )


def proved(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    """Note that the owner is here; whose address was confirmed before came to change it."""
    mark_student_sign_in(request.session, now=timezone.now())
    data = data_of(enrollment)
    if data and data.email_confirmed_at:
        return redirect("students:change_email")
    messages.success(request, "Confirmaste tu correo.")
    return redirect("followup:my_steps")
