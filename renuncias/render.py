"""Printed renuncias: the form is drawn once, each student's words and QR are stamped into it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from common.pdf import draw_form, draw_sheet
from common.stamping import LETTERS, QR, Form, Words, fits, placeholders, stamp
from papers.models import LotPaper, PrintJob
from renuncias.states import Motive
from school.models import TextVersion
from school.queries.texts import current_text
from school.states import TextKind

STYLESHEETS = ("renuncia.css",)
TEMPLATE = "renuncias/print/renuncia.html"
COPIED = (
    *("plantel", "folio", "name", "curp", "birth_date", "matricula", "cycle", "group", "shift"),
    *("contact", "motive_note", "institution", "policy_number", "holder", "kinship"),
    *("covered_until", "responsable"),
)
"""Fields that say what was fixed on the day of issue (Renuncia.printed)."""
TICKS = tuple((f"motive_{motive.lower()}", motive) for motive in Motive)
FIELDS = (*COPIED, "lot", "when", "folio_again", "code", *(tick for tick, _ in TICKS))


def draw_lot(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """This will draw these renuncias of a lot, in their order; their papers, renuncias and texts came along."""
    subsystem = current_text(TextKind.IDENTIDAD).fields["subsystem"]
    total = job.sheets_total
    sheets = [_sheet(place, words_of(place, job.folio or "", total), subsystem) for place in places]
    return stamp(sheets, title=job.title)


def words_of(place: LotPaper, lot: str, total: int) -> Words:
    """This will return what stands on one sheet."""
    printed: dict[str, str] = place.paper.renuncia.printed
    again = f" · Reimpresión {place.reprint}" if place.reprint else ""
    words = {name: printed[name] for name in COPIED}
    words |= {
        "lot": f"Lote {lot} · {place.position + 1}/{total}{again}",
        "when": f"{printed['place']}, {printed['date']}",
        "folio_again": printed["folio"],
        "code": f"{place.paper.code[:4]} {place.paper.code[4:]}",
        QR: settings.BASE_URL + reverse("papers:verify", args=[place.paper.token]),
    }
    return words | {tick: "X" for tick, motive in TICKS if motive == printed["motive"]}


def _sheet(place: LotPaper, words: Words, subsystem: str) -> tuple[Form, Words]:
    text, with_guardian = place.paper.text, bool(place.paper.renuncia.needs_guardian)
    form = _form(text, with_guardian, subsystem)
    if fits(form, words):
        return form, words
    html = _page([words], text, with_guardian, subsystem)
    return draw_sheet(html, stylesheets=STYLESHEETS), {}


@lru_cache(maxsize=8)
def _form(text: TextVersion, with_guardian: bool, subsystem: str) -> Form:
    """The format of that version, drawn once in each worker."""
    html = _page([placeholders([*FIELDS, QR])], text, with_guardian, subsystem, letters=LETTERS)
    return draw_form(html, stylesheets=STYLESHEETS)


def _page(
    sheets: Sequence[Words],
    text: TextVersion,
    with_guardian: bool,
    subsystem: str,
    **more: Any,
) -> str:
    return render_to_string(
        TEMPLATE,
        {
            "sheets": sheets,
            "text": text.fields,
            "version": text.version,
            "with_guardian": with_guardian,
            "subsystem": subsystem,
            "motives": [(tick, motive.label) for tick, motive in TICKS],
            "address": urlsplit(settings.BASE_URL).netloc + reverse("papers:verify_by_hand"),
            **more,
        },
    )
