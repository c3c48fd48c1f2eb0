"""The revisión previa: who is ready, every problem with its way out, and the letters that would change."""

from datetime import date, timedelta

import pytest

from affiliation.queries.check import (
    ADDRESS,
    BATCH,
    CURP,
    DAY,
    FILE,
    LEFT,
    NO_ADDRESS,
    NO_CURP,
    NO_PROFILE,
    NO_REGISTRO,
    PROFILE,
    REVIEW,
    ROSTER,
    Changed,
    check_batch,
)
from affiliation.states import MovementKind, MovementState
from school.states import Role
from students.actions.import_rows import import_rows
from students.models import Baja, Enrollment, Student
from students.roster_file import RosterRow
from students.states import BajaKind, EnrollmentState
from tests.factories.affiliation import (
    MovementFactory,
    ProfileFactory,
    checked,
    insurable,
    made,
)
from tests.factories.nss import AcuseFactory, NSSRequestFactory, read
from tests.factories.renuncias import registered
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, curp

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"
TODAY = date(2026, 8, 21)
EARLIER = date(2026, 8, 1)


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05", registro_patronal=REGISTRO)


@pytest.fixture
def profile(plantel):
    return ProfileFactory()


def sentences(found):
    return [(problem.url_name, problem.sentence) for problem in found.problems]


def import_again(stay, given_names, **more):
    """The list of the plantel gives the student this name."""
    person = stay.student
    named = (given_names, person.first_surname, person.second_surname)
    row = RosterRow(2, stay.matricula, *named, stay.group, **more)
    told = {"by": None, "folio": "P", "now": NOW, "today": TODAY}
    done = import_rows(stay.plantel, stay.cycle, [row], **told)
    assert (done.changed, done.findings) == (1, [])


def left(plantel, on_date=TODAY):
    """A student whose stay is over while an alta of the first of the month insures him."""
    stay = insurable(plantel, state=EnrollmentState.WITHDRAWN)
    MovementFactory(enrollment=stay, applied=True, effective_on=EARLIER)
    if on_date:
        Baja.objects.create(
            enrollment=stay,
            kind=BajaKind.TEMPORARY,
            on_date=on_date,
            at=NOW,
            by=stay.student.user,
        )
    return stay


def test_check_batch_lists_who_is_ready_by_surname(plantel, profile):
    names = ["Zea", "Alba"]
    for name in names:
        insurable(plantel, student__first_surname=name, student__given_names=name)

    found = checked(plantel)

    assert [one.student.list_name for one in found.ready] == [
        "Alba Martínez, Alba",
        "Zea Martínez, Zea",
    ]
    assert (found.problems, found.with_problems, found.notes) == ([], 0, [])


@pytest.mark.parametrize(("registro", "note"), [("", NO_REGISTRO), (REGISTRO, NO_PROFILE)])
def test_check_batch_without_a_profile_says_what_the_batch_lacks(registro, note):
    plantel = PlantelFactory(registro_patronal=registro)
    insurable(plantel, student__first_surname="Muñoz" * 10)

    found = checked(plantel)

    assert (found.notes, found.profile, found.changes) == ([note], None, [])
    assert len(found.ready) == 1


def test_check_batch_with_a_profile_that_lacks_something_says_what(plantel, profile):
    profile.settings["guia"] = ""
    profile.save()
    insurable(plantel)

    found = checked(plantel)

    (note,) = found.notes
    assert note.startswith("La guía lleva 5 números")
    assert (found.profile, len(found.ready)) == (None, 1)


def test_check_batch_says_who_has_no_number_and_no_valid_curp(plantel, profile):
    stay = EnrollmentFactory(plantel=plantel, confirmed=True, student__curp=None)
    NSSRequestFactory(enrollment=stay, state="PROVEN", proven_at=NOW)

    found = checked(plantel)

    assert sentences(found) == [
        (FILE, "Falta el NSS. Registrarlo con el acuse a la vista"),
        (CURP, NO_CURP),
    ]
    assert (found.ready, found.with_problems) == ([], 1)


