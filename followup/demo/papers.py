"""Papers of the demo, ordered, drawn and read by the portal's own verbs: lots, and a pile of signed sheets.

Their folios follow those of the demo; their tokens and file names differ from one load to the next.
"""

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

import pypdfium2
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from common.leases import claim
from followup.actions.papers import NobodyToPrint, order_citatorios
from followup.demo.moments import end_of_story
from followup.queries.papers import groups_to_summon, renuncias_to_sign
from followup.render.citatorios import draw_citatorios
from papers.actions import Draw, draw_due_part, mark_printed
from papers.models import PrintJob
from papers.states import PaperKind
from renuncias.actions import issue_renuncias, print_renuncias
from renuncias.actions.piles import read_pile, upload_pile
from renuncias.models import SignedPile
from renuncias.queries.lists import may_get_one
from renuncias.queries.piles import piles_due
from renuncias.render import draw_lot
from renuncias.scan import find_codes
from school.models import Plantel, User
from school.states import Role

SIGNED_LOT = 6
"""Sheets of the lot that comes back: one is missing in the pile, of one the QR cannot be read."""
SCAN_DPI = 130
HOUR = timedelta(hours=1)
PEN = (40, 50, 140)


def add_papers(planteles: list[Plantel], *, today: date) -> None:
    """Print what the first planteles have to print on the eve, and scan what came back signed."""
    for place, plantel in enumerate(planteles[:2]):
        at = end_of_story(today, plantel.zone) - 3 * HOUR
        by = responsable_of(plantel)
        job = _print_renuncias(plantel, by=by, now=at)
        _print_citatorios(plantel, by=by, now=at)
        if place == 0:
            mark_printed(job, by=by, now=at + HOUR)
            _scan(plantel, job, by=by, now=at + 2 * HOUR)


def responsable_of(plantel: Plantel) -> User:
    """Return who answers for the plantel."""
    held = plantel.memberships.filter(role=Role.RESPONSABLE, is_substitute=False)
    return held.select_related("user").order_by("pk")[0].user


def _print_renuncias(plantel: Plantel, *, by: User, now: datetime) -> PrintJob:
    """A lot of those that wait for signatures; in a small demo a few more are issued, to be filled in by pen."""
    chosen = list(renuncias_to_sign(plantel)[:SIGNED_LOT])
    others = may_get_one(plantel).filter(student__nss=None).order_by("-pk")
    if stays := list(others[: SIGNED_LOT - len(chosen)]):
        chosen += issue_renuncias(stays, by=by, now=now)
    job = print_renuncias(chosen, title="Renuncias", by=by, now=now)
    return drawn(job, PaperKind.RENUNCIA, draw_lot, now=now)


def _print_citatorios(plantel: Plantel, *, by: User, now: datetime) -> None:
    """Citatorios of the first groups, where anybody must be called in on paper."""
    groups = [one.group for one in groups_to_summon(plantel, now=now)][:2]
    with suppress(NobodyToPrint):
        job = order_citatorios(plantel, groups, by=by, now=now)
        drawn(job, PaperKind.CITATORIO, draw_citatorios, now=now)


def drawn(job: PrintJob, kind: PaperKind, draw: Draw, *, now: datetime) -> PrintJob:
    """Return the lot once it is drawn, as the worker draws it."""
    while draw_due_part(kind, draw, now=now):
        pass
    job.refresh_from_db()
    return job


def _scan(plantel: Plantel, job: PrintJob, *, by: User, now: datetime) -> None:
    """All sheets but the last, signed; the second has a stain on its QR."""
    with default_storage.open(job.path) as file:
        drawn = pypdfium2.PdfDocument(file.read())
    first = len(drawn) - job.sheets_total  # after the cover
    treatments: list[Callable[[Image.Image], Image.Image]] = [_signed, _stained]
    sheets = [
        treatments[place == 1](drawn[first + place].render(scale=SCAN_DPI / 72).to_pil())
        for place in range(job.sheets_total - 1)
    ]
    buffer = io.BytesIO()
    sheets[0].save(buffer, "PDF", resolution=SCAN_DPI, save_all=True, append_images=sheets[1:])
    upload = SimpleUploadedFile("renuncias-firmadas.pdf", buffer.getvalue())
    pile = upload_pile(plantel, [upload], lot=job, by=by, now=now)
    while claim(piles_due(), now=now, lease=HOUR, limit=1):
        read_pile(
            SignedPile.objects.select_related("plantel", "created_by").get(pk=pile.pk), now=now
        )


def _signed(sheet: Image.Image) -> Image.Image:
    """The page with strokes of a pen near its foot."""
    signed = sheet.convert("RGB")
    pen = ImageDraw.Draw(signed)
    across, down = signed.width // 5, int(signed.height * 0.8)
    points = [(across + step * 9, down - (step * 37) % 46) for step in range(18)]
    pen.line(points, fill=PEN, width=3, joint="curve")
    return signed


def _stained(sheet: Image.Image) -> Image.Image:
    """The signed page after coffee ran over its QR."""
    stained = _signed(sheet)
    for code in find_codes(sheet.convert("L")):
        corners = code.corners.top_left, code.corners.bottom_right
        box = [(corner.x, corner.y) for corner in corners]
        ImageDraw.Draw(stained).rectangle(box, fill=(120, 85, 55))
    return stained
