"""Uploads kept in quarantine, and the one view that sends them."""

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common.transitions import TransitionNotAllowed
from common.uploads import DOCUMENT, PILE, ROSTER, Purpose, Refusal
from common.uploads.runner import _slot
from school.states import Role
from students.actions.files import (
    UploadRefused,
    absolute,
    checked_upload,
    clean_name,
    keep_derivatives,
    keep_file,
    prepare_file,
    refuse_file,
)
from students.models import AccessEntry, Enrollment, StoredFile
from students.queries.files import files_to_prepare
from students.states import FileState, Look
from students.tasks import prepare_claimed, prepare_files
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory
from tests.samples import hostile

pytestmark = pytest.mark.django_db

NAMES = [
    "acuse.pdf",
    "../../x.pdf",
    "..\\..\\x.pdf",
    "/etc/passwd",
    "C:\\temp\\acuse.pdf",
    "a\x00b.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    "a\nb.pdf",
    "\u202efdp.exe",
    "acuse\u200b.pdf",
    "x" * 300 + ".pdf",
    "ñ" * 300,
    "CON.pdf",
    "NUL",
    ".htaccess",
    "...",
    "acuse 😀.pdf",
    "",
    "acuse.pdf.exe",
    "acuse.tar.gz",
    "a;b.pdf",
    'a"b.pdf',
    "a'b.pdf",
    "a%0d%0ab.pdf",
    "<script>.pdf",
    "ACUSE DE ANA.PDF",
    "  acuse.pdf  ",
    "acuse\u2028linea.pdf",
    "＃acuse．pdf",
    "acúse\u0301.pdf",
]


def stored(content: bytes, name: str = "acuse.pdf", **options: object) -> StoredFile:
    """Store an upload of a new student, or of the stay given."""
    enrollment = options.pop("enrollment", None) or EnrollmentFactory()
    upload = SimpleUploadedFile(name, content, content_type="text/html")
    return kept(upload, enrollment, **options)


def kept(
    upload: SimpleUploadedFile,
    enrollment: Enrollment,
    *,
    purpose: Purpose = DOCUMENT,
    now: datetime = NOW,
) -> StoredFile:
    """Check an upload and give it its row, as every upload page does."""
    with checked_upload(upload, purpose, enrollment=enrollment) as file:
        return keep_file(
            file,
            enrollment=enrollment,
            plantel=enrollment.plantel,
            by=enrollment.student.user,
            now=now,
        )


def files_on_disk(folder: Path) -> list[str]:
    """List what lies in the store."""
    root = folder / "files"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


# Storing -----------------------------------------------------------------------------------------
def test_checked_upload_keeps_bytes_hash_and_pages(own_folders):
    content = hostile.plain_pdf(3)

    file = stored(content)

    assert absolute(file.path).read_bytes() == content
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.kind, file.pages, file.size) == ("PDF", 3, len(content))
    assert file.state == FileState.QUARANTINED
    assert files_on_disk(own_folders) == [file.path]


def test_checked_upload_without_a_row_leaves_no_file(own_folders):
    upload = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf())

    with checked_upload(upload, DOCUMENT) as file:
        assert absolute(file.path).exists()

    assert files_on_disk(own_folders) == []