@pytest.mark.parametrize("how", ["typed", "read"])
def test_check_batch_says_that_another_acuse_gives_the_same_number(plantel, profile, how):
    stay = insurable(plantel)
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    if how == "typed":
        acuse.typed_nss = stay.student.nss
        acuse.save(update_fields=["typed_nss"])
    else:
        read(acuse, nss=stay.student.nss)

    assert sentences(checked(plantel)) == [
        (
            REVIEW,
            "NSS duplicado: otro acuse en revisión trae el mismo. Revisar los dos antes de mandarlo",
        )
    ]


def test_check_batch_does_not_mind_the_own_acuse_in_review(plantel, profile):
    stay = insurable(plantel)
    request = NSSRequestFactory(enrollment=stay, state="PROVEN", proven_at=NOW)
    AcuseFactory(request=request, typed_nss=stay.student.nss)

    assert sentences(checked(plantel)) == []


@pytest.mark.parametrize("missing", ["postal_code", "street"])
def test_check_batch_says_who_has_no_address(plantel, profile, missing):
    stay = insurable(plantel)
    setattr(stay.data, missing, "")
    stay.data.save()

    assert sentences(checked(plantel)) == [(ADDRESS, NO_ADDRESS)]


def test_check_batch_keeps_what_imss_rejected_until_it_is_corrected(plantel, profile):
    stay = insurable(plantel)
    movement = MovementFactory(enrollment=stay, rejected=True)

    found = checked(plantel)

    assert sentences(found) == [
        (
            BATCH,
            "Rechazado por el IMSS: El nombre no coincide. Corregirlo y marcarlo como corregido",
        )
    ]
    assert found.problems[0].rejected == movement


def test_check_batch_says_that_a_baja_is_not_earlier_than_the_alta(plantel, profile):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, kind=MovementKind.BAJA, applied=True, effective_on=TODAY)

    assert sentences(checked(plantel)) == [
        (
            DAY,
            "Tiene en el IMSS una baja del 21/08/2026, que no es anterior a esta alta. "
            "Hacer el lote con una fecha de alta posterior",
        )
    ]
    assert len(checked(plantel, now=NOW + timedelta(days=1)).ready) == 1


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Ana " * 9, "El nombre tiene 35 letras y caben 27; no se corta"),
        ("Ana 2", "El archivo no admite «2» en el nombre"),
        ("-", "Falta el nombre"),
    ],
)
def test_check_batch_stops_a_name_that_the_file_cannot_hold_until_the_list_has_another(
    plantel, profile, name, start
):
    stay = insurable(plantel, student__given_names=name)

    ((url_name, sentence),) = sentences(checked(plantel))

    assert url_name == ROSTER
    assert sentence.startswith(start)
    assert "en la lista del plantel e importar la lista otra vez" in sentence
    import_again(stay, "Ana")
    assert sentences(checked(plantel)) == []


def test_check_batch_has_who_lacks_a_curp_ready_once_the_list_gives_it(plantel, profile):
    stay = insurable(plantel, student__curp=None)
    assert sentences(checked(plantel)) == [(CURP, NO_CURP)]

    import_again(stay, stay.student.given_names, curp=curp(901))

    assert sentences(checked(plantel)) == []


def test_check_batch_of_bajas_says_that_the_list_leaves_alone_who_is_out(plantel, profile):
    stay = left(plantel)
    Student.objects.filter(pk=stay.student_id).update(given_names="Ana 2")

    ((url_name, sentence),) = sentences(checked(plantel, MovementKind.BAJA))

    assert url_name == FILE
    assert sentence.endswith(f". {LEFT}")


def test_check_batch_stops_letters_that_change_where_the_profile_says_so(plantel, profile):
    profile.settings["changes"] = "STOP"
    profile.save()
    insurable(plantel, student__first_surname="Muñoz", student__second_surname="Ruiz")

    ((url_name, sentence),) = sentences(checked(plantel))

    assert url_name == PROFILE
    assert "MUÑOZ → MUNOZ" in sentence


def test_check_batch_lists_the_letters_that_change_the_commonest_first(plantel, profile):
    for surname in ("Muñoz", "Ibáñez"):
        insurable(plantel, student__first_surname=surname)

    assert checked(plantel).changed == [
        Changed("MARTÍNEZ", "MARTINEZ", 2),
        Changed("IBÁÑEZ", "IBANEZ", 1),
        Changed("MUÑOZ", "MUNOZ", 1),
    ]


