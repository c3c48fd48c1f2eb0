"""A student moves: closed here, open there, nothing lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from school.actions.texts import keep_text_in_use
from school.states import Role, TextKind
from students.access import own_enrollment
from students.actions.bajas import BajaDateRefused, WorkedOnThere, reinstate_student
from students.actions.cover import opt_out
from students.actions.data import confirm_person
from students.actions.transfers import MatriculaTaken, transfer_student
from students.models import Baja, Declaration, Enrollment, NextLook, TimelineEntry
from students.queries.enrollments import enrollments_for, needing_affiliation
from students.states import BajaKind, DeclarationKind, EnrollmentState, Event
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory, nss
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 24)


@pytest.fixture
def stay() -> Enrollment:
    return EnrollmentFactory(
        plantel__number="05", plantel__name="Norte", roster_phone="6621234567", semester="3"
    )


@pytest.fixture
def there():
    return PlantelFactory(number="06", name="Sur")


@pytest.fixture
def by(stay):
    return staff(Role.RESPONSABLE, stay.plantel)


def move(stay, there, by, **more) -> Enrollment:
    told = {"plantel": there, "group": "302", "matricula": stay.matricula, "on_date": TODAY}
    return transfer_student(stay, **told | {"by": by, "now": NOW} | more)


def fresh(stay) -> Enrollment:
    return Enrollment.objects.get(pk=stay.pk)


def lines(stay):
    said = TimelineEntry.objects.filter(enrollment=stay).order_by("pk")
    return list(said.values_list("event", "by", "data"))


def test_transfer_student(stay, there, by):
    moved = move(stay, there, by, note="Se mudó")

    assert fresh(stay).state == EnrollmentState.WITHDRAWN
    baja = Baja.objects.get()
    assert (baja.enrollment, baja.kind, baja.moved_to) == (stay, BajaKind.TRANSFER, moved)
    assert (moved.student, moved.plantel, moved.cycle) == (stay.student, there, stay.cycle)
    assert (moved.group, moved.matricula, moved.semester) == ("302", stay.matricula, "3")
    assert (moved.roster_email, moved.roster_phone) == (stay.roster_email, "6621234567")
    assert (moved.enrolled_on, moved.acuse_due_on) == (TODAY, date(2026, 8, 27))
    assert NextLook.objects.filter(enrollment=moved).exists()
    since = "lunes 24 de agosto"
    left = {"baja": "traslado a otro plantel", "since": since, "note": "Se mudó"}
    assert lines(stay) == [(Event.TRANSFERRED, by.pk, left | {"moved_to": "Plantel 06 Sur"})]
    assert lines(moved) == [(Event.TRANSFERRED, by.pk, {"came_from": "Plantel 05 Norte"})]
    assert list(needing_affiliation()) == [moved]
    assert own_enrollment(stay.student.user) == moved


def test_transfer_student_is_seen_by_the_people_there_alone(stay, there, by):
    moved = move(stay, there, by)

    assert list(enrollments_for(staff(Role.RESPONSABLE, there))) == [moved]
    assert list(enrollments_for(by)) == [stay]


def test_transfer_student_sends_a_code_to_who_enters_by_code(stay, there, by):
    moved = move(stay, there, by)

    mail = Notice.objects.get()
    assert (mail.message, mail.to_email, mail.plantel) == ("M-01", stay.roster_email, there)
    assert mail.context == {
        "enrollment": moved.pk,
        "first_name": "Ana",
        "due_on": "2026-08-27",
    }


def test_transfer_student_of_whom_no_acuse_is_asked_names_no_day(stay, there, by):
    stay.student.nss = nss(1)
    stay.student.save()

    moved = move(stay, there, by)

    assert moved.student.nss == nss(1)
    assert Notice.objects.get().context["due_on"] == ""


def test_transfer_student_takes_data_and_declarations_along(stay, there, by):
    data = StudentDataFactory(enrollment=stay, street="Calle Reforma")
    said = Declaration.objects.create(
        enrollment=stay,
        kind=DeclarationKind.MANIFESTACION,
        text=keep_text_in_use(TextKind.MANIFESTACION, now=NOW),
        statement="Declaro",
        at=NOW - timedelta(days=1),
    )

    moved = fresh(move(stay, there, by))

    assert moved.data.street == "Calle Reforma"
    assert (moved.data.confirmed_at, moved.data.email) == (data.confirmed_at, data.email)
    declared = Declaration.objects.get(enrollment=moved)
    assert (declared.kind, declared.text, declared.statement, declared.at) == (
        said.kind,
        said.text,
        "Declaro",
        said.at,
    )
    assert fresh(stay).data.pk == data.pk
    assert not Notice.objects.exists()


def test_transfer_student_across_a_time_zone_never_opens_before_the_old_stay(stay, by):
    """In Tijuana it is still yesterday."""
    there = PlantelFactory(time_zone="America/Tijuana")
    at = datetime(2026, 8, 21, 6, 30, tzinfo=UTC)

    moved = move(stay, there, by, on_date=date(2026, 8, 21), now=at)

    assert moved.enrolled_on == stay.enrolled_on


def test_transfer_student_to_the_same_plantel(stay, by):
    with pytest.raises(ValueError, match="another plantel"):
        move(stay, stay.plantel, by)


def test_transfer_student_under_a_matricula_of_somebody_else(stay, there, by):
    EnrollmentFactory(matricula="26069999")

    with pytest.raises(MatriculaTaken):
        move(stay, there, by, matricula="26069999")

    assert fresh(stay).state == EnrollmentState.ACTIVE


def test_transfer_student_on_a_day_to_come(stay, there, by):
    with pytest.raises(BajaDateRefused):
        move(stay, there, by, on_date=date(2026, 8, 25))


def test_transfer_student_twice(stay, there, by):
    move(stay, there, by)

    with pytest.raises(TransitionNotAllowed):
        move(stay, there, by)

    assert Enrollment.objects.count() == 2


def test_reinstate_student_who_moved(stay, there, by):
    """A code that the portal mailed by itself is no work of anybody's."""
    moved = move(stay, there, by)
    TimelineEntry.objects.create(enrollment=moved, event=Event.CODE_ISSUED, at=NOW)

    reinstate_student(stay, by=by, now=NOW)

    assert fresh(stay).state == EnrollmentState.ACTIVE
    assert fresh(moved).state == EnrollmentState.WITHDRAWN
    over = Baja.objects.get(enrollment=moved)
    assert (over.kind, over.note, over.ended_at) == (BajaKind.TRANSFER, "Traslado deshecho", None)
    assert Notice.objects.get().state == NoticeState.CANCELLED
    assert own_enrollment(stay.student.user) == stay


