from django.urls import path

from clinics.views import openings, own, registrations, umfs, vigencias

app_name = "clinics"

urlpatterns = [
    path("mi-clinica/", own.own_clinic, name="own_clinic"),
    path("mi-clinica/corregir/", own.correct_own_clinic, name="correct_own_clinic"),
    path("mi-vigencia/", own.own_vigencia, name="own_vigencia"),
    path("mi-vigencia/constancia/", own.attach_own_constancia, name="attach_constancia"),
    path("umf/", registrations.list_clinics, name="clinics"),
    path("umf/abrir/", openings.open_clinics, name="open_clinics"),
    path("umf/fecha/", openings.move_openings, name="move_openings"),
    path("umf/fecha/quitar/", openings.withdraw_openings, name="withdraw_openings"),
    path(
        "umf/de/<str:public_id>/registrar/",
        registrations.register_for_student,
        name="register_for_student",
    ),
    path(
        "umf/de/<str:public_id>/quitar/",
        registrations.undo_registration,
        name="undo_registration",
    ),
    path("umf/catalogo/", umfs.list_umfs, name="umfs"),
    path("umf/catalogo/importar/", umfs.import_umfs, name="import_umfs"),
    path("umf/catalogo/<str:clave>/agregar/", umfs.save_umf, name="add_umf"),
    path("umf/catalogo/<str:clave>/<int:number>/", umfs.save_umf, name="edit_umf"),
    path("umf/catalogo/<str:clave>/<int:number>/quitar/", umfs.delete_umf, name="delete_umf"),
    path("umf/vigencias/", vigencias.list_vigencias, name="vigencias"),
    path("umf/vigencias/pedir/", vigencias.ask_vigencia, name="ask_vigencia"),
    path(
        "umf/vigencias/<str:public_id>/corregida/",
        vigencias.repair_vigencia,
        name="repair_vigencia",
    ),
]
