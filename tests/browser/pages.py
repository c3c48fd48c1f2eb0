"""Every page of the portal, who is looked over whose shoulder, and what is typed wrongly there.

To add a page: one line with its URL name, the scenes (scenes.py) in which it is looked at, and what is sent to
see its errors. A page of the URL conf without a line fails test_every_page_is_in_the_table.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from followup.states import Stage
from tests.browser.scenes import STUDENTS, Scene

NOBODYS = "aaaaaaaaaaaaaaaaaaaaaa"
OFFICE = ("responsable", "revisor", "consulta", "administrator with reason", "auditor")
CATALOGUE_READERS = ("responsable", "administrator")
OPEN = tuple(stage for stage in Stage if stage not in {Stage.S_13, Stage.S_14})


@dataclass(frozen=True)
class Sent:
    """What is typed before the form is sent; a field that is not named stays empty.

    `form` is the CSS selector of the form, `file` the name of a file that is chosen.
    """

    fields: dict[str, str] = field(default_factory=dict)
    form: str = "main form[method=post]"
    file: str = ""
    content: bytes = b"hola"


NOTHING = Sent()


@dataclass(frozen=True)
class Look:
    """One page in some scenes. `of` names what its address takes; `wrong` is what its forms refuse.

    `takes_anything` says that the page has fields, and no way to fill them wrongly; `status` is what it answers.
    """

    name: str
    scenes: tuple[str, ...]
    of: str = ""
    query: str = ""
    wrong: tuple[Sent, ...] = ()
    takes_anything: bool = False
    status: int = 200

    def address(self, scene: Scene) -> str:
        """Return the page's address in that scene."""
        args = (NOBODYS,) if self.of == "nobody" else scene.args[self.of] if self.of else ()
        return reverse(self.name, args=args) + self.query

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, self.of, self.query]))


def of_form(end: str, **fields: str) -> Sent:
    """Return what is sent through the form whose address ends so."""
    return Sent(fields, f'form[action*="{end}"]')


def send(**fields: str) -> Sent:
    """Return what is sent through the page's own form."""
    return Sent(fields)


def choose(file: str, content: bytes = b"hola", **fields: str) -> Sent:
    """Return what is sent with a file that is not what it should be."""
    return Sent(fields, file=file, content=content)


WRONG_CODE = (NOTHING, send(code="12"))
WRONG_NSS = of_form("/corregir-nss/", nss="24260812")
WRONG_DIGIT = of_form("/corregir-nss/", nss="24260812343")

