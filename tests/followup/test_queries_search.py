"""C-08: whatever somebody types, the student comes out, and nobody of another plantel does."""

from datetime import UTC, date, datetime

import pytest

from followup.queries.search import MOST_RESULTS, find_exact, find_students
from followup.queries.search_lines import answer_lines, due_in_words, since_in_words
from nss.models import Acuse
from papers.actions import issue_papers
from papers.states import PaperKind
from school.models import Plantel, SchoolCycle
from students.queries.enrollments import about_stay
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import PlantelFactory, UserFactory
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def ana(plantel):
    stay = EnrollmentFactory(
        confirmed=True,
        plantel=plantel,
        matricula="26050148",
        student__nss=nss(1),
        student__given_names="Ana",
        student__first_surname="Núñez",
        student__second_surname="Martínez",
        student__search_name="ana nunez martinez",
    )
    AcuseFactory(
        request=NSSRequestFactory(enrollment=stay), folio="A26-05-000148", state="REPLACED"
    )
    StudentReportFactory(enrollment=stay, folio="SUB26-05-0007")
    return stay


def planteles():
    return Plantel.objects.filter(number="05")


@pytest.mark.parametrize(
    "text", ["26050148", " 26050148 ", "A26-05-000148", "a26-05-000148", "SUB26-05-0007"]
)
def test_find_exact_takes_matricula_and_folios(ana, text):
    assert find_exact(planteles(), text).exact == ana


def paper(kind, stay, about):
    by = stay.student.user
    return issue_papers(kind, stay.plantel, stay.cycle, [about], text=None, by=by, now=NOW)[0]


@pytest.mark.parametrize("cycle", ["2026-B", "2026-1", "2026-2027"])
def test_find_exact_takes_the_folio_of_a_renuncia_of_any_ciclo(ana, cycle):
    SchoolCycle.objects.update(name=cycle)
    ana.refresh_from_db()
    folio = issued(ana).paper.folio
    typed = (folio, folio.lower(), folio.replace("-", ""), folio.replace("-", " "))

    assert [find_exact(planteles(), text).exact for text in typed] == [ana] * 4


@pytest.mark.parametrize("kind", [PaperKind.CITATORIO, PaperKind.COMPROBANTE, PaperKind.SUMMARY])
def test_find_exact_takes_the_folio_of_every_sheet_that_is_the_students(ana, kind):
    acuse = Acuse.objects.get()
    abouts = {
        PaperKind.CITATORIO: about_stay(ana),
        PaperKind.COMPROBANTE: f"acuse:{acuse.pk}",
        PaperKind.SUMMARY: f"{about_stay(ana)}:0123456789abcdef",
    }
    folio = paper(kind, ana, abouts[kind]).folio

    assert find_exact(planteles(), folio).exact == ana
    assert find_exact(Plantel.objects.exclude(number="05"), folio).exact is None


def test_find_exact_of_a_list_or_an_oficio_is_nobody(ana):
    folio = paper(PaperKind.GROUP_LIST, ana, "group:1:101").folio

    assert find_exact(planteles(), folio).exact is None


def test_find_exact_takes_curp_and_nss_as_people_type_them(ana):
    typed = [
        ana.student.curp,
        ana.student.curp.lower(),
        ana.student.nss,
        "24 26 08 0001 " + nss(1)[-1],
    ]

    assert [find_exact(planteles(), text).exact for text in typed] == [ana] * 4


@pytest.mark.parametrize("text", ["99999999", "0", "A26-05-999999", "Ana"])
def test_find_exact_of_what_nobody_has_is_nobody(ana, text):
    assert find_exact(planteles(), text).exact is None


def test_find_exact_of_nothing_is_refused(ana):
    with pytest.raises(ValueError, match="without an identifier"):
        find_exact(planteles(), "  ")


def test_find_exact_outside_the_planteles_is_nobody(ana):
    assert find_exact(Plantel.objects.exclude(number="05"), "26050148").exact is None


@pytest.mark.parametrize(
    "text",
    [
        "ana nunez",
        "NÚÑEZ ana",
        "martínez",
        "GOMA",
        "goma0802",
        "26050",
        nss(1)[-4:],
        "6621234567",
        "a26050148@correo.example",
    ],
)
def test_find_students_finds_by_any_part(ana, text):
    found = find_students(planteles(), text, now=NOW)

    assert [row.pk for row in found.rows] == [ana.pk]