@pytest.mark.parametrize(
    ("matricula", "key", "without"),
    [("26050148", "26050148", 0), ("2605-0148", "", 1), ("26050148ABC", "", 1), ("2605Ñ", "", 1)],
)
def test_check_batch_writes_a_matricula_whole_or_not_at_all(
    plantel, profile, matricula, key, without
):
    insurable(plantel, matricula=matricula)

    found = checked(plantel)

    assert [one.movement.worker_key for one in found.ready] == [key]
    assert found.without_key == without


def test_check_batch_counts_no_keys_where_there_is_no_movement_file(plantel):
    insurable(plantel, matricula="2605-0148")

    found = checked(plantel)

    assert (len(found.ready), found.without_key) == (1, 0)


def test_check_batch_warns_of_a_number_whose_last_digit_is_another(plantel, profile):
    insurable(plantel)
    stay = insurable(plantel, student__nss="24260800019")

    found = checked(plantel)

    assert len(found.ready) == 2
    assert [one.student.pk for one in found.doubtful] == [stay.pk]


def test_check_batch_of_bajas_dates_each_by_its_own_end(plantel, profile):
    stay = left(plantel)
    opted_out = insurable(plantel)
    MovementFactory(enrollment=opted_out, applied=True, effective_on=EARLIER)
    registered(opted_out)

    found = checked(plantel, MovementKind.BAJA)

    assert {(one.student.pk, one.movement.date, one.movement.baja_kind) for one in found.ready} == {
        (stay.pk, TODAY, "TEMPORARY"),
        (opted_out.pk, TODAY, "OPTED_OUT"),
    }
    assert found.changed[0].before == "GÓMEZ"


@pytest.mark.parametrize(
    ("on_date", "sentence"),
    [
        (None, "Falta la fecha de la baja. Registrarla en la ficha del estudiante"),
        (TODAY + timedelta(days=3), "La baja es del 24/08/2026: mandarla a partir de ese día"),
        (
            EARLIER - timedelta(days=1),
            "La baja es anterior a su alta en el IMSS, que es del 01/08/2026. Corregir la fecha de la baja en la "
            "ficha del estudiante",
        ),
    ],
)
def test_check_batch_of_bajas_says_what_is_wrong_with_a_date(plantel, profile, on_date, sentence):
    left(plantel, on_date)

    assert sentences(checked(plantel, MovementKind.BAJA)) == [(FILE, sentence)]


def test_check_batch_of_bajas_asks_for_the_cause(plantel, profile):
    del profile.settings["causas"]["TEMPORARY"]
    profile.save()
    left(plantel)

    ((url_name, sentence),) = sentences(checked(plantel, MovementKind.BAJA))

    assert url_name == PROFILE
    assert sentence.startswith("Falta la causa que usa el IMSS para «baja temporal»")


def test_check_batch_of_some_leaves_out_the_others(plantel, profile):
    stay = insurable(plantel)
    insurable(plantel)

    found = check_batch(plantel, MovementKind.ALTA, effective_on=TODAY, today=TODAY, only={stay.pk})

    assert [one.student.pk for one in found.ready] == [stay.pk]


def test_check_batch_is_known_again_until_something_changes(plantel, profile):
    stay = insurable(plantel)
    seen = checked(plantel).seen

    assert checked(plantel).seen == seen

    Enrollment.objects.filter(pk=stay.pk).update(matricula="999")
    assert checked(plantel).seen != seen


def test_check_batch_leaves_out_who_is_in_a_batch(plantel, profile):
    insurable(plantel)
    batch = made(plantel, staff(Role.RESPONSABLE, plantel))

    found = checked(plantel)

    assert batch.movements.get().state == MovementState.IN_BATCH
    assert (found.ready, found.problems) == ([], [])


@pytest.mark.parametrize("kind", list(MovementKind))
@pytest.mark.parametrize("students", [1, 3])
def test_check_batch_asks_as_much_for_one_as_for_three(
    plantel, profile, kind, students, django_assert_num_queries
):
    for _ in range(students):
        left(plantel)
        insurable(plantel)

    with django_assert_num_queries(4):
        checked(plantel, kind)
