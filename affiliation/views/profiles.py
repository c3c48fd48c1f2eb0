"""A-01: how each registro patronal sends its movements."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from affiliation.actions.profiles import save_profile
from affiliation.forms.profiles import ProfileForm, missing_in
from affiliation.models import Profile
from affiliation.queries.profiles import profile_of, registros
from school.access import Ability, SignedInRequest, fresh_for, staff_page
from school.models import Plantel
from school.states import Role

LIST = "affiliation:profiles"


@require_safe
@staff_page(Ability.EDIT_PROFILES)
def list_profiles(request: SignedInRequest) -> HttpResponse:
    """Each registro patronal, its planteles, and whether its profile is filled in."""
    known = {one.registro_patronal: one for one in Profile.objects.all()}
    rows = [(number, where, known.get(number)) for number, where in registros().items()]
    without = Plantel.objects.filter(is_active=True, registro_patronal="")
    context = {"rows": rows, "without": without, "back_url": reverse("affiliation:batches")}
    return render(request, "affiliation/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.EDIT_PROFILES)
@fresh_for(Role.ADMIN)
def edit_profile(request: SignedInRequest, registro: str) -> HttpResponse:
    """The settings; what is left empty stops the movement file, never the relation."""
    profile = _profile_or_404(registro)
    form = ProfileForm(request.POST if request.method == "POST" else None, profile=profile)
    if form.is_valid():
        save_profile(registro, form.settings(), by=request.user, now=timezone.now())
        messages.success(request, "Perfil guardado. Vale para los lotes que se hagan desde ahora.")
        return redirect(LIST)
    missing = missing_in(registro, profile.settings) if profile else {}
    context = {"registro": registro, "form": form, "missing": missing, "back_url": reverse(LIST)}
    return render(request, "affiliation/profile.html", context)


def _profile_or_404(registro: str) -> Profile | None:
    """The profile of a registro patronal that some plantel has, None while nobody has filled it in."""
    if registro not in registros():
        raise Http404
    return profile_of(registro)
