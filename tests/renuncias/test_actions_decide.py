"""What becomes of a sheet: every way in which each verb can end."""

from datetime import timedelta

import pytest

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from papers.states import PaperState
from renuncias.actions import (
    accept_renuncia,
    issue_renuncias,
    receive_renuncia,
    revoke_renuncia,
    undo_renuncia,
    void_renuncia,
    withdraw_renuncia,
)
from renuncias.actions.errors import (
    AlreadySigned,
    MotiveMissing,
    ReasonMissing,
    StayNotOpen,
    TooLateToUndo,
)
from renuncias.states import Motive, RenunciaState
from students.models import StoredFile, TimelineEntry
from students.states import EnrollmentState, Event
from tests.factories.renuncias import issued, registered, responsable_of, signed
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory, leave

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
WHY = "Se capturó a otra persona por error"


def last_event():
    return TimelineEntry.objects.order_by("pk").last().event


def waiting():
    rows = Notice.objects.filter(state=NoticeState.QUEUED).order_by("pk")
    return list(rows.values_list("message", flat=True))


def test_receive_renuncia_keeps_the_student_in_the_tramite():
    renuncia = issued()
    by = responsable_of(renuncia)

    receive_renuncia(renuncia, by=by, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.signed_at, renuncia.signed_by) == (
        RenunciaState.SIGNED,
        LATER,
        by,
    )
    assert renuncia.scan is None
    assert renuncia.enrollment.state == EnrollmentState.ACTIVE
    assert last_event() == Event.RENUNCIA_RECEIVED
    assert waiting() == []


def test_receive_renuncia_keeps_the_scan():
    renuncia = issued()
    scan = StoredFileFactory(enrollment=renuncia.enrollment)

    receive_renuncia(renuncia, by=responsable_of(renuncia), now=LATER, scan=scan)

    renuncia.refresh_from_db()
    assert renuncia.scan == scan


def test_receive_renuncia_twice_is_refused():
    renuncia = signed()

    with pytest.raises(TransitionNotAllowed):
        receive_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)


def test_receive_renuncia_of_a_registered_one_is_refused():
    renuncia = registered()

    with pytest.raises(TransitionNotAllowed):
        receive_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)

    renuncia.refresh_from_db()
    assert renuncia.state == RenunciaState.ACCEPTED


def test_accept_renuncia_takes_the_student_out_of_the_cover():
    renuncia = signed()
    by = responsable_of(renuncia)

    accept_renuncia(renuncia, by=by, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.accepted_at, renuncia.accepted_by) == (
        RenunciaState.ACCEPTED,
        LATER,
        by,
    )
    assert renuncia.enrollment.state == EnrollmentState.OPTED_OUT
    assert renuncia.paper.state == PaperState.VALID
    events = TimelineEntry.objects.order_by("pk").values_list("event", flat=True)
    assert list(events)[-2:] == [Event.OPTED_OUT, Event.RENUNCIA_ACCEPTED]


def test_accept_renuncia_tells_the_student_after_the_undo_window():
    renuncia = signed()

    accept_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)

    notice = Notice.objects.get(message="M-18")
    assert notice.context == {}
    assert notice.not_before == LATER + timedelta(seconds=10)
    assert waiting() == ["M-18"]


def test_accept_renuncia_by_two_people_is_done_by_the_first():
    renuncia = signed()
    by = responsable_of(renuncia)
    accept_renuncia(renuncia, by=by, now=LATER)

    with pytest.raises(TransitionNotAllowed):
        accept_renuncia(renuncia, by=by, now=LATER)


def test_accept_renuncia_that_nobody_signed_is_refused():
    renuncia = issued()

    with pytest.raises(TransitionNotAllowed):
        accept_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)


def test_accept_renuncia_of_who_left_meanwhile_is_refused():
    renuncia = signed()
    renuncia.enrollment.state = EnrollmentState.WITHDRAWN
    renuncia.enrollment.save()

    with pytest.raises(StayNotOpen):
        accept_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)

    renuncia.refresh_from_db()
    assert renuncia.state == RenunciaState.SIGNED


def test_accept_renuncia_filled_in_by_hand_asks_for_its_motive():
    stay = EnrollmentFactory()
    (renuncia,) = issue_renuncias([stay], by=stay.student.user, now=NOW)
    by = responsable_of(renuncia)
    receive_renuncia(renuncia, by=by, now=NOW)

    with pytest.raises(MotiveMissing):
        accept_renuncia(renuncia, by=by, now=LATER)
    accept_renuncia(renuncia, by=by, now=LATER, motive=Motive.IMSS_WORK)

    renuncia.refresh_from_db()
    assert renuncia.motive == Motive.IMSS_WORK
    assert renuncia.printed["motive"] == ""


def test_undo_renuncia_puts_a_registered_one_back_to_review():
    renuncia = registered()

    undo_renuncia(renuncia, by=responsable_of(renuncia), now=NOW + timedelta(seconds=10))

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.accepted_at) == (RenunciaState.SIGNED, None)
    assert renuncia.enrollment.state == EnrollmentState.ACTIVE
    assert last_event() == Event.RENUNCIA_UNDONE
    assert waiting() == []


