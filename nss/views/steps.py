"""E-11, E-12 and E-13: does it read well, is this your NSS, we received it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.uploads.refusals import Refusal, sentence_of
from nss.actions.errors import REFUSALS, DataNotConfirmed, UploadNotAsked
from nss.actions.upload import answer_nss, claim_acuse, send_acuse
from nss.forms.reading import ReadNSSForm, TypedNSSForm
from nss.models import MAX_PHOTOS, Acuse, Reading
from nss.queries.acuses import (
    current_acuse,
    files_of,
    may_add_photo,
    nss_holder,
    read_nss,
    read_value,
    reading_of,
    sent_acuse,
)
from nss.queries.question import Question, quality_hints, question_of, refused_photos
from nss.queries.receipts import receipt_of
from nss.states import AcuseState, NSSAnswer
from nss.views.pictures import crop_of, pictures_of
from nss.views.upload import not_asked
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment
from students.states import FileState

LAST_POLL = 7
"""Two seconds apart: the page asks for about 15 s, then the next visit does."""


@student_page
def confirm_acuse(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-11 «¿Se lee tu NSS y tu CURP?»: the draft is looked at, then sent."""
    acuse = current_acuse(enrollment)
    if acuse is None:
        return redirect("nss:upload")
    if request.method == "POST":
        return _send(request, acuse)
    if acuse.state == AcuseState.REFUSED:
        return render(request, "nss/refused.html", {"refusal": _refusal(acuse)})
    if acuse.state != AcuseState.DRAFT:
        return redirect("nss:sent", acuse.public_id)
    return _show_draft(request, acuse)


