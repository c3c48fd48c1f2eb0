"""From «no lo necesito» to a sheet that waits for signatures."""

from datetime import date, timedelta

import pytest

from notices.models import Notice
from papers.actions.lots import TooManySheets
from papers.models import Paper, PrintJob
from papers.states import PaperKind, PaperState
from renuncias.actions import ask_renuncia, issue_and_print, issue_renuncias, print_renuncias
from renuncias.actions.errors import (
    AlreadySigned,
    AnswersMissing,
    NobodyToIssue,
    NothingToPrint,
    SeveralPlanteles,
    StayNotOpen,
)
from renuncias.models import Renuncia
from renuncias.queries.answers import Answers
from renuncias.queries.renuncias import by_paper
from renuncias.queries.sheet import digest_of
from renuncias.states import Institution, Kinship, Motive, RenunciaState
from school.models import TextVersion
from school.states import Role
from students.models import NextLook, TimelineEntry
from students.states import EnrollmentState, Event, OtherCover
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentDataFactory, leave

pytestmark = pytest.mark.django_db
FAMILY = {"motive": Motive.IMSS_FAMILY}


@pytest.fixture
def enrollment():
    return EnrollmentFactory(plantel__number="05", plantel__name="Hermosillo")


@pytest.fixture
def responsable(enrollment):
    return staff(Role.RESPONSABLE, enrollment.plantel, name="Luz Ríos")


def events():
    return list(TimelineEntry.objects.order_by("pk").values_list("event", flat=True))


def test_ask_renuncia_issues_a_sheet_with_a_folio(enrollment):
    renuncia = ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)

    assert renuncia.state == RenunciaState.ISSUED
    assert renuncia.paper.folio == "R26B-05-00001"
    assert renuncia.paper.kind == PaperKind.RENUNCIA
    assert renuncia.paper.about == f"enrollment:{enrollment.pk}"
    assert renuncia.paper.text == TextVersion.objects.get(kind="RENUNCIA")
    assert renuncia.issued_by == enrollment.student.user
    assert events() == [Event.RENUNCIA_ISSUED]
    assert TimelineEntry.objects.get().data == {"folio": "R26B-05-00001"}
    assert NextLook.objects.filter(enrollment=enrollment).exists()


def test_ask_renuncia_keeps_every_word_of_the_sheet(enrollment, responsable):
    StudentDataFactory(enrollment=enrollment, email="ana@correo.example", phone="6621234567")
    answers = {
        "motive": Motive.OTHER_INSTITUTION,
        "institution": Institution.STATE,
        "institution_name": "ISSSTESON",
        "kinship": Kinship.MOTHER,
        "holder": "Rosa Martínez",
        "policy_number": "B-77",
        "covered_until": date(2027, 1, 31),
    }

    renuncia = ask_renuncia(enrollment, answers, by=responsable, now=NOW)

    assert renuncia.printed == {
        "folio": "R26B-05-00001",
        "plantel": "Plantel 05 Hermosillo",
        "clave": enrollment.plantel.clave,
        "cycle": "2026-B",
        "group": "101",
        "shift": "",
        "matricula": enrollment.matricula,
        "date": "21 de agosto de 2026",
        "place": "Hermosillo",
        "name": "ANA GÓMEZ MARTÍNEZ",
        "curp": enrollment.student.curp,
        "birth_date": "14 de febrero de 2008",
        "contact": "ana@correo.example · 6621234567",
        "motive": "OTHER_INSTITUTION",
        "motive_note": "",
        "institution": "ISSSTESON",
        "holder": "Rosa Martínez",
        "kinship": "Mi mamá",
        "policy_number": "B-77",
        "covered_until": "31 de enero de 2027",
        "guardian": "",
        "responsable": "Luz Ríos",
    }
    assert renuncia.printed_sha256 == digest_of(renuncia.printed, 0)


@pytest.mark.parametrize(
    ("birth", "asks", "wanted"),
    [("GOMA080822MSR", True, "1"), ("GOMA080821MSR", True, ""), ("GOMA080822MSR", False, "")],
)
def test_ask_renuncia_wants_the_guardian_of_a_minor_where_the_ciclo_does(birth, asks, wanted):
    cycle = SchoolCycleFactory(needs_guardian_signature=asks)
    stay = EnrollmentFactory(cycle=cycle, student__curp=_curp_of(birth))

    renuncia = ask_renuncia(stay, FAMILY, by=stay.student.user, now=NOW)

    assert renuncia.needs_guardian is bool(wanted)
    assert renuncia.printed["guardian"] == wanted


def test_ask_renuncia_without_a_curp_leaves_it_for_the_pen(enrollment):
    enrollment.student.curp = None
    enrollment.student.save()

    renuncia = ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)

    assert (renuncia.printed["curp"], renuncia.printed["birth_date"]) == ("", "")
    assert renuncia.needs_guardian is True


def test_ask_renuncia_tells_where_and_until_when(enrollment):
    ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)

    notice = Notice.objects.get()
    assert notice.message == "M-17"
    assert notice.key == f"renuncia:{Renuncia.objects.get().pk}:M-17"
    assert notice.context == {
        "place": "Control Escolar, edificio A",
        "due_on": "2026-08-26",
        "needs_guardian": False,
    }


