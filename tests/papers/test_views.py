"""The screens of one's own print jobs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from papers.actions import (
    fail_printing,
    finish_printing,
    issue_papers,
    queue_lot,
    queue_print_job,
    start_printing,
)
from papers.models import LotDownload, PrintJob
from papers.states import PaperKind, PrintState
from school.states import Role
from tests.factories.school import MembershipFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

KIND = PaperKind.CITATORIO
PDF = b"%PDF-1.7 hojas"


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def owner(client, plantel):
    user = staff(Role.RESPONSABLE, plantel)
    client.force_login(user)
    return user


@pytest.fixture
def job(plantel, owner) -> PrintJob:
    title = "Códigos de activación: grupo 101"
    return queue_print_job(
        plantel, PaperKind.SLIPS, title=title, parameters={}, sheets=3, by=owner, now=NOW
    )


@pytest.fixture
def ready(job, time_machine) -> PrintJob:
    time_machine.move_to(NOW)
    start_printing(job)
    finish_printing(job, PDF, now=NOW)
    return job


@pytest.fixture
def lot(plantel, owner) -> PrintJob:
    cycle, abouts = SchoolCycleFactory(), ["enrollment:1", "enrollment:2"]
    papers = issue_papers(KIND, plantel, cycle, abouts, text=None, by=owner, now=NOW)
    return queue_lot(plantel, KIND, papers, title="Citatorios", by=owner, now=NOW)


@pytest.fixture
def ready_lot(lot, time_machine) -> PrintJob:
    time_machine.move_to(NOW)
    PrintJob.objects.filter(pk=lot.pk).update(state=PrintState.PRINTING)
    return finish_printing(lot, PDF, now=NOW)


def address(name: str, job: PrintJob) -> str:
    return reverse(f"papers:{name}", args=[job.public_id])


def test_print_jobs_lists_the_own(client, job) -> None:
    assert job.title in client.get(reverse("papers:print_jobs")).content.decode()


def test_print_jobs_empty(client, owner) -> None:
    assert "Aún no hay impresiones" in client.get(reverse("papers:print_jobs")).content.decode()


def test_print_jobs_costs_the_same_queries(client, plantel, owner) -> None:
    client.get(reverse("papers:print_jobs"))  # notes the visit, once a minute
    counts = []
    for more in (1, 2):
        for _ in range(more):
            queue_print_job(
                plantel, PaperKind.SLIPS, title="x", parameters={}, sheets=1, by=owner, now=NOW
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("papers:print_jobs"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_show_print_job_waits_with_and_without_script(client, job) -> None:
    page = client.get(address("show_print_job", job)).content.decode()

    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "Cancelar la impresión" in page


def test_show_print_job_part_for_htmx(client, job) -> None:
    start_printing(job)

    part = client.get(
        address("show_print_job", job), headers={"HX-Request": "true"}
    ).content.decode()

    assert "Van 0 de 3 hojas." in part
    assert "<html" not in part


def test_show_print_job_refreshes_when_ready(client, ready) -> None:
    answer = client.get(address("show_print_job", ready), headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


def test_show_print_job_that_failed(client, job) -> None:
    start_printing(job)
    fail_printing(job, "No se pudo imprimir")

    assert "No se pudo imprimir" in client.get(address("show_print_job", job)).content.decode()


def test_download_print_job_once(client, ready) -> None:
    first = client.post(address("download_print_job", ready))
    second = client.post(address("download_print_job", ready), follow=True)

    assert (first.content, first["Content-Type"]) == (PDF, "application/pdf")
    assert first["Content-Disposition"].startswith("attachment; filename")
    assert "no-store" in first["Cache-Control"]
    assert "Estas hojas ya se descargaron" in second.content.decode()
    assert "Se descargó el " in second.content.decode()


def test_download_print_job_only_by_post(client, ready) -> None:
    """A mail scanner or a prefetch that follows the link must not use the sheets up."""
    assert client.get(address("download_print_job", ready)).status_code == 405


def test_cancel_print_job(client, job) -> None:
    page = client.post(address("cancel_print_job", job), follow=True).content.decode()

    assert "Se canceló antes de imprimir" in page


def test_cancel_print_job_too_late(client, job) -> None:
    start_printing(job)

    page = client.post(address("cancel_print_job", job), follow=True).content.decode()

    job.refresh_from_db()
    assert "Ya no se puede cancelar" in page
    assert job.state == PrintState.PRINTING


@pytest.mark.parametrize("name", ["show_print_job", "download_print_job", "cancel_print_job"])
@pytest.mark.parametrize("same_plantel", [True, False])
def test_print_job_of_somebody_else_does_not_exist(
    client, plantel, ready, name, same_plantel
) -> None:
    client.force_login(staff(Role.RESPONSABLE, plantel if same_plantel else PlantelFactory()))

    ask = client.get if name == "show_print_job" else client.post
    answer = ask(address(name, ready))

    ready.refresh_from_db()
    assert (answer.status_code, ready.downloaded_at) == (404, None)


# Lots ----------------------------------------------------------------------------------------------
def page_of(client, job) -> str:
    return client.get(address("show_print_job", job)).content.decode()


def test_show_print_job_of_a_lot_lists_its_papers(client, lot) -> None:
    page = page_of(client, lot)

    assert f"Lote <strong>{lot.folio}</strong>" in page
    assert [page.count(folio) for folio in ("C26B-05-0001", "C26B-05-0002")] == [1, 1]
    assert "Cancelar la impresión" in page


def test_show_print_job_of_a_lot_costs_the_same_queries(client, plantel, owner) -> None:
    counts = []
    for many in (1, 3):
        papers = issue_papers(
            KIND, plantel, SchoolCycleFactory(), ["x:1"] * many, text=None, by=owner, now=NOW
        )
        job = queue_lot(plantel, KIND, papers, title="Citatorios", by=owner, now=NOW)
        client.get(address("show_print_job", job))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("show_print_job", job))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_download_print_job_of_a_lot_as_often_as_asked(client, owner, ready_lot) -> None:
    answers = [client.post(address("download_print_job", ready_lot)) for _ in range(2)]

    assert [answer.content for answer in answers] == [PDF, PDF]
    assert 'filename="IM26-05-0001.pdf"' in answers[0]["Content-Disposition"]
    assert page_of(client, ready_lot).count(f"<li>{owner.name}") == 2


def test_download_print_job_of_a_lot_whose_week_is_over(client, ready_lot, time_machine) -> None:
    time_machine.move_to(NOW + timedelta(days=7))
    client.force_login(ready_lot.created_by)

    page = client.post(address("download_print_job", ready_lot), follow=True).content.decode()

    assert "se guarda 7 días y ya no está" in page


def test_cancel_print_job_of_a_lot_while_it_is_drawn(client, lot) -> None:
    PrintJob.objects.filter(pk=lot.pk).update(state=PrintState.PRINTING)

    page = client.post(address("cancel_print_job", lot), follow=True).content.decode()

    assert "El lote se canceló y no salió ninguna hoja" in page


def test_show_print_job_of_a_lot_that_failed(client, lot) -> None:
    start_printing(lot)
    fail_printing(lot, "No se pudo imprimir el lote")

    assert "No se pudo imprimir el lote" in page_of(client, lot)


def test_show_print_job_of_a_lot_whose_pdf_is_gone(client, ready_lot) -> None:
    PrintJob.objects.filter(pk=ready_lot.pk).update(path="")

    page = page_of(client, ready_lot)

    assert "El PDF se guardó 7 días y se borró" in page
    assert "Descargar el PDF" not in page


def test_mark_printed_once(client, owner, ready_lot) -> None:
    first = client.post(address("mark_printed", ready_lot), follow=True).content.decode()
    second = client.post(address("mark_printed", ready_lot), follow=True).content.decode()

    assert f"{owner.name} dijo que las imprimió" in first
    assert "Ya las imprimí" not in first
    assert "Estas hojas ya estaban marcadas como impresas" in second


def test_mark_printed_too_early(client, lot) -> None:
    page = client.post(address("mark_printed", lot), follow=True).content.decode()

    assert "Estas hojas todavía no están listas" in page


def test_an_auditor_reads_what_was_printed_and_takes_nothing(client, ready_lot) -> None:
    client.force_login(staff(Role.AUDITOR))

    page = page_of(client, ready_lot)

    assert ready_lot.folio in page
    assert [
        word for word in ("Descargar el PDF", "Ya las imprimí", "Cancelar") if word in page
    ] == []


@pytest.mark.parametrize("state", [PrintState.PRINTING, PrintState.READY])
def test_who_audits_here_and_prints_elsewhere_takes_nothing(
    client, lot, time_machine, state
) -> None:
    """What counts is what the person may do in the plantel of the lot."""
    time_machine.move_to(NOW)
    PrintJob.objects.filter(pk=lot.pk).update(state=PrintState.PRINTING)
    if state == PrintState.READY:
        finish_printing(lot, PDF, now=NOW)
    both = staff(Role.RESPONSABLE, PlantelFactory())
    MembershipFactory(user=both, role=Role.AUDITOR, plantel=None)
    client.force_login(both)

    verbs = ("download_print_job", "cancel_print_job", "mark_printed")
    answers = [client.post(address(verb, lot)).status_code for verb in verbs]

    lot.refresh_from_db()
    assert answers == [403, 403, 403]
    assert (lot.state, lot.printed_at, lot.downloaded_at) == (state, None, None)
    assert not LotDownload.objects.exists()
    assert "Descargar el PDF" not in page_of(client, lot)


def test_show_print_job_of_who_prints_here_no_more(client, plantel, owner, ready) -> None:
    owner.memberships.all().delete()
    MembershipFactory(user=owner, role=Role.AUDITOR, plantel=None)

    page = page_of(client, ready)
    answer = client.post(address("download_print_job", ready))

    ready.refresh_from_db()
    assert "Descargar el PDF" not in page
    assert (answer.status_code, ready.downloaded_at) == (403, None)
