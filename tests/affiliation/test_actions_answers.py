"""What IMSS answered: for many at once, all or nothing, and taken back one by one."""

from datetime import timedelta

import pytest

from affiliation.actions.answers import NOT_SENT, answer_movements, undo_answer
from affiliation.actions.batches import discard_batch
from affiliation.actions.errors import AnswersRefused, BatchRefused
from affiliation.actions.work import correct_movement, drop_alta_order, order_alta_again
from affiliation.models import AltaOrder, Movement
from affiliation.queries.answers import OTHER_ANSWER, STRANGER
from affiliation.queries.batches import rejected_to_correct
from affiliation.queries.sending import altas_to_send
from affiliation.queries.undo import CLINIC, NEWER
from affiliation.relation import APPLIED, DIFFERENT, REJECTED, Answer, Finding
from affiliation.states import BatchState, MovementKind, MovementState
from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.review import UNDO_WINDOW
from school.states import Role
from students import timeline
from students.actions.bajas import reinstate_student, withdraw_student
from students.models import Baja, Enrollment
from students.states import BajaKind, EnrollmentState, Event
from tests.factories.affiliation import (
    AltaOrderFactory,
    MovementFactory,
    checked,
    insurable,
    made,
    sent,
)
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"
LATER = NOW + timedelta(days=2)
TODAY = NOW.date()
REASON = "El nombre no coincide"


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05", registro_patronal=REGISTRO)


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


def applied(movement):
    return Answer(movement.reference, APPLIED)


def rejected(movement, reason=REASON):
    return Answer(movement.reference, REJECTED, reason)


def answer(batch, by, *answers, now=LATER):
    return answer_movements(batch, answers, by=by, now=now)


def leave(stay, on_date=TODAY):
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)
    return Baja.objects.create(
        enrollment=stay, kind=BajaKind.DEFINITIVE, on_date=on_date, at=NOW, by=stay.student.user
    )


def told():
    return [(one.message, one.state, one.not_before) for one in Notice.objects.order_by("pk")]


def insured_batch(plantel, by):
    """A batch with one alta, applied."""
    insurable(plantel)
    batch = sent(plantel, by)
    return answer(batch, by, applied(batch.movements.get())).movements.get()


def baja_of(alta, by):
    """The baja of that student, in a batch that was sent."""
    leave(alta.enrollment, LATER.date())
    return sent(alta.batch.plantel, by, MovementKind.BAJA, now=LATER).movements.get()


def test_answer_movements_applied_insures_and_tells_after_the_undo_window(plantel, by):
    stay = insurable(plantel)
    batch = sent(plantel, by)
    movement = batch.movements.get()

    answer(batch, by, applied(movement))

    movement.refresh_from_db()
    stay.refresh_from_db()
    assert (movement.state, movement.is_in_force, movement.answered_at, movement.answered_by) == (
        *(MovementState.APPLIED, True, LATER, by),
    )
    assert stay.sent_to_imss_at == NOW
    assert told() == [("M-12", NoticeState.QUEUED, LATER + UNDO_WINDOW)]
    last = stay.timeline.first()
    assert (last.event, last.data) == (
        *(Event.MOVEMENT_APPLIED, {"folio": batch.folio, "kind": "alta", "reason": ""}),
    )


def test_answer_movements_rejected_opens_the_data_again_and_tells_nobody(plantel, by):
    stay = insurable(plantel)
    batch = sent(plantel, by)

    answer(batch, by, rejected(batch.movements.get()))

    movement = batch.movements.get()
    stay.refresh_from_db()
    assert (movement.state, movement.is_in_force, movement.rejection) == (
        *(MovementState.REJECTED, False, REASON),
    )
    assert (stay.sent_to_imss_at, told()) == (None, [])
    assert stay.timeline.first().data["reason"] == REASON
    assert [problem.rejected for problem in checked(plantel).problems] == [movement]


def test_answer_movements_ends_the_batch_with_the_last_answer(plantel, by):
    insurable(plantel), insurable(plantel)
    batch = sent(plantel, by)
    first, second = batch.movements.order_by("pk")

    assert answer(batch, by, applied(first)).state == BatchState.SENT

    ended = answer(batch, by, rejected(second))
    assert (ended.state, ended.answered_at, ended.answered_by) == (BatchState.ANSWERED, LATER, by)


