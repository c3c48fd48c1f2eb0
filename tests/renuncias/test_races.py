"""Two at the same moment, with real threads on the real database: one wins, and nothing is done twice."""

from datetime import timedelta

import pytest

from common.transitions import TransitionNotAllowed
from nss.actions.review import accept_acuse
from papers.models import Paper
from renuncias.actions import (
    accept_renuncia,
    ask_renuncia,
    issue_renuncias,
    receive_renuncia,
    withdraw_renuncia,
)
from renuncias.actions.errors import AlreadySigned, NobodyToIssue
from renuncias.models import Renuncia
from renuncias.states import Motive, RenunciaState
from students.states import EnrollmentState
from tests.factories.nss import AcuseFactory
from tests.factories.renuncias import issued, responsable_of, signed
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory, nss
from tests.nss.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=1)
FAMILY = {"motive": Motive.IMSS_FAMILY}


def test_two_taps_at_once_are_one_renuncia():
    stay = EnrollmentFactory()
    user = stay.student.user

    first, second = at_once(
        lambda: ask_renuncia(stay, FAMILY, by=user, now=NOW),
        lambda: ask_renuncia(stay, FAMILY, by=user, now=NOW),
    )

    assert first == second
    assert Renuncia.objects.count() == Paper.objects.count() == 1


def test_two_who_issue_for_a_group_at_once_issue_it_once():
    plantel = PlantelFactory()
    stays = EnrollmentFactory.create_batch(4, plantel=plantel)
    by = stays[0].student.user

    done = at_once(
        lambda: issue_renuncias(stays, by=by, now=NOW),
        lambda: issue_renuncias(stays[::-1], by=by, now=NOW),
    )

    assert {type(one) for one in done} == {list, NobodyToIssue}
    assert Renuncia.objects.count() == 4


def test_two_who_register_at_once_register_once():
    renuncia = signed()
    by = responsable_of(renuncia)

    done = at_once(
        lambda: accept_renuncia(renuncia, by=by, now=LATER),
        lambda: accept_renuncia(renuncia, by=by, now=LATER),
    )

    assert {type(one) for one in done} == {Renuncia, TransitionNotAllowed}
    renuncia.enrollment.refresh_from_db()
    assert renuncia.enrollment.state == EnrollmentState.OPTED_OUT


def test_a_receipt_and_a_change_of_mind_at_once_leave_one_of_them():
    renuncia = issued()
    by, student = responsable_of(renuncia), renuncia.enrollment.student.user

    received, withdrawn = at_once(
        lambda: receive_renuncia(renuncia, by=by, now=LATER),
        lambda: withdraw_renuncia(renuncia, by=student, now=LATER),
    )

    renuncia.refresh_from_db()
    assert (type(received), type(withdrawn), renuncia.state) in {
        (Renuncia, AlreadySigned, RenunciaState.SIGNED),
        (TransitionNotAllowed, Renuncia, RenunciaState.VOIDED),
    }


def test_a_renuncia_and_a_review_at_once_do_not_wait_in_a_ring():
    acuse = AcuseFactory()
    stay = acuse.request.enrollment
    reviewer = EnrollmentFactory().student.user

    asked, accepted = at_once(
        lambda: ask_renuncia(stay, FAMILY, by=stay.student.user, now=NOW),
        lambda: accept_acuse(acuse, nss=nss(1), by=reviewer, now=NOW),
    )

    assert (asked.state, accepted.nss) == (RenunciaState.ISSUED, nss(1))
