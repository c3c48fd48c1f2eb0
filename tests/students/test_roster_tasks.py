"""The sweeps of rosters and slips, with the real child process and the real printer."""

import threading
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from common.uploads import Refusal, sentence_of
from common.uploads.runner import _slot
from papers.actions import cancel_print_job
from papers.models import PrintJob
from papers.states import PrintState
from school.states import Role
from students import tasks
from students.access_codes import clean_code
from students.actions.access_codes import hash_of, queue_slips
from students.actions.import_rows import Imported, import_rows
from students.actions.roster import apply_fixes, confirm_import, match_columns, upload_roster
from students.models import AccessCode, Enrollment, RosterImport
from students.roster_file import RosterRow
from students.states import CodeChannel, ImportState
from students.tasks import MAX_ATTEMPTS, print_slips, read_rosters
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.students.roster_files import ANA, HEADERS, SHEET, repacked, sheet_of, xlsx_bytes

pytestmark = pytest.mark.django_db

COLUMNS = {
    "matricula": 0,
    "given_names": 1,
    "first_surname": 2,
    "second_surname": 3,
    "group": 4,
    "curp": 5,
}
WRONG = ["26050149", "Luis", "Peña", "", "101", "GOMAO80214MSRMRNA5"]


@pytest.fixture
def plantel():
    SchoolCycleFactory()
    return PlantelFactory(number="05")


@pytest.fixture
def responsable(plantel):
    return staff(Role.RESPONSABLE, plantel)


def uploaded(plantel, by, data: bytes, name: str = "lista.xlsx") -> RosterImport:
    return upload_roster(plantel, SimpleUploadedFile(name, data), by=by, now=timezone.now())


# Rosters -----------------------------------------------------------------------------------------
def test_read_rosters_reads_checks_and_imports(plantel, responsable) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA, WRONG]))

    assert read_rosters() == 1
    roster.refresh_from_db()
    assert (roster.state, [column["field"] for column in roster.columns]) == (
        ImportState.READ,
        list(COLUMNS),
    )

    match_columns(roster, COLUMNS)
    assert read_rosters() == 1
    roster.refresh_from_db()
    assert roster.report["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "bad": 1,
        "missing": 0,
        "marked": 0,
    }
    assert [
        finding["problem"] for finding in roster.report["findings"] if finding["line"] == 3
    ] == ["En el lugar 5 va un número y dice «O». Suele pasar al confundir la letra O con el cero"]

    confirm_import(roster)
    assert read_rosters() == 1
    roster.refresh_from_db()
    assert (roster.state, Enrollment.objects.get().matricula) == (ImportState.IMPORTED, ANA[0])
    assert read_rosters() == 0


def test_read_rosters_fix_and_import(plantel, responsable) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, WRONG]))
    read_rosters()
    match_columns(roster, COLUMNS)
    read_rosters()

    apply_fixes(roster, ["2:curp"])
    read_rosters()
    confirm_import(roster)
    read_rosters()

    assert Enrollment.objects.get().student.curp == "GOMA080214MSRMRNA5"


def test_read_rosters_idle_costs_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert read_rosters() == 0


def test_read_rosters_bomb_is_refused_with_its_code(plantel, responsable) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD1048576"><v>1</v></c></row>'
    roster = uploaded(
        plantel, responsable, repacked(xlsx_bytes([HEADERS, ANA]), {SHEET: sheet_of(far)})
    )

    read_rosters()

    roster.refresh_from_db()
    assert (roster.state, roster.failure) == (ImportState.FAILED, "TOO_MANY_ROWS")
    assert roster.report["details"] == {"limit": "5,000"}


def test_read_rosters_gives_up_a_file_that_kills_its_reader(plantel, responsable) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA]))
    RosterImport.objects.update(
        attempts=MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1)
    )

    read_rosters()

    roster.refresh_from_db()
    assert (roster.state, roster.failure) == (ImportState.FAILED, "ARCHIVE_DAMAGED")


def test_read_rosters_gives_up_writing_without_blaming_the_file(plantel, responsable) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA]))
    read_rosters()
    match_columns(roster, COLUMNS)
    read_rosters()
    confirm_import(roster)
    RosterImport.objects.update(attempts=MAX_ATTEMPTS)

    read_rosters()

    roster.refresh_from_db()
    assert (roster.state, roster.failure) == (ImportState.FAILED, "NOT_WRITTEN")
    assert Enrollment.objects.count() == 0
    assert sentence_of(Refusal(roster.failure), table=True)[:22] == "El archivo está bien, "


def test_read_rosters_ends_a_file_whose_reader_dies(plantel, responsable, monkeypatch) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA]))
    monkeypatch.setattr(tasks, "READING", replace(tasks.READING, wall_seconds=0))

    read_rosters()

    roster.refresh_from_db()
    assert (roster.state, roster.failure) == (ImportState.FAILED, "ARCHIVE_DAMAGED")


