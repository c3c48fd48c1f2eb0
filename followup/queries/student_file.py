"""C-03: what the tabs of a student's file show."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.text import capfirst

from followup.queries.contacts import address_of
from notices.models import Notice
from nss.models import Acuse
from nss.states import AcuseState, RequestState
from students.identity.nss import mask_nss
from students.models import Enrollment, StoredFile
from students.queries.sign_in import data_of, mailbox_of, phone_of

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

TABS = (
    ("", "Resumen"),
    ("documentos", "Documentos"),
    ("historial", "Historial"),
    ("mensajes", "Mensajes"),
)


@dataclass(frozen=True)
class Datum:
    """One line of the summary; `correct` names the page on which Control Escolar puts it right."""

    label: str
    value: str
    correct: str = ""


def summary_of(
    enrollment: "StandingEnrollment", *, sees_nss: bool, sees_address: bool
) -> list[Datum]:
    """Return the student's data as the role may see them: masked, without address, or whole.

    The NSS is masked for everybody; the whole number is a look of its own.
    """
    student, data = enrollment.student, data_of(enrollment)
    curp = (student.curp or "") if sees_nss else mask_curp(student.curp)
    rows = [
        Datum("CURP", curp, "students:correct_curp" if sees_address else ""),
        Datum("NSS", mask_nss(student.nss)),
        Datum("Cómo se probó el NSS", route_of(enrollment)),
        Datum(
            "Turno y semestre", " · ".join(filter(None, [enrollment.shift, enrollment.semester]))
        ),
    ]
    if sees_address:
        rows += [
            Datum("Correo", mailbox_of(enrollment), "students:correct_contact"),
            Datum("Celular", phone_of(enrollment), "students:correct_contact"),
            Datum("Domicilio", address_of(enrollment), "students:correct_address"),
            Datum("Otro servicio médico", data.get_other_cover_display() if data else ""),
            Datum("Mamá, papá o tutor", data.guardian_contact if data else ""),
        ]
    return [row for row in rows if row.value or row.correct]


def mask_curp(curp: str | None) -> str:
    """Write «GOMA••••••••••••A5»: enough to tell two students apart, not to be one."""
    return f"{curp[:4]}{'•' * 12}{curp[-2:]}" if curp else ""


def acuses_of(enrollment: Enrollment) -> QuerySet[Acuse]:
    """Return every version of the acuse, newest first; none is ever deleted."""
    return (
        Acuse.objects.filter(request__enrollment=enrollment)
        .select_related("file", "created_by", "reviewed_by")
        .order_by("-version")
    )


def draft_of(enrollment: Enrollment) -> str:
    """Return the public id of the file that waits to be confirmed; empty without one."""
    drafts = Acuse.objects.filter(request__enrollment=enrollment, state=AcuseState.DRAFT)
    return drafts.values_list("public_id", flat=True).first() or ""


def other_files_of(enrollment: Enrollment) -> QuerySet[StoredFile]:
    """Return what the student sent with reports, newest first."""
    return (
        StoredFile.objects.filter(
            enrollment=enrollment,
            acuse=None,
            acuse_photo=None,
            renuncia=None,
            pile_page=None,
            umf_registration=None,
            vigencia_check=None,
        )
        .select_related("uploaded_by")
        .order_by("-uploaded_at", "-pk")
    )


def clinic_files_of(enrollment: Enrollment) -> list[tuple[str, StoredFile]]:
    """Return the carnet and the constancias de vigencia, newest first, each with what it is called."""
    files = (
        StoredFile.objects.filter(enrollment=enrollment)
        .exclude(umf_registration=None, vigencia_check=None)
        .select_related("uploaded_by", "umf_registration")
        .order_by("-uploaded_at", "-pk")
    )
    return [
        ("Carnet" if hasattr(file, "umf_registration") else "Constancia de vigencia", file)
        for file in files
    ]


def notices_about(enrollment: Enrollment) -> QuerySet[Notice]:
    """Return what was told to the student in this stay, newest first."""
    return Notice.objects.filter(about=f"enrollment:{enrollment.pk}").order_by("-created_at", "-pk")


def route_of(enrollment: Enrollment) -> str:
    """Say how the NSS was proven in this stay; empty while it is not."""
    request = getattr(enrollment, "nss_request", None)
    if request is None or request.state != RequestState.PROVEN:
        return ""
    return capfirst(request.get_route_display())