PAGES = (
    # For everybody
    Look("followup:cover", ("visitor", Stage.S_01)),
    Look("followup:guide", ("visitor", Stage.S_01, Stage.S_02)),
    Look("followup:family", ("visitor", Stage.S_01)),
    Look("followup:decline", ("visitor", Stage.S_01)),
    Look("followup:help", ("visitor", "responsable")),
    Look("followup:help", (Stage.S_01,), wrong=(NOTHING,)),
    Look("students:privacy_notice", ("visitor", Stage.S_01)),
    Look("followup:offline", ("visitor",)),
    Look(
        "papers:find_paper",
        ("visitor", "responsable"),
        wrong=(NOTHING, send(folio="R26B-05-00031" * 4, code="A" * 41)),
    ),
    *(
        Look("papers:show_paper", ("visitor",), of=f"paper {state}")
        for state in ("VALID", "REPLACED", "REVOKED")
    ),
    Look("papers:show_paper", ("responsable",), of="paper VALID"),
    # How a student comes in
    Look(
        "students:sign_in", ("visitor",), wrong=(NOTHING, send(matricula="26050148", code="ABCD"))
    ),
    Look("students:request_sign_in", ("visitor",), wrong=(NOTHING, send(matricula="2" * 41))),
    Look(
        "students:enter_code", ("visitor",), wrong=(NOTHING, send(matricula="2605", code="123456"))
    ),
    Look("students:sign_in_link", ("visitor",), wrong=(NOTHING,)),
    Look("students:request_lost_code", ("visitor",), wrong=(NOTHING, send(email="ana@"))),
    # What is the student's own
    Look("followup:my_steps", STUDENTS),
    Look("students:my_data", (*OPEN[1:], Stage.S_13, Stage.S_14)),
    Look("followup:order_my_copy", (Stage.S_01, Stage.S_14)),
    Look("followup:order_summary", (Stage.S_03, Stage.S_06)),
    Look("followup:show_report", (Stage.S_01, Stage.S_02), of="report"),
    Look("students:confirm_person", (Stage.S_00,)),
    Look(
        "students:confirm_person",
        ("without CURP",),
        wrong=(NOTHING, send(curp="GOMA080214"), send(curp="GOMA080230MSRMRNA5")),
    ),
    Look(
        "students:contact",
        (Stage.S_00,),
        wrong=(
            NOTHING,
            send(email="ana@gmial.com"),
            send(email="ana@", phone="662", guardian_contact="mi mamá"),
        ),
    ),
    Look("students:contact", (Stage.S_01,), wrong=(send(phone="662", guardian_contact="mi mamá"),)),
    Look("students:address", (Stage.S_00,), wrong=(NOTHING, send(postal_code="8300"))),
    Look(
        "students:address",
        (Stage.S_01,),
        wrong=(NOTHING, send(postal_code="83000", colonia="_other"), send(postal_code="00001")),
    ),
    Look("students:other_cover", (Stage.S_00,), wrong=(NOTHING, send(other_cover="?"))),
    Look("students:consider_other_cover", (Stage.S_01,)),
    Look("students:confirm_data", ("confirming",)),
    Look(
        "students:change_email",
        (Stage.S_01,),
        wrong=(NOTHING, send(email="ana@"), send(email="ana@gmial.com")),
    ),
    Look("students:confirm_email", ("e-mail to confirm",), wrong=WRONG_CODE),
    Look("students:accept_privacy_notice", (Stage.S_01,)),
    Look("students:sessions", (Stage.S_01,)),
    # The troubles
    Look("followup:subdelegacion", (Stage.S_01,)),
    Look(
        "followup:report_subdelegacion",
        (Stage.S_01,),
        wrong=(
            NOTHING,
            send(happened_on="2999-01-01"),
            choose("mensaje.txt", happened_on="2026-01-02"),
        ),
    ),
    Look("followup:wrong_data", (Stage.S_01,), wrong=(NOTHING, send(subject="CURP"))),
    Look("followup:has_nss", (Stage.S_01,), takes_anything=True),
    Look("followup:no_mail", (Stage.S_01,), takes_anything=True),
    Look("followup:page_failed", (Stage.S_01,), takes_anything=True),
    Look(
        "followup:report_roster_data", (Stage.S_00, Stage.S_01), wrong=(NOTHING, send(text="Otro"))
    ),
    Look("followup:ask", (Stage.S_01, Stage.S_13), wrong=(NOTHING,)),
    # The renuncia
    Look("renuncias:start", (Stage.S_01,), wrong=(NOTHING,)),
    Look(
        "renuncias:answer",
        (Stage.S_13A,),
        of="question institucion",
        wrong=(send(institution="OTHER"),),
    ),
    Look("renuncias:answer", (Stage.S_13A,), of="question titular", takes_anything=True),
    Look(
        "renuncias:answer",
        (Stage.S_13A,),
        of="question poliza",
        wrong=(send(covered_until="2020-01-01"),),
    ),
    Look(
        "renuncias:answer",
        ("renuncia for another reason",),
        of="question explicacion",
        wrong=(send(motive_note=""),),
    ),
    Look("renuncias:check", (Stage.S_13A,)),
    Look("renuncias:own", (Stage.S_13A, "signed renuncia", Stage.S_13)),
    Look("renuncias:change_mind", (Stage.S_13A, "signed renuncia", Stage.S_13)),
    # The acuse
    Look("clinics:own_clinic", (Stage.S_07,)),
    Look(
        "clinics:own_clinic",
        (Stage.S_09,),
        wrong=(NOTHING, choose("carnet.txt", number="37", turno="MORNING")),
    ),
    Look("clinics:own_clinic", (Stage.S_10,)),
    Look("clinics:own_vigencia", (Stage.S_10,), wrong=(NOTHING,)),
    Look("clinics:own_vigencia", (Stage.S_10,), query="?si=1", wrong=(NOTHING,)),
    Look(
        "clinics:own_vigencia",
        (Stage.S_11, Stage.S_12, "vigencia by other"),
        wrong=(NOTHING, choose("constancia.txt")),
    ),
    Look("clinics:own_vigencia", ("vigencia not consulted", "constancia that differs")),
    Look("nss:upload", (Stage.S_01, Stage.S_01V, Stage.S_05), wrong=(NOTHING, choose("acuse.txt"))),
    Look("nss:upload", (Stage.S_02,), wrong=(NOTHING,)),
    Look("nss:add_photo", ("two photos",), wrong=(NOTHING, choose("acuse.txt"))),
    Look("nss:confirm", (Stage.S_04B, "acuse of somebody else", "two photos")),
    Look(
        "nss:reading", ("number read",), wrong=(NOTHING, send(answer="DIFFERENT", typed_nss="2426"))
    ),
    Look("nss:reading", ("number not read",), wrong=(NOTHING, send(typed_nss="24260812343"))),
    Look("nss:reading", ("only the number",), wrong=(NOTHING, send(typed_nss="2426"))),
    Look("nss:sent", (Stage.S_04, "number read", "number not read"), of="acuse"),
    Look("nss:order_receipt", (Stage.S_04,), of="acuse"),
    # Control Escolar: every day
    Look("followup:today", (*OFFICE, "first day")),
    Look("followup:students", ("responsable", "revisor", "consulta", "first day")),
    Look("followup:students", ("responsable",), query="?paso=vencido&grupo=102"),
    Look("followup:bounced", ("responsable", "first day")),
    Look("followup:overdue", ("responsable", "revisor", "consulta", "first day")),
    Look("followup:overdue", ("responsable",), query="?canal=whatsapp&grupo=103"),
    Look("followup:overdue", ("responsable",), query="?archivo=sin-confirmar"),
    Look("followup:notify_overdue", ("responsable", "first day")),
    Look(
        "followup:extend_deadline",
        ("responsable",),
        of="overdue",
        wrong=(NOTHING, send(due_on="2020-01-01", reason="corto")),
    ),
    Look("followup:extend_deadline", ("responsable",), of="enrollment with NSS"),
    Look("followup:search", (*OFFICE[:4], "first day"), takes_anything=True),
    Look("followup:search", ("responsable",), query="?q=guadalupe", takes_anything=True),
    Look("followup:student_file", OFFICE[:4], of="enrollment", takes_anything=True),
    Look("followup:student_file", ("responsable",), of="enrollment with NSS"),
    Look(
        "followup:student_file",
        ("responsable", "revisor", "consulta"),
        of="enrollment with NSS",
        query="?ver=documentos",
    ),
    Look(
        "followup:student_file", ("responsable",), of="enrollment with NSS", query="?ver=historial"
    ),
    Look(
        "followup:student_file", ("responsable",), of="enrollment with NSS", query="?ver=mensajes"
    ),
    Look(
        "followup:student_file",
        ("administrator",),
        of="enrollment",
        wrong=(of_form("/motivo/"), of_form("/motivo/", reason="corta")),
    ),
    Look("followup:reports", ("responsable", "revisor", "consulta", "first day")),
    Look("followup:reports", ("responsable",), query="?tipo=atendidos"),
    Look("followup:oficios", ("responsable", "revisor", "first day")),
    Look("followup:make_oficio", ("responsable",), wrong=(NOTHING,)),
    Look("followup:oficio", ("responsable", "revisor"), of="oficio"),
    Look(
        "followup:oficio",
        ("responsable",),
        of="delivered oficio",
        wrong=(of_form("/archivo/"),),
    ),
    Look("followup:change_oficio", ("responsable",), of="oficio", wrong=(send(cases="nadie"),)),
    Look("followup:escalations", ("responsable", "revisor", "consulta", "first day")),
    Look(
        "followup:staff_report",
        ("responsable",),
        of="case",
        wrong=(
            of_form("/atender/"),
            of_form("/nss/"),
            of_form("/nss/", nss="2426"),
            of_form("/nss/", nss="24260812343"),
        ),
    ),
    Look("followup:staff_report", ("responsable",), of="question", wrong=(of_form("/atender/"),)),
    Look("followup:staff_report", ("revisor",), of="case"),
    # Control Escolar: batches for IMSS
    Look(
        "affiliation:batches",
        ("responsable", "consulta", "administrator", "auditor", "first day"),
    ),
    Look(
        "affiliation:check_batch",
        ("responsable",),
        of="altas",
        wrong=(of_form("/hacer/"),),
    ),
    Look("affiliation:check_batch", ("responsable",), of="altas", query="?ver=listos"),
    Look("affiliation:check_batch", ("responsable",), of="bajas"),
    Look("affiliation:check_batch", ("first day",), of="altas"),
    Look("affiliation:show_batch", ("responsable",), of="batch", wrong=(of_form("/enviado/"),)),
    Look(
        "affiliation:show_batch",
        ("responsable",),
        of="sent batch",
        wrong=(of_form("/respuestas/"), of_form("/archivo/")),
    ),
    Look("affiliation:review_answers", ("responsable",), of="sent batch"),
    Look("affiliation:review_answers", ("responsable",), of="sent batch", query="?ver=rechazos"),
    Look("affiliation:profiles", ("administrator",)),
    Look(
        "affiliation:edit_profile",
        ("administrator with reason",),
        of="registro",
        wrong=(send(guia="12", salario="-1", tipo_salario="9"),),
    ),
    # Control Escolar: acuses
    Look(
        "nss:review_acuse",
        ("responsable", "revisor"),
        of="matching acuse",
        wrong=(of_form("/corregir-nss/"), WRONG_NSS, WRONG_DIGIT, of_form("/rechazar/")),
    ),
    Look(
        "nss:review_acuse",
        ("responsable",),
        of="differing acuse",
        wrong=(of_form("/rechazar/", reason="OTHER", note="corta"),),
    ),
    Look("nss:review_acuse", ("responsable", "revisor"), of="unread acuse", takes_anything=True),
    Look("nss:review_acuse", ("responsable", "consulta"), of="decided acuse"),
    Look("nss:review_acuse", ("consulta",), of="matching acuse"),
    Look("nss:review_end", ("responsable", "revisor", "first day")),
    Look("nss:undo_review", ("responsable",), of="decided acuse", wrong=(NOTHING,)),
    Look("followup:move_to_case", ("responsable",), of="matching acuse", wrong=(NOTHING,)),
    Look("followup:undo_case", ("responsable",), of="decided acuse", wrong=(NOTHING,)),
    Look("nss:original", ("responsable",), of="matching acuse"),
    Look(
        "nss:upload_for_student",
        ("responsable",),
        of="enrollment",
        wrong=(NOTHING, choose("acuse.txt")),
    ),
    Look(
        "nss:register_nss",
        ("responsable",),
        of="enrollment",
        wrong=(
            NOTHING,
            send(nss="2426", nss_again="2427"),
            send(nss="24260812343", nss_again="24260812343"),
        ),
    ),
    # Control Escolar: lists, codes, mails, planteles
    Look(
        "students:import_roster",
        ("responsable", "first day"),
        wrong=(NOTHING, choose("lista.csv", b"")),
    ),
    Look("students:import_roster", ("administrator with reason",), wrong=(NOTHING,)),
    *(
        Look(
            "students:show_roster_import",
            ("responsable",),
            of=f"roster {state}",
            takes_anything=True,
        )
        for state in (
            "UPLOADED",
            "READ",
            "MATCHED",
            "CHECKED",
            "CONFIRMED",
            "FAILED",
            "CANCELLED",
            "UNDONE",
        )
    ),
    Look(
        "students:show_roster_import",
        ("responsable",),
        of="roster IMPORTED",
        wrong=(of_form("/no-vienen/", on_date="1999-01-01"),),
    ),
    Look(
        "students:show_roster_import", ("responsable",), of="roster CHECKED", query="?ver=cambios"
    ),
    Look(
        "students:show_roster_import",
        ("responsable",),
        of="roster CHECKED",
        query="?ver=avisos",
        takes_anything=True,
    ),
    Look(
        "students:match_roster_columns",
        ("responsable",),
        of="roster READ",
        wrong=(NOTHING, send(column_0="curp", column_1="curp")),
    ),
    Look(
        "students:withdraw_student",
        ("responsable",),
        of="enrollment",
        wrong=(NOTHING, send(on_date="mañana")),
    ),
    Look(
        "students:transfer_student",
        ("responsable",),
        of="enrollment",
        wrong=(NOTHING, send(matricula="¿?", on_date="mañana")),
    ),
    Look(
        "students:correct_contact",
        ("responsable",),
        of="enrollment",
        wrong=(NOTHING, send(email="ana@gmial.com", phone="6621234567")),
    ),
    Look("students:correct_address", ("responsable",), of="enrollment", wrong=(NOTHING,)),
    Look("students:correct_curp", ("responsable",), of="enrollment", wrong=(NOTHING,)),
    *(
        Look("students:reinstate_student", ("responsable",), of=f"baja {kind}")
        for kind in ("TEMPORARY", "DEFINITIVE", "TRANSFER")
    ),
    Look("students:bajas", ("responsable", "first day")),
    Look("students:withdraw_students", ("responsable", "first day")),
    Look(
        "students:withdraw_students",
        ("responsable",),
        query="?semestre=6",
        wrong=(send(on_date="mañana"),),
    ),
    Look("students:print_slips", ("responsable",), wrong=(NOTHING,)),
    Look("students:print_slips", ("first day",)),
    *(
        Look("followup:print_for_groups", ("responsable",), of=f"print {kind}", wrong=(NOTHING,))
        for kind in ("renuncias", "citatorios", "listas")
    ),
    *(
        Look("followup:print_for_groups", ("administrator with reason",), of=f"print {kind}")
        for kind in ("renuncias", "guia")
    ),
    Look("papers:print_jobs", ("responsable", "first day", "auditor")),
    *(
        Look("papers:show_print_job", ("responsable",), of=f"print {state}")
        for state in ("QUEUED", "PRINTING", "READY", "FAILED", "CANCELLED")
    ),
    *(
        Look("papers:show_print_job", ("responsable",), of=f"lot {state}")
        for state in ("QUEUED", "PRINTING", "READY", "FAILED", "CANCELLED")
    ),
    Look("papers:show_print_job", ("auditor",), of="lot READY"),
    # Control Escolar: clinics and vigencias
    Look("clinics:clinics", ("responsable", "consulta"), takes_anything=True),
    Look("clinics:clinics", ("responsable",), query="?estado=registradas", takes_anything=True),
    Look("clinics:clinics", ("first day",)),
    Look("clinics:open_clinics", ("responsable", "first day")),
    Look("clinics:open_clinics", ("responsable",), query="?plantel=26ECB0005X"),
    Look("clinics:open_clinics", ("first day",), query="?plantel=26ECB0005X"),
    Look("clinics:open_clinics", ("responsable",), query="?plantel=26ECB0005X&dia=2020-01-01"),
    Look("clinics:move_openings", ("responsable", "first day")),
    Look("clinics:move_openings", ("responsable",), query="?plantel=26ECB0005X&fecha=2026-08-21"),
    Look("clinics:move_openings", ("responsable",), query="?plantel=26ECB0005X&dia=2020-01-01"),
    Look(
        "clinics:register_for_student",
        ("responsable",),
        of="insured",
        wrong=(NOTHING, choose("carnet.txt", number="37", turno="MORNING")),
    ),
    Look("clinics:register_for_student", ("responsable",), of="registered"),
    Look("clinics:umfs", ("responsable", "consulta", "first day")),
    Look("clinics:import_umfs", ("responsable",), wrong=(NOTHING, choose("umf.csv"))),
    Look("clinics:add_umf", ("responsable",), of="plantel", wrong=(NOTHING,)),
    Look("clinics:edit_umf", ("responsable",), of="umf", wrong=(send(name="N" * 121),)),
    Look("clinics:vigencias", ("responsable", "consulta", "first day")),
    Look("clinics:vigencias", ("responsable",), query="?estado=si"),
    Look("clinics:ask_vigencia", ("responsable", "first day")),
    Look("clinics:ask_vigencia", ("responsable",), query="?plantel=26ECB0005X"),
    Look("clinics:ask_vigencia", ("first day",), query="?plantel=26ECB0005X"),
    # Control Escolar: renuncias and signed sheets
    Look("renuncias:list", ("responsable", "first day"), takes_anything=True),
    Look("renuncias:list", ("responsable",), query="?estado=firmadas", takes_anything=True),
    Look("renuncias:list", ("administrator",)),
    Look("renuncias:issue", ("first day",)),
    Look("renuncias:issue", ("responsable",), query="?grupo=102"),
    Look(
        "renuncias:of_student",
        ("responsable",),
        of="enrollment",
        wrong=(send(motive="OTHER"),),
    ),
    *(
        Look(
            "renuncias:show",
            ("responsable",),
            of=f"renuncia {state}",
            wrong=(of_form(f"/{verb}/", reason="corta"),),
        )
        for state, verb in (("ISSUED", "anular"), ("ACCEPTED", "cancelar"))
    ),
    Look(
        "renuncias:show",
        ("responsable",),
        of="renuncia SIGNED",
        wrong=(of_form("/registrar/"), of_form("/anular/", reason="corta")),
    ),
    Look("renuncias:show", ("responsable",), of="renuncia VOIDED"),
    Look("renuncias:piles", ("responsable", "first day")),
    Look(
        "renuncias:upload_pile",
        ("responsable", "first day"),
        wrong=(NOTHING, choose("hojas.txt")),
    ),
    *(
        Look("renuncias:show_pile", ("responsable",), of=pile)
        for pile in ("pile that is read", "pile", "pile that failed")
    ),
    Look("renuncias:show_pile_page", ("responsable",), of="loose sheet", wrong=(NOTHING,)),
    *(
        Look("renuncias:show_pile_page", ("responsable",), of=sheet)
        for sheet in ("filed sheet", "sheet that does not open", "discarded sheet")
    ),
    Look("notices:list", ("responsable", "first day"), takes_anything=True),
    *(
        Look("notices:show", ("responsable",), of=f"notice {state}")
        for state in ("QUEUED", "SENT", "FAILED")
    ),
    Look("school:planteles", CATALOGUE_READERS),
    Look("school:plantel", CATALOGUE_READERS, of="plantel"),
    Look(
        "school:edit_direction",
        ("administrator with reason",),
        of="plantel",
        wrong=(send(direction_email="direccion"),),
    ),
    Look("followup:system_health", ("auditor", "administrator in trouble")),
    Look("followup:today", ("responsable in trouble",)),
    # Calendars
    Look("followup:calendar", CATALOGUE_READERS),
    *(
        Look(name, ("administrator with reason",), wrong=(NOTHING, send(desde="mañana")))
        for name in ("followup:add_days", "followup:remove_days")
    ),
    Look("followup:cycles", CATALOGUE_READERS),
    Look("followup:add_cycle", ("administrator with reason",), wrong=(NOTHING,)),
    Look(
        "followup:edit_cycle",
        ("administrator with reason",),
        of="cycle",
        wrong=(send(ends_on="2020-01-01", acuse_days="0"),),
    ),
    Look(
        "followup:simulate_policy",
        CATALOGUE_READERS,
        query="?ciclo=2026-B&dias=5&cuenta=BUSINESS&revision=2&correccion=2",
        takes_anything=True,
    ),
    # The texts that the institution edits
    Look("followup:texts", CATALOGUE_READERS),
    Look("followup:text", CATALOGUE_READERS, of="guide"),
    Look("followup:text_version", ("administrator",), of="first reasons"),
    Look(
        "followup:edit_text",
        ("administrator with reason",),
        of="guide",
        wrong=(NOTHING, send(steps__url="https://imss.gob.mx.example/")),
    ),
    Look("followup:edit_text", ("administrator with reason",), of="aviso", wrong=(NOTHING,)),
    # The formats that are printed
    Look("followup:text_version", ("administrator",), of="first format"),
    Look(
        "followup:edit_text",
        ("administrator with reason",),
        of="format",
        wrong=(NOTHING, send(title="Oficio", addressed_to="A quien corresponda", body="Hola.")),
    ),
    # The mails that it edits
    Look("followup:text_version", ("administrator",), of="first mail"),
    Look("followup:text_changes", ("administrator",), of="second mail"),
    Look(
        "followup:edit_text",
        ("administrator with reason",),
        of="mail",
        wrong=(send(subject="{{curp}}", body="{{enlace}} y {{enlace}}", based_on="1"),),
    ),
    # The staff's own account
    Look(
        "account_login",
        ("visitor",),
        wrong=(NOTHING, send(login="laura@correo.example", password="no es")),
    ),
    Look("account_logout", ("responsable",)),
    Look("account_inactive", ("visitor",)),
    Look("account_reset_password", ("visitor",), wrong=(NOTHING, send(email="laura@"))),
    Look("account_reset_password_done", ("visitor",)),
    Look(
        "account_reset_password_from_key",
        ("visitor",),
        of="valid link",
        wrong=(NOTHING, send(password1="corta", password2="otra")),
    ),
    Look("account_reset_password_from_key", ("visitor",), of="old link"),
    Look("account_reset_password_from_key_done", ("visitor",)),
    Look(
        "account_change_password",
        ("with password",),
        wrong=(NOTHING, send(oldpassword="no es", password1="corta", password2="otra")),
    ),
    Look("mfa_index", ("responsable",)),
    Look("staff_sessions", ("responsable",)),
    Look("mfa_reauthenticate", ("responsable",), wrong=WRONG_CODE),
    Look("mfa_activate_totp", ("without second factor",), wrong=WRONG_CODE),
    Look("mfa_view_recovery_codes", ("with password",)),
    Look("mfa_generate_recovery_codes", ("with password",)),
    # What does not exist, and what is not for one
    Look("papers:show_paper", ("visitor",), of="nobody", wrong=(NOTHING,), status=404),
    Look("followup:show_report", (Stage.S_01,), of="nobody", status=404),
    Look("followup:student_file", ("responsable",), of="nobody", status=404),
    Look("nss:review", ("consulta",), status=403),
)

NOT_A_PAGE = {
    "followup:download_nss": "a text to keep",
    "followup:service_worker": "a script",
    "followup:health": "one word for a monitor",
    "students:continue_data": "leads to the first question without an answer",
    "students:find_places": "a piece of students:address, filled in by test_student_data",
    "students:read_curp": "a piece of students:confirm_person, filled in by test_student_data",
    "students:file": "a document",
    "followup:download_my_data": "a file",
    "followup:oficio_list": "a file",
    "affiliation:download_batch_file": "a file",
    "students:download_roster_template": "a file",
    "students:download_roster_errors": "a file",
    "mfa_download_recovery_codes": "a file",
    "account_reauthenticate": "leads to mfa_reauthenticate: everybody has a second factor",
    "mfa_authenticate": "comes after account_login alone: test_second_factor",
}
"""Addresses that answer GET with something else than a page of their own."""
