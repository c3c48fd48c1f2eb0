"""The plantel's lists of clinics and vigencias, and whom they are about."""

from datetime import timedelta

import pytest

from affiliation.models import AltaOrder
from clinics.actions import ask_vigencia, report_vigencia
from clinics.queries.insured import is_insured, registration_of
from clinics.queries.registrations import (
    ASKED,
    PLANNED,
    REGISTERED,
    UNOPENED,
    ClinicFilter,
    ClinicReport,
    Selection,
    batches_to_open,
    clinic_counts,
    clinic_list,
    count_to_open,
    groups_to_open,
    insured_groups,
    report_of,
    stays_to_open,
)
from clinics.queries.vigencias import (
    BY_OTHER,
    BY_SCHOOL,
    FAILED,
    PENDING,
    TO_MEND,
    UNSURE,
    campaigns_of,
    groups_to_ask,
    stays_to_ask,
    to_mend,
    vigencia_counts,
    vigencia_list,
    vigencia_rows,
)
from clinics.states import Turno, VigenciaResult
from school.states import Role
from tests.factories.affiliation import AltaOrderFactory, MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


def insured(plantel, **stay):
    return MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    ).enrollment


def with_clinic(plantel, **stay):
    return UMFRegistrationFactory(
        registered=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    ).enrollment


def says(plantel, result, **check):
    return VigenciaCheckFactory(enrollment=with_clinic(plantel), result=result, **check)


def test_is_insured_counts_an_alta_in_force_alone(plantel):
    rejected = MovementFactory(rejected=True, enrollment__plantel=plantel).enrollment

    assert is_insured(insured(plantel))
    assert not is_insured(rejected)
    assert registration_of(rejected) is None


def test_stays_to_open_narrows_by_group_and_batch(plantel):
    here, there = insured(plantel, group="101"), insured(plantel, group="102")
    with_clinic(plantel, group="101")
    insured(PlantelFactory(), group="101")
    folio = there.movements.get().batch.folio

    assert set(stays_to_open(Selection(plantel))) == {here, there}
    assert list(stays_to_open(Selection(plantel, "101"))) == [here]
    assert list(stays_to_open(Selection(plantel, batch=folio))) == [there]
    assert list(stays_to_open(Selection(plantel, "101", folio))) == []


def test_choices_to_open_name_only_where_somebody_waits(plantel):
    here = insured(plantel, group="101")
    with_clinic(plantel, group="102")
    MovementFactory(sent=True, enrollment__plantel=plantel)

    assert groups_to_open(plantel) == ["101"]
    assert batches_to_open(plantel) == [here.movements.get().batch.folio]


def test_count_to_open_says_whom_no_mail_reaches(plantel):
    insured(plantel)
    MovementFactory(applied=True, enrollment=EnrollmentFactory(plantel=plantel, roster_email=""))

    assert count_to_open(Selection(plantel)) == {"total": 2, "unreachable": 1}
    assert count_to_open(Selection(PlantelFactory())) == {"total": 0, "unreachable": 0}


def test_clinic_list_and_counts_by_state(plantel):
    stays = {
        UNOPENED: insured(plantel),
        ASKED: UMFRegistrationFactory(enrollment__plantel=plantel).enrollment,
        PLANNED: UMFRegistrationFactory(
            enrollment__plantel=plantel, opens_on=TODAY + timedelta(days=1)
        ).enrollment,
        REGISTERED: with_clinic(plantel),
    }

    for state, stay in stays.items():
        assert list(clinic_list([plantel], ClinicFilter(state), today=TODAY)) == [stay]
    assert clinic_counts([plantel], today=TODAY) == dict.fromkeys(stays, 1)


def test_clinic_list_finds_by_group_matricula_and_name(plantel):
    ana = with_clinic(plantel, group="101", matricula="26050148")
    student = StudentFactory(given_names="Iker", first_surname="Leyva", search_name="iker leyva")
    iker = with_clinic(plantel, group="102", student=student)

    def found(**wanted):
        return list(clinic_list([plantel], ClinicFilter(REGISTERED, **wanted), today=TODAY))

    assert (found(group="101"), found(typed="26050148"), found(typed="Leyva Iker")) == (
        [ana],
        [ana],
        [iker],
    )
    assert (found(typed="nadie"), found(typed="¿?")) == ([], [])
    assert insured_groups([plantel]) == ["101", "102"]


