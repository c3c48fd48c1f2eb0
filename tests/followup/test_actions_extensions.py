"""followup.actions.extensions: more days for one student."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.dates import weekday_date
from followup.actions.errors import ExtensionNotPossible
from followup.actions.extensions import extend_deadline
from followup.queries.progress import standing_of
from followup.states import Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.errors import ReasonTooShort
from school.models import NonWorkingDay
from school.states import DayCount, Role
from students.models import Extension, TimelineEntry
from students.queries.deadlines import acuse_deadline
from students.states import EnrollmentState, Event
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory
from tests.lock_order import looks_before_stay

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
"""Three business days after the deadline of the factory's student, Wednesday 26 August."""
FRIDAY = date(2026, 9, 4)
WHY = "Estuvo en el hospital esta semana"


@pytest.fixture
def stay():
    return EnrollmentFactory(confirmed=True, told_due_on=date(2026, 8, 26))


@pytest.fixture
def responsable(stay):
    return staff(Role.RESPONSABLE, stay.plantel, name="Laura Ríos")


def extend(stay, by, due_on=FRIDAY, reason=WHY, now=MONDAY):
    """Return the prórroga and where the stay stands then."""
    given = extend_deadline(stay, due_on=due_on, reason=reason, by=by, now=now)
    return given, standing_of(stay, now=now)


def test_extend_deadline_moves_the_day_and_says_why(stay, responsable):
    given, standing = extend(stay, responsable)

    assert (given.due_on, given.reason, given.given_by) == (FRIDAY, WHY, responsable)
    assert (standing.stage, standing.due_on, standing.is_overdue) == (Stage.S_01, FRIDAY, False)
    assert standing.acuse_due_on == acuse_deadline(standing).date == FRIDAY
    assert acuse_deadline(standing).why.endswith("prórroga hasta el viernes 4 de septiembre")


def test_extend_deadline_locks_in_the_order_of_all_actions(stay, responsable):
    with CaptureQueriesContext(connection) as asked:
        extend(stay, responsable)

    assert looks_before_stay(asked)


def test_extend_deadline_stands_in_the_history(stay, responsable):
    extend(stay, responsable)

    entry = TimelineEntry.objects.get()
    assert (entry.event, entry.by, entry.at) == (Event.DEADLINE_EXTENDED, responsable, MONDAY)
    assert entry.data == {
        "until": "viernes 4 de septiembre",
        "reason": WHY,
        "was_due_on": "2026-08-26",
        "due_on": "2026-09-04",
    }


def test_extend_deadline_stops_the_mails_about_the_old_day(stay, responsable):
    about = f"enrollment:{stay.pk}"
    late = NoticeFactory(about=about, message="M-05", state=NoticeState.QUEUED, key="tarde")
    other = NoticeFactory(about=about, message="M-02", state=NoticeState.QUEUED, key="datos")

    extend(stay, responsable)

    states = dict(Notice.objects.values_list("pk", "state"))
    assert states == {late.pk: NoticeState.CANCELLED, other.pk: NoticeState.QUEUED}


def test_extend_deadline_twice_up_to_the_same_day_is_once(stay, responsable):
    first, _ = extend(stay, responsable)
    second, _ = extend(stay, responsable, now=MONDAY + timedelta(seconds=1))

    assert first == second
    assert Extension.objects.count() == TimelineEntry.objects.count() == 1


@pytest.mark.parametrize("another", [date(2026, 9, 2), date(2026, 9, 11)])
def test_extend_deadline_again_the_newest_day_counts(stay, responsable, another):
    extend(stay, responsable)

    _, standing = extend(stay, responsable, due_on=another, now=MONDAY + timedelta(hours=1))

    assert standing.due_on == standing.acuse_due_on == another
    assert Extension.objects.count() == 2


def test_extend_deadline_up_to_today(stay, responsable):
    _, standing = extend(stay, responsable, due_on=date(2026, 8, 31))

    assert (standing.due_on, standing.is_overdue) == (date(2026, 8, 31), False)


def test_extend_deadline_before_it_is_over(stay, responsable):
    early = datetime(2026, 8, 24, 16, 0, tzinfo=UTC)

    _, standing = extend(stay, responsable, now=early)

    assert standing.due_on == FRIDAY


def test_extend_deadline_of_a_returned_acuse(stay, responsable):
    AcuseFactory(
        request__enrollment=stay,
        state="RETURNED",
        return_reason="UNREADABLE",
        reviewed_at=MONDAY - timedelta(days=5),
        reviewed_by=responsable,
    )

    _, standing = extend(stay, responsable)

    assert (standing.stage, standing.due_on) == (Stage.S_05, FRIDAY)


@pytest.mark.parametrize("reason", ["", "   ", "Porque lo pidió"[:14], "corto" + " " * 20])
def test_extend_deadline_needs_a_reason(stay, responsable, reason):
    with pytest.raises(ReasonTooShort) as refused:
        extend(stay, responsable, reason=reason)

    assert refused.value.sentence == (
        "Escribir el motivo con 15 letras o más: queda en el historial"
    )
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 8, 30), "Elegir hoy o un día que aún no pasa"),
        (
            date(2026, 9, 5),
            "El sábado 5 de septiembre no cuenta (fin de semana). "
            "Elegir otro día, por ejemplo el lunes 7 de septiembre",
        ),
        (
            date(2026, 9, 3),
            "El jueves 3 de septiembre no cuenta (puente). "
            "Elegir otro día, por ejemplo el viernes 4 de septiembre",
        ),
        (
            date(2099, 1, 2),
            "Elegir un día de este ciclo, que termina el {end}",
        ),
    ],
)
def test_extend_deadline_up_to_a_day_that_will_not_do(stay, responsable, day, sentence):
    NonWorkingDay.objects.create(plantel=stay.plantel, date=date(2026, 9, 3), reason="puente")

    with pytest.raises(ExtensionNotPossible) as refused:
        extend(stay, responsable, due_on=day)

    assert refused.value.sentence == sentence.format(end=weekday_date(stay.cycle.ends_on))
    stay.refresh_from_db()
    assert stay.acuse_due_on == date(2026, 8, 26)
    assert not TimelineEntry.objects.exists()


@pytest.mark.parametrize("told", [None, date(2026, 8, 27)])
def test_extend_deadline_never_goes_below_what_stands_without_it(stay, responsable, told):
    type(stay).objects.filter(pk=stay.pk).update(told_due_on=told)
    stay.refresh_from_db()
    least = told or date(2026, 8, 26)

    with pytest.raises(ExtensionNotPossible) as refused:
        extend(stay, responsable, due_on=least, now=datetime(2026, 8, 24, 16, 0, tzinfo=UTC))

    assert refused.value.sentence.endswith("hasta ese día ya tiene plazo")


def test_extend_deadline_in_natural_days_takes_a_saturday(stay, responsable):
    stay.cycle.acuse_day_count = DayCount.NATURAL
    stay.cycle.save()

    _, standing = extend(stay, responsable, due_on=date(2026, 9, 5))

    assert standing.due_on == date(2026, 9, 5)


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
def test_extend_deadline_of_a_stay_that_is_over(stay, responsable, state):
    type(stay).objects.filter(pk=stay.pk).update(state=state)

    with pytest.raises(ExtensionNotPossible, match="no corre ahora"):
        extend(stay, responsable)


def test_extend_deadline_while_the_plantel_has_the_acuse(stay, responsable):
    AcuseFactory(request__enrollment=stay)

    with pytest.raises(ExtensionNotPossible, match="no corre ahora"):
        extend(stay, responsable)
