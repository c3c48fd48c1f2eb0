"""A person's own settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from school.access import Ability, staff_page
from school.actions.users import switch_shortcuts as switch


@require_POST
@staff_page(Ability.SEE_CATALOGUES)
def switch_shortcuts(request: HttpRequest) -> HttpResponse:
    """Turn the keyboard shortcuts on or off, and go back to where the person was."""
    on = switch(request.user)  # type: ignore[arg-type]
    messages.success(request, f"Atajos de teclado {'activados' if on else 'desactivados'}.")
    back = request.POST.get("volver", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("followup:today")
    return HttpResponseRedirect(back)
