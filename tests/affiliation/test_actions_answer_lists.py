"""A list that came back: kept as it was read, registered as it was looked at; however long."""

from datetime import timedelta

import pytest
from django.conf import settings

from affiliation.actions.answer_lists import (
    NO_LIST,
    OTHER_REPLY,
    drop_list,
    keep_list,
    register_list,
)
from affiliation.actions.answers import NOT_SENT, answer_movements
from affiliation.actions.errors import BatchRefused
from affiliation.models import AnswerList, Movement
from affiliation.queries.answers import OTHER_ANSWER, answers_of, list_of, reply_to
from affiliation.relation import APPLIED, REASON_LETTERS, REJECTED, Answer, Finding
from affiliation.states import BatchState, MovementState
from school.states import Role
from students.actions.import_rows import import_rows
from students.actions.roster_copy import Same, tables
from students.roster_file import RosterRow
from tests.factories.affiliation import BatchFactory, insurable, made, sent
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
REASON = "El nombre no coincide"


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


def two_sent(plantel, by):
    """A batch of two, and what a list says of each."""
    insurable(plantel), insurable(plantel)
    batch = sent(plantel, by)
    one, two = batch.movements.values_list("reference", flat=True)
    return batch, Answer(one, APPLIED), Answer(two, REJECTED, REASON)


def seen_of(batch, by):
    return reply_to(batch, answers_of(list_of(batch, by))).seen


def register(batch, by, seen=None):
    return register_list(batch, seen=seen or seen_of(batch, by), by=by, now=LATER)


def states(batch):
    return list(batch.movements.order_by("pk").values_list("state", "rejection"))


def test_keep_list_keeps_what_was_read_and_registers_nothing(plantel, by):
    batch, *said = two_sent(plantel, by)

    kept = keep_list(batch, said, by=by, now=LATER)

    assert answers_of(AnswerList.objects.get()) == said
    assert (kept.read_by, kept.read_at) == (by, LATER)
    assert {state for state, _ in states(batch)} == {MovementState.IN_BATCH}


def test_keep_list_keeps_the_newest_of_each_person(plantel, by):
    batch, one, two = two_sent(plantel, by)
    other = staff(Role.RESPONSABLE, plantel)
    keep_list(batch, [one], by=by, now=NOW)
    keep_list(batch, [one], by=other, now=NOW)

    keep_list(batch, [two], by=by, now=LATER)

    assert answers_of(list_of(batch, by)) == [two]
    assert answers_of(list_of(batch, other)) == [one]


def test_register_list_registers_what_was_seen_and_the_list_is_gone(plantel, by):
    batch, one, two = two_sent(plantel, by)
    keep_list(batch, [one, two, Answer("L-99-1", APPLIED)], by=by, now=NOW)

    assert register(batch, by) == 2

    assert states(batch) == [(MovementState.APPLIED, ""), (MovementState.REJECTED, REASON)]
    assert not AnswerList.objects.exists()
    batch.refresh_from_db()
    assert (batch.state, batch.answered_by) == (BatchState.ANSWERED, by)


def test_drop_list_forgets_the_own_one_alone(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)
    colleague = staff(Role.RESPONSABLE, plantel)
    for person in (by, colleague):
        keep_list(batch, [], by=person, now=NOW)

    for _ in range(2):
        drop_list(batch, by=by)

    assert batch.answer_lists.get().read_by == colleague


def test_register_list_that_there_is_not_is_refused(plantel, by):
    batch, *_ = two_sent(plantel, by)

    with pytest.raises(BatchRefused, match=NO_LIST):
        register(batch, by, "x")


def test_register_list_that_was_not_the_one_that_was_seen_is_refused_and_stays(plantel, by):
    batch, one, two = two_sent(plantel, by)
    keep_list(batch, [one], by=by, now=NOW)
    seen = seen_of(batch, by)
    keep_list(batch, [two], by=by, now=NOW)

    with pytest.raises(BatchRefused, match=OTHER_REPLY):
        register(batch, by, seen)

    assert answers_of(list_of(batch, by)) == [two]
    assert {state for state, _ in states(batch)} == {MovementState.IN_BATCH}