def test_checked_upload_whose_row_was_rolled_back_leaves_no_file(own_folders):
    upload = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf())
    stay = EnrollmentFactory()

    def keep_and_fail():
        with checked_upload(upload, DOCUMENT) as file, transaction.atomic():
            keep_file(file, plantel=stay.plantel, by=stay.student.user, now=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        keep_and_fail()

    assert StoredFile.objects.count() == 0
    assert files_on_disk(own_folders) == []


@pytest.mark.parametrize("name", NAMES)
def test_checked_upload_takes_no_path_from_the_name(name, own_folders):  # T20, N1
    upload = SimpleUploadedFile("x", hostile.plain_pdf())
    upload._name = name
    enrollment = EnrollmentFactory()

    file = kept(upload, enrollment)

    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", file.path)
    assert files_on_disk(own_folders) == [file.path]
    assert len(file.original_name) <= 150
    assert not re.search(r"[\x00-\x1f/\\\u200b\u2028\u202e]", file.original_name)


def test_clean_name_keeps_the_extension_of_a_long_name():
    assert clean_name("x" * 300 + ".pdf") == "x" * 146 + ".pdf"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "acuse.pdf", Refusal.EMPTY),
        (b"<html>", "acuse.html", Refusal.TYPE_NOT_ALLOWED),
        (b"<html>", "acuse.pdf", Refusal.TYPE_MISMATCH),
        (b"%PDF-1.7", "acuse.pdf", Refusal.PDF_DAMAGED),
        (hostile.script_direct(), "acuse.pdf", Refusal.PDF_ACTIVE),
        (hostile.jpeg()[:900], "foto.jpg", Refusal.IMAGE_DAMAGED),
    ],
)
def test_checked_upload_refuses_and_keeps_nothing(content, name, code, own_folders):
    with pytest.raises(UploadRefused) as refused:
        stored(content, name)

    assert refused.value.code == code
    assert refused.value.sentence
    assert StoredFile.objects.count() == 0
    assert files_on_disk(own_folders) == []


def test_checked_upload_refuses_more_than_ten_megabytes(own_folders):
    with pytest.raises(UploadRefused) as refused:
        stored(b"%PDF-" + bytes(10 * 1024 * 1024))

    assert refused.value.sentence == "El archivo debe pesar menos de 10 MB; el tuyo pesa 11 MB"
    assert files_on_disk(own_folders) == []


def test_checked_upload_refuses_the_same_file_again():  # N3
    enrollment = EnrollmentFactory()
    stored(hostile.plain_pdf(), enrollment=enrollment)

    with pytest.raises(UploadRefused) as refused:
        stored(hostile.plain_pdf(), enrollment=enrollment)

    assert refused.value.code == Refusal.ALREADY_SENT


def test_checked_upload_takes_the_same_file_from_two_students():  # N3
    first, second = stored(hostile.plain_pdf()), stored(hostile.plain_pdf())

    assert first.sha256 == second.sha256
    assert first.path != second.path


def test_checked_upload_stops_at_twenty_files():
    enrollment = EnrollmentFactory()
    StoredFileFactory.create_batch(20, enrollment=enrollment)

    with pytest.raises(UploadRefused) as refused:
        stored(hostile.plain_pdf(), enrollment=enrollment)

    assert refused.value.code == Refusal.TOO_MANY_FILES


def test_checked_upload_stops_at_sixty_megabytes():
    enrollment = EnrollmentFactory()
    StoredFileFactory(enrollment=enrollment, size=60 * 1024 * 1024)

    with pytest.raises(UploadRefused) as refused:
        stored(hostile.plain_pdf(), enrollment=enrollment)

    assert refused.value.code == Refusal.TOO_MANY_FILES


def test_checked_upload_leaves_the_check_to_the_sweep_when_both_slots_are_taken():
    with _slot(0), _slot(0):
        file = stored(hostile.script_direct())

    assert (file.state, file.pages) == (FileState.QUARANTINED, 0)


def test_checked_upload_of_a_roster_speaks_to_staff():
    with pytest.raises(UploadRefused) as refused:
        stored(b"a;b", "lista.xlsx", purpose=ROSTER)

    wanted = "El archivo debe ser XLSX o CSV. Guardarlo como .xlsx y subirlo"
    assert refused.value.sentence == wanted


# Preparing ---------------------------------------------------------------------------------------
def test_prepare_file_draws_every_page_and_is_ready():
    file = prepare_file(stored(hostile.plain_pdf(2)))

    assert file.state == FileState.READY
    assert file.derivative_pages == [f"{file.path}-01", f"{file.path}-02"]
    assert all(absolute(path).read_bytes()[:3] == b"\xff\xd8\xff" for path in file.derivative_pages)


def test_prepare_file_refuses_what_slipped_past_the_check():
    with _slot(0), _slot(0):
        waiting = stored(hostile.attachment())

    file = prepare_file(waiting)

    assert (file.state, file.refusal) == (FileState.REFUSED, "PDF_ATTACHMENTS")


