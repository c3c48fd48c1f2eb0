"""What the sweeps of imss_afiliacion/celery.py claim, and since when the oldest of it waits: one line a sweep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet, Value

from clinics.queries.constancias import constancias_to_read
from clinics.queries.vigencias import checks_to_close, checks_to_reopen
from followup.queries.reminders import due_looks
from notices.queries import due_notices
from nss.queries.reading import acuses_to_read
from papers.queries import expired_jobs, jobs_due, parts_due
from papers.states import PaperKind
from renuncias.queries.piles import piles_due
from students.queries.access_log import looks_to_seal
from students.queries.files import files_to_prepare
from students.queries.roster_imports import rosters_due

Due = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Sweep:
    """What a sweep does in words, the rows it would claim now, and the field that tells since when one waits."""

    label: str
    due: Due
    since: str


def _job(label: str, kind: PaperKind) -> Sweep:
    return Sweep(label, lambda now: jobs_due(kind, now), "created_at")


def _lot(label: str, kind: PaperKind) -> Sweep:
    return Sweep(label, lambda now: parts_due(kind, now), "job__created_at")


SWEEPS: Mapping[str, Sweep] = {
    "notices.tasks.deliver_notices": Sweep("Entregar correos", due_notices, "not_before"),
    "followup.tasks.remind": Sweep("Recordar plazos", due_looks, "at"),
    "nss.tasks.read_acuses": Sweep("Leer acuses", lambda now: acuses_to_read(), "created_at"),
    "clinics.tasks.read_constancias": Sweep(
        "Leer constancias de vigencia", lambda now: constancias_to_read(), "reported_at"
    ),
    "clinics.tasks.ask_vigencia_again": Sweep(
        "Pedir otra vez la vigencia", lambda now: checks_to_close(), "reported_at"
    ),
    "clinics.tasks.bring_back_vigencias": Sweep(
        "Regresar vigencias por corregir", lambda now: checks_to_reopen(), "repaired_at"
    ),
    "students.tasks.prepare_files": Sweep("Preparar documentos", files_to_prepare, "uploaded_at"),
    "students.tasks.read_rosters": Sweep("Leer e importar listas", rosters_due, "created_at"),
    "renuncias.tasks.read_piles": Sweep(
        "Leer hojas firmadas", lambda now: piles_due(), "created_at"
    ),
    "students.tasks.print_slips": _job("Imprimir códigos", PaperKind.SLIPS),
    "renuncias.tasks.print_renuncias": _lot("Imprimir renuncias", PaperKind.RENUNCIA),
    "followup.tasks.print_citatorios": _lot("Imprimir citatorios", PaperKind.CITATORIO),
    "followup.tasks.print_group_lists": _lot("Imprimir listas de grupo", PaperKind.GROUP_LIST),
    "followup.tasks.print_oficios": _lot("Imprimir oficios", PaperKind.OFICIO),
    "followup.tasks.print_guides": _job("Imprimir la guía", PaperKind.GUIDE),
    "followup.tasks.print_samples": _job("Imprimir muestras de formatos", PaperKind.SAMPLE),
    "followup.tasks.print_copies": _job("Preparar copias de datos", PaperKind.MY_DATA),
    "followup.tasks.print_summaries": _job("Preparar resúmenes", PaperKind.SUMMARY),
    "nss.tasks.print_receipts": _job("Preparar comprobantes", PaperKind.COMPROBANTE),
    "papers.tasks.delete_old_sheets": Sweep("Borrar hojas vencidas", expired_jobs, "expires_at"),
    "students.tasks.seal_access_log": Sweep(
        "Sellar la bitácora", lambda now: looks_to_seal(), "at"
    ),
}
"""By the task that does it, those for people first."""


@dataclass(frozen=True)
class Waiting:
    """What one sweep has before it: nothing (`since` is None), or something that waits since then."""

    label: str
    since: datetime | None
    is_late: bool


def waiting_rows(*, now: datetime) -> list[Waiting]:
    """Tell since when the oldest row of each sweep waits: one query for all of them.

    Late is what waits longer than SILENT_AFTER. What a worker holds at this moment still counts as waiting.
    """
    oldest = [
        sweep.due(now)
        .order_by()
        .annotate(sweep=Value(sweep.label))
        .values("sweep")
        .annotate(oldest=Min(sweep.since))
        .values_list("sweep", "oldest")
        for sweep in SWEEPS.values()
    ]
    since = dict(oldest[0].union(*oldest[1:], all=True))
    late = now - settings.SILENT_AFTER
    return [
        Waiting(one.label, at, at is not None and at < late)
        for one in SWEEPS.values()
        for at in [since.get(one.label)]
    ]
