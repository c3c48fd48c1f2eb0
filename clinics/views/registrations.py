"""C-06 «Abrir paso de clínica», the list of who registered, and what staff enters or takes back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinics import actions
from clinics.actions.errors import REFUSALS
from clinics.forms.staff import ClinicForStudentForm, FindStudentForm, GroupForm, OpeningForm
from clinics.queries.insured import has_clinic, registration_of
from clinics.queries.registrations import (
    CLINIC_FILTERS,
    ClinicFilter,
    Selection,
    batches_to_open,
    clinic_counts,
    clinic_list,
    count_to_open,
    groups_to_open,
    insured_groups,
    stays_to_open,
)
from clinics.queries.umfs import umf_suggestions
from clinics.views.lists import (
    PAGE,
    asked_of,
    chips_of,
    chosen_plantel,
    one_of,
    plantel_choices,
    planteles_of,
    posted,
    stay_or_404,
    today_in,
)
from common.dates import weekday_date
from school.access import Ability, SignedInRequest, abilities_of, staff_page
from school.models import Plantel
from students.actions.files import UploadRefused
from students.models import Enrollment


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.SEE_CLINICS)
def list_clinics(request: SignedInRequest) -> HttpResponse:
    """The insured students by where their clinic step stands; a search is sent, so that no address names a person."""
    planteles = planteles_of(request, Ability.SEE_CLINICS)
    today, groups = today_in(planteles), insured_groups(planteles)
    wanted = _wanted(request, groups)
    rows = clinic_list(planteles, wanted, today=today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("pagina"))
    counts = clinic_counts(planteles, today=today)
    context = {
        "page_obj": page,
        "wanted": wanted,
        "chips": chips_of(CLINIC_FILTERS, counts, wanted.state),
        "is_anybody_insured": any(counts.values()),
        "group_form": GroupForm(
            initial={"estado": wanted.state, "grupo": wanted.group}, groups=groups
        ),
        "search_form": FindStudentForm(initial={"q": wanted.typed}),
        "may_open": Ability.OPEN_CLINICS in abilities_of(request.user),
    }
    return render(request, "clinics/clinics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def open_clinics(request: SignedInRequest) -> HttpResponse:
    """«Abrir paso de clínica»: for a batch, a group or everybody; how many it is stands there before."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = _opening_form(request, planteles)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        chosen = _chosen(planteles, form)
        if request.method == "POST" and _opened(request, chosen, form):
            return redirect("clinics:clinics")
        context |= {
            "chosen": chosen,
            "counts": count_to_open(chosen),
            "day": form.cleaned_data["dia"],
        }
    return render(request, "clinics/open_clinics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def register_for_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar su clínica»: from the carnet that the student brought."""
    stay = stay_or_404(request, public_id)
    form = ClinicForStudentForm(*posted(request))
    if form.is_valid() and _registered(request, stay, form):
        return redirect("followup:student_file", stay.public_id)
    registration = registration_of(stay)
    context = {
        "form": form,
        "enrollment": stay,
        "registration": registration if has_clinic(registration) else None,
        "umfs": umf_suggestions(stay.plantel),
    }
    return render(request, "clinics/register_for_student.html", context)


@require_POST
@staff_page(Ability.OPEN_CLINICS)
def undo_registration(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Quitar»: a clinic that was entered by mistake."""
    stay = stay_or_404(request, public_id)
    registration = registration_of(stay)
    if registration is not None:
        try:
            actions.undo_registration(registration, by=request.user, now=timezone.now())
        except REFUSALS as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Se quitó la clínica de {stay.student.full_name}")
    return redirect("clinics:register_for_student", stay.public_id)


def _wanted(request: SignedInRequest, groups: list[str]) -> ClinicFilter:
    """A search is sent to the address of the list that is open, and looks in it."""
    return ClinicFilter(
        state=one_of(request.GET.get("estado", ""), dict(CLINIC_FILTERS)),
        group=one_of(request.GET.get("grupo", ""), ["", *groups]),
        typed=request.POST.get("q", "").strip()[:120],
    )


def _opening_form(request: SignedInRequest, planteles: list[Plantel]) -> OpeningForm:
    """Bound once something is asked; what it offers is of the plantel that is asked for."""
    asked = asked_of(request)
    plantel = chosen_plantel(planteles, asked.get("plantel", ""))
    return OpeningForm(
        asked if "plantel" in asked else None,
        planteles=plantel_choices(planteles),
        groups=groups_to_open(plantel),
        batches=batches_to_open(plantel),
        today=today_in([plantel]),
    )


def _chosen(planteles: list[Plantel], form: OpeningForm) -> Selection:
    data = form.cleaned_data
    return Selection(chosen_plantel(planteles, data["plantel"]), data["grupo"], data["lote"])


def _opened(request: SignedInRequest, chosen: Selection, form: OpeningForm) -> bool:
    day = form.cleaned_data["dia"]
    try:
        opened = actions.open_clinics(
            list(stays_to_open(chosen)), opens_on=day, by=request.user, now=timezone.now()
        )
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return False
    who = "1 estudiante" if len(opened) == 1 else f"{len(opened):,} estudiantes"
    when = "ya está abierto" if day == form.today else f"se abre el {weekday_date(day)}"
    messages.success(request, f"El paso de clínica {when} para {who}.")
    return True


def _registered(request: SignedInRequest, stay: Enrollment, form: ClinicForStudentForm) -> bool:
    try:
        actions.register_clinic_for_student(
            stay,
            form.report,
            carnet=form.cleaned_data["carnet"],
            by=request.user,
            now=timezone.now(),
        )
    except UploadRefused as refused:
        form.add_error("carnet", refused.staff_sentence)
    except REFUSALS as refusal:
        form.add_error(None, refusal.sentence)
    else:
        messages.success(request, f"Se registró la clínica de {stay.student.full_name}")
    return not form.errors
