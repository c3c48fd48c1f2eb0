"""The queue, its parts, and the comparison that a reviewer sees."""

from datetime import date, timedelta

import pytest

from nss.actions.review import accept_acuse, return_acuse
from nss.queries.acuses import current_acuse, nss_holder, reading_of
from nss.queries.comparison import Caution, compare
from nss.queries.proven import proven_requests
from nss.queries.question import Question, quality_hints, question_of
from nss.queries.queue import (
    Part,
    QueueFilter,
    count_parts,
    look_of_another,
    not_looked_at,
    review_queue,
    review_run,
    reviewable,
)
from nss.queries.reasons import reason_words, return_reasons
from nss.states import AcuseState, NSSAnswer, RequestState, ReturnReason
from school.states import DayCount, Role
from students.queries.deadlines import acuse_deadline
from students.states import EnrollmentState
from tests.factories.nss import (
    AcuseFactory,
    NSSRequestFactory,
    ReadingFactory,
    read,
    read_well,
)
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory()


@pytest.fixture
def laura(plantel):
    return staff(Role.REVISOR, plantel)


MOTHERS_NSS = "24977912344"
"""Of somebody born in 1979."""


def queued(plantel, **more):
    return AcuseFactory(request__enrollment__plantel=plantel, **more)


def part_of(acuse, user):
    return review_queue(user).get(pk=acuse.pk).part


def both_parts(acuse, user):
    """The part as the queue and as the page decide it."""
    acuse.refresh_from_db()
    return part_of(acuse, user), compare(acuse, reading_of(acuse), is_masked=False).part


# The queue ---------------------------------------------------------------------------------------
def test_review_queue_earliest_promise_first_then_the_oldest(plantel, laura):
    late = queued(plantel, review_due_on=date(2026, 8, 26), sent_at=NOW)
    young = queued(plantel, review_due_on=date(2026, 8, 25), sent_at=NOW + timedelta(hours=1))
    old = queued(plantel, review_due_on=date(2026, 8, 25), sent_at=NOW)

    assert list(review_queue(laura)) == [old, young, late]


def test_review_queue_holds_nothing_of_another_plantel(plantel, laura):
    own = queued(plantel)
    AcuseFactory()

    assert list(review_queue(laura)) == [own]


@pytest.mark.parametrize("role", [Role.CONSULTA])
def test_review_queue_is_empty_without_the_function(plantel, role):
    queued(plantel)

    assert list(review_queue(staff(role, plantel))) == []


@pytest.mark.parametrize(
    "state",
    [AcuseState.DRAFT, AcuseState.RETURNED, AcuseState.REPLACED, AcuseState.REFUSED],
)
def test_review_queue_holds_what_is_in_review_only(plantel, laura, state):
    queued(plantel, state=state, return_reason=ReturnReason.UNREADABLE)

    assert list(review_queue(laura)) == []


def test_reviewable_hides_drafts(plantel, laura):
    queued(plantel, draft=True)

    assert list(reviewable(laura)) == []


def test_review_queue_by_plantel_and_group(laura, plantel):
    one = queued(plantel, request__enrollment__group="101")
    queued(plantel, request__enrollment__group="102")

    assert list(review_queue(laura, QueueFilter(group="101"))) == [one]
    assert list(review_queue(laura, QueueFilter(plantel="otro"))) == []


def test_review_queue_by_part(plantel, laura):
    match, unread = queued(plantel), queued(plantel)
    read_well(match, nss(1))

    assert list(review_queue(laura, QueueFilter(part=Part.MATCH))) == [match]
    assert list(review_queue(laura, QueueFilter(part=Part.UNREAD))) == [unread]
    assert count_parts(laura, QueueFilter()) == {"coincide": 1, "diferencia": 0, "sin-leer": 1}


def test_count_parts_narrowed_by_plantel_and_group(plantel, laura):
    queued(plantel, request__enrollment__group="101")
    queued(plantel, request__enrollment__group="102")
    queued(PlantelFactory(), request__enrollment__group="101")
    wanted = [
        QueueFilter(group="101"),
        QueueFilter(plantel=plantel.clave),
        QueueFilter(plantel=plantel.clave, group="102", part=Part.MATCH),
        QueueFilter(plantel="otro"),
    ]

    unread = [count_parts(laura, one)[Part.UNREAD] for one in wanted]

    assert unread == [1, 2, 1, 0]


def test_not_looked_at_leaves_out_a_colleagues_screen(plantel, laura):
    pedro = staff(Role.REVISOR, plantel)
    theirs = queued(plantel, seen_by=pedro, seen_at=NOW)
    own = queued(plantel, seen_by=laura, seen_at=NOW)
    past = queued(plantel, seen_by=pedro, seen_at=NOW - timedelta(minutes=3))

    free = not_looked_at(review_queue(laura), laura, now=NOW)

    assert set(free) == {own, past}
    assert look_of_another(theirs, laura, now=NOW) == pedro
    assert look_of_another(own, laura, now=NOW) is None
    assert look_of_another(past, laura, now=NOW) is None


