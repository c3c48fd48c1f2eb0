"""Who may open what: every page × method × person × whose it is → the answer. Read by test_access_matrix.py.

This is the access matrix of the portal as one table that anybody can check. One block per page: the screen, what
the page is called, its name in the code. Each line of a block is a method, whose the thing is, and one answer per
person.

The persons, in this order:

    AN   a visitor who has not signed in            AD   administration of the subsystem
    AL   a student of plantel A: «own» is hers      AD+  the same, having written a reason (+m) and
    ALx  a student of plantel B: «other» is hers         proved again who she is (+2)
    RP   responsable de afiliación of plantel A     AU   auditor
    RPB  responsable de afiliación of plantel B     EX   a responsable of A whose account was closed
    RV   revisor of plantel A                       SU   superuser of Django's admin without a role
    CO   consulta of plantel A

Whose the thing is:  own    AL's, in plantel A (of print jobs: RP's own)
                     same   of somebody else of plantel A
                     other  of plantel B
                     none   nobody's: the id does not exist
                     -      the page is not about one thing

The answers are HTTP codes, and two words:  in   sent to sign in first    +2   asked to prove again who she is.
200 shows the page (of a form sent empty: with what is missing), 302 does it and goes on, 403 is «✗» of the matrix
(the function is not for that role), 404 is «—» (for that person it does not exist). A method that a block does not
list is refused to everybody. HEAD, OPTIONS and a method written in a header get what GET gets, or less.

How it reads beside the matrix: R is a GET with 200, W a POST with 200 or 302; P is «own» and «same» against
«other»; O is «own» alone; +m and +2 are the difference between AD and AD+. Four places are stricter than the
matrix asks: a student gets 404, not 403, on all of the staff's pages, because none of them exists for students;
administration sees reports, lists and review as counts in Hoy, and one student at a time with a reason; and who is
refused a file (403) at the own plantel gets 404 for another plantel's. For auditors the file of a student does not
exist, nor therefore its NSS (404). What the matrix promises for later stages (lotes, UMF, exports, boards, users)
gets its blocks with those pages.
"""

from dataclasses import dataclass

PERSONS = ("AN", "AL", "ALx", "RP", "RPB", "RV", "CO", "AD", "AD+", "AU", "EX", "SU")


@dataclass(frozen=True)
class Page:
    """One block: `of` is the kind of thing whose id the address takes, `what` the rest of the address."""

    screen: str
    title: str
    name: str
    rows: str
    of: str = ""
    what: str = ""

    @property
    def answers(self) -> dict[tuple[str, str], dict[str, str]]:
        """The block by (method, whose); each value by person. Raises ValueError for a line that is too short."""
        lines = [line.split() for line in self.rows.strip().splitlines()]
        return {
            (method, whose): dict(zip(PERSONS, answers, strict=True))
            for method, whose, *answers in lines
            if not method.startswith("#")
        }


ADMIN = {"AN": "in", "EX": "in", "SU": ""} | dict.fromkeys(
    ("AL", "ALx", "RP", "RPB", "RV", "CO", "AD", "AD+", "AU"), "404"
)
"""Django's admin as one family: each of its pages is for superusers alone, whatever it answers them."""

