"""The mails: what each may say of whom, and what keeps every one of them short, honest and without secrets."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.texts import fill
from school.states import TextKind
from school.text_parts.shapes import Group, Part, Shape, a_line

LINK = "enlace"
MOST_LETTERS, MOST_WORDS = 60, 120
"""Of the subject and of the body, as they are read."""

EXAMPLES = {
    LINK: "[aquí va el botón con el enlace]",
    "codigo": "ABCD 2345",
    "nombre": "Ana",
    "plantel": "Plantel 05 Hermosillo",
    "fecha": "jueves 27 de agosto",
    "plazo": "a más tardar el jueves 27 de agosto",
    "dia": "El miércoles",
    "cuando": "el miércoles 30 de septiembre",
    "folio": "A26-05-000148",
    "responsable": "María Félix Castro",
    "motivo": "Tu foto salió borrosa, oscura o cortada.",
    "solucion": "Ponla sobre una mesa con luz y que salga toda la hoja.",
    "firmas": "por ti y por tu mamá, papá o tutor",
    "lugar": "Control Escolar, edificio A",
    "contacto": "Control Escolar, edificio A, plantel05@correo.example",
    "acuses": "148 acuses",
    "vencidos": "31 vencidos",
    "estudiantes": "31 estudiantes",
    "casos": "7 casos",
    "hojas": "312",
    "dias": "3 días hábiles",
    "lista": "Plantel 05 Hermosillo: SUB26-05-0031, SUB26-05-0032",
    "baja": "Causaste baja temporal",
    "falta": "acta de nacimiento certificada",
    "correccion": "El número que viste en el portal no es el tuyo: no lo uses.",
    "cambio": "contraseña nueva",
    "asunto": "Tu acuse está aceptado",
    "cuerpo": "Sigue tu plantel: te va a afiliar ante el IMSS.",
}
"""What stands in a mail's variables, so that it can be read and counted whole."""

_STUDENT = (LINK, "nombre", "plantel")


@dataclass(frozen=True)
class MailText:
    """The variables that a mail knows, and what its body may not lose."""

    variables: tuple[str, ...] = _STUDENT
    must_say: tuple[str, ...] = ()


def _student(*variables: str, must_say: tuple[str, ...] = ()) -> MailText:
    return MailText((*_STUDENT, *variables), must_say)


def _staff(*variables: str, must_say: tuple[str, ...] = ()) -> MailText:
    return MailText((LINK, "nombre", *variables), must_say)


MAILS: Mapping[TextKind, MailText] = {
    TextKind.M_00: _student("codigo", must_say=("{{enlace}}", "{{codigo}}")),
    TextKind.M_01: _student("codigo", "fecha", must_say=("{{codigo}}",)),
    TextKind.M_02: _student("fecha", must_say=("{{fecha}}", "Subdelegación", "no vayas")),
    TextKind.M_03: _student("fecha", "dia", "cuando"),
    TextKind.M_04: _student(),
    TextKind.M_05: _student("fecha"),
    TextKind.M_06: _student("folio", "fecha"),
    TextKind.M_07: _student(),
    TextKind.M_08: _student(
        "motivo", "solucion", "fecha", "plazo", must_say=("{{motivo}}", "{{solucion}}")
    ),
    TextKind.M_09: _student(),
    TextKind.M_10: _student("folio", "responsable", must_say=("No necesitas ir",)),
    TextKind.M_11: _student(),
    TextKind.M_12: _student(),
    TextKind.M_13: _student(must_say=("Alta en clínica o UMF",)),
    TextKind.M_13B: _student("fecha", must_say=("{{fecha}}",)),
    TextKind.M_13C: _student(),
    TextKind.M_14: _student(),
    TextKind.M_15: _student(must_say=("No vayas a la Subdelegación",)),
    TextKind.M_16: _student(),
    TextKind.M_17: _student("firmas", "lugar", "fecha", must_say=("{{firmas}}", "{{lugar}}")),
    TextKind.M_18: _student(),
    TextKind.M_18B: _student(),
    TextKind.M_19: _student("baja", "fecha", must_say=("{{baja}}", "{{fecha}}", "NSS")),
    TextKind.M_20: _student("fecha", "contacto", must_say=("{{fecha}}", "Subdelegación")),
    TextKind.M_21: _staff("plantel", "acuses", "vencidos", "estudiantes", "casos"),
    TextKind.M_22: _staff("casos", "dias", "lista", must_say=("{{casos}}",)),
    TextKind.M_22B: _staff("plantel", "casos", "dias", must_say=("{{casos}}",)),
    TextKind.M_23: _student(),
    TextKind.M_24: _staff("folio", "hojas"),
    TextKind.M_25: _staff("asunto", "cuerpo"),
    TextKind.M_26: _student(
        "folio",
        "falta",
        "lugar",
        must_say=("{{falta}}", "{{lugar}}", "No vayas a la Subdelegación"),
    ),
    TextKind.M_27: _student(
        "folio", "correccion", must_say=("{{correccion}}", "No vayas a la Subdelegación")
    ),
    TextKind.STAFF_RESET: _staff(must_say=("{{enlace}}",)),
    TextKind.STAFF_CHANGE: _staff("fecha", "cambio", must_say=("{{cambio}}",)),
}

