"""The outbox keeps its promises: once per key, no secret kept, every exit of a delivery."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.transitions import TransitionNotAllowed
from notices.actions import (
    Draft,
    Recipient,
    cancel,
    fail_notice,
    leave_in_doubt,
    mark_sent,
    mark_taken,
    put_back,
    queue,
    queue_many,
    readdress,
    retry_later,
    send_again,
    start_sending,
)
from notices.actions.delivery import MOST_CLAIMS
from notices.models import Notice
from notices.render import Mail
from notices.states import NoticeState
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db
ANA = Recipient("ana@correo.example", "Ana Gómez Martínez")


def queued(key="acuse:1:accepted", *, to=ANA, message="M-09", context=None, **more):
    return queue(
        key,
        message,
        to=to,
        plantel=PlantelFactory(),
        about="enrollment:1",
        context=context or {},
        now=NOW,
        **more,
    )


def test_queue_twice_is_one_row():
    first = queued()

    second = queued()

    assert first == second
    assert Notice.objects.count() == 1


def test_queue_without_mailbox_writes_nothing():
    assert queued(to=Recipient("", "Ana")) is None
    assert Notice.objects.count() == 0


def test_queue_of_an_incomplete_context_is_refused():
    with pytest.raises(ValueError, match="M-06 needs acuse, folio, review_due_on"):
        queued(message="M-06")


def test_queue_many_twice_writes_each_once_and_skips_who_has_no_mailbox(
    django_assert_num_queries,
):
    plantel = PlantelFactory()
    drafts = [
        Draft(f"k{n}", "M-09", to, plantel, f"enrollment:{n}", {})
        for n, to in enumerate([ANA, ANA, Recipient("", "Luis")])
    ]

    with django_assert_num_queries(2 * 3):
        reached = [queue_many(drafts, now=NOW), queue_many(drafts, now=NOW)]

    assert reached == [2, 2]
    assert sorted(Notice.objects.values_list("key", flat=True)) == ["k0", "k1"]


def test_mark_sent_by_a_second_sender_changes_nothing():
    notice = NoticeFactory()
    [(_, mail)] = start_sending([notice.pk], now=NOW)
    mark_sent(notice.pk, mail, now=NOW)

    mark_sent(notice.pk, mail, now=NOW + timedelta(minutes=1))

    notice.refresh_from_db()
    assert (notice.sent_at, notice.subject) == (NOW, "Tu acuse está aceptado")


def test_mark_taken_keeps_the_words_of_a_mail_whose_sender_died():
    notice = NoticeFactory()
    [(_, mail)] = start_sending([notice.pk], now=NOW)

    for minute in range(2):
        mark_taken(notice.pk, now=NOW + timedelta(minutes=minute))

    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.body) == ("SENT", NOW, mail.kept_body)


def test_put_back_frees_what_was_begun_and_counts_no_attempt():
    notice = NoticeFactory(attempts=1)
    start_sending([notice.pk], now=NOW)

    put_back([notice.pk])

    notice.refresh_from_db()
    assert (notice.state, notice.lease_until, notice.attempts) == ("RETRY", None, 0)


def test_put_back_leaves_what_was_sent():
    notice = NoticeFactory(state=NoticeState.SENT)

    put_back([notice.pk])

    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT


@pytest.mark.parametrize(
    ("hours", "state", "is_held"), [(0, "SENDING", True), (48, "FAILED", False)]
)
def test_leave_in_doubt_waits_and_gives_up_after_two_days(hours, state, is_held):
    notice = NoticeFactory(tried_since=NOW)
    start_sending([notice.pk], now=NOW)
    now = NOW + timedelta(hours=hours)

    leave_in_doubt(notice.pk, error="no contestó", now=now)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == (state, "no contestó")
    assert (notice.lease_until is not None and notice.lease_until > now) == is_held


def test_start_sending_many_takes_a_fixed_number_of_statements(django_assert_num_queries):
    plantel = PlantelFactory()
    for number in (1, 3):
        keys = [notice.pk for notice in NoticeFactory.create_batch(number, plantel=plantel)]
        with django_assert_num_queries(5):  # savepoint, name of the service, lock, write, savepoint
            started = start_sending(keys, now=NOW)
        kept = (
            Notice.objects.filter(pk__in=keys).order_by("pk").values_list("message_id", flat=True)
        )
        assert [notice.message_id for notice, _ in started] == list(kept)


def test_cancel_spares_other_messages_and_what_was_sent():
    waiting = NoticeFactory()
    other_message = NoticeFactory(message="M-02", context={"due_on": "2026-08-26"})
    other_student = NoticeFactory(about="enrollment:2")
    sent = NoticeFactory(state=NoticeState.SENT)

    cancelled = cancel("enrollment:1", messages=["M-09"])

    assert cancelled == 1
    assert set(Notice.objects.exclude(pk=waiting.pk).values_list("pk", "state")) == {
        (other_message.pk, "QUEUED"),
        (other_student.pk, "QUEUED"),
        (sent.pk, "SENT"),
    }


def test_start_sending_keeps_the_message_id_when_it_is_tried_again():
    notice = NoticeFactory()
    [(first, _)] = start_sending([notice.pk], now=NOW)

    [(second, _)] = start_sending([notice.pk], now=NOW + timedelta(minutes=5))

    assert first.message_id == second.message_id
    assert first.message_id.startswith("<")


def test_start_sending_of_a_cancelled_notice_does_nothing():
    notice = NoticeFactory(state=NoticeState.CANCELLED)

    assert start_sending([notice.pk], now=NOW) == []


def test_start_sending_after_its_time_cancels_it():
    notice = NoticeFactory(expires_at=NOW)

    started = start_sending([notice.pk], now=NOW)

    notice.refresh_from_db()
    assert (started, notice.state) == ([], NoticeState.CANCELLED)


def test_start_sending_gives_up_a_notice_that_can_never_be_written():
    notice = NoticeFactory(attempts=MOST_CLAIMS + 1)

    started = start_sending([notice.pk], now=NOW)

    notice.refresh_from_db()
    assert (started, notice.state) == ([], NoticeState.FAILED)


def test_mark_sent_needs_a_mail_on_its_way():
    notice = NoticeFactory()

    with pytest.raises(TransitionNotAllowed):
        mark_sent(notice.pk, Mail("", "", "", ""), now=NOW)


def test_retry_later_waits_longer_each_time():
    notice = NoticeFactory()
    waits = []

    for attempt in range(1, 9):
        Notice.objects.filter(pk=notice.pk).update(attempts=attempt)
        start_sending([notice.pk], now=NOW)
        retry_later(notice.pk, error="no respondió", now=NOW)
        notice.refresh_from_db()
        waits.append((notice.not_before - NOW).total_seconds())

    assert notice.state == NoticeState.RETRY
    assert 22 <= waits[0] <= 30
    assert waits[0] < waits[2] < waits[4]
    assert max(waits) <= 600


@pytest.mark.parametrize("is_mailbox", [True, False])
def test_retry_later_gives_up_after_two_days(is_mailbox):
    notice, later = NoticeFactory(), NOW + timedelta(hours=48)
    start_sending([notice.pk], now=NOW)
    retry_later(notice.pk, error="no respondió", now=NOW)
    start_sending([notice.pk], now=later)

    retry_later(notice.pk, error="no respondió", now=later, is_mailbox=is_mailbox)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == (NoticeState.FAILED, "no respondió")
    assert notice.bounced_at == (later if is_mailbox else None)


def test_retry_later_does_not_count_the_days_before_its_moment():
    """A reminder is queued days before it leaves, and a relay that asks to come later is not the end of it."""
    due = NOW + timedelta(days=5)
    notice = NoticeFactory(not_before=due)
    start_sending([notice.pk], now=due)

    retry_later(notice.pk, error="no respondió", now=due)

    notice.refresh_from_db()
    assert (notice.state, notice.tried_since) == (NoticeState.RETRY, due)


def test_send_again_twice_is_one_copy():
    notice = NoticeFactory(state=NoticeState.FAILED)

    copy = send_again(notice, now=timezone.now())

    assert send_again(notice, now=timezone.now()) == copy
    assert (copy.state, copy.to_email) == (NoticeState.QUEUED, notice.to_email)


def test_readdress_moves_what_waits_and_what_failed_once_it_is_sent_again():
    waiting = NoticeFactory()
    failed = NoticeFactory(state=NoticeState.FAILED)
    others = [
        NoticeFactory(state=NoticeState.SENT),
        NoticeFactory(about="enrollment:2"),
        NoticeFactory(to_email="mama@correo.example"),
        NoticeFactory(message="M-23"),
    ]

    moved = [
        readdress({"enrollment:1": (former, email)}, but=["M-23"])
        for former, email in [
            (ANA.email, "b@correo.example"),
            ("b@correo.example", "c@correo.example"),
        ]
    ]

    waiting.refresh_from_db()
    failed.refresh_from_db()
    assert moved == [2, 2]
    assert (waiting.to_email, failed.to_email) == ("c@correo.example", ANA.email)
    assert send_again(failed, now=NOW).to_email == "c@correo.example"
    for other in others:
        before = other.to_email
        other.refresh_from_db()
        assert (other.to_email, other.corrected_email) == (before, "")


def test_send_again_of_a_sent_notice_is_refused():
    with pytest.raises(TransitionNotAllowed):
        send_again(NoticeFactory(state=NoticeState.SENT), now=NOW)


@pytest.mark.parametrize("is_mailbox", [True, False])
def test_fail_notice_keeps_the_reason(is_mailbox):
    notice = NoticeFactory()
    start_sending([notice.pk], now=NOW)

    fail_notice(notice.pk, error="El buzón no recibe correo (550)", now=NOW, is_mailbox=is_mailbox)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("FAILED", "El buzón no recibe correo (550)")
    assert notice.bounced_at == (NOW if is_mailbox else None)
