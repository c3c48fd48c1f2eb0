"""The stage of a trámite, from the rows that decide it."""

from datetime import UTC, date, datetime

import pytest

from clinics.states import VigenciaResult
from followup.queries.progress import progress, standing_of
from followup.stages import STAGE_ORDER, STAGES
from followup.states import Ball, Stage
from nss.states import AcuseState, ProofRoute, RequestState, ReturnReason
from renuncias.actions import withdraw_renuncia
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db

AFTER_DEADLINE = datetime(2026, 8, 27, 16, 0, tzinfo=UTC)


def stage_of(enrollment: Enrollment, now: datetime = NOW) -> str:
    """Return the stage, once the stay alone and the stay in a list said the same of everything."""
    alone = standing_of(enrollment, now=now)
    listed = progress(Enrollment.objects.filter(pk=enrollment.pk), now=now).get()
    for name in ("stage", "ball", "due_on", "local_day", "is_overdue"):
        assert getattr(alone, name) == getattr(listed, name), name
    return alone.stage


def proven(enrollment: Enrollment, route: str) -> Enrollment:
    NSSRequestFactory(enrollment=enrollment, state=RequestState.PROVEN, route=route, proven_at=NOW)
    return enrollment


def test_progress_of_a_stay_without_data_is_s_00():
    assert stage_of(EnrollmentFactory()) == Stage.S_00


def test_progress_of_a_draft_of_the_data_is_s_00():
    enrollment = EnrollmentFactory(confirmed=True)
    enrollment.data.confirmed_at = None
    enrollment.data.save()

    assert stage_of(enrollment) == Stage.S_00


def test_progress_of_confirmed_data_is_s_01():
    assert stage_of(EnrollmentFactory(confirmed=True)) == Stage.S_01


def test_progress_after_the_deadline_is_s_01v():
    assert stage_of(EnrollmentFactory(confirmed=True), AFTER_DEADLINE) == Stage.S_01V


def test_progress_on_the_day_of_the_deadline_is_still_s_01():
    enrollment = EnrollmentFactory(confirmed=True, acuse_due_on=date(2026, 8, 27))

    assert stage_of(enrollment, AFTER_DEADLINE) == Stage.S_01


def test_progress_at_midnight_follows_the_clock_of_each_plantel():
    in_tijuana = EnrollmentFactory(
        confirmed=True, plantel=PlantelFactory(time_zone="America/Tijuana")
    )
    in_mexico = EnrollmentFactory(
        confirmed=True, plantel=PlantelFactory(time_zone="America/Mexico_City")
    )

    minutes_after_midnight_in_mexico = datetime(2026, 8, 27, 6, 10, tzinfo=UTC)

    assert stage_of(in_tijuana, minutes_after_midnight_in_mexico) == Stage.S_01
    assert stage_of(in_mexico, minutes_after_midnight_in_mexico) == Stage.S_01V


def test_progress_never_counts_from_an_earlier_date_than_the_one_told():
    enrollment = EnrollmentFactory(confirmed=True, told_due_on=date(2026, 8, 28))

    standing = standing_of(enrollment, now=AFTER_DEADLINE)

    assert (standing.stage, standing.due_on) == (Stage.S_01, date(2026, 8, 28))


def test_progress_without_a_deadline_is_never_late():
    enrollment = EnrollmentFactory(confirmed=True, acuse_due_on=None)

    standing = standing_of(enrollment, now=AFTER_DEADLINE)

    assert (standing.stage, standing.is_overdue) == (Stage.S_01, False)


def test_progress_of_a_reported_case_is_s_02():
    request = NSSRequestFactory(state=RequestState.AT_SUBDELEGACION)

    assert stage_of(request.enrollment) == Stage.S_02


def test_progress_of_a_number_from_the_subdelegacion_is_s_03():
    enrollment = proven(EnrollmentFactory(confirmed=True), ProofRoute.SUBDELEGACION)

    assert stage_of(enrollment) == Stage.S_03


@pytest.mark.parametrize("route", [ProofRoute.ACUSE, ProofRoute.WINDOW])
def test_progress_of_a_proven_acuse_is_s_06(route):
    assert stage_of(proven(EnrollmentFactory(confirmed=True), route)) == Stage.S_06


def test_progress_of_a_new_stay_with_a_proven_number_is_s_06():
    enrollment = EnrollmentFactory(student__nss=nss(1))

    assert stage_of(enrollment) == Stage.S_06


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (AcuseState.DRAFT, Stage.S_04B),
        (AcuseState.RECEIVED, Stage.S_04),
        (AcuseState.REPLACED, Stage.S_01),
        (AcuseState.REFUSED, Stage.S_05),
    ],
)
def test_progress_of_an_acuse_follows_its_state(state, stage):
    acuse = AcuseFactory(state=state)

    assert stage_of(acuse.request.enrollment) == stage


def affiliated(**fields) -> Enrollment:
    enrollment = proven(EnrollmentFactory(confirmed=True, **fields), ProofRoute.ACUSE)
    return MovementFactory(enrollment=enrollment, applied=True).enrollment