_SECRETS = re.compile(r"\{\{\s*(curp|nss)\s*\}\}", re.I)
_CURP_OR_NSS = re.compile(r"\b[A-Z]{4}\d{6}[A-Z0-9]{8}\b|\b\d{11}\b", re.I)
_VARIABLE = re.compile(r"\{\{\s*\w+\s*\}\}")
_LINK = re.compile(r"\{\{\s*enlace\s*\}\}")
_NEVER = re.compile(r"por\s+favor|lo\s+sentimos|inv[áa]lid\w*|\bo*[ou]ps\b|este\s+campo\s+es", re.I)
"""What the portal never says (docs/style.md)."""


def mail(kind: TextKind) -> list[Group]:
    """Return the two fields of a mail."""
    text = MAILS[kind]
    known = tuple(name for name in text.variables if name != LINK)
    subject = a_line(
        "subject", label="Asunto", variables=known, hint=f"Hasta {MOST_LETTERS} letras"
    )
    body = Part(
        ("body",),
        "Cuerpo",
        Shape.BODY,
        must_say=text.must_say,
        variables=text.variables,
        hint=f"Hasta {MOST_WORDS} palabras. Entre un párrafo y otro, un renglón vacío",
    )
    return [Group("El correo", (subject, body))]


def has_link(body: str) -> bool:
    """Tell whether the body says where its link goes."""
    return _LINK.search(body) is not None


def length_of(fields: Mapping[str, Any]) -> tuple[int, int]:
    """Count the letters of the subject and the words of the body, as they are read."""
    subject, body = (_filled(fields[name]) for name in ("subject", "body"))
    return len(subject), len(body.split())


def faults_of_mail(fields: Mapping[str, Any]) -> dict[str, str]:
    """Say what no mail may hold, by the name of the part."""
    found = {}
    for name in ("subject", "body"):
        if sentence := _fault(fields[name]):
            found[name] = sentence
    if not found:
        found = _too_long(fields) | _fault_of_link(fields["body"])
    return found


def _fault(text: str) -> str:
    if secret := _SECRETS.search(text):
        return f"Quitar {secret[0]}: un correo nunca lleva CURP ni NSS"
    if _CURP_OR_NSS.search(text):
        return "Quitar la CURP o el NSS: un correo nunca los lleva"
    if never := _NEVER.search(text):
        return f"Quitar «{never[0]}»: el portal no habla así"
    if "://" in text:
        return "Quitar la dirección: un correo lleva un solo enlace, y lo pone {{enlace}}"
    if re.search(r"[{}]", _VARIABLE.sub("", text)):
        return "Quitar las llaves que sobran: una variable se escribe {{así}}"
    return ""


def _fault_of_link(body: str) -> dict[str, str]:
    if len(_LINK.findall(body)) > 1:
        return {"body": "Dejar un solo {{enlace}}"}
    if has_link(body) and not any(_LINK.fullmatch(one) for one in body.split("\n\n")):
        return {"body": "Poner {{enlace}} en un párrafo suyo: ahí va el botón"}
    return {}


def _too_long(fields: Mapping[str, Any]) -> dict[str, str]:
    letters, words = length_of(fields)
    found = {}
    if letters > MOST_LETTERS:
        found["subject"] = f"Acortarlo: son {letters} letras y caben {MOST_LETTERS}"
    if words > MOST_WORDS:
        found["body"] = f"Acortarlo: son {words} palabras y caben {MOST_WORDS}"
    return found


def _filled(text: str) -> str:
    return fill(text, defaultdict(str, {**EXAMPLES, LINK: LINK}))
