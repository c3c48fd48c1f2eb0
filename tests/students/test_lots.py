"""The mail about a lot that is ready."""

from functools import partial

import pytest

from notices.models import Notice
from notices.render import render_mail
from papers.models import PrintJob
from papers.states import PaperKind
from school.states import Role
from students.actions.lots import tell_lot_is_ready
from tests.factories.school import PlantelFactory, staff
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
