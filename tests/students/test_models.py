"""What a row is called in the admin and in a log: never by a CURP, an NSS or a secret."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import Model

from students.models import (
    AccessCode,
    AccessEntry,
    AccessSeal,
    Declaration,
    Enrollment,
    Extension,
    NextLook,
    PostalCode,
    RosterImport,
    StoredFile,
    Student,
    StudentData,
    TimelineEntry,
)
from students.states import (
    CodeChannel,
    DeclarationKind,
    EnrollmentState,
    Event,
    FileKind,
    ImportState,
    Look,
)
from tests.factories.students import curp, nss

AT = datetime(2026, 8, 21, 18, 5, tzinfo=UTC)
ANA = {"given_names": "Ana", "first_surname": "Gómez", "second_surname": "Martínez"}


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Student(**ANA, curp=curp(1), nss=nss(1)), "Ana Gómez Martínez"),
        (
            Enrollment(matricula="26050001", state=EnrollmentState.ACTIVE, declared_nss=nss(1)),
            "26050001 inscrito",
        ),
        (StudentData(enrollment_id=7, email="ana@correo.example"), "datos de la inscripción 7"),
        (
            Declaration(kind=DeclarationKind.AVISO, at=AT, statement="No"),
            "aviso de privacidad 2026-08-21",
        ),
        (Extension(due_on=date(2026, 8, 26), reason="Enfermó"), "prórroga hasta el 2026-08-26"),
        (NextLook(enrollment_id=7, at=AT), "inscripción 7: 2026-08-21 18:05"),
        (
            AccessCode(channel=CodeChannel.MAIL, created_at=AT, code_hmac="secreto"),
            "correo 2026-08-21 18:05",
        ),
        (
            StoredFile(kind=FileKind.PDF, uploaded_at=AT, original_name=f"{curp(1)}.pdf"),
            "PDF 2026-08-21",
        ),
        (
            TimelineEntry(event=Event.NSS_TYPED, at=AT, data={"nss": nss(1)}),
            "2026-08-21 18:05 Escribió su NSS",
        ),
        (AccessEntry(look=Look.FULL_NSS, at=AT), "2026-08-21 18:05 NSS completo"),
        (AccessSeal(number=3, sealed_at=AT), "3 2026-08-21 18:05"),
        (
            RosterImport(folio="P26-05-0001", state=ImportState.IMPORTED),
            "P26-05-0001 importada",
        ),
        (RosterImport(state=ImportState.UPLOADED), "padrón leyendo el archivo"),
        (PostalCode(code="83000"), "83000"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Model) else "",
)  # fmt: skip
def test_a_row_is_called_without_curp_nss_or_secret(row: Model, name: str) -> None:
    assert str(row) == name
