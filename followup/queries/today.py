"""C-01 Hoy: what waits for somebody of the plantel, the riskiest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from clinics.queries.vigencias import PENDING, TO_MEND, vigencia_list
from common.dates import WEEKDAYS
from followup.models import Escalation, StudentReport
from followup.queries.escalations import still_awaited
from followup.queries.reach import bounced_stays
from followup.queries.reports import STILL_ASKED
from followup.queries.students import (
    NO_ADDRESS,
    NOT_ENTERED,
    stays_in,
    waiting_for_acuse,
)
from followup.queries.today_insurance import insurance_rows
from followup.queries.today_rows import WorkRow, since
from followup.states import CASE_KINDS, WITHOUT_OFICIO, ReportKind
from nss.models import Acuse
from nss.queries.queue import WAITING
from nss.states import AcuseState
from renuncias.models import Renuncia
from renuncias.queries.lists import to_register
from school.access import Ability
from school.models import Plantel
from students.models import Enrollment, RosterImport, TimelineEntry
from students.states import EnrollmentState, ImportState

MOVEMENTS = 8
DUE_DAYS = 3


@dataclass(frozen=True)
class DueDay:
    """How many acuses are due on one of the next days."""

    label: str
    count: int
    url: str


def work_rows(where: Mapping[Ability, Sequence[Plantel]], *, now: datetime) -> list[WorkRow]:
    """Return every row the person may act on, the empty ones too, in the order of risk.

    Each row counts only the planteles in which the person has its ability.
    """
    rows = []
    if Ability.REVIEW_ACUSE in where:
        rows.append(_acuses(where[Ability.REVIEW_ACUSE]))
    if Ability.SEE_STUDENTS in where:
        tells = Ability.NOTIFY_STUDENTS in where
        rows.append(_late(where[Ability.SEE_STUDENTS], now=now, may_tell=tells))
    if Ability.SEE_REPORTS in where:
        may_ask = Ability.HANDLE_REPORT in where
        rows += _reports(where[Ability.SEE_REPORTS], may_ask=may_ask)
    rows += insurance_rows(where)
    if Ability.REGISTER_RENUNCIA in where:
        rows.append(_renuncias(where[Ability.REGISTER_RENUNCIA]))
    if Ability.SEE_NOTICES in where:
        rows.append(_bounced(where[Ability.SEE_NOTICES], now=now))
    if Ability.SEE_STUDENTS in where:
        planteles = where[Ability.SEE_STUDENTS]
        may_print = set(planteles) <= set(where.get(Ability.PRINT_CODES, ()))
        rows.append(_not_entered(planteles, may_print=may_print))
    if Ability.IMPORT_ROSTER in where:
        rows.append(_imports(where[Ability.IMPORT_ROSTER]))
    return rows


def due_days(planteles: Sequence[Plantel], *, now: datetime, today: date) -> list[DueDay]:
    """Count the acuses due today and on the next two days on which any is due."""
    counted = (
        waiting_for_acuse(stays_in(planteles, now=now))
        .select_related(None)
        .filter(state=EnrollmentState.ACTIVE, due_on__gte=today)
        .order_by("due_on")
        .values_list("due_on")
        .annotate(Count("pk"))[: DUE_DAYS + 1]
    )
    counts = {today: 0} | dict(counted)
    return [
        DueDay(_day_name(day, today), count, _list_url(vence=day.isoformat()))
        for day, count in sorted(counts.items())[:DUE_DAYS]
    ]


def last_movements(planteles: Sequence[Plantel]) -> QuerySet[TimelineEntry]:
    """Return what happened last in the planteles, newest first."""
    return (
        TimelineEntry.objects.filter(enrollment__plantel__in=planteles)
        .select_related("enrollment__student", "enrollment__plantel", "by")
        .order_by("-at", "-pk")[:MOVEMENTS]
    )


def counts_by_plantel(planteles: Iterable[Plantel], *, now: datetime) -> list[dict[str, object]]:
    """Count per plantel what waits, for who oversees several and opens no student's file."""
    chosen = Plantel.objects.filter(pk__in=[one.pk for one in planteles])
    acuses = _per_plantel(Acuse.objects.filter(**WAITING), "plantel", chosen)
    cases = _per_plantel(still_awaited(Escalation.objects.all()), "plantel", chosen)
    stays = stays_in(chosen, now=now).select_related(None)
    late = dict(
        stays.filter(is_overdue=True).order_by().values_list("plantel").annotate(Count("pk"))
    )
    enrolled = _per_plantel(
        Enrollment.objects.filter(state=EnrollmentState.ACTIVE), "plantel", chosen
    )
    not_vigente = _per_plantel(vigencia_list(chosen, TO_MEND), "plantel", chosen)
    unanswered = _per_plantel(vigencia_list(chosen, PENDING), "plantel", chosen)
    return [
        {
            "plantel": one,
            "enrolled": enrolled.get(one.pk, 0),
            "acuses": acuses.get(one.pk, 0),
            "late": late.get(one.pk, 0),
            "cases": cases.get(one.pk, 0),
            "not_vigente": not_vigente.get(one.pk, 0),
            "unanswered": unanswered.get(one.pk, 0),
        }
        for one in chosen
    ]


def _per_plantel(rows: QuerySet, path: str, planteles: QuerySet[Plantel]) -> dict[int, int]:
    counted = rows.filter(**{f"{path}__in": planteles}).order_by().values_list(path)
    return dict(counted.annotate(Count("pk")))


