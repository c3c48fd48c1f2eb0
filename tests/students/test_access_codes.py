"""Access codes (security T2): 40 bits, one live code per channel, only hashes kept."""

from datetime import UTC, datetime

import pytest

from notices.actions import NothingToTell
from notices.models import Notice
from papers.states import PaperKind
from school.states import Role
from students import access_codes
from students.actions.access_codes import (
    SLIPS_PER_JOB,
    MayNotEnter,
    NoSlips,
    hash_of,
    issue_codes,
    mint_mail_code,
    queue_slips,
    reissue_slip_code,
    sheets_of,
    void_codes,
)
from students.models import AccessCode, Enrollment, Student, TimelineEntry
from students.queries.access_codes import GroupSlips, groups_to_print, stays_of_slips
from students.states import CodeChannel, EnrollmentState, Event
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, UserFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

LATER = datetime(2026, 9, 1, tzinfo=UTC)


# The leaf ----------------------------------------------------------------------------------------
def test_new_code_has_forty_bits_without_look_alikes() -> None:
    codes = {access_codes.new_code() for _ in range(2_000)}

    assert len(codes) == 2_000
    assert len(set(access_codes.ALPHABET)) == 32
    assert set("".join(codes)) == set(access_codes.ALPHABET)
    assert not set("01OI") & set(access_codes.ALPHABET)
    assert {len(code) for code in codes} == {8}


@pytest.mark.parametrize(
    "typed", ["abcd2345", " ABCD 2345 ", "ABCD-2345", "abcd\u00a02345", "ABCD–2345"]
)
def test_clean_code_forgives_how_it_was_typed(typed: str) -> None:
    assert access_codes.clean_code(typed) == "ABCD2345"


def test_grouped() -> None:
    assert access_codes.grouped("ABCD2345") == "ABCD 2345"


def test_code_hmac_is_bound_to_key_and_scope() -> None:
    hashes = {
        access_codes.code_hmac("ABCD2345", key=key, scope=scope)
        for key in ("one", "two")
        for scope in ("1", "2")
    }

    assert len(hashes) == 4
    assert {len(value) for value in hashes} == {64}
    assert access_codes.same_hmac(
        access_codes.code_hmac("abcd 2345", key="one", scope="1"),
        access_codes.code_hmac("ABCD2345", key="one", scope="1"),
    )


# The actions -------------------------------------------------------------------------------------
@pytest.fixture
def plantel(db):
    return PlantelFactory()


@pytest.fixture
def responsable(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def stay(plantel) -> Enrollment:
    return EnrollmentFactory(plantel=plantel)


def live(enrollment: Enrollment) -> list[str]:
    return sorted(
        enrollment.access_codes.filter(voided_at__isnull=True).values_list("channel", flat=True)
    )


def test_issue_codes_keeps_only_the_hash(stay, responsable) -> None:
    codes = issue_codes([stay], CodeChannel.SLIP, by=responsable, now=NOW)

    row = AccessCode.objects.get()
    assert (row.enrollment, row.channel, row.created_at) == (stay, CodeChannel.SLIP, NOW)
    assert row.code_hmac == hash_of(codes[stay.pk], stay.pk, CodeChannel.SLIP)
    assert codes[stay.pk] not in str(AccessCode.objects.values()[0])
    entry = TimelineEntry.objects.get()
    assert (entry.event, entry.by, entry.data) == (
        Event.CODE_ISSUED,
        responsable,
        {"channel": "SLIP"},
    )


def test_issue_codes_again_voids_its_own_channel_only(stay) -> None:
    issue_codes([stay], CodeChannel.MAIL, by=None, now=NOW)
    first = issue_codes([stay], CodeChannel.SLIP, by=None, now=NOW)

    second = issue_codes([stay], CodeChannel.SLIP, by=None, now=LATER)

    assert live(stay) == ["MAIL", "SLIP"]
    old = AccessCode.objects.get(code_hmac=hash_of(first[stay.pk], stay.pk, CodeChannel.SLIP))
    new = AccessCode.objects.get(code_hmac=hash_of(second[stay.pk], stay.pk, CodeChannel.SLIP))
    assert (old.voided_at, new.voided_at) == (LATER, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_issue_codes_costs_the_same_queries(plantel, rows, django_assert_num_queries) -> None:
    stays = EnrollmentFactory.create_batch(rows, plantel=plantel)

    with django_assert_num_queries(6):
        issue_codes(stays, CodeChannel.SLIP, by=None, now=NOW)


def test_void_codes_ends_slip_and_mail(stay) -> None:
    for channel in CodeChannel:
        issue_codes([stay], channel, by=None, now=NOW)

    void_codes(stay, now=LATER)

    assert live(stay) == ["SIGN_IN"]


def test_mint_mail_code_at_each_delivery_voids_the_one_before(stay) -> None:
    notice = NoticeFactory(
        message="M-01", to_email=stay.roster_email, context={"enrollment": stay.pk}
    )

    first, second = mint_mail_code(notice, now=NOW), mint_mail_code(notice, now=LATER)

    assert first != second
    row = stay.access_codes.get(voided_at__isnull=True)
    assert row.code_hmac == hash_of(second["code"], stay.pk, CodeChannel.MAIL)
    assert Notice.objects.get().context == {"enrollment": stay.pk}


@pytest.mark.parametrize(
    "told", [{"confirmed": True}, {"student__user__is_active": False}], ids=["confirmed", "closed"]
)
def test_mint_mail_code_that_nobody_wants_any_more(plantel, told) -> None:
    stay = EnrollmentFactory(plantel=plantel, **told)
    notice = NoticeFactory(
        message="M-01", to_email=stay.roster_email, context={"enrollment": stay.pk}
    )

    with pytest.raises(NothingToTell):
        mint_mail_code(notice, now=NOW)

    assert live(stay) == []


def test_queue_slips_of_whole_groups(plantel, responsable) -> None:
    stays = [EnrollmentFactory(plantel=plantel, group=group) for group in ("101", "102", "103")]
    EnrollmentFactory(group="101")

    (job,) = queue_slips(plantel, ["101", "102"], reprint=False, by=responsable, now=NOW)

    assert (job.kind, job.plantel, job.created_by) == (PaperKind.SLIPS, plantel, responsable)
    assert (job.title, job.sheets_total) == ("Códigos de activación: grupos 101, 102", 2)
    assert job.parameters == {"enrollments": [stays[0].pk, stays[1].pk]}
    assert AccessCode.objects.count() == 0


def test_queue_slips_in_spanish_order(plantel, responsable) -> None:
    names = ("Zárate", "Ñáñez", "Nuñez", "Álvarez", "Alvarado", "Oñate")
    stays = {one: EnrollmentFactory(plantel=plantel, student__first_surname=one) for one in names}

    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=NOW)

    listed = ("Alvarado", "Álvarez", "Nuñez", "Ñáñez", "Oñate", "Zárate")
    assert list(stays_of_slips(job.parameters["enrollments"])) == [stays[one] for one in listed]


def test_queue_slips_leaves_out_who_needs_none(plantel, responsable) -> None:
    wanted = EnrollmentFactory(plantel=plantel)
    EnrollmentFactory(plantel=plantel, confirmed=True)
    EnrollmentFactory(plantel=plantel, state=EnrollmentState.WITHDRAWN)
    issue_codes([EnrollmentFactory(plantel=plantel)], CodeChannel.SLIP, by=None, now=NOW)

    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=NOW)

    assert job.parameters == {"enrollments": [wanted.pk]}