def test_keep_derivatives_twice_is_once():
    file = stored(hostile.plain_pdf())

    keep_derivatives(file, {"page-01.jpg": b"one"}, pages=1)
    again = keep_derivatives(file, {"page-01.jpg": b"two"}, pages=7)

    assert again.pages == 1
    assert absolute(again.derivative_pages[0]).read_bytes() == b"one"


def test_keep_derivatives_of_a_refused_file_raises():
    file = refuse_file(stored(hostile.plain_pdf()), Refusal.PDF_DAMAGED)

    with pytest.raises(TransitionNotAllowed):
        keep_derivatives(file, {}, pages=1)


def test_refuse_file_twice_keeps_the_first_reason():
    file = stored(hostile.plain_pdf())

    refuse_file(file, Refusal.PDF_DAMAGED)
    again = refuse_file(file, Refusal.PDF_ACTIVE)

    assert again.refusal == "PDF_DAMAGED"


def test_files_to_prepare_waits_for_the_app_the_file_belongs_to():
    old = stored(hostile.plain_pdf(), now=NOW - timedelta(minutes=1))
    stored(hostile.plain_pdf())

    assert list(files_to_prepare(NOW)) == [old]


def test_prepare_files_twice_prepares_once():
    file = stored(hostile.plain_pdf(), now=NOW - timedelta(days=100))

    handled = [prepare_files(), prepare_files()]

    file.refresh_from_db()
    assert handled == [1, 0]
    assert file.state == FileState.READY


def test_prepare_files_leaves_signed_sheets_to_who_reads_them():
    upload = SimpleUploadedFile("pila.pdf", hostile.plain_pdf(11))
    plantel = PlantelFactory()
    with checked_upload(upload, PILE) as checked:
        by = staff(Role.RESPONSABLE, plantel)
        file = keep_file(checked, plantel=plantel, by=by, now=NOW - timedelta(days=100))

    assert prepare_files() == 0

    file.refresh_from_db()
    assert (file.state, file.pages) == (FileState.QUARANTINED, 0)


def test_prepare_files_leaves_alone_what_another_worker_draws():
    file = stored(hostile.plain_pdf(), now=NOW - timedelta(days=100))
    StoredFile.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    assert prepare_files() == 0

    file.refresh_from_db()
    assert (file.state, file.attempts) == (FileState.QUARANTINED, 0)


def test_prepare_files_without_a_free_child_gives_the_file_back():
    file = stored(hostile.plain_pdf(), now=NOW - timedelta(days=100))

    with _slot(0), _slot(0):
        prepare_files()

    file.refresh_from_db()
    assert (file.state, file.lease_until, file.attempts) == (FileState.QUARANTINED, None, 0)


@pytest.mark.parametrize("state", [FileState.READY, FileState.REFUSED])
@pytest.mark.parametrize("content", [hostile.plain_pdf(), b"%PDF-1.7 broken"])
def test_prepare_claimed_of_what_was_settled_meanwhile(state, content):
    file = stored(hostile.plain_pdf())
    absolute(file.path).write_bytes(content)
    StoredFile.objects.update(state=state)

    prepare_claimed(file.pk, held_until=NOW)

    file.refresh_from_db()
    assert (file.state, file.derivative_pages) == (state, [])


def test_prepare_files_gives_up_what_kills_its_worker():
    file = stored(hostile.plain_pdf(), now=NOW - timedelta(days=100))
    StoredFile.objects.update(attempts=3)

    prepare_files()

    file.refresh_from_db()
    assert (file.state, file.refusal) == (FileState.REFUSED, "PDF_DAMAGED")


# Sending -----------------------------------------------------------------------------------------
@pytest.fixture
def ready() -> StoredFile:
    """Give a student's acuse with its safe picture."""
    file = AcuseFactory(file__original_name="mi acuse.pdf").file
    file.derivative_pages = [f"{file.path}-01"]
    file.save(update_fields=["derivative_pages"])
    absolute(file.path).parent.mkdir(parents=True)
    absolute(file.path).write_bytes(hostile.plain_pdf())
    absolute(file.derivative_pages[0]).write_bytes(hostile.jpeg())
    return file


def address(file: StoredFile, what: str) -> str:
    """Give the address of a picture or of the original."""
    return reverse("students:file", args=[file.public_id, what])