@pytest.mark.parametrize("rows", [1, 3])
def test_clinic_list_takes_one_query(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        with_clinic(plantel)

    with django_assert_num_queries(1):
        for stay in clinic_list([plantel], ClinicFilter(REGISTERED), today=TODAY):
            assert str(stay.umf_registration.umf) == "UMF 37"
            assert (stay.student.list_name, stay.plantel) == ("Gómez Martínez, Ana", plantel)


def test_report_of_says_what_was_answered():
    registration = UMFRegistrationFactory(registered=True, consultorio="4")

    assert report_of(registration) == ClinicReport(37, Turno.MORNING, "4")
    assert report_of(UMFRegistrationFactory()) is None


def test_vigencia_list_and_counts_by_state(plantel):
    stays = {
        TO_MEND: says(plantel, VigenciaResult.NONE).enrollment,
        FAILED: says(plantel, VigenciaResult.NOT_CONSULTED).enrollment,
        BY_SCHOOL: says(plantel, VigenciaResult.BY_SCHOOL).enrollment,
        UNSURE: says(plantel, VigenciaResult.BY_SCHOOL, is_sure=False).enrollment,
        BY_OTHER: says(plantel, VigenciaResult.BY_OTHER).enrollment,
        PENDING: says(plantel, VigenciaResult.BY_SCHOOL, is_current=False).enrollment,
    }
    UMFRegistrationFactory(enrollment__plantel=plantel)

    for state, stay in stays.items():
        assert list(vigencia_list([plantel], state)) == [stay]
    assert vigencia_counts([plantel]) == dict.fromkeys(stays, 1)


def test_vigencia_list_shows_what_waits_longest_first_and_one_group(plantel):
    young = says(plantel, VigenciaResult.NONE)
    old = says(plantel, VigenciaResult.NONE, reported_at=NOW - timedelta(days=2))
    old.enrollment.group = "201"
    old.enrollment.save()

    assert list(vigencia_list([plantel])) == [old.enrollment, young.enrollment]
    assert list(vigencia_list([plantel], TO_MEND, "201")) == [old.enrollment]
    assert to_mend([plantel]) == (2, old.reported_at)
    assert to_mend([PlantelFactory()]) == (0, None)


def test_vigencia_rows_count_business_days_of_the_plantel(plantel):
    NonWorkingDayFactory(plantel=plantel)
    check = says(plantel, VigenciaResult.NONE)

    (row,) = vigencia_rows([check.enrollment], now=NOW + timedelta(days=5))

    assert (row.check, row.days, row.reading, row.order) == (check, 2, None, "")


def test_vigencia_rows_say_where_the_new_alta_stands(plantel):
    waiting, batched, silent = (
        says(plantel, VigenciaResult.NONE),
        says(plantel, VigenciaResult.NONE),
        with_clinic(plantel),
    )
    AltaOrderFactory(enrollment=waiting.enrollment)
    movement = MovementFactory(enrollment=batched.enrollment, sent=True)
    AltaOrderFactory(enrollment=batched.enrollment, movement=movement)

    rows = vigencia_rows([waiting.enrollment, batched.enrollment, silent], now=NOW)

    assert [(row.check is not None, row.order) for row in rows] == [
        (True, "falta ponerla en un lote"),
        (True, f"lote {movement.batch.folio}: en espera de respuesta"),
        (False, ""),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_vigencia_rows_take_four_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        AltaOrderFactory(enrollment=says(plantel, VigenciaResult.NONE).enrollment)

    with django_assert_num_queries(4):
        assert len(vigencia_rows(list(vigencia_list([plantel])), now=NOW)) == rows


def test_stays_to_ask_are_those_with_a_clinic_and_no_open_no(plantel):
    here = with_clinic(plantel, group="201")
    says(plantel, VigenciaResult.NONE)
    there = says(plantel, VigenciaResult.BY_SCHOOL).enrollment
    UMFRegistrationFactory(enrollment__plantel=plantel)

    assert set(stays_to_ask(Selection(plantel), now=NOW)) == {here, there}
    assert list(stays_to_ask(Selection(plantel, "201"), now=NOW)) == [here]
    assert groups_to_ask(plantel, now=NOW) == [there.group, "201"]


def test_campaigns_of_count_who_answered_since(plantel):
    laura = staff(Role.RESPONSABLE, plantel)
    one, two, three = (with_clinic(plantel) for _ in range(3))
    report_vigencia(three, VigenciaResult.BY_SCHOOL, by=laura, now=NOW - timedelta(days=1))
    ask_vigencia(Selection(plantel), by=laura, now=NOW)
    late = with_clinic(plantel)
    later = NOW + timedelta(hours=1)
    report_vigencia(one, VigenciaResult.BY_SCHOOL, by=laura, now=later)
    report_vigencia(one, VigenciaResult.BY_OTHER, by=laura, now=later)
    report_vigencia(two, VigenciaResult.NOT_CONSULTED, by=laura, now=later)
    report_vigencia(late, VigenciaResult.BY_SCHOOL, by=laura, now=later)

    (row,) = campaigns_of([plantel])

    assert (row.campaign.students, row.answered, row.pending) == (3, 1, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_campaigns_of_take_one_query(plantel, rows, django_assert_num_queries):
    laura = staff(Role.RESPONSABLE, plantel)
    with_clinic(plantel)
    for day in range(rows):
        ask_vigencia(Selection(plantel), by=laura, now=NOW + timedelta(days=day))

    with django_assert_num_queries(1):
        assert [row.pending for row in campaigns_of([plantel])] == [1] * rows
    assert AltaOrder.objects.count() == 0
