"""Two at the same moment, with real threads on the real database: the constraint and the lock decide."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from common.transitions import TransitionNotAllowed
from nss.actions.errors import DraftNotTaken, DraftReplaced, NSSAlreadyTaken
from nss.actions.register import register_nss
from nss.actions.review import accept_acuse, return_acuse
from nss.actions.upload import send_acuse, take_draft, upload_acuse
from nss.models import Acuse
from nss.states import AcuseState, ProofRoute, ReturnReason
from school.models import User
from school.states import Role
from students.actions.reminders import look_again
from students.models import Enrollment, Student, TimelineEntry
from students.states import Event
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss
from tests.meanwhile import making_wait
from tests.nss.test_actions_upload import photo
from tests.nss.test_take_draft import LATE

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in threads that start together; return what each gave or raised."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return action()
        except Exception as error:  # noqa: BLE001 -- what was raised is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_two_reviewers_decide_at_once_and_one_wins():
    acuse = AcuseFactory()
    plantel = acuse.request.enrollment.plantel
    laura, pedro = staff(Role.REVISOR, plantel), staff(Role.REVISOR, plantel)

    results = at_once(
        lambda: accept_acuse(acuse, nss=nss(1), by=laura, now=NOW),
        lambda: return_acuse(acuse, reason=ReturnReason.UNREADABLE, by=pedro, now=NOW),
    )

    decisions = [Event.ACUSE_ACCEPTED, Event.ACUSE_RETURNED]
    assert sum(isinstance(result, TransitionNotAllowed) for result in results) == 1
    assert sum(isinstance(result, Acuse) for result in results) == 1
    assert TimelineEntry.objects.filter(event__in=decisions).count() == 1


def test_same_number_accepted_for_two_students_at_once_goes_to_one():
    one, other = AcuseFactory(), AcuseFactory()
    laura = staff(Role.REVISOR, one.request.enrollment.plantel)
    pedro = staff(Role.REVISOR, other.request.enrollment.plantel)

    results = at_once(
        lambda: accept_acuse(one, nss=nss(1), by=laura, now=NOW),
        lambda: accept_acuse(other, nss=nss(1), by=pedro, now=NOW),
    )

    assert sum(isinstance(result, NSSAlreadyTaken) for result in results) == 1
    assert sum(isinstance(result, Acuse) for result in results) == 1
    assert Student.objects.filter(nss=nss(1)).count() == 1
    assert Acuse.objects.filter(state=AcuseState.ACCEPTED).count() == 1


def test_same_upload_many_times_at_once_is_one_row():
    enrollment = EnrollmentFactory(confirmed=True)
    student = enrollment.student.user

    def upload() -> Acuse:
        return upload_acuse(enrollment, upload=photo(), key="one-press", by=student, now=NOW)

    results = at_once(*[upload] * 6)

    assert {result.pk for result in results} == {Acuse.objects.get().pk}
    assert enrollment.files.count() == 1


def test_folios_taken_at_once_have_no_gap():
    plantel = PlantelFactory(number="05")
    drafts = [AcuseFactory(request__enrollment__plantel=plantel, draft=True) for _ in range(4)]

    def send(draft: Acuse) -> Callable[[], Acuse]:
        return lambda: send_acuse(draft, by=draft.created_by, now=NOW)

    results = at_once(*[send(draft) for draft in drafts])

    assert sorted(result.folio for result in results) == [
        f"A26-05-{number:06d}" for number in range(1, 5)
    ]


def test_student_confirms_and_plantel_takes_at_once_and_it_is_sent_once():
    draft = AcuseFactory(draft=True)
    stay = draft.request.enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)

    confirmed, taken = at_once(
        lambda: send_acuse(draft, by=stay.student.user, now=LATE),
        lambda: take_draft(draft, by=laura, now=LATE),
    )

    sent = [Event.ACUSE_SENT, Event.DRAFT_TAKEN]
    draft.refresh_from_db()
    assert confirmed == draft  # who confirms a file that was taken finds it sent
    assert isinstance(taken, Acuse | DraftNotTaken)
    assert (draft.state, draft.folio[-6:]) == (AcuseState.RECEIVED, "000001")
    assert TimelineEntry.objects.filter(event__in=sent).count() == 1


def test_plantel_takes_a_file_that_the_student_is_confirming():
    draft = AcuseFactory(draft=True)
    stay = draft.request.enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)

    with pytest.raises(DraftNotTaken), making_wait(lambda: take_draft(draft, by=laura, now=LATE)):
        send_acuse(draft, by=stay.student.user, now=LATE)

    assert TimelineEntry.objects.get().event == Event.ACUSE_SENT


def test_plantel_takes_a_file_that_the_student_is_replacing():
    draft = AcuseFactory(draft=True)
    stay = draft.request.enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)

    with pytest.raises(DraftReplaced), making_wait(lambda: take_draft(draft, by=laura, now=LATE)):
        upload_acuse(stay, upload=photo(), key="other", by=stay.student.user, now=LATE)

    states = Acuse.objects.order_by("version").values_list("state", flat=True)
    assert list(states) == [AcuseState.REPLACED, AcuseState.DRAFT]


def test_student_uploads_another_file_while_the_plantel_takes_the_first():
    draft = AcuseFactory(draft=True)
    stay = draft.request.enrollment
    laura, student = staff(Role.RESPONSABLE, stay.plantel), stay.student.user

    def upload() -> Acuse:
        return upload_acuse(stay, upload=photo(), key="other", by=student, now=LATE)

    with making_wait(upload) as results:
        take_draft(draft, by=laura, now=LATE)

    states = Acuse.objects.order_by("version").values_list("state", flat=True)
    assert list(states) == [AcuseState.RECEIVED, AcuseState.DRAFT]
    assert results == [Acuse.objects.get(version=2)]


def accept(acuse: Acuse, by: User) -> None:
    accept_acuse(acuse, nss=nss(1), by=by, now=NOW)


def register(acuse: Acuse, by: User) -> None:
    stay = acuse.request.enrollment
    register_nss(stay, nss=nss(1), route=ProofRoute.WINDOW, by=by, now=NOW)


@pytest.mark.parametrize("give", [accept, register])
def test_nss_is_given_while_a_list_is_imported_and_neither_waits_in_a_ring(give):
    acuse = AcuseFactory()
    stay = acuse.request.enrollment
    laura = staff(Role.RESPONSABLE, stay.plantel)
    look_again([stay.pk])

    with making_wait(
        lambda: give(acuse, laura),
        then=lambda: list(Student.objects.select_for_update().filter(pk=stay.student_id)),
    ):
        list(Enrollment.objects.select_for_update(of=("self",)).filter(pk=stay.pk))

    stay.student.refresh_from_db()
    assert stay.student.nss == nss(1)


def test_two_of_the_plantel_take_a_file_at_once_and_one_wins():
    draft = AcuseFactory(draft=True)
    plantel = draft.request.enrollment.plantel
    laura, pedro = staff(Role.RESPONSABLE, plantel), staff(Role.RESPONSABLE, plantel)

    results = at_once(
        lambda: take_draft(draft, by=laura, now=LATE),
        lambda: take_draft(draft, by=pedro, now=LATE),
    )

    assert sum(isinstance(result, DraftNotTaken) for result in results) == 1
    assert sum(isinstance(result, Acuse) for result in results) == 1
    assert TimelineEntry.objects.get().event == Event.DRAFT_TAKEN
