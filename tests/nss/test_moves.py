"""T16: whoever posts whatever in any order, only listed moves happen, and each leaves its line of history."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nss.models import Acuse, NSSRequest
from nss.states import ACUSE_MOVES, REQUEST_MOVES, AcuseState, RequestState
from school.models import User
from school.states import Role
from students.models import Enrollment, TimelineEntry
from students.states import Event
from tests.factories.nss import AcuseFactory, NSSRequestFactory, read_well
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, nss

WHY = "Se revisó otra vez con el estudiante"
STUDENTS_VERBS = {"confirm", "reading"}
REVIEWERS_VERBS = {"accept_acuse", "return_acuse", "undo_review", "correct_nss"}
MAY = {
    "student": STUDENTS_VERBS,
    "responsable": REVIEWERS_VERBS | {"register_nss"},
    "revisor": REVIEWERS_VERBS,
    "consulta": set(),
    "foreigner": set(),
    "admin": set(),
}
VERBS = sorted(STUDENTS_VERBS | REVIEWERS_VERBS | {"register_nss", "new_file"})
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(MAY)), st.sampled_from(VERBS)), min_size=6, max_size=12
)


@dataclass
class World:
    """One student and everybody who might post something about the student's acuse."""

    enrollment: Enrollment
    people: dict[str, User]

    def states(self) -> tuple[dict[int, str], str]:
        acuses = Acuse.objects.filter(request__enrollment=self.enrollment)
        request = NSSRequest.objects.filter(enrollment=self.enrollment).first()
        return dict(acuses.values_list("pk", "state")), request.state if request else ""

    def events(self) -> list[str]:
        entries = TimelineEntry.objects.filter(enrollment=self.enrollment)
        return list(entries.order_by("pk").values_list("event", flat=True))


def world() -> World:
    plantel = PlantelFactory()
    enrollment = EnrollmentFactory(confirmed=True, plantel=plantel)
    people = {
        "student": enrollment.student.user,
        "responsable": staff(Role.RESPONSABLE, plantel),
        "revisor": staff(Role.REVISOR, plantel),
        "consulta": staff(Role.CONSULTA, plantel),
        "foreigner": staff(Role.RESPONSABLE, PlantelFactory()),
        "admin": staff(Role.ADMIN),
    }
    return World(enrollment, people)


def new_file(here: World) -> None:
    """A draft, as an upload leaves it: the former one makes room."""
    request = NSSRequestFactory(enrollment=here.enrollment)
    if request.state == RequestState.PROVEN:
        return
    request.acuses.filter(state=AcuseState.DRAFT).update(state=AcuseState.REPLACED)
    read_well(AcuseFactory(request=request, draft=True), nss(here.enrollment.pk % 10_000))


def post(here: World, who: str, verb: str) -> int:
    client = Client()
    client.force_login(here.people[who])
    number = nss(here.enrollment.pk % 10_000)
    data = {"nss": number, "nss_again": number, "confirmado": "1"}
    data |= {"reason": "NSS_DIFFERS" if verb == "return_acuse" else WHY}
    data |= {"answer": "SAME", "typed_nss": number}
    if verb in STUDENTS_VERBS:
        return client.post(reverse(f"nss:{verb}"), data).status_code
    if verb == "register_nss":
        return client.post(
            reverse("nss:register_nss", args=[here.enrollment.public_id]), data
        ).status_code
    newest = Acuse.objects.filter(request__enrollment=here.enrollment).first()
    target = newest.public_id if newest else "none"
    return client.post(reverse(f"nss:{verb}", args=[target]), data).status_code


@pytest.mark.django_db
@settings(
    max_examples=12,
    phases=[
        Phase.generate
    ],  # to shrink a failure takes minutes, and twelve steps can be read as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=STEPS)
def test_only_listed_moves_happen_and_each_is_in_the_history(steps):
    here = world()
    for who, verb in steps:
        before, request_before = here.states()
        events = here.events()
        if verb == "new_file":
            new_file(here)
            continue

        status = post(here, who, verb)

        after, request_after = here.states()
        written = here.events()[len(events) :]
        moved = {key for key, state in after.items() if before[key] != state}
        assert status < 500
        assert all(after[key] in ACUSE_MOVES[before[key]] for key in moved)
        if request_before and request_before != request_after:
            assert request_after in REQUEST_MOVES[request_before]
        if verb not in MAY[who]:
            assert (moved, request_after, written) == (set(), request_before, [])
        if moved:
            assert len([event for event in written if event != Event.NSS_CORRECTED]) == 1
