"""Accept, return, correct, undo: every way in which each of them can end."""

from datetime import date, timedelta
from functools import partial

import pytest

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from nss.actions.errors import (
    NSSAlreadyTaken,
    OtherNSSProven,
    OverrideReasonMissing,
    ReasonTooShort,
    SentToIMSS,
    StayOver,
)
from nss.actions.looks import look_at_acuse
from nss.actions.register import end_errand, register_nss, send_to_subdelegacion
from nss.actions.review import (
    accept_acuse,
    correct_nss,
    move_to_subdelegacion,
    return_acuse,
    undo_review,
)
from nss.actions.upload import answer_nss
from nss.models import NSSRequest
from nss.states import AcuseState, ProofRoute, RequestState, ReturnReason
from school.states import Role
from students.actions.transfers import transfer_student
from students.identity import NssError
from students.models import AccessEntry, ClockPause, Enrollment, TimelineEntry
from students.states import EnrollmentState, Event, Look
from tests.factories.nss import AcuseFactory, NSSRequestFactory, read_well
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss

pytestmark = pytest.mark.django_db
WRONG_DIGIT = "24260812343"
LATE = NOW + timedelta(minutes=5)
WHY = "En la hoja del IMSS está así"


@pytest.fixture
def acuse():
    return AcuseFactory()


@pytest.fixture
def enrollment(acuse):
    return acuse.request.enrollment


@pytest.fixture
def reviewer(enrollment):
    return staff(Role.REVISOR, enrollment.plantel, name="Laura Ríos")


def events():
    return list(TimelineEntry.objects.order_by("pk").values_list("event", flat=True))


def mails():
    return list(Notice.objects.order_by("pk").values_list("message", "state"))


def test_accept_acuse_gives_the_number_to_the_student(acuse, enrollment, reviewer):
    read_well(acuse, nss(7))

    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    acuse.refresh_from_db()
    enrollment.student.refresh_from_db()
    assert (acuse.state, acuse.nss, acuse.reviewed_by) == (AcuseState.ACCEPTED, nss(7), reviewer)
    assert enrollment.student.nss == nss(7)
    assert (acuse.request.state, acuse.request.route) == (RequestState.PROVEN, ProofRoute.ACUSE)
    assert events() == [Event.ACUSE_ACCEPTED]


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
@pytest.mark.parametrize(
    "decide",
    [
        partial(accept_acuse, nss=nss(7)),
        partial(return_acuse, reason=ReturnReason.UNREADABLE),
        partial(move_to_subdelegacion, data_wrong="tu nombre"),
    ],
)
def test_an_acuse_of_who_is_out_of_the_cover_is_not_decided(acuse, reviewer, state, decide):
    Enrollment.objects.update(state=state)

    with pytest.raises(StayOver):
        decide(acuse, by=reviewer, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, events(), mails()) == (AcuseState.RECEIVED, [], [])


def test_accept_acuse_tells_the_student_after_ten_seconds(acuse, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    notice = Notice.objects.get()
    assert (notice.message, notice.context) == ("M-09", {})
    assert notice.not_before == NOW + timedelta(seconds=10)


def test_accept_acuse_with_another_number_than_the_one_read(acuse, reviewer):
    read_well(acuse, nss(7))

    accept_acuse(acuse, nss=nss(8), by=reviewer, now=NOW)

    assert events() == [Event.NSS_CORRECTED, Event.ACUSE_ACCEPTED]
    data = TimelineEntry.objects.get(event=Event.NSS_CORRECTED).data
    assert (data["before"], data["after"]) == (f"•••••••{nss(7)[-4:]}", f"•••••••{nss(8)[-4:]}")


def test_accept_acuse_twice(acuse, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    assert events().count(Event.ACUSE_ACCEPTED) == 1


def test_accept_acuse_number_of_another_student(acuse, enrollment, reviewer):
    StudentFactory(nss=nss(7))

    with pytest.raises(NSSAlreadyTaken):
        accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    acuse.refresh_from_db()
    assert acuse.state == AcuseState.RECEIVED
    assert events() == []
    assert mails() == []


def test_accept_acuse_of_a_student_with_another_number(acuse, enrollment, reviewer):
    enrollment.student.nss = nss(3)
    enrollment.student.save()

    with pytest.raises(OtherNSSProven):
        accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)


@pytest.mark.parametrize("number", ["", "2426081234", "00000000000", "2426081234A"])
def test_accept_acuse_number_that_cannot_be_one(acuse, reviewer, number):
    with pytest.raises(NssError):
        accept_acuse(acuse, nss=number, by=reviewer, now=NOW)


@pytest.mark.parametrize("reason", ["", "porque sí"])
def test_accept_acuse_wrong_digit_needs_a_reason(acuse, reviewer, reason):
    with pytest.raises(OverrideReasonMissing):
        accept_acuse(acuse, nss=WRONG_DIGIT, by=reviewer, now=NOW, override_reason=reason)


def test_accept_acuse_wrong_digit_with_its_reason(acuse, enrollment, reviewer):
    accept_acuse(acuse, nss=WRONG_DIGIT, by=reviewer, now=NOW, override_reason=WHY)

    acuse.request.refresh_from_db()
    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == WRONG_DIGIT
    assert acuse.request.override_reason == WHY


def test_return_acuse_says_why_and_until_when(acuse, enrollment, reviewer):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    acuse.refresh_from_db()
    notice = Notice.objects.get()
    assert (acuse.state, acuse.return_reason) == (AcuseState.RETURNED, ReturnReason.UNREADABLE)
    assert notice.not_before == NOW + timedelta(seconds=10)
    assert notice.context == {
        "reason": "Tu foto salió borrosa, oscura o cortada.",
        "remedy": "Ponla sobre una mesa con luz y que salga toda la hoja.",
        "due_on": "2026-08-26",
    }
    assert events() == [Event.ACUSE_RETURNED]


def test_return_acuse_late_gives_two_business_days(acuse, enrollment, reviewer):
    monday = NOW + timedelta(days=10)  # 31 August; it was sent on the last day, the 26th
    ClockPause.objects.update(started_at=NOW + timedelta(days=5))

    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=monday)

    enrollment.refresh_from_db()
    assert enrollment.acuse_due_on == date(2026, 9, 2)
    assert enrollment.told_due_on == date(2026, 9, 2)


