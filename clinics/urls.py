from django.urls import path

from clinics.views import own

app_name = "clinics"

urlpatterns = [
    path("mi-clinica/", own.own_clinic, name="own_clinic"),
    path("mi-clinica/corregir/", own.correct_own_clinic, name="correct_own_clinic"),
    path("mi-vigencia/", own.own_vigencia, name="own_vigencia"),
    path("mi-vigencia/constancia/", own.attach_own_constancia, name="attach_constancia"),
]