def test_read_rosters_without_a_free_child_gives_the_file_back(plantel, responsable) -> None:
    roster = uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA]))

    with _slot(0), _slot(0):
        read_rosters()

    roster.refresh_from_db()
    assert (roster.state, roster.lease_until, roster.attempts) == (ImportState.UPLOADED, None, 0)


def test_read_rosters_leaves_a_row_that_another_worker_holds(plantel, responsable) -> None:
    uploaded(plantel, responsable, xlsx_bytes([HEADERS, ANA]))
    RosterImport.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    assert read_rosters() == 0


@pytest.mark.django_db(transaction=True)
def test_import_rows_two_at_once_are_one(plantel, responsable) -> None:
    """T19: the second waits for the plantel's row and then finds nothing to do."""
    cycle = SchoolCycleFactory()
    rows = [
        RosterRow(n + 2, f"2605{n:04d}", "Ana", "Gómez", "Martínez", "101", curp(n))
        for n in range(200)
    ]
    results: list[Imported] = []
    barrier = threading.Barrier(2)

    def load() -> None:
        barrier.wait()
        now = timezone.now()
        results.append(
            import_rows(plantel, cycle, rows, by=None, folio="P", now=now, today=now.date())
        )
        connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((len(result.created), result.same) for result in results) == [(0, 200), (200, 0)]
    assert Enrollment.objects.count() == 200


# Slips -------------------------------------------------------------------------------------------
@pytest.fixture
def group(plantel):
    return [
        EnrollmentFactory(plantel=plantel, group="101", student__given_names=f"Ana {n}")
        for n in range(12)
    ]


def pages_of(job: PrintJob) -> list[list[str]]:
    """Return the texts of the QR codes of each sheet."""
    with default_storage.open(job.path) as file:
        document = pypdfium2.PdfDocument(file.read())
    sheets = []
    for page in document:
        assert page.get_size() == (612.0, 792.0)
        image = page.render(scale=150 / 72).to_pil()
        sheets.append([code.text for code in zxingcpp.read_barcodes(image)])
    return sheets


def test_print_slips_ten_a_sheet_with_codes_that_enter(
    plantel, responsable, group, settings
) -> None:
    settings.BASE_URL = "https://afiliacion.example"
    other = EnrollmentFactory(plantel=plantel, group="102")
    (job,) = queue_slips(plantel, ["101", "102"], reprint=False, by=responsable, now=timezone.now())

    assert print_slips() == 1

    job.refresh_from_db()
    sheets = pages_of(job)
    assert (job.state, job.sheets_total, job.sheets_done) == (PrintState.READY, 3, 3)
    assert [len(codes) for codes in sheets] == [10, 2, 1]
    address, _, code = sheets[2][0].partition("#")
    assert address == "https://afiliacion.example/entrar/"
    assert other.access_codes.get().code_hmac == hash_of(
        clean_code(code), other.pk, CodeChannel.SLIP
    )
    assert print_slips() == 0


def test_print_slips_voids_the_slips_before(plantel, responsable, group) -> None:
    for reprint in (False, True):
        queue_slips(plantel, ["101"], reprint=reprint, by=responsable, now=timezone.now())
        print_slips()

    live = AccessCode.objects.filter(voided_at__isnull=True)
    assert (AccessCode.objects.count(), live.count()) == (24, 12)


def test_print_slips_cancelled_job_makes_no_codes(plantel, responsable, group) -> None:
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=timezone.now())
    cancel_print_job(job)

    assert print_slips() == 0
    assert AccessCode.objects.count() == 0


def test_draw_slips_of_a_job_cancelled_meanwhile_makes_no_codes(
    plantel, responsable, group
) -> None:
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=timezone.now())
    cancel_print_job(job)

    tasks.draw_slips(job.pk)

    job.refresh_from_db()
    assert (job.state, AccessCode.objects.count()) == (PrintState.CANCELLED, 0)


def test_print_slips_takes_over_from_a_dead_worker(plantel, responsable, group) -> None:
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=timezone.now())
    PrintJob.objects.update(
        state=PrintState.PRINTING, lease_until=timezone.now() - timedelta(seconds=1)
    )

    print_slips()

    job.refresh_from_db()
    assert job.state == PrintState.READY


def test_print_slips_gives_up_after_three_tries(plantel, responsable, group) -> None:
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=timezone.now())
    PrintJob.objects.update(
        state=PrintState.PRINTING,
        attempts=MAX_ATTEMPTS,
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    print_slips()

    job.refresh_from_db()
    assert (job.state, job.error[:20]) == (PrintState.FAILED, "No se pudo imprimir ")


def test_print_slips_prints_neither_curp_nor_nss(plantel, responsable) -> None:
    stay = EnrollmentFactory(
        plantel=plantel, declared_nss="24260812342", student__nss="24260812342"
    )
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=responsable, now=timezone.now())
    print_slips()
    job.refresh_from_db()

    with default_storage.open(job.path) as file:
        text = pypdfium2.PdfDocument(file.read())[0].get_textpage().get_text_bounded()
    assert stay.matricula in text
    assert stay.student.curp not in text
    assert "24260812342" not in text.replace(" ", "")
