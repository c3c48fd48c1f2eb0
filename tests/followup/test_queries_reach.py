"""followup.queries.reach: which addresses give mails back, and how their students are reached then."""

from datetime import UTC, datetime, timedelta

import pytest

from followup.queries.overdue import OverdueFilter, overdue_stays
from followup.queries.reach import bounced_stays
from followup.states import ReminderChannel
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel
from students.models import StudentData
from students.states import EnrollmentState
from tests.factories.notices import NoticeFactory, bounced
from tests.factories.school import PlantelFactory
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=2)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


def found(*planteles):
    return list(bounced_stays(planteles or Plantel.objects.all(), now=NOW))


def sent(stay, **fields):
    """A mail to the same address that the relay took."""
    NoticeFactory(
        about=f"enrollment:{stay.pk}",
        to_email=Notice.objects.get(key=f"rebotado:{stay.pk}").to_email,
        plantel=stay.plantel,
        state=NoticeState.SENT,
        **fields,
    )


def test_bounced_stays_say_when_and_why_newest_first(plantel):
    old, new = EnrollmentFactory(plantel=plantel), EnrollmentFactory(plantel=plantel)
    bounced(old, bounced_at=EARLIER)
    bounced(old, key="antes", bounced_at=EARLIER - timedelta(days=1), error="antes")
    bounced(new, bounced_at=NOW)

    rows = [(one.pk, one.email, one.bounced_at, one.bounce) for one in found()]

    said = "El buzón no recibe correo (550)"
    assert rows == [
        (new.pk, new.roster_email, NOW, said),
        (old.pk, old.roster_email, EARLIER, said),
    ]


def test_bounced_stays_of_other_planteles_are_not_listed(plantel):
    bounced(EnrollmentFactory())

    assert found(plantel) == []


def test_bounced_stays_who_left_are_not_listed(plantel):
    bounced(EnrollmentFactory(plantel=plantel, state=EnrollmentState.WITHDRAWN))

    assert found() == []


def test_bounced_stays_end_when_the_address_is_corrected(plantel):
    listed, given = EnrollmentFactory(plantel=plantel), EnrollmentFactory(plantel=plantel)
    StudentDataFactory(enrollment=given, email="mal@correo.example")
    for stay in (listed, given):
        bounced(stay, bounced_at=EARLIER)
    before = {stay.pk for stay in found()}

    StudentData.objects.filter(enrollment=given).update(email="bien@correo.example")
    listed.roster_email = "bien@correo.example"
    listed.save()

    assert before == {listed.pk, given.pk}
    assert found() == []


@pytest.mark.parametrize(("hours", "stays_bounced"), [(-1, True), (1, False)])
def test_bounced_stays_end_when_a_later_mail_arrives(plantel, hours, stays_bounced):
    stay = EnrollmentFactory(plantel=plantel)
    bounced(stay, bounced_at=EARLIER)
    sent(stay, sent_at=EARLIER + timedelta(hours=hours))

    assert (found() == [stay]) is stays_bounced


def test_bounced_stays_do_not_end_with_a_mail_to_somebody_else(plantel):
    stay = EnrollmentFactory(plantel=plantel)
    bounced(stay, bounced_at=EARLIER)
    NoticeFactory(
        about=f"enrollment:{stay.pk}",
        to_email="mama@correo.example",
        state=NoticeState.SENT,
        sent_at=NOW,
    )

    assert found() == [stay]


def test_bounced_stays_are_none_when_the_relay_failed(plantel):
    bounced(EnrollmentFactory(plantel=plantel), bounced_at=None)

    assert found() == []


@pytest.mark.parametrize(
    ("phone", "channel"),
    [("6621234567", ReminderChannel.WHATSAPP), ("", ReminderChannel.PAPER)],
)
def test_an_overdue_student_whose_address_bounced_is_reached_otherwise(plantel, phone, channel):
    stay = EnrollmentFactory(plantel=plantel, roster_phone=phone)
    bounced(stay, bounced_at=EARLIER)

    (overdue,) = overdue_stays([plantel], OverdueFilter(), now=NOW)

    assert (overdue.pk, overdue.channel) == (stay.pk, channel)
