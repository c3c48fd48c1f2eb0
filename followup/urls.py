from django.urls import URLPattern, URLResolver, path

from followup.views import (
    answers,
    bounced,
    calendar,
    cases,
    cycles,
    escalations,
    health,
    help,  # noqa: A004 -- the page is called help
    my_data,
    my_steps,
    offline,
    oficios,
    overdue,
    papers,
    public,
    reports,
    search,
    simulation,
    student_file,
    students,
    summary,
    texts,
    today,
    troubles,
)

app_name = "followup"

everybody: list[URLPattern | URLResolver] = [
    path("", public.show_cover, name="cover"),
    path("guia/", public.show_guide, name="guide"),
    path("familias/", public.show_family_page, name="family"),
    path("renunciar/", public.show_how_to_decline, name="decline"),
    path("ayuda/", help.show_help, name="help"),
    path("salud/", health.answer_monitor, name="health"),
    path("sin-conexion/", offline.show_offline_page, name="offline"),
    path("sin-conexion.js", offline.send_service_worker, name="service_worker"),
]
own: list[URLPattern | URLResolver] = [
    path("mi-tramite/", my_steps.my_steps, name="my_steps"),
    path("mi-tramite/nss/", my_steps.download_nss, name="download_nss"),
    path("mi-tramite/resumen/", summary.order_summary, name="order_summary"),
    path("mi-tramite/resumen/pdf/", summary.download_summary, name="download_summary"),
    path("mis-datos/descargar/", my_data.download_my_data, name="download_my_data"),
    path("mis-datos/copia/", my_data.order_my_copy, name="order_my_copy"),
    path("mis-datos/copia/pdf/", my_data.download_my_copy, name="download_my_copy"),
    path("mi-tramite/reportes/<str:public_id>/", my_steps.show_report, name="show_report"),
    path("ayuda/subdelegacion/", help.warn_about_subdelegacion, name="subdelegacion"),
    path(
        "ayuda/subdelegacion/reportar/", troubles.report_subdelegacion, name="report_subdelegacion"
    ),
    path("ayuda/datos-en-el-imss/", troubles.report_wrong_data, name="wrong_data"),
    path("ayuda/ya-tengo-nss/", troubles.report_has_nss, name="has_nss"),
    path("ayuda/no-llega-el-correo/", troubles.report_no_mail, name="no_mail"),
    path("ayuda/la-pagina-fallo/", troubles.report_page_failed, name="page_failed"),
    path("ayuda/dato-incorrecto/", troubles.report_roster_data, name="report_roster_data"),
    path("ayuda/preguntar/", troubles.ask, name="ask"),
]
staff: list[URLPattern | URLResolver] = [
    path("seguimiento/hoy/", today.show_today, name="today"),
    path("seguimiento/plantel/", today.choose_plantel, name="choose_plantel"),
    path("seguimiento/lista/", students.list_students, name="students"),
    path("seguimiento/vencidos/", overdue.list_overdue, name="overdue"),
    path("seguimiento/vencidos/avisar/", overdue.notify_overdue_students, name="notify_overdue"),
    path("seguimiento/vencidos/citatorios/", overdue.print_citatorios, name="summon_overdue"),
    path("seguimiento/rebotados/", bounced.list_bounced, name="bounced"),
    path("seguimiento/vencidos/tomar/", overdue.take_drafts, name="take_drafts"),
    path("seguimiento/buscar/", search.search, name="search"),
    path(
        "seguimiento/alumnos/<str:public_id>/", student_file.show_student_file, name="student_file"
    ),
    path(
        "seguimiento/alumnos/<str:public_id>/motivo/", student_file.give_reason, name="give_reason"
    ),
    path("seguimiento/alumnos/<str:public_id>/nss/", student_file.show_full_nss, name="full_nss"),
    path(
        "seguimiento/alumnos/<str:public_id>/whatsapp/",
        overdue.open_whatsapp_for,
        name="open_whatsapp",
    ),
    path(
        "seguimiento/alumnos/<str:public_id>/prorroga/",
        overdue.extend_deadline_of,
        name="extend_deadline",
    ),
    path("seguimiento/subdelegacion/", escalations.list_escalations, name="escalations"),
    path("seguimiento/subdelegacion/oficios/", oficios.list_oficios, name="oficios"),
    path("seguimiento/subdelegacion/oficios/nuevo/", oficios.write_oficio, name="make_oficio"),
    *(
        path(f"seguimiento/subdelegacion/oficios/<str:public_id>/{word}", view, name=name)
        for word, view, name in (
            ("", answers.show_oficio, "oficio"),
            ("cambiar/", oficios.rewrite_oficio, "change_oficio"),
            ("imprimir/", oficios.reprint_oficio, "print_oficio"),
            ("lista/", oficios.download_oficio_list, "oficio_list"),
            ("entregado/", oficios.mark_delivered, "deliver_oficio"),
            ("cancelar/", oficios.call_off_oficio, "cancel_oficio"),
            ("respuestas/", answers.register_answers, "register_answers"),
            ("archivo/", answers.import_answers, "import_answers"),
        )
    ),
    path(
        "seguimiento/subdelegacion/oficios/<str:public_id>/respuestas/<str:folio>/deshacer/",
        answers.undo_answer_of,
        name="undo_answer",
    ),
    path(
        "seguimiento/subdelegacion/<str:public_id>/causa/",
        escalations.classify_case,
        name="classify_case",
    ),
    path("seguimiento/reportes/", reports.list_reports, name="reports"),
    path("seguimiento/reportes/<str:public_id>/", reports.show_staff_report, name="staff_report"),
    path(
        "seguimiento/reportes/<str:public_id>/atender/",
        reports.answer_report,
        name="answer_report",
    ),
    path(
        "seguimiento/reportes/<str:public_id>/nss/", reports.resolve_report, name="resolve_report"
    ),
    path("seguimiento/acuses/<str:public_id>/caso/", cases.move_acuse_to_case, name="move_to_case"),
    path(
        "seguimiento/acuses/<str:public_id>/caso/deshacer/", cases.undo_acuse_case, name="undo_case"
    ),
    path("seguimiento/imprimir/<slug:kind>/", papers.print_for_groups, name="print_for_groups"),
    path("seguimiento/sistema/", health.show_health, name="system_health"),
    path("seguimiento/calendario/", calendar.show_calendar, name="calendar"),
    path("seguimiento/calendario/agregar/", calendar.add_days, name="add_days"),
    path("seguimiento/calendario/quitar/", calendar.remove_days, name="remove_days"),
    path("seguimiento/ciclos/", cycles.list_cycles, name="cycles"),
    path("seguimiento/ciclos/nuevo/", cycles.add_cycle, name="add_cycle"),
    path("seguimiento/ciclos/<str:name>/editar/", cycles.edit_cycle, name="edit_cycle"),
    path("seguimiento/simulador/", simulation.simulate_policy, name="simulate_policy"),
    path("seguimiento/textos/", texts.list_texts, name="texts"),
    path("seguimiento/textos/<str:slug>/", texts.show_text, name="text"),
    path("seguimiento/textos/<str:slug>/editar/", texts.edit_text, name="edit_text"),
    path("seguimiento/textos/<str:slug>/hoja/", texts.preview_format, name="preview_format"),
    path(
        "seguimiento/textos/<str:slug>/<int:number>/", texts.show_text_version, name="text_version"
    ),
    path(
        "seguimiento/textos/<str:slug>/<int:number>/cambios/",
        texts.show_text_changes,
        name="text_changes",
    ),
    path(
        "seguimiento/textos/<str:slug>/<int:number>/volver/",
        texts.restore_text,
        name="restore_text",
    ),
]
urlpatterns = everybody + own + staff
