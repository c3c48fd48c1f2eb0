"""What a student reports, and how the plantel closes it: every exit of every action."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.transitions import TransitionNotAllowed
from followup.actions.errors import ReportAlreadyHandled, ReportNotPossible
from followup.actions.reports import (
    ReportDetails,
    handle_report,
    move_to_case,
    report_case,
    report_trouble,
    resolve_report_with_nss,
    undo_case,
)
from followup.models import StudentReport
from followup.queries.progress import standing_of
from followup.states import ReportKind, Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.errors import NSSAlreadyTaken, ReasonTooShort
from nss.models import NSSRequest
from nss.states import AcuseState, ProofRoute, RequestState, ReturnReason
from school.states import Role
from students.actions.files import UploadRefused
from students.identity.errors import IdentityError
from students.models import Enrollment, TimelineEntry
from students.states import EnrollmentState, Event
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

DETAILS = ReportDetails(key="clave", happened_on=date(2026, 8, 21))


@pytest.fixture
def enrollment() -> Enrollment:
    return EnrollmentFactory(confirmed=True, plantel=PlantelFactory(number="05"))


def student_of(enrollment: Enrollment):
    return enrollment.student.user


def reported(enrollment: Enrollment, kind=ReportKind.SUBDELEGACION) -> StudentReport:
    action = report_case if kind in {"SUBDELEGACION", "WRONG_DATA"} else report_trouble
    return action(enrollment, kind, by=student_of(enrollment), details=DETAILS, now=NOW)


def stage_of(enrollment: Enrollment) -> str:
    return standing_of(enrollment, now=NOW).stage


def events_of(enrollment: Enrollment) -> list[str]:
    entries = TimelineEntry.objects.filter(enrollment=enrollment).order_by("pk")
    return list(entries.values_list("event", flat=True))


# report_case -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "folio"),
    [(ReportKind.SUBDELEGACION, "SUB26-05-0001"), (ReportKind.WRONG_DATA, "DAT26-05-0001")],
)
def test_report_case_hands_the_errand_to_the_plantel(enrollment, kind, folio):
    report = reported(enrollment, kind)

    assert (report.folio, report.kind, report.happened_on) == (folio, kind, date(2026, 8, 21))
    assert stage_of(enrollment) == Stage.S_02
    assert events_of(enrollment) == [Event.REPORT_SENT]
    notice = Notice.objects.get()
    assert (notice.message, notice.to_email) == ("M-10", enrollment.data.email)
    assert notice.context == {"folio": folio, "responsable": "Tu plantel"}


def test_report_case_twice_with_one_key_is_one_report(enrollment):
    first = reported(enrollment)

    assert reported(enrollment) == first
    assert StudentReport.objects.count() == 1
    assert events_of(enrollment) == [Event.REPORT_SENT]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ReportKind.SUBDELEGACION, 'FROM "nss_nssrequest"'),
        (ReportKind.QUESTION, 'FOR UPDATE OF "students_enrollment"'),
    ],
)
def test_report_sent_twice_at_the_same_moment_is_one_report(enrollment, kind, words):
    with just_before(words, lambda: reported(enrollment, kind)):
        report = reported(enrollment, kind)

    assert StudentReport.objects.get() == report


def test_report_case_with_another_key_says_that_the_plantel_has_it(enrollment):
    reported(enrollment)

    with pytest.raises(ReportNotPossible, match="ya lo está pidiendo"):
        report_case(
            enrollment,
            ReportKind.WRONG_DATA,
            by=student_of(enrollment),
            details=ReportDetails(key="otra"),
            now=NOW,
        )
    assert StudentReport.objects.count() == 1


def test_report_case_of_a_proven_number_is_refused(enrollment):
    NSSRequestFactory(
        enrollment=enrollment,
        state=RequestState.PROVEN,
        route=ProofRoute.ACUSE,
        proven_at=NOW,
    )

    with pytest.raises(ReportNotPossible, match="ya tiene tu NSS"):
        reported(enrollment)


def test_report_case_without_confirmed_data_asks_for_them():
    enrollment = EnrollmentFactory()

    with pytest.raises(ReportNotPossible, match="confirma tus datos"):
        reported(enrollment)
    assert not NSSRequest.objects.exists()


def test_report_case_of_a_stay_that_is_over_is_refused():
    enrollment = EnrollmentFactory(confirmed=True, state=EnrollmentState.WITHDRAWN)

    with pytest.raises(ReportNotPossible, match="ya no está abierto"):
        reported(enrollment)


def test_report_case_takes_no_other_kind(enrollment):
    with pytest.raises(ValueError, match="not a case"):
        report_case(
            enrollment,
            ReportKind.QUESTION,
            by=student_of(enrollment),
            details=DETAILS,
            now=NOW,
        )


def test_report_case_with_evidence_that_is_no_picture_leaves_nothing(enrollment):
    details = ReportDetails(
        key="clave", evidence=SimpleUploadedFile("captura.png", b"esto no es una imagen")
    )

    with pytest.raises(UploadRefused):
        report_case(
            enrollment,
            ReportKind.SUBDELEGACION,
            by=student_of(enrollment),
            details=details,
            now=NOW,
        )
    assert stage_of(enrollment) == Stage.S_01
    assert events_of(enrollment) == []


def test_report_case_numbers_the_reports_of_each_plantel(enrollment):
    other = EnrollmentFactory(confirmed=True, plantel=PlantelFactory(number="12"))
    again = EnrollmentFactory(confirmed=True, plantel=enrollment.plantel)

    folios = [reported(one).folio for one in (enrollment, other, again)]

    assert folios == ["SUB26-05-0001", "SUB26-12-0001", "SUB26-05-0002"]


# report_trouble ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "folio"),
    [
        (ReportKind.HAS_NSS, "LOC26-05-0001"),
        (ReportKind.NO_MAIL, "INT26-05-0001"),
        (ReportKind.PAGE_FAILED, "INT26-05-0001"),
        (ReportKind.ROSTER_DATA, "LIS26-05-0001"),
        (ReportKind.QUESTION, "PRE26-05-0001"),
    ],
)
def test_report_trouble_leaves_the_ball_where_it_is(enrollment, kind, folio):
    report = reported(enrollment, kind)

    assert report.folio == folio
    assert stage_of(enrollment) == Stage.S_01
    assert events_of(enrollment) == [Event.REPORT_SENT]


def test_report_trouble_twice_with_one_key_is_one_report(enrollment):
    first = reported(enrollment, ReportKind.PAGE_FAILED)

    assert reported(enrollment, ReportKind.PAGE_FAILED) == first


def test_report_trouble_counts_each_attempt(enrollment):
    for number in range(2):
        report_trouble(
            enrollment,
            ReportKind.PAGE_FAILED,
            by=student_of(enrollment),
            details=ReportDetails(key=f"intento-{number}"),
            now=NOW,
        )

    assert enrollment.reports.count() == 2


def test_report_trouble_of_a_stay_that_is_over_is_refused():
    enrollment = EnrollmentFactory(state=EnrollmentState.FINISHED)

    with pytest.raises(ReportNotPossible, match="ya no está abierto"):
        reported(enrollment, ReportKind.ROSTER_DATA)


def test_report_trouble_takes_a_question_from_who_declined():
    enrollment = EnrollmentFactory(state=EnrollmentState.OPTED_OUT)

    assert reported(enrollment, ReportKind.QUESTION).kind == ReportKind.QUESTION


def test_report_trouble_takes_no_case(enrollment):
    with pytest.raises(ValueError, match="is a case"):
        report_trouble(
            enrollment,
            ReportKind.SUBDELEGACION,
            by=student_of(enrollment),
            details=DETAILS,
            now=NOW,
        )


def test_report_of_one_student_never_answers_the_key_of_another(enrollment):
    other = EnrollmentFactory(confirmed=True)

    assert reported(enrollment, ReportKind.QUESTION) != reported(other, ReportKind.QUESTION)


# handle_report -----------------------------------------------------------------------------------
def test_handle_report_keeps_answer_and_who_gave_it(enrollment):
    report = reported(enrollment, ReportKind.QUESTION)
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)

    handle_report(report, by=responsable, answer=" Toca Iniciar trámite. ", now=NOW)

    report.refresh_from_db()
    assert (report.answer, report.handled_by, report.handled_at) == (
        "Toca Iniciar trámite.",
        responsable,
        NOW,
    )
    assert events_of(enrollment) == [Event.REPORT_SENT, Event.REPORT_HANDLED]


def test_handle_report_twice_says_that_somebody_was_faster(enrollment):
    report = reported(enrollment, ReportKind.QUESTION)
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)
    handle_report(report, by=responsable, answer="Una", now=NOW)

    with pytest.raises(ReportAlreadyHandled):
        handle_report(report, by=responsable, answer="Otra", now=NOW + timedelta(minutes=1))
    report.refresh_from_db()
    assert (report.answer, report.handled_at) == ("Una", NOW)


def test_handle_report_without_an_answer_is_refused(enrollment):
    report = reported(enrollment, ReportKind.QUESTION)

    with pytest.raises(ReportNotPossible, match="respuesta"):
        handle_report(report, by=staff(Role.RESPONSABLE, enrollment.plantel), answer="  ", now=NOW)


def test_handle_report_of_a_case_gives_the_errand_back_to_the_student(enrollment):
    report = reported(enrollment)

    handle_report(
        report,
        by=staff(Role.RESPONSABLE, enrollment.plantel),
        answer="Inténtalo mañana.",
        now=NOW,
    )

    assert stage_of(enrollment) == Stage.S_01


def test_handle_report_of_a_case_whose_number_is_known_leaves_it_known(enrollment):
    report = reported(enrollment)
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)
    other = StudentReport.objects.create(
        folio="DAT26-05-0099",
        enrollment=enrollment,
        kind=ReportKind.WRONG_DATA,
        created_at=NOW,
    )
    resolve_report_with_nss(report, nss=nss(7), by=responsable, now=NOW)

    handle_report(other, by=responsable, answer="Ya quedó.", now=NOW)

    assert stage_of(enrollment) == Stage.S_03


def test_handle_report_of_one_of_two_cases_keeps_the_errand_with_the_plantel(enrollment):
    report = reported(enrollment)
    StudentReport.objects.create(
        folio="DAT26-05-0099",
        enrollment=enrollment,
        kind=ReportKind.WRONG_DATA,
        created_at=NOW,
    )

    handle_report(
        report, by=staff(Role.RESPONSABLE, enrollment.plantel), answer="Va con el otro.", now=NOW
    )

    assert stage_of(enrollment) == Stage.S_02


# resolve_report_with_nss -------------------------------------------------------------------------
def test_resolve_report_with_nss_gives_the_student_the_number(enrollment):
    report = reported(enrollment)
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)

    resolve_report_with_nss(report, nss=nss(7), by=responsable, now=NOW)

    report.refresh_from_db()
    enrollment.student.refresh_from_db()
    assert (report.handled_by, enrollment.student.nss) == (responsable, nss(7))
    assert stage_of(enrollment) == Stage.S_03
    assert events_of(enrollment) == [
        Event.REPORT_SENT,
        Event.NSS_REGISTERED,
        Event.REPORT_HANDLED,
    ]
    assert list(Notice.objects.order_by("pk").values_list("message", "state")) == [
        ("M-10", "CANCELLED"),
        ("M-11", "QUEUED"),
    ]


def test_resolve_report_with_nss_twice_says_that_somebody_was_faster(enrollment):
    report = reported(enrollment)
    responsable = staff(Role.RESPONSABLE, enrollment.plantel)
    resolve_report_with_nss(report, nss=nss(7), by=responsable, now=NOW)

    with pytest.raises(ReportAlreadyHandled):
        resolve_report_with_nss(report, nss=nss(8), by=responsable, now=NOW)
    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == nss(7)


def test_resolve_report_with_nss_of_another_student_leaves_the_case_open(enrollment):
    StudentFactory(nss=nss(7))
    report = reported(enrollment)

    with pytest.raises(NSSAlreadyTaken):
        resolve_report_with_nss(
            report, nss=nss(7), by=staff(Role.RESPONSABLE, enrollment.plantel), now=NOW
        )
    report.refresh_from_db()
    assert report.handled_at is None
    assert stage_of(enrollment) == Stage.S_02


def test_resolve_report_with_nss_of_ten_digits_leaves_the_case_open(enrollment):
    report = reported(enrollment)

    with pytest.raises(IdentityError):
        resolve_report_with_nss(
            report, nss="2426081234", by=staff(Role.RESPONSABLE, enrollment.plantel), now=NOW
        )
    assert stage_of(enrollment) == Stage.S_02


# move_to_case ------------------------------------------------------------------------------------
def test_move_to_case_takes_the_acuse_out_of_review_and_reports_it():
    acuse = AcuseFactory(request__enrollment__plantel__number="05")
    enrollment = acuse.request.enrollment
    revisor = staff(Role.REVISOR, enrollment.plantel)

    report = move_to_case(acuse, data_wrong="tu fecha de nacimiento", by=revisor, now=NOW)

    acuse.refresh_from_db()
    assert (acuse.state, acuse.return_reason) == (
        AcuseState.RETURNED,
        ReturnReason.IMSS_DATA_WRONG,
    )
    assert (report.folio, report.kind, report.subject) == (
        "DAT26-05-0001",
        ReportKind.WRONG_DATA,
        "tu fecha de nacimiento",
    )
    assert stage_of(enrollment) == Stage.S_02
    assert events_of(enrollment) == [Event.ACUSE_RETURNED, Event.REPORT_SENT]


def test_move_to_case_twice_is_one_case():
    acuse = AcuseFactory()
    revisor = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)
    assert StudentReport.objects.count() == 1


def test_move_to_case_without_the_datum_is_refused():
    acuse = AcuseFactory()

    with pytest.raises(ReasonTooShort):
        move_to_case(
            acuse,
            data_wrong=" ",
            by=staff(Role.REVISOR, acuse.request.enrollment.plantel),
            now=NOW,
        )
    assert stage_of(acuse.request.enrollment) == Stage.S_04


# undo_case ---------------------------------------------------------------------------------------
def test_undo_case_puts_the_acuse_back_and_closes_its_report():
    acuse = AcuseFactory()
    enrollment = acuse.request.enrollment
    revisor = staff(Role.REVISOR, enrollment.plantel)
    report = move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)
    other = StudentReportFactory(enrollment=enrollment, kind=ReportKind.QUESTION)

    undo_case(acuse, by=revisor, now=NOW)

    report.refresh_from_db()
    other.refresh_from_db()
    assert (report.handled_at, report.handled_by) == (NOW, revisor)
    assert other.handled_at is None
    assert stage_of(enrollment) == Stage.S_04
    assert not Notice.objects.filter(message="M-10", state=NoticeState.QUEUED).exists()


def test_undo_case_twice_is_refused():
    acuse = AcuseFactory()
    revisor = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)
    undo_case(acuse, by=revisor, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        undo_case(acuse, by=revisor, now=NOW)


def test_undo_case_later_needs_a_reason_and_leaves_the_report_open_without_it():
    acuse = AcuseFactory()
    revisor = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    report = move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)

    with pytest.raises(ReasonTooShort):
        undo_case(acuse, by=revisor, now=NOW + timedelta(seconds=11))
    report.refresh_from_db()
    assert report.handled_at is None


def test_undo_case_then_again_a_case_is_a_second_report():
    acuse = AcuseFactory()
    revisor = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)
    undo_case(acuse, by=revisor, now=NOW)

    move_to_case(acuse, data_wrong="tu nombre", by=revisor, now=NOW + timedelta(seconds=1))

    assert StudentReport.objects.filter(handled_at__isnull=True).count() == 1
    assert StudentReport.objects.count() == 2
