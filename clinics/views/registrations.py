"""C-06: the list of who registered, and what staff enters or takes back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinics import actions
from clinics.actions.errors import REFUSALS
from clinics.forms.staff import ClinicForStudentForm, FindStudentForm, GroupForm
from clinics.queries.insured import has_clinic, registration_of
from clinics.queries.registrations import (
    ASKED,
    CLINIC_FILTERS,
    PLANNED,
    ClinicFilter,
    clinic_counts,
    clinic_list,
    insured_groups,
)
from clinics.queries.umfs import umf_suggestions
from clinics.views.lists import (
    PAGE,
    chips_of,
    one_of,
    planteles_of,
    posted,
    stay_or_404,
    today_in,
)
from school.access import Ability, SignedInRequest, abilities_of, staff_page
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
        "is_anybody_invited": counts[ASKED] + counts[PLANNED] > 0,
        "group_form": GroupForm(
            initial={"estado": wanted.state, "grupo": wanted.group}, groups=groups
        ),
        "search_form": FindStudentForm(initial={"q": wanted.typed}),
        "may_open": Ability.OPEN_CLINICS in abilities_of(request.user),
    }
    return render(request, "clinics/clinics.html", context)


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
