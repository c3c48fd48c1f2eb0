"""CURP, names and date of an acuse, from words and their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nss.extraction.arrangements import CAPTION_REACH, CLEARLY_FARTHER, shares_column
from nss.extraction.words import Box, PageWords, Segment, Word, lines_of, plain, segments_of
from students.identity import CurpError, fold_curp, parse_curp, suggest_curp

CURP_LENGTH = 18
CURP_WORDS = 4
NAME_WORDS = 3
OLDEST, YOUNGEST = 1940, 2018
_CURP_SHAPE = re.compile(r"[A-Z]{4}\d{6}[A-Z]{6}[A-Z0-9]\d")
_CURP_LABEL = re.compile(r"\bCURP\b")
_MONTHS = (
    "ENERO FEBRERO MARZO ABRIL MAYO JUNIO JULIO AGOSTO SEPTIEMBRE OCTUBRE NOVIEMBRE DICIEMBRE"
).split()
_NUMERIC_DATE = re.compile(r"(?<![\d/.\-])(\d{1,2})[/.\-](\d{1,2})[/.\-](20\d{2})(?![\d/.\-])")
_ISO_DATE = re.compile(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)")
_LONG_DATE = re.compile(rf"\b(\d{{1,2}}) DE ({'|'.join(_MONTHS)}),? (?:DEL? )?(20\d{{2}})\b")
_ISSUED = re.compile(
    r"\b(?:EMISION|EXPEDICION|EMITID[OA]|EXPEDID[OA]|EXPIDE|EMITE|ASIGNACION|GENERAD[OA]|GENERACION"
    r"|IMPRESION|CONSULTA|FECHA)\b"
)
_OTHER_DATE = re.compile(
    r"\b(?:NACIMIENTO|NAC|VIGENCIA|VENCE|VENCIMIENTO|CADUCIDAD|VALID[OA]|HASTA|ALTA|BAJA)\b"
)
_PLACE_AND_DATE = re.compile(r", A \d{1,2} DE ")

GIVEN, FIRST, SECOND, WHOLE = "given", "first", "second", "whole"
_NAME_LABELS = {
    FIRST: re.compile(r"(?:PRIMER APELLIDO|APELLIDO PATERNO)\b\s*:?"),
    SECOND: re.compile(r"(?:SEGUNDO APELLIDO|APELLIDO MATERNO)\b\s*:?"),
    GIVEN: re.compile(r"NOMBRE\s?\(\s?S\s?\)?\s*:?|NOMBRES\b\s*:?"),
    WHOLE: re.compile(
        r"NOMBRE(?: COMPLETO| DEL (?:ASEGURADO|ALUMNO|ESTUDIANTE|TRABAJADOR|SOLICITANTE))?\s*:|NOMBRE"
        r"(?: COMPLETO)?$"
    ),
}
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’\-]*(?:[ .'’\-]+[^\W\d_]+\.?)*")
_NOT_A_NAME = re.compile(
    r"\b(?:CURP|NSS|APELLIDO|NOMBRE|NUMERO|SEGURIDAD|SOCIAL|IMSS|FECHA|FOLIO|SEXO|DOMICILIO|CADENA"
    r"|SELLO|ENTIDAD|NACIMIENTO|INSTITUTO|EMISION|CORREO|PLANTEL|TELEFONO|ASOCIADO)\b"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A value and where it was seen; `raw` is what stood there before any repair."""

    value: str
    page: PageWords
    segment: Segment
    raw: str


def curps_seen(page: PageWords) -> tuple[list[Seen], list[str]]:
    """Return the valid CURP of a page, and every text that may be one however badly read.

    A valid one stands beside or under a label «CURP» whenever one of the page does. OCR's
    look-alikes are put right only where letter or digit is beyond doubt and the digit agrees.
    """
    valid: list[Seen] = []
    texts: list[str] = []
    for line in lines_of(page.words):
        for words in _windows(line):
            raw = re.sub(r"[^A-Z0-9]", "", plain("".join(word.text for word in words)))
            if len(raw) != CURP_LENGTH or sum(char.isdigit() for char in raw) < 4:
                continue
            texts.append(raw)
            value = _certain_curp(raw, is_exact=page.source == "text")
            if value:
                valid.append(Seen(value, page, Segment(words), raw))
    labelled = [seen for seen in valid if _has_curp_label(seen, page)]
    return labelled or valid, texts


