"""The vigencia: every way in which a report, a repair and a campaign can end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from affiliation.actions.answers import undo_answer
from affiliation.models import AltaOrder
from affiliation.states import MovementState
from clinics.actions import (
    ask_vigencia,
    close_repaired,
    reopen_vigencia,
    repair_vigencia,
    report_vigencia,
)
from clinics.actions.errors import (
    ClinicMissing,
    NobodyToAsk,
    NothingToRepair,
    NotInsured,
    StillInCorrection,
)
from clinics.models import VigenciaCampaign, VigenciaCheck
from clinics.queries.registrations import Selection
from clinics.states import VigenciaResult
from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from students.models import Enrollment, TimelineEntry
from students.states import EnrollmentState, Event
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")
NONE, BY_SCHOOL, BY_OTHER, FAILED = (
    VigenciaResult.NONE,
    VigenciaResult.BY_SCHOOL,
    VigenciaResult.BY_OTHER,
    VigenciaResult.NOT_CONSULTED,
)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def laura(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def stay(plantel):
    return with_clinic(plantel)


def with_clinic(plantel, **stay):
    return UMFRegistrationFactory(
        registered=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    ).enrollment


def says(stay, result, **extra):
    return report_vigencia(stay, result, by=stay.student.user, **{"now": NOW, **extra})


def mails(stay):
    rows = Notice.objects.filter(about=f"enrollment:{stay.pk}").order_by("pk")
    return [(one.message, one.state) for one in rows]


def events_of(stay):
    return list(
        TimelineEntry.objects.filter(enrollment=stay).order_by("pk").values_list("event", flat=True)
    )


@pytest.mark.parametrize(
    ("result", "is_sure"), [(BY_SCHOOL, True), (BY_SCHOOL, False), (BY_OTHER, True)]
)
def test_report_vigencia_keeps_a_yes(stay, result, is_sure):
    said = says(stay, result, is_sure=is_sure)

    said.refresh_from_db()
    assert (said.result, said.is_sure, said.is_current, said.plantel) == (
        result,
        is_sure,
        True,
        stay.plantel,
    )
    assert (said.reported_at, said.reported_by) == (NOW, stay.student.user)
    assert mails(stay) == []
    line = TimelineEntry.objects.get(enrollment=stay)
    assert (line.event, line.data) == (Event.VIGENCIA_REPORTED, {"result": result})


def test_report_vigencia_no_orders_the_alta_again_and_tells(stay):
    says(stay, NONE)

    order = AltaOrder.objects.get()
    assert (order.enrollment, order.movement, order.reason) == (
        stay,
        None,
        "Su consulta de vigencia salió NO",
    )
    assert mails(stay) == [("M-15", NoticeState.QUEUED)]
    assert events_of(stay) == [Event.VIGENCIA_REPORTED, Event.ALTA_ORDERED]


def test_report_vigencia_no_needs_no_clinic(plantel):
    stay = MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel)
    ).enrollment

    assert says(stay, NONE).result == NONE


def test_report_vigencia_could_not_is_asked_again_in_three_days(stay):
    says(stay, FAILED)

    notice = Notice.objects.get()
    assert (notice.message, notice.not_before) == ("M-14", datetime(2026, 8, 24, 8, tzinfo=ZONE))
    assert AltaOrder.objects.count() == 0


def test_report_vigencia_twice_is_once(stay):
    first = says(stay, NONE)

    second = says(stay, NONE, now=NOW + timedelta(seconds=1))

    assert second == first
    assert (VigenciaCheck.objects.count(), AltaOrder.objects.count()) == (1, 1)
    assert mails(stay) == [("M-15", NoticeState.QUEUED)]


def test_report_vigencia_replaces_what_was_said(stay):
    first = says(stay, BY_SCHOOL)

    second = says(stay, NONE)

    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)


def test_report_vigencia_yes_after_a_no_sends_no_alta_again(stay):
    says(stay, NONE)

    says(stay, BY_SCHOOL)

    assert AltaOrder.objects.count() == 0


def test_report_vigencia_could_not_leaves_a_no_as_it_is(stay):
    says(stay, NONE)

    with pytest.raises(StillInCorrection):
        says(stay, FAILED)
    assert VigenciaCheck.objects.get().is_current


def test_report_vigencia_cancels_what_still_asks(stay):
    says(stay, FAILED)

    says(stay, BY_SCHOOL)

    assert mails(stay) == [("M-14", NoticeState.CANCELLED)]


def test_report_vigencia_yes_waits_for_the_clinic(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment

    with pytest.raises(ClinicMissing):
        says(stay, BY_SCHOOL)


def test_report_vigencia_refuses_who_is_not_insured(plantel):
    with pytest.raises(NotInsured):
        says(EnrollmentFactory(confirmed=True, plantel=plantel), NONE)


def test_report_vigencia_could_not_again_on_another_day_is_reminded_again(stay):
    first = says(stay, FAILED)
    Notice.objects.update(state=NoticeState.SENT)

    second = says(stay, FAILED, now=NOW + timedelta(days=3))

    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)
    waiting = Notice.objects.get(state=NoticeState.QUEUED)
    assert (waiting.message, waiting.not_before.astimezone(ZONE)) == (
        "M-14",
        datetime(2026, 8, 27, 8, tzinfo=ZONE),
    )


def test_report_vigencia_could_not_on_the_next_day_puts_the_reminder_off(stay):
    says(stay, FAILED)

    says(stay, FAILED, now=NOW + timedelta(days=1))

    assert mails(stay) == [("M-14", NoticeState.CANCELLED), ("M-14", NoticeState.QUEUED)]


def test_report_vigencia_could_not_twice_on_a_day_is_once(stay):
    first = says(stay, FAILED)

    assert says(stay, FAILED, now=NOW + timedelta(hours=1)) == first
    assert mails(stay) == [("M-14", NoticeState.QUEUED)]


@pytest.mark.parametrize("result", [NONE, BY_SCHOOL])
def test_report_vigencia_that_stands_is_once_on_another_day_too(stay, result):
    first = says(stay, result)

    assert says(stay, result, now=NOW + timedelta(days=3)) == first
    assert VigenciaCheck.objects.count() == 1


def test_repair_vigencia_asks_again_after_the_undo_window(stay, laura):
    said = says(stay, NONE)

    repaired = repair_vigencia(said, by=laura, now=NOW)

    repaired.refresh_from_db()
    assert (repaired.is_current, repaired.repaired_at, repaired.repaired_by) == (False, NOW, laura)
    assert mails(stay) == [("M-15", NoticeState.CANCELLED), ("M-16", NoticeState.QUEUED)]
    assert Notice.objects.get(message="M-16").not_before == NOW + timedelta(seconds=10)
    assert AltaOrder.objects.count() == 0
    assert events_of(stay)[-1] == Event.VIGENCIA_REPAIRED


def test_repair_vigencia_late_in_the_evening_waits_for_the_morning(stay, laura):
    late = datetime(2026, 8, 21, 21, tzinfo=ZONE)

    repair_vigencia(says(stay, NONE), by=laura, now=late)

    assert Notice.objects.get(message="M-16").not_before == datetime(2026, 8, 22, 7, tzinfo=ZONE)


def test_repair_vigencia_twice_is_refused(stay, laura):
    said = says(stay, NONE)
    repair_vigencia(said, by=laura, now=NOW)

    with pytest.raises(NothingToRepair):
        repair_vigencia(said, by=laura, now=NOW)


def test_repair_vigencia_of_who_left_is_refused(stay, laura):
    said = says(stay, NONE)
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)

    with pytest.raises(NothingToRepair):
        repair_vigencia(said, by=laura, now=NOW)


def test_repair_vigencia_of_a_yes_is_refused(stay, laura):
    with pytest.raises(NothingToRepair):
        repair_vigencia(says(stay, BY_SCHOOL), by=laura, now=NOW)


def applied_again(check, *, state=MovementState.APPLIED, at=NOW + timedelta(hours=1)):
    """Let IMSS answer the alta that was ordered for a NO."""
    stay = check.enrollment
    stay.movements.update(is_in_force=False)
    movement = MovementFactory(enrollment=stay, applied=True, answered_at=at)
    movement.state = state
    movement.is_in_force = state == MovementState.APPLIED
    movement.save()
    AltaOrder.objects.update(movement=movement)
    return movement


def test_close_repaired_asks_again_once_the_alta_was_applied(stay):
    said = says(stay, NONE)
    movement = applied_again(said)

    closed = close_repaired(said, now=NOW + timedelta(hours=2))

    closed.refresh_from_db()
    assert (closed.is_current, closed.repaired_by, closed.repaired_with) == (
        *(False, movement.answered_by, movement),
    )
    assert mails(stay)[-1] == ("M-16", NoticeState.QUEUED)


@pytest.mark.parametrize("state", [MovementState.REJECTED, None])
def test_close_repaired_waits_for_an_applied_alta(stay, state):
    said = says(stay, NONE)
    if state:
        applied_again(said, state=state)

    with pytest.raises(NothingToRepair):
        close_repaired(said, now=NOW)


def test_reopen_vigencia_brings_back_the_no_of_an_answer_that_was_undone(stay, laura):
    said = says(stay, NONE)
    movement = applied_again(said)
    close_repaired(said, now=NOW + timedelta(hours=2))
    undo_answer(movement, by=laura, now=NOW + timedelta(hours=3))

    back = reopen_vigencia(said, now=NOW + timedelta(hours=4))

    back.refresh_from_db()
    assert (back.is_current, back.repaired_at, back.repaired_by, back.repaired_with) == (
        *(True, None, None, None),
    )
    line = TimelineEntry.objects.filter(enrollment=stay).latest("pk")
    assert (line.event, line.by) == (Event.VIGENCIA_REOPENED, laura)
    assert mails(stay) == [("M-15", NoticeState.CANCELLED), ("M-16", NoticeState.CANCELLED)]


@pytest.mark.parametrize(("is_open", "told"), [(True, ["M-15", "M-16", "M-15"]), (False, None)])
def test_reopen_vigencia_tells_who_was_asked_to_look_again(stay, laura, is_open, told):
    said = says(stay, NONE)
    movement = applied_again(said)
    close_repaired(said, now=NOW + timedelta(hours=2))
    Notice.objects.filter(message="M-16").update(state=NoticeState.SENT)
    undo_answer(movement, by=laura, now=NOW + timedelta(hours=3))
    if not is_open:
        Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)

    reopen_vigencia(said, now=NOW + timedelta(hours=4))

    assert [name for name, _ in mails(stay)] == (told or ["M-15", "M-16"])


def test_reopen_vigencia_is_asked_again_when_the_alta_is_applied_after_all(stay, laura):
    said = says(stay, NONE)
    movement = applied_again(said)
    close_repaired(said, now=NOW + timedelta(hours=2))
    undo_answer(movement, by=laura, now=NOW + timedelta(hours=3))
    reopen_vigencia(said, now=NOW + timedelta(hours=4))
    applied_again(said, at=NOW + timedelta(hours=5))

    close_repaired(said, now=NOW + timedelta(hours=6))

    assert mails(stay)[-2:] == [("M-16", NoticeState.CANCELLED), ("M-16", NoticeState.QUEUED)]


def test_reopen_vigencia_that_was_closed_by_hand_is_refused(stay, laura):
    said = says(stay, NONE)
    repair_vigencia(said, by=laura, now=NOW)

    with pytest.raises(NothingToRepair):
        reopen_vigencia(said, now=NOW)


def test_reopen_vigencia_of_who_said_something_since_is_refused(stay, laura):
    said = says(stay, NONE)
    movement = applied_again(said)
    close_repaired(said, now=NOW + timedelta(hours=2))
    says(stay, BY_SCHOOL)
    movement.state, movement.is_in_force = MovementState.REJECTED, False
    movement.save()

    with pytest.raises(NothingToRepair):
        reopen_vigencia(said, now=NOW + timedelta(hours=4))


def test_ask_vigencia_asks_everybody_with_a_clinic_again(plantel, laura):
    said, silent = VigenciaCheckFactory(enrollment=with_clinic(plantel)), with_clinic(plantel)
    UMFRegistrationFactory(enrollment__plantel=plantel)

    campaign = ask_vigencia(Selection(plantel), by=laura, now=NOW)

    said.refresh_from_db()
    assert (campaign.students, campaign.group, campaign.asked_by) == (2, "", laura)
    assert not said.is_current
    for stay in (said.enrollment, silent):
        assert mails(stay) == [("M-14", NoticeState.QUEUED)]
        assert events_of(stay) == [Event.VIGENCIA_ASKED]


def test_ask_vigencia_of_one_group_leaves_the_others(plantel, laura):
    here = with_clinic(plantel, group="101")
    other = VigenciaCheckFactory(enrollment=with_clinic(plantel, group="102"))

    campaign = ask_vigencia(Selection(plantel, "101"), by=laura, now=NOW)

    other.refresh_from_db()
    assert (campaign.students, campaign.group) == (1, "101")
    assert (mails(here), mails(other.enrollment)) == ([("M-14", NoticeState.QUEUED)], [])
    assert other.is_current


def test_ask_vigencia_leaves_a_no_to_who_mends_it(plantel, laura):
    waiting = VigenciaCheckFactory(enrollment=with_clinic(plantel), result=NONE)

    with pytest.raises(NobodyToAsk):
        ask_vigencia(Selection(plantel), by=laura, now=NOW)

    waiting.refresh_from_db()
    assert waiting.is_current
    assert VigenciaCampaign.objects.count() == 0


def test_ask_vigencia_asks_nobody_twice_within_a_day(plantel, laura):
    stay = with_clinic(plantel, group="101")
    ask_vigencia(Selection(plantel, "101"), by=laura, now=NOW)
    later = with_clinic(plantel, group="102")

    campaign = ask_vigencia(Selection(plantel), by=laura, now=NOW + timedelta(hours=23))

    assert campaign.students == 1
    assert (events_of(stay), events_of(later)) == ([Event.VIGENCIA_ASKED], [Event.VIGENCIA_ASKED])
    with pytest.raises(NobodyToAsk):
        ask_vigencia(Selection(plantel), by=laura, now=NOW + timedelta(hours=23))
    again = ask_vigencia(Selection(plantel, "101"), by=laura, now=NOW + timedelta(days=1))
    assert again.students == 1


def test_ask_vigencia_takes_the_same_statements_for_one_and_three(laura):
    counts = []
    for number in (1, 3):
        plantel = PlantelFactory()
        for _ in range(number):
            VigenciaCheckFactory(enrollment=with_clinic(plantel))
        with CaptureQueriesContext(connection) as queries:
            ask_vigencia(Selection(plantel), by=laura, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