def test_return_acuse_never_shortens_a_date_once_told(acuse, enrollment, reviewer):
    enrollment.told_due_on = date(2026, 9, 30)
    enrollment.save()

    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    enrollment.refresh_from_db()
    assert enrollment.acuse_due_on == date(2026, 9, 30)


def test_return_acuse_with_a_free_text(acuse, reviewer):
    note = "La hoja es de 2019; descarga la de este año."

    return_acuse(acuse, reason=ReturnReason.OTHER, note=note, by=reviewer, now=NOW)

    assert Notice.objects.get().context["reason"] == note


def test_return_acuse_with_too_short_a_text(acuse, reviewer):
    with pytest.raises(ReasonTooShort):
        return_acuse(acuse, reason=ReturnReason.OTHER, note="no sirve", by=reviewer, now=NOW)


def test_return_acuse_for_wrong_imss_data_is_not_the_students_errand(acuse, reviewer):
    with pytest.raises(ValueError, match="case of the plantel"):
        return_acuse(acuse, reason=ReturnReason.IMSS_DATA_WRONG, by=reviewer, now=NOW)


def test_return_acuse_twice(acuse, reviewer):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        return_acuse(acuse, reason=ReturnReason.INCOMPLETE, by=reviewer, now=NOW)


def test_move_to_subdelegacion_tells_the_student_nothing_to_do(acuse, reviewer):
    move_to_subdelegacion(acuse, data_wrong="tu fecha de nacimiento", by=reviewer, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.return_reason) == (
        AcuseState.RETURNED,
        ReturnReason.IMSS_DATA_WRONG,
    )
    assert acuse.request.state == RequestState.AT_SUBDELEGACION
    assert mails() == []


def test_move_to_subdelegacion_of_a_request_that_is_there(acuse, reviewer):
    acuse.request.state = RequestState.AT_SUBDELEGACION
    acuse.request.save()

    moved = move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)

    assert moved.request.state == RequestState.AT_SUBDELEGACION


def test_move_to_subdelegacion_without_the_datum(acuse, reviewer):
    with pytest.raises(ReasonTooShort):
        move_to_subdelegacion(acuse, data_wrong=" ", by=reviewer, now=NOW)


def test_move_to_subdelegacion_twice(acuse, reviewer):
    move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)


def test_correct_nss_before_the_decision(acuse, enrollment, reviewer):
    read_well(acuse, nss(7))

    correct_nss(acuse, nss=nss(8), by=reviewer, now=NOW)

    acuse.refresh_from_db()
    enrollment.student.refresh_from_db()
    assert (acuse.state, acuse.nss, enrollment.student.nss) == (
        AcuseState.RECEIVED,
        nss(8),
        None,
    )
    assert events() == [Event.NSS_CORRECTED]


def test_return_acuse_forgets_the_correction(acuse, reviewer):
    correct_nss(acuse, nss=nss(8), by=reviewer, now=NOW)

    return_acuse(acuse, reason=ReturnReason.NSS_DIFFERS, by=reviewer, now=NOW)
    student = acuse.request.enrollment.student.user
    answer_nss(acuse, answer=None, typed_nss=nss(9), by=student, now=LATE)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.nss, acuse.typed_nss) == (AcuseState.RECEIVED, None, nss(9))


