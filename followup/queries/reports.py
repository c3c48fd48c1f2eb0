"""Reads of what students reported."""

from django.db.models import Q, QuerySet

from common.prepared import Given, Prepared
from followup.models import StudentReport
from followup.states import ATTEMPT_KINDS, CASE_KINDS, ReportKind
from school.access import Ability
from school.models import User
from students.models import Enrollment
from students.queries.enrollments import enrollments_for
from students.states import EnrollmentState

HANDLED = "atendidos"
MOST_SHOWN = 5
REPORT_FILTERS = (
    ("", "Por atender"),
    ("datos", "Datos por corregir"),
    ("preguntas", "Preguntas"),
    ("intentos", "Intentos"),
    (HANDLED, "Atendidos"),
)
"""What `?tipo=` may say; anything else is the first."""
_KINDS = {
    "datos": (ReportKind.ROSTER_DATA,),
    "preguntas": (ReportKind.QUESTION, ReportKind.HAS_NSS),
}


STILL_ASKED = Q(enrollment__state=EnrollmentState.ACTIVE) | Q(kind=ReportKind.QUESTION)
"""What still waits for an answer: of who left or renounced, only what they ask."""


def reports_for(user: User) -> QuerySet[StudentReport]:
    """Return the reports of the planteles in which the person may see them, newest first."""
    scope = enrollments_for(user, Ability.SEE_REPORTS).select_related(None).values("pk")
    return StudentReport.objects.filter(enrollment__in=scope).select_related(
        "enrollment__student", "enrollment__plantel", "handled_by", "evidence", "escalation"
    )


def open_reports(reports: QuerySet[StudentReport]) -> QuerySet[StudentReport]:
    """Keep the reports that wait for an answer, oldest first.

    Attempts wait for nobody, and cases have a list of their own (followup.queries.escalations).
    """
    return (
        reports.filter(STILL_ASKED, handled_at__isnull=True)
        .exclude(kind__in=(*ATTEMPT_KINDS, *CASE_KINDS))
        .order_by("created_at", "pk")
    )


def filter_reports(reports: QuerySet[StudentReport], wanted: str) -> QuerySet[StudentReport]:
    """Keep the reports of one of REPORT_FILTERS."""
    if wanted == HANDLED:
        closed = reports.filter(handled_at__isnull=False).exclude(kind__in=CASE_KINDS)
        return closed.order_by("-handled_at", "-pk")
    if wanted == "intentos":
        return reports.filter(kind__in=ATTEMPT_KINDS).order_by("-created_at", "-pk")
    waiting = open_reports(reports)
    return waiting.filter(kind__in=_KINDS[wanted]) if wanted else waiting


def own_reports(enrollment: Enrollment | Given) -> QuerySet[StudentReport]:
    """Return what the student reported in this stay, newest first."""
    return StudentReport.objects.filter(enrollment=enrollment).select_related("handled_by")


_OWN = Prepared(lambda: own_reports(Given("enrollment")))
_SHOWN = Prepared(lambda: own_reports(Given("enrollment")).select_related(None)[:MOST_SHOWN])


def own_report_list(enrollment: Enrollment) -> list[StudentReport]:
    """Return `own_reports` as they are read for one student's file."""
    return _OWN.rows(enrollment=enrollment.pk)


def reports_to_show(enrollment: Enrollment) -> list[StudentReport]:
    """Return the newest of `own_reports`, for «Mi trámite»."""
    return _SHOWN.rows(enrollment=enrollment.pk)


def open_case(enrollment: Enrollment) -> StudentReport | None:
    """Return the report for which the plantel asks for the NSS; None when there is none."""
    cases = own_reports(enrollment).filter(kind__in=CASE_KINDS, handled_at__isnull=True)
    return cases.select_related("escalation").first()
