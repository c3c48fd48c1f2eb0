"""Slips with access codes: stays and their codes in, PDF out. Called by the worker alone."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

import pikepdf
import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.dates import plain_date
from common.pdf import render_pdf
from papers.models import PrintJob
from students.access_codes import grouped
from students.models import Enrollment

A_SHEET = 10
A_ROW = 2
QUIET = 2  # modules of white around a QR; the slip itself is white too


@dataclass(frozen=True)
class Slip:
    """What is printed for one student: neither CURP nor NSS."""

    name: str
    group: str
    matricula: str
    code: str
    qr: SafeString


@dataclass(frozen=True)
class Sheet:
    """Ten slips of one group, in rows of two."""

    group: str
    rows: list[list[Slip | None]]
    number: int
    total: int


def sheets_of_slips(stays: Sequence[Enrollment], codes: Mapping[int, str]) -> list[Sheet]:
    """This will lay out the slips; each group begins a new sheet, so that a pile can be handed out."""
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
        qr=_qr(f"{settings.BASE_URL}{reverse('students:sign_in')}#{code}"),
    )


def _qr(text: str) -> SafeString:
    """This will draw a QR with segno, taking over only its lines and its size."""
    code = segno.make(text, error="m", mask=2, micro=False)
    lines = re.search(r'\bd="([^"]+)"', code.svg_inline(border=QUIET))
    side = code.symbol_size(border=QUIET)[0]
    return format_html(
        '<svg viewBox="0 0 {0} {0}"><path stroke="#000" d="{1}"/></svg>',
        side,
        lines[1] if lines else "",
    )


def draw_sheets(sheets: Sequence[Sheet], job: PrintJob, *, printed_on: date) -> bytes:
    """This will draw sheets as one PDF on Carta."""
    context = {
        "title": job.title,
        "plantel": job.plantel,
        "sheets": sheets,
        "address": urlsplit(settings.BASE_URL).netloc + reverse("students:sign_in"),
        "printed_on": plain_date(printed_on),
    }
    html = render_to_string("students/print/slips.html", context)
    return render_pdf(html, stylesheets=("slips.css",))


def join_pdfs(parts: Sequence[bytes]) -> bytes:
    """This will join PDFs of our own, in order."""
    if len(parts) == 1:
        return parts[0]
    joined = pikepdf.Pdf.new()
    for part in parts:
        with pikepdf.open(io.BytesIO(part)) as source:
            joined.pages.extend(source.pages)
    buffer = io.BytesIO()
    joined.save(buffer)
    return buffer.getvalue()