def names_seen(page: PageWords) -> Seen | None:
    """Return given names and surnames in this order, None when a part cannot be told."""
    segments = [segment for line in lines_of(page.words) for segment in segments_of(line)]
    parts: dict[str, Segment] = {}
    for segment in segments:
        label, rest = _name_label(segment)
        if label is None or label in parts:
            continue
        value = rest or _value_beside(segment, segments) or _value_near(segment, segments)
        if value is not None:
            parts[label] = value
    if {GIVEN, FIRST} <= parts.keys():
        chosen = [parts[key] for key in (GIVEN, FIRST, SECOND) if key in parts]
    elif WHOLE in parts and len(parts[WHOLE].words) >= 2:
        chosen = [parts[WHOLE]]
    else:
        return None
    whole = Segment(tuple(word for part in chosen for word in part.words))
    text = " ".join(part.text for part in chosen)
    return Seen(_clean_name(text), page, whole, text)


def name_in_sentence(page: PageWords, curp: str) -> Seen | None:
    """Return the one run of capitals in a text that has the initials of a CURP; a sentence has no labels."""
    found: dict[str, Seen] = {}
    for run in _capital_runs([word for line in lines_of(page.words) for word in line]):
        text = " ".join(word.text for word in run)
        name = _clean_name(text.rstrip("."))
        is_name = len(run) >= NAME_WORDS and not _NOT_A_NAME.search(plain(name))
        if is_name and name_fits_curp(name, curp):
            found[name] = Seen(name, page, Segment(tuple(run)), text)
    return next(iter(found.values())) if len(found) == 1 else None