def test_correct_nss_after_the_acceptance(acuse, enrollment, reviewer):
    read_well(acuse, nss(7))
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    correct_nss(acuse, nss=nss(8), by=reviewer, now=LATE)

    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == nss(8)


def test_correct_nss_to_the_number_of_another(acuse, enrollment, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)
    StudentFactory(nss=nss(8))

    with pytest.raises(NSSAlreadyTaken):
        correct_nss(acuse, nss=nss(8), by=reviewer, now=LATE)

    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == nss(7)


def test_correct_nss_of_a_returned_acuse(acuse, reviewer):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        correct_nss(acuse, nss=nss(8), by=reviewer, now=LATE)


def test_correct_nss_wrong_digit_needs_a_reason(acuse, reviewer):
    with pytest.raises(OverrideReasonMissing):
        correct_nss(acuse, nss=WRONG_DIGIT, by=reviewer, now=NOW)


def test_undo_review_of_an_acceptance_within_ten_seconds(acuse, enrollment, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    undo_review(acuse, by=reviewer, now=NOW + timedelta(seconds=10))

    acuse.refresh_from_db()
    enrollment.student.refresh_from_db()
    assert (acuse.state, acuse.nss, acuse.reviewed_by) == (AcuseState.RECEIVED, None, None)
    assert enrollment.student.nss is None
    assert (acuse.request.state, acuse.request.proven_at) == (RequestState.OPEN, None)
    assert mails() == [("M-09", "CANCELLED")]
    assert events() == [Event.NSS_CORRECTED, Event.ACUSE_ACCEPTED, Event.REVIEW_UNDONE]


def test_undo_review_of_a_return(acuse, enrollment, reviewer):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    undo_review(acuse, by=reviewer, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.return_reason) == (AcuseState.RECEIVED, "")
    assert mails() == [("M-08", "CANCELLED")]


def test_undo_review_of_a_case_gives_the_errand_back(acuse, reviewer):
    move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)

    undone = undo_review(acuse, by=reviewer, now=NOW)

    assert undone.request.state == RequestState.OPEN


def test_undo_review_of_an_acceptance_returns_to_the_errand_at_the_subdelegacion(
    acuse, enrollment, reviewer
):
    send_to_subdelegacion(enrollment, now=NOW)
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    undone = undo_review(acuse, by=reviewer, now=NOW)

    undone.request.refresh_from_db()
    assert (undone.request.state, undone.request.undo_to) == (RequestState.AT_SUBDELEGACION, "")


def test_undo_review_of_an_acceptance_whose_errand_ended_asks_the_student(
    acuse, enrollment, reviewer
):
    send_to_subdelegacion(enrollment, now=NOW)
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)
    end_errand(enrollment, now=NOW)

    undone = undo_review(acuse, by=reviewer, now=NOW)

    assert undone.request.state == RequestState.OPEN


def test_undo_review_of_a_return_leaves_the_errand_where_it_is(acuse, enrollment, reviewer):
    send_to_subdelegacion(enrollment, now=NOW)
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)

    undone = undo_review(acuse, by=reviewer, now=NOW)

    assert undone.request.state == RequestState.AT_SUBDELEGACION


def test_undo_review_of_a_case_that_was_an_errand_before(acuse, enrollment, reviewer):
    send_to_subdelegacion(enrollment, now=NOW)
    move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)

    undone = undo_review(acuse, by=reviewer, now=NOW)

    assert undone.request.state == RequestState.AT_SUBDELEGACION