def test_register_list_of_a_batch_that_was_not_sent_is_refused_and_stays(plantel, by):
    insurable(plantel)
    batch = made(plantel, by)
    said = [Answer(batch.movements.get().reference, APPLIED)]
    keep_list(batch, said, by=by, now=NOW)

    with pytest.raises(BatchRefused, match=NOT_SENT):
        register(batch, by)

    assert answers_of(list_of(batch, by)) == said


def test_the_last_answer_of_a_batch_forgets_the_lists_that_say_the_same(plantel, by):
    batch, *said = two_sent(plantel, by)
    keep_list(batch, said, by=staff(Role.RESPONSABLE, plantel), now=NOW)

    answer_movements(batch, said[:1], by=by, now=LATER)
    assert AnswerList.objects.count() == 1
    answer_movements(batch, said[1:], by=by, now=LATER)

    assert not AnswerList.objects.exists()


def test_the_last_answer_of_a_batch_keeps_a_list_that_says_otherwise(plantel, by):
    batch, one, two = two_sent(plantel, by)
    pedro, rosa = staff(Role.RESPONSABLE, plantel), staff(Role.RESPONSABLE, plantel)
    keep_list(batch, [one, Answer(two.reference, APPLIED)], by=pedro, now=NOW)
    keep_list(batch, [two], by=rosa, now=NOW)
    keep_list(batch, [one, two], by=by, now=NOW)

    register(batch, by)

    assert AnswerList.objects.get().read_by == pedro
    reply = reply_to(batch, answers_of(list_of(batch, pedro)))
    assert (reply.new, reply.known) == ({}, 1)
    assert reply.findings == [Finding(two.reference, OTHER_ANSWER)]


@pytest.mark.django_db(transaction=True)
def test_register_list_twice_at_once_registers_once(transactional_db):
    plantel = PlantelFactory(number="05")
    by = staff(Role.RESPONSABLE, plantel)
    batch, *said = two_sent(plantel, by)
    keep_list(batch, said, by=by, now=NOW)
    seen = seen_of(batch, by)

    with (
        pytest.raises(BatchRefused, match=NO_LIST),
        making_wait(lambda: register(batch, by, seen)),
    ):
        register(batch, by, seen)

    assert {state for state, _ in states(batch)} == {MovementState.APPLIED, MovementState.REJECTED}


def test_register_list_of_more_than_a_page_could_hand_back(plantel, by):
    count = 6_000
    batch = BatchFactory(plantel=plantel, sent=True)
    references = fill(batch, count)
    said = [Answer(one, REJECTED, "ñ" * REASON_LETTERS) for one in references]
    keep_list(batch, said, by=by, now=NOW)
    assert count * len(said[0].reason.encode()) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    assert register(batch, by) == count

    rejected = batch.movements.filter(state=MovementState.REJECTED, rejection=said[0].reason)
    assert rejected.count() == count


def fill(batch, count):
    """Put so many new students into the batch; return their references."""
    rows = [RosterRow(at, f"26{at:06d}", "Ana", "Gómez", "Martínez", "101") for at in range(count)]
    told = {"by": None, "folio": "P", "now": NOW, "today": NOW.date()}
    stays = import_rows(batch.plantel, SchoolCycleFactory(), rows, **told).created
    references = [f"{batch.folio}-{at:05d}" for at in range(count)]
    tables().insert_rows(
        Movement,
        {
            "batch_id": Same(batch.pk),
            "kind": Same(batch.kind),
            "enrollment_id": stays,
            "position": list(range(1, count + 1)),
            "reference": references,
            "effective_on": Same(batch.effective_on),
        },
        count=count,
    )
    return references
