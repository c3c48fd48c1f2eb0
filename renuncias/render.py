"""Printed renuncias: the form is drawn once, each student's words and QR are stamped into it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from common.pdf import draw_form, draw_sheet
from common.stamping import LETTERS, QR, Form, Words, fits, placeholders, stamp
from papers.folio import verify_path
from papers.models import LotPaper, Paper, PrintJob
from papers.render import draw_cover
from renuncias.models import Renuncia
from renuncias.queries.renuncias import by_paper
from renuncias.queries.sheet import format_of, issued_sheet
from renuncias.states import Motive
from school.models import TextVersion
from school.queries.texts import current_text, format_line
from school.states import TextKind

STYLESHEETS = ("renuncia.css",)
TEMPLATE = "renuncias/print/renuncia.html"
NO_TOKEN = "MUESTRA"
COPIED = (
    *("plantel", "folio", "name", "curp", "birth_date", "matricula", "cycle", "group", "shift"),
    *("contact", "motive_note", "institution", "policy_number", "holder", "kinship"),
    "covered_until",
)
"""Fields that say what was fixed on the day of issue (Renuncia.printed)."""
TICKS = tuple((f"motive_{motive.lower()}", motive) for motive in Motive)
FIELDS = (*COPIED, "lot", "when", "folio_again", "code", *(tick for tick, _ in TICKS))


def draw_lot(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """Draw these renuncias of a lot, in their order; for none the cover, where the lot is more than one."""
    if not places:
        return draw_cover(job) if job.sheets_total > 1 else b""
    known = by_paper([place.paper_id for place in places])
    formats = _Formats()
    sheets = [
        formats.sheet(known[place.paper_id], words_of(known[place.paper_id], place, job))
        for place in places
    ]
    return stamp(sheets, title=job.title)


def words_of(renuncia: Renuncia, place: LotPaper, job: PrintJob) -> Words:
    """Return what stands on one sheet."""
    printed: dict[str, str] = renuncia.printed
    paper = renuncia.paper
    again = f" · Reimpresión {place.reprint}" if place.reprint else ""
    words = {name: " ".join(printed[name].split()) for name in COPIED}
    words |= {
        "lot": f"Lote {job.folio or NO_TOKEN} · {place.position + 1}/{job.sheets_total}{again}",
        "when": f"{printed['place']}, {printed['date']}",
        "folio_again": printed["folio"],
        "code": f"{paper.code[:4]} {paper.code[4:]}",
        QR: settings.BASE_URL + verify_path(paper.token),
    }
    return words | {tick: "X" for tick, motive in TICKS if motive == printed["motive"]}


def draw_sample(job: PrintJob, text: TextVersion, printed: Mapping[str, str]) -> bytes:
    """Draw one sheet of a format that nobody may have saved yet, about nobody; its QR verifies nothing."""
    return stamp([_Formats().sheet(*_sample(job, text, printed))], title=job.title)


def sample_page(job: PrintJob, text: TextVersion, printed: Mapping[str, str]) -> str:
    """Write the same sheet as the HTML of a document."""
    return _Formats()._page(*_sample(job, text, printed))


def _sample(job: PrintJob, text: TextVersion, printed: Mapping[str, str]) -> tuple[Renuncia, Words]:
    paper = Paper(text=text, token=NO_TOKEN, code=NO_TOKEN)
    blank = dict.fromkeys((*COPIED, "motive", "place", "date", "guardian"), "")
    renuncia = Renuncia(paper=paper, printed={**blank, **printed})
    return renuncia, words_of(renuncia, LotPaper(paper=paper, position=0), job)


class _Formats:
    """The formats that one lot needs: a version of the text in a ciclo, with or without the guardian's signature."""

    def __init__(self) -> None:
        self.subsystem: str = current_text(TextKind.IDENTIDAD).fields["subsystem"]
        self.forms: dict[tuple[int, str, str, str], Form] = {}

    def sheet(self, renuncia: Renuncia, words: Words) -> tuple[Form, Words]:
        """Return the form to stamp, or a sheet drawn whole where the words do not fit into it."""
        form = self._form(renuncia)
        if fits(form, words):
            return form, words
        return draw_sheet(self._page(renuncia, words), stylesheets=STYLESHEETS), {}

    def _form(self, renuncia: Renuncia) -> Form:
        printed = renuncia.printed
        version = format_of(renuncia).version
        kind = (version, printed["guardian"], printed["plantel"], printed["cycle"])
        if kind not in self.forms:
            words = placeholders([*FIELDS, QR])
            self.forms[kind] = _drawn(self._page(renuncia, words, letters=LETTERS))
        return self.forms[kind]

    def _page(self, renuncia: Renuncia, words: Words, *, letters: str = "") -> str:
        """Write the sheet, or with placeholders the form."""
        form = issued_sheet(renuncia)
        ticked = zip(TICKS, form.motives, strict=True)
        context = {
            "title": form.title,
            "sheets": [words],
            "form": form,
            "ticks": [(tick, said) for (tick, _), (said, _) in ticked],
            "format": format_line(format_of(renuncia), renuncia.printed["cycle"]),
            "subsystem": self.subsystem,
            "address": urlsplit(settings.BASE_URL).netloc + verify_path(),
            "letters": letters,
        }
        return render_to_string(TEMPLATE, context)


@lru_cache(maxsize=16)
def _drawn(html: str) -> Form:
    """A format, drawn once in each worker."""
    return draw_form(html, stylesheets=STYLESHEETS)