def test_answer_movements_again_in_the_same_words_changes_nothing(plantel, by):
    insurable(plantel), insurable(plantel)
    batch = sent(plantel, by)
    first, second = batch.movements.order_by("pk")
    said = [applied(first), rejected(second)]
    answer(batch, by, *said)

    answer(batch, by, *said, now=LATER + timedelta(days=1))

    batch.refresh_from_db()
    assert batch.answered_at == LATER
    assert Movement.objects.filter(answered_at=LATER).count() == 2
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (lambda one: [Answer("L-05-2026-999-0001", APPLIED)], STRANGER),
        (lambda one: [applied(one), rejected(one)], DIFFERENT),
        (lambda one: [Answer(one.reference, "en trámite")], "No se entiende «en trámite»"),
        (lambda one: [Answer(one.reference, REJECTED)], "Escribir el motivo"),
    ],
)
def test_answer_movements_registers_all_or_nothing(plantel, by, said, sentence):
    insurable(plantel), insurable(plantel)
    batch = sent(plantel, by)
    first, second = batch.movements.order_by("pk")

    with pytest.raises(AnswersRefused) as refused:
        answer(batch, by, applied(second), *said(first))

    (finding,) = refused.value.findings
    assert finding.sentence.startswith(sentence)
    assert finding.reference in refused.value.sentence
    assert set(batch.movements.values_list("state", flat=True)) == {MovementState.IN_BATCH}


def test_answer_movements_counts_one_that_is_given_twice_once(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)
    movement = batch.movements.get()

    assert answer(batch, by, applied(movement), applied(movement)).state == BatchState.ANSWERED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (applied, rejected),
        (rejected, applied),
        (rejected, lambda one: rejected(one, "El NSS no existe")),
    ],
)
def test_answer_movements_never_replaces_an_answer(plantel, by, before, after):
    insurable(plantel)
    batch = sent(plantel, by)
    movement = batch.movements.get()
    answer(batch, by, before(movement))

    with pytest.raises(AnswersRefused) as refused:
        answer(batch, by, after(movement))

    assert refused.value.findings == (Finding(movement.reference, OTHER_ANSWER),)


def test_answer_movements_before_the_batch_is_sent_is_refused(plantel, by):
    insurable(plantel)
    batch = made(plantel, by)

    with pytest.raises(BatchRefused, match=NOT_SENT):
        answer(batch, by, applied(batch.movements.get()))

    with pytest.raises(BatchRefused, match=NOT_SENT):
        answer(discard_batch(batch, by=by, now=NOW), by, applied(batch.movements.get()))


def test_answer_movements_of_a_baja_ends_the_cover(plantel, by):
    alta = insured_batch(plantel, by)
    baja = baja_of(alta, by)

    answer(baja.batch, by, applied(baja))

    alta.refresh_from_db()
    baja.refresh_from_db()
    assert (alta.is_in_force, alta.state, baja.is_in_force) == (False, MovementState.APPLIED, False)
    assert Enrollment.objects.get(pk=alta.enrollment_id).sent_to_imss_at is None
    assert [one[0] for one in told()] == ["M-12"]


def test_answer_movements_of_a_rejected_baja_leaves_the_cover(plantel, by):
    alta = insured_batch(plantel, by)
    baja = baja_of(alta, by)

    answer(baja.batch, by, rejected(baja))

    alta.refresh_from_db()
    assert alta.is_in_force
    assert Enrollment.objects.get(pk=alta.enrollment_id).sent_to_imss_at == NOW


def test_answer_movements_insures_who_left_meanwhile_and_tells_him_nothing(plantel, by):
    stay = insurable(plantel)
    batch = sent(plantel, by)
    leave(stay)

    answer(batch, by, applied(batch.movements.get()))

    assert batch.movements.get().is_in_force
    assert told() == []


def test_answer_movements_of_an_ordered_alta_takes_over_without_a_mail(plantel, by):
    old = insured_batch(plantel, by)
    order_alta_again(old.enrollment, reason="Vigencia NO", by=by, now=LATER)
    new = sent(plantel, by, now=LATER).movements.get()

    answer(new.batch, by, applied(new))

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_in_force, new.is_in_force) == (False, True)
    assert len(told()) == 1


