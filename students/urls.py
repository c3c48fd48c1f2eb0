from django.urls import URLPattern, URLResolver, path

from students.views import access_codes, files, roster

app_name = "students"

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
    path("alumnos/codigos/", access_codes.print_slips, name="print_slips"),
    path(
        "alumnos/<str:public_id>/codigo/",
        access_codes.reissue_slip_code,
        name="reissue_slip_code",
    ),
]

file_patterns: list[URLPattern | URLResolver] = [
    path("archivos/<str:public_id>/<str:what>/", files.send_file, name="file"),
]

urlpatterns: list[URLPattern | URLResolver] = [*roster_patterns, *file_patterns]
