"""The site map: one include per app."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from school.urls import staff_sign_in

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("followup.urls")),
    path("", include("students.urls")),
    path("", include("nss.urls")),
    path("avisos/", include("notices.urls")),
    path("papeles/", include("papers.urls")),
    path("plantel/", include("school.urls")),
    path("personal/", include(staff_sign_in)),
    path(settings.ADMIN_PATH, admin.site.urls),
]
