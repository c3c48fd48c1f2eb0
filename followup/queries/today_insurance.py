"""C-01: what waits between an accepted acuse and «vigente»."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.urls import reverse

from affiliation.models import Batch
from affiliation.queries.batches import rejected_to_correct
from affiliation.queries.sending import altas_to_send, bajas_to_send
from affiliation.states import BatchState
from clinics.queries.vigencias import PENDING, to_mend, vigencia_list
from followup.queries.today_rows import WorkRow, since
from school.access import Ability
from school.models import Plantel


def insurance_rows(where: Mapping[Ability, Sequence[Plantel]]) -> list[WorkRow]:
    """Return the rows of the batches and the vigencia that the person may see."""
    rows = []
    if Ability.SEE_CLINICS in where:
        planteles = where[Ability.SEE_CLINICS]
        rows += [_not_vigente(planteles), _unanswered(planteles)]
    if Ability.AFFILIATE in where:
        planteles = where[Ability.AFFILIATE]
        rows += [_altas(planteles), _rejected(planteles), _unsent(planteles), _bajas(planteles)]
    return rows


def _not_vigente(planteles: Sequence[Plantel]) -> WorkRow:
    count, oldest = to_mend(planteles)
    return WorkRow(
        count,
        "salió NO en vigencia" if count == 1 else "salieron NO en vigencia",
        reverse("clinics:vigencias"),
        "Ver",
        calm="vigencias",
        oldest=since(oldest, planteles),
    )


def _unanswered(planteles: Sequence[Plantel]) -> WorkRow:
    """Whom the plantel asks for the first time, or again in a campaign."""
    return WorkRow(
        vigencia_list(planteles, PENDING).count(),
        "sin decir qué salió en su vigencia",
        f"{reverse('clinics:vigencias')}?{urlencode({'estado': PENDING})}",
        "Ver",
        calm="vigencias por contestar",
    )


def _altas(planteles: Sequence[Plantel]) -> WorkRow:
    count = altas_to_send(*planteles).count()
    return WorkRow(
        count,
        "aceptado por mandar al IMSS" if count == 1 else "aceptados por mandar al IMSS",
        reverse("affiliation:check_batch", args=["altas"]),
        "Preparar lote",
        calm="altas",
    )


def _bajas(planteles: Sequence[Plantel]) -> WorkRow:
    count = bajas_to_send(*planteles).count()
    return WorkRow(
        count,
        "baja por mandar al IMSS" if count == 1 else "bajas por mandar al IMSS",
        reverse("affiliation:check_batch", args=["bajas"]),
        "Preparar lote",
        calm="bajas",
    )


def _rejected(planteles: Sequence[Plantel]) -> WorkRow:
    found = rejected_to_correct(planteles).aggregate(count=Count("pk"), oldest=Min("answered_at"))
    return WorkRow(
        found["count"],
        "movimiento que el IMSS rechazó"
        if found["count"] == 1
        else "movimientos que el IMSS rechazó",
        reverse("affiliation:batches"),
        "Corregir",
        calm="rechazos del IMSS",
        oldest=since(found["oldest"], planteles),
    )


def _unsent(planteles: Sequence[Plantel]) -> WorkRow:
    made = Batch.objects.filter(plantel__in=planteles, state=BatchState.DRAFT)
    found = made.aggregate(count=Count("pk"), oldest=Min("made_at"))
    return WorkRow(
        found["count"],
        "lote hecho y sin enviar" if found["count"] == 1 else "lotes hechos y sin enviar",
        reverse("affiliation:batches"),
        "Enviar",
        calm="lotes",
        oldest=since(found["oldest"], planteles),
    )
