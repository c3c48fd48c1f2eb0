"""The sweeps that follow what IMSS says of an alta that a NO had ordered again."""

from datetime import timedelta

import pytest

from affiliation.actions.answers import undo_answer
from affiliation.models import AltaOrder
from clinics.actions import report_vigencia
from clinics.states import VigenciaResult
from clinics.tasks import ask_vigencia_again, bring_back_vigencias
from notices.models import Notice
from students.models import Enrollment
from students.states import EnrollmentState
from tests.clinics.test_actions_vigencias import applied_again
from tests.factories.clinics import UMFRegistrationFactory
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db


def said_no():
    stay = UMFRegistrationFactory(registered=True).enrollment
    return report_vigencia(stay, VigenciaResult.NONE, by=stay.student.user, now=NOW)


def test_ask_vigencia_again_asks_once():
    said = said_no()
    applied_again(said)

    assert (ask_vigencia_again(), ask_vigencia_again()) == (1, 0)
    assert Notice.objects.get(message="M-16").about == f"enrollment:{said.enrollment_id}"


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
def test_ask_vigencia_again_asks_nobody_who_left_while_the_alta_was_at_imss(state):
    said = said_no()
    applied_again(said)
    Enrollment.objects.update(state=state)

    assert ask_vigencia_again() == 0
    assert not Notice.objects.filter(message="M-16").exists()


def test_ask_vigencia_again_leaves_an_alta_of_before():
    applied_again(said_no(), at=NOW - timedelta(days=1))

    assert ask_vigencia_again() == 0


def test_ask_vigencia_again_without_work_costs_one_query(django_assert_num_queries):
    said_no()
    AltaOrder.objects.update(movement=None)

    with django_assert_num_queries(1):
        assert ask_vigencia_again() == 0


def test_bring_back_vigencias_brings_back_once_what_was_undone():
    said = said_no()
    movement = applied_again(said)
    ask_vigencia_again()
    undo_answer(movement, by=movement.answered_by, now=NOW + timedelta(hours=3))

    assert (bring_back_vigencias(), bring_back_vigencias(), ask_vigencia_again()) == (1, 0, 0)
    said.refresh_from_db()
    assert said.is_current


def test_bring_back_vigencias_leaves_what_is_applied(django_assert_num_queries):
    applied_again(said_no())
    ask_vigencia_again()

    with django_assert_num_queries(1):
        assert bring_back_vigencias() == 0