def test_find_students_of_an_identifier_is_the_exact_one(ana):
    found = find_students(planteles(), "26050148", now=NOW)

    assert (found.exact, found.rows) == (ana, ())


@pytest.mark.parametrize("text", ["", "   ", "¿?", "pedro"])
def test_find_students_of_nothing_or_nobody_finds_nobody(ana, text):
    found = find_students(planteles(), text, now=NOW)

    assert (found.exact, list(found.rows)) == (None, [])


def test_find_students_never_leaves_the_planteles(ana):
    found = find_students(Plantel.objects.exclude(number="05"), "nunez", now=NOW)

    assert list(found.rows) == []


def test_find_students_says_when_there_are_more(plantel):
    for _ in range(MOST_RESULTS + 1):
        EnrollmentFactory(plantel=plantel)

    found = find_students(planteles(), "gomez", now=NOW)

    assert (len(found.rows), found.has_more) == (MOST_RESULTS, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_find_students_takes_a_fixed_number_of_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        EnrollmentFactory(plantel=plantel)

    with django_assert_num_queries(4):
        found = find_students(planteles(), "gomez", now=NOW)
        assert len(answer_lines(found.rows)) == rows


def test_find_students_puts_who_is_called_so_first(plantel):
    names = ["ana abril gomez ruiz", "ana gomez ruiz", "ana gomez ruizvelasco"]
    for name in names:
        EnrollmentFactory(plantel=plantel, student__search_name=name)

    found = find_students(planteles(), "RUIZ gómez ana", now=NOW)

    assert [row.student.search_name for row in found.rows] == [names[1], names[0], names[2]]


def test_find_students_of_a_matricula_that_two_people_had_lists_both(plantel):
    before = EnrollmentFactory(plantel=plantel, matricula="26050001", state="FINISHED")
    after = EnrollmentFactory(plantel=plantel, matricula="26050001")

    found = find_students(planteles(), "26050001", now=NOW)

    assert (found.exact, {row.pk for row in found.rows}) == (None, {before.pk, after.pk})


def test_find_students_of_who_came_back_is_the_last_stay(plantel):
    before = EnrollmentFactory(plantel=plantel, state="FINISHED", enrolled_on=date(2025, 8, 21))
    after = EnrollmentFactory(plantel=plantel, student=before.student)

    assert find_students(planteles(), before.student.curp, now=NOW).exact == after


@pytest.mark.parametrize(("text", "is_by_nss"), [(nss(1), True), ("26050148", False)])
def test_find_exact_says_whether_it_was_by_nss(ana, text, is_by_nss):
    assert find_exact(planteles(), text).is_by_nss is is_by_nss


@pytest.mark.parametrize(
    ("text", "found"),
    [("+52 662 123 4567", 1), ("(662) 123-45-67", 1), ("6621234568", 0), ("662123456", 0)],
)
def test_find_students_takes_a_phone_as_people_write_it(ana, text, found):
    assert len(find_students(planteles(), text, now=NOW).rows) == found


# In words ------------------------------------------------------------------------------------------
MONDAY = datetime(2026, 8, 24, 16, tzinfo=UTC)
TUESDAY = datetime(2026, 8, 25, 16, tzinfo=UTC)


def line_of(stay, now=TUESDAY):
    row = find_students(planteles(), "gomez", now=now).rows[0]
    line = answer_lines([row])[0]
    assert row.pk == stay.pk
    return f"{line.tag}{line.words}"


def test_answer_lines_of_who_has_not_begun(plantel):
    stay = EnrollmentFactory(plantel=plantel)

    assert line_of(stay) == "Sin empezar; le toca al estudiante; vence mañana"


def test_answer_lines_of_who_lacks_the_nss(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)

    assert line_of(stay) == "Falta su NSS desde el viernes; le toca al estudiante; vence mañana"


def test_answer_lines_of_an_acuse_in_review_lead_to_it(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    acuse = AcuseFactory(request__enrollment=stay, sent_at=NOW, review_due_on=date(2026, 8, 26))

    row = find_students(planteles(), "gomez", now=TUESDAY).rows[0]

    assert line_of(stay) == "En revisión desde el viernes; le toca al plantel; vence mañana"
    assert answer_lines([row])[0].to_review == acuse


def test_answer_lines_of_an_acuse_in_review_do_not_mind_a_newer_draft(plantel):
    request = NSSRequestFactory(enrollment=EnrollmentFactory(confirmed=True, plantel=plantel))
    acuse = AcuseFactory(request=request, version=1, sent_at=NOW, review_due_on=None)
    AcuseFactory(request=request, version=2, draft=True)

    row = find_students(planteles(), "gomez", now=TUESDAY).rows[0]

    assert answer_lines([row])[0].to_review == acuse
    assert line_of(request.enrollment) == "En revisión desde el viernes; le toca al plantel"


def test_answer_lines_of_a_returned_acuse(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    reviewer = UserFactory()
    AcuseFactory(
        request__enrollment=stay,
        state="RETURNED",
        return_reason="UNREADABLE",
        reviewed_at=datetime(2026, 8, 24, 16, tzinfo=UTC),
        reviewed_by=reviewer,
    )

    assert line_of(stay) == "Hay que corregir desde ayer; le toca al estudiante; vence mañana"


def test_answer_lines_of_a_case_of_the_subdelegacion(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    NSSRequestFactory(enrollment=stay, state="AT_SUBDELEGACION")
    StudentReportFactory(enrollment=stay, kind="SUBDELEGACION", created_at=NOW)

    assert line_of(stay) == "En Subdelegación desde el viernes; le toca al plantel"


def test_answer_lines_of_a_draft_begin_with_its_upload(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    AcuseFactory(request__enrollment=stay, draft=True, created_at=TUESDAY)

    assert line_of(stay) == "Falta confirmar desde hoy; le toca al estudiante; vence mañana"


def test_answer_lines_of_who_left_say_no_more(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel, state="WITHDRAWN")

    assert line_of(stay) == "Baja"


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 8, 25), "desde hoy"),
        (date(2026, 8, 24), "desde ayer"),
        (date(2026, 8, 19), "desde el miércoles"),
        (date(2026, 8, 18), "desde el martes 18 de agosto"),
    ],
)
def test_since_in_words(since, words):
    assert since_in_words(since, TUESDAY.date()) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (20, "venció el jueves 20 de agosto"),
        (21, "vence hoy"),
        (22, "vence mañana"),
        (24, "vence el lunes 24 de agosto"),
    ],
)
def test_due_in_words(day, words):
    today = NOW.date()

    assert due_in_words(today.replace(day=day), today) == words


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (issued, "Renuncia por firmar desde el viernes; le toca al estudiante"),
        (signed, "Renuncia por firmar desde el viernes; le toca al plantel"),
        (registered, "Renuncia desde el viernes"),
    ],
)
def test_answer_lines_of_a_renuncia(plantel, make, words):
    stay = make(EnrollmentFactory(confirmed=True, plantel=plantel)).enrollment

    assert line_of(stay) == words


def with_clinic(stay):
    return UMFRegistrationFactory(enrollment=stay, registered=True, registered_at=MONDAY).enrollment


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda stay: MovementFactory(enrollment=stay, sent=True, batch__sent_at=MONDAY),
            "En afiliación desde ayer; le toca al IMSS",
        ),
        (
            lambda stay: MovementFactory(enrollment=stay, applied=True, answered_at=MONDAY),
            "Afiliado desde ayer; le toca al plantel",
        ),
        (
            lambda stay: UMFRegistrationFactory(enrollment=stay, opens_on=MONDAY.date()),
            "Falta su clínica desde ayer; le toca al estudiante",
        ),
        (with_clinic, "Falta verificar desde ayer; le toca al estudiante"),
        (
            lambda stay: VigenciaCheckFactory(enrollment=with_clinic(stay), reported_at=TUESDAY),
            "Vigente desde hoy",
        ),
        (
            lambda stay: VigenciaCheckFactory(
                enrollment=with_clinic(stay), result="NONE", reported_at=TUESDAY
            ),
            "NO vigente desde hoy; le toca al plantel",
        ),
    ],
)
def test_answer_lines_from_the_batch_to_vigente(plantel, make, words):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    make(stay)

    assert line_of(stay) == words