def test_ask_renuncia_twice_with_the_same_answers_is_once(enrollment):
    first = issued(enrollment)

    again = ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)

    assert again == first
    assert Renuncia.objects.count() == Notice.objects.count() == 1
    assert events() == [Event.RENUNCIA_ISSUED]


def test_ask_renuncia_with_other_answers_replaces_the_sheet(enrollment):
    first = issued(enrollment)

    second = ask_renuncia(
        enrollment,
        {"motive": Motive.OTHER, "motive_note": "Me cambio de ciudad"},
        by=enrollment.student.user,
        now=NOW + timedelta(minutes=1),
    )

    first.refresh_from_db()
    assert first.state == RenunciaState.VOIDED
    assert first.end_reason == "Se pidió otra con datos distintos"
    assert first.paper.state == PaperState.REPLACED
    assert second.paper.folio == "R26B-05-00002"
    assert events() == [Event.RENUNCIA_ISSUED, Event.RENUNCIA_ISSUED]


def test_ask_renuncia_after_the_signed_sheet_came_is_refused(enrollment):
    signed(enrollment)

    with pytest.raises(AlreadySigned):
        ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED])
def test_ask_renuncia_of_who_left_is_refused(state):
    stay = EnrollmentFactory(state=state)

    with pytest.raises(StayNotOpen):
        ask_renuncia(stay, FAMILY, by=stay.student.user, now=NOW)


def test_ask_renuncia_of_who_opted_out_is_refused(enrollment):
    registered(enrollment)

    with pytest.raises(StayNotOpen):
        ask_renuncia(enrollment, FAMILY, by=enrollment.student.user, now=NOW)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "motive"),
        ({"motive": Motive.OTHER}, "motive_note"),
        ({"motive": Motive.OTHER_INSTITUTION}, "institution"),
        (
            {"motive": Motive.OTHER_INSTITUTION, "institution": Institution.OTHER},
            "institution_name",
        ),
        ({"motive": Motive.OTHER, "motive_note": "Tengo IMSS-Bienestar"}, "motive_note"),
    ],
)
def test_ask_renuncia_without_what_the_motive_needs_is_refused(enrollment, answers, field):
    with pytest.raises(AnswersMissing) as refusal:
        ask_renuncia(enrollment, answers, by=enrollment.student.user, now=NOW)

    assert refusal.value.field == field
    assert not Renuncia.objects.exists()


def test_issue_renuncias_takes_the_motive_from_the_data(enrollment, responsable):
    stays = [
        StudentDataFactory(enrollment__plantel=enrollment.plantel, other_cover=cover).enrollment
        for cover in (OtherCover.IMSS_WORK, OtherCover.OTHER, OtherCover.NONE)
    ]

    found = issue_renuncias([*stays, enrollment], by=responsable, now=NOW)

    motives = {one.enrollment_id: (one.motive, one.institution, one.kinship) for one in found}
    assert motives == {
        stays[0].pk: (Motive.IMSS_WORK, Institution.IMSS, Kinship.SELF),
        stays[1].pk: (Motive.OTHER_INSTITUTION, "", ""),
        stays[2].pk: ("", "", ""),
        enrollment.pk: ("", "", ""),
    }
    assert Notice.objects.count() == 4


def test_issue_renuncias_for_the_pen_prints_no_motive(responsable):
    stay = StudentDataFactory(other_cover=OtherCover.IMSS_FAMILY).enrollment

    (renuncia,) = issue_renuncias([stay], answers=Answers(), by=responsable, now=NOW)

    printed = renuncia.printed
    assert (renuncia.motive, printed["motive"], printed["institution"]) == ("", "", "")


def test_issue_renuncias_gives_folios_by_group_and_surname(enrollment, responsable):
    names = [("102", "Alba"), ("101", "Zapata"), ("101", "Ávila")]
    stays = [
        EnrollmentFactory(plantel=enrollment.plantel, group=group, student__first_surname=surname)
        for group, surname in names
    ]

    found = issue_renuncias(stays, by=responsable, now=NOW)

    said = [
        (one.paper.folio, one.printed["folio"], one.enrollment.student.first_surname)
        for one in found
    ]
    assert said == [
        ("R26B-05-00001", "R26B-05-00001", "Ávila"),
        ("R26B-05-00002", "R26B-05-00002", "Zapata"),
        ("R26B-05-00003", "R26B-05-00003", "Alba"),
    ]


def test_issue_renuncias_leaves_out_who_needs_none(enrollment, responsable):
    plantel = enrollment.plantel
    taken = issued(EnrollmentFactory(plantel=plantel)).enrollment
    gone = EnrollmentFactory(plantel=plantel, state=EnrollmentState.WITHDRAWN)

    found = issue_renuncias([taken, gone, enrollment], by=responsable, now=NOW)

    assert [one.enrollment for one in found] == [enrollment]


def test_issue_renuncias_for_nobody_is_refused(enrollment, responsable):
    issued(enrollment)

    with pytest.raises(NobodyToIssue):
        issue_renuncias([enrollment], by=responsable, now=NOW)


