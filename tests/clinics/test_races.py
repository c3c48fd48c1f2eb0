"""Two at the same moment, with real threads on the real database."""

from datetime import timedelta
from functools import partial

import pytest

from affiliation.models import AltaOrder
from clinics.actions import (
    ask_vigencia,
    delete_umf,
    move_openings,
    open_clinics,
    register_clinic,
    repair_vigencia,
    report_vigencia,
    withdraw_openings,
)
from clinics.actions.errors import (
    NobodyToAsk,
    NobodyToOpen,
    NothingToRepair,
    StepNotOpen,
    UMFInUse,
)
from clinics.models import UMF, UMFRegistration, VigenciaCheck
from clinics.queries.registrations import ClinicReport, Selection
from clinics.states import RegistrationState, VigenciaResult
from common.transitions import TransitionNotAllowed
from notices.actions import start_sending
from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.meanwhile import making_wait
from tests.nss.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW.date() + timedelta(days=7)


def of_type(results, kind):
    return sum(isinstance(one, kind) for one in results)


def with_clinic():
    return UMFRegistrationFactory(registered=True).enrollment


def test_two_open_the_step_at_once_and_it_opens_once():
    plantel = PlantelFactory()
    stay = MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel)
    ).enrollment
    laura, pedro = (staff(Role.RESPONSABLE, plantel) for _ in range(2))

    results = at_once(
        *(
            lambda by=by: open_clinics([stay], opens_on=NOW.date(), by=by, now=NOW)
            for by in (laura, pedro)
        )
    )

    assert (of_type(results, list), of_type(results, NobodyToOpen)) == (1, 1)
    assert (UMFRegistration.objects.count(), Notice.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (partial(move_openings, opens_on=LATER), ["M-13b", "M-13", "M-13"]),
        (withdraw_openings, ["M-13c"]),
    ],
    ids=["moved", "withdrawn"],
)
def test_an_invitation_that_is_being_begun_while_the_day_is_changed_was_told(change, told):
    stay = MovementFactory(applied=True, enrollment__confirmed=True).enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)
    open_clinics([stay], opens_on=NOW.date(), by=laura, now=NOW)
    first, reminder = Notice.objects.order_by("not_before")
    later = NOW + timedelta(minutes=1)

    with making_wait(lambda: change([stay], by=laura, now=later)):
        begun = start_sending([first.pk], now=later)

    assert [one.pk for one, _ in begun] == [first.pk]
    states = dict(Notice.objects.values_list("pk", "state"))
    assert (states[first.pk], states[reminder.pk]) == (NoticeState.SENDING, NoticeState.CANCELLED)
    waiting = Notice.objects.filter(state=NoticeState.QUEUED).order_by("not_before")
    assert [one.message for one in waiting] == told


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (partial(move_openings, opens_on=LATER), [RegistrationState.INVITED]),
        (withdraw_openings, []),
    ],
    ids=["moved", "withdrawn"],
)
def test_a_student_who_registers_while_the_day_is_changed_is_told_not_yet(change, left):
    stay = UMFRegistrationFactory().enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)

    with (
        pytest.raises(StepNotOpen),
        making_wait(lambda: register_clinic(stay, ClinicReport(37), by=stay.student.user, now=NOW)),
    ):
        change([stay], by=laura, now=NOW)

    assert list(UMFRegistration.objects.values_list("state", flat=True)) == left


def test_student_and_window_report_different_clinics_at_once_and_one_stays():
    stay = UMFRegistrationFactory().enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)

    results = at_once(
        lambda: register_clinic(stay, ClinicReport(37), by=stay.student.user, now=NOW),
        lambda: register_clinic(stay, ClinicReport(5), by=laura, now=NOW),
    )

    assert of_type(results, TransitionNotAllowed) == 1
    assert UMFRegistration.objects.get().state == RegistrationState.REGISTERED


def test_two_students_bring_the_same_new_clinic_at_once():
    plantel = PlantelFactory()
    stays = [UMFRegistrationFactory(enrollment__plantel=plantel).enrollment for _ in range(2)]

    results = at_once(
        *(
            lambda stay=stay: register_clinic(stay, ClinicReport(37), by=stay.student.user, now=NOW)
            for stay in stays
        )
    )

    assert of_type(results, UMFRegistration) == 2
    assert UMF.objects.get().registrations.count() == 2


def test_one_no_said_twice_at_once_orders_one_alta():
    stay = with_clinic()

    results = at_once(
        *(
            lambda: report_vigencia(stay, VigenciaResult.NONE, by=stay.student.user, now=NOW)
            for _ in range(2)
        )
    )

    assert of_type(results, VigenciaCheck) == 2
    assert (VigenciaCheck.objects.count(), AltaOrder.objects.count()) == (1, 1)


def test_two_repair_a_no_at_once_and_the_student_is_asked_once():
    stay = with_clinic()
    said = report_vigencia(stay, VigenciaResult.NONE, by=stay.student.user, now=NOW)
    people = [staff(Role.RESPONSABLE, stay.plantel) for _ in range(2)]

    results = at_once(*(lambda by=by: repair_vigencia(said, by=by, now=NOW) for by in people))

    assert of_type(results, NothingToRepair) == 1
    assert Notice.objects.filter(message="M-16").count() == 1


def test_two_ask_for_the_vigencia_at_once_and_the_student_is_asked_once():
    stay = with_clinic()
    people = [staff(Role.RESPONSABLE, stay.plantel) for _ in range(2)]

    results = at_once(
        *(lambda by=by: ask_vigencia(Selection(stay.plantel), by=by, now=NOW) for by in people)
    )

    assert of_type(results, NobodyToAsk) == 1
    assert Notice.objects.filter(message="M-14").count() == 1


def test_a_clinic_is_taken_away_while_a_student_registers_there_and_nobody_fails():
    registration = UMFRegistrationFactory()
    umf = UMFFactory(plantel=registration.plantel)
    stay = registration.enrollment

    results = at_once(
        lambda: register_clinic(stay, ClinicReport(umf.number), by=stay.student.user, now=NOW),
        lambda: delete_umf(umf),
    )

    assert {type(one) for one in results} <= {UMFRegistration, UMFInUse, type(None)}
    assert UMF.objects.get().registrations.get() == registration


def test_a_report_during_a_campaign_is_either_of_before_or_of_after():
    stay = with_clinic()
    laura = staff(Role.RESPONSABLE, stay.plantel)

    at_once(
        lambda: ask_vigencia(Selection(stay.plantel), by=laura, now=NOW),
        lambda: report_vigencia(
            stay,
            VigenciaResult.BY_SCHOOL,
            by=stay.student.user,
            now=NOW + timedelta(seconds=1),
        ),
    )

    assert VigenciaCheck.objects.filter(is_current=True).count() <= 1
    assert VigenciaCheck.objects.count() == 1
