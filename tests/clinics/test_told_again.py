"""Who comes back to a step that is still open is told once more what is still asked, and only that."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from affiliation.actions.answers import answer_movements, undo_answer
from affiliation.relation import APPLIED, Answer
from clinics.actions import (
    open_clinics,
    register_clinic,
    register_clinic_for_student,
    repair_vigencia,
    report_vigencia,
)
from clinics.queries.registrations import ClinicReport
from clinics.states import VigenciaResult
from notices.models import Notice
from notices.states import NoticeState
from notices.tasks import deliver_notices
from renuncias.actions import accept_renuncia, undo_renuncia
from school.states import Role
from students.actions.bajas import reinstate_student, withdraw_student
from students.states import BajaKind
from tests.factories.affiliation import MovementFactory, insurable, sent
from tests.factories.renuncias import signed
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")


def on(day, hour=10):
    """A moment of September 2026 by the plantel's clock."""
    return datetime(2026, 9, day, hour, tzinfo=ZONE)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def laura(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def stay(plantel):
    return MovementFactory(
        applied=True,
        enrollment=EnrollmentFactory(
            confirmed=True, plantel=plantel, enrolled_on=date(2026, 8, 20)
        ),
    ).enrollment


def leaves(stay, by, at):
    withdraw_student(stay, kind=BajaKind.TEMPORARY, on_date=at.date(), by=by, now=at)


def delivered(*moments):
    """Let the outbox be emptied at each of these moments, and return which messages left on which day."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            deliver_notices()
    sent = Notice.objects.filter(state=NoticeState.SENT).order_by("sent_at", "message")
    return [(one.message, one.sent_at.astimezone(ZONE).day) for one in sent]


def test_reingreso_before_the_day_of_the_step_is_told_on_that_day(stay, laura):
    open_clinics([stay], opens_on=date(2026, 9, 10), by=laura, now=on(1))
    leaves(stay, laura, on(2))
    reinstate_student(stay, by=laura, now=on(3))

    told = delivered(on(3), on(10), on(15), on(20))

    assert told == [("M-13", 10), ("M-13", 15)]


def test_reingreso_after_the_day_of_the_step_is_told_at_once_and_reminded_five_days_later(
    stay, laura
):
    open_clinics([stay], opens_on=date(2026, 9, 2), by=laura, now=on(1))
    leaves(stay, laura, on(1, 11))
    away = delivered(on(2), on(7))
    reinstate_student(stay, by=laura, now=on(12))

    told = delivered(on(12), on(12, 11), on(17), on(22))

    assert [one for one in away if one[0] == "M-13"] == []
    assert [one for one in told if one[0] == "M-13"] == [("M-13", 12), ("M-13", 17)]


def test_reingreso_of_who_was_told_is_only_reminded(stay, laura):
    open_clinics([stay], opens_on=date(2026, 9, 1), by=laura, now=on(1))
    delivered(on(1, 11))
    leaves(stay, laura, on(2))
    reinstate_student(stay, by=laura, now=on(3))

    told = delivered(on(3), on(6), on(11))

    assert told == [("M-13", 1), ("M-13", 6)]


def test_reingreso_of_who_registered_is_asked_for_the_vigencia_once(stay, laura):
    open_clinics([stay], opens_on=date(2026, 9, 1), by=laura, now=on(1))
    register_clinic(stay, ClinicReport(37), by=stay.student.user, now=on(1, 11))
    leaves(stay, laura, on(1, 12))
    reinstate_student(stay, by=laura, now=on(4))

    told = delivered(on(4), on(5), on(10))

    assert told == [("M-14", 4)]


def test_reingreso_of_whose_no_was_mended_is_asked_to_look_again(stay, laura):
    register_clinic_for_student(stay, ClinicReport(37), by=laura, now=on(1))
    said = report_vigencia(stay, VigenciaResult.NONE, by=stay.student.user, now=on(2))
    repair_vigencia(said, by=laura, now=on(3))
    leaves(stay, laura, on(3))
    reinstate_student(stay, by=laura, now=on(4))

    assert delivered(on(4), on(5)) == [("M-16", 4)]


def test_reingreso_of_who_answered_everything_is_told_nothing(stay, laura):
    register_clinic_for_student(stay, ClinicReport(37), by=laura, now=on(1))
    report_vigencia(stay, VigenciaResult.BY_SCHOOL, by=stay.student.user, now=on(2))
    leaves(stay, laura, on(3))
    reinstate_student(stay, by=laura, now=on(3))

    assert delivered(on(4), on(10)) == []


def test_an_undone_renuncia_is_told_what_still_waited(stay, laura):
    open_clinics([stay], opens_on=date(2026, 9, 2), by=laura, now=on(1))
    renuncia = signed(stay)
    accept_renuncia(renuncia, by=laura, now=on(1))
    undo_renuncia(renuncia, by=laura, now=on(1))
    renuncia.refresh_from_db()

    assert delivered(on(2), on(7), on(12)) == [("M-13", 2), ("M-13", 7)]


def test_an_alta_answered_again_is_told_once_what_waited_meanwhile(plantel, laura):
    """Both mails came due while no alta was in force: one leaves, the other is the reminder five days later."""
    stay = insurable(plantel, enrolled_on=date(2026, 8, 20))
    batch = sent(plantel, laura, now=on(1, 8))
    movement = batch.movements.get()
    answer = [Answer(movement.reference, APPLIED, "")]
    answer_movements(batch, answer, by=laura, now=on(1))
    open_clinics([stay], opens_on=date(2026, 9, 3), by=laura, now=on(1, 11))
    movement.refresh_from_db()
    undo_answer(movement, by=laura, now=on(2))
    away = delivered(on(3), *(on(day) for day in range(4, 11)))
    answer_movements(batch, answer, by=laura, now=on(11))

    told = delivered(on(11, 12), on(12), on(13), on(17), on(22))

    assert away == []
    assert told == [("M-12", 11), ("M-13", 11), ("M-13", 17)]


def test_a_mail_held_for_a_month_is_not_given_up(stay, laura):
    open_clinics([stay], opens_on=date(2026, 9, 1), by=laura, now=on(1, 7))
    stay.movements.update(is_in_force=False)
    delivered(*(on(1) + timedelta(days=day) for day in range(30)))

    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.QUEUED}
