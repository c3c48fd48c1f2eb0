"""A PDF of one's own: which one a person waits for."""

from datetime import timedelta

import pytest

from papers.actions import draw_due_job, queue_print_job, take_download
from papers.models import PrintJob
from papers.queries import own_pdf
from papers.states import PaperKind, PrintState
from school.states import Role
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

KIND = PaperKind.MY_DATA


@pytest.fixture
def by():
    return staff(Role.RESPONSABLE, PlantelFactory())


def order(by, number: int, *, now=NOW) -> PrintJob:
    return queue_print_job(
        by.memberships.get().plantel,
        KIND,
        title="Mis datos",
        parameters={"enrollment": number},
        sheets=1,
        by=by,
        now=now,
    )


def test_own_pdf_is_the_last_one_of_the_person_about_that(by):
    order(staff(Role.RESPONSABLE, PlantelFactory()), 1)
    order(by, 2)

    assert own_pdf(by, KIND, parameters__enrollment=1) is None
    assert own_pdf(by, PaperKind.SUMMARY, parameters__enrollment=2) is None

    first = order(by, 1)
    PrintJob.objects.update(state=PrintState.FAILED)
    assert own_pdf(by, KIND, parameters__enrollment=1) == first

    second = order(by, 1, now=NOW + timedelta(minutes=1))

    assert own_pdf(by, KIND, parameters__enrollment=1) == second


def test_own_pdf_that_was_handed_out_is_over(by):
    job = order(by, 1)
    draw_due_job(KIND, lambda job: b"%PDF-1.7", gave_up="", now=NOW)
    assert own_pdf(by, KIND, parameters__enrollment=1) == job

    take_download(job, now=NOW)

    assert own_pdf(by, KIND, parameters__enrollment=1) is None
