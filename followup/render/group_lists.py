"""Lists of groups for the tutor of the class: the form is drawn once, each group's names are stamped into it.

Called by the worker alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.template.loader import render_to_string

from common.pdf import draw_form, draw_sheet
from common.stamping import LETTERS, QR, Form, Words, cut, fits, placeholders, stamp
from common.templatetags.print import field, qr_field
from followup.queries.papers import LINES, list_of, members_of
from papers.models import LotPaper, PrintJob
from papers.render import draw_cover, stamp_in_lot
from students.models import Enrollment

TEMPLATE = "followup/print/group_lists.html"
STYLESHEETS = ("paper.css",)
A_LINE, TWO_LINES = 40, 100
"""Letters of a name that take one line at most, and two."""
HEAD = ("group", "folio", "code", "foot", QR)
ROW = ("number", "matricula", "name")


@dataclass(frozen=True)
class ListSheet:
    """One sheet of a group: so many lines, and the words in its fields; `where` verifies it by hand."""

    lines: int
    words: Words
    where: str


def draw_group_lists(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """Draw one sheet each, or the cover when there is none to draw."""
    if not places:
        return draw_cover(job)
    sheets = sheets_of(job, places)
    names = [*HEAD, *(name for at in range(LINES) for name in _row(at))]
    blank = replace(sheets[0], lines=LINES, words=placeholders(names))
    html = page_of(blank, job, letters=LETTERS)
    return stamp([_drawn(sheet, html, job) for sheet in sheets], title=job.title)


def sheets_of(job: PrintJob, places: Sequence[LotPaper]) -> list[ListSheet]:
    """Return what stands on each of the sheets."""
    lists = [list_of(place.paper) for place in places]
    members = members_of(job.plantel, {group for group, _ in lists})
    return [
        _sheet(job, place, group, start, members.get(group, [])[start : start + LINES])
        for place, (group, start) in zip(places, lists, strict=True)
    ]


def _sheet(
    job: PrintJob, place: LotPaper, group: str, start: int, members: Sequence[Enrollment]
) -> ListSheet:
    said = stamp_in_lot(place, job)
    heading = f"Grupo {group}" if group else "Sin grupo"
    words = dict(zip(HEAD, (heading, said.folio, said.code, said.foot, said.link), strict=True))
    for at, stay in enumerate(members):
        row = (str(start + 1 + at), stay.matricula, stay.student.list_name)
        words |= zip(_row(at), row, strict=True)
    return ListSheet(len(members), words, said.where)


def _row(at: int) -> list[str]:
    """The fields of one line."""
    return [f"{name}{at}" for name in ROW]


def _drawn(sheet: ListSheet, html: str, job: PrintJob) -> tuple[Form, Words]:
    """The form to stamp, or a sheet drawn whole where a name does not fit into its line."""
    form = _form(html, sheet.lines)
    if fits(form, sheet.words):
        return form, sheet.words
    return draw_sheet(page_of(sheet, job), stylesheets=STYLESHEETS), {}


@lru_cache(maxsize=2 * LINES)
def _form(html: str, lines: int) -> Form:
    """A form, drawn once in each worker for so many lines as fit, and cut where there are fewer."""
    if lines == LINES:
        return draw_form(html, stylesheets=STYLESHEETS)
    gone = {name for at in range(lines, LINES) for name in _row(at)}
    return cut(_form(html, LINES), below=f"line-{lines}", without=gone)


def page_of(sheet: ListSheet, job: PrintJob, *, letters: str = "") -> str:
    """Write a sheet as HTML, or with placeholders the form."""
    rows = [
        (f"line-{at + 1}", *_row(at), _size(sheet.words[f"name{at}"])) for at in range(sheet.lines)
    ]
    said = {
        "folio": field(sheet.words, "folio", "block"),
        "code": field(sheet.words, "code", "block"),
        "where": sheet.where,
        "qr": qr_field(sheet.words),
    }
    context = {"plantel": job.plantel, "words": sheet.words, "stamp": said, "rows": rows}
    return render_to_string(TEMPLATE, {**context, "letters": letters})


def _size(name: str) -> str:
    """A line is never higher than two of a name, or three small ones, so a list never runs over its sheet."""
    if len(name) <= A_LINE:
        return "block"
    return "block name" if len(name) <= TWO_LINES else "block name name--long"
