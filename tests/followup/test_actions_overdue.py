"""followup.actions.overdue: many told with one press, one by WhatsApp, nobody twice a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from followup.actions.errors import WhatsAppNotPossible
from followup.actions.overdue import notify_overdue, open_whatsapp
from followup.actions.papers import NobodyToPrint, summon_overdue
from followup.models import Reminder
from followup.queries.overdue import NoticePlan, OverdueFilter
from followup.states import ReminderChannel, ReminderKind
from notices.models import Notice
from nss.states import AcuseState
from papers.models import LotPaper
from school.models import Plantel
from school.states import Role
from students.models import TimelineEntry
from students.queries.enrollments import about_stay
from students.states import Event
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
TODAY = date(2026, 8, 31)


@pytest.fixture
def plantel():
    return PlantelFactory()


@pytest.fixture
def responsable(plantel):
    return staff(Role.RESPONSABLE, plantel, name="Laura Ríos")


def late(plantel, **fields):
    return EnrollmentFactory(plantel=plantel, **fields)


def notify(plantel, by, group="", now=NOW):
    return notify_overdue([plantel], OverdueFilter(group), by=by, now=now)


def test_notify_overdue_one_student_alone(plantel, responsable):
    late(plantel)
    chosen = late(plantel)

    plan = notify_overdue(
        [plantel], OverdueFilter(student=chosen.public_id), by=responsable, now=NOW
    )

    assert plan == NoticePlan(mail=1)
    assert Reminder.objects.get().enrollment == chosen


def test_summon_overdue_one_student_whom_mail_reaches_too(plantel, responsable):
    late(plantel)
    chosen = late(plantel)

    (job,) = summon_overdue(
        [plantel], OverdueFilter(student=chosen.public_id), by=responsable, now=NOW
    )

    paper = LotPaper.objects.get(job=job).paper
    assert (job.title, paper.about) == (
        f"Citatorio: matrícula {chosen.matricula}",
        about_stay(chosen),
    )


def test_summon_overdue_one_student_who_is_in_time_is_refused(plantel, responsable):
    in_time = late(plantel, acuse_due_on=TODAY)

    with pytest.raises(NobodyToPrint):
        summon_overdue([plantel], OverdueFilter(student=in_time.public_id), by=responsable, now=NOW)


def test_notify_overdue_writes_ledger_outbox_and_history(plantel, responsable):
    stay = late(plantel)

    plan = notify(plantel, responsable)

    line, notice, entry = Reminder.objects.get(), Notice.objects.get(), TimelineEntry.objects.get()
    assert plan == NoticePlan(mail=1)
    assert (line.enrollment, line.kind, line.channel) == (
        stay,
        ReminderKind.MANUAL,
        ReminderChannel.MAIL,
    )
    assert (line.day, line.round_on, line.message) == (TODAY, TODAY, "M-05")
    assert (line.created_at, line.created_by) == (NOW, responsable)
    assert (notice.key, notice.message, notice.context) == (
        line.notice_key,
        "M-05",
        {"due_on": "2026-08-26"},
    )
    assert (notice.to_email, notice.about) == (stay.roster_email, f"enrollment:{stay.pk}")
    assert notice.not_before == NOW
    assert (entry.event, entry.by, entry.at) == (Event.OVERDUE_NOTIFIED, responsable, NOW)


def test_notify_overdue_leaves_out_who_has_no_mail(plantel, responsable):
    late(plantel, roster_email="", roster_phone="6621234567")
    late(plantel, roster_email="")

    plan = notify(plantel, responsable)

    assert plan == NoticePlan(whatsapp=1, paper=1)
    assert not Reminder.objects.exists()
    assert not Notice.objects.exists()


def test_notify_overdue_twice_tells_nobody_twice(plantel, responsable):
    late(plantel)

    notify(plantel, responsable)
    again = notify(plantel, responsable, now=NOW + timedelta(seconds=1))

    assert again == NoticePlan(told=1)
    assert Reminder.objects.count() == Notice.objects.count() == 1
    assert TimelineEntry.objects.count() == 1


def test_notify_overdue_again_on_the_next_day(plantel, responsable):
    late(plantel)

    notify(plantel, responsable)
    notify(plantel, responsable, now=NOW + timedelta(days=1))

    days = list(Reminder.objects.order_by("day").values_list("day", flat=True))
    assert days == [TODAY, TODAY + timedelta(days=1)]
    assert Notice.objects.count() == 2


def test_notify_overdue_only_of_one_group_and_of_these_planteles(plantel, responsable):
    wanted = late(plantel, group="102")
    late(plantel, group="101")
    late(PlantelFactory(), group="102")

    notify(plantel, responsable, group="102")

    assert list(Reminder.objects.values_list("enrollment", flat=True)) == [wanted.pk]


def test_notify_overdue_at_night_waits_for_seven_and_counts_for_that_day(plantel, responsable):
    late(plantel)
    nine_in_the_evening = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)

    notify(plantel, responsable, now=nine_in_the_evening)
    again = notify(plantel, responsable, now=nine_in_the_evening + timedelta(minutes=1))

    assert Notice.objects.get().not_before == datetime(2026, 9, 1, 13, 0, tzinfo=UTC)
    assert Reminder.objects.get().day == date(2026, 9, 1)
    assert again == NoticePlan(told=1)


def test_notify_overdue_of_an_unconfirmed_file_asks_to_confirm_it(plantel, responsable):
    AcuseFactory(request__enrollment__plantel=plantel, state=AcuseState.DRAFT)

    notify(plantel, responsable)

    assert Notice.objects.get().message == Reminder.objects.get().message == "M-07"


@pytest.mark.parametrize("rows", [1, 3])
def test_notify_overdue_takes_a_fixed_number_of_queries(
    plantel, responsable, rows, django_assert_num_queries
):
    for _ in range(rows):
        late(plantel)

    with django_assert_num_queries(13):
        notify(plantel, responsable)


def test_open_whatsapp_is_written_down_as_opened(plantel, responsable):
    stay = late(plantel, roster_email="", roster_phone="6621234567")

    url = open_whatsapp(stay, by=responsable, now=NOW)

    line, entry = Reminder.objects.get(), TimelineEntry.objects.get()
    assert url.startswith("https://wa.me/526621234567?text=Hola")
    assert (line.kind, line.channel, line.day, line.message) == (
        ReminderKind.MANUAL,
        ReminderChannel.WHATSAPP,
        TODAY,
        "",
    )
    assert (entry.event, entry.by) == (Event.WHATSAPP_OPENED, responsable)
    assert entry.get_event_display() == "Se abrió WhatsApp para escribirle"
    assert not Notice.objects.exists()


def test_open_whatsapp_twice_a_day_is_written_down_once(plantel, responsable):
    stay = late(plantel, roster_phone="6621234567")

    first = open_whatsapp(stay, by=responsable, now=NOW)
    second = open_whatsapp(stay, by=responsable, now=NOW + timedelta(minutes=5))

    assert first == second
    assert Reminder.objects.count() == TimelineEntry.objects.count() == 1


def test_open_whatsapp_uses_up_the_reminder_of_the_day(plantel, responsable):
    stay = late(plantel, roster_phone="6621234567")

    open_whatsapp(stay, by=responsable, now=NOW)

    assert notify(plantel, responsable) == NoticePlan(told=1)


def test_open_whatsapp_after_todays_mail(plantel, responsable):
    stay = late(plantel, roster_phone="6621234567")
    notify(plantel, responsable)

    with pytest.raises(WhatsAppNotPossible, match="Ya se le avisó hoy por correo"):
        open_whatsapp(stay, by=responsable, now=NOW)


def test_open_whatsapp_without_a_number(plantel, responsable):
    with pytest.raises(WhatsAppNotPossible, match="No dio un celular"):
        open_whatsapp(late(plantel), by=responsable, now=NOW)


def test_open_whatsapp_of_who_is_not_late(plantel, responsable):
    acuse = AcuseFactory(
        request__enrollment__plantel=plantel, request__enrollment__roster_phone="6621234567"
    )

    with pytest.raises(WhatsAppNotPossible, match="Ya no tiene el plazo vencido"):
        open_whatsapp(acuse.request.enrollment, by=responsable, now=NOW)

    assert not Reminder.objects.exists()


def test_notify_overdue_of_several_planteles_by_each_clock(plantel, responsable):
    tijuana = PlantelFactory(time_zone="America/Tijuana")
    for where in (plantel, tijuana):
        late(where)
    early = datetime(2026, 8, 31, 13, 30, tzinfo=UTC)

    notify_overdue(Plantel.objects.all(), OverdueFilter(), by=responsable, now=early)

    leaves = dict(Notice.objects.values_list("plantel", "not_before"))
    assert leaves == {plantel.pk: early, tijuana.pk: datetime(2026, 8, 31, 14, 0, tzinfo=UTC)}