def test_undo_review_of_a_return_once_the_number_is_proven_at_the_window(
    acuse, enrollment, reviewer
):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)
    register_nss(enrollment, nss=nss(7), route=ProofRoute.WINDOW, by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        undo_review(acuse, by=reviewer, now=NOW)


def test_move_to_subdelegacion_of_a_proven_request(acuse, reviewer):
    NSSRequest.objects.update(state=RequestState.PROVEN, proven_at=NOW)

    with pytest.raises(TransitionNotAllowed):
        move_to_subdelegacion(acuse, data_wrong="tu sexo", by=reviewer, now=NOW)


@pytest.mark.parametrize("seconds", [11, 3600])
def test_undo_review_later_needs_a_reason(acuse, reviewer, seconds):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    with pytest.raises(ReasonTooShort):
        undo_review(acuse, by=reviewer, now=NOW + timedelta(seconds=seconds))


def test_undo_review_of_a_colleague_needs_a_reason(acuse, enrollment, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)
    other = staff(Role.RESPONSABLE, enrollment.plantel)

    with pytest.raises(ReasonTooShort):
        undo_review(acuse, by=other, now=NOW)


def test_undo_review_later_with_its_reason(acuse, enrollment, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    undo_review(acuse, by=reviewer, now=LATE, reason="Era el acuse de su hermano")

    data = TimelineEntry.objects.get(event=Event.REVIEW_UNDONE).data
    assert data["reason"] == "Era el acuse de su hermano"


@pytest.mark.parametrize(
    "change",
    [
        lambda acuse, by: undo_review(acuse, by=by, now=NOW),
        lambda acuse, by: correct_nss(acuse, nss=nss(2), by=by, now=NOW),
    ],
)
def test_accepted_number_that_stands_in_a_batch_changes_no_more(
    acuse, enrollment, reviewer, change
):
    acuse = accept_acuse(acuse, nss=nss(1), by=reviewer, now=NOW)
    enrollment.sent_to_imss_at = NOW
    enrollment.save(update_fields=["sent_to_imss_at"])

    with pytest.raises(SentToIMSS):
        change(acuse, reviewer)

    enrollment.student.refresh_from_db()
    acuse.refresh_from_db()
    assert (enrollment.student.nss, acuse.state) == (nss(1), AcuseState.ACCEPTED)


def test_undo_review_twice(acuse, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)
    undo_review(acuse, by=reviewer, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        undo_review(acuse, by=reviewer, now=NOW)


def test_undo_review_when_the_student_sent_another(acuse, reviewer):
    return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=reviewer, now=NOW)
    AcuseFactory(request=acuse.request)

    with pytest.raises(TransitionNotAllowed):
        undo_review(acuse, by=reviewer, now=NOW)


def test_undo_review_keeps_a_number_that_another_stay_proved(acuse, enrollment, reviewer):
    student = enrollment.student
    student.nss = nss(7)
    student.save()
    former = EnrollmentFactory(student=student, state=EnrollmentState.FINISHED)
    NSSRequestFactory(enrollment=former, state=RequestState.PROVEN, proven_at=NOW)
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)

    undo_review(acuse, by=reviewer, now=NOW)

    student.refresh_from_db()
    assert student.nss == nss(7)


def test_accept_undo_accept_sends_one_mail(acuse, reviewer):
    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW)
    undo_review(acuse, by=reviewer, now=NOW + timedelta(seconds=3))

    accept_acuse(acuse, nss=nss(7), by=reviewer, now=NOW + timedelta(seconds=6))

    assert mails() == [("M-09", "CANCELLED"), ("M-09", "QUEUED")]


def test_look_at_acuse_is_written_down_and_claims(acuse, enrollment, reviewer):
    look_at_acuse(acuse, by=reviewer, now=NOW)

    entry = AccessEntry.objects.get()
    assert (entry.enrollment, entry.look, entry.by) == (enrollment, Look.FULL_NSS, reviewer)
    assert (acuse.seen_by, acuse.seen_at) == (reviewer, NOW)


def test_look_at_acuse_leaves_the_claim_of_a_colleague(acuse, enrollment, reviewer):
    other = staff(Role.REVISOR, enrollment.plantel)
    look_at_acuse(acuse, by=other, now=NOW)

    look_at_acuse(acuse, by=reviewer, now=NOW + timedelta(seconds=90))

    assert acuse.seen_by == other


def test_look_at_acuse_takes_over_a_claim_that_ended(acuse, enrollment, reviewer):
    look_at_acuse(acuse, by=staff(Role.REVISOR, enrollment.plantel), now=NOW)

    look_at_acuse(acuse, by=reviewer, now=NOW + timedelta(seconds=121))

    assert acuse.seen_by == reviewer


@pytest.mark.parametrize(
    "change",
    [
        lambda acuse, by: undo_review(acuse, by=by, now=NOW),
        lambda acuse, by: correct_nss(acuse, nss=nss(2), by=by, now=NOW),
    ],
)
def test_accepted_number_changes_no_more_once_another_plantel_sent_it_to_imss(
    acuse, enrollment, reviewer, change
):
    acuse = accept_acuse(acuse, nss=nss(1), by=reviewer, now=NOW)
    moved = transfer_student(
        enrollment,
        plantel=PlantelFactory(),
        group="101",
        matricula=enrollment.matricula,
        on_date=enrollment.enrolled_on,
        by=reviewer,
        now=NOW,
    )
    Enrollment.objects.filter(pk=moved.pk).update(sent_to_imss_at=NOW)

    with pytest.raises(SentToIMSS, match="otra inscripción"):
        change(acuse, reviewer)

    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == nss(1)
