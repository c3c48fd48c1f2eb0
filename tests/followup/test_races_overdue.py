"""Two who press «Avisar» at the same moment, with real threads on the real database: each student is told once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from followup.actions.errors import WhatsAppNotPossible
from followup.actions.extensions import extend_deadline
from followup.actions.overdue import notify_overdue, open_whatsapp, take_overdue_drafts
from followup.actions.reminders import remind_students
from followup.models import Reminder
from followup.queries.overdue import NoticePlan, OverdueFilter
from followup.queries.reminders import TOLD_STUDENT
from notices.models import Notice
from nss.actions.upload import send_acuse
from nss.models import Acuse
from nss.states import AcuseState
from school.states import Role
from students.actions.reminders import look_again
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory
from tests.meanwhile import just_before
from tests.nss.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def plantel():
    plantel = PlantelFactory()
    for _ in range(5):
        EnrollmentFactory(plantel=plantel, roster_phone="6621234567")
    return plantel


def test_two_persons_press_at_once_and_each_student_is_told_once(plantel):
    laura, pedro = (staff(Role.RESPONSABLE, plantel) for _ in range(2))

    plans = at_once(
        lambda: notify_overdue([plantel], OverdueFilter(), by=laura, now=NOW),
        lambda: notify_overdue(
            [plantel], OverdueFilter(), by=pedro, now=NOW + timedelta(milliseconds=1)
        ),
    )

    assert sorted(plan.mail for plan in plans) == [0, 5]
    assert NoticePlan(told=5) in plans
    assert Reminder.objects.count() == Notice.objects.count() == 5


def test_a_press_and_the_sweep_at_once_tell_each_student_once(plantel):
    laura = staff(Role.RESPONSABLE, plantel)
    look_again(plantel.enrollments.values_list("pk", flat=True))

    plan, swept = at_once(
        lambda: notify_overdue([plantel], OverdueFilter(), by=laura, now=NOW),
        lambda: remind_students(now=NOW),
    )

    assert plan.mail + swept.queued == 5
    told = Reminder.objects.filter(TOLD_STUDENT).values_list("enrollment", flat=True)
    assert len(told) == len(set(told)) == 5


def test_a_press_and_whatsapp_at_once_tell_the_student_once(plantel):
    laura, pedro = (staff(Role.RESPONSABLE, plantel) for _ in range(2))
    stay = plantel.enrollments.first()

    opened, plan = at_once(
        lambda: open_whatsapp(stay, by=laura, now=NOW),
        lambda: notify_overdue([plantel], OverdueFilter(), by=pedro, now=NOW),
    )

    assert Reminder.objects.filter(enrollment=stay).count() == 1
    assert isinstance(opened, WhatsAppNotPossible) is (plan.mail == 5)


def test_a_prorroga_and_the_sweep_at_once_do_not_wait_for_each_other(plantel):
    laura = staff(Role.RESPONSABLE, plantel)
    stay = plantel.enrollments.first()
    look_again(plantel.enrollments.values_list("pk", flat=True))

    given, swept = at_once(
        lambda: extend_deadline(
            stay, due_on=date(2026, 9, 4), reason="Estuvo en el hospital", by=laura, now=NOW
        ),
        lambda: remind_students(now=NOW),
    )

    assert given.due_on == date(2026, 9, 4)
    assert swept.queued in {4, 5}


def test_a_student_who_confirms_while_the_files_are_taken_is_left_out(plantel):
    laura = staff(Role.RESPONSABLE, plantel)
    drafts = [AcuseFactory(request__enrollment__plantel=plantel, draft=True) for _ in range(3)]
    own = drafts[1].request.enrollment.student.user

    with just_before("FOR UPDATE", lambda: send_acuse(drafts[1], by=own, now=NOW)):
        taken = take_overdue_drafts([plantel], OverdueFilter(), by=laura, now=NOW)

    assert taken == 2
    assert set(Acuse.objects.values_list("state", flat=True)) == {AcuseState.RECEIVED}
    assert Acuse.objects.exclude(folio=None).count() == 3
