"""Print jobs: ordered, drawn, downloaded once, gone after an hour."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from common.transitions import TransitionNotAllowed
from papers.actions import (
    SheetsGone,
    cancel_print_job,
    delete_expired_sheets,
    draw_due_job,
    fail_printing,
    finish_printing,
    queue_print_job,
    report_progress,
    start_printing,
    take_download,
    take_folio,
)
from papers.models import PrintJob
from papers.queries import jobs_due, print_jobs_for
from papers.states import PaperKind, PrintState
from papers.tasks import delete_old_sheets
from school.states import Role
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 hojas"


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def owner(plantel):
    return staff(Role.RESPONSABLE, plantel)


def order(plantel, by, **more) -> PrintJob:
    told = {
        "title": "Códigos de activación: grupo 101",
        "parameters": {"enrollments": [1]},
        "sheets": 3,
    }
    return queue_print_job(plantel, PaperKind.SLIPS, by=by, now=NOW, **{**told, **more})


@pytest.fixture
def job(plantel, owner) -> PrintJob:
    return order(plantel, owner)


@pytest.fixture
def ready(job, django_capture_on_commit_callbacks) -> PrintJob:
    start_printing(job)
    finish_printing(job, PDF, now=NOW)
    job.refresh_from_db()
    return job


def test_queue_print_job(job, plantel, owner) -> None:
    assert (job.state, job.plantel, job.created_by, job.sheets_total) == (
        PrintState.QUEUED,
        plantel,
        owner,
        3,
    )
    assert list(jobs_due(PaperKind.SLIPS, NOW)) == [job]


def test_queue_print_job_shortens_a_long_title(plantel, owner) -> None:
    assert order(plantel, owner, title="x" * 130).title == "x" * 120


def test_finish_printing_keeps_the_pdf_for_an_hour(ready) -> None:
    assert (ready.state, ready.sheets_done, ready.expires_at) == (
        PrintState.READY,
        3,
        NOW + timedelta(hours=1),
    )
    with default_storage.open(ready.path) as file:
        assert file.read() == PDF
    assert list(jobs_due(PaperKind.SLIPS, NOW)) == []


def test_finish_printing_twice(ready) -> None:
    with pytest.raises(TransitionNotAllowed):
        finish_printing(ready, PDF, now=NOW)


def test_start_printing_again_after_a_worker_died(job) -> None:
    start_printing(job)
    report_progress(job, 2)

    assert start_printing(job).sheets_done == 0


def test_start_printing_what_is_over(ready) -> None:
    with pytest.raises(TransitionNotAllowed):
        start_printing(ready)


def test_report_progress(job) -> None:
    start_printing(job)

    report_progress(job, 2)

    job.refresh_from_db()
    assert job.sheets_done == 2


def test_report_progress_of_a_job_that_does_not_print(job) -> None:
    with pytest.raises(TransitionNotAllowed):
        report_progress(job, 1)


def test_fail_printing(job) -> None:
    start_printing(job)

    fail_printing(job, "No se pudo")

    job.refresh_from_db()
    assert (job.state, job.error) == (PrintState.FAILED, "No se pudo")


def test_cancel_print_job(job) -> None:
    cancel_print_job(job)

    job.refresh_from_db()
    assert job.state == PrintState.CANCELLED


def test_cancel_print_job_once_the_worker_has_it(job) -> None:
    """By then the new codes exist and the old sheets are worth nothing."""
    start_printing(job)

    with pytest.raises(TransitionNotAllowed):
        cancel_print_job(job)


def test_take_download_once(ready, django_capture_on_commit_callbacks) -> None:
    path = ready.path

    with django_capture_on_commit_callbacks(execute=True):
        assert take_download(ready, now=NOW) == PDF

    ready.refresh_from_db()
    assert (ready.path, ready.downloaded_at, default_storage.exists(path)) == ("", NOW, False)
    with pytest.raises(SheetsGone):
        take_download(ready, now=NOW)


def test_take_download_after_an_hour(ready) -> None:
    with pytest.raises(SheetsGone):
        take_download(ready, now=NOW + timedelta(hours=1))


def test_take_download_before_it_is_ready(job) -> None:
    with pytest.raises(SheetsGone):
        take_download(job, now=NOW)


def test_delete_expired_sheets(ready, django_capture_on_commit_callbacks) -> None:
    path = ready.path
    assert delete_expired_sheets(now=NOW + timedelta(minutes=59)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired_sheets(now=NOW + timedelta(hours=1)) == 1

    ready.refresh_from_db()
    assert (ready.path, default_storage.exists(path)) == ("", False)
    assert delete_expired_sheets(now=NOW + timedelta(hours=2)) == 0


def test_delete_old_sheets_is_the_sweep_of_it(ready) -> None:
    assert delete_old_sheets() == 1
    assert delete_old_sheets() == 0


def test_print_jobs_for_are_the_owners_alone(job, plantel, owner) -> None:
    colleague = staff(Role.RESPONSABLE, plantel)

    assert list(print_jobs_for(owner)) == [job]
    assert list(print_jobs_for(colleague)) == []


def test_print_jobs_for_end_with_the_role(job, owner) -> None:
    owner.memberships.all().delete()

    assert list(print_jobs_for(owner)) == []


def test_take_folio_without_gaps(plantel) -> None:
    assert [take_folio("P", plantel, year=2026) for _ in range(2)] == ["P26-05-0001", "P26-05-0002"]
    assert take_folio("P", plantel, year=2027) == "P27-05-0001"
    assert take_folio("A", plantel, year=2026) == "A26-05-000001"


def draw(job: PrintJob) -> bytes:
    return PDF


@pytest.mark.django_db(transaction=True)
def test_draw_due_job_once(job) -> None:
    drawn = [draw_due_job(PaperKind.SLIPS, draw, gave_up="No", now=NOW) for _ in range(2)]

    job.refresh_from_db()
    assert drawn == [True, False]
    assert (job.state, job.expires_at) == (PrintState.READY, NOW + timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_draw_due_job_of_a_worker_that_was_too_slow(job) -> None:
    """Another one took over when the lease was over, and was faster."""

    def slow(job: PrintJob) -> bytes:
        draw_due_job(PaperKind.SLIPS, draw, gave_up="No", now=NOW + timedelta(seconds=90))
        return b"another"

    assert draw_due_job(PaperKind.SLIPS, slow, gave_up="No", now=NOW)

    job.refresh_from_db()
    with default_storage.open(job.path) as file:
        assert file.read() == PDF


@pytest.mark.django_db(transaction=True)
def test_draw_due_job_gives_up_after_three_tries(job) -> None:
    PrintJob.objects.update(attempts=3)

    assert draw_due_job(PaperKind.SLIPS, draw, gave_up="No se pudo", now=NOW)

    job.refresh_from_db()
    assert (job.state, job.error) == (PrintState.FAILED, "No se pudo")
