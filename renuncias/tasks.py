"""The sweeps of renuncias."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from common.leases import claim, give_back
from common.transitions import TransitionNotAllowed
from common.uploads import NoSlot
from papers.states import PaperKind
from renuncias.actions.piles import read_pile
from renuncias.models import SignedPile
from renuncias.queries.piles import piles_due
from renuncias.render import draw_lot
from students.actions.lots import print_lots

LEASE = timedelta(seconds=90)  # longer than a task may run


@shared_task
def read_piles() -> int:
    """Read the next pages of the pile that waits longest; returns how many piles were taken up.

    A few pages at a time: a child may take 40 seconds and the task has 60; the next tick is two seconds away.
    """
    now = timezone.now()
    keys = claim(piles_due(), now=now, lease=LEASE, limit=1)
    for pile in SignedPile.objects.filter(pk__in=keys).select_related("plantel", "created_by"):
        try:
            with suppress(TransitionNotAllowed):  # another worker was faster
                read_pile(pile, now=now)
        except NoSlot:
            give_back(SignedPile, pile.pk, held_until=now + LEASE)
    return len(keys)


@shared_task
def print_renuncias() -> int:
    """Draw the parts of renuncias that wait longest; returns how many."""
    return print_lots(PaperKind.RENUNCIA, draw_lot, clock=timezone.now)