def test_answer_movements_rejecting_an_ordered_alta_leaves_the_order_waiting(plantel, by):
    old = insured_batch(plantel, by)
    order = order_alta_again(old.enrollment, reason="Vigencia NO", by=by, now=LATER)
    new = sent(plantel, by, now=LATER).movements.get()

    answer(new.batch, by, rejected(new))

    old.refresh_from_db()
    order.refresh_from_db()
    assert (old.is_in_force, order.movement) == (True, None)
    assert Enrollment.objects.get(pk=old.enrollment_id).sent_to_imss_at == LATER


def test_undo_answer_of_an_alta_stops_the_mail_and_opens_the_batch(plantel, by):
    alta = insured_batch(plantel, by)

    undo_answer(alta, by=by, now=LATER)

    alta.refresh_from_db()
    batch = alta.batch
    batch.refresh_from_db()
    assert (alta.state, alta.is_in_force, alta.answered_at, alta.answered_by) == (
        *(MovementState.IN_BATCH, False, None, None),
    )
    assert (batch.state, batch.answered_at) == (BatchState.SENT, None)
    assert [one[1] for one in told()] == [NoticeState.CANCELLED]
    last = alta.enrollment.timeline.first()
    assert (last.event, last.data["from"]) == (Event.IMSS_ANSWER_UNDONE, MovementState.APPLIED)


def test_undo_answer_of_a_rejection_closes_the_data_again(plantel, by):
    stay = insurable(plantel)
    insurable(plantel)
    batch = sent(plantel, by)
    movement = batch.movements.get(enrollment=stay)
    answer(batch, by, rejected(movement))
    movement.refresh_from_db()
    correct_movement(movement, by=by, now=LATER)

    undo_answer(movement, by=by, now=LATER)

    movement.refresh_from_db()
    stay.refresh_from_db()
    batch.refresh_from_db()
    assert (movement.state, movement.rejection, movement.corrected_at) == (
        *(MovementState.IN_BATCH, "", None),
    )
    assert (stay.sent_to_imss_at, batch.state) == (NOW, BatchState.SENT)


def test_undo_answer_of_a_rejected_baja_changes_nothing_about_the_cover(plantel, by):
    alta = insured_batch(plantel, by)
    baja = baja_of(alta, by)
    answer(baja.batch, by, rejected(baja))
    baja.refresh_from_db()

    undo_answer(baja, by=by, now=LATER)

    alta.refresh_from_db()
    assert alta.is_in_force


def test_undo_answer_of_a_baja_gives_the_cover_back(plantel, by):
    alta = insured_batch(plantel, by)
    baja = baja_of(alta, by)
    answer(baja.batch, by, applied(baja))
    baja.refresh_from_db()

    undo_answer(baja, by=by, now=LATER)

    alta.refresh_from_db()
    assert alta.is_in_force
    assert Enrollment.objects.get(pk=alta.enrollment_id).sent_to_imss_at == NOW


def test_undo_answer_of_an_ordered_alta_gives_the_older_one_back(plantel, by):
    old = insured_batch(plantel, by)
    order = order_alta_again(old.enrollment, reason="Vigencia NO", by=by, now=NOW)
    new = sent(plantel, by, now=LATER).movements.get()
    answer(new.batch, by, applied(new))
    new.refresh_from_db()

    undo_answer(new, by=by, now=LATER)

    old.refresh_from_db()
    order.refresh_from_db()
    assert (old.is_in_force, order.movement) == (True, new)


def test_undo_answer_of_a_rejected_ordered_alta_carries_the_order_again(plantel, by):
    old = insured_batch(plantel, by)
    order = order_alta_again(old.enrollment, reason="Vigencia NO", by=by, now=NOW)
    new = sent(plantel, by, now=LATER).movements.get()
    answer(new.batch, by, rejected(new))
    new.refresh_from_db()

    undo_answer(new, by=by, now=LATER)

    order.refresh_from_db()
    assert order.movement == new


def test_undo_answer_without_one_is_refused(plantel, by):
    insurable(plantel)

    with pytest.raises(TransitionNotAllowed):
        undo_answer(sent(plantel, by).movements.get(), by=by, now=LATER)


