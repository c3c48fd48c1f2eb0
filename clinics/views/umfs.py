"""The catalogue of clinics of a plantel: seen, written by hand, imported."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinics import actions
from clinics.actions.errors import REFUSALS
from clinics.actions.umfs import ImportedUMFs
from clinics.forms.staff import ImportUMFsForm, UMFForm
from clinics.models import UMF
from clinics.queries.umfs import umf_list
from clinics.views.lists import chosen_plantel, plantel_choices, planteles_of, posted
from common.uploads import NoSlot
from school.access import Ability, SignedInRequest, abilities_of, planteles_with, staff_page
from school.models import Plantel
from students.actions.files import UploadRefused

BUSY = "El portal está ocupado con otros archivos. Intentar otra vez en un minuto"


@require_safe
@staff_page(Ability.SEE_CLINICS)
def list_umfs(request: SignedInRequest) -> HttpResponse:
    """The clinics that the students of each plantel use."""
    planteles = planteles_of(request, Ability.SEE_CLINICS)
    context = {
        "catalogues": [(plantel, list(umf_list(plantel))) for plantel in planteles],
        "may_open": Ability.OPEN_CLINICS in abilities_of(request.user),
    }
    return render(request, "clinics/umfs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def save_umf(request: SignedInRequest, clave: str, number: int | None = None) -> HttpResponse:
    """«Guardar UMF»: a new one, or the name and address of one that is known."""
    plantel = _plantel_or_404(request, clave)
    umf = get_object_or_404(UMF, plantel=plantel, number=number) if number else None
    form = UMFForm(*posted(request)[:1], umf=umf)
    if form.is_valid():
        saved = actions.save_umf(plantel, form.row)
        messages.success(request, f"{saved} guardada")
        return redirect("clinics:umfs")
    is_used = umf is not None and umf.registrations.exists()
    context = {"form": form, "plantel": plantel, "umf": umf, "is_used": is_used}
    return render(request, "clinics/umf.html", context)


@require_POST
@staff_page(Ability.OPEN_CLINICS)
def delete_umf(request: SignedInRequest, clave: str, number: int) -> HttpResponse:
    """«Quitar» a clinic in which nobody is registered."""
    umf = get_object_or_404(UMF, plantel=_plantel_or_404(request, clave), number=number)
    try:
        actions.delete_umf(umf)
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{umf} quitada del catálogo")
    return redirect("clinics:umfs")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def import_umfs(request: SignedInRequest) -> HttpResponse:
    """«Importar»: a list of clinics with name and address."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = ImportUMFsForm(*posted(request), planteles=plantel_choices(planteles))
    imported = _imported(form, planteles) if form.is_valid() else None
    return render(request, "clinics/import_umfs.html", {"form": form, "imported": imported})


def _imported(form: ImportUMFsForm, planteles: list[Plantel]) -> ImportedUMFs | None:
    """What the list did; None where it was refused, with the reason in the form."""
    plantel = chosen_plantel(planteles, form.cleaned_data["plantel"])
    try:
        return actions.import_umfs(plantel, form.cleaned_data["lista"])
    except NoSlot:
        form.add_error("lista", BUSY)
    except UploadRefused as refused:
        form.add_error("lista", refused.staff_sentence)
    except REFUSALS as refusal:
        form.add_error("lista", refusal.sentence)
    return None


def _plantel_or_404(request: SignedInRequest, clave: str) -> Plantel:
    return get_object_or_404(planteles_with(request.user, Ability.OPEN_CLINICS), clave=clave)
