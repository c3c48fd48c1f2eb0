"""What every stage of a trámite says: the one table behind the student's page, the tags and the lists.

The order of STAGE_ORDER is the order in which followup.queries.progress looks for a match. In a body
`**…**` is bold and `{…}` is filled by followup.queries.my_steps.
"""

from dataclasses import dataclass

from followup.states import Ball, Stage


@dataclass(frozen=True)
class StageLink:
    """A button or link of «Lo que sigue»; `on` says whose id its URL takes (acuse, report), `query` what follows."""

    text: str
    url_name: str
    on: str = ""
    query: str = ""


@dataclass(frozen=True)
class StageText:
    """One row of the table of stages.

    `steps` are the student's tags of STEPS; "" hides one, what is left out comes later.
    """

    tag: str
    heading: str
    body: str
    ball: Ball
    button: StageLink | None = None
    links: tuple[StageLink, ...] = ()
    is_warning: bool = False
    says_deadline: bool = False
    steps: tuple[str, ...] = ()


DONE, YOURS, WAITING, LATER = "Listo", "Te toca", "En espera", "Más adelante"
STEP_STATUS = {DONE: "done", YOURS: "current", WAITING: "waiting", LATER: "later"}
STEPS = (
    "Confirma tus datos",
    "Saca tu NSS",
    "Sube tu acuse",
    "Tu plantel te afilia",
    "Regístrate en tu clínica",
    "Revisa tu vigencia",
)
UPLOAD_STEP = STEPS.index("Sube tu acuse")
NSS_BY_PLANTEL = "Lo saca tu plantel"

_UPLOAD = "nss:upload"
RETYPE = StageLink("Escribir mi NSS", "nss:reading")
"""What S-05 asks instead of another file when only the number was wrong."""
_TROUBLE = StageLink("¿Tuviste un problema?", "followup:help")
_SUMMARY = StageLink("Descargar resumen (PDF)", "followup:order_summary")

