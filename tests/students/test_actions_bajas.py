"""The end of a stay: one by one, many at once, and taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from students.access import own_enrollment
from students.actions.bajas import (
    BajaDateRefused,
    EnrolledAgain,
    TooLateToReinstate,
    reinstate_student,
    withdraw_student,
    withdraw_students,
)
from students.actions.clock import keep_deadline
from students.actions.cover import opt_out
from students.models import Baja, ClockPause, Enrollment, TimelineEntry
from students.queries.bajas import UNDO_FOR, holding_baja
from students.queries.enrollments import needing_affiliation
from students.states import BajaKind, EnrollmentState, Event, PauseReason
from tests.factories.notices import NoticeFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory
from tests.lock_order import looks_before_stay
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 24)
KINDS = [BajaKind.TEMPORARY, BajaKind.DEFINITIVE, BajaKind.FINISHED]


@pytest.fixture
def stay() -> Enrollment:
    return EnrollmentFactory(confirmed=True)


@pytest.fixture
def by(stay):
    return staff(Role.RESPONSABLE, stay.plantel)


def leave(stay, by, kind=BajaKind.DEFINITIVE, **more) -> Baja:
    return withdraw_student(stay, **{"kind": kind, "on_date": TODAY, "by": by, "now": NOW} | more)


def fresh(stay) -> Enrollment:
    return Enrollment.objects.get(pk=stay.pk)


def lines(stay):
    said = TimelineEntry.objects.filter(enrollment=stay).order_by("pk")
    return list(said.values_list("event", "by", "data"))


@pytest.mark.parametrize(
    ("kind", "state", "event", "words"),
    [
        (
            BajaKind.TEMPORARY,
            EnrollmentState.WITHDRAWN,
            Event.WITHDRAWN,
            "Causaste baja temporal",
        ),
        (
            BajaKind.DEFINITIVE,
            EnrollmentState.WITHDRAWN,
            Event.WITHDRAWN,
            "Causaste baja definitiva",
        ),
        (
            BajaKind.FINISHED,
            EnrollmentState.FINISHED,
            Event.FINISHED,
            "Concluiste tu bachillerato",
        ),
    ],
)
def test_withdraw_student(stay, by, kind, state, event, words):
    day = date(2026, 8, 22)

    baja = leave(stay, by, kind, on_date=day, note=" Se cambió de ciudad ")

    assert stay.state == fresh(stay).state == state
    assert holding_baja(stay) == baja
    assert (baja.kind, baja.left_from, baja.on_date) == (kind, EnrollmentState.ACTIVE, day)
    assert (baja.note, baja.at, baja.by) == ("Se cambió de ciudad", NOW, by)
    data = {"baja": kind.label, "since": "sábado 22 de agosto", "note": "Se cambió de ciudad"}
    assert lines(stay) == [(event, by.pk, data)]
    mail = Notice.objects.get()
    assert (mail.message, mail.to_email) == ("M-19", stay.data.email)
    assert mail.context == {"baja": words, "left_on": "2026-08-22"}
    assert mail.not_before == NOW + timedelta(seconds=10)


def test_withdraw_student_stops_what_hangs_on_the_stay(stay, by):
    keep_deadline(stay)
    about = f"enrollment:{stay.pk}"
    for message in ("M-03", "M-17", "M-00"):
        NoticeFactory(key=message, about=about, message=message, state=NoticeState.QUEUED)

    leave(stay, by)

    assert fresh(stay).acuse_due_on is None
    pause = ClockPause.objects.get(enrollment=stay)
    assert (pause.reason, pause.started_at, pause.ended_at) == (PauseReason.WITHDRAWN, NOW, None)
    assert not needing_affiliation().exists()
    waiting = Notice.objects.filter(state=NoticeState.QUEUED).order_by("pk")
    assert list(waiting.values_list("message", flat=True)) == ["M-00", "M-19"]


def test_withdraw_student_who_renounced_is_told_nothing_and_comes_back_renounced(stay, by):
    opt_out(stay, by=by, now=NOW)

    leave(stay, by)

    assert fresh(stay).state == EnrollmentState.WITHDRAWN
    assert not Notice.objects.exists()

    reinstate_student(stay, by=by, now=NOW)

    assert stay.state == fresh(stay).state == EnrollmentState.OPTED_OUT


@pytest.mark.parametrize("day", [date(2026, 8, 20), date(2026, 8, 25)])
def test_withdraw_student_on_a_day_before_the_enrolment_or_to_come(stay, by, day):
    with pytest.raises(BajaDateRefused) as refused:
        leave(stay, by, on_date=day)

    assert refused.value.sentence == (
        "Gómez Martínez, Ana se inscribió el 21/08/2026: la fecha de la baja va de ese día a hoy"
    )
    assert fresh(stay).state == EnrollmentState.ACTIVE


@pytest.mark.parametrize("kind", KINDS)
def test_withdraw_student_twice(stay, by, kind):
    leave(stay, by, kind)

    with pytest.raises(TransitionNotAllowed):
        leave(stay, by, kind)

    assert Baja.objects.count() == 1


def test_withdraw_student_is_no_traslado(stay, by):
    with pytest.raises(ValueError, match="another plantel"):
        leave(stay, by, BajaKind.TRANSFER)


def test_withdraw_students_all_or_none(stay, by):
    gone = EnrollmentFactory(plantel=stay.plantel, state=EnrollmentState.WITHDRAWN)

    with pytest.raises(TransitionNotAllowed):
        withdraw_students([stay.pk, gone.pk], kind=BajaKind.FINISHED, on_date=TODAY, by=by, now=NOW)

    assert fresh(stay).state == EnrollmentState.ACTIVE
    assert not Baja.objects.exists()


def statements(count: int, by) -> int:
    stays = EnrollmentFactory.create_batch(
        count, confirmed=True, plantel=by.memberships.get().plantel
    )
    with CaptureQueriesContext(connection) as asked:
        withdraw_students(
            [one.pk for one in stays], kind=BajaKind.FINISHED, on_date=TODAY, by=by, now=NOW
        )
    return len(asked)


def test_withdraw_students_asks_little_more_for_more(stay, by):
    """Two statements each: for the papers of the stay, and for the mails that wait."""
    one, three = statements(1, by), statements(3, by)

    assert three == one + 2 * 2
    assert Baja.objects.count() == Notice.objects.filter(message="M-19").count() == 4


@pytest.mark.parametrize("kind", KINDS)
def test_reinstate_student(stay, by, kind):
    keep_deadline(stay)
    due_on = stay.acuse_due_on
    baja = leave(stay, by, kind)
    later = NOW + timedelta(days=2)

    reinstate_student(stay, by=by, now=later)

    baja.refresh_from_db()
    back = fresh(stay)
    assert stay.state == back.state == EnrollmentState.ACTIVE
    assert (baja.ended_at, baja.ended_by) == (later, by)
    assert holding_baja(stay) is None
    assert back.acuse_due_on is not None
    assert due_on is not None
    assert back.acuse_due_on > due_on
    assert lines(stay)[-1] == (Event.REINSTATED, by.pk, {})
    assert Notice.objects.get().state == NoticeState.CANCELLED


def test_reinstate_student_is_told_what_was_still_to_be_said(stay, by):
    waiting = NoticeFactory(message="M-13", about=f"enrollment:{stay.pk}")
    leave(stay, by)
    waiting.refresh_from_db()
    away = waiting.state

    reinstate_student(stay, by=by, now=NOW)

    waiting.refresh_from_db()
    assert (away, waiting.state) == (NoticeState.PAUSED, NoticeState.QUEUED)


def test_reinstate_student_who_had_renounced_is_told_nothing(stay, by):
    waiting = NoticeFactory(message="M-13", about=f"enrollment:{stay.pk}")
    opt_out(stay, by=by, now=NOW)
    leave(stay, by)

    reinstate_student(stay, by=by, now=NOW)

    waiting.refresh_from_db()
    assert (stay.state, waiting.state) == (EnrollmentState.OPTED_OUT, NoticeState.PAUSED)


def test_reinstate_student_after_a_second_baja(stay, by):
    for _ in range(2):
        leave(stay, by)
        reinstate_student(stay, by=by, now=NOW)

    assert fresh(stay).state == EnrollmentState.ACTIVE
    assert Baja.objects.filter(ended_at=NOW).count() == 2


def test_reinstate_student_locks_in_the_order_of_all_actions(stay, by):
    leave(stay, by)

    with CaptureQueriesContext(connection) as asked:
        reinstate_student(stay, by=by, now=NOW)

    assert looks_before_stay(asked)


@pytest.mark.parametrize("state", list(EnrollmentState))
def test_reinstate_student_without_a_baja(stay, by, state):
    Enrollment.objects.update(state=state)

    with pytest.raises(TransitionNotAllowed):
        reinstate_student(stay, by=by, now=NOW)


def test_reinstate_student_twice(stay, by):
    leave(stay, by)
    reinstate_student(stay, by=by, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        reinstate_student(stay, by=by, now=NOW)


def test_reinstate_student_a_year_after_a_baja_temporal(stay, by):
    leave(stay, by, BajaKind.TEMPORARY)

    reinstate_student(stay, by=by, now=NOW + timedelta(days=365))

    assert fresh(stay).state == EnrollmentState.ACTIVE


@pytest.mark.parametrize("kind", [BajaKind.DEFINITIVE, BajaKind.FINISHED])
def test_reinstate_student_when_it_is_no_mistake_any_more(stay, by, kind):
    leave(stay, by, kind)

    with pytest.raises(TooLateToReinstate):
        reinstate_student(stay, by=by, now=NOW + UNDO_FOR + timedelta(seconds=1))

    reinstate_student(stay, by=by, now=NOW + UNDO_FOR)
    assert fresh(stay).state == EnrollmentState.ACTIVE


@pytest.mark.parametrize("same", ["student", "matricula"])
def test_reinstate_student_who_enrolled_again(stay, by, same):
    leave(stay, by)
    EnrollmentFactory(**{same: getattr(stay, same)})

    with pytest.raises(EnrolledAgain):
        reinstate_student(stay, by=by, now=NOW)

    assert fresh(stay).state == EnrollmentState.WITHDRAWN


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", ["student", "matricula"])
def test_reinstate_student_at_the_moment_in_which_a_list_opens_another_stay(stay, by, same):
    leave(stay, by)

    def back() -> str:
        with pytest.raises(EnrolledAgain):
            reinstate_student(fresh(stay), by=by, now=NOW)
        return "refused"

    with making_wait(back) as results:
        EnrollmentFactory(**{same: getattr(stay, same)})

    assert results == ["refused"]
    assert holding_baja(stay) is not None


def test_own_enrollment_is_the_open_one(stay, by):
    """A stay that was taken up again counts, though another began later and is over."""
    later = {"enrolled_on": date(2026, 8, 23), "state": EnrollmentState.WITHDRAWN}
    EnrollmentFactory(student=stay.student, **later)

    assert own_enrollment(stay.student.user) == stay


@pytest.mark.django_db(transaction=True)
def test_withdraw_student_by_two_at_once(stay, by):
    """The second waits for the first, then reads that it is done."""

    def again() -> str:
        with pytest.raises(TransitionNotAllowed):
            leave(fresh(stay), by, BajaKind.TEMPORARY)
        return "refused"

    with making_wait(again) as results:
        leave(stay, by)

    assert results == ["refused"]
    assert Baja.objects.get().kind == BajaKind.DEFINITIVE
