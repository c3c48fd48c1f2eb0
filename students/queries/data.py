"""Reads of what a student gave: which step is next, who is a minor, what is declared."""

from datetime import date
from enum import Enum

from django.db.models import Field

from common.texts import fill
from school.models import TextVersion
from school.queries.texts import current_text
from school.states import TextKind
from students.identity import CurpError, parse_curp
from students.models import Declaration, Enrollment, Student, StudentData
from students.queries.sign_in import data_of
from students.states import DeclarationKind, OtherCover

ADULT = 18


class Step(Enum):
    """The four questions of E-02…E-05 in their order, then E-06."""

    PERSON = 1
    CONTACT = 2
    ADDRESS = 3
    OTHER_COVER = 4
    CONFIRM = 5


def next_step(enrollment: Enrollment) -> Step | None:
    """Return the first question without an answer, CONFIRM when all have one; None once confirmed."""
    data = data_of(enrollment)
    if data is None or not data.is_person_confirmed or enrollment.student.curp is None:
        return Step.PERSON
    if not data.email:
        return Step.CONTACT
    if not (data.postal_code and data.colonia and data.street and data.exterior_number):
        return Step.ADDRESS
    if not data.other_cover:
        return Step.OTHER_COVER
    return None if data.confirmed_at else Step.CONFIRM


def is_minor(student: Student, *, today: date) -> bool:
    """Tell whether the person is under 18; without a CURP that can be read, yes."""
    try:
        born = parse_curp(student.curp, today=today).birth_date
    except CurpError:
        return True
    return (today.year, today.month, today.day) < (born.year + ADULT, born.month, born.day)


def has_curp_of_another(student: Student, curp: str) -> bool:
    """Tell whether another person has that CURP; raises ValueError for an empty one."""
    if not curp:
        raise ValueError("an empty CURP belongs to nobody")
    return Student.objects.filter(curp=curp).exclude(pk=student.pk).exists()


def manifestacion(cover: str) -> str:
    """Return the statement that the student makes, with the cover that was chosen."""
    fields = current_text(TextKind.MANIFESTACION).fields
    return fill(fields["statement"], {"cobertura": fields["covers"][OtherCover(cover)]})


def aviso_to_accept(enrollment: Enrollment) -> TextVersion | None:
    """Return the aviso de privacidad when it changed since the student accepted one.

    Before the first acceptance there is nothing to accept apart: the student does it at E-06.
    """
    accepted = (
        Declaration.objects.filter(enrollment=enrollment, kind=DeclarationKind.AVISO)
        .order_by("-text__version")
        .values_list("text__version", flat=True)
        .first()
    )
    current = current_text(TextKind.AVISO)
    return current if accepted is not None and accepted < current.version else None


def label_of(name: str) -> str:
    """Return how a person calls a field of StudentData."""
    field: Field = StudentData._meta.get_field(name)  # type: ignore[assignment]
    return str(field.verbose_name)


def own_copy(enrollment: Enrollment) -> dict[str, object]:
    """Return what the portal keeps about a student, for the student alone (LGPDPPSO 51)."""
    student = enrollment.student
    return {
        "nombre": student.full_name,
        "curp": student.curp,
        "nss": student.nss,
        "matricula": enrollment.matricula,
        "plantel": str(enrollment.plantel),
        "grupo": enrollment.group,
        "turno": enrollment.shift,
        "semestre": enrollment.semester,
        "ciclo": str(enrollment.cycle),
        "inscrito_el": enrollment.enrolled_on,
        "de_la_inscripcion": {
            "correo": enrollment.roster_email,
            "celular": enrollment.roster_phone,
            "nss_declarado": enrollment.declared_nss,
        },
        "datos": _given(data_of(enrollment)),
        "declaraciones": [
            {
                "que": row.get_kind_display(),
                "version": str(row.text),
                "cuando": row.at,
                "texto": row.statement,
            }
            for row in enrollment.declarations.select_related("text")
        ],
        "historial": [
            {"que": row.get_event_display(), "cuando": row.at, "detalle": row.data}
            for row in enrollment.timeline.all()
        ],
        "consultas": [
            {"que": row.get_look_display(), "cuando": row.at, "quien": str(row.by)}
            for row in enrollment.looks.select_related("by")
        ],
    }


def _given(data: StudentData | None) -> dict[str, object]:
    """What the student gave, under the names that the form shows."""
    if data is None:
        return {}
    names = [
        "email",
        "email_confirmed_at",
        "phone",
        "accepts_whatsapp",
        "guardian_contact",
        "postal_code",
        "colonia",
    ]
    names += ["municipio", "estado", "street", "exterior_number", "interior_number"]
    names += ["address_notes", "confirmed_at"]
    given = {label_of(name): getattr(data, name) for name in names}
    return given | {label_of("other_cover"): data.get_other_cover_display()}
