"""A ciclo's terms, with the deadlines of everybody who is in it."""

from datetime import datetime

from django.db import transaction

from followup.actions.calendar import keep_deadlines, lock_stays
from followup.queries.calendars import preview_rule
from followup.queries.recount import Recount
from school.actions.cycles import CycleTerms, edit_cycle
from school.models import Plantel, SchoolCycle, User
from students.models import Enrollment
from students.queries.deadlines import rule_of


@transaction.atomic
def change_cycle(cycle: SchoolCycle, terms: CycleTerms, *, by: User, now: datetime) -> Recount:
    """Change the terms of a ciclo and keep the deadlines that follow; says whose changed.

    A date once told is never brought nearer, and a review once promised stays promised. Raises CycleRefused.
    """
    lock_stays(Enrollment.objects.filter(cycle=cycle), Plantel.objects.all())
    changed = edit_cycle(cycle, terms, by=by, now=now)
    recount = preview_rule(changed, rule_of(changed))
    keep_deadlines(recount)
    return recount
