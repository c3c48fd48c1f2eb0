"""Which column of a school's list is which of our fields: its header decides, its values help.

Headers are compared without accents, case and signs. A full name in one column is never split: «Díaz
de León» cannot be told from two surnames.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from students.identity.curp import clean_curp

Cell = str | list[str]
HEADER_SEARCH: Final = 30  # rows; titles and logos above a header take fewer
HEADER_SCORE: Final = 2  # fields that a row names to be a header
SAMPLE: Final = 200  # rows looked at when a header does not tell


@dataclass(frozen=True)
class Field:
    """One thing a roster can tell; `key` is the code's name, `label` the screen's."""

    key: str
    label: str
    synonyms: frozenset[str]
    is_required: bool = False


def _field(key: str, label: str, synonyms: str, *, is_required: bool = False) -> Field:
    return Field(key, label, frozenset(synonyms.split("|")), is_required)


FIELDS: Final = {
    field.key: field
    for field in (
        _field(
            "matricula",
            "Matrícula",
            "matricula|no matricula|num matricula|numero de matricula|no de matricula|n matricula"
            "|matricula del alumno|matricula del estudiante|matricula alumno|matricula escolar"
            "|numero de control|no de control|no control|num control|num de control|numero control",
            is_required=True,
        ),
        _field(
            "given_names",
            "Nombre(s)",
            "nombre|nombres|nombre s|nombre del alumno|nombre del estudiante|nombre alumno"
            "|nombre estudiante|nombres del alumno|nombres del estudiante|nombre de pila"
            "|nombre s del alumno|nombre s del estudiante|nombre alumno a|nombre del alumno a",
            is_required=True,
        ),
        _field(
            "first_surname",
            "Primer apellido",
            "primer apellido|apellido paterno|paterno|ap paterno|a paterno|ape paterno|apellido 1"
            "|apellido1|1er apellido|1 apellido|apellido p|ap pat|apellido paterno del alumno"
            "|primer apellido del estudiante",
            is_required=True,
        ),
        _field(
            "second_surname",
            "Segundo apellido",
            "segundo apellido|apellido materno|materno|ap materno|a materno|ape materno|apellido 2"
            "|apellido2|2do apellido|2o apellido|2 apellido|apellido m|ap mat"
            "|apellido materno del alumno|segundo apellido del estudiante",
        ),
        _field(
            "group",
            "Grupo",
            "grupo|gpo|grupo asignado|grupo escolar|grupo del alumno|seccion|grado y grupo",
            is_required=True,
        ),
        _field(
            "curp",
            "CURP",
            "curp|clave curp|curp del alumno|curp del estudiante|curp alumno|c u r p"
            "|clave unica de registro de poblacion|clave unica de registro de poblacion curp",
        ),
        _field(
            "email",
            "Correo electrónico",
            "correo|correo electronico|email|e mail|mail|correo del alumno|correo del estudiante"
            "|correo personal|correo electronico del alumno|correo electronico del estudiante"
            "|correo e|direccion de correo electronico|direccion de correo|correo institucional",
        ),
        _field(
            "phone",
            "Celular",
            "celular|cel|telefono|tel|telefono celular|tel celular|movil|telefono movil"
            "|numero de celular|numero celular|no de celular|no celular|whatsapp"
            "|celular del alumno|telefono del alumno|numero de telefono",
        ),
        _field("shift", "Turno", "turno|turno escolar|turno asignado"),
        _field("semester", "Semestre", "semestre|sem|grado|semestre que cursa|semestre actual"),
        _field(
            "nss",
            "NSS",
            "nss|numero de seguridad social|numero seguridad social|no de seguridad social"
            "|no seguridad social|num seguridad social|numero de seguro social|no de seguro social"
            "|no seguro social|numero de seguro|seguro social|imss|numero imss|numero de imss"
            "|no imss|nss imss|numero de seguridad social nss|afiliacion imss",
        ),
        _field(
            "enrolled_on",
            "Fecha de inscripción",
            "fecha de inscripcion|fecha inscripcion|f inscripcion|inscripcion|fecha de ingreso"
            "|fecha ingreso|fecha de alta|inscrito el|fecha de reinscripcion",
        ),
        _field(
            "birth_date",
            "Fecha de nacimiento",
            "fecha de nacimiento|fecha nacimiento|f nacimiento|fecha nac|fec nac|nacimiento"
            "|fecha de nac|f nac",
        ),
        _field(
            "status",
            "Situación",
            "situacion|situacion escolar|situacion academica|situacion del alumno|situacion actual"
            "|situacion del estudiante|estatus|estatus del alumno|estatus escolar|status|condicion"
            "|baja|bajas|tipo de baja|motivo de baja|baja temporal o definitiva",
        ),
        _field("sex", "Sexo", "sexo|genero|sexo h m|sexo m f|sexo del alumno"),
    )
}
REQUIRED: Final = tuple(field.key for field in FIELDS.values() if field.is_required)
FULL_NAMES: Final = _field(
    "full_name",
    "Nombre completo",
    "nombre completo|nombre completo del alumno|nombre completo del estudiante|nombre y apellidos"
    "|nombres y apellidos|apellidos y nombre|apellidos y nombres|apellidos y nombre s|alumno"
    "|alumna|alumno a|estudiante|nombre s y apellidos|nombre completo alumno|apellidos"
    "|apellidos nombre|apellidos nombres",
).synonyms
CANNOT_SPLIT: Final = (
    "La columna «{header}» trae el nombre completo y no lo podemos separar: «Díaz de León» es un solo "
    "apellido. Usar tres columnas: Nombre(s), Primer apellido y Segundo apellido."
)
_MEANING: Final = {word: field.key for field in FIELDS.values() for word in field.synonyms}


@dataclass(frozen=True)
class Column:
    """One column as it was found: position from 0, header, field («» unknown) and sample values."""

    index: int
    header: str
    field: str
    samples: list[str]


def plain(text: str) -> str:
    """Return a header as it is compared: no accents, signs, case or double spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace("º", "o").replace("°", "o"))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char)).lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the header's position among the first rows, -1 if none, and how much it tells.

    A row that names at least two of our fields is a header; a row of words above values too.
    """
    best, score = -1, 0
    for position, row in enumerate(rows[:HEADER_SEARCH]):
        words = {plain(text) for text in row if text}
        found = len({_MEANING[word] for word in words if word in _MEANING}) + len(
            words & FULL_NAMES
        )
        if found > score:
            best, score = position, found
    if score >= HEADER_SCORE:
        return best, score
    return (_unnamed_header(rows) if best < 0 else best), score


def _unnamed_header(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row of at least three words without a digit: unknown names, or -1."""
    for position, row in enumerate(rows[:HEADER_SEARCH]):
        filled = [text for text in row if text.strip()]
        if len(filled) >= 3:
            return -1 if any(char.isdigit() for text in filled for char in text) else position
    return -1


