"""Who leaves together: a group at the end of a ciclo; the bajas of the plantel, and taking those of one press back."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.transitions import TransitionNotAllowed
from school.access import Ability, SignedInRequest, staff_page
from school.models import Plantel
from school.queries.scope import working_planteles
from students.actions import bajas
from students.forms.bajas import LeaversForm, ManyBajasForm
from students.models import Enrollment
from students.queries.bajas import (
    LeaversFilter,
    bajas_for,
    counts_by_group,
    digest_of,
    leavers,
    open_groups,
    open_semesters,
    together,
)
from students.views.bajas import CONFIRM, REFUSALS

STAYS = "sigue"
SEEN = "vistos"
PAGE = 50
NOBODY = "Nadie queda en la lista: todos siguen inscritos"
CHANGED = "La lista cambió mientras se revisaba. Revisarla otra vez"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.WITHDRAW_STUDENT)
def withdraw_students(request: SignedInRequest) -> HttpResponse:
    """«Egreso»: everybody of a group or semester, except who is said to stay."""
    planteles = list(working_planteles(request, Ability.WITHDRAW_STUDENT))
    wanted = _wanted(request, planteles)
    today = timezone.localdate(timezone.now(), wanted.plantel.zone)
    form = ManyBajasForm(request.POST if request.method == "POST" else None, today=today)
    stays = list(leavers(wanted))
    if form.is_valid():
        return _checked(request, wanted, form, stays)
    return _ask(request, planteles, wanted, form, stays)


@require_safe
@staff_page(Ability.WITHDRAW_STUDENT)
def list_bajas(request: SignedInRequest) -> HttpResponse:
    """The bajas that hold, newest first; with `juntas` those of one press, which may be undone together."""
    planteles = working_planteles(request, Ability.WITHDRAW_STUDENT)
    found = bajas_for(request.user).filter(enrollment__plantel__in=planteles)
    at = _moment(request.GET.get("juntas", ""))
    if at is not None:
        found = together(found, at)
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    context = {"page_obj": page, "at": at, "has_planteles": len(planteles) > 1}
    return render(request, "students/bajas.html", context)


@require_POST
@staff_page(Ability.WITHDRAW_STUDENT)
def reinstate_students(request: SignedInRequest) -> HttpResponse:
    """«Deshacer»: the bajas that were registered with one press and still hold."""
    at = _moment(request.POST.get("juntas", ""))
    found = together(bajas_for(request.user), at) if at else bajas_for(request.user).none()
    stays = list(found.values_list("enrollment", flat=True))
    try:
        count = bajas.reinstate_students(stays, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        say = messages.success if count else messages.error
        say(request, f"Bajas deshechas: {count:,}")
    return redirect("students:bajas")


def _ask(
    request: SignedInRequest,
    planteles: list[Plantel],
    wanted: LeaversFilter,
    form: ManyBajasForm,
    stays: list[Enrollment],
) -> HttpResponse:
    chosen = {
        "plantel": wanted.plantel.clave,
        "grupo": wanted.group,
        "semestre": wanted.semester,
    }
    choose = LeaversForm(
        initial=chosen,
        planteles=[(one.clave, str(one)) for one in planteles],
        groups=open_groups(wanted.plantel),
        semesters=open_semesters(wanted.plantel),
    )
    context = {
        "choose": choose,
        "wanted": wanted,
        "form": form,
        "stays": stays,
        "staying": set(request.POST.getlist(STAYS)),
    }
    return render(request, "students/withdraw_many.html", context)


def _checked(
    request: SignedInRequest, wanted: LeaversFilter, form: ManyBajasForm, stays: list[Enrollment]
) -> HttpResponse:
    staying = set(request.POST.getlist(STAYS))
    leaving = [stay for stay in stays if stay.public_id not in staying]
    seen = digest_of(leaving)
    if not leaving:
        messages.error(request, NOBODY)
        return redirect(_address(wanted))
    if CONFIRM in request.POST and request.POST.get(SEEN) == seen:
        return _end(request, wanted, form, leaving)
    if CONFIRM in request.POST:
        messages.warning(request, CHANGED)
    context: dict[str, Any] = {
        "wanted": wanted,
        "form": form,
        "kind": form.cleaned_data["kind"].label,
        "on_date": form.cleaned_data["on_date"],
        "leaving": leaving,
        "seen": seen,
        "groups": counts_by_group(leaving),
        "staying": [stay for stay in stays if stay.public_id in staying],
        "at_imss": sum(1 for stay in leaving if stay.sent_to_imss_at),
        "back_url": _address(wanted),
    }
    return render(request, "students/withdraw_many_check.html", context)


def _end(
    request: SignedInRequest,
    wanted: LeaversFilter,
    form: ManyBajasForm,
    leaving: list[Enrollment],
) -> HttpResponse:
    now = timezone.now()
    keys = [stay.pk for stay in leaving]
    try:
        bajas.withdraw_students(keys, **form.cleaned_data, by=request.user, now=now)
    except (TransitionNotAllowed, bajas.BajaDateRefused) as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_address(wanted))
    messages.success(request, f"Bajas registradas: {len(leaving):,}")
    return redirect(f"{reverse('students:bajas')}?{urlencode({'juntas': now.isoformat()})}")


def _wanted(request: SignedInRequest, planteles: list[Plantel]) -> LeaversFilter:
    """What is asked for; what is on no list is not asked (security T24)."""
    asked = request.POST if request.method == "POST" else request.GET
    named = [one for one in planteles if one.clave == asked.get("plantel", "")]
    plantel = (named or planteles)[0]
    group, semester = asked.get("grupo", ""), asked.get("semestre", "")
    return LeaversFilter(
        plantel,
        group=group if group in open_groups(plantel) else "",
        semester=semester if semester in open_semesters(plantel) else "",
    )


def _address(wanted: LeaversFilter) -> str:
    chosen = {
        "plantel": wanted.plantel.clave,
        "semestre": wanted.semester,
        "grupo": wanted.group,
    }
    return f"{reverse('students:withdraw_students')}?{urlencode(chosen)}"


def _moment(text: str) -> datetime | None:
    """The moment of one press; what is none asks for nothing."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