def test_undo_answer_is_refused_once_a_newer_movement_exists(plantel, by):
    alta = insured_batch(plantel, by)
    baja_of(alta, by)

    with pytest.raises(BatchRefused, match=NEWER):
        undo_answer(alta, by=by, now=LATER)


def test_undo_answer_does_not_mind_a_movement_that_was_dropped(plantel, by):
    alta = insured_batch(plantel, by)
    leave(alta.enrollment, LATER.date())
    discard_batch(made(plantel, by, MovementKind.BAJA, now=LATER), by=by, now=LATER)

    assert undo_answer(alta, by=by, now=LATER).state == MovementState.IN_BATCH


@pytest.mark.parametrize("step", [Event.CLINIC_REGISTERED, Event.VIGENCIA_REPORTED])
def test_undo_answer_is_refused_once_the_student_went_on(plantel, by, step):
    alta = insured_batch(plantel, by)
    timeline.record(alta.enrollment, step, by=by, at=LATER)

    with pytest.raises(BatchRefused, match=CLINIC):
        undo_answer(alta, by=by, now=LATER)


@pytest.mark.parametrize(
    "steps", [[Event.CLINIC_OPENED], [Event.CLINIC_REGISTERED, Event.CLINIC_UNDONE]]
)
def test_undo_answer_while_the_student_has_no_clinic_is_done(plantel, by, steps):
    alta = insured_batch(plantel, by)
    for step in steps:
        timeline.record(alta.enrollment, step, by=by, at=LATER)

    assert undo_answer(alta, by=by, now=LATER).state == MovementState.IN_BATCH


def test_correct_movement_puts_the_student_into_the_next_batch(plantel, by):
    stay = insurable(plantel)
    movement = MovementFactory(enrollment=stay, rejected=True)

    correct_movement(movement, by=by, now=LATER)

    movement.refresh_from_db()
    assert (movement.corrected_at, movement.corrected_by) == (LATER, by)
    assert stay.timeline.get().event == Event.MOVEMENT_CORRECTED
    assert [one.student.pk for one in checked(plantel).ready] == [stay.pk]


@pytest.mark.parametrize("trait", [{"rejected": True, "corrected_at": NOW}, {"applied": True}])
def test_correct_movement_is_refused_where_nothing_waits(plantel, by, trait):
    given = trait | ({"corrected_by": by} if "corrected_at" in trait else {})

    with pytest.raises(TransitionNotAllowed):
        correct_movement(MovementFactory(**given), by=by, now=LATER)


def test_order_alta_again_puts_an_insured_student_into_the_next_batch(plantel, by):
    alta = insured_batch(plantel, by)

    order = order_alta_again(alta.enrollment, reason="r" * 300, by=by, now=LATER)

    assert (order.reason, order.movement) == ("r" * 200, None)
    assert alta.enrollment.timeline.first().event == Event.ALTA_ORDERED
    assert len(checked(plantel, now=LATER).ready) == 1


def test_order_alta_again_twice_is_once(plantel, by):
    order = AltaOrderFactory(enrollment=insurable(plantel))

    assert order_alta_again(order.enrollment, reason="otra", by=by, now=LATER) == order
    assert AltaOrder.objects.count() == 1


def test_order_alta_again_while_a_baja_is_in_a_batch_waits_for_an_alta(plantel, by):
    baja = baja_of(insured_batch(plantel, by), by)

    order = order_alta_again(baja.enrollment, reason="Vigencia NO", by=by, now=LATER)

    assert order.movement is None


def test_order_alta_again_while_one_is_in_a_batch_is_that_one(plantel, by):
    stay = insurable(plantel)
    batch = made(plantel, by)

    order = order_alta_again(stay, reason="Vigencia NO", by=by, now=LATER)

    assert order.movement == batch.movements.get()
    assert order_alta_again(stay, reason="Vigencia NO", by=by, now=LATER) == order


def test_drop_alta_order_takes_back_one_that_waits(plantel, by):
    order = AltaOrderFactory(enrollment=insurable(plantel))

    assert drop_alta_order(order.enrollment) is True
    assert drop_alta_order(order.enrollment) is False


