"""The worker and the whole beat schedule.

Work waits in the database (docs/architecture.md): a tick only asks «what is due now?», so a tick that finds
nothing costs one query, a tick that is lost costs one period, and a request never publishes.
"""

import logging.config
import os
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import beat_init, celeryd_init, setup_logging
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")

TRANSPORT_ALIASES["filesystem"] = "imss_afiliacion.file_broker:Transport"
TRANSPORT_ALIASES["redis"] = "imss_afiliacion.redis_broker:Transport"

app = Celery("imss_afiliacion")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def let_root_try_the_portal(**kwargs: object) -> None:
    """Keep quiet that root works where a bare machine has no other user.

    Celery warns because of pickle, which is not accepted here.
    """
    del kwargs
    if not settings.PRODUCTION:
        warnings.filterwarnings(
            "ignore", "You're running the worker with superuser", SecurityWarning
        )


@setup_logging.connect
def log_as_the_portal_does(**kwargs: object) -> None:
    """Keep Celery from replacing the handlers that mask personal data."""
    del kwargs
    logging.config.dictConfig(settings.LOGGING)


HEARTBEAT = "followup.tasks.beat_heart"


def sweep(task: str, *, every: float, queue: str, args: tuple[str, ...] = ()) -> dict[str, object]:
    """Schedule a sweep whose ticks die when the next one is due, so they never pile up."""
    options = {"queue": queue, "expires": every}
    return {"task": task, "schedule": every, "args": args, "options": options}


@beat_init.connect
def beat_at_once(sender: Any, **kwargs: object) -> None:
    """Make the first sign of life due when the clock starts, not a minute later."""
    del kwargs
    for entry in sender.scheduler.schedule.values():
        if entry.task == HEARTBEAT:
            entry.last_run_at -= entry.schedule.run_every


app.conf.beat_schedule = {
    "heartbeat of quick": sweep(HEARTBEAT, every=60, queue="quick", args=("quick",)),
    "heartbeat of heavy": sweep(HEARTBEAT, every=60, queue="heavy", args=("heavy",)),
    "read acuses": sweep("nss.tasks.read_acuses", every=2, queue="heavy"),
    "read constancias": sweep("clinics.tasks.read_constancias", every=5, queue="heavy"),
    "read rosters": sweep("students.tasks.read_rosters", every=2, queue="heavy"),
    "prepare files": sweep("students.tasks.prepare_files", every=5, queue="heavy"),
    "read piles": sweep("renuncias.tasks.read_piles", every=2, queue="heavy"),
    "print slips": sweep("students.tasks.print_slips", every=2, queue="heavy"),
    "print renuncias": sweep("renuncias.tasks.print_renuncias", every=2, queue="heavy"),
    "print copies": sweep("followup.tasks.print_copies", every=2, queue="heavy"),
    "print summaries": sweep("followup.tasks.print_summaries", every=2, queue="heavy"),
    "print receipts": sweep("nss.tasks.print_receipts", every=2, queue="heavy"),
    "print citatorios": sweep("followup.tasks.print_citatorios", every=2, queue="heavy"),
    "print group lists": sweep("followup.tasks.print_group_lists", every=2, queue="heavy"),
    "print oficios": sweep("followup.tasks.print_oficios", every=2, queue="heavy"),
    "print samples": sweep("followup.tasks.print_samples", every=2, queue="heavy"),
    "print guides": sweep("followup.tasks.print_guides", every=2, queue="heavy"),
    "delete old sheets": sweep("papers.tasks.delete_old_sheets", every=60, queue="quick"),
    "delete orphan files": sweep("students.tasks.delete_orphan_files", every=3600, queue="heavy"),
    "remind": sweep("followup.tasks.remind", every=60, queue="quick"),
    "escalate": sweep("followup.tasks.escalate", every=60, queue="quick"),
    "ask vigencia again": sweep("clinics.tasks.ask_vigencia_again", every=60, queue="quick"),
    "bring back vigencias": sweep("clinics.tasks.bring_back_vigencias", every=60, queue="quick"),
    "deliver notices": sweep("notices.tasks.deliver_notices", every=5, queue="quick"),
    "seal access log": sweep("students.tasks.seal_access_log", every=60, queue="quick"),
    "forget sessions": sweep("school.tasks.forget_sessions", every=3600, queue="quick"),
    "forget attempts": sweep("school.tasks.forget_attempts", every=3600, queue="quick"),
}
