"""Two who work on one batch at once, or on a batch and its student: the second waits, and reads what was left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from affiliation.actions.answers import answer_movements, undo_answer
from affiliation.actions.batches import (
    GONE,
    OTHER_LIST,
    discard_batch,
    make_batch,
    send_batch,
)
from affiliation.actions.errors import AnswersRefused, BatchRefused
from affiliation.actions.work import correct_movement, order_alta_again
from affiliation.models import AltaOrder, Batch, Movement
from affiliation.relation import APPLIED, REJECTED, Answer
from affiliation.states import BatchState, MovementKind, MovementState
from common.transitions import TransitionNotAllowed
from notices.models import Notice
from school.states import Role
from students.actions.import_rows import import_rows
from students.actions.reminders import hold_stays
from students.models import Enrollment
from students.roster_file import RosterRow
from students.states import EnrollmentState
from tests.factories.affiliation import MovementFactory, checked, insurable, made, sent
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.lock_order import looks_before_stay
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plantel(transactional_db):
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def moved():
    """The applied alta of a stay that is over, and the baja of a newer one under the same registro patronal."""
    plantel = PlantelFactory(registro_patronal="Y5412345324")
    registro = {"batch__registro_patronal": plantel.registro_patronal}
    over = EnrollmentFactory(state=EnrollmentState.WITHDRAWN)
    alta = MovementFactory(enrollment=over, applied=True, **registro)
    newer = EnrollmentFactory(student=over.student, plantel=plantel)
    return alta, MovementFactory(enrollment=newer, kind=MovementKind.BAJA, sent=True, **registro)


def make(plantel, by, seen):
    return make_batch(
        plantel, MovementKind.ALTA, effective_on=NOW.date(), seen=seen, by=by, now=NOW
    )


def leave(stay, state):
    held = Enrollment.objects.select_for_update(of=("self",)).get(pk=stay.pk)
    held.state = state
    held.save()


def test_make_batch_twice_at_once_makes_one(plantel, by):
    insurable(plantel)
    seen = checked(plantel).seen

    with (
        pytest.raises(BatchRefused, match=OTHER_LIST),
        making_wait(lambda: make(plantel, by, seen)),
    ):
        make(plantel, by, seen)

    assert Batch.objects.get().folio == "L-05-2026-001"
    assert Movement.objects.count() == 1


def test_make_batch_while_the_student_leaves_leaves_him_out(plantel, by):
    stay = insurable(plantel)
    seen = checked(plantel).seen

    with (
        pytest.raises(BatchRefused, match=OTHER_LIST),
        making_wait(lambda: make(plantel, by, seen)),
    ):
        leave(stay, EnrollmentState.WITHDRAWN)

    assert not Batch.objects.exists()


def test_send_batch_while_the_student_leaves_is_refused(plantel, by):
    stay = insurable(plantel)
    batch = made(plantel, by)

    with (
        pytest.raises(BatchRefused, match=GONE),
        making_wait(lambda: send_batch(batch, by=by, now=NOW)),
    ):
        leave(stay, EnrollmentState.OPTED_OUT)


def test_send_batch_while_a_list_changes_the_student_is_refused(plantel, by):
    stay = insurable(plantel)
    batch = made(plantel, by)
    names = {"given_names": "Anabel", "first_surname": "Gómez"}
    row = RosterRow(2, stay.matricula, **names, curp=stay.student.curp)

    told = {"by": by, "folio": "P", "now": NOW, "today": NOW.date()}

    with (
        pytest.raises(
            BatchRefused, match="Cambió después de hacer el lote: Gómez Martínez, Anabel"
        ),
        making_wait(lambda: send_batch(batch, by=by, now=NOW)),
    ):
        import_rows(plantel, stay.cycle, [row], **told)


def test_send_batch_while_it_is_discarded_is_refused(plantel, by):
    insurable(plantel)
    batch = made(plantel, by)

    with (
        pytest.raises(TransitionNotAllowed),
        making_wait(lambda: send_batch(batch, by=by, now=NOW)),
    ):
        discard_batch(batch, by=by, now=NOW)

    batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED


def test_answer_movements_at_once_in_the_same_words_is_once(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)
    said = [Answer(batch.movements.get().reference, APPLIED)]

    with making_wait(lambda: answer_movements(batch, said, by=by, now=NOW)):
        answer_movements(batch, said, by=by, now=NOW)

    assert Notice.objects.count() == 1


def test_answer_movements_at_once_in_other_words_is_refused(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)
    reference = batch.movements.get().reference
    other = [Answer(reference, REJECTED, "El NSS no existe")]

    with (
        pytest.raises(AnswersRefused),
        making_wait(lambda: answer_movements(batch, other, by=by, now=NOW)),
    ):
        answer_movements(batch, [Answer(reference, APPLIED)], by=by, now=NOW)

    assert batch.movements.get().state == MovementState.APPLIED


def test_correct_movement_at_once_is_done_by_one(plantel, by):
    movement = MovementFactory(rejected=True)

    with (
        pytest.raises(TransitionNotAllowed),
        making_wait(lambda: correct_movement(movement, by=by, now=NOW)),
    ):
        correct_movement(movement, by=by, now=NOW)


def test_order_alta_again_at_once_is_ordered_once(plantel, by):
    stay = insurable(plantel)

    with making_wait(lambda: order_alta_again(stay, reason="NO", by=by, now=NOW)):
        order_alta_again(stay, reason="NO", by=by, now=NOW)

    assert AltaOrder.objects.count() == 1


def test_answer_movements_waits_for_the_older_stay_before_it_holds_the_newer(moved, by):
    """Who undoes a traslado holds the older stay, then the newer: it must not wait in a ring."""
    alta, baja = moved
    said = [Answer(baja.reference, APPLIED)]

    with making_wait(
        lambda: answer_movements(baja.batch, said, by=by, now=NOW),
        then=lambda: hold_stays([baja.enrollment_id]),
    ):
        hold_stays([alta.enrollment_id])

    alta.refresh_from_db()
    alta.enrollment.refresh_from_db()
    assert (alta.is_in_force, alta.enrollment.sent_to_imss_at) == (False, None)


def test_undo_answer_waits_for_the_older_stay_before_it_holds_the_newer(moved, by):
    alta, baja = moved
    answer_movements(baja.batch, [Answer(baja.reference, APPLIED)], by=by, now=NOW)

    with making_wait(
        lambda: undo_answer(baja, by=by, now=NOW),
        then=lambda: hold_stays([baja.enrollment_id]),
    ):
        hold_stays([alta.enrollment_id])

    alta.refresh_from_db()
    assert alta.is_in_force


@pytest.mark.parametrize("act", [made, sent])
def test_batch_holds_the_looks_before_the_stays(plantel, by, act):
    insurable(plantel)

    with CaptureQueriesContext(connection) as asked:
        act(plantel, by)

    assert looks_before_stay(asked)
