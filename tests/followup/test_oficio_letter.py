"""The letter to the Subdelegación, as the worker draws it."""

import pytest

from followup.actions.oficios import make_oficio
from followup.actions.reports import ReportDetails, report_case
from followup.models import Escalation
from followup.queries.oficios import oficios_of_papers
from followup.states import ReportKind
from followup.tasks import print_oficios
from papers.models import PrintJob
from papers.states import PrintState
from school.models import Subdelegacion
from school.states import Role
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_print_oficios_draws_the_letter_without_a_cover():
    plantel = PlantelFactory()
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    details = ReportDetails(key="una")
    report_case(stay, ReportKind.SUBDELEGACION, by=stay.student.user, details=details, now=NOW)
    oficio = make_oficio(
        plantel,
        list(Escalation.objects.all()),
        subdelegacion=Subdelegacion.objects.create(name="Hermosillo"),
        by=staff(Role.RESPONSABLE, plantel),
        now=NOW,
    )

    drawn = sum(iter(print_oficios, 0))

    assert drawn == 3
    assert PrintJob.objects.get().state == PrintState.READY
    assert oficios_of_papers([oficio.paper.about]) == {oficio.paper.about: oficio}
