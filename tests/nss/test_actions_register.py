"""The plantel's own ways to a number."""

import pytest

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.errors import NSSAlreadyTaken, OtherNSSProven, OverrideReasonMissing
from nss.actions.register import end_errand, register_nss, send_to_subdelegacion
from nss.states import AcuseState, ProofRoute, RequestState
from school.states import Role
from students.identity import NssError
from students.models import TimelineEntry
from students.states import Event
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment():
    return EnrollmentFactory(confirmed=True)


@pytest.fixture
def responsable(enrollment):
    return staff(Role.RESPONSABLE, enrollment.plantel)


def register(enrollment, by, number, **more):
    return register_nss(enrollment, nss=number, route=ProofRoute.WINDOW, by=by, now=NOW, **more)


@pytest.mark.parametrize("route", [ProofRoute.WINDOW, ProofRoute.SUBDELEGACION])
def test_register_nss_proves_the_number(enrollment, responsable, route):
    request = register_nss(enrollment, nss=nss(5), route=route, by=responsable, now=NOW)

    enrollment.student.refresh_from_db()
    entry = TimelineEntry.objects.get()
    assert enrollment.student.nss == nss(5)
    assert (request.state, request.route, request.proven_by) == (
        RequestState.PROVEN,
        route,
        responsable,
    )
    assert (entry.event, entry.data["nss"]) == (Event.NSS_REGISTERED, f"•••••••{nss(5)[-4:]}")


@pytest.mark.parametrize(
    ("route", "told"), [(ProofRoute.WINDOW, []), (ProofRoute.SUBDELEGACION, ["M-11"])]
)
def test_register_nss_tells_who_waited_for_the_errand(enrollment, responsable, route, told):
    NoticeFactory(message="M-10", about=f"enrollment:{enrollment.pk}")

    register_nss(enrollment, nss=nss(5), route=route, by=responsable, now=NOW)

    assert Notice.objects.get(message="M-10").state == NoticeState.CANCELLED
    queued = Notice.objects.exclude(message="M-10")
    assert [(notice.message, notice.to_email) for notice in queued] == [
        (message, enrollment.data.email) for message in told
    ]


def test_register_nss_leaves_nothing_to_review(enrollment, responsable):
    request = NSSRequestFactory(enrollment=enrollment)
    sent = AcuseFactory(request=request)
    draft = AcuseFactory(request=request, draft=True)

    register(enrollment, responsable, nss(5))

    sent.refresh_from_db()
    draft.refresh_from_db()
    assert (sent.state, draft.state) == (AcuseState.REPLACED, AcuseState.REPLACED)


def test_register_nss_twice(enrollment, responsable):
    register(enrollment, responsable, nss(5))

    with pytest.raises(TransitionNotAllowed):
        register(enrollment, responsable, nss(5))

    assert TimelineEntry.objects.count() == 1


def test_register_nss_of_another_student(enrollment, responsable):
    StudentFactory(nss=nss(5))

    with pytest.raises(NSSAlreadyTaken):
        register(enrollment, responsable, nss(5))

    assert TimelineEntry.objects.count() == 0


def test_register_nss_of_a_student_with_another_number(enrollment, responsable):
    enrollment.student.nss = nss(4)
    enrollment.student.save()

    with pytest.raises(OtherNSSProven):
        register(enrollment, responsable, nss(5))


def test_register_nss_that_cannot_be_one(enrollment, responsable):
    with pytest.raises(NssError):
        register(enrollment, responsable, "123")


def test_register_nss_wrong_digit_needs_a_reason(enrollment, responsable):
    with pytest.raises(OverrideReasonMissing):
        register(enrollment, responsable, "24260812343")


def test_register_nss_wrong_digit_with_its_reason(enrollment, responsable):
    why = "El papel del IMSS lo trae así"

    request = register(enrollment, responsable, "24260812343", override_reason=why)

    assert request.override_reason == why


def test_send_to_subdelegacion_and_back(enrollment):
    sent = send_to_subdelegacion(enrollment, now=NOW)
    back = end_errand(enrollment, now=NOW)

    assert (sent.state, back.state) == (RequestState.AT_SUBDELEGACION, RequestState.OPEN)


def test_send_to_subdelegacion_twice(enrollment):
    send_to_subdelegacion(enrollment, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        send_to_subdelegacion(enrollment, now=NOW)


def test_send_to_subdelegacion_a_proven_number(enrollment, responsable):
    register(enrollment, responsable, nss(5))

    with pytest.raises(TransitionNotAllowed):
        send_to_subdelegacion(enrollment, now=NOW)


def test_end_errand_twice_is_once(enrollment):
    send_to_subdelegacion(enrollment, now=NOW)
    end_errand(enrollment, now=NOW)

    assert end_errand(enrollment, now=NOW).state == RequestState.OPEN


def test_end_errand_leaves_a_proven_number_alone(enrollment, responsable):
    send_to_subdelegacion(enrollment, now=NOW)
    register(enrollment, responsable, nss(5))

    ended = end_errand(enrollment, now=NOW)

    assert (ended.state, ended.undo_to) == (RequestState.PROVEN, "")
