"""A batch: made with its files, sent, discarded, made again; who takes its files."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from affiliation import movement_file
from affiliation.actions.answers import answer_movements
from affiliation.actions.batches import (
    ANSWERED,
    GONE,
    LATER_THAN_TODAY,
    NEW_CHANGES,
    NOBODY,
    NOBODY_LEFT,
    NOT_CONFIRMED,
    OTHER_LIST,
    OUTDATED,
    PROFILE_OUTDATED,
    discard_batch,
    make_batch,
    remake_batch,
    send_batch,
    take_file,
    undo_sending,
)
from affiliation.actions.errors import BatchRefused
from affiliation.actions.profiles import save_profile
from affiliation.actions.work import drop_alta_order, order_alta_again
from affiliation.models import AltaOrder, Batch, Movement
from affiliation.queries.batches import gone_from
from affiliation.queries.check import check_batch
from affiliation.queries.frozen import content_of
from affiliation.queries.profiles import file_profile
from affiliation.queries.sending import bajas_to_send
from affiliation.relation import APPLIED, COLUMNS, Answer
from affiliation.states import BatchFileKind, BatchState, MovementKind, MovementState
from common.transitions import TransitionNotAllowed
from school.models import Plantel
from school.states import Role
from students.models import AccessEntry, Baja, Enrollment, Student
from students.states import BajaKind, EnrollmentState, Event, Look
from tests.factories.affiliation import (
    AltaOrderFactory,
    MovementFactory,
    ProfileFactory,
    checked,
    insurable,
    made,
    sent,
)
from tests.factories.renuncias import registered
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"
TODAY = date(2026, 8, 21)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05", registro_patronal=REGISTRO)


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


def make(plantel, by, **options):
    found = checked(plantel)
    given = {"effective_on": TODAY, "seen": found.seen, "by": by, "now": NOW} | options
    return make_batch(plantel, MovementKind.ALTA, **given)


def events(stay):
    return list(stay.timeline.order_by("pk").values_list("event", flat=True))


def leave(stay, on_date=TODAY, kind=BajaKind.DEFINITIVE):
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)
    return Baja.objects.create(
        enrollment=stay, kind=kind, on_date=on_date, at=NOW, by=stay.student.user
    )


def rows_of(file):
    book = load_workbook(io.BytesIO(content_of(file)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_make_batch_freezes_who_is_ready_with_a_folio(plantel, by):
    ana = insurable(plantel, student__first_surname="Alba")
    zoe = insurable(plantel, student__first_surname="Zea", student__given_names="Zoe")

    batch = make(plantel, by)

    assert (batch.folio, batch.state, batch.made_by) == ("L-05-2026-001", BatchState.DRAFT, by)
    assert list(batch.movements.values_list("enrollment", "position", "reference", "state")) == [
        (ana.pk, 1, "L-05-2026-001-0001", MovementState.IN_BATCH),
        (zoe.pk, 2, "L-05-2026-001-0002", MovementState.IN_BATCH),
    ]
    ana.refresh_from_db()
    assert ana.sent_to_imss_at == NOW
    assert events(ana) == [Event.BATCH_MADE]
    assert ana.timeline.get().data == {"folio": "L-05-2026-001", "kind": "alta"}


def test_make_batch_without_a_profile_writes_the_relation_alone(plantel, by):
    stay = insurable(plantel, student__given_names="=Ana", group="-1A", matricula="26050148")

    batch = make(plantel, by)

    xlsx, csv = batch.files.order_by("-kind")
    assert (xlsx.kind, xlsx.name) == (BatchFileKind.XLSX, "L-05-2026-001.xlsx")
    assert rows_of(xlsx) == [
        list(COLUMNS),
        [
            *("L-05-2026-001-0001", stay.student.nss, stay.student.curp),
            *("Gómez", "Martínez", "=Ana", "21/08/2026", "08 alta", REGISTRO, "26050148", "-1A"),
            *(None, None),
        ],
    ]
    content = content_of(csv)
    assert content.decode("utf-8-sig").splitlines()[1] == (
        f"L-05-2026-001-0001,{stay.student.nss},{stay.student.curp},Gómez,Martínez,'=Ana,21/08/2026,08 alta,"
        f"{REGISTRO},26050148,'-1A,,"
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert (csv.size, csv.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_make_batch_with_a_profile_writes_a_movement_file_that_reads_back(plantel, by):
    profile = ProfileFactory()
    stay = insurable(plantel, student__first_surname="Muñoz", matricula="26050148")

    batch = make(plantel, by, are_changes_confirmed=True)

    file = batch.files.get(kind=BatchFileKind.MOVEMENTS)
    how = file_profile(REGISTRO, batch.settings)
    (record,) = movement_file.read(content_of(file), how)
    assert file.name == "L-05-2026-001.txt"
    assert (record.nss, record.first_surname, record.worker_key, record.date) == (
        *(stay.student.nss, "MUNOZ", "26050148", TODAY),
    )
    assert batch.settings == profile.settings
    assert batch.changes == [
        ["L-05-2026-001-0001", "MUÑOZ", "MUNOZ"],
        ["L-05-2026-001-0001", "MARTÍNEZ", "MARTINEZ"],
    ]


def test_make_batch_never_changes_a_letter_that_nobody_confirmed(plantel, by):
    ProfileFactory()
    insurable(plantel, student__first_surname="Muñoz")

    with pytest.raises(BatchRefused, match=NOT_CONFIRMED):
        make(plantel, by)

    assert not Batch.objects.exists()


def test_make_batch_refuses_a_list_that_is_another_by_now(plantel, by):
    insurable(plantel)
    seen = checked(plantel).seen
    insurable(plantel)

    with pytest.raises(BatchRefused, match=OTHER_LIST):
        make(plantel, by, seen=seen)


def test_make_batch_of_some_leaves_the_others_for_the_next(plantel, by):
    chosen, other = insurable(plantel), insurable(plantel)
    seen = check_batch(
        plantel, MovementKind.ALTA, effective_on=TODAY, today=TODAY, only=[chosen.pk]
    ).seen

    batch = make(plantel, by, seen=seen, only=[chosen.pk])

    assert [one.enrollment for one in batch.movements.all()] == [chosen]
    assert [one.student.pk for one in checked(plantel).ready] == [other.pk]


def test_make_batch_with_nobody_ready_takes_no_folio(plantel, by):
    with pytest.raises(BatchRefused, match=NOBODY):
        make(plantel, by)

    insurable(plantel)

    assert make(plantel, by).folio == "L-05-2026-001"


def test_make_batch_refuses_a_day_to_come(plantel, by):
    insurable(plantel)

    with pytest.raises(BatchRefused, match=LATER_THAN_TODAY):
        make(plantel, by, effective_on=TODAY + timedelta(days=1))


def test_make_batch_counts_the_year_by_the_clock_of_the_plantel(plantel, by):
    insurable(plantel)

    assert made(plantel, by, now=datetime(2027, 1, 1, 5, tzinfo=UTC)).folio == "L-05-2026-001"


def test_make_batch_carries_the_altas_that_were_ordered_again(plantel, by):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True)
    order = AltaOrderFactory(enrollment=stay)

    batch = make(plantel, by)

    order.refresh_from_db()
    assert order.movement == batch.movements.get()


def test_make_batch_of_bajas_carries_no_alta_that_was_ordered_again(plantel, by):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True)
    order = AltaOrderFactory(enrollment=stay)
    leave(stay, TODAY)

    made(plantel, by, MovementKind.BAJA)

    order.refresh_from_db()
    assert order.movement is None


def test_make_batch_of_bajas_gives_each_its_own_date_and_cause(plantel, by):
    ProfileFactory()
    left, opted_out = insurable(plantel), insurable(plantel)
    for stay in (left, opted_out):
        MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    baja = leave(left, date(2026, 8, 20))
    registered(opted_out)

    batch = made(plantel, by, MovementKind.BAJA)

    file = batch.files.get(kind=BatchFileKind.MOVEMENTS)
    read = movement_file.read(content_of(file), file_profile(REGISTRO, batch.settings))
    assert [(one.date, one.causa) for one in read] == [(date(2026, 8, 20), "6"), (TODAY, "2")]
    assert list(batch.movements.values_list("baja", flat=True)) == [baja.pk, None]
    assert rows_of(batch.files.get(kind=BatchFileKind.XLSX))[1][7] == "02 baja"


def test_send_batch_notes_who_when_and_the_folio_of_imss(plantel, by):
    stay = insurable(plantel)

    batch = send_batch(make(plantel, by), imss_folio=" 123 ", by=by, now=LATER)

    batch.refresh_from_db()
    assert (batch.state, batch.sent_at, batch.sent_by, batch.imss_folio) == (
        *(BatchState.SENT, LATER, by, "123"),
    )
    assert events(stay) == [Event.BATCH_MADE, Event.BATCH_SENT]


def test_send_batch_twice_is_refused(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)

    with pytest.raises(TransitionNotAllowed):
        send_batch(batch, by=by, now=LATER)


def test_send_batch_waits_while_somebody_in_it_has_left(plantel, by):
    stay = insurable(plantel)
    batch = make(plantel, by)
    leave(stay)

    with pytest.raises(BatchRefused, match=GONE):
        send_batch(batch, by=by, now=LATER)


def test_send_batch_waits_while_the_files_tell_somebody_otherwise(plantel, by):
    stay = insurable(plantel)
    batch = make(plantel, by)
    stay.student.given_names = "Anabel"
    stay.student.save()

    with pytest.raises(BatchRefused) as caught:
        send_batch(batch, by=by, now=LATER)

    assert caught.value.sentence == OUTDATED.format("Gómez Martínez, Anabel (Nombre(s))")
    assert send_batch(remake_batch(batch, by=by, now=LATER), by=by, now=LATER).sent_at == LATER


def test_send_batch_waits_while_the_profile_is_another(plantel, by):
    insurable(plantel)
    profile = ProfileFactory(registro_patronal=REGISTRO)
    batch = make(plantel, by, are_changes_confirmed=True)
    save_profile(REGISTRO, {**profile.settings, "guia": "54321"}, by=by, now=LATER)

    with pytest.raises(BatchRefused) as caught:
        send_batch(batch, by=by, now=LATER)

    assert caught.value.sentence == PROFILE_OUTDATED
    assert send_batch(remake_batch(batch, by=by, now=LATER), by=by, now=LATER).sent_at == LATER


@pytest.mark.parametrize("lacking", [{"guia": ""}, {"salario": None}])
def test_send_batch_of_a_profile_that_lacks_something_waits_only_once_it_is_filled(
    plantel, by, lacking
):
    insurable(plantel)
    whole = ProfileFactory(registro_patronal=REGISTRO).settings
    save_profile(REGISTRO, {**whole, **lacking}, by=by, now=NOW)
    batch = make(plantel, by)

    batch = send_batch(batch, by=by, now=LATER)

    assert (batch.state, batch.settings) == (BatchState.SENT, {})
    undo_sending(batch, by=by, now=LATER)
    save_profile(REGISTRO, whole, by=by, now=LATER)
    with pytest.raises(BatchRefused, match=PROFILE_OUTDATED):
        send_batch(batch, by=by, now=LATER)


def test_send_batch_of_bajas_without_a_salary_goes_with_its_movement_file(plantel, by):
    profile = ProfileFactory(registro_patronal=REGISTRO)
    save_profile(REGISTRO, {**profile.settings, "salario": None}, by=by, now=NOW)
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    leave(stay)

    batch = made(plantel, by, MovementKind.BAJA)

    assert batch.files.filter(kind=BatchFileKind.MOVEMENTS).exists()
    assert send_batch(batch, by=by, now=LATER).state == BatchState.SENT


def test_send_batch_waits_while_the_registro_patronal_is_another(plantel, by):
    insurable(plantel)
    batch = make(plantel, by)
    plantel.registro_patronal = "Y5412345999"
    plantel.save()

    with pytest.raises(BatchRefused, match=PROFILE_OUTDATED):
        send_batch(batch, by=by, now=LATER)


def test_send_batch_names_three_of_many_that_changed(plantel, by):
    for _ in range(5):
        insurable(plantel)
    batch = make(plantel, by)
    Student.objects.update(given_names="Eva")

    with pytest.raises(BatchRefused) as caught:
        send_batch(batch, by=by, now=LATER)

    eva = "Gómez Martínez, Eva (Nombre(s))"
    assert caught.value.sentence == OUTDATED.format(f"{eva}, {eva}, {eva} y 2 más")


def test_send_batch_of_bajas_waits_while_somebody_in_it_came_back(plantel, by):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    leave(stay)
    batch = made(plantel, by, MovementKind.BAJA)
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.ACTIVE)

    with pytest.raises(BatchRefused, match=GONE):
        send_batch(batch, by=by, now=LATER)


@pytest.mark.parametrize(
    "change",
    [
        leave,
        lambda stay: Student.objects.filter(pk=stay.student_id).update(given_names="Anabel"),
        lambda _: Plantel.objects.update(registro_patronal="Y5412345999"),
    ],
    ids=["gone", "outdated", "profile"],
)
def test_send_batch_that_imss_has_under_a_folio_goes_whatever_changed(plantel, by, change):
    stay = insurable(plantel)
    batch = make(plantel, by)
    change(stay)
    with pytest.raises(BatchRefused):
        send_batch(batch, imss_folio="  ", by=by, now=LATER)

    send_batch(batch, imss_folio=" A1", by=by, now=LATER)

    batch.refresh_from_db()
    assert (batch.state, batch.imss_folio) == (BatchState.SENT, "A1")


def test_send_batch_under_a_folio_leads_who_left_to_the_bajas_once_imss_insures_her(plantel, by):
    stay = insurable(plantel)
    batch = make(plantel, by)
    leave(stay)
    assert list(bajas_to_send(plantel)) == []

    batch = send_batch(batch, imss_folio="A1", by=by, now=LATER)
    applied = [Answer(batch.movements.get().reference, APPLIED)]
    answer_movements(batch, applied, by=by, now=LATER)

    assert list(bajas_to_send(plantel)) == [stay]


def test_undo_sending_makes_it_a_draft_again(plantel, by):
    stay = insurable(plantel)
    batch = undo_sending(sent(plantel, by), by=by, now=LATER)

    batch.refresh_from_db()
    assert (batch.state, batch.sent_at, batch.sent_by, batch.imss_folio) == (
        *(BatchState.DRAFT, None, None, ""),
    )
    assert events(stay)[-1] == Event.SENDING_UNDONE


def test_undo_sending_after_an_answer_is_refused(plantel, by):
    insurable(plantel)
    batch = sent(plantel, by)
    Movement.objects.update(state=MovementState.APPLIED)

    with pytest.raises(BatchRefused, match=ANSWERED):
        undo_sending(batch, by=by, now=LATER)


def test_discard_batch_lets_its_students_wait_for_the_next(plantel, by):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True)
    order = AltaOrderFactory(enrollment=stay)

    batch = discard_batch(make(plantel, by), by=by, now=LATER)

    stay.refresh_from_db()
    order.refresh_from_db()
    assert (batch.state, batch.discarded_at, batch.discarded_by) == (
        *(BatchState.DISCARDED, LATER, by),
    )
    assert batch.movements.get().state == MovementState.DROPPED
    assert order.movement is None
    assert stay.sent_to_imss_at == NOW  # the older alta is in force
    assert events(stay)[-1] == Event.BATCH_DISCARDED
    assert len(checked(plantel).ready) == 1


def test_discard_batch_opens_the_data_of_who_was_never_insured(plantel, by):
    stay = insurable(plantel)

    discard_batch(make(plantel, by), by=by, now=LATER)

    stay.refresh_from_db()
    assert stay.sent_to_imss_at is None


def test_discard_batch_that_was_sent_is_refused(plantel, by):
    insurable(plantel)

    with pytest.raises(TransitionNotAllowed):
        discard_batch(sent(plantel, by), by=by, now=LATER)


def test_remake_batch_leaves_out_who_left_and_takes_nobody_new(plantel, by):
    ProfileFactory()
    stays, left = insurable(plantel), insurable(plantel)
    batch = make(plantel, by, are_changes_confirmed=True)
    leave(left)
    insurable(plantel)

    again = remake_batch(batch, by=by, now=LATER)

    batch.refresh_from_db()
    assert (batch.state, again.folio) == (BatchState.DISCARDED, "L-05-2026-002")
    assert again.movements.get().enrollment == stays
    assert send_batch(again, by=by, now=LATER).state == BatchState.SENT


def test_remake_batch_changes_no_letters_that_nobody_confirmed(plantel, by):
    ProfileFactory()
    stay = insurable(plantel)
    batch = make(plantel, by, are_changes_confirmed=True)
    stay.student.first_surname = "Muñoz"
    stay.student.save()

    with pytest.raises(BatchRefused, match=NEW_CHANGES):
        remake_batch(batch, by=by, now=LATER)

    batch.refresh_from_db()
    assert batch.state == BatchState.DRAFT


def test_remake_batch_of_nobody_is_refused(plantel, by):
    leave_all = insurable(plantel)
    batch = make(plantel, by)
    leave(leave_all)

    with pytest.raises(BatchRefused, match=NOBODY_LEFT):
        remake_batch(batch, by=by, now=LATER)


def test_take_file_writes_down_whose_number_was_taken_along(plantel, by):
    stays = [insurable(plantel), insurable(plantel)]
    file = make(plantel, by).files.first()

    assert take_file(file, by=by, now=LATER) == file

    assert set(AccessEntry.objects.values_list("enrollment", "look", "by", "at")) == {
        (stay.pk, Look.BATCH_FILE, by.pk, LATER) for stay in stays
    }


@pytest.mark.parametrize("students", [1, 3])
def test_make_batch_asks_as_much_for_one_as_for_three(
    plantel, by, students, django_assert_num_queries
):
    ProfileFactory()
    for _ in range(students):
        insurable(plantel)
    found = checked(plantel)

    with django_assert_num_queries(27):
        make(plantel, by, seen=found.seen, are_changes_confirmed=True)


def test_a_batch_that_waits_leaves_out_who_needs_no_second_alta(plantel, by):
    stay = insurable(plantel)
    first = sent(plantel, by)
    answer_movements(first, [Answer(first.movements.get().reference, APPLIED)], by=by, now=NOW)
    order_alta_again(stay, reason="Su vigencia salió NO", by=by, now=NOW)
    other = insurable(plantel)
    batch = made(plantel, by, now=NOW)
    assert list(gone_from(batch)) == []

    drop_alta_order(stay)

    assert [one.enrollment for one in gone_from(batch)] == [stay]
    with pytest.raises(BatchRefused, match=GONE):
        send_batch(batch, by=by, now=NOW)
    remade = remake_batch(batch, by=by, now=NOW)
    assert [one.enrollment for one in remade.movements.all()] == [other]
    assert not AltaOrder.objects.exists()
