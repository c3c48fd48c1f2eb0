"""The summary that a student took along counts no more once what it says stopped being true."""

from datetime import datetime

from django.db import transaction

from papers.actions import revoke_papers
from papers.states import PaperKind
from students.models import Enrollment
from students.queries.enrollments import about_summaries


@transaction.atomic
def revoke_summaries(enrollment: Enrollment, *, now: datetime) -> None:
    """This will revoke the stay's summary, if there is one, and hold the stay until what ended is written.

    Who issues one holds it too (followup.actions.summary), so none is issued meanwhile of what was true before.
    """
    Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    revoke_papers(PaperKind.SUMMARY, about_summaries(enrollment), now=now)