@pytest.mark.parametrize(
    ("fields", "stage"),
    [
        ({}, Stage.S_06),
        ({"sent": True}, Stage.S_07),
        ({"applied": True}, Stage.S_08),
        ({"rejected": True}, Stage.S_06),
        ({"applied": True, "is_in_force": False}, Stage.S_06),
    ],
)
def test_progress_of_an_alta_follows_what_became_of_it(fields, stage):
    enrollment = proven(EnrollmentFactory(confirmed=True), ProofRoute.ACUSE)
    MovementFactory(enrollment=enrollment, **fields)

    assert stage_of(enrollment) == stage


def test_progress_of_an_alta_at_imss_for_a_number_from_the_subdelegacion_is_s_07():
    enrollment = proven(EnrollmentFactory(confirmed=True), ProofRoute.SUBDELEGACION)
    MovementFactory(enrollment=enrollment, sent=True)

    assert stage_of(enrollment) == Stage.S_07


def test_progress_of_a_clinic_step_that_opens_later_is_still_s_08():
    enrollment = affiliated()
    UMFRegistrationFactory(enrollment=enrollment, opens_on=date(2026, 8, 27))

    assert stage_of(enrollment, NOW) == Stage.S_08
    assert stage_of(enrollment, AFTER_DEADLINE) == Stage.S_09


def test_progress_of_a_registered_clinic_is_s_10():
    assert stage_of(UMFRegistrationFactory(registered=True).enrollment) == Stage.S_10


@pytest.mark.parametrize(
    ("result", "stage"),
    [
        (VigenciaResult.BY_SCHOOL, Stage.S_11),
        (VigenciaResult.BY_OTHER, Stage.S_11),
        (VigenciaResult.NONE, Stage.S_12),
        (VigenciaResult.NOT_CONSULTED, Stage.S_10),
    ],
)
def test_progress_of_a_vigencia_check_follows_its_result(result, stage):
    assert stage_of(VigenciaCheckFactory(result=result).enrollment) == stage


@pytest.mark.parametrize(
    ("result", "stage"),
    [(VigenciaResult.BY_SCHOOL, Stage.S_09), (VigenciaResult.NONE, Stage.S_12)],
)
def test_stage_of_who_takes_the_clinic_back(result, stage):
    stay = UMFRegistrationFactory().enrollment
    VigenciaCheckFactory(enrollment=stay, result=result)

    assert stage_of(stay) == stage


def test_progress_of_a_check_that_counts_no_more_is_s_10():
    check = VigenciaCheckFactory(result=VigenciaResult.NONE, is_current=False)

    assert stage_of(check.enrollment) == Stage.S_10


def test_progress_of_several_checks_follows_the_one_that_counts():
    old = VigenciaCheckFactory(result=VigenciaResult.NONE, is_current=False)
    VigenciaCheckFactory(enrollment=old.enrollment, result=VigenciaResult.BY_SCHOOL)

    assert stage_of(old.enrollment) == Stage.S_11


def test_progress_of_who_was_vigente_and_is_insured_no_more_is_s_06():
    stay = proven(VigenciaCheckFactory().enrollment, ProofRoute.ACUSE)
    stay.movements.update(is_in_force=False)

    assert stage_of(stay) == Stage.S_06


def test_progress_of_an_alta_that_is_sent_again_keeps_what_the_student_reported():
    stay = VigenciaCheckFactory(result=VigenciaResult.NONE).enrollment
    MovementFactory(enrollment=stay, sent=True)

    assert stage_of(stay) == Stage.S_12


def test_progress_is_never_late_once_no_acuse_is_asked():
    stay = VigenciaCheckFactory(enrollment=UMFRegistrationFactory(registered=True).enrollment)

    assert not standing_of(stay.enrollment, now=AFTER_DEADLINE).is_overdue


def returned_acuse(**fields):
    return AcuseFactory(state=AcuseState.RETURNED, return_reason=ReturnReason.UNREADABLE, **fields)


def test_progress_of_a_returned_acuse_is_s_05():
    assert stage_of(returned_acuse().request.enrollment) == Stage.S_05


def test_progress_of_a_returned_acuse_stays_s_05_after_the_deadline():
    assert stage_of(returned_acuse().request.enrollment, AFTER_DEADLINE) == Stage.S_05


def test_progress_of_a_new_draft_after_a_return_is_s_04b():
    acuse = returned_acuse()
    AcuseFactory(request=acuse.request, draft=True)

    assert stage_of(acuse.request.enrollment) == Stage.S_04B


def test_progress_of_a_new_draft_beside_an_acuse_in_review_is_s_04():
    acuse = AcuseFactory()
    AcuseFactory(request=acuse.request, draft=True)

    assert stage_of(acuse.request.enrollment) == Stage.S_04