def test_review_run_counts_decisions_that_stand(plantel, laura):
    accept_acuse(queued(plantel), nss=nss(1), by=laura, now=NOW)
    return_acuse(queued(plantel), reason=ReturnReason.UNREADABLE, by=laura, now=NOW)

    run = review_run(laura, since=NOW)

    assert (run.reviewed, run.returned) == (2, 1)
    assert review_run(laura, since=NOW + timedelta(seconds=1)).reviewed == 0


# The parts, in SQL and on the page ----------------------------------------------------------------
def test_part_of_an_acuse_without_a_reading(plantel, laura):
    assert both_parts(queued(plantel), laura) == (Part.UNREAD, Part.UNREAD)


def test_part_of_an_acuse_that_could_not_be_read(plantel, laura):
    acuse = queued(plantel)
    read(acuse, curp=acuse.request.enrollment.student.curp)

    assert both_parts(acuse, laura) == (Part.UNREAD, Part.UNREAD)


def test_part_of_an_acuse_that_is_all_the_students_own(plantel, laura):
    acuse = queued(plantel)
    read_well(acuse, nss(1))

    assert both_parts(acuse, laura) == (Part.MATCH, Part.MATCH)


def test_part_with_a_curp_that_ocr_confused(plantel, laura):
    acuse = queued(plantel)
    curp = acuse.request.enrollment.student.curp
    read(acuse, nss=nss(1), curp=curp[:4] + curp[4:].replace("0", "O", 1))

    assert both_parts(acuse, laura) == (Part.MATCH, Part.MATCH)


def test_part_with_the_curp_of_another(plantel, laura):
    acuse = queued(plantel)
    read(acuse, nss=nss(1), curp=StudentFactory().curp)

    assert both_parts(acuse, laura) == (Part.DIFFERS, Part.DIFFERS)


def test_part_without_a_curp(plantel, laura):
    acuse = queued(plantel)
    read(acuse, nss=nss(1))

    assert both_parts(acuse, laura) == (Part.DIFFERS, Part.DIFFERS)


def test_part_with_a_name_spelled_differently(plantel, laura):
    acuse = queued(plantel)
    read(
        acuse,
        nss=nss(1),
        curp=acuse.request.enrollment.student.curp,
        names="ANA GOMES MARTINEZ",
    )

    assert both_parts(acuse, laura) == (Part.DIFFERS, Part.DIFFERS)


@pytest.mark.parametrize(
    ("typed", "part"), [(nss(1), Part.MATCH), (nss(2), Part.DIFFERS), (None, Part.MATCH)]
)
def test_part_with_what_the_student_typed(plantel, laura, typed, part):
    acuse = queued(plantel, typed_nss=typed)
    read_well(acuse, nss(1))

    assert both_parts(acuse, laura) == (part, part)


def test_part_with_a_number_that_another_student_holds(plantel, laura):
    StudentFactory(nss=nss(1))
    acuse = queued(plantel)
    read_well(acuse, nss(1))

    assert both_parts(acuse, laura) == (Part.DIFFERS, Part.DIFFERS)


def test_part_with_a_number_that_staff_corrected(plantel, laura):
    acuse = queued(plantel, nss=nss(2), typed_nss=nss(1))
    read_well(acuse, nss(1))

    assert both_parts(acuse, laura) == (Part.DIFFERS, Part.DIFFERS)


# The comparison -----------------------------------------------------------------------------------
def test_compare_marks_the_characters_that_differ():
    acuse = AcuseFactory(request__enrollment__student__first_surname="Gómez")
    student = acuse.request.enrollment.student
    read(acuse, nss=nss(1), curp=student.curp, names="ANA GOMES MARTINEZ")

    shown = compare(acuse, reading_of(acuse), is_masked=False)

    row = shown.rows[2]
    assert (row.label, row.is_different, row.note) == ("Nombre", True, "Distinto")
    assert [piece.text for piece in row.read if piece.is_different] == ["S"]
    assert [piece.text for piece in row.known if piece.is_different] == ["Z"]
    assert "".join(piece.text for piece in row.known) == "ANA GÓMEZ MARTÍNEZ"
    assert (shown.verdict, shown.differences) == ("1 diferencia", 1)


