"""Upload, send, answer: every way in which each of them can end."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from nss.actions.errors import (
    AnswerNotAsked,
    DataNotConfirmed,
    DraftIsPDF,
    PhotoNotTaken,
    StayIsOver,
    UploadNotAsked,
)
from nss.actions.upload import (
    add_photo,
    answer_nss,
    claim_acuse,
    send_acuse,
    upload_acuse,
    upload_acuse_for_student,
)
from nss.models import Acuse, NSSRequest
from nss.queries.acuses import files_of
from nss.states import AcuseState, NSSAnswer, RequestState, ReturnReason
from school.states import Role
from students.actions.bajas import withdraw_student
from students.actions.files import UploadRefused, absolute
from students.identity import NssError
from students.models import TimelineEntry
from students.states import BajaKind, EnrollmentState, Event, FileState
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.nss import add_photo as join_photo
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory, nss
from tests.samples import hostile

pytestmark = pytest.mark.django_db
FRIDAY = NOW  # 21 August 2026, 9:00 in Hermosillo


def photo(shade: int = 200) -> SimpleUploadedFile:
    """Return a small picture; another shade is another file."""
    content = io.BytesIO()
    Image.new("RGB", (640, 900), (shade, shade, shade)).save(content, "JPEG")
    return SimpleUploadedFile("acuse.jpg", content.getvalue(), "image/jpeg")


@pytest.fixture
def enrollment():
    return EnrollmentFactory(confirmed=True, plantel=PlantelFactory(number="05"))


@pytest.fixture
def student(enrollment):
    return enrollment.student.user


def events_of(enrollment):
    return list(TimelineEntry.objects.filter(enrollment=enrollment).values_list("event", flat=True))


def test_upload_acuse_keeps_a_draft(enrollment, student):
    acuse = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.version, acuse.folio) == (AcuseState.DRAFT, 1, None)
    assert acuse.file.state == FileState.QUARANTINED
    assert (acuse.file.enrollment, acuse.plantel) == (enrollment, enrollment.plantel)
    assert acuse.request.state == RequestState.OPEN
    assert events_of(enrollment) == [Event.ACUSE_UPLOADED]
    assert Notice.objects.count() == 0


def test_upload_acuse_twice_under_one_key_is_once(enrollment, student):
    first = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    second = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    assert second == first
    assert enrollment.files.count() == 1
    assert events_of(enrollment) == [Event.ACUSE_UPLOADED]


def test_upload_acuse_of_the_file_that_waits_is_that_draft(enrollment, student, own_folders):
    """Who does not know whether it arrived chooses it again: nothing was sent yet, so nothing says that it was."""
    first = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    again = upload_acuse(enrollment, upload=photo(), key="key-00002", by=student, now=NOW)

    on_disk = [path for path in (own_folders / "files").rglob("*") if path.is_file()]
    assert (again, again.state) == (first, AcuseState.DRAFT)
    assert (enrollment.files.count(), len(on_disk)) == (1, 1)
    assert events_of(enrollment) == [Event.ACUSE_UPLOADED]


def test_upload_acuse_of_the_file_that_was_sent_is_refused(enrollment, student):
    first = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)
    send_acuse(first, by=student, now=NOW)

    with pytest.raises(UploadRefused, match="ALREADY_SENT"):
        upload_acuse(enrollment, upload=photo(), key="key-00002", by=student, now=NOW)


class Noticing(SimpleUploadedFile):
    """An upload that runs something while its bytes are read."""

    meanwhile = staticmethod(lambda: None)

    def chunks(self, chunk_size=None):
        self.meanwhile()
        return super().chunks(chunk_size)


def test_upload_acuse_that_the_second_of_two_presses_overtakes(enrollment, student, own_folders):
    def press(page):
        return upload_acuse(enrollment, upload=page, key="key-00001", by=student, now=NOW)

    slow = Noticing("acuse.jpg", photo().read())
    slow.meanwhile = lambda: press(photo())

    acuse = press(slow)

    assert acuse == Acuse.objects.get()
    on_disk = [path for path in (own_folders / "files").rglob("*") if path.is_file()]
    assert on_disk == [absolute(acuse.file.path)]
    assert events_of(enrollment) == [Event.ACUSE_UPLOADED]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("upload", [upload_acuse, upload_acuse_for_student])
def test_upload_acuse_holds_no_lock_while_the_file_is_read(upload):
    stay = EnrollmentFactory(confirmed=True)
    seen = []
    page = Noticing("acuse.jpg", photo().read())
    page.meanwhile = lambda: seen.append(connection.in_atomic_block)

    upload(stay, upload=page, key="key-00001", by=stay.student.user, now=NOW)

    assert seen == [False, False]  # for the scanner, and to be written


def test_upload_acuse_key_of_another_student_gives_nothing_away(enrollment, student):
    other = EnrollmentFactory(confirmed=True)
    theirs = upload_acuse(other, upload=photo(10), key="key-00001", by=other.student.user, now=NOW)

    own = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    assert own != theirs
    assert own.request.enrollment == enrollment


def test_upload_acuse_replaces_the_former_draft(enrollment, student):
    first = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    second = upload_acuse(enrollment, upload=photo(90), key="key-00002", by=student, now=NOW)

    first.refresh_from_db()
    assert first.state == AcuseState.REPLACED
    assert (second.state, second.version) == (AcuseState.DRAFT, 2)


def test_upload_acuse_leaves_the_one_in_review_alone(enrollment, student):
    request = NSSRequestFactory(enrollment=enrollment)
    sent = AcuseFactory(request=request)

    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    sent.refresh_from_db()
    assert sent.state == AcuseState.RECEIVED


def test_upload_acuse_refused_file_leaves_no_trace(enrollment, student):
    page = SimpleUploadedFile("acuse.pdf", b"<html>not a PDF</html>")

    with pytest.raises(UploadRefused):
        upload_acuse(enrollment, upload=page, key="key-00001", by=student, now=NOW)

    assert Acuse.objects.count() == 0
    assert events_of(enrollment) == []


def test_upload_acuse_after_the_nss_is_proven(enrollment, student):
    NSSRequestFactory(enrollment=enrollment, state=RequestState.PROVEN, proven_at=NOW)

    with pytest.raises(UploadNotAsked):
        upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    assert enrollment.files.count() == 0


@pytest.mark.parametrize("upload", [upload_acuse, upload_acuse_for_student])
def test_upload_acuse_of_a_number_known_before(enrollment, student, upload):
    enrollment.student.nss = nss(3)
    enrollment.student.save()

    with pytest.raises(UploadNotAsked):
        upload(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    assert enrollment.files.count() == 0
    assert not NSSRequest.objects.filter(enrollment=enrollment).exists()


def test_upload_acuse_of_a_known_number_after_a_return(enrollment, student):
    AcuseFactory(
        request__enrollment=enrollment,
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.UNREADABLE,
    )
    enrollment.student.nss = nss(3)
    enrollment.student.save()

    acuse = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    assert (acuse.state, acuse.version) == (AcuseState.DRAFT, 2)


def test_upload_acuse_of_a_stay_that_is_over(student, enrollment):
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save()

    with pytest.raises(StayIsOver):
        upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)


def test_upload_acuse_before_the_data():
    stay = EnrollmentFactory()

    with pytest.raises(DataNotConfirmed):
        upload_acuse(stay, upload=photo(), key="key-00001", by=stay.student.user, now=NOW)

    assert Acuse.objects.count() == 0


def test_send_acuse_before_the_data():
    stay = EnrollmentFactory()
    draft = AcuseFactory(request__enrollment=stay, draft=True)

    with pytest.raises(DataNotConfirmed):
        send_acuse(draft, by=stay.student.user, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, Notice.objects.count()) == (AcuseState.DRAFT, 0)


# Several photos of one sheet -----------------------------------------------------------------------
def test_add_photo_joins_the_draft(enrollment, student):
    draft = upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    acuse = add_photo(enrollment, upload=photo(90), key="key-00002", by=student, now=NOW)

    assert acuse == draft == Acuse.objects.get()
    assert [(more.number, more.file.kind) for more in acuse.more_photos.all()] == [(2, "JPEG")]
    assert [file.enrollment for file in files_of(acuse)] == [enrollment, enrollment]
    entries = TimelineEntry.objects.filter(event=Event.ACUSE_UPLOADED)
    assert [entry.data for entry in entries.order_by("pk")] == [
        {"version": 1},
        {"version": 1, "photo": 2},
    ]


def test_add_photo_twice_under_one_key_is_once(enrollment, student):
    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)
    first = add_photo(enrollment, upload=photo(90), key="key-00002", by=student, now=NOW)

    second = add_photo(enrollment, upload=photo(90), key="key-00002", by=student, now=NOW)

    assert second == first
    assert enrollment.files.count() == 2


def test_add_photo_that_the_second_of_two_presses_overtakes(enrollment, student, own_folders):
    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    def press(page):
        return add_photo(enrollment, upload=page, key="key-00002", by=student, now=NOW)

    slow = Noticing("acuse.jpg", photo(90).read())
    slow.meanwhile = lambda: press(photo(90))

    acuse = press(slow)

    assert acuse.more_photos.count() == 1
    on_disk = {path for path in (own_folders / "files").rglob("*") if path.is_file()}
    assert on_disk == {absolute(file.path) for file in files_of(acuse)}


def test_add_photo_beyond_three(enrollment, student):
    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)
    for number in (2, 3):
        key = f"key-0000{number}"
        add_photo(enrollment, upload=photo(10 * number), key=key, by=student, now=NOW)

    with pytest.raises(PhotoNotTaken):
        add_photo(enrollment, upload=photo(90), key="key-00004", by=student, now=NOW)

    assert enrollment.files.count() == 3


def test_add_photo_takes_no_pdf(enrollment, student):
    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)
    page = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf())

    with pytest.raises(UploadRefused) as refused:
        add_photo(enrollment, upload=page, key="key-00002", by=student, now=NOW)

    assert refused.value.code == "PHOTO_ONLY"
    assert enrollment.files.count() == 1


def test_add_photo_to_a_pdf(enrollment, student):
    page = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf())
    upload_acuse(enrollment, upload=page, key="key-00001", by=student, now=NOW)

    with pytest.raises(DraftIsPDF):
        add_photo(enrollment, upload=photo(), key="key-00002", by=student, now=NOW)

    assert enrollment.files.count() == 1


def test_add_photo_when_the_acuse_was_sent_meanwhile_is_a_draft_of_its_own(enrollment, student):
    sent = AcuseFactory(request__enrollment=enrollment)

    acuse = add_photo(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    sent.refresh_from_db()
    assert (sent.state, sent.more_photos.count()) == (AcuseState.RECEIVED, 0)
    assert (acuse.state, acuse.version) == (AcuseState.DRAFT, 2)


def test_add_photo_counts_towards_the_limit_of_files(enrollment, student):
    StoredFileFactory.create_batch(19, enrollment=enrollment)
    upload_acuse(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)

    with pytest.raises(UploadRefused) as refused:
        add_photo(enrollment, upload=photo(90), key="key-00002", by=student, now=NOW)

    assert refused.value.code == "TOO_MANY_FILES"


def test_add_photo_after_the_nss_is_proven(enrollment, student):
    NSSRequestFactory(enrollment=enrollment, state=RequestState.PROVEN, proven_at=NOW)

    with pytest.raises(UploadNotAsked):
        add_photo(enrollment, upload=photo(), key="key-00001", by=student, now=NOW)


def test_upload_acuse_begins_anew_after_several_photos(enrollment, student):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    join_photo(draft)

    acuse = upload_acuse(enrollment, upload=photo(), key="key-00009", by=student, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, draft.more_photos.count()) == (AcuseState.REPLACED, 1)
    assert len(files_of(acuse)) == 1


def test_upload_acuse_for_student_before_the_data():
    stay = EnrollmentFactory()
    responsable = staff(Role.RESPONSABLE, stay.plantel)

    acuse = upload_acuse_for_student(stay, upload=photo(), key="key-00001", by=responsable, now=NOW)

    assert acuse.state == AcuseState.RECEIVED


def test_upload_acuse_for_student_is_in_review_at_once(enrollment):
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)

    acuse = upload_acuse_for_student(
        enrollment, upload=photo(), key="key-00001", by=responsable, now=NOW
    )

    assert (acuse.state, acuse.folio) == (AcuseState.RECEIVED, "A26-05-000001")
    assert acuse.created_by == responsable
    assert set(TimelineEntry.objects.values_list("event", "by")) == {
        (Event.ACUSE_UPLOADED, responsable.pk),
        (Event.ACUSE_SENT, responsable.pk),
    }


def test_upload_acuse_for_student_twice_under_one_key_is_once(enrollment):
    press = {"key": "key-00001", "by": staff(Role.RESPONSABLE, enrollment.plantel), "now": NOW}
    first = upload_acuse_for_student(enrollment, upload=photo(), **press)

    again = upload_acuse_for_student(enrollment, upload=photo(), **press)

    assert again == first
    assert Acuse.objects.count() == 1


def test_send_acuse_gives_folio_promise_and_mail(enrollment, student):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)

    sent = send_acuse(draft, by=student, now=FRIDAY)

    notice = Notice.objects.get()
    assert (sent.state, sent.folio, sent.sent_at) == (
        AcuseState.RECEIVED,
        "A26-05-000001",
        FRIDAY,
    )
    assert sent.review_due_on == date(2026, 8, 25)
    assert (notice.message, notice.to_email) == ("M-06", enrollment.data.email)
    assert notice.context == {
        "folio": "A26-05-000001",
        "acuse": sent.public_id,
        "review_due_on": "2026-08-25",
    }
    assert events_of(enrollment) == [Event.ACUSE_SENT]


def test_send_acuse_twice_is_once(enrollment, student):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    first = send_acuse(draft, by=student, now=FRIDAY)

    second = send_acuse(draft, by=student, now=FRIDAY + timedelta(minutes=1))

    assert second.folio == first.folio
    assert Notice.objects.count() == 1
    assert events_of(enrollment) == [Event.ACUSE_SENT]


def test_send_acuse_replaces_the_one_in_review(enrollment, student):
    request = NSSRequestFactory(enrollment=enrollment)
    former = AcuseFactory(request=request)
    draft = AcuseFactory(request=request, draft=True)

    send_acuse(draft, by=student, now=FRIDAY)

    former.refresh_from_db()
    assert former.state == AcuseState.REPLACED


def test_send_acuse_stops_the_mail_about_the_return(enrollment, student):
    request = NSSRequestFactory(enrollment=enrollment)
    Notice.objects.create(
        key="old",
        message="M-08",
        about=f"enrollment:{enrollment.pk}",
        to_email="a@correo.example",
        created_at=NOW,
        not_before=NOW,
    )
    draft = AcuseFactory(request=request, draft=True)

    send_acuse(draft, by=student, now=FRIDAY)

    assert list(Notice.objects.order_by("pk").values_list("message", "state")) == [
        ("M-08", "CANCELLED"),
        ("M-06", "QUEUED"),
    ]


@pytest.mark.parametrize("state", [AcuseState.REPLACED, AcuseState.REFUSED, AcuseState.RETURNED])
def test_send_acuse_that_is_no_draft(enrollment, student, state):
    acuse = AcuseFactory(
        request__enrollment=enrollment, state=state, return_reason=ReturnReason.UNREADABLE
    )

    with pytest.raises(TransitionNotAllowed):
        send_acuse(acuse, by=student, now=FRIDAY)

    assert events_of(enrollment) == []


def test_send_acuse_when_the_plantel_registered_the_nss(enrollment, student):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    draft.request.state, draft.request.proven_at = RequestState.PROVEN, NOW
    draft.request.save()

    with pytest.raises(UploadNotAsked):
        send_acuse(draft, by=student, now=FRIDAY)


def test_claim_acuse_notes_what_the_student_says(enrollment, student):
    acuse = AcuseFactory(request__enrollment=enrollment)

    claim_acuse(acuse, by=student, now=NOW)

    acuse.refresh_from_db()
    assert acuse.is_claimed_own is True
    assert events_of(enrollment) == [Event.ACUSE_SENT]


def test_claim_acuse_after_the_review(enrollment, student):
    acuse = AcuseFactory(
        request__enrollment=enrollment,
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.OTHER_PERSON,
    )

    with pytest.raises(AnswerNotAsked):
        claim_acuse(acuse, by=student, now=NOW)


@pytest.mark.parametrize(
    ("answer", "typed", "kept"),
    [
        (NSSAnswer.SAME, "", None),
        (NSSAnswer.UNKNOWN, "", None),
        (NSSAnswer.DIFFERENT, "24 26 08 1234 2", "24260812342"),
        (None, "24260812342", "24260812342"),
    ],
)
def test_answer_nss_keeps_the_answer(enrollment, student, answer, typed, kept):
    acuse = AcuseFactory(request__enrollment=enrollment)

    answer_nss(acuse, answer=answer, typed_nss=typed, by=student, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.nss_answer, acuse.typed_nss) == (
        AcuseState.RECEIVED,
        answer or "",
        kept,
    )
    assert events_of(enrollment) == [Event.NSS_TYPED]


def test_answer_nss_leaves_no_number_in_the_history(enrollment, student):
    acuse = AcuseFactory(request__enrollment=enrollment)

    answer_nss(acuse, answer=None, typed_nss=nss(1), by=student, now=NOW)

    assert nss(1) not in str(TimelineEntry.objects.get().data)


def test_answer_nss_with_a_wrong_digit(enrollment, student):
    acuse = AcuseFactory(request__enrollment=enrollment)

    with pytest.raises(NssError):
        answer_nss(acuse, answer=NSSAnswer.DIFFERENT, typed_nss="24260812343", by=student, now=NOW)

    assert events_of(enrollment) == []


def test_answer_nss_again_after_it_did_not_match(enrollment, student):
    acuse = AcuseFactory(
        request__enrollment=enrollment,
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.NSS_DIFFERS,
        reviewed_at=NOW,
        reviewed_by=staff(Role.REVISOR, enrollment.plantel),
        typed_nss=nss(1),
    )
    folio = acuse.folio

    answer_nss(acuse, answer=None, typed_nss=nss(2), by=student, now=FRIDAY)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.typed_nss, acuse.folio) == (AcuseState.RECEIVED, nss(2), folio)
    assert (acuse.reviewed_at, acuse.return_reason) == (None, "")
    assert acuse.review_due_on == date(2026, 8, 25)
    assert Notice.objects.get().message == "M-06"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AcuseState.RETURNED, ReturnReason.UNREADABLE),
        (AcuseState.REPLACED, ""),
        (AcuseState.DRAFT, ""),
    ],
)
def test_answer_nss_when_nobody_asks(enrollment, student, state, reason):
    acuse = AcuseFactory(request__enrollment=enrollment, state=state, return_reason=reason)

    with pytest.raises(AnswerNotAsked):
        answer_nss(acuse, answer=None, typed_nss=nss(2), by=student, now=NOW)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (AcuseState.RETURNED, {"return_reason": ReturnReason.NSS_DIFFERS}),
        (AcuseState.RECEIVED, {}),
    ],
)
def test_answer_nss_of_who_left(enrollment, student, state, told):
    by = staff(Role.REVISOR, enrollment.plantel)
    acuse = AcuseFactory(request__enrollment=enrollment, state=state, **told)
    withdraw_student(enrollment, kind=BajaKind.DEFINITIVE, on_date=NOW.date(), by=by, now=NOW)

    with pytest.raises(AnswerNotAsked) as refused:
        answer_nss(acuse, answer=None, typed_nss=nss(2), by=student, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.typed_nss) == (state, None)
    assert refused.value.sentence == StayIsOver.sentence
    assert not Notice.objects.filter(message="M-06").exists()


def test_answer_nss_of_a_returned_acuse_with_a_newer_one(enrollment, student):
    request = NSSRequestFactory(enrollment=enrollment)
    old = AcuseFactory(
        request=request, state=AcuseState.RETURNED, return_reason=ReturnReason.NSS_DIFFERS
    )
    AcuseFactory(request=request, draft=True)

    with pytest.raises(AnswerNotAsked):
        answer_nss(old, answer=None, typed_nss=nss(2), by=student, now=NOW)