def test_progress_of_a_case_with_a_returned_acuse_is_s_02():
    acuse = returned_acuse(request=NSSRequestFactory(state=RequestState.AT_SUBDELEGACION))

    assert stage_of(acuse.request.enrollment) == Stage.S_02


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (EnrollmentState.OPTED_OUT, Stage.S_13),
        (EnrollmentState.WITHDRAWN, Stage.S_14),
        (EnrollmentState.FINISHED, Stage.S_14),
    ],
)
def test_progress_of_a_stay_that_is_over_wins_over_everything(state, stage):
    enrollment = proven(EnrollmentFactory(confirmed=True, state=state), ProofRoute.ACUSE)

    assert stage_of(enrollment) == stage


def test_progress_gives_every_stage_the_ball_of_the_table():
    enrollments = {
        Stage.S_00: EnrollmentFactory(),
        Stage.S_02: NSSRequestFactory(state=RequestState.AT_SUBDELEGACION).enrollment,
        Stage.S_14: EnrollmentFactory(state=EnrollmentState.FINISHED),
    }

    balls = {stage: standing_of(one, now=NOW).ball for stage, one in enrollments.items()}

    assert balls == {
        Stage.S_00: Ball.STUDENT,
        Stage.S_02: Ball.PLANTEL,
        Stage.S_14: Ball.NOBODY,
    }


def everything():
    """A stay in each stage that a renuncia may interrupt."""
    return [
        EnrollmentFactory(),
        EnrollmentFactory(confirmed=True),
        NSSRequestFactory(state=RequestState.AT_SUBDELEGACION).enrollment,
        AcuseFactory().request.enrollment,
        AcuseFactory(draft=True).request.enrollment,
        returned_acuse().request.enrollment,
        proven(EnrollmentFactory(confirmed=True), ProofRoute.ACUSE),
        proven(EnrollmentFactory(confirmed=True), ProofRoute.SUBDELEGACION),
    ]


def test_progress_of_an_issued_renuncia_is_s_13a_whatever_went_before():
    stays = [issued(stay).enrollment for stay in everything()]

    assert {stage_of(stay) for stay in stays} == {Stage.S_13A}
    assert {standing_of(stay, now=NOW).ball for stay in stays} == {Ball.STUDENT}


def test_progress_of_a_signed_renuncia_is_s_13a_and_the_plantels_turn():
    stay = signed().enrollment

    assert stage_of(stay) == Stage.S_13A
    assert standing_of(stay, now=NOW).ball == Ball.PLANTEL


def test_progress_after_a_renuncia_that_ended_is_where_it_was():
    stays = everything()
    before = [stage_of(stay) for stay in stays]
    user = stays[0].student.user

    for stay in stays:
        withdraw_renuncia(registered(stay), by=user, now=NOW)

    assert [stage_of(stay) for stay in Enrollment.objects.order_by("pk")] == before
    assert len(set(before)) == 8


def test_progress_never_calls_a_renuncia_late():
    stay = issued().enrollment

    assert not standing_of(stay, now=AFTER_DEADLINE).is_overdue


def test_progress_calls_late_only_whose_turn_it_is():
    late = EnrollmentFactory()
    in_review = AcuseFactory().request.enrollment

    rows = progress(Enrollment.objects.order_by("pk"), now=AFTER_DEADLINE)

    assert {row.pk: row.is_overdue for row in rows} == {late.pk: True, in_review.pk: False}


def test_progress_says_the_same_in_a_list_as_alone():
    alone = [
        EnrollmentFactory(),
        EnrollmentFactory(confirmed=True),
        AcuseFactory().request.enrollment,
        returned_acuse().request.enrollment,
        NSSRequestFactory(state=RequestState.AT_SUBDELEGACION).enrollment,
    ]

    in_list = {row.pk: row.stage for row in progress(Enrollment.objects.all(), now=NOW)}

    assert in_list == {one.pk: stage_of(one) for one in alone}


@pytest.mark.parametrize("rows", [1, 3])
def test_progress_takes_one_query_for_the_clocks_and_one_for_the_rows(
    rows, django_assert_num_queries
):
    for _ in range(rows):
        AcuseFactory()

    with django_assert_num_queries(2):
        assert len(progress(Enrollment.objects.all(), now=NOW)) == rows


def test_stages_have_a_text_each_in_the_order_of_the_match():
    assert set(STAGE_ORDER) == set(Stage)
    order = "14 13 13a 12 11 10 09 08 07 06 03 04 04b 02 05 01v 01 00"
    assert [stage.removeprefix("S-") for stage in STAGE_ORDER] == order.split()
    assert all(text.heading and text.body for text in STAGES.values())


def test_progress_of_who_moved_within_one_registro_patronal_stays_affiliated():
    old, new = (PlantelFactory(registro_patronal="B1234567321") for _ in range(2))
    before = affiliated(plantel=old, state=EnrollmentState.WITHDRAWN)
    before.movements.get().batch.__class__.objects.update(registro_patronal="B1234567321")
    after = EnrollmentFactory(student=before.student, plantel=new)

    assert (stage_of(before), stage_of(after)) == (Stage.S_14, Stage.S_08)
