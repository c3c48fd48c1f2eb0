"""The sheets themselves: put in line for the worker as one lot, once they are issued or together with that."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from papers.actions import queue_lot
from papers.models import PrintJob
from papers.states import PaperKind
from renuncias.actions.ask import issue_renuncias
from renuncias.actions.errors import NothingToPrint, SeveralPlanteles
from renuncias.models import Renuncia
from renuncias.queries.renuncias import in_print_order, unsigned
from school.models import User
from students.models import Enrollment


@transaction.atomic
def print_renuncias(
    renuncias: Sequence[Renuncia],
    *,
    title: str,
    by: User,
    now: datetime,
    is_own: bool = False,
) -> PrintJob:
    """Order the sheets of those that wait for a signature as one lot, by group and surname.

    `is_own` is the student's own order. Raises NothingToPrint, SeveralPlanteles.
    """
    chosen = list(
        in_print_order(
            unsigned(Renuncia.objects.filter(pk__in=[one.pk for one in renuncias]))
        ).select_related("paper", "plantel")
    )
    if not chosen:
        raise NothingToPrint
    if len({one.plantel_id for one in chosen}) > 1:
        raise SeveralPlanteles
    papers = [one.paper for one in chosen]
    return queue_lot(
        chosen[0].plantel,
        PaperKind.RENUNCIA,
        papers,
        title=title,
        by=by,
        now=now,
        is_own=is_own,
    )


@transaction.atomic
def issue_and_print(
    enrollments: Sequence[Enrollment], *, title: str, by: User, now: datetime
) -> PrintJob:
    """Issue the renuncias of these and order their sheets as one lot, or do neither.

    Raises NobodyToIssue, SeveralPlanteles, and TooManySheets for more than one lot may have.
    """
    issued = issue_renuncias(enrollments, by=by, now=now)
    return print_renuncias(issued, title=title, by=by, now=now)
