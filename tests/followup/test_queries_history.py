"""The history in words: the student is spoken to, the staff reads of a third person."""

from datetime import timedelta

import pytest

from followup.queries.history import history_for_staff, history_for_student
from school.states import Role
from students import timeline
from students.states import Event
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db


def test_history_for_student_speaks_of_his_own_deeds_and_of_what_was_done_to_him():
    stay = EnrollmentFactory()
    clerk = staff(Role.RESPONSABLE, stay.plantel)
    happened = [
        (Event.ENROLLED, clerk),
        (Event.DATA_CONFIRMED, stay.student.user),
        (Event.ACUSE_UPLOADED, clerk),
        (Event.ACUSE_ACCEPTED, clerk),
        (Event.WITHDRAWN, clerk),
    ]
    for hour, (event, by) in enumerate(happened):
        timeline.record(stay, event, by=by, at=NOW + timedelta(hours=hour))

    said = [(line.title, line.who) for line in history_for_student(stay)]

    assert said == [
        ("El plantel te dio de baja", "Control Escolar"),
        ("Control Escolar aceptó el acuse", "Control Escolar"),
        ("Subió un archivo", "Control Escolar"),
        ("Confirmaste tus datos", "Tú"),
        ("Quedaste en la lista del plantel", "Control Escolar"),
    ]


def test_history_for_student_calls_what_nobody_pressed_the_portals():
    stay = EnrollmentFactory()
    timeline.record(stay, Event.ENROLLED, by=None, at=NOW)

    said = [(line.title, line.who) for line in history_for_student(stay)]

    assert said == [("Quedaste en la lista del plantel", "El portal")]


def test_history_for_staff_speaks_of_the_student():
    stay = EnrollmentFactory()
    timeline.record(stay, Event.DATA_CONFIRMED, by=stay.student.user, at=NOW)

    said = [(line.title, line.who) for line in history_for_staff(stay, sees_address=False)]

    assert said == [("Confirmó sus datos", "El estudiante")]
