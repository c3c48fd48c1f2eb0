"""Synthetic students."""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.hashers import make_password
from stdnum.luhn import calc_check_digit as luhn_digit
from stdnum.mx.curp import calc_check_digit as curp_digit

from common.search import normalise
from school.models import User
from students.actions.bajas import withdraw_student
from students.models import Baja, Enrollment, StoredFile, Student, StudentData
from students.states import BajaKind, FileKind, FileState, OtherCover
from tests.factories.school import PlantelFactory, SchoolCycleFactory

NOW = datetime(2026, 8, 21, 16, 0, tzinfo=UTC)


def curp(n: int) -> str:
    """Return the n-th synthetic CURP of a woman born in Sonora on 14 February 2008."""
    letters = "BCDFGHJKLMNPQRSTVWXYZ"
    trio = letters[n // 441 % 21] + letters[n // 21 % 21] + letters[n % 21]
    front = f"GOMA080214MSR{trio}A"
    return front + str(curp_digit(front))


def nss(n: int) -> str:
    """Return the n-th synthetic NSS with a valid digit."""
    front = f"242608{n:04d}"
    return front + str(luhn_digit(front))


class StudentUserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"estudiante-{n}")
    password = factory.LazyFunction(lambda: make_password(None))


class StudentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Student

    user = factory.SubFactory(StudentUserFactory)
    curp = factory.Sequence(curp)
    given_names = "Ana"
    first_surname = "Gómez"
    second_surname = "Martínez"
    search_name = factory.LazyAttribute(
        lambda o: normalise(f"{o.given_names} {o.first_surname} {o.second_surname}")
    )


class EnrollmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrollment
        skip_postgeneration_save = True

    student = factory.SubFactory(StudentFactory)
    plantel = factory.SubFactory(PlantelFactory)
    cycle = factory.SubFactory(SchoolCycleFactory)
    # Below a thousand are those that tests write.
    matricula = factory.Sequence(lambda n: f"2605{n + 1000:04d}")
    group = "101"
    enrolled_on = date(2026, 8, 21)
    acuse_due_on = date(2026, 8, 26)
    roster_email = factory.LazyAttribute(lambda o: f"a{o.matricula}@correo.example")
    created_at = NOW

    class Params:
        confirmed = factory.Trait(
            data=factory.RelatedFactory(
                "tests.factories.students.StudentDataFactory", factory_related_name="enrollment"
            )
        )


class StudentDataFactory(factory.django.DjangoModelFactory):
    """Complete data, confirmed."""

    class Meta:
        model = StudentData

    enrollment = factory.SubFactory(EnrollmentFactory)
    is_person_confirmed = True
    email = factory.LazyAttribute(lambda o: f"a{o.enrollment.matricula}@correo.example")
    email_confirmed_at = NOW
    phone = "6621234567"
    postal_code = "83000"
    colonia = "Centro"
    municipio = "Hermosillo"
    estado = "Sonora"
    street = "Calle Rosales"
    exterior_number = "12"
    other_cover = OtherCover.NONE
    confirmed_at = NOW
    updated_at = NOW


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A row about a file; put bytes at its path where the test reads them."""

    class Meta:
        model = StoredFile

    enrollment = factory.SubFactory(EnrollmentFactory)
    plantel = factory.LazyAttribute(lambda o: o.enrollment.plantel)
    uploaded_by = factory.LazyAttribute(lambda o: o.enrollment.student.user)
    uploaded_at = NOW
    kind = FileKind.PDF
    state = FileState.READY
    original_name = "acuse.pdf"
    path = factory.Sequence(lambda n: f"{n % 256:02x}/{n:032x}")
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    pages = 1


def leave(
    stay: Enrollment,
    *,
    by: User,
    now: datetime,
    kind: BajaKind = BajaKind.DEFINITIVE,
    note: str = "",
) -> Baja:
    """End a stay on the day on which it began."""
    return withdraw_student(stay, kind=kind, on_date=stay.enrolled_on, by=by, now=now, note=note)