def test_queue_slips_again_only_when_asked(stay, plantel, responsable) -> None:
    issue_codes([stay], CodeChannel.SLIP, by=None, now=NOW)

    with pytest.raises(NoSlips):
        queue_slips(plantel, ["101"], reprint=False, by=responsable, now=NOW)
    (job,) = queue_slips(plantel, ["101"], reprint=True, by=responsable, now=NOW)

    assert job.parameters == {"enrollments": [stay.pk]}


def test_queue_slips_of_a_large_plantel_are_several_jobs(plantel, responsable) -> None:
    cycle = SchoolCycleFactory()
    users = UserFactory.build_batch(SLIPS_PER_JOB + 1)
    type(users[0]).objects.bulk_create(users)
    students = Student.objects.bulk_create(
        Student(user=user, given_names="Ana", first_surname="Gómez", search_name="ana gomez")
        for user in users
    )
    Enrollment.objects.bulk_create(
        Enrollment(
            student=student, plantel=plantel, cycle=cycle, matricula=f"26{n:05d}", group="101",
            enrolled_on=NOW.date(), created_at=NOW,
        )
        for n, student in enumerate(students)
    )  # fmt: skip

    jobs = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=NOW)

    assert [len(job.parameters["enrollments"]) for job in jobs] == [SLIPS_PER_JOB, 1]
    assert [job.title for job in jobs] == [
        "Códigos de activación: grupo 101 (1 de 2)",
        "Códigos de activación: grupo 101 (2 de 2)",
    ]


def test_reissue_slip_code(stay, responsable) -> None:
    job = reissue_slip_code(stay, by=responsable, now=NOW)

    assert (job.title, job.sheets_total) == (f"Código de activación: matrícula {stay.matricula}", 1)


@pytest.mark.parametrize("state", EnrollmentState)
def test_reissue_slip_code_of_who_confirmed_the_mail(plantel, responsable, state) -> None:
    stay = EnrollmentFactory(plantel=plantel, confirmed=True, state=state)

    job = reissue_slip_code(stay, by=responsable, now=NOW)

    assert job.parameters == {"enrollments": [stay.pk]}


def test_reissue_slip_code_of_a_closed_account(stay, responsable) -> None:
    stay.student.user.is_active = False

    with pytest.raises(MayNotEnter):
        reissue_slip_code(stay, by=responsable, now=NOW)


def test_queue_slips_of_a_group_skips_who_confirmed_even_again(plantel, responsable) -> None:
    EnrollmentFactory(plantel=plantel, confirmed=True)

    with pytest.raises(NoSlips):
        queue_slips(plantel, ["101"], reprint=True, by=responsable, now=NOW)


def test_sheets_of_begins_a_sheet_per_group() -> None:
    assert sheets_of(["101"] * 11 + ["102"]) == 3


def test_groups_to_print(plantel, django_assert_num_queries) -> None:
    EnrollmentFactory.create_batch(2, plantel=plantel, group="102")
    issue_codes(
        [EnrollmentFactory(plantel=plantel, group="101")], CodeChannel.SLIP, by=None, now=NOW
    )
    EnrollmentFactory(group="103")

    with django_assert_num_queries(1):
        groups = groups_to_print(plantel)

    assert groups == [GroupSlips("101", 1, 0), GroupSlips("102", 2, 2)]
