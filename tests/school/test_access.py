"""Who may do what, where: the table's edges."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from school.access import (
    ABILITIES,
    Ability,
    abilities_of,
    is_staff_member,
    may,
    needs_second_factor,
    planteles_with,
    require,
)
from school.models import Membership
from school.states import Role
from tests.factories.school import (
    TOTP_SECRET,
    MembershipFactory,
    PlantelFactory,
    UserFactory,
    staff,
)
from tests.factories.students import StudentFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_its_abilities():
    assert set(ABILITIES) == set(Role)


def test_abilities_of_a_visitor_are_none():
    assert abilities_of(AnonymousUser()) == set()


def test_abilities_of_a_student_are_none():
    assert abilities_of(StudentFactory().user) == set()


def test_abilities_end_at_the_own_plantel():
    user = staff(Role.RESPONSABLE, PlantelFactory())

    assert abilities_of(user, PlantelFactory()) == set()


def test_abilities_end_with_the_role():
    plantel = PlantelFactory()
    user = staff(Role.REVISOR, plantel)

    Membership.objects.filter(user=user).delete()

    assert may(user, Ability.REVIEW_ACUSE, plantel) is False


def test_abilities_end_with_the_account():
    user = staff(Role.RESPONSABLE, PlantelFactory(), is_active=False)

    assert is_staff_member(user) is False


def test_abilities_end_with_the_plantel():
    plantel = PlantelFactory(is_active=False)

    assert abilities_of(staff(Role.RESPONSABLE, plantel), plantel) == set()


def test_planteles_with_an_ability_are_those_of_the_role_that_has_it():
    reviewed, consulted = PlantelFactory(), PlantelFactory()
    user = staff(Role.REVISOR, reviewed)
    MembershipFactory(user=user, plantel=consulted, role=Role.CONSULTA)

    assert list(planteles_with(user, Ability.REVIEW_ACUSE)) == [reviewed]
    assert set(planteles_with(user, Ability.SEE_STUDENTS)) == {reviewed, consulted}


def test_planteles_with_an_ability_of_the_subsystem_are_all():
    plantel = PlantelFactory()
    PlantelFactory(is_active=False)

    assert list(planteles_with(staff(Role.ADMIN), Ability.IMPORT_ROSTER)) == [plantel]


def test_require_outside_the_scope_says_it_does_not_exist():
    with pytest.raises(Http404):
        require(staff(Role.RESPONSABLE, PlantelFactory()), Ability.SEE_STUDENTS, PlantelFactory())


def test_require_inside_the_scope_refuses_what_the_role_lacks():
    plantel = PlantelFactory()
    with pytest.raises(PermissionDenied):
        require(staff(Role.CONSULTA, plantel), Ability.REVIEW_ACUSE, plantel)


@pytest.mark.parametrize("role", [Role.REVISOR, Role.CONSULTA])
def test_require_says_that_an_unseen_function_does_not_exist(role):
    plantel = PlantelFactory()

    with pytest.raises(Http404):
        require(staff(role, plantel), Ability.IMPORT_ROSTER, plantel)


def test_require_refuses_what_only_one_of_two_roles_may_not_even_see():
    user = staff(Role.AUDITOR)
    MembershipFactory(user=user, plantel=PlantelFactory(), role=Role.REVISOR)

    with pytest.raises(PermissionDenied):
        require(user, Ability.IMPORT_ROSTER)


def test_require_lets_the_role_through():
    plantel = PlantelFactory()

    assert require(staff(Role.REVISOR, plantel), Ability.REVIEW_ACUSE, plantel) is None


def test_needs_second_factor_is_for_staff_without_one():
    with_factor = staff(Role.REVISOR, PlantelFactory())
    without = MembershipFactory().user

    answers = [needs_second_factor(user) for user in (with_factor, without, StudentFactory().user)]

    assert answers == [False, True, False]


# Pages that are for some alone ---------------------------------------------------------------------
def test_the_admin_is_there_for_superusers_alone(client):
    technician = UserFactory(is_superuser=True, is_staff=True)
    TOTP.activate(technician, TOTP_SECRET)
    people = [technician, staff(Role.ADMIN), StudentFactory().user]
    answers = []

    for person in people:
        client.force_login(person)
        answers.append(client.get(reverse("admin:index")).status_code)

    assert answers == [200, 404, 404]


def test_the_pages_of_a_staff_account_are_not_there_for_students(client):
    answers = []

    for person in (staff(Role.CONSULTA, PlantelFactory()), StudentFactory().user):
        client.force_login(person)
        answers.append(client.get(reverse("staff_sessions")).status_code)

    assert answers == [200, 404]
