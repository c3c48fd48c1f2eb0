"""What each editable text consists of, field by field, and what no version of it may lack.

Required by law or by the guide itself: the nine items of the aviso (LGPDPPSO 21), its short form (22), the seven steps,
and «No vayas a la Subdelegación».
"""

import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from school.states import TextKind
from school.text_parts import ladder, mails, papers
from school.text_parts.shapes import LONGEST, Group, Part, Shape, a_line, a_list, a_text

__all__ = [
    "LONGEST",
    "MOST_QUESTIONS",
    "SPARE_QUESTIONS",
    "Group",
    "Part",
    "Shape",
    "faults",
    "groups_of",
    "parts_of",
    "plain",
    "typed_of",
    "with_typed",
    "without_blanks",
]
SPARE_QUESTIONS, MOST_QUESTIONS = 2, 15
IMSS_HOST = "imss.gob.mx"
_AS_TYPED = (Shape.BODY, Shape.CHOICE)
_VARIABLE = re.compile(r"\{\{\s*(\w*)\s*\}\}")


def groups_of(kind: TextKind, fields: Mapping[str, Any]) -> list[Group]:
    """Return the fields of a text in the order in which they are read."""
    return mails.mail(kind) if kind in mails.MAILS else _GROUPS[kind](fields)


def parts_of(kind: TextKind, fields: Mapping[str, Any]) -> list[Part]:
    """Return the fields of a text without their headings."""
    return [part for group in groups_of(kind, fields) for part in group.parts]


def typed_of(fields: Mapping[str, Any], part: Part) -> str:
    """Write the part as it is typed: a list with an item in each line; "" where there is none."""
    value: Any = fields
    for key in part.path:
        try:
            value = value[key]
        except (KeyError, IndexError):
            return ""
    return "\n".join(value) if part.shape is Shape.LIST else str(value)


def with_typed(
    kind: TextKind, fields: Mapping[str, Any], typed: Mapping[str, str]
) -> dict[str, Any]:
    """Return the text with what was typed, by the names of its parts, in its places; the rest stays."""
    new: dict[str, Any] = deepcopy(dict(fields))
    for part in parts_of(kind, fields):
        if part.name in typed:
            _put(new, part, typed[part.name])
    return new


