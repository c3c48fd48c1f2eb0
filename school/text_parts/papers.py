"""The formats that are printed: what they say, and whose signature they ask for; an empty label is not printed."""

from collections.abc import Mapping
from typing import Any

from school.text_parts.shapes import Group, Part, Shape, a_line, a_list, a_text

_OF_RENUNCIA = ("plantel", "subsistema")
"""What is the same on every sheet: who renounces stands in boxes of the form."""
_MOTIVES = {
    "IMSS_FAMILY": "IMSS por su familia",
    "IMSS_WORK": "IMSS por su trabajo",
    "OTHER_INSTITUTION": "Otra institución",
    "OTHER": "Otro",
}


def renuncia(_fields: Mapping[str, Any]) -> list[Group]:
    """Return the fields of the renuncia."""
    declaration = a_text(
        "declaration",
        label="Lo que declara",
        must_say=("Bajo protesta de decir verdad",),
        variables=_OF_RENUNCIA,
    )
    motives = (a_line("motives", key, label=label) for key, label in _MOTIVES.items())
    return [
        Group("La declaración", (a_line("title", label="Título"), declaration)),
        Group("Los motivos", tuple(motives)),
        Group(
            "Lo que sabe quien firma",
            (
                _known("acknowledgement", "Que puede volver", "más adelante"),
                _known("given_up", "A qué renuncia", "IMSS"),
                _known("release", "De qué no responde el plantel"),
                _known("privacy", "Privacidad", "aviso de privacidad"),
            ),
        ),
        Group("Las firmas", _signatures_of_renuncia()),
    ]


def _known(key: str, label: str, *must_say: str) -> Part:
    return a_text(key, label=label, must_say=must_say, variables=_OF_RENUNCIA)


def _signatures_of_renuncia() -> tuple[Part, ...]:
    return (
        a_line("signatures", "student", label="Estudiante", must_say=("firma",)),
        a_line(
            "signatures",
            "guardian",
            label="Madre, padre o tutor",
            must_say=("firma", "identificación"),
            hint="Se imprime cuando el estudiante es menor de edad, si el ciclo lo pide",
        ),
        _signature("responsable", "Responsable de afiliación"),
        _signature("stamp", "Sello"),
    )


def _signature(key: str, label: str) -> Part:
    return a_line("signatures", key, label=label, is_required=False, hint="Vacío no se imprime")


_OF_CITATORIO = ("nombre", "grupo", "fecha", "lugar", "horario", "plantel")


def citatorio(_fields: Mapping[str, Any]) -> list[Group]:
    """Return the fields of the citatorio, which speaks to mamá, papá o tutor."""
    known: dict[str, Any] = {"variables": _OF_CITATORIO}
    body = a_text("body", label="Texto", must_say=("{{fecha}}", "{{lugar}}"), **known)
    warning = a_text("warning", label="Advertencia", must_say=("Subdelegación",), **known)
    return [
        Group(
            "El citatorio",
            (
                a_line("title", label="Título"),
                a_line("addressed_to", label="A quién", must_say=("{{nombre}}",), **known),
                body,
                a_list("bring", label="Qué traer", is_required=False),
                warning,
            ),
        ),
        Group(
            "Las firmas",
            (
                _signature("responsable", "Responsable de afiliación"),
                _signature("received", "Quien recibe"),
            ),
        ),
    ]


_OF_OFICIO = ("plantel", "subdelegacion", "contacto")


def oficio(_fields: Mapping[str, Any]) -> list[Group]:
    """Return the fields of the letter to the Subdelegación; its table of students stands after the body.

    Answers are known again by the reference, so the letter asks for them beside it.
    """
    known: dict[str, Any] = {"variables": _OF_OFICIO}
    body = Part(
        ("body",),
        "Lo que se pide",
        Shape.BODY,
        must_say=("NSS", "referencia"),
        hint="Va antes de la lista. Entre un párrafo y otro, un renglón vacío",
        **known,
    )
    return [
        Group(
            "El oficio",
            (
                a_line("title", label="Título", hint="Delante del folio"),
                a_line("addressed_to", label="A quién", **known),
                body,
                a_text("closing", label="Despedida", hint="Va después de la lista", **known),
            ),
        ),
        Group(
            "Las firmas",
            (
                _signature("responsable", "Responsable de afiliación"),
                _signature("director", "Dirección"),
                _signature("stamp", "Sello"),
            ),
        ),
    ]
