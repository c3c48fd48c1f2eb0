"""E-13: the receipt that a student ordered, and the facts that stand on it."""

from dataclasses import dataclass

from common.dates import long_date, weekday_date
from nss.models import Acuse
from papers.models import PrintJob
from papers.states import PaperKind, PrintState


@dataclass(frozen=True)
class Receipt:
    """What is said about an acuse that arrived, by the plantel's clock; `review_due` may be empty."""

    sent_at: str
    review_due: str


def receipt_of(acuse: Acuse) -> Receipt:
    """This will return the facts of E-13."""
    sent_at = (acuse.sent_at or acuse.created_at).astimezone(acuse.request.enrollment.plantel.zone)
    return Receipt(
        sent_at=f"{long_date(sent_at.date())}, {sent_at:%H:%M}",
        review_due=weekday_date(acuse.review_due_on) if acuse.review_due_on else "",
    )


def receipt_ordered(acuse: Acuse) -> PrintJob | None:
    """This will return the PDF that the student ordered last and did not get yet; None when there is none."""
    jobs = PrintJob.objects.filter(
        kind=PaperKind.COMPROBANTE,
        created_by=acuse.request.enrollment.student.user_id,
        parameters__acuse=acuse.pk,
    )
    last = jobs.order_by("-created_at", "-pk").first()
    is_gone = last is not None and last.state == PrintState.READY and not last.path
    return None if is_gone else last
