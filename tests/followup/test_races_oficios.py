"""Two who work on one oficio at once: the second waits for the first, and reads what it left."""

import pytest

from followup.actions.errors import OficioRefused
from followup.actions.oficios import (
    CANCELLED,
    cancel_oficio,
    change_oficio,
    deliver_oficio,
    print_oficio,
)
from followup.models import Oficio
from followup.states import ReportKind
from nss.states import RequestState
from papers.models import LotPaper
from tests.factories.followup import OficioFactory, OficioItemFactory, StudentReportFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.students import NOW
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def oficio(transactional_db):
    oficio = OficioFactory()
    report = StudentReportFactory(kind=ReportKind.SUBDELEGACION, case__state="IN_OFICIO")
    NSSRequestFactory(enrollment=report.enrollment, state=RequestState.AT_SUBDELEGACION)
    OficioItemFactory(oficio=oficio, escalation=report.escalation)
    return oficio


def change(oficio):
    cases = [item.escalation for item in oficio.items.all()]
    office = oficio.subdelegacion
    return change_oficio(oficio, cases, subdelegacion=office, by=oficio.created_by, now=NOW)


def test_change_oficio_at_once_makes_two_versions(oficio):
    with making_wait(lambda: change(oficio)):
        change(oficio)

    oficio.refresh_from_db()
    assert (oficio.version, oficio.paper.folio[-3:]) == (3, "-V3")


def test_print_oficio_while_it_is_changed_prints_the_new_version(oficio):
    with making_wait(lambda: print_oficio(oficio, by=oficio.created_by, now=NOW)):
        changed = change(oficio)

    assert LotPaper.objects.get().paper == changed.paper


def test_deliver_oficio_while_it_is_cancelled_is_refused(oficio):
    with (
        pytest.raises(OficioRefused, match=CANCELLED),
        making_wait(lambda: deliver_oficio(oficio, by=oficio.created_by, now=NOW)),
    ):
        cancel_oficio(oficio, by=oficio.created_by, now=NOW)

    assert Oficio.objects.get().delivered_at is None
