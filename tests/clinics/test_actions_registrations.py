"""The clinic step: every way in which opening, registering and undoing can end."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.actions import (
    open_clinics,
    register_clinic,
    register_clinic_for_student,
    undo_registration,
)
from clinics.actions.errors import DayHasPassed, NobodyToOpen, NotInsured, StepNotOpen
from clinics.models import UMF, UMFRegistration
from clinics.queries.registrations import ClinicReport
from clinics.states import RegistrationState, Turno, VigenciaResult
from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from students.actions.files import UploadRefused
from students.models import Enrollment, StoredFile, TimelineEntry
from students.states import EnrollmentState, Event, FileState
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.samples import hostile

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
ZONE = ZoneInfo("America/Mexico_City")
REPORT = ClinicReport(37, Turno.MORNING, "4")


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def laura(plantel):
    return staff(Role.RESPONSABLE, plantel)


def insured(plantel, **stay):
    return MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    ).enrollment


def mails(stay):
    rows = Notice.objects.filter(about=f"enrollment:{stay.pk}").order_by("not_before")
    return [(one.message, one.not_before.astimezone(ZONE), one.state) for one in rows]


def events_of(stay):
    return list(TimelineEntry.objects.filter(enrollment=stay).values_list("event", flat=True))


def at_eight(day):
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)


def test_open_clinics_today_tells_after_the_undo_window_and_five_days_later(plantel, laura):
    stay = insured(plantel)

    (opened,) = open_clinics([stay], opens_on=TODAY, by=laura, now=NOW)

    assert (opened.state, opened.opens_on, opened.opened_by) == (
        RegistrationState.INVITED,
        TODAY,
        laura,
    )
    assert mails(stay) == [
        ("M-13", NOW + timedelta(seconds=10), NoticeState.QUEUED),
        ("M-13", at_eight(date(2026, 8, 26)), NoticeState.QUEUED),
    ]
    line = TimelineEntry.objects.get(enrollment=stay, event=Event.CLINIC_OPENED)
    assert (line.by, line.data) == (laura, {"opens_on": "2026-08-21"})


def test_open_clinics_on_a_day_tells_that_morning(plantel, laura):
    stay = insured(plantel)

    open_clinics([stay], opens_on=date(2026, 9, 1), by=laura, now=NOW)

    assert [at for _, at, _ in mails(stay)] == [
        at_eight(date(2026, 9, 1)),
        at_eight(date(2026, 9, 6)),
    ]


def test_open_clinics_passes_over_who_has_it_or_is_not_insured(plantel, laura):
    stay, opened = insured(plantel), UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    waiting = EnrollmentFactory(plantel=plantel, confirmed=True)
    left = insured(plantel, state=EnrollmentState.WITHDRAWN)

    rows = open_clinics([stay, opened, waiting, left], opens_on=TODAY, by=laura, now=NOW)

    assert [row.enrollment for row in rows] == [stay]


def test_open_clinics_twice_opens_once(plantel, laura):
    stay = insured(plantel)
    open_clinics([stay], opens_on=TODAY, by=laura, now=NOW)

    with pytest.raises(NobodyToOpen):
        open_clinics([stay], opens_on=TODAY, by=laura, now=NOW)
    assert Notice.objects.count() == 2


def test_open_clinics_refuses_a_day_that_has_passed(plantel, laura):
    with pytest.raises(DayHasPassed):
        open_clinics([insured(plantel)], opens_on=TODAY - timedelta(days=1), by=laura, now=NOW)

    assert UMFRegistration.objects.count() == 0


def test_open_clinics_takes_the_same_statements_for_one_and_three(plantel, laura):
    counts = []
    for number in (1, 3):
        stays = [insured(plantel) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            open_clinics(stays, opens_on=TODAY, by=laura, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_register_clinic_keeps_the_answer_and_asks_for_the_vigencia_next_morning(plantel):
    registration = UMFRegistrationFactory(enrollment__plantel=plantel)
    stay = registration.enrollment

    kept = register_clinic(stay, REPORT, by=stay.student.user, now=NOW)

    kept.refresh_from_db()
    assert (kept.state, kept.umf.number, kept.turno, kept.consultorio, kept.carnet) == (
        RegistrationState.REGISTERED,
        37,
        Turno.MORNING,
        "4",
        None,
    )
    assert (kept.registered_at, kept.registered_by) == (NOW, stay.student.user)
    assert kept.umf.plantel == plantel
    assert mails(stay) == [("M-14", at_eight(date(2026, 8, 22)), NoticeState.QUEUED)]
    assert events_of(stay) == [Event.CLINIC_REGISTERED]


def test_register_clinic_stops_the_reminder(plantel, laura):
    stay = insured(plantel)
    open_clinics([stay], opens_on=TODAY, by=laura, now=NOW)

    register_clinic(stay, REPORT, by=stay.student.user, now=NOW)

    assert [(name, state) for name, _, state in mails(stay)] == [
        ("M-13", NoticeState.CANCELLED),
        ("M-14", NoticeState.QUEUED),
        ("M-13", NoticeState.CANCELLED),
    ]


def test_register_clinic_uses_the_known_clinic(plantel):
    known = UMF.objects.create(plantel=plantel, number=37, name="Centro")
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment

    assert register_clinic(stay, REPORT, by=stay.student.user, now=NOW).umf == known


def test_register_clinic_keeps_the_picture_in_quarantine(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    picture = SimpleUploadedFile("carnet.jpg", hostile.jpeg())

    kept = register_clinic(stay, REPORT, carnet=picture, by=stay.student.user, now=NOW)

    assert (kept.carnet.enrollment, kept.carnet.state) == (stay, FileState.QUARANTINED)


def test_register_clinic_refuses_a_file_that_is_none(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment

    with pytest.raises(UploadRefused):
        register_clinic(
            stay, REPORT, carnet=SimpleUploadedFile("a.txt", b"hola"), by=stay.student.user, now=NOW
        )
    assert UMF.objects.count() == 0


def test_register_clinic_twice_is_once(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    first = register_clinic(stay, REPORT, by=stay.student.user, now=NOW)

    second = register_clinic(stay, REPORT, by=stay.student.user, now=NOW + timedelta(seconds=1))

    assert (second, second.registered_at) == (first, NOW)
    assert events_of(stay) == [Event.CLINIC_REGISTERED]


def test_register_clinic_again_with_the_picture_that_was_missing_keeps_it(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    register_clinic(stay, REPORT, by=stay.student.user, now=NOW)
    later = NOW + timedelta(hours=1)
    pictures = [SimpleUploadedFile(name, hostile.jpeg()) for name in ("uno.jpg", "otro.jpg")]

    for picture in pictures:
        kept = register_clinic(stay, REPORT, carnet=picture, by=stay.student.user, now=later)

    kept.refresh_from_db()
    file = StoredFile.objects.get()
    assert (kept.carnet, file.original_name, file.uploaded_at) == (file, "uno.jpg", later)
    assert (kept.state, kept.registered_at) == (RegistrationState.REGISTERED, NOW)
    assert events_of(stay) == [Event.CLINIC_REGISTERED]
    assert [name for name, *_ in mails(stay)] == ["M-14"]


def test_register_clinic_refuses_another_answer(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True).enrollment

    with pytest.raises(TransitionNotAllowed):
        register_clinic(
            stay,
            ClinicReport(5),
            carnet=SimpleUploadedFile("carnet.jpg", hostile.jpeg()),
            by=stay.student.user,
            now=NOW,
        )
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("opens_on", [None, TODAY + timedelta(days=1)])
def test_register_clinic_before_the_plantel_opens_is_refused(plantel, opens_on):
    stay = insured(plantel)
    if opens_on:
        UMFRegistrationFactory(enrollment=stay, opens_on=opens_on)

    with pytest.raises(StepNotOpen):
        register_clinic(stay, REPORT, by=stay.student.user, now=NOW)


def test_register_clinic_refuses_who_is_not_insured_any_more(plantel):
    stay = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)

    with pytest.raises(NotInsured):
        register_clinic(stay, REPORT, by=stay.student.user, now=NOW)


def test_register_clinic_for_student_needs_no_opening(plantel, laura):
    stay = insured(plantel)

    kept = register_clinic_for_student(stay, REPORT, by=laura, now=NOW)

    assert (kept.state, kept.opens_on, kept.opened_by, kept.registered_by) == (
        RegistrationState.REGISTERED,
        TODAY,
        laura,
        laura,
    )


def test_undo_registration_asks_again_after_five_days(plantel, laura):
    stay = insured(plantel)
    kept = register_clinic_for_student(stay, REPORT, by=laura, now=NOW)

    undone = undo_registration(kept, by=laura, now=NOW)

    undone.refresh_from_db()
    assert (undone.state, undone.umf, undone.turno, undone.consultorio, undone.registered_at) == (
        RegistrationState.INVITED,
        None,
        "",
        "",
        None,
    )
    assert mails(stay) == [
        ("M-14", at_eight(date(2026, 8, 22)), NoticeState.CANCELLED),
        ("M-13", at_eight(date(2026, 8, 26)), NoticeState.QUEUED),
    ]
    line = TimelineEntry.objects.get(enrollment=stay, event=Event.CLINIC_UNDONE)
    assert (line.by, line.data) == (laura, {"umf": 37})


def test_undo_registration_before_the_day_of_the_step_waits_for_it(plantel, laura):
    opens_on = TODAY + timedelta(days=20)
    stay = UMFRegistrationFactory(enrollment__plantel=plantel, opens_on=opens_on).enrollment
    kept = register_clinic_for_student(stay, REPORT, by=laura, now=NOW)

    undone = undo_registration(kept, by=laura, now=NOW)

    assert undone.opens_on == opens_on
    assert mails(stay)[-1] == ("M-13", at_eight(opens_on), NoticeState.QUEUED)


@pytest.mark.parametrize(("days", "opens_in"), [(20, 0), (0, 0), (-3, -3)])
def test_undo_registration_by_the_student_asks_at_once(plantel, laura, days, opens_in):
    stay = UMFRegistrationFactory(
        enrollment__plantel=plantel, opens_on=TODAY + timedelta(days=days)
    ).enrollment
    kept = register_clinic_for_student(stay, REPORT, by=laura, now=NOW)

    undone = undo_registration(kept, by=stay.student.user, now=NOW)

    undone.refresh_from_db()
    assert undone.opens_on == TODAY + timedelta(days=opens_in)
    assert mails(stay)[-1] == ("M-13", at_eight(date(2026, 8, 26)), NoticeState.QUEUED)
    again = register_clinic(stay, ClinicReport(5), by=stay.student.user, now=NOW)
    assert (again.state, again.umf.number) == (RegistrationState.REGISTERED, 5)


def test_undo_registration_of_who_is_not_insured_any_more_is_refused(plantel, laura):
    kept = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)
    Enrollment.objects.filter(pk=kept.enrollment_id).update(state=EnrollmentState.OPTED_OUT)

    with pytest.raises(NotInsured):
        undo_registration(kept, by=laura, now=NOW)


def test_undo_registration_of_what_is_not_registered_is_refused(laura, plantel):
    with pytest.raises(TransitionNotAllowed):
        undo_registration(UMFRegistrationFactory(enrollment__plantel=plantel), by=laura, now=NOW)


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        (VigenciaResult.BY_SCHOOL, []),
        (VigenciaResult.NONE, []),
        (VigenciaResult.NOT_CONSULTED, ["M-14"]),
    ],
)
def test_register_clinic_again_keeps_the_vigencia_that_was_said(plantel, laura, result, asked):
    kept = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)
    said = VigenciaCheckFactory(enrollment=kept.enrollment, result=result)
    undo_registration(kept, by=laura, now=NOW)

    register_clinic_for_student(kept.enrollment, REPORT, by=laura, now=NOW)

    said.refresh_from_db()
    assert said.is_current
    waiting = [name for name, _, state in mails(kept.enrollment) if state == NoticeState.QUEUED]
    assert waiting == asked
