"""The sweep: who is told what, once, and who is not."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.quiet_hours import is_quiet
from followup.actions import reminders
from followup.actions.ladder import publish_version, restore_version
from followup.actions.reminders import Reminded, remind_students
from followup.ladder import Standing, ladder, next_look, open_rung
from followup.models import Reminder
from followup.queries.progress import standing_of
from followup.queries.reminders import Batch, groups, standing, steps_in_use
from followup.stages import ACUSE_ASKED
from followup.states import ReminderKind, ReminderOutcome, ReminderStep, Stage
from notices.models import Notice
from nss.actions.review import accept_acuse, return_acuse
from nss.actions.upload import send_acuse
from nss.models import Acuse
from nss.states import AcuseState, RequestState, ReturnReason
from renuncias.actions import withdraw_renuncia
from school.calendar import Calendar
from school.models import Plantel, TextVersion
from school.queries.texts import current_text, packaged_fields
from school.states import Role, TextKind
from students.actions.reminders import AT_ONCE, look_again
from students.models import Enrollment, NextLook
from students.states import EnrollmentState
from tests.factories.followup import ReminderFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued, signed
from tests.factories.school import (
    NonWorkingDayFactory,
    PlantelFactory,
    SchoolCycleFactory,
    UserFactory,
    staff,
)
from tests.factories.students import EnrollmentFactory, nss
from tests.project.knock import undone

pytestmark = pytest.mark.django_db

MEXICO, TIJUANA = ZoneInfo("America/Mexico_City"), ZoneInfo("America/Tijuana")
DUE = date(2026, 8, 26)  # a Wednesday
TOLD, NO_EMAIL, SKIPPED = (
    ReminderOutcome.TOLD,
    ReminderOutcome.NO_EMAIL,
    ReminderOutcome.SKIPPED,
)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2026 in Mexico City."""
    return datetime(2026, 8, day, hour, minute, tzinfo=MEXICO)


def waiting(**fields) -> Enrollment:
    """A student without an acuse whose deadline is 26 August."""
    stay = EnrollmentFactory(**{"confirmed": True, "acuse_due_on": DUE} | fields)
    look_again([stay.pk])
    return stay


def drafting(stay: Enrollment, at: datetime) -> Acuse:
    """The student's file that came in at that moment and was not confirmed."""
    return AcuseFactory(draft=True, request__enrollment=stay, created_at=at)


def ledger(stay: Enrollment) -> list[tuple[str, str, str]]:
    rows = Reminder.objects.filter(enrollment=stay).order_by("pk")
    return list(rows.values_list("kind", "step", "outcome"))


def mails(stay: Enrollment) -> list[str]:
    rows = Notice.objects.filter(about=f"enrollment:{stay.pk}").order_by("pk")
    return list(rows.values_list("message", flat=True))


def look_at(stay: Enrollment) -> datetime | None:
    return NextLook.objects.filter(pk=stay.pk).values_list("at", flat=True).first()


@pytest.mark.parametrize(
    ("now", "message", "following"),
    [
        (moment(25, 8), "M-03", moment(26, 8)),
        (moment(26, 8), "M-04", moment(27, 8)),
        (moment(27, 8), "M-05", None),
    ],
)
def test_remind_students_tells_the_rung_of_the_day(now, message, following):
    stay = waiting()

    reminded = remind_students(now=now)

    assert reminded == Reminded(1, 1)
    assert mails(stay) == [message]
    assert look_at(stay) == following


def test_remind_students_climbs_the_whole_ladder():
    stay = waiting()

    for day in (24, 25, 26, 27, 28):
        for hour in (6, 8, 12, 21):
            remind_students(now=moment(day, hour))

    assert ledger(stay) == [
        (ReminderKind.ACUSE, ReminderStep.BEFORE, TOLD),
        (ReminderKind.ACUSE, ReminderStep.LAST_DAY, TOLD),
        (ReminderKind.ACUSE, ReminderStep.OVERDUE, TOLD),
    ]
    assert mails(stay) == ["M-03", "M-04", "M-05"]
    assert look_at(stay) is None


def test_remind_students_twice_is_once():
    stay = waiting()
    remind_students(now=moment(25, 8))
    look_again([stay.pk])

    again = remind_students(now=moment(25, 9))

    assert again == Reminded()
    assert mails(stay) == ["M-03"]
    assert look_at(stay) == moment(26, 8)


