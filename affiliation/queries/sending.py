"""Who is to go to IMSS: the altas and the bajas that wait for a batch, and who is insured now."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from affiliation.models import AltaOrder, Movement
from affiliation.states import BatchState, MovementKind, MovementState
from common.bulk import Among
from nss.states import RequestState
from renuncias.models import Renuncia
from renuncias.states import RenunciaState
from school.models import Plantel
from students.models import Enrollment
from students.queries.enrollments import needing_affiliation
from students.states import EnrollmentState

HAS_NSS = Q(nss_request__state=RequestState.PROVEN) | Q(
    nss_request__isnull=True, student__nss__isnull=False
)
"""The NSS of the stay is proven, or was known before it began."""


def altas_to_send(*planteles: Plantel) -> QuerySet[Enrollment]:
    """Return the stays of these planteles whose alta the next batch is to carry, or says why it cannot.

    Not while IMSS has one of an older stay under the same registro patronal: it insures this one too, once applied.
    """
    waits = AltaOrder.objects.filter(enrollment=OuterRef("pk"), movement__isnull=True)
    return (
        wanting_alta()
        .filter(plantel__in=planteles)
        .filter(~is_insured() | Exists(waits))
        .filter(~_is_in_batch(), ~_is_at_imss())
    )


def bajas_to_send(*planteles: Plantel) -> QuerySet[Enrollment]:
    """Return the stays of these planteles that are over while IMSS still insures the student by them."""
    return wanting_baja().filter(is_insured(), ~_is_in_batch(), plantel__in=planteles)


def stays_to_send(plantel: Plantel, kind: str) -> QuerySet[Enrollment]:
    """Return whom the next batch of this kind is about."""
    return altas_to_send(plantel) if kind == MovementKind.ALTA else bajas_to_send(plantel)


def wanting_alta() -> QuerySet[Enrollment]:
    """Return the stays that an alta is right for, whether or not it was sent: no renuncia, a proven NSS."""
    leaving = Renuncia.objects.filter(
        enrollment=OuterRef("pk"), state__in=[RenunciaState.ISSUED, RenunciaState.SIGNED]
    )
    return needing_affiliation().filter(HAS_NSS).filter(~Exists(leaving))


def wanting_baja() -> QuerySet[Enrollment]:
    """Return the stays that a baja is right for: over, and not gone on with under the same registro patronal.

    After a traslado to such a plantel, or a new stay in this one, the student is insured as before; so is who came
    back to an older one.
    """
    goes_on = Enrollment.objects.filter(
        Q(pk__gt=OuterRef("pk")) | Q(state=EnrollmentState.ACTIVE),
        same_registro("plantel"),
        student=OuterRef("student"),
    )
    return Enrollment.objects.exclude(state=EnrollmentState.ACTIVE).filter(~Exists(goes_on))


def is_insured() -> Q:
    """Whether an applied alta insures the student: of the stay, or of its registro patronal."""
    in_force = Movement.objects.filter(is_in_force=True)
    return Q(Exists(in_force.filter(enrollment=OuterRef("pk")))) | Q(
        Exists(in_force.filter(same_registro("batch"), enrollment__student=OuterRef("student")))
    )


def insuring(stays: Collection[Enrollment]) -> list[Movement]:
    """Return the altas by which the students of these stays are insured (`is_insured`)."""
    by_student = {stay.student_id: stay for stay in stays}
    in_force = Movement.objects.filter(
        Among("enrollment__student", by_student), is_in_force=True
    ).select_related("batch", "enrollment")
    return [one for one in in_force if _insures(one, by_student[one.enrollment.student_id])]


def _insures(movement: Movement, stay: Enrollment) -> bool:
    batch, registro = movement.batch, stay.plantel.registro_patronal
    is_same = registro != "" and batch.registro_patronal == registro
    return is_same or batch.plantel_id == stay.plantel_id or movement.enrollment_id == stay.pk


def same_registro(of: str) -> Q:
    """Whether that batch, or plantel, answers to IMSS as the plantel of the outer stay does."""
    its_plantel = "batch__plantel" if of == "batch" else "plantel"
    its_registro = "batch__registro_patronal" if of == "batch" else "plantel__registro_patronal"
    return Q(**{its_plantel: OuterRef("plantel")}) | (
        Q(**{its_registro: OuterRef("plantel__registro_patronal")}) & ~Q(**{its_registro: ""})
    )


def _is_in_batch() -> Q:
    """Whether the stay waits in a batch.

    One list for all stays, for PostgreSQL believes that it is short until it has analysed the table again: of a look
    for each stay it would make a walk through all movements for each.
    """
    waiting = Movement.objects.filter(state=MovementState.IN_BATCH)
    return Q(pk__in=waiting.values("enrollment"))


def _is_at_imss() -> Q:
    """Whether an alta of the student waits for the answer of IMSS under the registro patronal of the stay.

    One list of all who wait comes first, as in `_is_in_batch`: few others are looked at one by one.
    """
    waiting = Movement.objects.filter(
        kind=MovementKind.ALTA, state=MovementState.IN_BATCH, batch__state=BatchState.SENT
    )
    same = waiting.filter(same_registro("batch"), enrollment__student=OuterRef("student"))
    return Q(student__in=waiting.values("enrollment__student")) & Q(Exists(same))
