from django.urls import URLPattern, URLResolver, path

from students.views import (
    access_codes,
    bajas,
    corrections,
    data,
    email,
    files,
    group_bajas,
    privacy,
    roster,
    roster_result,
    sessions,
    sign_in,
)

app_name = "students"

sign_in_patterns: list[URLPattern | URLResolver] = [
    path("entrar/", sign_in.sign_in, name="sign_in"),
    path("entrar/correo/", sign_in.request_sign_in, name="request_sign_in"),
    path("entrar/codigo/", sign_in.enter_code, name="enter_code"),
    path("entrar/enlace/", sign_in.sign_in_link, name="sign_in_link"),
    path("entrar/sin-codigo/", sign_in.request_lost_code, name="request_lost_code"),
    path("salir/", sign_in.sign_out, name="sign_out"),
]

data_patterns: list[URLPattern | URLResolver] = [
    path("mis-datos/", data.show_my_data, name="my_data"),
    path("mis-datos/seguir/", data.continue_data, name="continue_data"),
    path("mis-datos/eres-tu/", data.confirm_person, name="confirm_person"),
    path("mis-datos/leer-curp/", data.read_curp, name="read_curp"),
    path("mis-datos/contacto/", data.give_contact, name="contact"),
    path("mis-datos/domicilio/", data.give_address, name="address"),
    path("mis-datos/colonias/", data.find_places, name="find_places"),
    path("mis-datos/otro-seguro/", data.give_other_cover, name="other_cover"),
    path("mis-datos/quizas-no/", data.consider_other_cover, name="consider_other_cover"),
    path("mis-datos/confirmar/", data.confirm_data, name="confirm_data"),
    path("mis-datos/correo/", email.change_email, name="change_email"),
    path("mis-datos/correo/mandar/", email.resend_confirmation, name="resend_confirmation"),
    path("mis-datos/correo/confirmar/", email.confirm_email, name="confirm_email"),
    path("mis-datos/sesiones/", sessions.list_sessions, name="sessions"),
    path("mis-datos/sesiones/cerrar/", sessions.end_session, name="end_session"),
    path(
        "mis-datos/sesiones/cerrar-las-demas/",
        sessions.end_other_sessions,
        name="end_other_sessions",
    ),
    path("aviso-de-privacidad/", privacy.privacy_notice, name="privacy_notice"),
    path("aviso-de-privacidad/nuevo/", privacy.accept_privacy_notice, name="accept_privacy_notice"),
]

roster_patterns: list[URLPattern | URLResolver] = [
    path("alumnos/importar/", roster.import_roster, name="import_roster"),
    path(
        "alumnos/importar/plantilla/",
        roster.download_roster_template,
        name="download_roster_template",
    ),
    path("alumnos/importar/<str:public_id>/", roster.show_roster_import, name="show_roster_import"),
    path(
        "alumnos/importar/<str:public_id>/columnas/",
        roster.match_roster_columns,
        name="match_roster_columns",
    ),
    path(
        "alumnos/importar/<str:public_id>/corregir/",
        roster.fix_roster_rows,
        name="fix_roster_rows",
    ),
    path(
        "alumnos/importar/<str:public_id>/confirmar/",
        roster.confirm_roster_import,
        name="confirm_roster_import",
    ),
    path(
        "alumnos/importar/<str:public_id>/cancelar/",
        roster.cancel_roster_import,
        name="cancel_roster_import",
    ),
    path(
        "alumnos/importar/<str:public_id>/mandar-codigos/",
        roster.send_roster_codes,
        name="send_roster_codes",
    ),
    path(
        "alumnos/importar/<str:public_id>/errores/",
        roster_result.download_roster_errors,
        name="download_roster_errors",
    ),
    path(
        "alumnos/importar/<str:public_id>/deshacer/",
        roster_result.undo_roster_import,
        name="undo_roster_import",
    ),
    path(
        "alumnos/importar/<str:public_id>/no-vienen/",
        roster_result.decide_missing_students,
        name="decide_missing_students",
    ),
    path(
        "alumnos/importar/<str:public_id>/lista-de-unos-grupos/",
        roster_result.keep_missing_students,
        name="keep_missing_students",
    ),
    path(
        "alumnos/importar/<str:public_id>/deshacer-baja/",
        roster_result.reinstate_missing_student,
        name="reinstate_missing_student",
    ),
    path("alumnos/codigos/", access_codes.print_slips, name="print_slips"),
    path(
        "alumnos/<str:public_id>/codigo/",
        access_codes.reissue_slip_code,
        name="reissue_slip_code",
    ),
]

baja_patterns: list[URLPattern | URLResolver] = [
    path("alumnos/bajas/", group_bajas.list_bajas, name="bajas"),
    path("alumnos/bajas/deshacer/", group_bajas.reinstate_students, name="reinstate_students"),
    path("alumnos/egreso/", group_bajas.withdraw_students, name="withdraw_students"),
    path("alumnos/<str:public_id>/baja/", bajas.withdraw_student, name="withdraw_student"),
    path("alumnos/<str:public_id>/traslado/", bajas.transfer_student, name="transfer_student"),
    path("alumnos/<str:public_id>/reingreso/", bajas.reinstate_student, name="reinstate_student"),
]

correction_patterns: list[URLPattern | URLResolver] = [
    path("alumnos/<str:public_id>/contacto/", corrections.correct_contact, name="correct_contact"),
    path("alumnos/<str:public_id>/domicilio/", corrections.correct_address, name="correct_address"),
    path("alumnos/<str:public_id>/curp/", corrections.correct_curp, name="correct_curp"),
]

file_patterns: list[URLPattern | URLResolver] = [
    path("archivos/<str:public_id>/<str:what>/", files.send_file, name="file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in_patterns,
    *data_patterns,
    *roster_patterns,
    *baja_patterns,
    *correction_patterns,
    *file_patterns,
]
