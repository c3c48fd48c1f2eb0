"""Looks at what is not shown to everybody: written down once each."""

import pytest

from followup.actions.looks import open_student_file, see_full_nss
from school.states import Role
from students.models import AccessEntry
from students.states import Look
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


def test_see_full_nss_returns_it_and_writes_one_line():
    enrollment = EnrollmentFactory(student__nss=nss(1))
    revisor = staff(Role.REVISOR, enrollment.plantel)

    seen = see_full_nss(enrollment, by=revisor, now=NOW)

    assert seen == nss(1)
    entry = AccessEntry.objects.get()
    assert (entry.enrollment, entry.by, entry.at, entry.look) == (
        enrollment,
        revisor,
        NOW,
        Look.FULL_NSS,
    )


def test_see_full_nss_twice_writes_two_lines():
    enrollment = EnrollmentFactory(student__nss=nss(1))
    revisor = staff(Role.REVISOR, enrollment.plantel)

    see_full_nss(enrollment, by=revisor, now=NOW)
    see_full_nss(enrollment, by=revisor, now=NOW)

    assert AccessEntry.objects.count() == 2


def test_see_full_nss_without_one_writes_nothing():
    enrollment = EnrollmentFactory()

    with pytest.raises(LookupError):
        see_full_nss(enrollment, by=staff(Role.REVISOR, enrollment.plantel), now=NOW)
    assert not AccessEntry.objects.exists()


def test_open_student_file_writes_the_reason():
    enrollment = EnrollmentFactory()
    admin = staff(Role.ADMIN)

    open_student_file(enrollment, by=admin, now=NOW, reason=" Queja de la familia ")

    entry = AccessEntry.objects.get()
    assert (entry.by, entry.look, entry.reason) == (
        admin,
        Look.STUDENT_FILE,
        "Queja de la familia",
    )


def test_open_student_file_without_a_reason_writes_nothing():
    with pytest.raises(ValueError, match="for a reason"):
        open_student_file(EnrollmentFactory(), by=staff(Role.ADMIN), now=NOW, reason="  ")
    assert not AccessEntry.objects.exists()