STAGES: dict[str, StageText] = {
    Stage.S_14: StageText(
        tag="Baja",
        heading="Tu seguro de estudiante terminó",
        body="{baja}Se termina cuando causas baja o concluyes tu bachillerato. Tu NSS sigue siendo tuyo.",
        ball=Ball.NOBODY,
    ),
    Stage.S_13: StageText(
        tag="Renuncia",
        heading="Registramos tu renuncia",
        body="No estás en el seguro de salud para estudiantes. Si cambia tu situación, puedes pedirlo otra vez.",
        ball=Ball.NOBODY,
        button=StageLink("Quiero afiliarme", "renuncias:change_mind"),
    ),
    Stage.S_13A: StageText(
        tag="Renuncia por firmar",
        heading="Falta entregar tu renuncia firmada",
        body="Pide el formato en Control Escolar o descárgalo, fírmalo{guardian} y entrégalo en {place}.",
        ball=Ball.STUDENT,
        button=StageLink("Descargar formato", "renuncias:own"),
        links=(StageLink("Cambié de opinión", "renuncias:change_mind"),),
    ),
    Stage.S_12: StageText(
        tag="En corrección",
        heading="Le avisamos a tu plantel",
        body=(
            "Como en el IMSS te salió **NO**, {responsable} va a volver a hacer tu afiliación. "
            "No tienes que ir a la Subdelegación. Te escribimos cuando puedas revisar otra vez."
        ),
        ball=Ball.PLANTEL,
        links=(StageLink("Ver mi respuesta", "clinics:own_vigencia"),),
        steps=(DONE, DONE, DONE, WAITING, DONE, LATER),
    ),
    Stage.S_11: StageText(
        tag="Completo",
        heading="¡Listo! Tu seguro está activo",
        body="Ya puedes usar los servicios del IMSS. Guarda tu carnet y tu NSS.",
        ball=Ball.NOBODY,
        button=_SUMMARY,
        links=(
            StageLink("Ver mi vigencia", "clinics:own_vigencia"),
            StageLink("Ver mi clínica", "clinics:own_clinic"),
        ),
        steps=(DONE,) * 6,
    ),
    Stage.S_10: StageText(
        tag="Falta verificar",
        heading="Revisa que tu seguro esté activo",
        body="Entra a Consulta de vigencia en el IMSS y dinos qué salió.",
        ball=Ball.STUDENT,
        button=StageLink("Ver cómo", "clinics:own_vigencia"),
        links=(
            StageLink("Ya revisé", "clinics:own_vigencia", query="#resultado"),
            StageLink("Ver mi clínica", "clinics:own_clinic"),
            _SUMMARY,
        ),
        steps=(DONE, DONE, DONE, DONE, DONE, YOURS),
    ),
    Stage.S_09: StageText(
        tag="Falta tu clínica",
        heading="Regístrate en tu clínica (UMF)",
        body="Hazlo en línea y saca tu carnet de citas, o ve a la clínica que te toca.",
        ball=Ball.STUDENT,
        button=StageLink("Ver cómo", "clinics:own_clinic"),
        links=(StageLink("Ya me registré", "clinics:own_clinic", query="#registro"), _SUMMARY),
        steps=(DONE, DONE, DONE, DONE, YOURS),
    ),
    Stage.S_08: StageText(
        tag="Afiliado",
        heading="Ya quedaste afiliado",
        body="Tu plantel te dirá en qué momento registrarte en tu clínica. Te avisamos por correo.",
        ball=Ball.PLANTEL,
        links=(_SUMMARY,),
        steps=(DONE, DONE, DONE, DONE, WAITING),
    ),
    Stage.S_07: StageText(
        tag="En afiliación",
        heading="Tu plantel ya mandó tu afiliación",
        body="Le toca al IMSS. Suele tardar unos días.",
        ball=Ball.IMSS,
        links=(_SUMMARY,),
        steps=(DONE, DONE, DONE, WAITING),
    ),
    Stage.S_06: StageText(
        tag="Aceptado",
        heading="Tu acuse está aceptado",
        body="Ahora tu plantel te afilia ante el IMSS. Te avisamos cuando quede.",
        ball=Ball.PLANTEL,
        links=(_SUMMARY,),
        steps=(DONE, DONE, DONE, WAITING),
    ),
    Stage.S_03: StageText(
        tag="NSS listo",
        heading="Ya tenemos tu NSS",
        body="Tu número es **{nss}**. Guárdalo: es tuyo para toda la vida. No tienes que subir acuse.",
        ball=Ball.PLANTEL,
        button=StageLink("Descargar mi NSS", "followup:download_nss"),
        links=(_SUMMARY,),
        steps=(DONE, DONE, "", WAITING),
    ),
    Stage.S_04: StageText(
        tag="En revisión",
        heading="Recibimos tu acuse",
        body=(
            "Control Escolar lo revisa en máximo {review_days} (a más tardar el **{review_due}**). "
            "No necesitas hacer nada más por ahora. Folio {folio}."
        ),
        ball=Ball.PLANTEL,
        button=StageLink("Ver lo que envié", "nss:sent", on="acuse"),
        steps=(DONE, DONE, WAITING, LATER),
    ),
    Stage.S_04B: StageText(
        tag="Falta confirmar",
        heading="Tu archivo llegó, pero falta que lo confirmes",
        body="Revisa que se lea bien y envíalo. Te toma 10 segundos.",
        ball=Ball.STUDENT,
        button=StageLink("Revisar y enviar", "nss:confirm"),
        says_deadline=True,
        steps=(DONE, DONE, YOURS, LATER),
    ),
    Stage.S_02: StageText(
        tag="En trámite en tu plantel",
        heading="Tu plantel está pidiendo tu NSS",
        body=(
            "**No vayas a la Subdelegación.** {responsable} hace ese trámite por ti. "
            "{document}Te avisamos por correo cuando tengamos tu número. {report}"
        ),
        ball=Ball.PLANTEL,
        button=StageLink("Ver mi reporte", "followup:show_report", on="report"),
        steps=(DONE, WAITING, "", LATER),
    ),
    Stage.S_05: StageText(
        tag="Hay que corregir",
        heading="Tu acuse necesita un cambio",
        body="**Motivo:** {reason} **Qué hacer:** {remedy} {until}",
        ball=Ball.STUDENT,
        button=StageLink("Subir otro archivo", _UPLOAD),
        links=(
            StageLink("No entiendo el motivo: preguntar", "followup:ask", query="?tema=motivo"),
        ),
        is_warning=True,
        says_deadline=True,
        steps=(DONE, DONE, YOURS, LATER),
    ),
    Stage.S_01V: StageText(
        tag="Plazo vencido",
        heading="Tu plazo venció el {due}, pero aún puedes subirlo",
        body="Hazlo hoy para no quedarte sin servicio médico. Si algo te detiene, dinos.",
        ball=Ball.STUDENT,
        button=StageLink("Subir mi acuse", _UPLOAD),
        links=(
            StageLink("Ver los 7 pasos", "followup:guide"),
            StageLink("Tengo un problema", "followup:help"),
        ),
        is_warning=True,
        steps=(DONE, YOURS, LATER, LATER),
    ),
    Stage.S_01: StageText(
        tag="Falta tu NSS",
        heading="Saca tu NSS en la página del IMSS",
        body="Es gratis y tarda unos 10 minutos. Después sube aquí tu acuse.",
        ball=Ball.STUDENT,
        button=StageLink("Ver los 7 pasos", "followup:guide"),
        links=(StageLink("Ya tengo mi acuse: subirlo", _UPLOAD), _TROUBLE),
        says_deadline=True,
        steps=(DONE, YOURS, LATER, LATER),
    ),
    Stage.S_00: StageText(
        tag="Sin empezar",
        heading="Empieza tu afiliación",
        body=(
            "Te toma unos 3 minutos. Ten a la mano tu CURP, tu correo y un comprobante de domicilio "
            "con código postal."
        ),
        ball=Ball.STUDENT,
        button=StageLink("Empezar", "students:continue_data"),
        says_deadline=True,
        steps=(YOURS, LATER, LATER, LATER),
    ),
}

