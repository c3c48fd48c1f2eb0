"""Slips with access codes: stays and their codes in, PDF out. Called by the worker alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from common.dates import plain_date
from common.pdf import render_pdf
from common.qr import qr_svg
from papers.models import PrintJob
from students.access_codes import grouped
from students.models import Enrollment

A_SHEET = 10
A_ROW = 2
QUIET = 2  # modules of white around a QR; the slip itself is white too
ENTER = "Código QR para entrar"
TWO_LINES, THREE_SMALL = 36, 70
"""Letters of a name, capitals too, that take two lines at most, and three small ones; more take four smaller ones."""


@dataclass(frozen=True)
class Slip:
    """What is printed for one student: neither CURP nor NSS."""

    name: str
    group: str
    matricula: str
    code: str
    qr: SafeString

    @property
    def size(self) -> str:
        """How small the name is: a slip is never higher than the next, however long its name is."""
        if len(self.name) <= TWO_LINES:
            return ""
        return "name--long" if len(self.name) <= THREE_SMALL else "name--longest"


@dataclass(frozen=True)
class Sheet:
    """Ten slips of one group, in rows of two."""

    group: str
    rows: list[list[Slip | None]]
    number: int
    total: int


def sheets_of_slips(stays: Sequence[Enrollment], codes: Mapping[int, str]) -> list[Sheet]:
    """Lay out the slips; each group begins a new sheet, so that a pile can be handed out."""
    laid: list[tuple[str, list[Slip]]] = []
    for group, members in groupby(stays, key=lambda stay: stay.group):
        slips = [_slip(stay, codes[stay.pk]) for stay in members]
        laid.extend((group, slips[at : at + A_SHEET]) for at in range(0, len(slips), A_SHEET))
    return [
        Sheet(f"Grupo {group}" if group else "Sin grupo", _rows(slips), number, len(laid))
        for number, (group, slips) in enumerate(laid, start=1)
    ]


def _rows(slips: Sequence[Slip]) -> list[list[Slip | None]]:
    rows: list[list[Slip | None]] = []
    for at in range(0, len(slips), A_ROW):
        pair: list[Slip | None] = [*slips[at : at + A_ROW]]
        rows.append(pair + [None] * (A_ROW - len(pair)))
    return rows


def _slip(stay: Enrollment, code: str) -> Slip:
    return Slip(
        name=stay.student.list_name,
        group=f"Grupo {stay.group}" if stay.group else "",
        matricula=stay.matricula,
        code=grouped(code),
        # In the fragment, which no server, log or mail scanner ever sees.
        qr=qr_svg(
            f"{settings.BASE_URL}{reverse('students:sign_in')}#{code}", title=ENTER, quiet=QUIET
        ),
    )


def draw_sheets(sheets: Sequence[Sheet], job: PrintJob, *, printed_on: date) -> bytes:
    """Draw sheets as one PDF on Carta."""
    context = {
        "title": job.title,
        "plantel": job.plantel,
        "sheets": sheets,
        "address": urlsplit(settings.BASE_URL).netloc + reverse("students:sign_in"),
        "printed_on": plain_date(printed_on),
    }
    html = render_to_string("students/print/slips.html", context)
    return render_pdf(html, stylesheets=("slips.css",))
