"""The imports of the wizard: whose, which wait for the worker, and whom they brought."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import PROTECT, Model, Q, QuerySet

from common.bulk import Among
from notices.models import Notice
from school.access import Ability, planteles_with
from school.models import Plantel, SchoolCycle, User
from students.models import Enrollment, RosterImport, StudentData, TimelineEntry
from students.queries.names import by_name
from students.roster_file import Checked, Finding, RosterRow, remember
from students.states import (
    CLOSED_ENROLLMENT,
    OPEN_ENROLLMENT,
    EnrollmentState,
    Event,
    ImportState,
)

ACTIVATION = "M-01"
UNDO_FOR = timedelta(hours=24)


def roster_imports_for(user: User) -> QuerySet[RosterImport]:
    """Return the imports of the planteles whose roster the person may load, newest first."""
    planteles = planteles_with(user, Ability.IMPORT_ROSTER)
    return RosterImport.objects.filter(plantel__in=planteles).select_related(
        "plantel", "cycle", "created_by", "file", "undone_by"
    )


def rosters_due(now: datetime) -> QuerySet[RosterImport]:
    """Return the imports that wait for the worker: to be read, checked or imported."""
    waiting = (ImportState.UPLOADED, ImportState.MATCHED, ImportState.CONFIRMED)
    return RosterImport.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), state__in=waiting
    ).order_by("created_at")


def to_activate(roster_import: RosterImport) -> list[Enrollment]:
    """Return who needs a code by mail after an import and was not written to since.

    The new students who have not entered, and those whose e-mail it changed and who confirmed none: their former
    code is void.
    """
    created = roster_import.report.get("created", [])
    readdressed = roster_import.report.get("readdressed", [])
    stays = Enrollment.objects.filter(
        Q(first_signed_in_at__isnull=True) | Q(Among("pk", readdressed)),
        Among("pk", [*created, *readdressed]),
        state=EnrollmentState.ACTIVE,
    ).exclude(Q(roster_email="") | Q(data__email_confirmed_at__isnull=False))
    told = set(
        Notice.objects.filter(
            message=ACTIVATION,
            plantel=roster_import.plantel,
            created_at__gte=roster_import.imported_at or roster_import.created_at,
        ).values_list("about", flat=True)
    )
    return [
        stay
        for stay in stays.select_related("student", "plantel")
        if f"enrollment:{stay.pk}" not in told
    ]


def remembered_match(plantel: Plantel) -> dict[str, str]:
    """Return what was said last in this plantel: which header is which field."""
    last = (
        RosterImport.objects.filter(plantel=plantel)
        .exclude(matching={})
        .order_by("-created_at", "-pk")
        .values_list("columns", "matching")
        .first()
    )
    if last is None:
        return {}
    columns, matching = last
    headers = {column["index"]: column["header"] for column in columns}
    return remember(headers, matching.get("columns", {}))


# Who is not in the list ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Leaving:
    """Whom a list calls gone: not named in it, or `marked` with how the stay ended; `findings` name nobody here."""

    missing: list[int]
    marked: dict[int, str]
    findings: list[Finding]


def leaving_stays(plantel: Plantel, cycle: SchoolCycle, checked: Checked) -> Leaving:
    """Return the stays that the list does not name or marks as a baja, in the order of a list.

    Named by matrícula or CURP; a row with an error names its student too. Nobody is withdrawn by this: a person
    decides.
    """
    by_number = {row.matricula: row for row in checked.marked}
    by_curp = {row.curp: row for row in checked.marked if row.curp}
    stays = Enrollment.objects.filter(plantel=plantel, state__in=OPEN_ENROLLMENT)
    found = stays.order_by("group", *by_name(), "pk")
    missing, marked, met = list[int](), dict[int, str](), set[int]()
    for pk, cycle_id, number, curp in found.values_list(
        "pk", "cycle", "matricula", "student__curp"
    ):
        if row := by_number.get(number) or by_curp.get(curp or ""):
            marked[pk] = row.status
            met.add(row.line)
        elif cycle_id != cycle.pk or number in checked.matriculas or curp in checked.curps:
            continue
        missing.append(pk)
    return Leaving(missing, marked, [_nobody(row) for row in checked.marked if row.line not in met])


def _nobody(row: RosterRow) -> Finding:
    return Finding(
        row.line,
        "status",
        row.matricula,
        "Viene como baja y no está inscrito en este plantel",
        "No se hace nada con esta fila",
        blocks=False,
    )


def undecided_stays(roster_import: RosterImport) -> QuerySet[Enrollment]:
    """Return who is not in the list and was neither withdrawn nor said to be enrolled since."""
    report = roster_import.report
    return (
        Enrollment.objects.filter(
            pk__in=set(report.get("missing", [])) - set(report.get("kept", [])),
            plantel=roster_import.plantel,
            state__in=OPEN_ENROLLMENT,
        )
        .select_related("student")
        .order_by("group", *by_name(), "pk")
    )


def withdrawn_stays(roster_import: RosterImport) -> QuerySet[Enrollment]:
    """Return who was withdrawn because this list did not name them, and still is."""
    return (
        Enrollment.objects.filter(
            pk__in=roster_import.report.get("withdrawn", []),
            plantel=roster_import.plantel,
            state__in=CLOSED_ENROLLMENT,
        )
        .select_related("student")
        .order_by("group", *by_name(), "pk")
    )


# Undo --------------------------------------------------------------------------------------------
def may_be_undone(roster_import: RosterImport, now: datetime) -> bool:
    """Say whether the import is in its 24 hours; whether somebody acted is only asked at the undo."""
    at = roster_import.imported_at
    return roster_import.state == ImportState.IMPORTED and at is not None and now - at <= UNDO_FOR


def later_import(roster_import: RosterImport) -> RosterImport | None:
    """Return an import of the plantel that came after this one and stands, if there is any."""
    return (
        RosterImport.objects.filter(
            plantel=roster_import.plantel,
            state=ImportState.IMPORTED,
            imported_at__gte=roster_import.imported_at,
        )
        .exclude(pk=roster_import.pk)
        .first()
    )


def touched_stays(
    roster_import: RosterImport, created: Collection[int], changed: Collection[int]
) -> set[int]:
    """Return the stays of an import with which anything happened since.

    Of a new stay, whatever hangs on it: nobody's work is deleted. Of a changed one, whatever is younger than the
    import.
    """
    since = roster_import.imported_at
    stays = [*created, *changed]
    own = Q(
        event__in=[Event.ENROLLED, Event.ROSTER_CHANGED],
        at=since,
        data__folio=roster_import.folio,
    )
    history = TimelineEntry.objects.filter(enrollment__in=stays, at__gte=since).exclude(own)
    touched = set(history.values_list("enrollment", flat=True))
    for relation in Enrollment._meta.related_objects:
        is_work = relation.on_delete is PROTECT  # the rest is the machine's own book-keeping
        if is_work and relation.related_model is not TimelineEntry:
            touched |= _naming(relation.related_model, relation.field.name, created)
    data = StudentData.objects.filter(enrollment__in=changed, updated_at__gte=since)
    touched |= set(data.values_list("enrollment", flat=True))
    about = {f"enrollment:{pk}": pk for pk in stays}
    told = Notice.objects.filter(about__in=about, created_at__gte=since)
    return touched | {about[key] for key in told.values_list("about", flat=True)}


def _naming(model: type[Model], field: str, stays: Collection[int]) -> set[int]:
    return set(model._base_manager.filter(**{f"{field}__in": stays}).values_list(field, flat=True))