@student_page
def answer_reading(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-12 «¿Este es tu NSS?»: a question, never a verdict."""
    acuse = current_acuse(enrollment)
    if acuse is None or acuse.state in {AcuseState.DRAFT, AcuseState.REFUSED}:
        return redirect("nss:confirm")
    reading = reading_of(acuse)
    question = question_of(acuse, reading)
    if question in {Question.NONE, Question.WAIT}:
        return redirect("nss:sent", acuse.public_id)
    if question == Question.OTHER_PERSON:
        return _ask_whose(request, acuse, reading)
    return _ask_number(request, acuse, reading, question)


@require_safe
@student_page
def show_sent(request: SignedInRequest, enrollment: Enrollment, public_id: str) -> HttpResponse:
    """E-13 «Recibimos tu acuse»: the receipt, to come back to at any time."""
    acuse = sent_acuse(enrollment, public_id)
    if acuse is None:
        raise Http404
    context = _receipt(acuse) | {
        "question": question_of(acuse, reading_of(acuse)),
        "next_poll": _next_poll(request),
        "pictures": pictures_of(acuse),
    }
    template = "nss/_question.html" if request.htmx else "nss/sent.html"
    return render(request, template, context)


def _receipt(acuse: Acuse) -> dict[str, object]:
    """The facts of E-13, and where the answer goes."""
    enrollment = acuse.request.enrollment
    data = getattr(enrollment, "data", None)
    return {
        "acuse": acuse,
        "receipt": receipt_of(acuse),
        "email": (data.email if data else "") or enrollment.roster_email,
    }


def _refusal(acuse: Acuse) -> str:
    """Why the file was not accepted after all, as the student reads it."""
    code = acuse.file.refusal
    return sentence_of(Refusal(code)) if code else sentence_of(Refusal.PDF_DAMAGED)


def _send(request: SignedInRequest, acuse: Acuse) -> HttpResponse:
    if request.POST.get("acuse", acuse.public_id) != acuse.public_id:
        messages.info(request, "Subiste otro archivo después. Revisa este antes de enviarlo")
        return redirect("nss:confirm")
    is_own = "es_mio" in request.POST
    try:
        sent = send_acuse(acuse, by=request.user, now=timezone.now(), is_claimed_own=is_own)
    except (UploadNotAsked, DataNotConfirmed) as refused:
        return not_asked(request, refused)
    except REFUSALS:
        return redirect("nss:confirm")
    if question_of(sent, reading_of(sent)) in {Question.CONFIRM, Question.TYPE}:
        return redirect("nss:reading")
    return redirect("nss:sent", sent.public_id)


def _show_draft(request: SignedInRequest, acuse: Acuse) -> HttpResponse:
    reading = reading_of(acuse)
    if question_of(acuse, reading) == Question.OTHER_PERSON:
        template = "nss/_other_person_found.html" if request.htmx else "nss/other_person.html"
        return render(request, template, _whose(acuse, reading))
    files, pictures = files_of(acuse), pictures_of(acuse)
    is_read = reading is not None and reading.photos >= len(files)
    context = {
        "acuse": acuse,
        "pictures": pictures,
        "is_drawn": len(pictures) >= sum(file.state != FileState.REFUSED for file in files),
        "hints": refused_photos(files) + quality_hints(reading),
        "next_poll": None if is_read else _next_poll(request),
        "photos": len(files),
        "max_photos": MAX_PHOTOS,
        "may_add_photo": may_add_photo(acuse),
    }
    return render(request, "nss/_preview.html" if request.htmx else "nss/confirm.html", context)


def _ask_whose(request: SignedInRequest, acuse: Acuse, reading: Reading | None) -> HttpResponse:
    if request.method != "POST":
        return render(request, "nss/other_person.html", _whose(acuse, reading))
    try:
        claim_acuse(acuse, by=request.user, now=timezone.now())
    except REFUSALS as refused:
        messages.info(request, refused.sentence)
    return redirect("nss:reading")


def _whose(acuse: Acuse, reading: Reading | None) -> dict[str, object]:
    own = acuse.request.enrollment.student.curp or ""
    return {"acuse": acuse, "read_curp": read_value(reading, "curp"), "own_curp": own}


def _ask_number(
    request: SignedInRequest, acuse: Acuse, reading: Reading | None, question: Question
) -> HttpResponse:
    form_class = ReadNSSForm if question == Question.CONFIRM else TypedNSSForm
    is_skipped = "no_lo_encuentro" in request.POST
    form = form_class(None if is_skipped else request.POST or None)
    if is_skipped or form.is_valid():
        return _keep_answer(request, acuse, reading, {} if is_skipped else form.cleaned_data)
    context = {
        "form": form,
        "acuse": acuse,
        "nss": read_nss(reading),
        "crop": crop_of(acuse, reading),
        "is_retyped": acuse.state == AcuseState.RETURNED,
    }
    page = "nss/read_nss.html" if question == Question.CONFIRM else "nss/type_nss.html"
    return render(request, page, context)


def _keep_answer(
    request: SignedInRequest, acuse: Acuse, reading: Reading | None, data: dict[str, str]
) -> HttpResponse:
    typed = data.get("typed_nss", "")
    answer = NSSAnswer(data["answer"]) if data.get("answer") else None
    if not typed and answer is None:
        answer = NSSAnswer.UNKNOWN
    try:
        kept = answer_nss(
            acuse, answer=answer, typed_nss=typed, by=request.user, now=timezone.now()
        )
    except REFUSALS as refused:
        messages.info(request, refused.sentence)
        return redirect("followup:my_steps")
    number = typed or (read_nss(reading) if answer == NSSAnswer.SAME else "")
    if number and nss_holder(number, other_than=kept.request.enrollment.student):
        messages.warning(request, "Tu plantel va a revisar este número contigo")
    return redirect("nss:sent", kept.public_id)


def _next_poll(request: SignedInRequest) -> int | None:
    """The number of the next question to the server, None when the page has asked often enough."""
    asked = request.GET.get("vuelta", "0")
    count = int(asked) + 1 if asked.isdecimal() and len(asked) < 3 else LAST_POLL
    return count if count <= LAST_POLL else None