def test_undo_answer_in_a_plantel_without_registro_patronal(by):
    plantel = PlantelFactory(registro_patronal="")
    alta = insured_batch(plantel, by)
    baja = baja_of(alta, by)
    answer(baja.batch, by, applied(baja))
    baja.refresh_from_db()

    undo_answer(baja, by=by, now=LATER)

    alta.refresh_from_db()
    assert alta.is_in_force


@pytest.mark.parametrize("students", [1, 3])
def test_answer_movements_asks_as_much_for_one_as_for_three(
    plantel, by, students, django_assert_num_queries
):
    for _ in range(students):
        insurable(plantel)
    batch = sent(plantel, by)
    said = [applied(one) for one in batch.movements.all()]

    with django_assert_num_queries(29):
        answer(batch, by, *said)


def test_a_rejected_alta_of_who_left_is_no_work_until_the_student_is_back(plantel, by):
    stay = insurable(plantel)
    batch = sent(plantel, by)
    answer(batch, by, rejected(batch.movements.get()))
    assert list(rejected_to_correct([plantel])) == [batch.movements.get()]

    withdraw_student(stay, kind=BajaKind.TEMPORARY, on_date=TODAY, by=by, now=LATER)
    assert list(rejected_to_correct([plantel])) == []

    reinstate_student(stay, by=by, now=LATER)
    assert list(rejected_to_correct([plantel])) == [batch.movements.get()]


def test_a_rejected_baja_of_who_came_back_is_no_work(plantel, by):
    alta = insured_batch(plantel, by)
    stay = alta.enrollment
    withdraw_student(stay, kind=BajaKind.TEMPORARY, on_date=LATER.date(), by=by, now=LATER)
    baja = sent(plantel, by, MovementKind.BAJA, now=LATER).movements.get()
    answer(baja.batch, by, rejected(baja))
    assert list(rejected_to_correct([plantel])) == [baja]

    reinstate_student(stay, by=by, now=LATER)

    assert list(rejected_to_correct([plantel])) == []


def ordered_again(plantel, by):
    """The alta of an insured student, at IMSS once more."""
    stay = insured_batch(plantel, by).enrollment
    order_alta_again(stay, reason="Su vigencia salió NO", by=by, now=LATER)
    return sent(plantel, by, now=LATER).movements.get()


def test_a_rejected_alta_that_was_ordered_again_and_nobody_needs_is_no_work(plantel, by):
    movement = ordered_again(plantel, by)
    assert drop_alta_order(movement.enrollment) is False

    answer(movement.batch, by, rejected(movement, "Ya está vigente"))

    assert list(altas_to_send(plantel)) == []
    assert list(rejected_to_correct([plantel])) == []
    assert AltaOrder.objects.get().movement == movement


def test_an_alta_that_is_needed_again_while_imss_has_it_waits_once_it_is_rejected(plantel, by):
    movement = ordered_again(plantel, by)
    drop_alta_order(movement.enrollment)
    order_alta_again(movement.enrollment, reason="Su vigencia salió NO", by=by, now=LATER)

    answer(movement.batch, by, rejected(movement))

    assert list(altas_to_send(plantel)) == [movement.enrollment]
    assert list(rejected_to_correct([plantel])) == [movement]


def test_undo_answer_is_refused_once_the_student_went_on_where_the_same_registro_insures(
    plantel, by
):
    alta = insured_batch(plantel, by)
    other = PlantelFactory(registro_patronal=REGISTRO)
    leave(alta.enrollment)
    moved = insurable(other, student=alta.enrollment.student)
    timeline.record(moved, Event.CLINIC_REGISTERED, by=by, at=LATER)

    with pytest.raises(BatchRefused, match=CLINIC):
        undo_answer(alta, by=by, now=LATER)


def test_undo_answer_does_not_mind_what_was_said_where_another_registro_insures(plantel, by):
    alta = insured_batch(plantel, by)
    other = PlantelFactory(registro_patronal="Y5499999324")
    leave(alta.enrollment)
    moved = insurable(other, student=alta.enrollment.student)
    timeline.record(moved, Event.CLINIC_REGISTERED, by=by, at=LATER)

    assert undo_answer(alta, by=by, now=LATER).state == MovementState.IN_BATCH
