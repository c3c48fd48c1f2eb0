"""C-07 Vencidos: the list, «Avisar a los N» with its preview, WhatsApp, and «Dar prórroga»."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.dates import weekday_date
from common.quiet_hours import end_of_quiet
from followup.actions.errors import REFUSALS
from followup.actions.extensions import extend_deadline
from followup.actions.overdue import notify_overdue, open_whatsapp, take_overdue_drafts
from followup.actions.papers import summon_overdue
from followup.forms.overdue import ExtensionForm, OverdueFilterForm
from followup.queries.overdue import (
    CHANNEL_LABELS,
    CHANNELS,
    DRAFT,
    NoticePlan,
    OverdueFilter,
    mail_of,
    notice_plans,
    overdue_rows,
    overdue_stays,
    result_in_words,
    taken_in_words,
)
from followup.queries.progress import standing_of
from followup.queries.students import groups_in
from followup.stages import ACUSE_ASKED
from followup.states import ReminderChannel
from notices.render import render_mail, sender_of
from nss.actions.errors import ReasonTooShort
from papers.actions import LotRefused
from school.access import Ability, SignedInRequest, planteles_by_ability, roles_held, staff_page
from school.models import Plantel
from school.queries.scope import working_planteles
from students.models import Enrollment, Extension
from students.queries.enrollments import enrollments_for

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment
    from followup.queries.reach import ReachableStay

PAGE = 50


@require_safe
@staff_page(Ability.SEE_STUDENTS)
def list_overdue(request: SignedInRequest) -> HttpResponse:
    """Whose deadline has passed, the longest overdue first; no CURP, no NSS."""
    planteles, now = working_planteles(request, Ability.SEE_STUDENTS), timezone.now()
    groups = groups_in(planteles)
    wanted = _wanted(request, groups)
    where = planteles_by_ability(roles_held(request.user), planteles)
    page = Paginator(overdue_stays(planteles, wanted, now=now), PAGE).get_page(
        request.GET.get("pagina")
    )
    context = {"page_obj": page, "rows": overdue_rows(page.object_list, where), "wanted": wanted}
    context |= _about_list(planteles, where, wanted, now=now) | {"form": _filter(wanted, groups)}
    return render(request, "followup/overdue.html", context)


@staff_page(Ability.NOTIFY_STUDENTS)
def notify_overdue_students(request: SignedInRequest) -> HttpResponse:
    """«Avisar a los N»: who gets what, with the first mail as it will arrive; then it is sent."""
    planteles, now = working_planteles(request, Ability.NOTIFY_STUDENTS), timezone.now()
    wanted = _wanted(request, groups_in(planteles)).whom
    if request.method != "POST":
        return _preview(request, planteles, wanted, now=now)
    told = notify_overdue(planteles, wanted, by=request.user, now=now)
    messages.success(request, result_in_words(told, _leaves_at(planteles, now)))
    return redirect(_list_url(wanted))


@require_POST
@staff_page(Ability.UPLOAD_FOR_STUDENT)
def take_drafts(request: SignedInRequest) -> HttpResponse:
    """«Tomar los N archivos»: what the overdue left unconfirmed goes into review."""
    planteles = working_planteles(request, Ability.UPLOAD_FOR_STUDENT)
    wanted = _wanted(request, groups_in(planteles)).whom
    taken = take_overdue_drafts(planteles, wanted, by=request.user, now=timezone.now())
    messages.success(request, taken_in_words(taken))
    return redirect(_list_url(wanted))


@require_POST
@staff_page(Ability.NOTIFY_STUDENTS)
def print_citatorios(request: SignedInRequest) -> HttpResponse:
    """«Imprimir citatorios»: of those whom no mail reaches; of several planteles it is a lot each."""
    planteles, now = working_planteles(request, Ability.NOTIFY_STUDENTS), timezone.now()
    wanted = _wanted(request, groups_in(planteles)).whom
    try:
        jobs = summon_overdue(planteles, wanted, by=request.user, now=now)
    except LotRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_list_url(wanted))
    if len(jobs) > 1:
        return redirect("papers:print_jobs")
    return redirect("papers:show_print_job", jobs[0].public_id)


@require_POST
@staff_page(Ability.NOTIFY_STUDENTS)
def open_whatsapp_for(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Written down, then on to WhatsApp, where the person sends the words.

    By the header Refresh and not by a redirect: the policy of our pages lets a form lead to no other host.
    """
    enrollment = _stay_or_404(request, public_id, Ability.NOTIFY_STUDENTS)
    try:
        url = open_whatsapp(enrollment, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return redirect("followup:overdue")
    response = render(request, "followup/whatsapp.html", {"enrollment": enrollment, "url": url})
    response["Refresh"] = f"0; url={url}"
    return response


@staff_page(Ability.EXTEND_DEADLINE)
def extend_deadline_of(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Dar prórroga»: another day and why."""
    now = timezone.now()
    stay = standing_of(_stay_or_404(request, public_id, Ability.EXTEND_DEADLINE), now=now)
    posted = request.POST if request.method == "POST" else None
    form = ExtensionForm(posted, first_day=stay.local_day)
    if form.is_valid():
        try:
            given = extend_deadline(stay, **form.cleaned_data, by=request.user, now=now)
        except REFUSALS as refusal:
            form.add_error(_field_of(refusal), refusal.sentence)
        else:
            return _extended(request, stay, given)
    return _ask_extension(request, stay, form)


def _wanted(request: SignedInRequest, groups: list[str]) -> OverdueFilter:
    """What the address asks for; what is on no list is not asked (security T24)."""
    group, channel = request.GET.get("grupo", ""), request.GET.get("canal", "")
    return OverdueFilter(
        group=group if group in groups else "",
        channel=channel if channel in CHANNELS else "",
        has_draft=request.GET.get("archivo") == DRAFT,
        student=request.GET.get("estudiante", ""),
    )


def _filter(wanted: OverdueFilter, groups: list[str]) -> OverdueFilterForm:
    chosen = {"grupo": wanted.group, "canal": wanted.channel}
    chosen["archivo"] = DRAFT if wanted.has_draft else ""
    return OverdueFilterForm(initial=chosen, groups=groups)


def _about_list(
    planteles: QuerySet[Plantel],
    where: dict[Ability, list[Plantel]],
    wanted: OverdueFilter,
    *,
    now: datetime,
) -> dict[str, Any]:
    """How many by channel, and whom the person may tell with one press, or take the file of."""
    plans = notice_plans(overdue_stays(planteles, wanted.whom, now=now))
    return {
        "whom": _query(wanted.whom),
        "to_tell": _of_own(plans, where, Ability.NOTIFY_STUDENTS),
        "to_take": _of_own(plans, where, Ability.UPLOAD_FOR_STUDENT),
        "drafts": sum(plan.drafts for plan in plans.values()),
        "channel_name": CHANNEL_LABELS[CHANNELS[wanted.channel]] if wanted.channel else "",
        "has_planteles": len(planteles) > 1,
        "today": timezone.localdate(now),
        "sees_phones": Ability.SEE_ADDRESS in where,
        "has_actions": not where.keys().isdisjoint(
            {Ability.NOTIFY_STUDENTS, Ability.EXTEND_DEADLINE, Ability.UPLOAD_FOR_STUDENT}
        ),
    }


def _of_own(
    plans: dict[int, NoticePlan], where: dict[Ability, list[Plantel]], ability: Ability
) -> NoticePlan | None:
    """The plan of the planteles in which the person may do that; None where that is nowhere."""
    mine = [one.pk for one in where.get(ability, [])]
    return sum((plans.get(pk, NoticePlan()) for pk in mine), NoticePlan()) if mine else None


def _preview(
    request: SignedInRequest, planteles: QuerySet[Plantel], wanted: OverdueFilter, *, now: datetime
) -> HttpResponse:
    stays = overdue_stays(planteles, wanted, now=now)
    first = stays.filter(channel=ReminderChannel.MAIL, told_by=None).first()
    context: dict[str, Any] = {
        "plan": sum(notice_plans(stays).values(), NoticePlan()),
        "wanted": wanted,
        "whom": _query(wanted),
        "back_url": _list_url(wanted),
        "whatsapp_list": _list_url(replace(wanted, channel="whatsapp")),
        "paper_list": _list_url(replace(wanted, channel="citatorio")),
    }
    if first is not None:
        context |= _first_mail(first, now=now)
    return render(request, "followup/overdue_notice.html", context)


def _first_mail(stay: "ReachableStay", *, now: datetime) -> dict[str, Any]:
    mail, leaves_at = mail_of(stay), end_of_quiet(now, stay.plantel.zone)
    written = render_mail(mail, {})
    return {
        "first": stay,
        "mail": mail,
        "subject": written.subject,
        "sender": sender_of(mail),
        "mail_text": written.text,
        "leaves_at": leaves_at if leaves_at > now else None,
    }


def _leaves_at(planteles: QuerySet[Plantel], now: datetime) -> datetime | None:
    """When mails leave that must wait for the morning, by the first plantel's clock; None for now."""
    first = planteles.first()
    leaves_at = end_of_quiet(now, first.zone) if first else now
    return leaves_at if leaves_at > now else None


def _list_url(wanted: OverdueFilter) -> str:
    return reverse("followup:overdue") + _query(wanted)


def _query(wanted: OverdueFilter) -> str:
    """What an address asks for, with its question mark; empty for all."""
    asked = {"grupo": wanted.group, "canal": wanted.channel, "estudiante": wanted.student}
    asked = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def _stay_or_404(request: SignedInRequest, public_id: str, ability: Ability) -> Enrollment:
    return get_object_or_404(enrollments_for(request.user, ability), public_id=public_id)


def _field_of(refusal: Exception) -> str:
    return "reason" if isinstance(refusal, ReasonTooShort) else "due_on"


def _extended(request: SignedInRequest, stay: Enrollment, given: Extension) -> HttpResponse:
    messages.success(
        request,
        f"{stay.student.full_name} tiene hasta el {weekday_date(given.due_on)}. Ya lo ve en «Mi trámite».",
    )
    return redirect("followup:student_file", public_id=stay.public_id)


def _ask_extension(
    request: SignedInRequest, stay: "StandingEnrollment", form: ExtensionForm
) -> HttpResponse:
    context = {
        "form": form,
        "enrollment": stay,
        "is_asked": stay.stage in ACUSE_ASKED and stay.due_on is not None,
        "back_url": reverse("followup:student_file", args=[stay.public_id]),
    }
    return render(request, "followup/extend_deadline.html", context)
