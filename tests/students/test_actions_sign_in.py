"""Who enters, with what, how often, and what never tells anybody anything."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from notices.states import NoticeState
from school.models import RateCounter
from school.visitors import Visitor
from students.actions import sign_in as actions
from students.actions.access_codes import hash_of, issue_codes
from students.models import AccessCode, TimelineEntry
from students.states import CodeChannel, EnrollmentState, Event
from tests.factories.students import EnrollmentFactory, StudentDataFactory

NOW = datetime(2026, 8, 27, 15, 0, tzinfo=UTC)
HOME = Visitor(address="203.0.113.7")
CAFE = Visitor(address="198.51.100.9")

pytestmark = pytest.mark.django_db


def slip(enrollment, channel=CodeChannel.SLIP, now=NOW) -> str:
    return issue_codes([enrollment], channel, by=None, now=now)[enrollment.pk]


def enter(enrollment, code, *, visitor=HOME, now=NOW):
    return actions.sign_in_with_code(enrollment.matricula, code, visitor=visitor, now=now)


def mailed(enrollment, *, now=NOW) -> dict[str, str]:
    """Ask for M-00 and deliver it as the outbox does."""
    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=now)
    notice = Notice.objects.get(message="M-00", about=f"enrollment:{enrollment.pk}")
    return actions.mint_sign_in_secret(notice, now=now)


def unconfirmed(email: str = "otra@correo.example"):
    return StudentDataFactory(email=email, email_confirmed_at=None, confirmed_at=None).enrollment


# Activation code -----------------------------------------------------------------------------------
@pytest.mark.parametrize("channel", [CodeChannel.SLIP, CodeChannel.MAIL])
def test_sign_in_with_code_of_either_channel(channel):
    enrollment = EnrollmentFactory()
    code = slip(enrollment, channel)

    user = enter(enrollment, code)

    assert user == enrollment.student.user


@pytest.mark.parametrize(
    "spoil", [str.lower, lambda c: f" {c[:4]} {c[4:]} ", lambda c: f"{c[:4]}-{c[4:]}"]
)
def test_sign_in_with_code_forgives_how_it_is_typed(spoil):
    enrollment = EnrollmentFactory(matricula="AB260501")
    code = slip(enrollment)

    user = actions.sign_in_with_code(" ab 260501 ", spoil(code), visitor=HOME, now=NOW)

    assert user == enrollment.student.user


def test_sign_in_with_code_first_time_stands_in_the_history_once():
    enrollment = EnrollmentFactory()
    code = slip(enrollment)

    enter(enrollment, code)
    enter(enrollment, code, now=NOW + timedelta(hours=1))

    enrollment.refresh_from_db()
    assert enrollment.first_signed_in_at == NOW
    assert enrollment.timeline.filter(event=Event.SIGNED_IN_FIRST).count() == 1


def test_sign_in_with_code_of_another_student():
    ana, luis = EnrollmentFactory(), EnrollmentFactory()
    slip(ana)

    with pytest.raises(actions.SignInRefused) as refused:
        enter(ana, slip(luis))

    assert refused.value.sentence == (
        "La matrícula o el código no coinciden. Revisa que no confundas una letra con un número"
    )


def test_sign_in_with_code_that_a_reprint_voided():
    enrollment = EnrollmentFactory()
    old = slip(enrollment)
    slip(enrollment)

    with pytest.raises(actions.SignInRefused):
        enter(enrollment, old)


def test_sign_in_with_code_unknown_or_inactive_reads_the_same():
    inactive = EnrollmentFactory(student__user__is_active=False)
    code = slip(inactive)
    sentences = set()

    for matricula in (inactive.matricula, "NO-EXISTE", ""):
        with pytest.raises(actions.SignInRefused) as refused:
            actions.sign_in_with_code(matricula, code, visitor=HOME, now=NOW)
        sentences.add(refused.value.sentence)

    assert sentences == {actions.SignInRefused.sentence}


def test_sign_in_with_code_costs_the_same_queries_known_and_unknown():
    known, bare = EnrollmentFactory(), EnrollmentFactory()
    slip(known)
    counts = []

    for matricula in (known.matricula, bare.matricula, "NO-EXISTE"):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            pytest.raises(actions.SignInRefused),
        ):
            actions.sign_in_with_code(matricula, "AAAA2222", visitor=HOME, now=NOW)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_sign_in_with_code_prefers_the_open_stay():
    EnrollmentFactory(matricula="77", state=EnrollmentState.FINISHED)
    open_stay = EnrollmentFactory(matricula="77")
    EnrollmentFactory(matricula="77", state=EnrollmentState.WITHDRAWN)

    assert enter(open_stay, slip(open_stay)) == open_stay.student.user


def test_sign_in_with_code_stored_under_an_earlier_key(settings):
    enrollment = EnrollmentFactory()
    settings.SECRET_KEY, earlier = "new" * 20, settings.SECRET_KEY
    settings.SECRET_KEY_FALLBACKS = [earlier]
    AccessCode.objects.create(
        enrollment=enrollment,
        channel=CodeChannel.SLIP,
        code_hmac=hash_of("ABCD2345", enrollment.pk, CodeChannel.SLIP, key=earlier),
        created_at=NOW,
    )

    assert enter(enrollment, "ABCD2345") == enrollment.student.user


# Guessing ------------------------------------------------------------------------------------------
def test_sign_in_with_code_sixth_wrong_one_waits_fifteen_minutes(caplog):
    enrollment = EnrollmentFactory()
    code = slip(enrollment)
    for _ in range(5):
        with pytest.raises(actions.SignInRefused):
            enter(enrollment, "AAAA2222")

    with pytest.raises(actions.TooManyAttempts) as refused:
        enter(enrollment, code)

    assert refused.value.sentence == (
        "Por seguridad, espera 15 minutos o pide ayuda en Control Escolar"
    )
    assert [record.message for record in caplog.records] == [
        f"sign-in stopped after too many attempts (stay {enrollment.pk})"
    ]
    assert enter(enrollment, code, now=NOW + timedelta(minutes=15)) == enrollment.student.user


def test_sign_in_with_code_guessed_elsewhere_does_not_lock_the_owner_out():
    enrollment = EnrollmentFactory()
    code = slip(enrollment)
    for _ in range(100):
        with pytest.raises(actions.SignInRefused):
            enter(enrollment, "AAAA2222", visitor=CAFE)

    assert enter(enrollment, code) == enrollment.student.user


def test_sign_in_with_code_guessed_beside_the_owner_spares_the_known_device():
    enrollment = EnrollmentFactory()
    code = slip(enrollment)
    phone = Visitor(HOME.address, device="abc", device_of=enrollment.student.user_id)
    stranger = Visitor(HOME.address, device="abc", device_of=enrollment.student.user_id + 1)
    for _ in range(6):
        with pytest.raises(actions.SignInRefused):
            enter(enrollment, "AAAA2222", visitor=stranger)

    assert enter(enrollment, code, visitor=phone) == enrollment.student.user


def test_sign_in_with_code_a_known_device_has_its_own_limit():
    enrollment = EnrollmentFactory()
    phone = Visitor(HOME.address, device="abc", device_of=enrollment.student.user_id)
    for _ in range(5):
        with pytest.raises(actions.SignInRefused):
            enter(enrollment, "AAAA2222", visitor=phone)

    with pytest.raises(actions.TooManyAttempts):
        enter(enrollment, "AAAA2222", visitor=phone)


def test_sign_in_with_code_a_school_behind_one_address():
    stays = EnrollmentFactory.create_batch(300)
    codes = issue_codes(stays, CodeChannel.SLIP, by=None, now=NOW)

    entered = 0
    for number, stay in enumerate(stays):
        moment = NOW + timedelta(seconds=2 * number)
        with pytest.raises(actions.SignInRefused):
            enter(stay, "AAAA2222", now=moment)
        enter(stay, codes[stay.pk], now=moment)
        entered += 1

    assert entered == 300


def test_sign_in_with_code_counters_hold_no_matricula():
    enrollment = EnrollmentFactory(matricula="26050148")

    with pytest.raises(actions.SignInRefused):
        enter(enrollment, "AAAA2222")

    assert [
        key for key in RateCounter.objects.values_list("key", flat=True) if "26050148" in key
    ] == []


# Mail ----------------------------------------------------------------------------------------------
def test_request_sign_in_writes_to_the_confirmed_address():
    enrollment = StudentDataFactory(email="ana@correo.example").enrollment

    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)

    notice = Notice.objects.get()
    assert (notice.message, notice.to_email, notice.about, notice.context) == (
        "M-00",
        "ana@correo.example",
        f"enrollment:{enrollment.pk}",
        {"enrollment": enrollment.pk},
    )


def test_request_sign_in_never_writes_to_an_address_nobody_vouched_for():
    enrollment = unconfirmed()

    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)

    assert Notice.objects.get().to_email == "nadie@correo.invalid"


def test_request_sign_in_before_anything_was_given_uses_the_roster():
    enrollment = EnrollmentFactory()

    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)

    assert Notice.objects.get().to_email == enrollment.roster_email


def test_request_sign_in_unknown_leaves_a_row_that_is_never_sent():
    actions.request_sign_in("NO-EXISTE", visitor=HOME, now=NOW)

    notice = Notice.objects.get()
    assert (notice.state, notice.expires_at) == (NoticeState.QUEUED, NOW)


def test_request_sign_in_costs_the_same_known_and_unknown():
    known = StudentDataFactory().enrollment
    inactive = EnrollmentFactory(student__user__is_active=False)
    counts = []

    for matricula in (known.matricula, inactive.matricula, "NO-EXISTE"):
        with CaptureQueriesContext(connection) as queries:
            actions.request_sign_in(matricula, visitor=HOME, now=NOW)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_request_sign_in_three_an_hour():
    enrollment = StudentDataFactory().enrollment

    for _ in range(100):
        actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)

    assert Notice.objects.count() == 3


def test_sign_in_with_mailed_code_confirms_the_address_and_ends_the_slip():
    enrollment = EnrollmentFactory()
    StudentDataFactory(
        enrollment=enrollment, email=enrollment.roster_email, email_confirmed_at=None
    )
    paper = slip(enrollment)
    code = mailed(enrollment)["code"]

    user = actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=HOME, now=NOW)

    enrollment.data.refresh_from_db()
    assert user == enrollment.student.user
    assert enrollment.data.email_confirmed_at == NOW
    assert TimelineEntry.objects.filter(event=Event.EMAIL_CONFIRMED).count() == 1
    with pytest.raises(actions.SignInRefused):
        enter(enrollment, paper)


def test_sign_in_with_mailed_code_cancels_the_activation_on_its_way():
    enrollment = unconfirmed()
    enrollment.roster_email = enrollment.data.email
    enrollment.save(update_fields=["roster_email"])
    actions.request_lost_code(enrollment.roster_email, visitor=HOME, now=NOW)
    code = mailed(enrollment)["code"]

    actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=HOME, now=NOW)

    assert Notice.objects.get(message="M-01").state == NoticeState.CANCELLED


def test_sign_in_with_mailed_code_works_once():
    enrollment = StudentDataFactory().enrollment
    code = mailed(enrollment)["code"]
    actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=HOME, now=NOW)

    with pytest.raises(actions.WrongMailedCode) as refused:
        actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=HOME, now=NOW)

    assert refused.value.sentence == "El código no coincide o ya venció. Pide otro"


def test_sign_in_with_mailed_code_after_ten_minutes():
    enrollment = StudentDataFactory().enrollment
    code = mailed(enrollment)["code"]
    just_in_time, late = NOW + timedelta(minutes=9, seconds=59), NOW + timedelta(minutes=10)

    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=HOME, now=late)

    assert actions.sign_in_with_mailed_code(
        enrollment.matricula, code, visitor=HOME, now=just_in_time
    )


def test_sign_in_with_mailed_code_of_another_student():
    ana, luis = StudentDataFactory().enrollment, StudentDataFactory().enrollment
    mailed(ana)
    code = mailed(luis)["code"]

    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_mailed_code(ana.matricula, code, visitor=HOME, now=NOW)


def test_sign_in_with_mailed_code_guessed_from_everywhere_stops_at_twenty():
    enrollment = StudentDataFactory().enrollment
    code = mailed(enrollment)["code"]
    for number in range(20):
        with pytest.raises(actions.WrongMailedCode):
            actions.sign_in_with_mailed_code(
                enrollment.matricula, "x", visitor=Visitor(f"203.0.{number}.1"), now=NOW
            )

    with pytest.raises(actions.TooManyAttempts):
        actions.sign_in_with_mailed_code(enrollment.matricula, code, visitor=CAFE, now=NOW)


def test_sign_in_with_link_enters_once():
    enrollment = StudentDataFactory().enrollment
    token = mailed(enrollment)["fragment"]

    user = actions.sign_in_with_link(token, own=None, visitor=HOME, now=NOW)

    assert user == enrollment.student.user
    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_link(token, own=None, visitor=HOME, now=NOW)


@pytest.mark.parametrize("token", ["", "x" * 22])
def test_sign_in_with_link_unknown(token):
    mailed(StudentDataFactory().enrollment)

    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_link(token, own=None, visitor=HOME, now=NOW)


def test_sign_in_with_link_of_who_was_deactivated():
    enrollment = StudentDataFactory().enrollment
    token = mailed(enrollment)["fragment"]
    enrollment.student.user.is_active = False
    enrollment.student.user.save()

    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_link(token, own=None, visitor=HOME, now=NOW)


def test_sign_in_with_link_to_an_address_nobody_vouched_for():
    enrollment = unconfirmed()
    actions.request_email_code(enrollment, now=NOW)
    token = actions.mint_sign_in_secret(Notice.objects.get(), now=NOW)["fragment"]

    with pytest.raises(actions.OwnSessionNeeded):
        actions.sign_in_with_link(token, own=None, visitor=HOME, now=NOW)

    enrollment.data.refresh_from_db()
    assert enrollment.data.email_confirmed_at is None
    assert actions.sign_in_with_link(token, own=enrollment, visitor=HOME, now=NOW)


def test_mint_sign_in_secret_keeps_hashes_alone_and_voids_the_earlier_pair():
    enrollment = StudentDataFactory().enrollment
    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)
    notice = Notice.objects.get()

    first = actions.mint_sign_in_secret(notice, now=NOW)
    second = actions.mint_sign_in_secret(notice, now=NOW)

    live = AccessCode.objects.get(voided_at__isnull=True)
    assert live.expires_at == NOW + timedelta(minutes=10)
    assert {live.code_hmac, live.link_hmac}.isdisjoint({*first.values(), *second.values()})
    assert (len(second["code"]), second["code"].isdigit()) == (6, True)
    with pytest.raises(actions.WrongMailedCode):
        actions.sign_in_with_link(first["fragment"], own=None, visitor=HOME, now=NOW)


def test_mint_sign_in_secret_for_an_address_left_opens_nothing():
    enrollment = StudentDataFactory().enrollment
    actions.request_sign_in(enrollment.matricula, visitor=HOME, now=NOW)
    enrollment.data.email = "nuevo@correo.example"
    enrollment.data.save()

    actions.mint_sign_in_secret(Notice.objects.get(), now=NOW)

    assert AccessCode.objects.count() == 0


def test_confirm_email_by_who_is_signed_in():
    enrollment = unconfirmed()
    paper = slip(enrollment)
    actions.request_email_code(enrollment, now=NOW)
    code = actions.mint_sign_in_secret(Notice.objects.get(), now=NOW)["code"]

    actions.confirm_email(enrollment, code, visitor=HOME, now=NOW)

    enrollment.data.refresh_from_db()
    assert enrollment.data.email_confirmed_at == NOW
    with pytest.raises(actions.SignInRefused):
        enter(enrollment, paper)


def test_a_reprinted_slip_opens_the_account_of_a_lost_mailbox():
    enrollment = StudentDataFactory().enrollment
    paper = slip(enrollment)

    assert enter(enrollment, paper) == enrollment.student.user
    assert enter(enrollment, paper) == enrollment.student.user


def test_a_reprinted_slip_dies_once_the_mailbox_is_read_again():
    enrollment = StudentDataFactory().enrollment
    paper = slip(enrollment)

    actions.sign_in_with_mailed_code(
        enrollment.matricula, mailed(enrollment)["code"], visitor=HOME, now=NOW
    )

    with pytest.raises(actions.SignInRefused):
        enter(enrollment, paper)
    assert not TimelineEntry.objects.filter(event=Event.EMAIL_CONFIRMED).exists()


def test_confirm_email_with_a_wrong_code():
    enrollment = unconfirmed()

    with pytest.raises(actions.WrongMailedCode):
        actions.confirm_email(enrollment, "123456", visitor=HOME, now=NOW)


def test_request_email_code_fourth_in_an_hour():
    enrollment = unconfirmed()
    for _ in range(3):
        actions.request_email_code(enrollment, now=NOW)

    with pytest.raises(actions.TooManyMails):
        actions.request_email_code(enrollment, now=NOW)

    assert Notice.objects.count() == 3


def test_request_lost_code_sends_an_activation_code_to_each_brother():
    ana, luis = EnrollmentFactory.create_batch(2, roster_email="casa@correo.example")

    actions.request_lost_code("Casa@correo.example", visitor=HOME, now=NOW)

    assert set(Notice.objects.values_list("message", "to_email", "about")) == {
        ("M-01", "casa@correo.example", f"enrollment:{ana.pk}"),
        ("M-01", "casa@correo.example", f"enrollment:{luis.pk}"),
    }


def test_request_lost_code_of_who_confirmed_another_address():
    enrollment = StudentDataFactory(email="nuevo@correo.example").enrollment

    actions.request_lost_code(enrollment.roster_email, visitor=HOME, now=NOW)

    assert list(Notice.objects.values_list("message", "to_email")) == [
        ("M-00", "nuevo@correo.example")
    ]


def test_request_lost_code_unknown_costs_the_same():
    known = EnrollmentFactory()
    counts = []

    for email in (known.roster_email, "nadie@correo.example"):
        with CaptureQueriesContext(connection) as queries:
            actions.request_lost_code(email, visitor=HOME, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert list(Notice.objects.values_list("message", flat=True).order_by("pk")) == ["M-01", "M-00"]


def test_request_lost_code_three_an_hour():
    enrollment = EnrollmentFactory()

    for _ in range(10):
        actions.request_lost_code(enrollment.roster_email, visitor=HOME, now=NOW)

    assert Notice.objects.count() == 3
