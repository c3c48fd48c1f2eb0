"""The site map: one include per app."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from school.access import is_technician
from school.urls import staff_sign_in

_sign_in = secure_admin_login(admin.site.login)


@login_not_required
def sign_in_to_admin(request: HttpRequest) -> HttpResponse:
    """The staff's sign-in leads to the admin; to who is signed in and no superuser there is none."""
    is_technician(request)
    return _sign_in(request)


def change_password(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> HttpResponse:
    """The one page for it is the staff's own, whose mail tells the owner."""
    del request, extra_context
    return redirect("account_change_password")


# Ways into an account change on its own page alone, where its owner is told; groups give nobody anything here.
admin.site.unregister([EmailAddress, Authenticator, Group])
admin.site.has_permission = is_technician  # type: ignore[method-assign]
admin.site.login = sign_in_to_admin  # type: ignore[assignment,method-assign]
admin.site.password_change = change_password  # type: ignore[assignment,method-assign]
admin.site.site_title = admin.site.site_header = "Administración técnica"

urlpatterns = [
    path("", include("followup.urls")),
    path("", include("clinics.urls")),
    path("lotes/", include("affiliation.urls")),
    path("", include("students.urls")),
    path("", include("nss.urls")),
    path("", include("renuncias.urls")),
    path("avisos/", include("notices.urls")),
    path("", include("papers.urls")),
    path("plantel/", include("school.urls")),
    path("personal/", include(staff_sign_in)),
    path(settings.ADMIN_PATH, admin.site.urls),
]