# fmt: off
PAGES = (
    #                AN  AL  ALx RP  RPB RV  CO  AD  AD+ AU  EX  SU
    # Para todos, sin entrar ----------------------------------------------------------------------
    Page("E-00", "Portada", "followup:cover", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-08", "Guía para sacar el NSS", "followup:guide", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-08", "Para mamás, papás y tutores", "followup:family", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-08", "Cómo renunciar", "followup:decline", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Aviso de privacidad", "students:privacy_notice", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-19", "Ayuda", "followup:help", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-19", "Sin conexión", "followup:offline", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-19", "Lo que guarda el teléfono sin señal", "followup:service_worker", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("A-12", "Lo que pregunta un monitor", "followup:health", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Verificar un papel a mano", "papers:find_paper", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Verificar un papel por su QR", "papers:show_paper", of="paper", rows="""
    GET  own   200  200  200  200  200  200  200  200  200  200  200  200
    GET  same  200  200  200  200  200  200  200  200  200  200  200  200
    GET  other 200  200  200  200  200  200  200  200  200  200  200  200
    GET  none  404  404  404  404  404  404  404  404  404  404  404  404
    """),
    # Entrada de los estudiantes (AN también) -----------------------------------------------------
    Page("E-01", "Entrar con matrícula y código", "students:sign_in", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-01", "Pedir un código por correo", "students:request_sign_in", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-01", "Escribir el código del correo", "students:enter_code", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-01", "Enlace del correo", "students:sign_in_link", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-01", "No tengo mi código", "students:request_lost_code", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("E-01", "Salir", "students:sign_out", rows="""
    POST -     in   302  302  302  302  302  302  302  302  302  in   302
    """),
    # Lo propio del estudiante --------------------------------------------------------------------
    Page("E-07", "Mi trámite", "followup:my_steps", rows="""
    GET  -     in   200  200  302  302  302  302  302  302  302  in   404
    """),
    Page("E-07", "Guardar mi NSS", "followup:download_nss", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-07", "Pedir el resumen", "followup:order_summary", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-07", "Descargar el resumen", "followup:download_summary", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-14", "Mi reporte", "followup:show_report", of="report", rows="""
    GET  own   in   200  404  404  404  404  404  404  404  404  in   404
    GET  same  in   404  404  404  404  404  404  404  404  404  in   404
    GET  other in   404  200  404  404  404  404  404  404  404  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-13", "Recibimos tu acuse", "nss:sent", of="acuse", rows="""
    GET  own   in   200  404  404  404  404  404  404  404  404  in   404
    GET  same  in   404  404  404  404  404  404  404  404  404  in   404
    GET  other in   404  200  404  404  404  404  404  404  404  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-13", "Pedir el comprobante", "nss:order_receipt", of="acuse", rows="""
    GET  own   in   200  404  404  404  404  404  404  404  404  in   404
    GET  same  in   404  404  404  404  404  404  404  404  404  in   404
    GET  other in   404  200  404  404  404  404  404  404  404  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    POST own   in   302  404  404  404  404  404  404  404  404  in   404
    POST same  in   404  404  404  404  404  404  404  404  404  in   404
    POST other in   404  302  404  404  404  404  404  404  404  in   404
    POST none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-13", "Descargar el comprobante", "nss:download_receipt", of="acuse", rows="""
    POST own   in   302  404  404  404  404  404  404  404  404  in   404
    POST other in   404  302  404  404  404  404  404  404  404  in   404
    POST none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-14", "No vayas a la Subdelegación", "followup:subdelegacion", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-14", "Reportar «Acudir a la Subdelegación»", "followup:report_subdelegacion", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-09b", "Mis datos salen mal", "followup:wrong_data", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-09a", "Dice que ya tengo NSS", "followup:has_nss", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-09c", "No llega el correo", "followup:no_mail", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-09d", "La página falló", "followup:page_failed", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-02b", "Un dato está mal", "followup:report_roster_data", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Preguntar al plantel", "followup:ask", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-02", "Seguir donde me quedé", "students:continue_data", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-02", "¿Eres tú?", "students:confirm_person", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-02", "Qué dice mi CURP", "students:read_curp", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-03", "¿Dónde te avisamos?", "students:contact", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-04", "¿Dónde vives?", "students:address", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-05", "¿Tienes otro seguro?", "students:other_cover", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-05b", "Quizá no lo necesitas", "students:consider_other_cover", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-06", "Confirmar mis datos", "students:confirm_data", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Mis datos", "students:my_data", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Cambiar mi correo", "students:change_email", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Confirmar mi correo", "students:confirm_email", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("—", "Aceptar el aviso nuevo", "students:accept_privacy_notice", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-04", "Colonias de un código postal", "students:find_places", rows="""
    GET  -     in   204  204  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Pedir mis datos en PDF", "followup:order_my_copy", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Descargar mis datos en PDF", "followup:download_my_copy", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Descargar mis datos", "followup:download_my_data", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Mis sesiones", "students:sessions", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Cerrar una sesión", "students:end_session", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Cerrar las demás sesiones", "students:end_other_sessions", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-18", "Reenviar el código", "students:resend_confirmation", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-10", "Sube tu acuse", "nss:upload", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-10", "Agrega otra foto", "nss:add_photo", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-11", "¿Se lee tu NSS?", "nss:confirm", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-12", "¿Este es tu NSS?", "nss:reading", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    # Renuncia: lo propio del estudiante ----------------------------------------------------------
    Page("E-15", "¿Seguro que no necesitas el seguro?", "renuncias:start", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Una pregunta de la renuncia", "renuncias:answer", of="question", rows="""
    GET  own   in   302  302  404  404  404  404  404  404  404  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    POST own   in   302  302  404  404  404  404  404  404  404  in   404
    POST none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Revisar mi renuncia", "renuncias:check", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Mi renuncia", "renuncias:own", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Preparar mi hoja", "renuncias:print_own", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Descargar mi hoja", "renuncias:download_own", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-15", "Cambié de opinión", "renuncias:change_mind", rows="""
    GET  -     in   302  302  404  404  404  404  404  404  404  in   404
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    # Clínica y vigencia: lo propio del estudiante -------------------------------------------------
    Page("E-16", "Mi clínica", "clinics:own_clinic", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-16", "Corregir mi clínica", "clinics:correct_own_clinic", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    Page("E-17", "Mi vigencia", "clinics:own_vigencia", rows="""
    GET  -     in   200  200  404  404  404  404  404  404  404  in   404
    POST -     in   200  200  404  404  404  404  404  404  404  in   404
    """),
    Page("E-17", "Subir mi constancia", "clinics:attach_constancia", rows="""
    POST -     in   302  302  404  404  404  404  404  404  404  in   404
    """),
    # Archivos: «ver derivative» y «Abrir original» de la matriz ----------------------------------
    Page("C-02", "Página de un acuse", "students:file", of="file", what="1", rows="""
    GET  own   in   200  404  200  404  200  200  403  200  403  in   404
    GET  same  in   404  404  200  404  200  200  403  200  403  in   404
    GET  other in   404  200  404  200  404  404  403  200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("E-16", "Foto de un carnet", "students:file", of="carnet", what="1", rows="""
    GET  own   in   404  404  200  404  200  200  403  403  403  in   404
    GET  same  in   404  404  200  404  200  200  403  403  403  in   404
    GET  other in   404  404  404  200  404  404  403  403  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("C-05", "Foto de un reporte", "students:file", of="evidence", what="1", rows="""
    GET  own   in   200  404  200  404  403  403  403  200  403  in   404
    GET  same  in   404  404  200  404  403  403  403  200  403  in   404
    GET  other in   404  200  404  200  404  404  403  200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("C-02", "Abrir original", "students:file", of="file", what="original", rows="""
    GET  own   in   200  404  200  404  200  403  +2   200  403  in   404
    GET  same  in   404  404  200  404  200  403  +2   200  403  in   404
    GET  other in   404  200  404  200  404  404  +2   200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    # Hoy, estudiantes y ficha --------------------------------------------------------------------
    Page("C-01", "Hoy", "followup:today", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("C-01", "Elegir plantel", "followup:choose_plantel", rows="""
    POST -     in   404  404  302  302  302  302  302  302  302  in   404
    """),
    Page("C-01", "Lista de estudiantes", "followup:students", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  404  in   404
    """),
    Page("C-07", "Vencidos", "followup:overdue", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  404  in   404
    """),
    Page("C-07", "Avisar a los vencidos", "followup:notify_overdue", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-07", "Imprimir los citatorios de los vencidos", "followup:summon_overdue", rows="""
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-07", "Tomar los archivos sin confirmar", "followup:take_drafts", rows="""
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-07", "Abrir WhatsApp", "followup:open_whatsapp", of="enrollment", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-07", "Dar prórroga", "followup:extend_deadline", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-08", "Buscar", "followup:search", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  404  in   404
    POST -     in   404  404  200  200  200  200  200  200  404  in   404
    """),
    Page("C-03", "Ficha del estudiante", "followup:student_file", of="enrollment", rows="""
    GET  own   in   404  404  200  404  200  200  200  200  404  in   404
    GET  same  in   404  404  200  404  200  200  200  200  404  in   404
    GET  other in   404  404  404  200  404  404  200  200  404  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("C-03", "Escribir el motivo", "followup:give_reason", of="enrollment", rows="""
    POST own   in   404  404  403  403  403  403  200  200  403  in   404
    POST same  in   404  404  403  403  403  403  200  200  403  in   404
    POST other in   404  404  403  403  403  403  200  200  403  in   404
    POST none  in   404  404  403  403  403  403  404  404  403  in   404
    """),
    Page("C-03", "Ver NSS completo", "followup:full_nss", of="enrollment", rows="""
    POST own   in   404  404  200  404  200  403  302  200  404  in   404
    POST same  in   404  404  200  404  200  403  302  200  404  in   404
    POST other in   404  404  404  200  404  404  302  200  404  in   404
    POST none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    # Revisión de acuses --------------------------------------------------------------------------
    Page("C-02", "Siguiente acuse", "nss:review", rows="""
    GET  -     in   404  404  302  302  302  403  403  403  403  in   404
    """),
    Page("C-02", "Terminaste", "nss:review_end", rows="""
    GET  -     in   404  404  200  200  200  403  403  403  403  in   404
    """),
    Page("C-02", "Revisar un acuse", "nss:review_acuse", of="acuse", rows="""
    GET  own   in   404  404  200  404  200  200  403  403  403  in   404
    GET  same  in   404  404  200  404  200  200  403  403  403  in   404
    GET  other in   404  404  404  200  404  404  403  403  403  in   404
    GET  none  in   404  404  404  404  404  404  403  403  403  in   404
    """),
    Page("C-02", "Aceptar", "nss:accept_acuse", of="acuse", rows="""
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Rechazar", "nss:return_acuse", of="acuse", rows="""
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Corregir el NSS", "nss:correct_nss", of="acuse", rows="""
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Deshacer", "nss:undo_review", of="acuse", rows="""
    GET  own   in   404  404  200  404  200  403  403  403  403  in   404
    GET  same  in   404  404  200  404  200  403  403  403  403  in   404
    GET  other in   404  404  404  200  404  403  403  403  403  in   404
    GET  none  in   404  404  404  404  404  403  403  403  403  in   404
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Aviso antes del original", "nss:original", of="acuse", rows="""
    GET  own   in   404  404  200  404  200  403  403  403  403  in   404
    GET  same  in   404  404  200  404  200  403  403  403  403  in   404
    GET  other in   404  404  404  200  404  403  403  403  403  in   404
    GET  none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Pasar el acuse a caso", "followup:move_to_case", of="acuse", rows="""
    GET  own   in   404  404  200  404  200  403  403  403  403  in   404
    GET  same  in   404  404  200  404  200  403  403  403  403  in   404
    GET  other in   404  404  404  200  404  403  403  403  403  in   404
    GET  none  in   404  404  404  404  404  403  403  403  403  in   404
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-02", "Deshacer el caso", "followup:undo_case", of="acuse", rows="""
    GET  own   in   404  404  200  404  200  403  403  403  403  in   404
    GET  same  in   404  404  200  404  200  403  403  403  403  in   404
    GET  other in   404  404  404  200  404  403  403  403  403  in   404
    GET  none  in   404  404  404  404  404  403  403  403  403  in   404
    POST own   in   404  404  200  404  200  403  403  403  403  in   404
    POST same  in   404  404  200  404  200  403  403  403  403  in   404
    POST other in   404  404  404  200  404  403  403  403  403  in   404
    POST none  in   404  404  404  404  404  403  403  403  403  in   404
    """),
    Page("C-03", "Subir acuse por el estudiante", "nss:upload_for_student", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Tomar el archivo sin confirmar", "nss:take_draft", of="acuse", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Registrar NSS en ventanilla", "nss:register_nss", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    # Reportes de los estudiantes y casos de Subdelegación ----------------------------------------
    Page("C-05", "Reportes", "followup:reports", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-05", "Un reporte", "followup:staff_report", of="report", rows="""
    GET  own   in   404  404  200  404  200  200  403  403  403  in   404
    GET  same  in   404  404  200  404  200  200  403  403  403  in   404
    GET  other in   404  404  404  200  404  404  403  403  403  in   404
    GET  none  in   404  404  404  404  404  404  403  403  403  in   404
    """),
    Page("C-05", "Contestar un reporte", "followup:answer_report", of="report", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Registrar el NSS de la Subdelegación", "followup:resolve_report", of="report", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Casos de Subdelegación", "followup:escalations", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-05", "Guardar la causa de un caso", "followup:classify_case", of="case", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Oficios", "followup:oficios", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-05", "Hacer oficio", "followup:make_oficio", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-05", "Un oficio", "followup:oficio", of="oficio", rows="""
    GET  own   in   404  404  200  404  200  200  403  403  403  in   404
    GET  same  in   404  404  200  404  200  200  403  403  403  in   404
    GET  other in   404  404  404  200  404  404  403  403  403  in   404
    GET  none  in   404  404  404  404  404  404  403  403  403  in   404
    """),
    Page("C-05", "Cambiar un oficio", "followup:change_oficio", of="oficio", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Lista de un oficio (XLSX)", "followup:oficio_list", of="oficio", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Imprimir un oficio", "followup:print_oficio", of="oficio", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Marcar un oficio como entregado", "followup:deliver_oficio", of="oficio", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Cancelar un oficio", "followup:cancel_oficio", of="oficio", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Registrar las respuestas", "followup:register_answers", of="oficio", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Deshacer una respuesta", "followup:undo_answer", of="oficio", what="SUB26-05-0001", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-05", "Leer las respuestas de un archivo", "followup:import_answers", of="oficio", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    # Afiliación: lotes al IMSS («+2»: quien descarga confirma otra vez quién es) -------------------
    Page("C-06", "Lotes", "affiliation:batches", rows="""
    GET  -     in   404  404  200  200  403  200  200  200  200  in   404
    """),
    Page("C-06", "Revisión previa", "affiliation:check_batch", of="batch kind", rows="""
    GET  own   in   404  404  200  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Hacer el lote", "affiliation:make_batch", of="batch kind", rows="""
    POST own   in   404  404  200  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Un lote", "affiliation:show_batch", of="batch", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Descargar un archivo de un lote", "affiliation:download_batch_file", of="batch", what="csv", rows="""
    GET  own   in   404  404  +2   404  403  403  403  403  403  in   404
    GET  same  in   404  404  +2   404  403  403  403  403  403  in   404
    GET  other in   404  404  404  +2   403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Marcar un lote como enviado", "affiliation:send_batch", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Deshacer el envío", "affiliation:undo_sending", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Descartar un lote", "affiliation:discard_batch", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Volver a hacer un lote", "affiliation:remake_batch", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Registrar las respuestas del IMSS", "affiliation:answer_movements", of="batch", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Leer las respuestas del IMSS de un archivo", "affiliation:import_answers", of="batch", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Las respuestas de un archivo, por registrar", "affiliation:review_answers", of="batch", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  302  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Registrar las respuestas de un archivo", "affiliation:register_answers", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Descartar la lista con respuestas", "affiliation:drop_answers", of="batch", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Deshacer una respuesta del IMSS", "affiliation:undo_answer", of="batch", what="1", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Marcar un rechazo como corregido", "affiliation:correct_movement", of="batch", what="1", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("A-01", "Perfiles de envío", "affiliation:profiles", rows="""
    GET  -     in   404  404  403  403  403  403  200  200  403  in   404
    """),
    Page("A-01", "Un perfil de envío", "affiliation:edit_profile", of="registro", rows="""
    GET  own   in   404  404  403  403  403  403  +2   200  403  in   404
    GET  none  in   404  404  403  403  403  403  +2   404  403  in   404
    POST own   in   404  404  403  403  403  403  +2   200  403  in   404
    POST none  in   404  404  403  403  403  403  +2   404  403  in   404
    """),
    # Importar la lista («+2»: administración confirma otra vez quién es) -------------------------
    Page("C-10", "Importar: subir", "students:import_roster", rows="""
    GET  -     in   404  404  200  200  404  404  +2   200  403  in   404
    POST -     in   404  404  200  200  404  404  +2   200  403  in   404
    """),
    Page("C-10", "Importar: plantilla", "students:download_roster_template", rows="""
    GET  -     in   404  404  200  200  404  404  200  200  403  in   404
    """),
    Page("C-10", "Importar: el paso en que va", "students:show_roster_import", of="roster", rows="""
    GET  own   in   404  404  200  404  404  404  200  200  403  in   404
    GET  same  in   404  404  200  404  404  404  200  200  403  in   404
    GET  other in   404  404  404  200  404  404  200  200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  403  in   404
    """),
    Page("C-10", "Importar: columnas", "students:match_roster_columns", of="roster", rows="""
    GET  own   in   404  404  200  404  404  404  200  200  403  in   404
    GET  same  in   404  404  200  404  404  404  200  200  403  in   404
    GET  other in   404  404  404  200  404  404  200  200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  403  in   404
    POST own   in   404  404  200  404  404  404  200  200  403  in   404
    POST same  in   404  404  200  404  404  404  200  200  403  in   404
    POST other in   404  404  404  200  404  404  200  200  403  in   404
    POST none  in   404  404  404  404  404  404  404  404  403  in   404
    """),
    Page("C-10", "Importar: usar propuestas", "students:fix_roster_rows", of="roster", rows="""
    POST own   in   404  404  302  404  404  404  302  302  403  in   404
    POST same  in   404  404  302  404  404  404  302  302  403  in   404
    POST other in   404  404  404  302  404  404  302  302  403  in   404
    POST none  in   404  404  404  404  404  404  404  404  403  in   404
    """),
    Page("C-10", "Importar: confirmar", "students:confirm_roster_import", of="roster", rows="""
    POST own   in   404  404  302  404  404  404  +2   302  403  in   404
    POST same  in   404  404  302  404  404  404  +2   302  403  in   404
    POST other in   404  404  404  302  404  404  +2   302  403  in   404
    POST none  in   404  404  404  404  404  404  +2   404  403  in   404
    """),
    Page("C-10", "Importar: cancelar", "students:cancel_roster_import", of="roster", rows="""
    POST own   in   404  404  302  404  404  404  302  302  403  in   404
    POST same  in   404  404  302  404  404  404  302  302  403  in   404
    POST other in   404  404  404  302  404  404  302  302  403  in   404
    POST none  in   404  404  404  404  404  404  404  404  403  in   404
    """),
    Page("C-10", "Importar: filas con error", "students:download_roster_errors", of="roster", rows="""
    GET  own   in   404  404  200  404  404  404  200  200  403  in   404
    GET  same  in   404  404  200  404  404  404  200  200  403  in   404
    GET  other in   404  404  404  200  404  404  200  200  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  403  in   404
    """),
    Page("C-10", "Importar: deshacer", "students:undo_roster_import", of="roster", rows="""
    POST own  in   404  404  302  404  404  404  +2   302  403  in   404
    POST same in   404  404  302  404  404  404  +2   302  403  in   404
    POST other in   404  404  404  302  404  404  +2   302  403  in   404
    POST none  in   404  404  404  404  404  404  +2   404  403  in   404
    """),
    Page("C-10", "Importar: decidir bajas", "students:decide_missing_students", of="roster", rows="""
    POST own  in   404  404  302  404  404  404  +2   302  403  in   404
    POST same in   404  404  302  404  404  404  +2   302  403  in   404
    POST other in   404  404  404  302  404  404  +2   302  403  in   404
    POST none  in   404  404  404  404  404  404  +2   404  403  in   404
    """),
    Page("C-10", "Importar: solo unos grupos", "students:keep_missing_students", of="roster", rows="""
    POST own  in   404  404  302  404  404  404  +2   302  403  in   404
    POST same in   404  404  302  404  404  404  +2   302  403  in   404
    POST other in   404  404  404  302  404  404  +2   302  403  in   404
    POST none  in   404  404  404  404  404  404  +2   404  403  in   404
    """),
    Page("C-10", "Importar: deshacer una baja", "students:reinstate_missing_student", of="roster", rows="""
    POST own  in   404  404  302  404  404  404  +2   302  403  in   404
    POST same in   404  404  302  404  404  404  +2   302  403  in   404
    POST other in   404  404  404  302  404  404  +2   302  403  in   404
    POST none  in   404  404  404  404  404  404  +2   404  403  in   404
    """),
    # Bajas: solo el responsable -------------------------------------------------------------------
    Page("C-03", "Baja", "students:withdraw_student", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Traslado", "students:transfer_student", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Reingreso", "students:reinstate_student", of="enrollment", rows="""
    GET  own   in   404  404  302  404  403  403  403  403  403  in   404
    GET  same  in   404  404  302  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  302  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Corregir correo o celular", "students:correct_contact", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Corregir domicilio", "students:correct_address", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-03", "Corregir CURP", "students:correct_curp", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-04", "Bajas", "students:bajas", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-04", "Egreso de un grupo", "students:withdraw_students", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-04", "Deshacer bajas de un grupo", "students:reinstate_students", rows="""
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    # Códigos de acceso e impresión: solo el responsable ------------------------------------------
    Page("C-11", "Importar: mandar códigos", "students:send_roster_codes", of="roster", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Imprimir códigos", "students:print_slips", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-11", "Reimprimir un código", "students:reissue_slip_code", of="enrollment", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    # Lo impreso: las hojas con códigos son de su dueño; los lotes, de quienes imprimen en el plantel
    # Clínica y vigencia: Control Escolar ----------------------------------------------------------
    Page("C-06", "Registro en clínica", "clinics:clinics", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    POST -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-06", "Abrir paso de clínica", "clinics:open_clinics", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-06", "Cambiar o quitar la fecha", "clinics:move_openings", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-06", "Quitar la fecha", "clinics:withdraw_openings", rows="""
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-06", "Clínica del estudiante", "clinics:register_for_student", of="insured", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Quitar una clínica", "clinics:undo_registration", of="insured", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Catálogo de UMF", "clinics:umfs", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-06", "Importar UMF", "clinics:import_umfs", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-06", "Agregar una UMF", "clinics:add_umf", of="plantel", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Una UMF", "clinics:edit_umf", of="plantel", what="37", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Quitar una UMF", "clinics:delete_umf", of="plantel", what="37", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-06", "Vigencia", "clinics:vigencias", rows="""
    GET  -     in   404  404  200  200  200  200  403  403  403  in   404
    """),
    Page("C-06", "Pedir vigencia", "clinics:ask_vigencia", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-06", "Ya se corrigió", "clinics:repair_vigencia", of="insured", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    # Renuncias de Control Escolar -----------------------------------------------------------------
    Page("C-11", "Renuncias", "renuncias:list", rows="""
    GET  -     in   404  404  200  200  403  403  200  200  403  in   404
    POST -     in   404  404  200  200  403  403  200  200  403  in   404
    """),
    Page("C-11", "Imprimir renuncias", "renuncias:print", rows="""
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-11", "Expedir renuncias", "renuncias:issue", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-03", "Renuncia de un estudiante", "renuncias:of_student", of="enrollment", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Una renuncia", "renuncias:show", of="renuncia", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Recibir las marcadas", "renuncias:receive_many", rows="""
    POST -     in   404  404  302  302  403  403  403  403  403  in   404
    """),
    Page("C-11", "Recibirla por su folio", "renuncias:receive_by_folio", rows="""
    POST -     in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Marcar como recibida", "renuncias:receive", of="renuncia", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Registrar la renuncia", "renuncias:accept", of="renuncia", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Deshacer el paso", "renuncias:undo", of="renuncia", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Anular", "renuncias:void", of="renuncia", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Cancelar la renuncia", "renuncias:revoke", of="renuncia", rows="""
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Imprimir", "papers:print_jobs", rows="""
    GET  -     in   404  404  200  200  403  403  200  200  200  in   404
    """),
    Page("C-11", "Imprimir para grupos", "followup:print_for_groups", of="print kind", rows="""
    GET  own   in   404  404  200  200  403  403  +2   200  403  in   404
    GET  none  in   404  404  404  404  403  403  +2   404  403  in   404
    POST own   in   404  404  200  200  403  403  +2   200  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    Page("C-11", "Una impresión", "papers:show_print_job", of="print_job", rows="""
    GET  own   in   404  404  200  404  403  403  404  404  404  in   404
    GET  same  in   404  404  404  404  403  403  404  404  404  in   404
    GET  other in   404  404  404  200  403  403  404  404  404  in   404
    GET  none  in   404  404  404  404  403  403  404  404  404  in   404
    """),
    Page("C-11", "Un lote", "papers:show_print_job", of="lot", rows="""
    GET  own   in   404  404  200  404  403  403  200  200  200  in   404
    GET  same  in   404  404  200  404  403  403  200  200  200  in   404
    GET  other in   404  404  404  200  403  403  200  200  200  in   404
    GET  none  in   404  404  404  404  403  403  404  404  404  in   404
    """),
    Page("C-11", "Descargar las hojas", "papers:download_print_job", of="print_job", rows="""
    POST own   in   404  404  302  404  403  403  +2   404  403  in   404
    POST same  in   404  404  404  404  403  403  +2   404  403  in   404
    POST other in   404  404  404  302  403  403  +2   404  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    Page("C-11", "Descargar un lote", "papers:download_print_job", of="lot", rows="""
    POST own   in   404  404  302  404  403  403  +2   302  403  in   404
    POST same  in   404  404  302  404  403  403  +2   302  403  in   404
    POST other in   404  404  404  302  403  403  +2   302  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    Page("C-11", "Cancelar la impresión", "papers:cancel_print_job", of="print_job", rows="""
    POST own   in   404  404  302  404  403  403  +2   404  403  in   404
    POST same  in   404  404  404  404  403  403  +2   404  403  in   404
    POST other in   404  404  404  302  403  403  +2   404  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    Page("C-11", "Cancelar un lote", "papers:cancel_print_job", of="lot", rows="""
    POST own   in   404  404  302  404  403  403  +2   302  403  in   404
    POST same  in   404  404  302  404  403  403  +2   302  403  in   404
    POST other in   404  404  404  302  403  403  +2   302  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    Page("C-11", "«Ya las imprimí»", "papers:mark_printed", of="lot", rows="""
    POST own   in   404  404  302  404  403  403  +2   302  403  in   404
    POST same  in   404  404  302  404  403  403  +2   302  403  in   404
    POST other in   404  404  404  302  403  403  +2   302  403  in   404
    POST none  in   404  404  404  404  403  403  +2   404  403  in   404
    """),
    # Avisos a los estudiantes --------------------------------------------------------------------
    Page("—", "Avisos", "notices:list", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-01", "Correos rebotados", "followup:bounced", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("—", "Un aviso", "notices:show", of="notice", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("—", "Enviar otra vez", "notices:send_again", of="notice", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    # Catálogos -----------------------------------------------------------------------------------
    Page("A-01", "Planteles", "school:planteles", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("A-01", "Un plantel", "school:plantel", of="plantel", rows="""
    GET  own   in   404  404  200  404  200  200  200  200  200  in   404
    GET  other in   404  404  404  200  404  404  200  200  200  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("A-01", "Correo de dirección", "school:edit_direction", of="plantel", rows="""
    GET  own   in   404  404  403  403  403  403  +2   200  403  in   404
    GET  other in   404  404  403  403  403  403  +2   200  403  in   404
    GET  none  in   404  404  403  403  403  403  +2   404  403  in   404
    POST own   in   404  404  403  403  403  403  +2   302  403  in   404
    POST other in   404  404  403  403  403  403  +2   302  403  in   404
    POST none  in   404  404  403  403  403  403  +2   404  403  in   404
    """),
    Page("A-12", "Salud del sistema", "followup:system_health", rows="""
    GET  -     in   404  404  404  404  404  404  200  200  200  in   404
    """),
    Page("A-02", "Calendarios y días inhábiles", "followup:calendar", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("A-02", "Agregar días inhábiles", "followup:add_days", rows="""
    GET  -     in   404  404  403  403  403  403  +2   200  403  in   404
    POST -     in   404  404  403  403  403  403  +2   200  403  in   404
    """),
    Page("A-02", "Quitar días inhábiles", "followup:remove_days", rows="""
    GET  -     in   404  404  403  403  403  403  +2   200  403  in   404
    POST -     in   404  404  403  403  403  403  +2   200  403  in   404
    """),
    Page("A-03", "Ciclos escolares", "followup:cycles", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("A-03", "Abrir un ciclo", "followup:add_cycle", rows="""
    GET  -     in   404  404  403  403  403  403  +2   200  403  in   404
    POST -     in   404  404  403  403  403  403  +2   200  403  in   404
    """),
    Page("A-03", "Editar un ciclo", "followup:edit_cycle", of="cycle", rows="""
    GET  own   in   404  404  403  403  403  403  +2   200  403  in   404
    GET  none  in   404  404  403  403  403  403  +2   404  403  in   404
    POST own   in   404  404  403  403  403  403  +2   200  403  in   404
    POST none  in   404  404  403  403  403  403  +2   404  403  in   404
    """),
    Page("A-03", "¿Y si el plazo fuera otro?", "followup:simulate_policy", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("A-08", "Textos", "followup:texts", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   404
    """),
    Page("A-08", "Versiones de un texto", "followup:text", of="text", rows="""
    GET  own   in   404  404  200  200  200  200  200  200  200  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("A-08", "Una versión de un texto", "followup:text_version", of="text", what="1", rows="""
    GET  own   in   404  404  200  200  200  200  200  200  200  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("A-05", "Qué cambió en un texto", "followup:text_changes", of="text", what="1", rows="""
    GET  own   in   404  404  200  200  200  200  200  200  200  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("A-08", "Editar un texto", "followup:edit_text", of="text", rows="""
    GET  own   in   404  404  403  403  403  403  +2   200  403  in   404
    GET  none  in   404  404  403  403  403  403  +2   404  403  in   404
    POST own   in   404  404  403  403  403  403  +2   200  403  in   404
    POST none  in   404  404  403  403  403  403  +2   404  403  in   404
    """),
    Page("A-07", "La hoja de un formato, al escribirlo", "followup:preview_format", of="format", rows="""
    POST own   in   404  404  403  403  403  403  200  200  403  in   404
    POST none  in   404  404  403  403  403  403  404  404  403  in   404
    """),
    Page("A-08", "Volver a una versión", "followup:restore_text", of="text", what="1", rows="""
    POST own   in   404  404  403  403  403  403  +2   302  403  in   404
    POST none  in   404  404  403  403  403  403  +2   404  403  in   404
    """),
    Page("C-01", "Atajos de teclado", "school:switch_shortcuts", rows="""
    POST -     in   404  404  302  302  302  302  302  302  302  in   404
    """),
    # Pilas de hojas firmadas ----------------------------------------------------------------------
    Page("C-11", "Pilas de hojas firmadas", "renuncias:piles", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-11", "Subir hojas firmadas", "renuncias:upload_pile", rows="""
    GET  -     in   404  404  200  200  403  403  403  403  403  in   404
    POST -     in   404  404  200  200  403  403  403  403  403  in   404
    """),
    Page("C-11", "Una pila", "renuncias:show_pile", of="pile", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Una hoja de la pila", "renuncias:show_pile_page", of="pile", what="1", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  403  403  403  403  403  in   404
    GET  none  in   404  404  404  404  403  403  403  403  403  in   404
    POST own   in   404  404  200  404  403  403  403  403  403  in   404
    POST same  in   404  404  200  404  403  403  403  403  403  in   404
    POST other in   404  404  404  200  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Archivar la hoja", "renuncias:file_page", of="pile", what="1", rows="""
    POST own   in   404  404  404  404  403  403  403  403  403  in   404
    POST same  in   404  404  404  404  403  403  403  403  403  in   404
    POST other in   404  404  404  404  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Descartar la hoja", "renuncias:discard_page", of="pile", what="1", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Recuperar la hoja", "renuncias:restore_page", of="pile", what="1", rows="""
    POST own   in   404  404  302  404  403  403  403  403  403  in   404
    POST same  in   404  404  302  404  403  403  403  403  403  in   404
    POST other in   404  404  404  302  403  403  403  403  403  in   404
    POST none  in   404  404  404  404  403  403  403  403  403  in   404
    """),
    Page("C-11", "Hoja firmada, como imagen", "students:file", of="sheet", what="1", rows="""
    GET  own   in   404  404  200  404  403  403  403  403  403  in   404
    GET  same  in   404  404  200  404  403  403  403  403  403  in   404
    GET  other in   404  404  404  200  404  404  403  403  403  in   404
    GET  none  in   404  404  404  404  404  404  404  404  404  in   404
    """),
    # Cuenta del personal: entrar, contraseña y segundo factor ------------------------------------
    Page("—", "Entrada del personal", "account_login", rows="""
    GET  -     200  302  302  302  302  302  302  302  302  302  200  302
    POST -     200  302  302  302  302  302  302  302  302  302  200  302
    """),
    Page("—", "Salir", "account_logout", rows="""
    GET  -     302  200  200  200  200  200  200  200  200  200  302  200
    POST -     302  302  302  302  302  302  302  302  302  302  302  302
    """),
    Page("—", "Cuenta cerrada", "account_inactive", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Confirmar quién eres", "account_reauthenticate", rows="""
    GET  -     in   404  404  +2   +2   +2   +2   +2   +2   +2   in   +2
    POST -     in   404  404  +2   +2   +2   +2   +2   +2   +2   in   +2
    """),
    Page("—", "Cambiar contraseña", "account_change_password", rows="""
    GET  -     in   404  404  302  302  302  302  302  302  302  in   302
    POST -     in   404  404  302  302  302  302  302  302  302  in   302
    """),
    Page("—", "Olvidé mi contraseña", "account_reset_password", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    POST -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Enlace enviado", "account_reset_password_done", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Contraseña nueva", "account_reset_password_from_key", of="reset", what="no-existe", rows="""
    GET  none  200  200  200  200  200  200  200  200  200  200  200  200
    POST none  200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Contraseña lista", "account_reset_password_from_key_done", rows="""
    GET  -     200  200  200  200  200  200  200  200  200  200  200  200
    """),
    Page("—", "Mi cuenta", "mfa_index", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   200
    """),
    Page("—", "Mis sesiones", "staff_sessions", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   200
    """),
    Page("—", "Cerrar una sesión", "staff_end_session", rows="""
    POST -     in   404  404  302  302  302  302  302  302  302  in   302
    """),
    Page("—", "Cerrar las demás sesiones", "staff_end_other_sessions", rows="""
    POST -     in   404  404  302  302  302  302  302  302  302  in   302
    """),
    Page("—", "Escribir el código al entrar", "mfa_authenticate", rows="""
    GET  -     302  302  302  302  302  302  302  302  302  302  302  302
    POST -     302  302  302  302  302  302  302  302  302  302  302  302
    """),
    Page("—", "Confirmar con el código", "mfa_reauthenticate", rows="""
    GET  -     in   404  404  200  200  200  200  200  200  200  in   200
    POST -     in   404  404  200  200  200  200  200  200  200  in   200
    """),
    Page("—", "Activar el segundo factor", "mfa_activate_totp", rows="""
    GET  -     in   404  404  302  302  302  302  302  302  302  in   302
    POST -     in   404  404  302  302  302  302  302  302  302  in   302
    """),
    Page("—", "Códigos de recuperación", "mfa_view_recovery_codes", rows="""
    GET  -     in   404  404  404  404  404  404  404  404  404  in   404
    """),
    Page("—", "Códigos de recuperación nuevos", "mfa_generate_recovery_codes", rows="""
    GET  -     in   404  404  +2   +2   +2   +2   +2   200  +2   in   +2
    POST -     in   404  404  +2   +2   +2   +2   +2   302  +2   in   +2
    """),
    Page("—", "Descargar los códigos", "mfa_download_recovery_codes", rows="""
    GET  -     in   404  404  404  404  404  404  404  404  404  in   404
    """),
)
# fmt: on