def test_reinstate_student_of_whom_the_other_plantel_took_care(stay, there, by):
    moved = move(stay, there, by)
    TimelineEntry.objects.create(enrollment=moved, event=Event.SIGNED_IN_FIRST, at=NOW)

    with pytest.raises(WorkedOnThere) as refused:
        reinstate_student(stay, by=by, now=NOW)

    assert refused.value.sentence == (
        "En Plantel 06 Sur ya se hizo algo en su trámite. "
        "Pedir a ese plantel que lo traslade de regreso"
    )
    assert fresh(moved).state == EnrollmentState.ACTIVE


def test_reinstate_student_whose_draft_of_the_data_went_along(stay, there, by):
    StudentDataFactory(enrollment=stay, confirmed_at=None)
    moved = move(stay, there, by)

    reinstate_student(stay, by=by, now=NOW)

    assert fresh(moved).state == EnrollmentState.WITHDRAWN


def test_reinstate_student_who_went_on_with_the_data_in_the_other_plantel(stay, there, by):
    StudentDataFactory(enrollment=stay, confirmed_at=None)
    moved = move(stay, there, by)
    confirm_person(moved, now=NOW + timedelta(minutes=1))

    with pytest.raises(WorkedOnThere):
        reinstate_student(stay, by=by, now=NOW + timedelta(hours=1))

    assert fresh(moved).state == EnrollmentState.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_reinstate_student_at_the_moment_in_which_the_other_plantel_begins(stay, there, by):
    moved = move(stay, there, by)

    def back() -> str:
        with pytest.raises(WorkedOnThere):
            reinstate_student(fresh(stay), by=by, now=NOW)
        return "refused"

    with making_wait(back) as results:
        opt_out(moved, by=by, now=NOW)

    assert results == ["refused"]
    assert fresh(moved).state == EnrollmentState.OPTED_OUT


def test_transfer_student_there_and_back(stay, there, by):
    moved = move(stay, there, by)

    back = transfer_student(
        moved,
        plantel=stay.plantel,
        group="301",
        matricula=stay.matricula,
        on_date=TODAY,
        by=staff(Role.RESPONSABLE, there),
        now=NOW,
    )

    assert own_enrollment(stay.student.user) == back
    assert Baja.objects.count() == 2
