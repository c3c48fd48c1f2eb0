from django.urls import path

from papers import views

app_name = "papers"

urlpatterns = [
    path("", views.print_jobs, name="print_jobs"),
    path("<str:public_id>/", views.show_print_job, name="show_print_job"),
    path("<str:public_id>/descargar/", views.download_print_job, name="download_print_job"),
    path("<str:public_id>/cancelar/", views.cancel_print_job, name="cancel_print_job"),
]
