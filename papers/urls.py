from django.urls import URLPattern, URLResolver, path

from papers.folio import VERIFY
from papers.views import jobs, verification

app_name = "papers"

everybody: list[URLPattern | URLResolver] = [
    path(VERIFY, verification.find_paper, name="find_paper"),
    path(f"{VERIFY}<str:token>/", verification.show_paper, name="show_paper"),
]
staff: list[URLPattern | URLResolver] = [
    path("papeles/", jobs.print_jobs, name="print_jobs"),
    path("papeles/<str:public_id>/", jobs.show_print_job, name="show_print_job"),
    path("papeles/<str:public_id>/descargar/", jobs.download_print_job, name="download_print_job"),
    path("papeles/<str:public_id>/cancelar/", jobs.cancel_print_job, name="cancel_print_job"),
    path("papeles/<str:public_id>/impresas/", jobs.mark_printed, name="mark_printed"),
]
urlpatterns = everybody + staff
