"""What somebody took along counts no more once what it says stopped being true."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from papers.actions import revoke_papers
from papers.states import PaperKind
from students.models import Enrollment
from students.queries.enrollments import about_stay

STAY_PAPERS = (PaperKind.SUMMARY, PaperKind.CITATORIO)
"""What counts no more once the stay is out of the cover."""


@transaction.atomic
def revoke_summaries(enrollment: Enrollment, *, now: datetime) -> None:
    """Revoke the stay's summary, if there is one, and hold the stay until what ended is written.

    Who issues one holds it too (followup.actions.summary), so none is issued meanwhile of what was true before.
    """
    _revoke(enrollment, [PaperKind.SUMMARY], now=now)


@transaction.atomic
def revoke_stay_papers(enrollment: Enrollment, *, now: datetime) -> None:
    """Revoke the summary, and the citatorio of whom nobody waits for any more, of a stay out of the cover.

    The stay is held as in revoke_summaries.
    """
    _revoke(enrollment, STAY_PAPERS, now=now)


def _revoke(enrollment: Enrollment, kinds: Collection[PaperKind], *, now: datetime) -> None:
    Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    revoke_papers(kinds, about_stay(enrollment), now=now)