def test_remind_students_writes_what_the_mail_needs():
    stay = waiting(plantel__room="Edificio A")
    remind_students(now=moment(25, 8))

    (notice,) = Notice.objects.all()
    line = Reminder.objects.get()
    assert (notice.key, notice.about) == (line.notice_key, f"enrollment:{stay.pk}")
    assert (notice.to_email, notice.to_name) == (stay.data.email, "Ana Gómez Martínez")
    assert notice.context == {"due_on": "2026-08-26", "weekday": ""}
    assert (notice.plantel_id, notice.expires_at) == (stay.plantel_id, moment(25, 20))
    assert (notice.created_at, notice.not_before) == (moment(25, 8), moment(25, 8))
    assert len(notice.public_id) == 22
    assert (line.round_on, line.day, line.message) == (DUE, date(2026, 8, 25), "M-03")


def test_remind_students_names_the_weekday_when_it_is_not_tomorrow():
    waiting(acuse_due_on=date(2026, 8, 31))

    remind_students(now=moment(28, 8))

    assert Notice.objects.get().context == {"due_on": "2026-08-31", "weekday": "lunes"}


def test_remind_students_gives_each_notice_an_id_of_its_own():
    for _ in range(3):
        waiting()

    remind_students(now=moment(25, 8))

    assert len(set(Notice.objects.values_list("public_id", flat=True))) == 3


def test_remind_students_uses_the_mailbox_of_the_roster_without_data():
    stay = waiting(confirmed=False, roster_email="lista@correo.example")

    remind_students(now=moment(25, 8))

    assert Notice.objects.get().to_email == "lista@correo.example"
    assert ledger(stay) == [(ReminderKind.ACUSE, ReminderStep.BEFORE, TOLD)]


def test_remind_students_notes_who_has_no_mailbox():
    stay = waiting(confirmed=False, roster_email="")

    reminded = remind_students(now=moment(25, 8))

    assert reminded == Reminded(1, 0)
    assert ledger(stay) == [(ReminderKind.ACUSE, ReminderStep.BEFORE, NO_EMAIL)]
    assert look_at(stay) == moment(26, 8)


# Who is not told -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"state": EnrollmentState.WITHDRAWN},
        {"state": EnrollmentState.FINISHED},
        {"state": EnrollmentState.OPTED_OUT},
        {"student__nss": nss(1)},
        {"acuse_due_on": None},
    ],
)
def test_remind_students_leaves_alone_whose_turn_it_is_not(fields):
    stay = waiting(**fields)

    reminded = remind_students(now=moment(25, 8))

    assert reminded == Reminded()
    assert (ledger(stay), mails(stay), look_at(stay)) == ([], [], None)


def test_remind_students_of_a_closed_plantel_is_silent_and_forgets_nobody():
    stay = waiting(plantel__is_active=False)
    closed = [remind_students(now=moment(day, 8)) for day in (25, 26)]
    was = look_at(stay)
    Plantel.objects.update(is_active=True)

    opened = remind_students(now=moment(27, 8))

    assert (closed, was) == ([Reminded()] * 2, AT_ONCE)
    assert (opened, mails(stay)) == (Reminded(1, 1), ["M-05"])


@pytest.mark.parametrize("state", [RequestState.AT_SUBDELEGACION, RequestState.PROVEN])
def test_remind_students_leaves_alone_whose_nss_is_asked_for_or_proven(state):
    stay = waiting()
    proven = {"proven_at": moment(24, 9)} if state == RequestState.PROVEN else {}
    NSSRequestFactory(enrollment=stay, state=state, **proven)

    remind_students(now=moment(26, 8))

    assert (ledger(stay), look_at(stay)) == ([], None)


@pytest.mark.parametrize("make", [issued, signed])
def test_remind_students_leaves_alone_who_asked_for_a_renuncia(make):
    stay = waiting()
    make(stay)

    remind_students(now=moment(26, 8))

    assert (ledger(stay), look_at(stay)) == ([], None)


def test_remind_students_reminds_again_who_changed_his_mind():
    stay = waiting()
    withdraw_renuncia(issued(stay), by=stay.student.user, now=moment(24, 9))

    remind_students(now=moment(27, 8))

    assert (ReminderKind.ACUSE, ReminderStep.LAST_DAY, TOLD) in ledger(stay)


