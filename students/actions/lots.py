"""The mail that says that a lot of papers is ready: `papers` and `notices` do not know each other."""

from datetime import datetime

from notices.actions import Recipient, queue
from papers.actions.lots import A_PART
from papers.models import PrintJob


def tell_lot_is_ready(job: PrintJob, *, now: datetime) -> None:
    """This will write M-24 to who ordered a lot that took more than one part; nobody waits for a smaller one."""
    if job.sheets_total <= A_PART:
        return
    queue(
        f"lot:{job.pk}:ready",
        "M-24",
        to=Recipient(job.created_by.email, job.created_by.name),
        plantel=job.plantel,
        about="",
        context={"folio": job.folio, "sheets": job.sheets_total, "job": job.public_id},
        now=now,
    )
