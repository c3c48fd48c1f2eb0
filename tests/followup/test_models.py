"""What the rows of reports and of the ledger are called."""

from datetime import date

import pytest
from django.db.models import Model

from followup.models import DailyRun, Reminder, StudentReport
from followup.states import DailyJob, ReminderKind, ReminderOutcome, ReminderStep, ReportKind


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (StudentReport(folio="SUB26-05-0001", kind=ReportKind.QUESTION), "SUB26-05-0001 Pregunta"),
        (
            Reminder(
                kind=ReminderKind.ACUSE, step=ReminderStep.LAST_DAY, outcome=ReminderOutcome.TOLD
            ),
            "plazo del acuse, el último día: se le avisó",
        ),
        (
            DailyRun(job=DailyJob.STAFF_MAIL, day=date(2026, 8, 24)),
            "resumen del día para Control Escolar 24/08/2026",
        ),
    ],
)
def test_a_row_is_called(row: Model, name: str) -> None:
    assert str(row) == name