def _acuses(planteles: Sequence[Plantel]) -> WorkRow:
    waiting = Acuse.objects.filter(**WAITING, plantel__in=planteles).aggregate(
        count=Count("pk"), oldest=Min("sent_at")
    )
    return WorkRow(
        waiting["count"],
        "acuse por revisar" if waiting["count"] == 1 else "acuses por revisar",
        reverse("nss:review"),
        "Empezar revisión",
        calm="acuses",
        oldest=since(waiting["oldest"], planteles),
    )


def _late(planteles: Sequence[Plantel], *, now: datetime, may_tell: bool) -> WorkRow:
    drafts = Acuse.objects.filter(request__enrollment=OuterRef("pk"), state=AcuseState.DRAFT)
    late = (
        stays_in(planteles, now=now)
        .filter(is_overdue=True)
        .aggregate(
            count=Count("pk"),
            unreachable=Count("pk", filter=NO_ADDRESS),
            drafts=Count("pk", filter=Exists(drafts)),
        )
    )
    who = "estudiante con plazo vencido" if late["count"] == 1 else "estudiantes con plazo vencido"
    without = f"; {late['unreachable']} sin correo" if late["unreachable"] else ""
    unsent = f"; {late['drafts']} con archivo sin confirmar" if late["drafts"] else ""
    return WorkRow(
        late["count"],
        who + without + unsent,
        reverse("followup:overdue"),
        "Avisarles" if may_tell else "Ver la lista",
        calm="plazos vencidos",
    )


def _reports(planteles: Sequence[Plantel], *, may_ask: bool) -> list[WorkRow]:
    is_case = Q(kind__in=CASE_KINDS)
    counts = StudentReport.objects.filter(
        STILL_ASKED, handled_at__isnull=True, enrollment__plantel__in=planteles
    ).aggregate(
        cases=Count("pk", filter=is_case),
        without=Count("pk", filter=Q(escalation__state__in=WITHOUT_OFICIO)),
        oldest=Min("created_at", filter=is_case),
        data=Count("pk", filter=Q(kind=ReportKind.ROSTER_DATA)),
        questions=Count("pk", filter=Q(kind__in=[ReportKind.QUESTION, ReportKind.HAS_NSS])),
    )
    noun = "caso para la Subdelegación" if counts["cases"] == 1 else "casos para la Subdelegación"
    without = f"; {counts['without']} sin oficio" if counts["without"] else ""
    return [
        WorkRow(
            counts["cases"],
            noun + without,
            reverse("followup:escalations"),
            "Hacer oficio" if may_ask and counts["without"] else "Ver los casos",
            calm="casos de Subdelegación",
            oldest=since(counts["oldest"], planteles),
        ),
        WorkRow(
            counts["data"],
            "dato por corregir que reportó el estudiante"
            if counts["data"] == 1
            else "datos por corregir que reportaron los estudiantes",
            _reports_url("datos"),
            "Ver los datos",
            calm="datos por corregir",
        ),
        WorkRow(
            counts["questions"],
            "pregunta por contestar" if counts["questions"] == 1 else "preguntas por contestar",
            _reports_url("preguntas"),
            "Contestar",
            calm="preguntas",
        ),
    ]


def _renuncias(planteles: Sequence[Plantel]) -> WorkRow:
    signed = to_register(Renuncia.objects.filter(plantel__in=planteles)).aggregate(
        count=Count("pk"), oldest=Min("signed_at")
    )
    return WorkRow(
        signed["count"],
        "renuncia firmada por registrar"
        if signed["count"] == 1
        else "renuncias firmadas por registrar",
        f"{reverse('renuncias:list')}?{urlencode({'estado': 'firmadas'})}",
        "Registrar",
        calm="renuncias",
        oldest=since(signed["oldest"], planteles),
    )


def _bounced(planteles: Sequence[Plantel], *, now: datetime) -> WorkRow:
    count = bounced_stays(planteles, now=now).count()
    return WorkRow(
        count,
        "correo rebotado" if count == 1 else "correos rebotados",
        reverse("followup:bounced"),
        "Ver de quiénes",
        calm="correos rebotados",
    )


def _not_entered(planteles: Sequence[Plantel], *, may_print: bool) -> WorkRow:
    count = Enrollment.objects.filter(
        plantel__in=planteles, state=EnrollmentState.ACTIVE, first_signed_in_at__isnull=True
    ).count()
    return WorkRow(
        count,
        "estudiante no ha entrado aún" if count == 1 else "estudiantes no han entrado aún",
        reverse("students:print_slips") if may_print else _list_url(paso=NOT_ENTERED),
        "Imprimir códigos" if may_print else "Ver la lista",
        calm="primeras entradas",
    )


def _imports(planteles: Sequence[Plantel]) -> WorkRow:
    waiting = list(
        RosterImport.objects.filter(
            plantel__in=planteles, state__in=[ImportState.READ, ImportState.CHECKED]
        ).values_list("public_id", flat=True)
    )
    url = (
        reverse("students:show_roster_import", args=waiting)
        if len(waiting) == 1
        else reverse("students:import_roster")
    )
    return WorkRow(
        len(waiting),
        "lista por terminar de importar"
        if len(waiting) == 1
        else "listas por terminar de importar",
        url,
        "Continuar",
        calm="importaciones",
    )


def _list_url(**query: str) -> str:
    return f"{reverse('followup:students')}?{urlencode(query)}"


def _reports_url(kind: str) -> str:
    return f"{reverse('followup:reports')}?{urlencode({'tipo': kind})}"


def _day_name(day: date, today: date) -> str:
    if day == today:
        return "hoy"
    if day == today + timedelta(days=1):
        return "mañana"
    return f"{WEEKDAYS[day.weekday()]} {day.day}"