def test_issue_renuncias_in_two_planteles_counts_apart(responsable):
    stays = [EnrollmentFactory(plantel__number=number) for number in ("07", "08")]

    found = issue_renuncias(stays, by=responsable, now=NOW)

    assert [one.paper.folio for one in found] == ["R26B-07-00001", "R26B-08-00001"]


@pytest.mark.parametrize("count", [1, 3])
def test_issue_renuncias_asks_the_database_as_often_for_one_as_for_three(
    enrollment, responsable, count, django_assert_num_queries
):
    issued(enrollment)  # the format and the counter are there
    stays = EnrollmentFactory.create_batch(count, plantel=enrollment.plantel)

    with django_assert_num_queries(25):
        issue_renuncias(stays, by=responsable, now=NOW)


def test_print_renuncias_puts_the_sheets_into_one_lot(enrollment, responsable):
    other = EnrollmentFactory(plantel=enrollment.plantel, student__first_surname="Alba")
    renuncias = [issued(enrollment), issued(other)]

    job = print_renuncias(renuncias, title="Renuncias", by=responsable, now=NOW)

    assert job.kind == PaperKind.RENUNCIA
    assert [place.paper for place in job.lot.order_by("position")] == [
        renuncias[1].paper,
        renuncias[0].paper,
    ]


def test_print_renuncias_in_spanish_order(enrollment, responsable):
    names = ("Zárate", "Ñáñez", "Nuñez", "Álvarez")
    stays = [EnrollmentFactory(plantel=enrollment.plantel, student__first_surname=n) for n in names]

    job = print_renuncias(
        [issued(stay) for stay in stays], title="Renuncias", by=responsable, now=NOW
    )

    known = by_paper(list(job.lot.values_list("paper", flat=True)))
    printed = [known[place.paper_id].enrollment for place in job.lot.order_by("position")]
    assert printed == stays[::-1]


def test_print_renuncias_twice_is_one_lot(enrollment, responsable):
    renuncia = issued(enrollment)
    first = print_renuncias([renuncia], title="Renuncias", by=responsable, now=NOW)

    again = print_renuncias([renuncia], title="Renuncias", by=responsable, now=NOW)

    assert again == first


def test_print_renuncias_again_leaves_out_who_left_meanwhile(enrollment, responsable):
    other = EnrollmentFactory(plantel=enrollment.plantel)
    renuncias = [issued(enrollment), issued(other)]
    print_renuncias(renuncias, title="Renuncias", by=responsable, now=NOW)
    leave(other, by=responsable, now=NOW)

    job = print_renuncias(
        renuncias, title="Renuncias", by=responsable, now=NOW + timedelta(hours=1)
    )

    assert [place.paper for place in job.lot.all()] == [renuncias[0].paper]
    with pytest.raises(NothingToPrint):
        print_renuncias(
            renuncias[1:], title="Renuncias", by=responsable, now=NOW + timedelta(hours=1)
        )


def test_print_renuncias_that_are_signed_already_is_refused(enrollment, responsable):
    with pytest.raises(NothingToPrint):
        print_renuncias([signed(enrollment)], title="Renuncias", by=responsable, now=NOW)


def test_print_renuncias_of_two_planteles_is_refused(enrollment, responsable):
    renuncias = [issued(enrollment), issued(EnrollmentFactory(plantel=PlantelFactory()))]

    with pytest.raises(SeveralPlanteles):
        print_renuncias(renuncias, title="Renuncias", by=responsable, now=NOW)


def test_issue_and_print_issues_and_orders_the_sheets(enrollment, responsable):
    other = EnrollmentFactory(plantel=enrollment.plantel, student__first_surname="Alba")

    job = issue_and_print([enrollment, other], title="Renuncias", by=responsable, now=NOW)

    printed = job.lot.order_by("position").values_list("paper__renuncia__enrollment", flat=True)
    assert list(printed) == [other.pk, enrollment.pk]


def test_issue_and_print_of_more_than_a_lot_holds_issues_nothing(
    enrollment, responsable, monkeypatch
):
    stays = [enrollment, *EnrollmentFactory.create_batch(2, plantel=enrollment.plantel)]
    monkeypatch.setattr("papers.actions.lots.MOST_SHEETS", 2)

    with pytest.raises(TooManySheets):
        issue_and_print(stays, title="Renuncias", by=responsable, now=NOW)

    left = [Renuncia, Paper, Notice, TimelineEntry, PrintJob]
    assert [model.objects.count() for model in left] == [0] * 5


def test_issue_and_print_of_two_planteles_issues_nothing(enrollment, responsable):
    stays = [enrollment, EnrollmentFactory(plantel=PlantelFactory())]

    with pytest.raises(SeveralPlanteles):
        issue_and_print(stays, title="Renuncias", by=responsable, now=NOW)

    assert not Renuncia.objects.exists()


def _curp_of(front: str) -> str:
    from stdnum.mx.curp import calc_check_digit

    start = f"{front}BBBA"
    return start + str(calc_check_digit(start))
