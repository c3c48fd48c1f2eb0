"""What was ordered: one's own sheets and the lots of one's planteles; progress, download, cancel."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from common.transitions import TransitionNotAllowed
from papers.actions import AlreadyPrinted, SheetsGone, download_lot, take_download
from papers.actions import cancel_print_job as cancel
from papers.actions import mark_printed as mark
from papers.models import PrintJob
from papers.queries import papers_in, print_jobs_for
from papers.states import WAITING
from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    fresh_for,
    may,
    require,
    staff_page,
)
from school.models import User
from school.states import Role

A_PAGE = 25
TO_PRINT = (
    (
        Ability.PRINT_PAPERS,
        "followup:print_for_groups",
        "renuncias",
        "Renuncias",
        "las que faltan por firmar, una hoja por estudiante",
    ),
    (
        Ability.PRINT_PAPERS,
        "followup:print_for_groups",
        "citatorios",
        "Citatorios",
        "para quien no tiene correo ni WhatsApp",
    ),
    (
        Ability.PRINT_CODES,
        "students:print_slips",
        "",
        "Códigos de activación",
        "10 por hoja, con líneas de corte",
    ),
    (
        Ability.PRINT_PAPERS,
        "followup:print_for_groups",
        "listas",
        "Listas de grupo",
        "para la tutora o el tutor del grupo",
    ),
    (Ability.PRINT_PAPERS, "followup:print_for_groups", "guia", "Guía", "en una hoja Carta"),
)
"""What can be ordered: who may, where, what it is called and what comes out."""


@dataclass(frozen=True)
class ToPrint:
    """One line of what can be ordered."""

    url: str
    label: str
    hint: str


def to_print(user: User) -> list[ToPrint]:
    """Return what the person may order."""
    abilities = abilities_of(user)
    return [
        ToPrint(reverse(name, args=[kind] if kind else []), label, hint)
        for ability, name, kind, label, hint in TO_PRINT
        if ability in abilities
    ]


def _job_of(request: SignedInRequest, public_id: str) -> PrintJob:
    return get_object_or_404(print_jobs_for(request.user), public_id=public_id)


def _job_to_print(request: SignedInRequest, public_id: str) -> PrintJob:
    """Return a job of a plantel in which the person prints; who only sees it there is refused."""
    job = _job_of(request, public_id)
    require(request.user, Ability.PRINT_PAPERS, job.plantel)
    return job


@staff_page(Ability.SEE_PRINT_JOBS)
@require_safe
def print_jobs(request: SignedInRequest) -> HttpResponse:
    """C-11: what can be printed, and what the person and the planteles ordered."""
    page = Paginator(print_jobs_for(request.user), A_PAGE).get_page(request.GET.get("pagina"))
    context = {"page_obj": page, "to_print": to_print(request.user)}
    return render(request, "papers/print_jobs.html", context)


@staff_page(Ability.SEE_PRINT_JOBS)
@require_safe
def show_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show how far one job has come; the page asks again by itself."""
    job = _job_of(request, public_id)
    is_waiting = job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.htmx:
        return render(request, "papers/_progress.html", {"job": job})
    may_print = may(request.user, Ability.PRINT_PAPERS, job.plantel)
    context = {"job": job, "is_waiting": is_waiting, "may_print": may_print}
    return render(request, "papers/print_job.html", context | _of_lot(request, job))


def _of_lot(request: SignedInRequest, job: PrintJob) -> dict[str, Any]:
    if not job.is_lot:
        return {}
    page = Paginator(papers_in(job), A_PAGE).get_page(request.GET.get("pagina"))
    return {"page_obj": page, "downloads": job.downloads.select_related("by")}


@staff_page(Ability.PRINT_PAPERS)
@fresh_for(Role.ADMIN)
@require_POST
def download_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand out the PDF: of a lot for a week, of anything else once."""
    job, now = _job_to_print(request, public_id), timezone.now()
    try:
        pdf = (
            download_lot(job, by=request.user, now=now)
            if job.is_lot
            else take_download(job, now=now)
        )
    except SheetsGone as error:
        messages.error(request, error.sentence)
        return redirect("papers:show_print_job", job.public_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{job.file_name}.pdf")
    return response


@staff_page(Ability.PRINT_PAPERS)
@fresh_for(Role.ADMIN)
@require_POST
def cancel_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Call off a job that is not drawn yet."""
    job = _job_to_print(request, public_id)
    try:
        cancel(job)
    except TransitionNotAllowed:
        messages.error(
            request, "Ya no se puede cancelar: las hojas ya se están imprimiendo o están listas"
        )
    return redirect("papers:show_print_job", job.public_id)


@staff_page(Ability.PRINT_PAPERS)
@fresh_for(Role.ADMIN)
@require_POST
def mark_printed(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Ya las imprimí»."""
    job = _job_to_print(request, public_id)
    try:
        mark(job, by=request.user, now=timezone.now())
    except AlreadyPrinted as error:
        messages.info(request, error.sentence)
    except TransitionNotAllowed:
        messages.error(request, "Estas hojas todavía no están listas")
    return redirect("papers:show_print_job", job.public_id)