def _capital_runs(words: list[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    for word in words:
        bare = word.text.strip(",;:.()")
        is_capital = bare.isupper() and re.fullmatch(r"[^\W\d_'’\-]+(?:['’\-][^\W\d_]+)*", bare)
        if is_capital:
            runs[-1].append(word)
        if not is_capital or bare != word.text:
            runs.append([])
    return runs


def dates_seen(page: PageWords) -> list[Seen]:
    """Return the dates (ISO) that say when the acuse was issued; a birth date never counts."""
    found = []
    lines = lines_of(page.words)
    segments = [segment for line in lines for segment in segments_of(line)]
    for line in lines:
        text = plain(" ".join(word.text for word in line))
        if not _dates(text) or _OTHER_DATE.search(text):
            continue
        box = Segment(tuple(line)).box
        is_captioned = _is_under(box, segments) or _is_over(box, segments)
        if not (_ISSUED.search(text) or _PLACE_AND_DATE.search(text) or is_captioned):
            continue
        found += [
            Seen(day.isoformat(), page, _dated_part(segment, day), segment.text)
            for segment in segments_of(line)
            for day in _dates(plain(segment.text))
        ]
    return found


def _dated_part(segment: Segment, day: date) -> Segment:
    """Return the fewest words of a segment that hold the date: a border or a label is not part of it."""
    words = segment.words
    for count in range(1, len(words)):
        for start in range(len(words) - count + 1):
            part = Segment(words[start : start + count])
            if day in _dates(plain(part.text)):
                return part
    return segment


def name_fits_curp(names: str, curp: str) -> bool:
    """Return whether the initials in a CURP are initials of words of the name, in any order."""
    initials = {word[0] for word in plain(names).split()}
    wanted = {curp[0], curp[3]} | ({curp[2]} if curp[2] != "X" else set())
    return len(wanted - initials) == 0


def _windows(line: list[Word]) -> list[tuple[Word, ...]]:
    count = len(line)
    return [
        tuple(line[start:end])
        for start in range(count)
        for end in range(start + 1, min(start + CURP_WORDS, count) + 1)
    ]


def _certain_curp(raw: str, *, is_exact: bool) -> str | None:
    """Return the one valid CURP a text can be; OCR's must also be of somebody who may be at school."""
    if is_exact:
        return _valid_curp(raw)
    found = {_valid_curp(text) for text in (fold_curp(raw), suggest_curp(raw) or "")} - {None}
    value = found.pop() if len(found) == 1 else None
    return value if value and OLDEST <= parse_curp(value).birth_date.year <= YOUNGEST else None


def _valid_curp(text: str) -> str | None:
    try:
        return parse_curp(text).value if _CURP_SHAPE.fullmatch(text) else None
    except CurpError:
        return None


def _has_curp_label(seen: Seen, page: PageWords) -> bool:
    box = seen.segment.box
    reach = 2.8 * box.height
    for word in page.words:
        if not _CURP_LABEL.search(plain(word.text)):
            continue
        is_left = word.box.right <= box.left + box.height and abs(
            word.box.middle - box.middle
        ) < 0.8 * max(box.height, word.box.height)
        is_above = -0.5 * box.height < box.top - word.box.bottom < reach and (
            word.box.left < box.right and word.box.right > box.left - 4 * box.height
        )
        if is_left or is_above:
            return True
    return False


def _name_label(segment: Segment) -> tuple[str | None, Segment | None]:
    """Return which name label a segment starts with, and the value that follows inside it."""
    for key, pattern in _NAME_LABELS.items():
        for count in range(min(5, len(segment.words)), 0, -1):
            text = plain(" ".join(word.text for word in segment.words[:count])).strip("|[ ¡-.")
            if not pattern.fullmatch(text):
                continue
            rest = segment.words[count:]
            value = Segment(rest) if rest and _is_name(Segment(rest)) else None
            if rest and value is None:
                return None, None
            return key, value
    return None, None


def _value_beside(label: Segment, segments: list[Segment]) -> Segment | None:
    box = label.box
    right = [
        segment
        for segment in segments
        if segment.box.left >= box.right
        and abs(segment.box.middle - box.middle) < 0.5 * max(box.height, segment.box.height)
        and any(char.isalpha() for char in segment.text)
    ]
    nearest = min(right, key=lambda segment: segment.box.left, default=None)
    return nearest if nearest and _is_name(nearest) else None


def _value_below(label: Segment, segments: list[Segment]) -> Segment | None:
    box = label.box
    below = [
        segment
        for segment in segments
        if 0 < segment.box.middle - box.middle < 3 * max(box.height, segment.box.height)
        and segment.box.top > box.middle
        and abs(segment.box.left - box.left) < 3 * box.height
    ]
    nearest = min(below, key=lambda segment: segment.box.top, default=None)
    return nearest if nearest and _is_name(nearest) else None


def _value_near(label: Segment, segments: list[Segment]) -> Segment | None:
    """Return the name under a label, or the one over it where the label is clearly its caption."""
    below, above = _value_below(label, segments), _value_above(label, segments)
    if above is None:
        return below
    space = label.box.top - above.box.bottom
    is_caption = space <= CAPTION_REACH * above.box.height and (
        below is None
        or below.box.top - label.box.bottom > space + CLEARLY_FARTHER * above.box.height
    )
    return above if is_caption else below


def _value_above(label: Segment, segments: list[Segment]) -> Segment | None:
    box = label.box
    above = [
        segment
        for segment in segments
        if segment.box.middle < box.top and abs(segment.box.left - box.left) < 3 * box.height
    ]
    nearest = max(above, key=lambda segment: segment.box.bottom, default=None)
    return nearest if nearest and _is_name(nearest) else None


def _is_name(segment: Segment) -> bool:
    text = _clean_name(segment.text)
    return (
        len(text) >= 2 and _NAME.fullmatch(text) is not None and not _NOT_A_NAME.search(plain(text))
    )


def _clean_name(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip(" |[]:;,¡!_=~'\"")).upper()


def _is_under(box: Box, segments: list[Segment]) -> bool:
    """Return whether a date alone on its line stands right under a label of issue."""
    above = [
        segment
        for segment in segments
        if 0 <= box.top - segment.box.bottom < 2 * box.height
        and segment.box.left < box.right
        and segment.box.right > box.left
    ]
    nearest = max(above, key=lambda segment: segment.box.bottom, default=None)
    return nearest is not None and _says_issued(nearest)


def _is_over(box: Box, segments: list[Segment]) -> bool:
    """Return whether a date alone on its line has a label of issue as its caption right below."""
    near = [segment for segment in segments if shares_column(segment.box, box)]
    below = [segment for segment in near if segment.box.middle > box.bottom]
    caption = min(below, key=lambda segment: segment.box.top, default=None)
    if caption is None or not _says_issued(caption):
        return False
    space = caption.box.top - box.bottom
    above = [box.top - segment.box.bottom for segment in near if segment.box.middle < box.top]
    return space <= CAPTION_REACH * box.height and (
        min(above, default=box.bottom) > space + CLEARLY_FARTHER * box.height
    )


def _says_issued(label: Segment) -> bool:
    text = plain(label.text)
    return bool(_ISSUED.search(text)) and not _OTHER_DATE.search(text)


def _dates(text: str) -> list[date]:
    found = []
    for day, month, year in _NUMERIC_DATE.findall(text):
        found.append((int(year), int(month), int(day)))
    for year, month, day in _ISO_DATE.findall(text):
        found.append((int(year), int(month), int(day)))
    for day, name, year in _LONG_DATE.findall(text):
        found.append((int(year), _MONTHS.index(name) + 1, int(day)))
    dates = []
    for year, month, day in found:
        try:
            dates.append(date(year, month, day))
        except ValueError:
            continue
    return dates
