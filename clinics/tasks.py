"""The sweeps of the vigencia: constancias are read, and a NO goes with what IMSS says of its alta."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from clinics.actions import close_repaired, read_constancia, reopen_vigencia
from clinics.actions.errors import NothingToRepair
from clinics.models import VigenciaCheck
from clinics.queries.constancias import constancias_to_read
from clinics.queries.vigencias import checks_to_close, checks_to_reopen
from common.leases import claim, give_back
from common.uploads import NoSlot

LEASE = timedelta(seconds=90)  # longer than a task may run
BATCH = 200


@shared_task
def read_constancias() -> int:
    """Read the constancia that waits longest and return how many were taken up."""
    now = timezone.now()
    keys = claim(constancias_to_read(), now=now, lease=LEASE, limit=1)
    rows = VigenciaCheck.objects.filter(pk__in=keys)
    for check in rows.select_related("constancia", "enrollment__student"):
        try:
            read_constancia(check)
        except NoSlot:
            give_back(VigenciaCheck, check.pk, held_until=now + LEASE)
    return len(keys)


@shared_task
def ask_vigencia_again() -> int:
    """Ask again whose alta was applied after a NO; returns how many were asked."""
    now, asked = timezone.now(), 0
    for check in checks_to_close().select_related("enrollment")[:BATCH]:
        with suppress(NothingToRepair):  # somebody was faster
            close_repaired(check, now=now)
            asked += 1
    return asked


@shared_task
def bring_back_vigencias() -> int:
    """Bring back the NO whose applied alta was taken back; returns how many came back."""
    now, back = timezone.now(), 0
    for check in checks_to_reopen().select_related("enrollment")[:BATCH]:
        with suppress(NothingToRepair):  # somebody was faster
            reopen_vigencia(check, now=now)
            back += 1
    return back