def without_blanks(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the text without the questions and steps that were left empty."""
    asked = [one for one in fields.get("questions", ()) if any(one.values())]
    new = dict(fields) | ({"questions": asked} if "questions" in fields else {})
    if isinstance(fields.get("steps"), list):
        new["steps"] = [one for one in fields["steps"] if one["offset"]]
    return new


def faults(kind: TextKind, fields: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with a text, by the name of the part; nothing when it may be published."""
    groups = groups_of(kind, fields)
    named = Counter(part.label for group in groups for part in group.parts)
    found = {}
    for group in groups:
        for part in group.parts:
            where = f" de «{group.heading}»" if named[part.label] > 1 else ""
            if sentence := _fault(part, typed_of(fields, part), where):
                found[part.name] = sentence
    return found | (mails.faults_of_mail(fields) if kind in mails.MAILS else _more(kind, fields))


def _more(kind: TextKind, fields: Mapping[str, Any]) -> dict[str, str]:
    if kind == TextKind.ESCALERA:
        return ladder.faults_of_ladder(fields)
    return _faults_of_guide(fields) if kind == TextKind.GUIA else {}


_SPARE = {"questions": {"question": "", "answer": ""}, "steps": ladder.BLANK}
"""What a list begins with when one more item is typed."""


def _put(new: dict[str, Any], part: Part, text: str) -> None:
    *way, last = part.path
    place: Any = new
    for key in way:
        if isinstance(place, list) and key == len(place):
            place.append(dict(_SPARE[str(way[0])]))
        place = place[key]
    if part.shape in _AS_TYPED:
        place[last] = _paragraphs(text)
        return
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines and last not in place:
        return
    place[last] = lines if part.shape is Shape.LIST else " ".join(lines)


def _paragraphs(text: str) -> str:
    """The text with one empty line between its paragraphs, and none around it."""
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _fault(part: Part, text: str, where: str) -> str:
    if not text:
        return f"Escribir «{part.label}»{where}" if part.is_required else ""
    if len(text) > LONGEST[part.shape]:
        return f"Acortarlo: caben {LONGEST[part.shape]} letras"
    unknown = [name for name in _VARIABLE.findall(text) if name not in part.variables]
    if unknown:
        return f"Aquí no se conoce {{{{{unknown[0]}}}}}. {_known(part)}"
    lost = [words for words in part.must_say if words.lower() not in plain(text).lower()]
    return f"Escribir también «{lost[0]}»: este texto no puede ir sin eso" if lost else ""


def _known(part: Part) -> str:
    if not part.variables:
        return "Quitarlo"
    return "Se puede usar " + ", ".join(f"{{{{{name}}}}}" for name in part.variables)


def plain(text: str) -> str:
    """Return the text without the asterisks that make it bold."""
    return text.replace("**", "")


def _faults_of_guide(fields: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    url = urlsplit(fields["steps"]["url"])
    if url.scheme != "https" or not f".{url.hostname or ''}".endswith(f".{IMSS_HOST}"):
        found["steps__url"] = f"Escribir una dirección de {IMSS_HOST} que empiece con https://"
    for at, one in enumerate(fields["questions"]):
        for name in ("question", "answer"):
            if any(one.values()) and not one[name]:
                found[f"questions__{at}__{name}"] = "Escribir la pregunta y su respuesta"
    return found


# Texts --------------------------------------------------------------------------------------------
def _headed(key: str, heading: str, *parts: Part) -> Group:
    return Group(heading, (a_line(key, "heading", label="Título"), *parts))


def _guide(fields: Mapping[str, Any]) -> list[Group]:
    top = (a_line("title", label="Título de la guía"), a_text("lead", label="Entrada"))
    return [
        Group("Arriba", top),
        _headed("services", "Servicios", a_list("services", "items", label="Servicios")),
        _headed("right", "El derecho", a_list("right", "paragraphs", label="Párrafos")),
        _headed("needs", "Qué hace falta", a_list("needs", "items", label="Qué tener a la mano")),
        _headed(
            "remember",
            "Recordatorio",
            a_text("remember", "text", label="Texto", must_say=("tres días",)),
        ),
        _headed("steps", "Los 7 pasos", *_steps(len(fields["steps"]["items"]))),
        _headed(
            "subdelegacion",
            "Acudir a la Subdelegación",
            a_text(
                *("subdelegacion", "text"),
                label="Texto",
                must_say=("No vayas a la Subdelegación",),
            ),
            a_line("subdelegacion", "button", label="Botón"),
        ),
        _headed(
            "renuncia",
            "Renuncia",
            a_text("renuncia", "text", label="Texto"),
            a_line("renuncia", "link", label="Enlace"),
        ),
        _headed(
            "vigencia",
            "Vigencia",
            a_text("vigencia", "text", label="Texto"),
            a_text("vigencia", "yes", label="Si sale SÍ"),
            a_text("vigencia", "no", label="Si sale NO"),
            a_line("vigencia", "link", label="Enlace"),
        ),
        Group("Preguntas de la página Ayuda", tuple(_questions(len(fields["questions"])))),
    ]


def _steps(count: int) -> list[Part]:
    parts = [
        a_text("steps", "start", label="Antes de los pasos"),
        a_line("steps", "site", label="Nombre de la página del IMSS"),
        a_line("steps", "url", label="Dirección de la página del IMSS"),
    ]
    for at in range(count):
        path = ("steps", "items", at)
        parts += [
            a_text(*path, "text", label=f"Paso {at + 1}"),
            a_text(*path, "help", label=f"Paso {at + 1}: ayuda", is_required=False),
        ]
    return parts


def _questions(count: int) -> list[Part]:
    parts = []
    for at in range(min(count + SPARE_QUESTIONS, MOST_QUESTIONS)):
        path = ("questions", at)
        parts += [
            a_line(*path, "question", label=f"Pregunta {at + 1}", is_required=False),
            a_text(*path, "answer", label=f"Respuesta {at + 1}", is_required=False),
        ]
    return parts


_OF_AVISO = ("subsistema", "domicilio", "unidad", "ley_estatal", "autoridad")
_MUST_SAY = {
    0: ("{{subsistema}}", "{{domicilio}}"),
    2: ("{{ley_estatal}}",),
    4: ("{{autoridad}}",),
    5: ("{{unidad}}",),
    6: ("IMSS",),
}
"""By section, counted from 0: what carries the item that the law asks for."""


def _aviso(fields: Mapping[str, Any]) -> list[Group]:
    known: dict[str, Any] = {"variables": _OF_AVISO}
    return [
        Group("Arriba", (a_line("title", label="Título"),)),
        Group(
            "Lo que falta por llenar",
            (
                a_line("transparency_office", label="Unidad de Transparencia", is_required=False),
                a_line("state_law", label="Ley estatal de protección de datos", is_required=False),
                a_line("authority", label="Autoridad garante", is_required=False),
            ),
        ),
        Group(
            "Aviso corto",
            (a_list("short", label="Párrafos", must_say=("{{subsistema}}", "IMSS"), **known),),
        ),
        *(_section(at, known) for at in range(len(fields["sections"]))),
    ]


def _section(at: int, known: dict[str, Any]) -> Group:
    path = ("sections", at)
    return Group(
        f"Apartado {at + 1} de 9",
        (
            a_line(*path, "heading", label="Título", **known),
            a_list(*path, "paragraphs", label="Párrafos", must_say=_MUST_SAY.get(at, ()), **known),
            a_list(*path, "items", label="Lista", is_required=False, **known),
            a_text(*path, "closing", label="Después de la lista", is_required=False, **known),
        ),
    )


_COVERS = {
    "NONE": "Sin otro servicio médico",
    "IMSS_FAMILY": "IMSS por su familia",
    "IMSS_WORK": "IMSS por su trabajo",
    "OTHER": "Otra institución",
    "UNKNOWN": "No sabe",
}


def _manifestacion(_fields: Mapping[str, Any]) -> list[Group]:
    statement = a_text(
        "statement",
        label="Lo que declara",
        must_say=("Bajo protesta de decir verdad", "{{cobertura}}"),
        variables=("cobertura",),
    )
    covers = tuple(a_text("covers", key, label=label) for key, label in _COVERS.items())
    return [
        Group("La declaración", (a_line("title", label="Título"), statement)),
        Group("Qué va en {{cobertura}}", covers),
    ]


_REASONS = {
    "UNREADABLE": "1. No se lee",
    "NOT_ACUSE": "2. No es el acuse",
    "OTHER_PERSON": "3. Es de otra persona",
    "INCOMPLETE": "4. Falta una parte",
    "NSS_DIFFERS": "5. El NSS no coincide",
    "DOES_NOT_OPEN": "6. No abre",
    "IMSS_DATA_WRONG": "7. Datos del IMSS incorrectos",
    "OTHER": "8. Otro",
}
_NOTED = {"IMSS_DATA_WRONG": "dato", "OTHER": "explicacion"}
"""The reasons into which the reviewer's own words are put, and where."""


def _motivos(_fields: Mapping[str, Any]) -> list[Group]:
    return [Group(heading, _reason(key)) for key, heading in _REASONS.items()]


def _reason(key: str) -> tuple[Part, ...]:
    noted = (_NOTED[key],) if key in _NOTED else ()
    must_say = tuple(f"{{{{{name}}}}}" for name in noted)
    return (
        a_text(key, "reason", label="Motivo", must_say=must_say, variables=noted),
        a_text(key, "remedy", label="Qué hacer"),
    )


def _identidad(_fields: Mapping[str, Any]) -> list[Group]:
    return [
        Group(
            "Quién ofrece el portal",
            (
                a_line("subsystem", label="Nombre del subsistema"),
                a_line("service", label="Nombre del servicio en los correos"),
                a_text("address", label="Domicilio del subsistema", is_required=False),
            ),
        )
    ]


_GROUPS = {
    TextKind.GUIA: _guide,
    TextKind.AVISO: _aviso,
    TextKind.MANIFESTACION: _manifestacion,
    TextKind.MOTIVOS: _motivos,
    TextKind.IDENTIDAD: _identidad,
    TextKind.RENUNCIA: papers.renuncia,
    TextKind.CITATORIO: papers.citatorio,
    TextKind.OFICIO: papers.oficio,
    TextKind.ESCALERA: ladder.ladder_groups,
}