def test_remind_students_leaves_alone_whose_acuse_is_in_review():
    stay = waiting()
    AcuseFactory(request__enrollment=stay)

    remind_students(now=moment(26, 8))

    assert (ledger(stay), look_at(stay)) == ([], None)


def test_remind_students_stops_when_the_acuse_is_accepted_and_begins_again_when_it_is_returned():
    stay, reviewer = waiting(), UserFactory()
    remind_students(now=moment(25, 8))
    acuse = drafting(stay, moment(25, 9))
    sent = send_acuse(acuse, by=stay.student.user, now=moment(25, 9, 1))
    remind_students(now=moment(26, 8))
    returned = return_acuse(sent, reason=ReturnReason.UNREADABLE, by=reviewer, now=moment(26, 10))
    remind_students(now=moment(26, 10, 1))
    told = mails(stay)
    for day in (27, 28, 31):
        remind_students(now=moment(day, 8))

    assert returned.request.enrollment.acuse_due_on == date(2026, 8, 28)
    assert told == ["M-03", "M-06", "M-08"]
    assert mails(stay)[3:] == ["M-03", "M-04", "M-05"]


def test_remind_students_after_an_acceptance_says_nothing():
    stay = waiting()
    acuse = AcuseFactory(request__enrollment=stay)
    accept_acuse(acuse, nss=nss(1), by=UserFactory(), now=moment(25, 7, 30))
    was = look_at(stay)

    remind_students(now=moment(27, 8))

    assert (was, look_at(stay)) == (AT_ONCE, None)
    assert mails(stay) == ["M-09"]


# Outages, nights, days --------------------------------------------------------------------------
def test_remind_students_after_an_outage_tells_the_latest_and_notes_the_others():
    stay = waiting()

    remind_students(now=moment(29, 15))

    assert mails(stay) == ["M-05"]
    assert sorted(ledger(stay)) == [
        (ReminderKind.ACUSE, ReminderStep.BEFORE, SKIPPED),
        (ReminderKind.ACUSE, ReminderStep.LAST_DAY, SKIPPED),
        (ReminderKind.ACUSE, ReminderStep.OVERDUE, TOLD),
    ]


def test_remind_students_does_not_say_today_on_the_day_after():
    stay = waiting(acuse_due_on=date(2026, 8, 28))

    remind_students(now=moment(29, 9))

    assert (mails(stay), look_at(stay)) == ([], moment(31, 8))


@pytest.mark.parametrize(
    ("now", "wakes"),
    [(moment(25, 20), moment(26, 7)), (moment(26, 6, 59), moment(26, 7))],
)
def test_remind_students_waits_in_the_quiet_hours(now, wakes):
    stay = waiting()

    reminded = remind_students(now=now)

    assert (reminded, ledger(stay), look_at(stay)) == (Reminded(), [], wakes)


def test_remind_students_goes_by_the_clock_of_each_plantel():
    here, there = waiting(), waiting(plantel__time_zone="America/Tijuana")

    remind_students(now=moment(25, 8))
    first = mails(here), mails(there), look_at(there)
    remind_students(now=moment(25, 9))

    assert first == (["M-03"], [], datetime(2026, 8, 25, 8, tzinfo=TIJUANA))
    assert mails(there) == ["M-03"]


def test_remind_students_goes_by_the_calendar_of_each_plantel():
    here, closed = waiting(), waiting(acuse_due_on=DUE)
    NonWorkingDayFactory(plantel=closed.plantel, date=date(2026, 8, 25))

    remind_students(now=moment(24, 8))

    assert (mails(here), mails(closed)) == ([], ["M-03"])


def test_remind_students_counts_natural_days_where_the_cycle_does():
    cycle = SchoolCycleFactory(name="2026-N", acuse_day_count="NATURAL")
    stay = waiting(cycle=cycle, acuse_due_on=date(2026, 8, 31))

    remind_students(now=moment(30, 8))

    assert mails(stay) == ["M-03"]


def test_remind_students_goes_by_a_later_date_once_told():
    stay = waiting(told_due_on=date(2026, 8, 28))

    remind_students(now=moment(26, 8))

    assert (mails(stay), look_at(stay)) == ([], moment(27, 8))


def test_remind_students_tells_one_thing_a_day():
    stay = waiting()
    ReminderFactory(
        enrollment=stay, kind=ReminderKind.MANUAL, step=ReminderStep.ONCE, day=date(2026, 8, 25)
    )

    remind_students(now=moment(25, 8))

    assert (mails(stay), look_at(stay)) == ([], moment(26, 8))


