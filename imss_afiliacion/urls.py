"""The site map: one include per app."""

from django.urls import include, path

urlpatterns = [
    path("", include("followup.urls")),
    path("", include("students.urls")),
    path("", include("nss.urls")),
    path("avisos/", include("notices.urls")),
    path("papeles/", include("papers.urls")),
    path("", include("school.urls")),
]