@pytest.mark.parametrize(
    ("names", "only_read", "only_known"),
    [("GOMEZ MARTINEZ ANAA", ["A"], []), ("GOMEZ MARTIN ANA", [], ["EZ"])],
)
def test_compare_marks_what_one_name_alone_has_surnames_first_as_they_were_read(
    names, only_read, only_known
):
    acuse = AcuseFactory()
    read(acuse, names=names)

    row = compare(acuse, reading_of(acuse), is_masked=False).rows[2]

    assert [piece.text for piece in row.read if piece.is_different] == only_read
    assert [piece.text for piece in row.known if piece.is_different] == only_known
    assert "".join(piece.text for piece in row.known) == "GÓMEZ MARTÍNEZ ANA"


def test_compare_says_that_a_confused_curp_is_the_same():
    acuse = AcuseFactory()
    curp = acuse.request.enrollment.student.curp
    read(acuse, nss=nss(1), curp=curp[:4] + curp[4:].replace("0", "O", 1))

    row = compare(acuse, reading_of(acuse), is_masked=False).rows[1]

    assert (row.is_different, row.note) == (False, "Coincide (0/O dudoso)")


def test_compare_number_with_a_valid_digit():
    acuse = AcuseFactory(nss_answer=NSSAnswer.SAME)
    read_well(acuse, "24260812342")

    row = compare(acuse, reading_of(acuse), is_masked=False).rows[0]

    assert [piece.text for piece in row.read + row.known] == ["24 26 08 1234 2"] * 2
    assert row.note == "Dígito verificador correcto"


def test_compare_masked_shows_only_the_ends():
    acuse = AcuseFactory(typed_nss=nss(2))
    read(acuse, nss=nss(1), curp=StudentFactory().curp)

    shown = compare(acuse, reading_of(acuse), is_masked=True)

    text = "".join(piece.text for row in shown.rows[:2] for piece in row.read + row.known)
    assert nss(1)[:7] not in text.replace(" ", "")
    assert acuse.request.enrollment.student.curp not in text
    assert [row.is_different for row in shown.rows[:2]] == [True, True]


def test_compare_two_differences():
    acuse = AcuseFactory(typed_nss=nss(2))
    read(acuse, nss=nss(1), curp=StudentFactory().curp)

    assert compare(acuse, reading_of(acuse), is_masked=False).verdict == "2 diferencias"


def test_compare_names_a_holder_of_the_same_plantel(plantel):
    other = EnrollmentFactory(
        plantel=plantel, group="102", student__nss=nss(1), student__given_names="Luis"
    )
    acuse = queued(plantel)
    read_well(acuse, nss(1))

    cautions = compare(acuse, reading_of(acuse), is_masked=False).cautions

    assert cautions == [
        Caution("Este NSS ya lo tiene otra persona: Luis Gómez Martínez (grupo 102)", other)
    ]


def test_compare_names_nobody_of_another_plantel(plantel):
    EnrollmentFactory(student__nss=nss(1), student__given_names="Luis")
    acuse = queued(plantel)
    read_well(acuse, nss(1))

    cautions = compare(acuse, reading_of(acuse), is_masked=False).cautions

    assert cautions == [Caution("Este NSS ya lo tiene otra persona, de otro plantel")]


def test_compare_whose_curp_it_is(plantel):
    other = EnrollmentFactory(plantel=plantel, group="102")
    acuse = queued(plantel, is_claimed_own=True)
    read(acuse, nss=nss(1), curp=other.student.curp)

    cautions = compare(acuse, reading_of(acuse), is_masked=False).cautions

    assert [caution.text for caution in cautions] == [
        "La CURP es de otro estudiante: Ana Gómez Martínez (grupo 102)",
        "El estudiante dijo que el acuse es suyo aunque se leyó otra CURP",
    ]


def test_compare_issued_before_the_enrolment(plantel, laura):
    acuse = queued(plantel)
    student = acuse.request.enrollment.student
    read(acuse, nss=nss(1), curp=student.curp, issued="2026-08-01")

    shown = compare(acuse, reading_of(acuse), is_masked=False)

    assert shown.cautions == [Caution("Emitido antes de la inscripción")]
    assert both_parts(acuse, laura) == (Part.MATCH, Part.MATCH)


def test_compare_a_number_that_tells_another_year_of_birth(plantel, laura):
    acuse = queued(plantel)
    read_well(acuse, MOTHERS_NSS)

    shown, masked = (
        compare(acuse, reading_of(acuse), is_masked=is_masked) for is_masked in (False, True)
    )

    assert shown.cautions == [
        Caution(
            "El NSS trae el año de nacimiento 79 y la CURP dice 2008: "
            "comprobar que sea de este estudiante"
        )
    ]
    assert masked.cautions == []
    assert both_parts(acuse, laura) == (Part.MATCH, Part.MATCH)


def test_compare_says_nothing_of_the_year_without_a_curp(plantel):
    acuse = queued(plantel, request__enrollment__student__curp=None)
    read(acuse, nss=MOTHERS_NSS, curp="")

    assert compare(acuse, reading_of(acuse), is_masked=False).cautions == []


