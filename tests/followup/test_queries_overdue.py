"""followup.queries.overdue and attempts: who is late, how each can be reached, what was said and tried."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest

from followup.models import Reminder
from followup.queries.attempts import attempts_by_stay, attempts_in_words
from followup.queries.overdue import (
    NoticePlan,
    OverdueFilter,
    mail_of,
    may_write,
    notice_plans,
    overdue_rows,
    overdue_stays,
    result_in_words,
    taken_in_words,
    whatsapp_url,
)
from followup.states import (
    ReminderChannel,
    ReminderKind,
    ReminderOutcome,
    ReminderStep,
    ReportKind,
)
from notices.states import NoticeState
from nss.states import AcuseState
from school.access import Ability
from school.models import Plantel
from school.states import Role
from students.states import EnrollmentState
from tests.factories.followup import StudentReportFactory
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
"""Monday, ten in the morning in the plantel; the factory's deadline was Wednesday 26."""
EVERYBODY = OverdueFilter()


@pytest.fixture
def plantel():
    return PlantelFactory(number="5A", name="Hermosillo")


def late(plantel, **fields):
    return EnrollmentFactory(plantel=plantel, **fields)


def listed(*wanted, now=NOW):
    return list(overdue_stays(Plantel.objects.all(), *(wanted or (EVERYBODY,)), now=now))


def remind(stay, day, channel=ReminderChannel.MAIL, kind=ReminderKind.MANUAL, **fields):
    values = {"step": ReminderStep.ONCE, "round_on": day, "outcome": ReminderOutcome.TOLD}
    return Reminder.objects.create(
        enrollment=stay, day=day, kind=kind, channel=channel, created_at=NOW, **(values | fields)
    )


def everywhere(*abilities):
    return {ability: list(Plantel.objects.all()) for ability in abilities}


def test_overdue_stays_are_those_whose_turn_it_is(plantel):
    here = late(plantel)
    draft = AcuseFactory(request__enrollment__plantel=plantel, state=AcuseState.DRAFT)
    AcuseFactory(request__enrollment__plantel=plantel)
    late(plantel, state=EnrollmentState.WITHDRAWN)
    late(plantel, acuse_due_on=date(2026, 8, 31))

    assert {stay.pk for stay in listed()} == {here.pk, draft.request.enrollment_id}


def test_overdue_stays_of_other_planteles_are_not_listed(plantel):
    late(PlantelFactory())

    found = overdue_stays([plantel], EVERYBODY, now=NOW)

    assert list(found) == []


def test_overdue_stays_longest_first_then_group_and_name(plantel):
    rows = [
        late(plantel, student__first_surname="Zúñiga", group="101"),
        late(plantel, student__first_surname="Álvarez", group="101"),
        late(plantel, student__first_surname="Álvarez", group="100"),
        late(plantel, acuse_due_on=date(2026, 8, 20)),
    ]

    assert [stay.pk for stay in listed()] == [rows[n].pk for n in (3, 2, 1, 0)]


def test_overdue_stays_of_one_group_and_channel(plantel):
    mail = late(plantel, group="102")
    paper = late(plantel, group="102", roster_email="")
    late(plantel, group="103")

    assert listed(OverdueFilter(group="102")) == [mail, paper]
    assert listed(OverdueFilter(group="102", channel="citatorio")) == [paper]


def test_overdue_stays_with_a_file_to_confirm(plantel):
    draft = AcuseFactory(request__enrollment__plantel=plantel, draft=True)
    AcuseFactory(request=draft.request, state=AcuseState.REPLACED)
    late(plantel)

    assert [stay.draft for stay in listed(OverdueFilter(has_draft=True))] == [draft.public_id]
    assert sorted(stay.draft or "" for stay in listed()) == ["", draft.public_id]


@pytest.mark.parametrize(
    ("roster", "given", "expected"),
    [
        (("a@correo.example", "6620000001"), None, ("a@correo.example", "6620000001", "MAIL")),
        (("", "6620000001"), None, ("", "6620000001", "WHATSAPP")),
        (("", ""), None, ("", "", "PAPER")),
        (
            ("a@correo.example", "6620000001"),
            {"email": "b@correo.example", "phone": "6620000002", "accepts_whatsapp": True},
            ("b@correo.example", "6620000002", "MAIL"),
        ),
        (
            ("", "6620000001"),
            {"email": "", "phone": "6620000002", "accepts_whatsapp": True},
            ("", "6620000002", "WHATSAPP"),
        ),
        (
            ("", "6620000001"),
            {"email": "", "phone": "6620000002", "accepts_whatsapp": False},
            ("", "", "PAPER"),
        ),
        (("", "6620000001"), {"email": "", "phone": ""}, ("", "6620000001", "WHATSAPP")),
    ],
)
def test_overdue_stays_know_what_reaches_them(plantel, roster, given, expected):
    stay = late(plantel, roster_email=roster[0], roster_phone=roster[1])
    if given is not None:
        StudentDataFactory(enrollment=stay, **given)

    (found,) = listed()

    assert (found.email, found.whatsapp, found.channel) == expected
    assert found.phone == ((given or {}).get("phone") or roster[1])


