"""The editable texts as people will read them: the page itself where there is one, else the sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date

from common.texts import fill
from followup.queries.mail_previews import ladder_lines, mail_preview
from school.models import TextVersion, User
from school.states import TextKind
from school.text_parts import groups_of, parts_of, typed_of
from school.text_parts.mails import MAILS
from students.queries.aviso import aviso_of

_NOTED = {
    "dato": "tu fecha de nacimiento",
    "explicacion": "La hoja está firmada por otra persona.",
}
"""What stands in a text when it is used, so that it can be read whole."""
EXAMPLES = {
    "nombre": "Ana Gómez Martínez",
    "grupo": "101",
    "fecha": "jueves 27 de agosto de 2026",
    "lugar": "Control Escolar, edificio A",
    "horario": "8:00 a 15:00",
    "plantel": "Plantel 05 Hermosillo",
    "subsistema": "Bachilleratos del Noroeste",
    "subdelegacion": "Subdelegación Hermosillo del IMSS",
    "contacto": "Rosa Elena Valenzuela Félix, responsable de afiliación, plantel05@correo.example",
}
"""What may stand in the variables of a format, as A-07 explains them."""
PRINTED = {
    "folio": "R26B-05-00031",
    "plantel": "Plantel 05 Hermosillo",
    "cycle": "2026-B",
    "group": "101",
    "matricula": "26050148",
    "date": "27 de agosto de 2026",
    "name": "ANA GÓMEZ MARTÍNEZ",
    "curp": "GOMA080214MSRMRNA5",
    "birth_date": "14 de febrero de 2008",
    "contact": "ana.gomez@correo.example",
    "shift": "Matutino",
    "place": "Hermosillo",
    "motive": "IMSS_FAMILY",
    "institution": "IMSS",
    "holder": "María Martínez Ruiz",
    "kinship": "Mi mamá",
    "guardian": "1",
}
"""What a renuncia says of the student that all examples are about."""


@dataclass(frozen=True)
class Preview:
    """Which template shows the text, and with what."""

    template: str
    context: dict[str, Any]


def preview_of(row: TextVersion, *, by: User) -> Preview:
    """Return a version as it is read; a version that nobody saved yet as well.

    Formats are not read but printed: render.samples writes their sheet.
    """
    fields = row.fields
    if row.kind in MAILS:
        return Preview("followup/text_mail.html", {"mail": mail_preview(row, by=by)})
    if row.kind == TextKind.ESCALERA:
        sections = [("Qué recibe un estudiante", ladder_lines(row, by=by))]
        return Preview("followup/text_sentences.html", {"sections": sections})
    if row.kind == TextKind.GUIA:
        reviewed_on = parse_date(fields["reviewed_on"])
        context = {"guide": fields, "reviewed_on": reviewed_on, "enrollment": None, "nav": "guide"}
        return Preview("followup/guide.html", context)
    if row.kind == TextKind.AVISO:
        return Preview("students/privacy_notice.html", {"aviso": aviso_of(row)})
    return Preview("followup/text_sentences.html", {"sections": _sections(row)})


def variables_of(kind: TextKind, fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the variables that a format knows, each once, with what may stand there."""
    known = (name for part in parts_of(kind, fields) for name in part.variables)
    return [(name, EXAMPLES[name]) for name in dict.fromkeys(known)]


def _sections(row: TextVersion) -> list[tuple[str, list[str]]]:
    kind, fields = TextKind(row.kind), row.fields
    if kind == TextKind.MANIFESTACION:
        said = [fill(fields["statement"], {"cobertura": one}) for one in fields["covers"].values()]
        return [(fields["title"], said)]
    return [
        (group.heading, [_filled(typed_of(fields, part)) for part in group.parts])
        for group in groups_of(kind, fields)
    ]


def _filled(text: str) -> str:
    return fill(text, _NOTED)