def test_undo_renuncia_after_the_window_is_refused():
    renuncia = registered()

    with pytest.raises(TooLateToUndo):
        undo_renuncia(renuncia, by=responsable_of(renuncia), now=NOW + timedelta(seconds=11))


def test_undo_renuncia_puts_a_received_one_back_to_sign():
    renuncia = issued()
    by = responsable_of(renuncia)
    scan = StoredFileFactory(enrollment=renuncia.enrollment)
    receive_renuncia(renuncia, by=by, now=NOW, scan=scan)

    undo_renuncia(renuncia, by=by, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.signed_at, renuncia.scan) == (RenunciaState.ISSUED, None, None)
    assert StoredFile.objects.filter(pk=scan.pk).exists()


def test_undo_renuncia_that_nobody_received_is_refused():
    renuncia = issued()

    with pytest.raises(TransitionNotAllowed):
        undo_renuncia(renuncia, by=responsable_of(renuncia), now=LATER)


def test_withdraw_renuncia_before_it_is_signed_voids_it():
    renuncia = issued()

    withdraw_renuncia(renuncia, by=renuncia.enrollment.student.user, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.end_reason) == (RenunciaState.VOIDED, "Cambió de opinión")
    assert renuncia.paper.state == PaperState.REVOKED
    assert renuncia.enrollment.state == EnrollmentState.ACTIVE
    assert last_event() == Event.RENUNCIA_WITHDRAWN
    assert waiting() == ["M-18b"]


def test_withdraw_renuncia_while_the_plantel_reviews_it_is_refused():
    renuncia = signed()

    with pytest.raises(AlreadySigned):
        withdraw_renuncia(renuncia, by=renuncia.enrollment.student.user, now=LATER)


def test_withdraw_renuncia_after_it_was_registered_brings_the_student_back():
    renuncia = registered()

    withdraw_renuncia(renuncia, by=renuncia.enrollment.student.user, now=LATER)

    renuncia.refresh_from_db()
    assert renuncia.state == RenunciaState.REVOKED
    assert renuncia.enrollment.state == EnrollmentState.ACTIVE
    assert renuncia.paper.state == PaperState.REVOKED
    events = TimelineEntry.objects.order_by("pk").values_list("event", flat=True)
    assert list(events)[-2:] == [Event.OPTED_IN, Event.RENUNCIA_WITHDRAWN]


def test_withdraw_renuncia_twice_is_refused():
    renuncia = issued()
    withdraw_renuncia(renuncia, by=renuncia.enrollment.student.user, now=LATER)

    with pytest.raises(TransitionNotAllowed):
        withdraw_renuncia(renuncia, by=renuncia.enrollment.student.user, now=LATER)


@pytest.mark.parametrize("make", [issued, signed])
def test_void_renuncia_calls_off_what_is_not_registered(make):
    renuncia = make()
    by = responsable_of(renuncia)

    void_renuncia(renuncia, reason=f" {WHY} ", by=by, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.end_reason, renuncia.ended_by) == (
        RenunciaState.VOIDED,
        WHY,
        by,
    )
    assert renuncia.paper.state == PaperState.REVOKED
    assert last_event() == Event.RENUNCIA_VOIDED
    assert waiting() == ["M-18b"]


def test_void_renuncia_of_who_left_writes_to_nobody():
    renuncia = issued()
    by = responsable_of(renuncia)
    leave(renuncia.enrollment, by=by, now=NOW)

    void_renuncia(renuncia, reason=WHY, by=by, now=LATER)

    renuncia.refresh_from_db()
    assert renuncia.state == RenunciaState.VOIDED
    assert not Notice.objects.filter(message="M-18b").exists()


def test_void_renuncia_that_is_registered_is_refused():
    renuncia = registered()

    with pytest.raises(TransitionNotAllowed):
        void_renuncia(renuncia, reason=WHY, by=responsable_of(renuncia), now=LATER)


def test_revoke_renuncia_brings_the_student_back():
    renuncia = registered()

    revoke_renuncia(renuncia, reason=WHY, by=responsable_of(renuncia), now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.end_reason) == (RenunciaState.REVOKED, WHY)
    assert renuncia.enrollment.state == EnrollmentState.ACTIVE
    assert last_event() == Event.RENUNCIA_REVOKED


def test_revoke_renuncia_that_is_not_registered_is_refused():
    renuncia = signed()

    with pytest.raises(TransitionNotAllowed):
        revoke_renuncia(renuncia, reason=WHY, by=responsable_of(renuncia), now=LATER)


@pytest.mark.parametrize(("make", "verb"), [(issued, void_renuncia), (registered, revoke_renuncia)])
def test_an_end_without_its_reason_is_refused(make, verb):
    renuncia = make()

    with pytest.raises(ReasonMissing):
        verb(renuncia, reason="porque sí", by=responsable_of(renuncia), now=LATER)
