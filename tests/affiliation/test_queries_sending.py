"""Whom a batch of altas is about, whom one of bajas, and who is insured."""

from datetime import date

import pytest

from affiliation.queries.sending import altas_to_send, bajas_to_send, insuring, is_insured
from affiliation.states import MovementKind, MovementState
from nss.states import ProofRoute, RequestState
from renuncias.actions import void_renuncia
from students.models import Baja, Enrollment
from students.states import BajaKind, EnrollmentState
from tests.factories.affiliation import AltaOrderFactory, MovementFactory, insurable
from tests.factories.nss import NSSRequestFactory
from tests.factories.renuncias import issued, responsable_of, signed
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05", registro_patronal=REGISTRO)


def over(stay, state=EnrollmentState.WITHDRAWN):
    stay.state = state
    stay.save(update_fields=["state"])
    return stay


def test_altas_to_send_takes_a_proven_nss_and_one_known_before(plantel):
    known = insurable(plantel)
    proven = insurable(plantel)
    NSSRequestFactory(
        enrollment=proven, state=RequestState.PROVEN, route=ProofRoute.ACUSE, proven_at=NOW
    )

    assert set(altas_to_send(plantel)) == {known, proven}


def test_altas_to_send_leaves_out_who_has_no_nss_yet_or_left(plantel):
    EnrollmentFactory(plantel=plantel, confirmed=True)
    NSSRequestFactory(enrollment=insurable(plantel))
    over(insurable(plantel))
    insurable(PlantelFactory())

    assert list(altas_to_send(plantel)) == []


@pytest.mark.parametrize("put", [issued, signed])
def test_altas_to_send_waits_for_a_renuncia_to_be_settled(plantel, put):
    renuncia = put(insurable(plantel))

    assert list(altas_to_send(plantel)) == []

    void_renuncia(renuncia, reason="Se equivocó de formato", by=responsable_of(renuncia), now=NOW)

    assert list(altas_to_send(plantel)) == [renuncia.enrollment]


@pytest.mark.parametrize(
    ("trait", "is_in"),
    [({}, False), ({"applied": True}, False), ({"rejected": True}, True)],
)
def test_altas_to_send_asks_what_became_of_the_last_one(plantel, trait, is_in):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, **trait)

    assert altas_to_send(plantel).exists() is is_in


def test_altas_to_send_takes_who_was_dropped_and_whose_alta_was_ordered_again(plantel):
    dropped, ordered = insurable(plantel), insurable(plantel)
    MovementFactory(enrollment=dropped, state=MovementState.DROPPED)
    MovementFactory(enrollment=ordered, applied=True)
    AltaOrderFactory(enrollment=ordered)

    assert set(altas_to_send(plantel)) == {dropped, ordered}


@pytest.mark.parametrize(
    "state", [EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED, EnrollmentState.OPTED_OUT]
)
def test_bajas_to_send_takes_who_left_while_insured(plantel, state):
    left, insured, never = insurable(plantel), insurable(plantel), over(insurable(plantel))
    MovementFactory(enrollment=over(left, state), applied=True)
    MovementFactory(enrollment=insured, applied=True)
    MovementFactory(enrollment=never, rejected=True)

    assert list(bajas_to_send(plantel)) == [left]


def test_bajas_to_send_leaves_out_whose_baja_is_in_a_batch(plantel):
    stay = over(insurable(plantel))
    MovementFactory(enrollment=stay, applied=True)
    MovementFactory(enrollment=stay, kind=MovementKind.BAJA)

    assert list(bajas_to_send(plantel)) == []


@pytest.mark.parametrize(
    ("registro", "needs_baja"), [(REGISTRO, False), ("Y5499999324", True), ("", True)]
)
def test_traslado_needs_movements_only_to_another_registro_patronal(plantel, registro, needs_baja):
    left = over(insurable(plantel))
    MovementFactory(enrollment=left, applied=True, batch__registro_patronal=REGISTRO)
    other = PlantelFactory(registro_patronal=registro)
    arrived = EnrollmentFactory(student=left.student, plantel=other, confirmed=True)
    Baja.objects.create(
        enrollment=left,
        kind=BajaKind.TRANSFER,
        on_date=date(2026, 8, 21),
        at=NOW,
        by=left.student.user,
        moved_to=arrived,
    )

    assert bajas_to_send(plantel).exists() is needs_baja
    assert altas_to_send(other).exists() is needs_baja
    assert Enrollment.objects.filter(is_insured(), pk=arrived.pk).exists() is not needs_baja


def test_traslado_within_a_registro_patronal_ends_with_a_baja_from_where_the_student_is(plantel):
    left = over(insurable(plantel))
    alta = MovementFactory(enrollment=left, applied=True, batch__registro_patronal=REGISTRO)
    other = PlantelFactory(registro_patronal=REGISTRO)
    arrived = over(EnrollmentFactory(student=left.student, plantel=other, confirmed=True))

    assert list(bajas_to_send(other)) == [arrived]
    assert list(bajas_to_send(plantel)) == []
    assert insuring([arrived]) == [alta]


def test_traslado_within_a_registro_patronal_that_was_taken_back_needs_no_baja(plantel):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, batch__registro_patronal=REGISTRO)
    other = PlantelFactory(registro_patronal=REGISTRO)
    EnrollmentFactory(student=stay.student, plantel=other, state=EnrollmentState.WITHDRAWN)

    assert not bajas_to_send(plantel, other).exists()


def test_new_stay_in_the_same_plantel_goes_on_with_its_alta(plantel):
    first = over(insurable(plantel))
    alta = MovementFactory(enrollment=first, applied=True)
    again = EnrollmentFactory(student=first.student, plantel=plantel, confirmed=True)

    assert list(altas_to_send(plantel)) == []
    assert list(bajas_to_send(plantel)) == []
    assert insuring([again]) == [alta]


def test_insuring_leaves_out_another_registro_patronal(plantel):
    left = over(insurable(plantel))
    alta = MovementFactory(enrollment=left, applied=True, batch__registro_patronal=REGISTRO)
    other = PlantelFactory(registro_patronal="Y5499999324")
    arrived = EnrollmentFactory(student=left.student, plantel=other, confirmed=True)

    assert insuring([arrived]) == []
    assert insuring([left]) == [alta]


def test_altas_to_send_waits_for_the_answer_about_an_older_stay_of_the_registro(plantel):
    sent = MovementFactory(
        enrollment=over(insurable(plantel)), sent=True, batch__registro_patronal=REGISTRO
    )
    student = sent.enrollment.student
    other = PlantelFactory(registro_patronal=REGISTRO)
    insurable(other, student=student)

    assert list(altas_to_send(other)) == []

    sent.state = MovementState.REJECTED
    sent.save(update_fields=["state"])

    assert [stay.student for stay in altas_to_send(other)] == [student]


@pytest.mark.parametrize(
    ("registro", "trait"), [("Y5499999324", {"sent": True}), (REGISTRO, {}), ("", {"sent": True})]
)
def test_altas_to_send_waits_for_no_other_registro_and_for_nothing_unsent(plantel, registro, trait):
    older = MovementFactory(
        enrollment=over(insurable(plantel)), batch__registro_patronal=REGISTRO, **trait
    )
    other = PlantelFactory(registro_patronal=registro)
    stay = insurable(other, student=older.enrollment.student)

    assert list(altas_to_send(other)) == [stay]