def test_send_file_gives_the_student_the_picture(client, ready):
    client.force_login(ready.enrollment.student.user)

    response = client.get(address(ready, "1"))

    assert response.status_code == 200
    assert response.content[:3] == b"\xff\xd8\xff"
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == 'inline; filename="pagina-1.jpg"'
    assert AccessEntry.objects.count() == 0


def test_send_file_gives_the_original_as_a_download_in_a_sandbox(client, ready):
    client.force_login(ready.enrollment.student.user)

    response = client.get(address(ready, "original"))

    assert response.content == absolute(ready.path).read_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="mi acuse.pdf"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", NAMES)
def test_send_file_keeps_every_name_on_one_line(client, ready, name):  # T20
    StoredFile.objects.filter(pk=ready.pk).update(original_name=clean_name(name))
    client.force_login(ready.enrollment.student.user)

    disposition = client.get(address(ready, "original"))["Content-Disposition"]

    assert disposition.startswith("attachment; filename")
    assert not re.search(r"[\r\n\x00]", disposition)


@pytest.mark.parametrize(
    ("role", "what", "status"),
    [
        (Role.RESPONSABLE, "1", 200),
        (Role.RESPONSABLE, "original", 200),
        (Role.REVISOR, "original", 200),
        (Role.CONSULTA, "1", 200),
        (Role.CONSULTA, "original", 403),
        (Role.ADMIN, "1", 403),
        (Role.AUDITOR, "1", 403),
    ],
)
def test_send_file_by_role(client, ready, role, what, status):
    plantel = None if role in {Role.ADMIN, Role.AUDITOR} else ready.plantel
    client.force_login(staff(role, plantel))

    response = client.get(address(ready, what))

    assert response.status_code == status
    assert AccessEntry.objects.count() == (status == 200)


@pytest.mark.parametrize(("role", "status"), [(Role.RESPONSABLE, 200), (Role.REVISOR, 403)])
def test_send_file_of_evidence_by_role(client, ready, role, status):
    ready.acuse.delete()
    client.force_login(staff(role, ready.plantel))

    assert client.get(address(ready, "1")).status_code == status


def test_send_file_writes_down_who_looked_at_what(client, ready):
    user = staff(Role.REVISOR, ready.plantel)
    client.force_login(user)

    client.get(address(ready, "1"))
    client.get(address(ready, "original"))

    looks = AccessEntry.objects.order_by("pk").values_list("by", "file", "look", "enrollment")
    assert list(looks) == [
        (user.pk, ready.pk, Look.DOCUMENT, ready.enrollment_id),
        (user.pk, ready.pk, Look.ORIGINAL, ready.enrollment_id),
    ]


def test_send_file_does_not_exist_for_another_student(client, ready):
    client.force_login(EnrollmentFactory(plantel=ready.plantel).student.user)

    assert client.get(address(ready, "1")).status_code == 404


def test_send_file_does_not_exist_for_another_plantel(client, ready):
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    assert client.get(address(ready, "1")).status_code == 404


@pytest.mark.parametrize("what", ["0", "2", "01", "-1", "x", "Original"])
def test_send_file_of_an_unknown_part_is_not_found(client, ready, what):
    client.force_login(ready.enrollment.student.user)

    assert client.get(address(ready, what)).status_code == 404


@pytest.mark.parametrize("what", ["1", "original"])
def test_send_file_never_sends_from_quarantine(client, what):
    file = stored(hostile.plain_pdf())
    client.force_login(file.enrollment.student.user)

    assert client.get(address(file, what)).status_code == 404


def test_send_file_whose_bytes_are_gone_is_not_found(client, ready):
    absolute(ready.path).unlink()
    client.force_login(ready.enrollment.student.user)

    assert client.get(address(ready, "original")).status_code == 404


def test_send_file_leaves_the_bytes_to_the_web_server_where_it_can(client, ready, settings):
    settings.X_ACCEL_REDIRECT = "/interno/"
    client.force_login(ready.enrollment.student.user)

    response = client.get(address(ready, "original"))

    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/interno/{ready.path}"
    assert response["Content-Type"] == "application/pdf"


def test_send_file_refuses_a_post(client, ready):
    client.force_login(ready.enrollment.student.user)

    assert client.post(address(ready, "1")).status_code == 405
