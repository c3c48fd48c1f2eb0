"""«Descargar resumen»: what stands on the sheet that tells the student all of the trámite."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from clinics.queries.insured import current_check, registration_of
from clinics.states import VIGENTE
from common.dates import long_date
from common.templatetags.ui import grouped_nss
from followup.queries.my_steps import TURNS, steps_of
from followup.stages import DONE, STAGES
from nss.models import Acuse
from nss.states import AcuseState
from papers.models import Paper, PrintJob
from papers.queries import own_pdf
from papers.states import PaperKind, PaperState, PrintState
from students.models import Enrollment
from students.queries.enrollments import about_stay

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


@dataclass(frozen=True)
class Summary:
    """All words of the sheet; `done` are what was done and when, `ahead` the steps that are left and their tags."""

    name: str
    matricula: str
    plantel: str
    address: str
    cycle: str
    group: str
    nss: str
    heading: str
    turn: str
    done: list[tuple[str, str]]
    ahead: list[tuple[str, str]]


def summary_of(standing: "StandingEnrollment") -> Summary:
    """Return what the sheet says of the trámite as it stands now."""
    text = STAGES[standing.stage]
    return Summary(
        name=standing.student.full_name,
        matricula=standing.matricula,
        plantel=str(standing.plantel),
        address=standing.plantel.address,
        cycle=standing.cycle.name,
        group=standing.group,
        nss=grouped_nss(standing.student.nss),
        heading=text.heading,
        turn=TURNS[text.ball],
        done=_done(standing),
        ahead=[(step.name, step.tag) for step in steps_of(standing) if step.tag != DONE],
    )


def about_summary(enrollment: Enrollment, summary: Summary) -> str:
    """Name what a summary is about: the stay, and what it says in a form that tells nobody."""
    said = salted_hmac("summary", repr(summary), algorithm="sha256").hexdigest()
    return about_summaries(enrollment) + said[:16]


def about_summaries(enrollment: Enrollment) -> str:
    """Begin the names of what the stay's summaries are about."""
    return f"{about_stay(enrollment)}:"


def summary_ordered(enrollment: Enrollment) -> PrintJob | None:
    """Return the `own_pdf` of the stay's summary; None when the paper drawn counts no more."""
    job = own_pdf(enrollment.student.user, PaperKind.SUMMARY, parameters__enrollment=enrollment.pk)
    if job is not None and job.state == PrintState.READY:
        paper = Paper.objects.get(pk=job.parameters["paper"])
        return job if paper.state == PaperState.VALID else None
    return job


def _done(standing: "StandingEnrollment") -> list[tuple[str, str]]:
    """An NSS known from before has no date; one that the plantel got has no acuse."""
    data = getattr(standing, "data", None)
    request = getattr(standing, "nss_request", None)
    acuse = Acuse.objects.filter(request=request, state=AcuseState.ACCEPTED).first()
    moments: list[tuple[str, datetime | None, str]] = [
        ("Datos confirmados", data.confirmed_at if data else None, ""),
    ]
    if acuse:
        moments.append(("Acuse enviado", acuse.sent_at, f", folio {acuse.folio}"))
        moments.append(("Acuse aceptado", acuse.reviewed_at, ""))
    elif request:
        moments.append(("NSS registrado", request.proven_at, ""))
    zone = standing.plantel.zone
    moments += _insured(standing)
    return [
        (what, long_date(at.astimezone(zone).date()) + more) for what, at, more in moments if at
    ]


def _insured(standing: "StandingEnrollment") -> list[tuple[str, datetime | None, str]]:
    """From the alta that is in force to the vigencia that counts."""
    alta = standing.movements.filter(is_in_force=True).first()
    registration, check = registration_of(standing), current_check(standing)
    moments = [("Afiliado al IMSS", alta.answered_at, "")] if alta else []
    if registration and registration.umf:
        moments.append(("Clínica registrada", registration.registered_at, f", {registration.umf}"))
    if check and check.result in VIGENTE:
        moments.append(("Seguro activo", check.reported_at, ""))
    return moments