@pytest.mark.parametrize(
    ("day", "fields", "told_by"),
    [
        (date(2026, 8, 30), {}, None),
        (date(2026, 8, 31), {}, "MAIL"),
        (date(2026, 9, 1), {}, "MAIL"),
        (date(2026, 8, 31), {"channel": ReminderChannel.WHATSAPP}, "WHATSAPP"),
        (date(2026, 8, 31), {"kind": ReminderKind.GUARDIAN}, None),
        (date(2026, 8, 31), {"outcome": ReminderOutcome.NO_EMAIL, "channel": ""}, None),
    ],
)
def test_overdue_stays_know_whether_they_were_told_today(plantel, day, fields, told_by):
    remind(late(plantel), day, **fields)

    assert listed()[0].told_by == told_by


def test_notice_plans_count_by_channel_and_plantel(plantel):
    other = PlantelFactory()
    late(plantel)
    late(plantel, roster_email="", roster_phone="6620000001")
    late(plantel, roster_email="")
    remind(late(plantel), date(2026, 8, 31))
    late(other)
    AcuseFactory(request__enrollment__plantel=other, draft=True)

    plans = notice_plans(overdue_stays([plantel, other], EVERYBODY, now=NOW))

    assert plans == {
        plantel.pk: NoticePlan(mail=1, whatsapp=1, paper=1, told=1),
        other.pk: NoticePlan(mail=2, drafts=1),
    }
    assert sum(plans.values(), NoticePlan()) == NoticePlan(3, 1, 1, 1, 1)
    assert sum(plans.values(), NoticePlan()).left == 5


def test_overdue_rows_say_what_was_tried_and_told(plantel):
    stay = late(plantel, roster_phone="6621234567")
    for kind in (ReportKind.PAGE_FAILED, ReportKind.PAGE_FAILED, ReportKind.QUESTION):
        StudentReportFactory(enrollment=stay, kind=kind)
    about = f"enrollment:{stay.pk}"
    NoticeFactory(about=about, key="1", message="M-02", state=NoticeState.SENT, created_at=NOW)
    NoticeFactory(
        about=about,
        key="2",
        message="M-05",
        state=NoticeState.FAILED,
        created_at=NOW + timedelta(hours=1),
    )
    for key, fields in (
        ("3", {"message": "M-00"}),
        ("4", {"message": "M-05", "state": NoticeState.CANCELLED}),
    ):
        NoticeFactory(about=about, key=key, created_at=NOW + timedelta(hours=2), **fields)

    (row,) = overdue_rows(listed(), everywhere(Ability.SEE_ADDRESS, Ability.EXTEND_DEADLINE))

    assert (row.days_late, row.channel, row.phone) == (5, "Correo", "662 123 4567")
    assert row.attempts == "Intentó 2 veces; el IMSS no abrió"
    assert row.last is not None
    assert (row.last.words, row.last.state, row.last.has_failed) == (
        "Correo: todavía puedes subir tu acuse",
        "no se pudo enviar",
        True,
    )
    assert (row.may_write, row.may_extend) == (False, True)


def test_overdue_rows_of_a_mail_that_waits_say_when_it_leaves(plantel):
    stay = late(plantel)
    NoticeFactory(
        about=f"enrollment:{stay.pk}",
        message="M-05",
        created_at=NOW,
        not_before=NOW + timedelta(hours=9),
    )

    (row,) = overdue_rows(listed(), {})

    assert row.last is not None
    assert (row.last.at, row.last.state) == (NOW + timedelta(hours=9), "en espera")


@pytest.mark.parametrize(
    ("mailed", "words"),
    [
        (NOW - timedelta(hours=1), "Se abrió WhatsApp"),
        (NOW + timedelta(hours=1), "Correo: guardamos tus datos"),
        (None, "Se abrió WhatsApp"),
    ],
)
def test_overdue_rows_say_the_last_of_mail_and_whatsapp(plantel, mailed, words):
    stay = late(plantel)
    remind(stay, date(2026, 8, 31), channel=ReminderChannel.WHATSAPP)
    if mailed:
        NoticeFactory(
            about=f"enrollment:{stay.pk}",
            message="M-02",
            state=NoticeState.SENT,
            created_at=mailed,
            not_before=mailed,
            sent_at=mailed,
        )

    (row,) = overdue_rows(listed(), {})

    assert row.last is not None
    assert row.last.words == words