SIGNED_RENUNCIA = StageText(
    tag="Renuncia por firmar",
    heading="Recibimos tu renuncia firmada",
    body="La estamos revisando. Te avisamos por correo cuando quede registrada. No necesitas hacer nada más por ahora.",
    ball=Ball.PLANTEL,
    button=StageLink("Ver mi renuncia", "renuncias:own"),
)
"""S-13a once the signed sheet is at the plantel."""
SIGNED = "S-13a signed"
"""What tells that part of S-13a from the other, where a query asks whose turn it is."""

STAGE_ORDER = tuple(STAGES)
"""B2: the first match wins. S-04 stands before S-04b, both before S-02."""
TURN_OF = {stage: text.ball for stage, text in STAGES.items()} | {SIGNED: SIGNED_RENUNCIA.ball}
OWES_NO_ACUSE = (Stage.S_13A, Stage.S_10, Stage.S_09)
"""The student's turn, but not for an acuse: a signed sheet, the clinic, the vigencia."""
ACUSE_ASKED = tuple(
    stage
    for stage, text in STAGES.items()
    if text.ball == Ball.STUDENT and stage not in OWES_NO_ACUSE
)
"""The stages whose deadline runs."""
MAY_BE_PAUSED = (*ACUSE_ASKED, Stage.S_02, Stage.S_04, Stage.S_13A)
"""The stages of an open trámite without a proven NSS: who has no deadline in one of them has a clock that stands."""
SUMMARY_STAGES = tuple(
    stage for stage, text in STAGES.items() if _SUMMARY in (text.button, *text.links)
)
"""The stages in which the student may take the summary along."""