# One student --------------------------------------------------------------------------------------
def test_current_acuse_is_the_newest_that_was_not_replaced():
    request = NSSRequestFactory()
    AcuseFactory(request=request, state=AcuseState.RETURNED, return_reason=ReturnReason.UNREADABLE)
    newest = AcuseFactory(request=request)
    AcuseFactory(request=request, state=AcuseState.REPLACED)

    assert current_acuse(request.enrollment) == newest
    assert current_acuse(EnrollmentFactory()) is None


def test_nss_holder_without_a_number_is_an_error():
    with pytest.raises(ValueError, match="without a number"):
        nss_holder("", other_than=StudentFactory())


@pytest.mark.parametrize(
    ("state", "more", "question"),
    [
        (AcuseState.DRAFT, {}, Question.NONE),
        (AcuseState.RECEIVED, {}, Question.CONFIRM),
        (AcuseState.RECEIVED, {"nss_answer": NSSAnswer.UNKNOWN}, Question.NONE),
        (AcuseState.RECEIVED, {"typed_nss": nss(1)}, Question.NONE),
        (AcuseState.REFUSED, {}, Question.NONE),
        (AcuseState.RETURNED, {"return_reason": ReturnReason.UNREADABLE}, Question.NONE),
        (AcuseState.RETURNED, {"return_reason": ReturnReason.NSS_DIFFERS}, Question.TYPE),
    ],
)
def test_question_of_a_well_read_acuse(state, more, question):
    acuse = AcuseFactory(state=state, **more)

    assert question_of(acuse, read_well(acuse, nss(1))) == question


def test_question_of_an_acuse_that_waits_or_was_not_read():
    acuse = AcuseFactory()

    assert question_of(acuse, None) == Question.WAIT
    assert question_of(acuse, read(acuse)) == Question.TYPE


@pytest.mark.parametrize(
    ("claimed", "question"), [(False, Question.OTHER_PERSON), (True, Question.CONFIRM)]
)
def test_question_of_another_persons_acuse(claimed, question):
    acuse = AcuseFactory(is_claimed_own=claimed)
    reading = read(acuse, nss=nss(1), curp=StudentFactory().curp, names="LUIS PÉREZ OCHOA")

    assert question_of(acuse, reading) == question


def test_quality_hints_are_words():
    reading = ReadingFactory(checks={"dark": True, "blurred": False, "looks_like": "CARNET"})

    assert quality_hints(reading) == [
        "Se ve oscura",
        "Esto parece tu carnet o cartilla, no el acuse",
    ]
    assert quality_hints(None) == []
    assert quality_hints(ReadingFactory(checks={"looks_like": "INE"})) == [
        "Esto parece otro documento, no el acuse"
    ]


# Deadlines, reasons, proven ------------------------------------------------------------------------
def test_acuse_deadline_in_natural_days():
    cycle = SchoolCycleFactory(name="natural", acuse_day_count=DayCount.NATURAL)

    due = acuse_deadline(EnrollmentFactory(cycle=cycle))

    assert due.date == date(2026, 8, 24)


def test_acuse_deadline_is_not_moved_by_the_plantels_own_case():
    acuse = AcuseFactory(
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.IMSS_DATA_WRONG,
        reviewed_at=NOW + timedelta(days=20),
        reviewed_by=staff(Role.REVISOR, PlantelFactory()),
    )

    assert acuse_deadline(acuse.request.enrollment).date == date(2026, 8, 26)


def test_return_reasons_have_the_keys_1_to_8():
    assert [(reason.key, reason.value) for reason in return_reasons()] == [
        (1, "UNREADABLE"),
        (2, "NOT_ACUSE"),
        (3, "OTHER_PERSON"),
        (4, "INCOMPLETE"),
        (5, "NSS_DIFFERS"),
        (6, "DOES_NOT_OPEN"),
        (7, "IMSS_DATA_WRONG"),
        (8, "OTHER"),
    ]


def test_reason_words_put_the_note_in_its_place():
    wrong = reason_words("IMSS_DATA_WRONG", "tu fecha de nacimiento")

    assert wrong.reason == "En tu acuse sale mal tu fecha de nacimiento."
    assert reason_words("OTHER", "Falta la segunda hoja.").reason == "Falta la segunda hoja."


def test_proven_requests_of_students_to_be_insured(plantel):
    proven = {"state": RequestState.PROVEN, "proven_at": NOW}
    ready = NSSRequestFactory(enrollment__plantel=plantel, **proven)
    NSSRequestFactory(
        enrollment__plantel=plantel, enrollment__state=EnrollmentState.OPTED_OUT, **proven
    )
    NSSRequestFactory(enrollment__plantel=plantel)
    NSSRequestFactory(**proven)

    assert list(proven_requests([plantel])) == [ready]