def test_overdue_rows_show_only_what_the_person_may(plantel):
    elsewhere = PlantelFactory()
    drafts = [
        AcuseFactory(request__enrollment=late(where, roster_phone="6621234567"), draft=True)
        for where in (plantel, elsewhere)
    ]
    allowed = (
        *(Ability.SEE_ADDRESS, Ability.NOTIFY_STUDENTS),
        *(Ability.EXTEND_DEADLINE, Ability.UPLOAD_FOR_STUDENT),
    )

    rows = overdue_rows(listed(), {ability: [plantel] for ability in allowed})

    shown = {
        row.stay.plantel_id: (row.phone, row.may_write, row.may_extend, row.draft) for row in rows
    }
    assert shown == {
        plantel.pk: ("662 123 4567", True, True, drafts[0].public_id),
        elsewhere.pk: ("", False, False, ""),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_overdue_rows_take_a_fixed_number_of_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        stay = late(plantel)
        StudentReportFactory(enrollment=stay, kind=ReportKind.NO_MAIL)
        NoticeFactory(about=f"enrollment:{stay.pk}", message="M-02")
    stays, where = listed(), everywhere(Ability.SEE_ADDRESS)

    with django_assert_num_queries(3):
        overdue_rows(stays, where)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], ""),
        ([ReportKind.QUESTION], ""),
        ([ReportKind.PAGE_FAILED], "Intentó 1 vez; el IMSS no abrió"),
        ([ReportKind.NO_MAIL] * 2, "Intentó 2 veces; no le llegó el correo del IMSS"),
        (
            [ReportKind.NO_MAIL, ReportKind.PAGE_FAILED, ReportKind.PAGE_FAILED],
            "Intentó 3 veces; el IMSS no abrió y no le llegó el correo del IMSS",
        ),
    ],
)
def test_attempts_in_words(kinds, words):
    assert attempts_in_words(kinds) == words


def test_attempts_by_stay_leaves_out_who_never_tried(plantel):
    tried, asked = late(plantel), late(plantel)
    StudentReportFactory(enrollment=tried, kind=ReportKind.PAGE_FAILED)
    StudentReportFactory(enrollment=asked, kind=ReportKind.QUESTION)

    found = attempts_by_stay([tried.pk, asked.pk])

    assert found == {tried.pk: "Intentó 1 vez; el IMSS no abrió"}


def test_mail_of_says_what_is_missing(plantel):
    draft = AcuseFactory(request__enrollment__plantel=plantel, state=AcuseState.DRAFT)
    late(plantel)

    mails = {stay.pk: mail_of(stay) for stay in listed()}

    unconfirmed = mails.pop(draft.request.enrollment_id)
    (mail,) = mails.values()
    assert (unconfirmed.message, unconfirmed.context) == ("M-07", {})
    assert (mail.message, mail.context) == ("M-05", {"due_on": "2026-08-26"})


@pytest.mark.parametrize(
    ("told_by", "may"), [(None, True), (ReminderChannel.WHATSAPP, True), ("MAIL", False)]
)
def test_may_write_once_a_day(plantel, told_by, may):
    stay = late(plantel, roster_phone="6621234567")
    if told_by:
        remind(stay, date(2026, 8, 31), channel=told_by)

    assert may_write(listed()[0]) is may


@pytest.mark.parametrize(
    ("name", "who"),
    [("Laura Ríos", "Soy Laura Ríos de Control Escolar"), ("", "Te escribimos de Control Escolar")],
)
def test_whatsapp_url_holds_the_words_and_no_secret(plantel, settings, name, who):
    stay = late(plantel, roster_phone="6621234567")
    by = staff(Role.RESPONSABLE, plantel, name=name)

    url = whatsapp_url(listed()[0], by=by)

    address, _, words = url.partition("?text=")
    assert address == "https://wa.me/526621234567"
    assert unquote(words) == (
        f"Hola, Ana. {who}, Plantel 5A Hermosillo. Te falta subir tu acuse del IMSS; "
        "venció el miércoles 26 de agosto, pero aún lo recibimos. "
        f"Hazlo aquí: {settings.BASE_URL}/mi-tramite/"
    )
    assert stay.student.curp not in unquote(url)


def test_whatsapp_url_of_a_file_that_was_not_confirmed(plantel):
    AcuseFactory(
        request__enrollment__plantel=plantel,
        request__enrollment__roster_phone="6621234567",
        state=AcuseState.DRAFT,
    )

    url = whatsapp_url(listed()[0], by=staff(Role.RESPONSABLE, plantel))

    assert "Te falta confirmar tu acuse" in unquote(url)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (NoticePlan(mail=1), "Se avisó por correo a 1 estudiante."),
        (
            NoticePlan(19, 8, 4, 2),
            "Se avisó por correo a 19 estudiantes. A 2 estudiantes ya se les había avisado hoy. "
            "Falta avisar a 8 por WhatsApp y a 4 con citatorio impreso.",
        ),
        (
            NoticePlan(told=1),
            "No se mandó ningún correo. A 1 estudiante ya se le había avisado hoy.",
        ),
    ],
)
def test_result_in_words(plan, words):
    assert result_in_words(plan, None) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (
            0,
            "Ya no hay archivos sin confirmar: los estudiantes los enviaron, o alguien los tomó antes.",
        ),
        (1, "1 archivo ya está en revisión. A cada estudiante se le avisa por correo."),
        (3, "3 archivos ya están en revisión. A cada estudiante se le avisa por correo."),
    ],
)
def test_taken_in_words(count, words):
    assert taken_in_words(count) == words


def test_result_in_words_in_the_quiet_hours():
    leaves_at = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)

    words = result_in_words(NoticePlan(mail=2), leaves_at)

    assert words == "El correo a 2 estudiantes sale el martes 1 de septiembre a las 7:00."
