"""The cover of a lot: what is in it, and a ruler that tells whether the printer kept the size."""

from django.template.loader import render_to_string
from django.utils import timezone

from common.dates import plain_date
from common.pdf import render_pdf
from papers.models import PrintJob

STYLESHEETS = ("cover.css",)


def draw_cover(job: PrintJob) -> bytes:
    """This will draw the first sheets of a lot: how to print it, and the folio of each paper in its order."""
    created = timezone.localtime(job.created_at, job.plantel.zone)
    context = {
        "job": job,
        "places": list(job.lot.select_related("paper").order_by("position")),
        "ordered_on": f"{plain_date(created.date())}, {created:%H:%M}",
    }
    return render_pdf(render_to_string("papers/print/cover.html", context), stylesheets=STYLESHEETS)
