"""E-13: the facts that stand on the receipt of an acuse."""

from dataclasses import dataclass

from common.dates import long_date, weekday_date
from nss.models import Acuse


@dataclass(frozen=True)
class Receipt:
    """What is said about an acuse that arrived, by the plantel's clock; `review_due` may be empty."""

    sent_at: str
    review_due: str


def receipt_of(acuse: Acuse) -> Receipt:
    """Return the facts of E-13."""
    sent_at = (acuse.sent_at or acuse.created_at).astimezone(acuse.request.enrollment.plantel.zone)
    return Receipt(
        sent_at=f"{long_date(sent_at.date())}, {sent_at:%H:%M}",
        review_due=weekday_date(acuse.review_due_on) if acuse.review_due_on else "",
    )