def guess_columns(
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    remembered: Mapping[str, str] | None = None,
) -> list[Column]:
    """Say for each column which field it seems to be, each field once, with three samples.

    `remembered` is what a person said of a header before, as `remember` keeps it; it goes before any guess.
    """
    known = {**_MEANING, **(remembered or {})}
    meanings = [known.get(plain(header), "") for header in headers]
    if "first_surname" not in meanings and any(plain(h) in FULL_NAMES for h in headers):
        meanings = ["" if meaning == "given_names" else meaning for meaning in meanings]
    taken: set[str] = set()
    columns: list[Column] = []
    for index, header in enumerate(headers):
        values = _values(rows, index)
        field = meanings[index]
        if not field and not header and _looks_like_curp(values) and "curp" not in meanings:
            field = "curp"
        if field in taken:
            field = ""
        taken.add(field)
        columns.append(Column(index, header, field, _samples(values)))
    return columns


def remember(headers: Mapping[int, str], matching: Mapping[str, int]) -> dict[str, str]:
    """Keep what a person said each header is, «» for «No usar»; a header that stands twice says nothing."""
    fields = {index: field for field, index in matching.items()}
    names = [plain(header) for header in headers.values()]
    return {
        plain(header): fields.get(index, "")
        for index, header in headers.items()
        if plain(header) and names.count(plain(header)) == 1
    }


def matching_notes(columns: Sequence[Column]) -> list[str]:
    """Say what a person should know about the guesses: twice, full name, not found."""
    notes: list[str] = []
    fields = {column.field for column in columns}
    for column in columns:
        word = plain(column.header)
        meaning = _MEANING.get(word, "")
        if meaning and not column.field and meaning in fields:
            notes.append(
                f"«{column.header}» está más de una vez: usamos la primera. Elegir otra si hace falta."
            )
        is_name = word in FULL_NAMES or column.field == "given_names"
        if is_name and "first_surname" not in fields:
            notes.append(CANNOT_SPLIT.format(header=column.header))
    return notes


def _values(rows: Sequence[Sequence[Cell]], index: int) -> list[str]:
    cells = (row[index] for row in rows[:SAMPLE] if index < len(row))
    texts = (cell if isinstance(cell, str) else cell[1] for cell in cells)
    return [text for text in texts if text.strip()]


def _samples(values: Sequence[str]) -> list[str]:
    return [" ".join(value.split())[:40] for value in dict.fromkeys(values)][:3]


def _looks_like_curp(values: Sequence[str]) -> bool:
    pattern = re.compile(r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]")
    return bool(values) and all(pattern.fullmatch(clean_curp(value)) for value in values)