def test_remind_students_lets_the_last_rung_wait_for_the_next_morning():
    stay = waiting()
    ReminderFactory(
        enrollment=stay, kind=ReminderKind.MANUAL, step=ReminderStep.ONCE, day=date(2026, 8, 27)
    )

    remind_students(now=moment(27, 8))
    waits = look_at(stay)
    remind_students(now=moment(28, 7))

    assert (waits, mails(stay)) == (moment(28, 7), ["M-05"])


# Drafts -----------------------------------------------------------------------------------------
def test_remind_students_of_a_draft_after_two_hours():
    stay = waiting()
    drafting(stay, moment(24, 9))

    remind_students(now=moment(24, 10))
    early, waits = mails(stay), look_at(stay)
    remind_students(now=moment(24, 11))

    assert (early, waits) == ([], moment(24, 11))
    assert mails(stay) == ["M-07"]
    assert ledger(stay) == [(ReminderKind.DRAFT, ReminderStep.ONCE, TOLD)]
    assert look_at(stay) == moment(25, 8)


def test_remind_students_of_a_draft_of_the_evening_in_the_morning():
    stay = waiting()
    drafting(stay, moment(23, 19))

    remind_students(now=moment(23, 21))
    remind_students(now=moment(24, 7))

    assert mails(stay) == ["M-07"]
    assert Reminder.objects.get().round_on == date(2026, 8, 23)


def test_remind_students_of_a_draft_on_a_day_that_had_its_reminder_waits():
    stay = waiting()
    remind_students(now=moment(25, 8))
    drafting(stay, moment(25, 9))
    look_again([stay.pk])

    remind_students(now=moment(25, 12))

    assert (mails(stay), look_at(stay)) == (["M-03"], moment(26, 7))


def test_remind_students_says_the_rung_of_a_draft_in_its_own_words_and_not_twice():
    stay = waiting()
    drafting(stay, moment(25, 7))

    remind_students(now=moment(26, 8))
    remind_students(now=moment(26, 11))

    assert mails(stay) == ["M-07"]
    assert sorted(ledger(stay)) == [
        (ReminderKind.ACUSE, ReminderStep.BEFORE, SKIPPED),
        (ReminderKind.ACUSE, ReminderStep.LAST_DAY, TOLD),
        (ReminderKind.DRAFT, ReminderStep.ONCE, SKIPPED),
    ]


def test_remind_students_of_a_replaced_draft_says_nothing():
    stay = waiting(acuse_due_on=date(2026, 9, 30))
    drafting(stay, moment(24, 9))
    Acuse.objects.update(state=AcuseState.REPLACED)

    remind_students(now=moment(24, 12))

    assert mails(stay) == []


# Mamá, papá o tutor -------------------------------------------------------------------------------
def guarded(contact: str, **fields) -> Enrollment:
    stay = waiting(**fields)
    stay.data.guardian_contact = contact
    stay.data.save()
    return stay


def test_remind_students_copies_mama_papa_o_tutor():
    stay = guarded("tutor@correo.example", student__given_names="Ana Sofía")

    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03", "M-20"]
    copy = Notice.objects.get(message="M-20")
    assert (copy.to_email, copy.to_name) == (
        "tutor@correo.example",
        "mamá, papá o tutor de Ana",
    )
    assert copy.context == {
        "first_name": "Ana",
        "due_on": "2026-08-26",
        "contact": f"{stay.plantel.room}, {stay.plantel.email}",
    }


@pytest.mark.parametrize("contact", ["6621234567", "", "A{matricula}@correo.example"])
def test_remind_students_copies_nobody_without_another_mailbox(contact):
    stay = waiting()
    stay.data.guardian_contact = contact.format(matricula=stay.matricula)
    stay.data.save()

    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03"]


def test_remind_students_copies_nobody_from_data_that_are_not_confirmed():
    stay = guarded("tutor@correo.example")
    stay.data.confirmed_at = None
    stay.data.save()

    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03"]


def test_remind_students_copies_the_first_rung_alone():
    stay = guarded("tutor@correo.example")

    for day in (26, 27):
        remind_students(now=moment(day, 8))

    assert mails(stay) == ["M-04", "M-05"]


