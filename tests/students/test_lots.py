"""Lots are drawn until their time is over, and a mail says that one is ready."""

from functools import partial

import pytest

from notices.models import Notice
from notices.render import render_mail
from papers.actions import issue_papers, queue_lot
from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from school.states import Role
from students.actions.lots import print_lots, tell_lot_is_ready
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db


def ready(sheets: int) -> PrintJob:
    plantel = PlantelFactory(number="05")
    return PrintJob.objects.create(
        plantel=plantel,
        kind=PaperKind.CITATORIO,
        folio="IM26-05-0004",
        title="Citatorios",
        sheets_total=sheets,
        created_by=staff(Role.RESPONSABLE, plantel, email="laura@correo.example"),
        created_at=NOW,
    )


def test_tell_lot_is_ready_once(settings):
    job = ready(51)

    for _ in range(2):
        partial(tell_lot_is_ready, now=NOW)(job)

    notice = Notice.objects.get()
    mail = render_mail(notice, {})
    assert notice.to_email == "laura@correo.example"
    assert mail.subject == "Lote IM26-05-0004: las 51 hojas están listas"
    assert f"{settings.BASE_URL}/papeles/{job.public_id}/" in mail.text


def test_tell_lot_is_ready_of_a_lot_that_takes_seconds():
    tell_lot_is_ready(ready(50), now=NOW)

    assert Notice.objects.count() == 0


def test_print_lots_stops_when_its_time_is_over(monkeypatch):
    plantel = PlantelFactory()
    by = staff(Role.RESPONSABLE, plantel)
    papers = issue_papers(
        PaperKind.CITATORIO, plantel, SchoolCycleFactory(), ["x:1"], text=None, by=by, now=NOW
    )
    job = queue_lot(plantel, PaperKind.CITATORIO, papers, title="Citatorios", by=by, now=NOW)
    monkeypatch.setattr("students.actions.lots.PRINTING_SECONDS", 0)

    drawn = print_lots(PaperKind.CITATORIO, lambda job, places: b"%PDF-", clock=lambda: NOW)

    job.refresh_from_db()
    assert (drawn, job.state) == (1, PrintState.PRINTING)
