"""Who is enrolled but not in the list: decided by a person, never by the list."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.transitions import TransitionNotAllowed
from notices.actions import Recipient, queue
from notices.models import Notice
from notices.states import NoticeState
from school.models import User
from school.states import Role
from students.actions.bajas import BajaDateRefused, EnrolledAgain, withdraw_student
from students.actions.roster import (
    NothingToImport,
    confirm_import,
    import_roster,
    keep_check,
    keep_columns,
    match_columns,
    upload_roster,
)
from students.actions.roster_missing import decide_missing, keep_all_missing, reinstate
from students.models import Enrollment, RosterImport, TimelineEntry
from students.queries.roster_imports import undecided_stays, withdrawn_stays
from students.roster_file.table import read_table
from students.states import BajaKind, EnrollmentState, Event, MissingDecision
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.lock_order import looks_before_stay
from tests.students.roster_files import HEADERS, csv_bytes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 21)
KEYS = ("matricula", "given_names", "first_surname", "second_surname", "group", "curp")
NEW = ["26050900", "Eva", "Ríos", "", "101", ""]


@pytest.fixture
def plantel():
    return PlantelFactory(number="P5")


@pytest.fixture
def cycle():
    return SchoolCycleFactory()


@pytest.fixture
def by(plantel) -> User:
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def stays(plantel, cycle) -> list[Enrollment]:
    return [
        EnrollmentFactory(
            plantel=plantel, cycle=cycle, matricula=f"2605000{n}", student__curp=curp(n)
        )
        for n in range(4)
    ]


def load(plantel, by, *rows, keys=KEYS) -> RosterImport:
    data = csv_bytes([[*HEADERS, *keys[len(KEYS) :]], *rows])
    table = read_table(data, max_rows=5_000)
    roster = upload_roster(plantel, SimpleUploadedFile("lista.csv", data), by=by, now=NOW)
    keep_columns(roster, table)
    match_columns(roster, {key: at for at, key in enumerate(keys)})
    keep_check(roster, table, today=date(2026, 8, 21))
    confirm_import(roster)
    import_roster(roster, table, now=NOW)
    roster.refresh_from_db()
    return roster


def row(stay: Enrollment, **told: str) -> list[str]:
    person = stay.student
    data = {
        "matricula": stay.matricula,
        "given_names": person.given_names,
        "first_surname": person.first_surname,
        "second_surname": person.second_surname,
        "group": stay.group,
        "curp": person.curp,
    }
    return list({**data, **told}.values())


def fresh(stay: Enrollment) -> Enrollment:
    return Enrollment.objects.get(pk=stay.pk)


def end(stay: Enrollment, by: User) -> None:
    withdraw_student(stay, kind=BajaKind.DEFINITIVE, on_date=TODAY, by=by, now=NOW)


def events() -> list[tuple[int, str]]:
    said = TimelineEntry.objects.exclude(event__in=[Event.ENROLLED, Event.ROSTER_CHANGED])
    return list(said.order_by("pk").values_list("enrollment", "event"))


def test_who_is_not_in_the_list(plantel, by, cycle, stays) -> None:
    """Named by matrícula, by CURP under a new matrícula, in a row with an error: in it. Others are not asked for.

    Who renounced the cover leaves the plantel like anybody.
    """
    EnrollmentFactory(cycle=cycle)
    EnrollmentFactory(plantel=plantel, cycle=SchoolCycleFactory(name="2025-B"))
    renounced = EnrollmentFactory(plantel=plantel, cycle=cycle, state=EnrollmentState.OPTED_OUT)
    EnrollmentFactory(plantel=plantel, cycle=cycle, state=EnrollmentState.WITHDRAWN)

    roster = load(
        plantel,
        by,
        row(stays[0], curp=""),
        row(stays[1], matricula="26051111"),
        row(stays[2], group=""),
        NEW,
    )

    assert roster.report["missing"] == [stays[3].pk, renounced.pk]
    assert roster.report["counts"]["missing"] == 2
    assert list(undecided_stays(roster)) == [stays[3], renounced]
    assert {fresh(stay).state for stay in stays} == {EnrollmentState.ACTIVE}


def test_list_that_only_leaves_somebody_out_can_be_confirmed(plantel, by, stays) -> None:
    roster = load(plantel, by, *[row(stay) for stay in stays[:3]])

    assert roster.report["counts"] == {
        "new": 0,
        "changed": 0,
        "same": 3,
        "bad": 0,
        "missing": 1,
        "marked": 0,
    }


def test_list_without_anything_to_do_cannot(plantel, by, stays) -> None:
    with pytest.raises(NothingToImport):
        load(plantel, by, *[row(stay) for stay in stays])


@pytest.fixture
def roster(plantel, by, stays) -> RosterImport:
    """A list that names stays[0] alone."""
    return load(plantel, by, row(stays[0]), NEW)


def test_decide_missing(roster, stays, by) -> None:
    said = {stays[1].pk: MissingDecision.DEFINITIVE, stays[2].pk: MissingDecision.KEEP}

    decide_missing(roster, said, on_date=TODAY, by=by, now=NOW)

    roster.refresh_from_db()
    assert [fresh(stay).state for stay in stays] == [
        EnrollmentState.ACTIVE,
        EnrollmentState.WITHDRAWN,
        EnrollmentState.ACTIVE,
        EnrollmentState.ACTIVE,
    ]
    assert events() == [(stays[1].pk, Event.WITHDRAWN), (stays[2].pk, Event.STILL_ENROLLED)]
    assert list(undecided_stays(roster)) == [stays[3]]
    assert list(withdrawn_stays(roster)) == [stays[1]]
    entry = TimelineEntry.objects.get(event=Event.WITHDRAWN)
    assert (entry.by, entry.at) == (by, NOW)
    assert entry.data == {
        "baja": "baja definitiva",
        "since": "viernes 21 de agosto",
        "folio": roster.folio,
    }


@pytest.mark.parametrize("said", [MissingDecision.DEFINITIVE, MissingDecision.KEEP])
def test_decide_missing_twice(roster, stays, by, said) -> None:
    decide_missing(roster, {stays[1].pk: said}, on_date=TODAY, by=by, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        decide_missing(
            roster,
            {stays[1].pk: said, stays[2].pk: MissingDecision.DEFINITIVE},
            on_date=TODAY,
            by=by,
            now=NOW,
        )

    assert len(events()) == 1
    assert fresh(stays[2]).state == EnrollmentState.ACTIVE


def test_decide_missing_of_who_is_in_the_list(roster, stays, by) -> None:
    with pytest.raises(TransitionNotAllowed):
        decide_missing(
            roster, {stays[0].pk: MissingDecision.DEFINITIVE}, on_date=TODAY, by=by, now=NOW
        )

    assert events() == []


def test_keep_all_missing(roster, stays, by) -> None:
    assert keep_all_missing(roster, by=by, now=NOW) == 3

    roster.refresh_from_db()
    assert list(undecided_stays(roster)) == []
    assert events() == [(stay.pk, Event.STILL_ENROLLED) for stay in stays[1:]]


def test_keep_all_missing_twice(roster, by) -> None:
    keep_all_missing(roster, by=by, now=NOW)

    assert keep_all_missing(roster, by=by, now=NOW) == 0

    assert len(events()) == 3


def test_withdraw_cancels_what_waits_to_be_sent(roster, stays, by) -> None:
    for stay in stays[1:3]:
        queue(
            f"k{stay.pk}",
            "M-09",
            to=Recipient("a@correo.example", "Ana"),
            plantel=stay.plantel,
            about=f"enrollment:{stay.pk}",
            context={},
            now=NOW,
        )

    end(stays[1], by)

    states = dict(Notice.objects.values_list("about", "state"))
    assert states == {
        f"enrollment:{stays[1].pk}": NoticeState.CANCELLED,
        f"enrollment:{stays[2].pk}": NoticeState.QUEUED,
    }


def test_withdraw_of_a_stay_that_is_over(stays, by) -> None:
    end(stays[1], by)

    with pytest.raises(TransitionNotAllowed):
        end(stays[1], by)


@pytest.fixture
def withdrawn(roster, stays, by) -> Enrollment:
    decide_missing(roster, {stays[1].pk: MissingDecision.DEFINITIVE}, on_date=TODAY, by=by, now=NOW)
    return fresh(stays[1])


def test_reinstate(roster, withdrawn, by) -> None:
    reinstate(roster, withdrawn, by=by, now=NOW)

    roster.refresh_from_db()
    assert fresh(withdrawn).state == EnrollmentState.ACTIVE
    assert events()[-1] == (withdrawn.pk, Event.REINSTATED)
    assert withdrawn not in undecided_stays(roster)
    assert list(withdrawn_stays(roster)) == []


def test_reinstate_locks_in_the_order_of_all_actions(roster, withdrawn, by) -> None:
    with CaptureQueriesContext(connection) as asked:
        reinstate(roster, withdrawn, by=by, now=NOW)

    assert looks_before_stay(asked)


def test_reinstate_twice(roster, withdrawn, by) -> None:
    reinstate(roster, withdrawn, by=by, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        reinstate(roster, withdrawn, by=by, now=NOW)


def test_reinstate_who_was_withdrawn_otherwise(roster, stays, by) -> None:
    end(stays[2], by)

    with pytest.raises(TransitionNotAllowed):
        reinstate(roster, stays[2], by=by, now=NOW)


def test_reinstate_who_enrolled_again(roster, withdrawn, by) -> None:
    EnrollmentFactory(student=withdrawn.student, matricula="2")

    with pytest.raises(EnrolledAgain):
        reinstate(roster, withdrawn, by=by, now=NOW)


def test_reinstate_whose_matricula_is_used(roster, withdrawn, by) -> None:
    EnrollmentFactory(matricula=withdrawn.matricula)

    with pytest.raises(EnrolledAgain):
        reinstate(roster, withdrawn, by=by, now=NOW)


MARKED = (*KEYS, "status")


def load_marked(plantel, by, *rows) -> RosterImport:
    return load(plantel, by, *rows, keys=MARKED)


def test_who_is_marked_as_a_baja(plantel, by, cycle, stays) -> None:
    """Of any ciclo, by matrícula or CURP, also without a group; nothing of such a row is imported."""
    old = EnrollmentFactory(
        plantel=plantel, cycle=SchoolCycleFactory(name="2025-B"), matricula="25050001"
    )

    roster = load_marked(
        plantel,
        by,
        [*row(stays[0], group="999"), "Baja temporal"],
        [*row(stays[1], matricula="26051111", group=""), "BAJA"],
        [*row(stays[2]), "Activo"],
        [*row(old), "egresado"],
        ["26059999", "Zoé", "Luna", "", "101", "", "baja definitiva"],
    )

    assert roster.report["missing"] == [stays[0].pk, stays[1].pk, stays[3].pk, old.pk]
    assert roster.report["marked"] == {
        str(stays[0].pk): "TEMPORARY",
        str(stays[1].pk): "LEFT",
        str(old.pk): "FINISHED",
    }
    assert roster.report["counts"] == {
        "new": 0,
        "changed": 0,
        "same": 1,
        "bad": 0,
        "missing": 4,
        "marked": 3,
    }
    (finding,) = [one for one in roster.report["findings"] if one["field"] == "status"]
    assert (finding["value"], finding["problem"], finding["blocks"]) == (
        "26059999",
        "Viene como baja y no está inscrito en este plantel",
        False,
    )
    assert fresh(stays[0]).group == "101"
    assert {fresh(stay).state for stay in stays} == {EnrollmentState.ACTIVE}


def test_decide_missing_with_two_kinds(roster, stays, by) -> None:
    said = {stays[1].pk: MissingDecision.TEMPORARY, stays[2].pk: MissingDecision.FINISHED}

    decide_missing(roster, said, on_date=TODAY, by=by, now=NOW)

    roster.refresh_from_db()
    assert [fresh(stay).state for stay in stays[1:3]] == ["WITHDRAWN", "FINISHED"]
    assert list(withdrawn_stays(roster)) == stays[1:3]


def test_decide_missing_on_a_day_to_come(roster, stays, by) -> None:
    said = {stays[1].pk: MissingDecision.TEMPORARY}

    with pytest.raises(BajaDateRefused):
        decide_missing(roster, said, on_date=date(2026, 8, 22), by=by, now=NOW)

    assert fresh(stays[1]).state == EnrollmentState.ACTIVE
