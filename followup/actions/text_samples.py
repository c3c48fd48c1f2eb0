"""A-07: a format as it comes out of the printer, before anybody saves it."""

from datetime import datetime
from typing import Any

from papers.actions import queue_print_job
from papers.models import PrintJob
from papers.states import PaperKind
from school.access import Ability, planteles_with
from school.models import User
from school.states import TextKind

PRINTED_KINDS = (TextKind.RENUNCIA, TextKind.CITATORIO)
"""The texts that are formats of papers."""


class NoPlantel(Exception):
    """A sheet is of some plantel, and there is none yet."""

    sentence = "Todavía no hay ningún plantel. Registrar uno para ver el formato en PDF"


def order_sample(
    kind: TextKind, fields: dict[str, Any], *, version: int, by: User, now: datetime
) -> PrintJob:
    """This will put one sheet of the format in line for the worker. Raises NoPlantel."""
    plantel = planteles_with(by, Ability.SEE_PRINT_JOBS).first()
    if plantel is None:
        raise NoPlantel
    return queue_print_job(
        plantel,
        PaperKind.SAMPLE,
        title=f"Muestra: {kind.label}",
        parameters={"kind": kind.value, "version": version, "fields": fields},
        sheets=1,
        by=by,
        now=now,
    )