# Sets ---------------------------------------------------------------------------------------------
def test_remind_students_in_parts_tells_all(monkeypatch):
    monkeypatch.setattr(reminders, "MOST_AT_ONCE", 2)
    stays = [waiting() for _ in range(5)]

    reminded = remind_students(now=moment(25, 8))

    assert reminded == Reminded(5, 5)
    assert [mails(stay) for stay in stays] == [["M-03"]] * 5


@pytest.mark.parametrize("size", [1, 3])
def test_remind_students_asks_as_often_for_many(size, django_assert_num_queries):
    plantel = PlantelFactory()
    for _ in range(size):
        waiting(plantel=plantel)

    with django_assert_num_queries(17):
        remind_students(now=moment(25, 8))


def test_remind_students_has_read_the_ledger_before_a_line_is_written():
    """Where the planner believes the ledger to be empty, it would look through it again for each student."""
    waiting()
    plans = []

    def explain(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "followup_reminder"') and "RETURNING" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                plans.append([row[0].strip() for row in cursor.cursor.fetchall()])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        remind_students(now=moment(25, 8))

    assert [plan[3].partition("  (")[0] for plan in plans] == ["->  Sort"] * 2


def facts(stay: Enrollment, now: datetime) -> tuple[Standing, ZoneInfo]:
    """What next_look asks of a stay, read row by row."""
    (group,) = groups([stay.plantel_id])
    batch = Batch(
        group, stay.cycle, {stay.pk: standing_of(stay, now=now).due_on}, now, steps_in_use()
    )
    (row,) = standing(batch, Enrollment.objects.filter(pk=stay.pk))
    rungs = batch.rungs.get(row.due_on, ())
    noted = Reminder.objects.filter(
        enrollment=stay, kind=ReminderKind.ACUSE, round_on=row.due_on
    ).values_list("step", flat=True)
    has_draft = row.stage == Stage.S_04B and not row.is_draft_noted
    return Standing(
        row.stage in ACUSE_ASKED,
        rungs,
        frozenset(noted),
        row.draft_uploaded_at if has_draft else None,
        row.was_told_today,
    ), batch.group.zone


HOURS = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=HOURS, draft=st.booleans(), told=st.booleans())
def test_the_cached_moment_equals_the_function(hours, draft, told):
    with undone():
        stay = waiting(plantel__time_zone="America/Tijuana")
        now = datetime(2026, 8, 24, 5, tzinfo=TIJUANA)
        if draft:
            drafting(stay, now)
        if told:
            ReminderFactory(enrollment=stay, kind="MANUAL", step="ONCE", day=now.date())
        for hour in hours:
            now += timedelta(hours=hour)
            remind_students(now=now)
            cached, (known, zone) = look_at(stay), facts(stay, now)
            if not is_quiet(now, zone):
                assert cached == next_look(known, now, zone)
            days = Reminder.objects.filter(enrollment=stay, outcome=TOLD).values_list(
                "day", flat=True
            )
            assert len(set(days)) == len(days)


# The steps as a table ------------------------------------------------------------------------------
def step(offset: int, key: str = "", *, guardian: bool = False) -> dict[str, str]:
    message = "M-04" if offset == 0 else "M-03" if offset < 0 else "M-05"
    copied = "1" if guardian else ""
    return {
        "key": key,
        "offset": str(offset),
        "message": message,
        "guardian": copied,
        "since": "",
    }


def put_steps(*steps: dict[str, str], now: datetime) -> TextVersion:
    """Administration saves another table."""
    return publish_version(
        TextKind.ESCALERA,
        {"steps": list(steps)},
        based_on=current_text(TextKind.ESCALERA).version,
        by=staff(Role.ADMIN),
        now=now,
    )


KNOWN = step(-1, "BEFORE", guardian=True), step(0, "LAST_DAY"), step(1, "OVERDUE")


def test_remind_students_goes_by_the_table_of_administration():
    stay = waiting()
    put_steps(step(-2), *KNOWN, step(3), now=moment(20, 12))

    for day in range(20, 32):
        remind_students(now=moment(day, 9))

    told = Reminder.objects.filter(enrollment=stay).order_by("day")
    assert [(one.step, one.day.day, one.message) for one in told] == [
        ("V1-0", 24, "M-03"),
        ("BEFORE", 25, "M-03"),
        ("LAST_DAY", 26, "M-04"),
        ("OVERDUE", 27, "M-05"),
        ("V1-4", 31, "M-05"),
    ]
    assert look_at(stay) is None


