"""C-01 and the lists behind it: what waits, counted once, the same everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from followup.queries.students import (
    LATE,
    NO_MAIL,
    NOT_ENTERED,
    StudentFilter,
    groups_in,
    student_list,
)
from followup.queries.today import counts_by_plantel, due_days, last_movements, work_rows
from followup.queries.today_rows import day_in
from followup.states import ReportKind, Stage
from nss.states import RequestState
from school.access import ABILITIES, Ability
from school.models import Plantel
from school.states import Role
from students import timeline
from students.models import Enrollment, RosterImport
from students.states import EnrollmentState, Event, ImportState
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import StudentReportFactory
from tests.factories.notices import bounced
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued, signed
from tests.factories.school import PlantelFactory, UserFactory
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 8, 27, 16, tzinfo=UTC)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


def here():
    return Plantel.objects.filter(number="05")


def where(role) -> dict[Ability, list[Plantel]]:
    planteles = list(here())
    return dict.fromkeys(ABILITIES[role], planteles)


def counts(role=Role.RESPONSABLE, now=LATER) -> dict[str, int]:
    return {row.calm: row.count for row in work_rows(where(role), now=now)}


def test_work_rows_of_nothing_are_all_calm(plantel):
    AcuseFactory()

    assert counts() == {
        "acuses": 0,
        "plazos vencidos": 0,
        "casos de Subdelegación": 0,
        "datos por corregir": 0,
        "preguntas": 0,
        "vigencias": 0,
        "vigencias por contestar": 0,
        "altas": 0,
        "rechazos del IMSS": 0,
        "lotes": 0,
        "bajas": 0,
        "renuncias": 0,
        "correos rebotados": 0,
        "primeras entradas": 0,
        "importaciones": 0,
    }


def test_work_rows_count_what_waits_in_these_planteles_alone(plantel):
    for place in (plantel, PlantelFactory()):
        entered = {"plantel": place, "first_signed_in_at": NOW, "confirmed": True}
        AcuseFactory(request__enrollment=EnrollmentFactory(**entered))
        EnrollmentFactory(**entered)
        EnrollmentFactory(plantel=place, acuse_due_on=date(2026, 9, 30))
        for kind in ReportKind:
            StudentReportFactory(
                kind=kind,
                enrollment__plantel=place,
                enrollment__acuse_due_on=None,
                enrollment__first_signed_in_at=NOW,
            )
        signed(EnrollmentFactory(**entered))
        issued(EnrollmentFactory(**entered))
        left = signed(EnrollmentFactory(**entered)).enrollment
        Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)
        bounced(EnrollmentFactory(acuse_due_on=None, **entered))
        RosterImport.objects.create(
            plantel=place,
            cycle=EnrollmentFactory(plantel=place, state=EnrollmentState.FINISHED).cycle,
            file=StoredFileFactory(
                enrollment=EnrollmentFactory(plantel=place, state=EnrollmentState.FINISHED)
            ),
            state=ImportState.CHECKED,
            created_at=NOW,
            created_by=UserFactory(),
        )

    assert counts() == {
        "acuses": 1,
        "plazos vencidos": 1,
        "casos de Subdelegación": 2,
        "datos por corregir": 1,
        "preguntas": 2,
        "vigencias": 0,
        "vigencias por contestar": 0,
        "altas": 0,
        "rechazos del IMSS": 0,
        "lotes": 0,
        "bajas": 0,
        "renuncias": 1,
        "correos rebotados": 1,
        "primeras entradas": 1,
        "importaciones": 1,
    }


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
def test_of_who_is_out_of_the_cover_only_a_question_waits(plantel, state):
    entered = {"plantel": plantel, "first_signed_in_at": NOW, "confirmed": True}
    acuse = AcuseFactory(request__enrollment=EnrollmentFactory(**entered))
    for kind in (ReportKind.SUBDELEGACION, ReportKind.ROSTER_DATA, ReportKind.QUESTION):
        StudentReportFactory(enrollment=acuse.request.enrollment, kind=kind)
    before = {name: count for name, count in counts().items() if count}

    Enrollment.objects.update(state=state)

    (row,) = counts_by_plantel([plantel], now=LATER)
    assert before == {
        "acuses": 1,
        "casos de Subdelegación": 1,
        "datos por corregir": 1,
        "preguntas": 1,
    }
    assert {name: count for name, count in counts().items() if count} == {"preguntas": 1}
    assert (row["acuses"], row["cases"]) == (0, 0)


def test_work_rows_are_those_of_the_role(plantel):
    shown = {role: list(counts(role)) for role in (Role.REVISOR, Role.CONSULTA, Role.ADMIN)}

    assert shown == {
        Role.REVISOR: [
            "acuses",
            "plazos vencidos",
            "casos de Subdelegación",
            "datos por corregir",
            "preguntas",
            "vigencias",
            "vigencias por contestar",
            "primeras entradas",
        ],
        Role.CONSULTA: [
            "plazos vencidos",
            "casos de Subdelegación",
            "datos por corregir",
            "preguntas",
            "vigencias",
            "vigencias por contestar",
            "primeras entradas",
        ],
        Role.ADMIN: ["importaciones"],
    }


def test_work_rows_say_since_when_the_oldest_waits(plantel):
    for at in (NOW, NOW - timedelta(days=2)):
        AcuseFactory(request__enrollment__plantel=plantel, sent_at=at)

    row = work_rows(where(Role.RESPONSABLE), now=LATER)[0]

    assert (row.count, row.sentence, row.oldest) == (
        2,
        "acuses por revisar",
        "El más viejo espera desde el miércoles 19 de agosto.",
    )


def test_work_rows_lead_to_the_renuncias_that_are_signed(plantel):
    signed(EnrollmentFactory(plantel=plantel))

    row = next(
        row for row in work_rows(where(Role.RESPONSABLE), now=LATER) if row.calm == "renuncias"
    )

    assert (row.count, row.sentence, row.button) == (
        1,
        "renuncia firmada por registrar",
        "Registrar",
    )
    assert row.url == "/renuncias/?estado=firmadas"
    assert row.oldest == "El más viejo espera desde el viernes 21 de agosto."


def test_work_rows_say_who_cannot_be_written_to(plantel):
    EnrollmentFactory(plantel=plantel, roster_email="")
    EnrollmentFactory(plantel=plantel)

    row = work_rows(where(Role.CONSULTA), now=LATER)[0]

    assert row.sentence == "estudiantes con plazo vencido; 1 sin correo"


def test_late_row_list_and_pages_count_the_same(plantel):
    EnrollmentFactory(plantel=plantel)
    EnrollmentFactory(plantel=plantel, confirmed=True)
    AcuseFactory(request__enrollment__plantel=plantel)
    NSSRequestFactory(enrollment__plantel=plantel, state=RequestState.AT_SUBDELEGACION)

    listed = student_list(here(), StudentFilter(step=LATE), now=LATER)

    assert counts()["plazos vencidos"] == listed.count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_work_rows_take_a_fixed_number_of_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        AcuseFactory(request__enrollment__plantel=plantel)
        StudentReportFactory(enrollment__plantel=plantel)

    with django_assert_num_queries(16):
        work_rows(where(Role.RESPONSABLE), now=LATER)


def test_work_rows_count_days_by_the_clock_of_the_plantel():
    plantel = PlantelFactory(number="05", time_zone="America/Tijuana")
    late_evening = datetime(2026, 8, 26, 5, 30, tzinfo=UTC)
    AcuseFactory(request__enrollment__plantel=plantel, sent_at=late_evening)

    row = work_rows(where(Role.RESPONSABLE), now=late_evening)[0]

    assert day_in([plantel], late_evening) == date(2026, 8, 25)
    assert row.oldest == "El más viejo espera desde el martes 25 de agosto."


def test_due_days_are_today_and_the_next_two_with_any(plantel):
    for day in (25, 25, 26, 28, 31):
        EnrollmentFactory(plantel=plantel, acuse_due_on=date(2026, 8, day))
    AcuseFactory(request__enrollment__plantel=plantel)

    days = due_days(here(), now=NOW, today=date(2026, 8, 24))

    assert [(day.label, day.count) for day in days] == [
        ("hoy", 0),
        ("mañana", 2),
        ("miércoles 26", 1),
    ]
    assert days[1].url.endswith("?vence=2026-08-25")


def test_last_movements_are_the_newest_of_the_planteles(plantel):
    mine = EnrollmentFactory(plantel=plantel)
    timeline.record(mine, Event.DATA_CONFIRMED, by=None, at=NOW)
    timeline.record(mine, Event.ACUSE_SENT, by=None, at=NOW + timedelta(hours=1))
    timeline.record(EnrollmentFactory(), Event.ACUSE_SENT, by=None, at=NOW)

    assert [entry.event for entry in last_movements(here())] == [
        Event.ACUSE_SENT,
        Event.DATA_CONFIRMED,
    ]


def test_counts_by_plantel_tell_planteles_apart(plantel):
    other = PlantelFactory(number="12")
    AcuseFactory(request__enrollment__plantel=plantel)
    EnrollmentFactory(plantel=other)
    StudentReportFactory(enrollment__plantel=other, kind=ReportKind.SUBDELEGACION)
    insured = UMFRegistrationFactory(enrollment__plantel=other, registered=True).enrollment
    VigenciaCheckFactory(enrollment=insured, result="NONE")
    UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)

    rows = counts_by_plantel(Plantel.objects.all(), now=LATER)

    assert rows == [
        {"plantel": plantel, "enrolled": 2, "acuses": 1, "late": 0, "cases": 0}
        | {"not_vigente": 0, "unanswered": 1},
        {"plantel": other, "enrolled": 3, "acuses": 0, "late": 2, "cases": 1}
        | {"not_vigente": 1, "unanswered": 0},
    ]


# student_list ------------------------------------------------------------------------------------
def names(**wanted) -> list[str]:
    listed = student_list(here(), StudentFilter(**wanted), now=LATER)
    return [row.student.first_surname for row in listed]


def test_student_list_is_in_spanish_order(plantel):
    for surname in ("Zárate", "Ñáñez", "Nuñez", "Álvarez", "Alvarado", "Oñate"):
        EnrollmentFactory(plantel=plantel, student__first_surname=surname)

    assert names() == ["Alvarado", "Álvarez", "Nuñez", "Ñáñez", "Oñate", "Zárate"]


def test_student_list_leaves_out_who_left_until_asked(plantel):
    EnrollmentFactory(plantel=plantel, student__first_surname="Queda")
    EnrollmentFactory(
        plantel=plantel, student__first_surname="Baja", state=EnrollmentState.WITHDRAWN
    )

    assert (names(), names(step=Stage.S_14)) == (["Queda"], ["Baja"])


def test_student_list_filters_by_step_group_and_day(plantel):
    EnrollmentFactory(
        plantel=plantel,
        group="102",
        student__first_surname="Uno",
        first_signed_in_at=NOW,
        acuse_due_on=date(2026, 8, 31),
    )
    EnrollmentFactory(
        plantel=plantel, confirmed=True, student__first_surname="Dos", roster_email=""
    )
    EnrollmentFactory(
        plantel=plantel, student__first_surname="Tres", roster_email="", first_signed_in_at=NOW
    )

    assert names(step=Stage.S_01V) == ["Dos"]
    assert names(group="102") == ["Uno"]
    assert names(due_on=date(2026, 8, 31)) == ["Uno"]
    assert names(step=NOT_ENTERED) == ["Dos"]
    assert names(step=NO_MAIL) == ["Tres"]
    assert groups_in(here()) == ["101", "102"]


@pytest.mark.parametrize("rows", [1, 3])
def test_student_list_takes_two_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        EnrollmentFactory(plantel=plantel)

    with django_assert_num_queries(2):
        listed = list(student_list(here(), StudentFilter(), now=LATER))
        assert [row.student.full_name for row in listed] == ["Ana Gómez Martínez"] * rows
