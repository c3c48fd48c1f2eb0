"""The guide on one sheet Carta: a print job in, PDF out. Called by the worker alone."""

import io
from urllib.parse import urlsplit

import pikepdf
from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_date

from common.dates import plain_date
from common.qr import qr_svg
from papers.models import PrintJob
from papers.render import draw
from school.models import TextVersion

SIZES = ("", "small", "smaller")
"""Each is tried until the guide fits on its sheet: the institution words it, and may word it long."""


def draw_guide(job: PrintJob) -> bytes:
    """Draw the guide as the version of its text says that was in use when it was ordered."""
    fields = TextVersion.objects.get(pk=job.parameters["text"]).fields
    reviewed_on = parse_date(fields["reviewed_on"])
    guide = settings.BASE_URL + reverse("followup:guide")
    for size in SIZES:
        pdf = draw(
            "followup/print/guide.html",
            guide=fields,
            plantel=job.plantel,
            reviewed_on=plain_date(reviewed_on) if reviewed_on else "",
            size=size,
            qr=qr_svg(guide, title="QR que abre la guía"),
            where=urlsplit(guide).netloc + urlsplit(guide).path,
        )
        with pikepdf.open(io.BytesIO(pdf)) as drawn:
            if len(drawn.pages) == 1:
                break
    return pdf