def test_remind_students_tells_nobody_again_whose_step_moved():
    stay = waiting()
    remind_students(now=moment(27, 8))
    put_steps(*KNOWN[:2], step(2, "OVERDUE"), now=moment(27, 9))

    for day in (27, 28, 31):
        remind_students(now=moment(day, 9))

    assert mails(stay) == ["M-05"]


def test_remind_students_tells_nobody_of_a_new_step_whose_day_has_passed():
    stay = waiting()
    remind_students(now=moment(27, 8))
    remind_students(now=moment(31, 8))
    put_steps(*KNOWN, step(2), step(4), now=moment(31, 9))

    remind_students(now=moment(31, 10))
    remind_students(now=datetime(2026, 9, 1, 9, tzinfo=MEXICO))

    assert mails(stay) == ["M-05", "M-05"]
    assert "V1-3" not in {step for _, step, _ in ledger(stay)}


def test_remind_students_copies_the_guardian_once_though_the_table_changes():
    stay = guarded("tutor@correo.example")
    put_steps(step(-2, guardian=True), step(-1, "BEFORE"), *KNOWN[1:], now=moment(20, 9))
    remind_students(now=moment(24, 8))
    put_steps(*KNOWN, now=moment(24, 9))

    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03", "M-20", "M-03"]


def test_remind_students_copies_nobody_where_no_step_says_so():
    stay = guarded("tutor@correo.example")
    put_steps(step(-1, "BEFORE"), *KNOWN[1:], now=moment(20, 9))

    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03"]


def test_a_version_of_the_table_that_is_restored_counts_again():
    stay = waiting()
    put_steps(*KNOWN[1:], now=moment(20, 9))
    remind_students(now=moment(20, 10))
    first = TextVersion.objects.get(kind=TextKind.ESCALERA, version=0)

    restore_version(first, by=staff(Role.ADMIN), now=moment(20, 11))
    remind_students(now=moment(25, 8))

    assert mails(stay) == ["M-03"]


def test_another_text_has_nobody_looked_at_again():
    stay = waiting()
    remind_students(now=moment(20, 9))
    fields = packaged_fields(TextKind.IDENTIDAD) | {"address": "Calle Rosales 1"}

    publish_version(
        TextKind.IDENTIDAD, fields, based_on=0, by=staff(Role.ADMIN), now=moment(20, 10)
    )

    assert look_at(stay) == moment(25, 8)


OFFSETS = st.sets(st.integers(-5, 20), max_size=6).map(lambda found: sorted(found | {0}))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offsets=OFFSETS, alive=st.integers(0, 30), dead=st.integers(1, 10))
def test_after_an_outage_the_latest_step_is_told_once_and_the_others_are_noted(
    offsets, alive, dead
):
    """The scheduler ticks each morning, dies for some days, comes back to one sweep and a second one, and lives on."""
    with undone():
        waiting()
        start = moment(10, 9)
        put_steps(*map(step, offsets), now=moment(10, 6))
        rungs = ladder(DUE, Calendar(), MEXICO, steps_in_use())
        for day in range(alive):
            remind_students(now=start + timedelta(days=day))
        before = set(Reminder.objects.values_list("step", flat=True))
        back = start + timedelta(days=alive + dead)

        remind_students(now=back)
        remind_students(now=back + timedelta(minutes=1))

        said = dict(Reminder.objects.exclude(step__in=before).values_list("step", "outcome"))
        passed = [rung.step for rung in rungs if rung.opens_at <= back]
        latest = open_rung(rungs, back)
        missed = [one for one in passed if one not in before]
        expected = {}
        if latest and latest.step in missed:
            below = [rung.step for rung in rungs]
            below = below[: below.index(latest.step)]
            expected = {one: SKIPPED for one in below if one not in before}
            expected |= {latest.step: TOLD}
        assert said == expected

        later = {rung.step: rung.opens_at.date() for rung in rungs if rung.opens_at > back}
        for day in later.values():
            remind_students(now=datetime.combine(day, time(9), MEXICO))

        lines = Reminder.objects.filter(step__in=later, outcome=TOLD)
        assert dict(lines.values_list("step", "day")) == later
        assert Notice.objects.count() == Reminder.objects.filter(outcome=TOLD).count()
