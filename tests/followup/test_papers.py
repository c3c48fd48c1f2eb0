"""C-11: citatorios, lists and the guide: ordered in the browser, drawn by the worker, read again as a printer would."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageChops

from common.pdf import render_pdf
from followup.actions.papers import (
    NobodyToPrint,
    NothingIssued,
    order_citatorios,
    order_group_lists,
    order_guide,
    order_renuncias,
)
from followup.queries.papers import LINES, groups_to_list, groups_to_sign, groups_to_summon
from followup.render.group_lists import STYLESHEETS, draw_group_lists, page_of, sheets_of
from followup.render.guide import SIZES
from followup.tasks import print_citatorios, print_group_lists, print_guides
from notices.models import Notice
from papers.actions.lots import TooManySheets
from papers.models import Paper, PrintJob
from papers.queries import papers_in
from papers.states import PaperKind, PaperState, PrintState
from renuncias.models import Renuncia
from renuncias.tasks import print_renuncias
from school.actions.texts import publish_text
from school.queries.texts import current_text
from school.states import Role, TextKind
from students.actions.cover import opt_out
from students.models import Enrollment, TimelineEntry
from students.queries.enrollments import about_stay
from students.states import EnrollmentState, Event, OtherCover
from tests.factories.followup import ReminderFactory
from tests.factories.renuncias import issued, signed
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory, leave, nss
from tests.nss.test_races import at_once

pytestmark = pytest.mark.django_db

LONG = {
    "student__given_names": "María Guadalupe de los Ángeles Ñandú del Carmen Refugio de la Luz Ximena Íñiga",
    "student__first_surname": "Fernández de Córdoba y Ruiz de Alarcón Etxeberría Muñoz",
    "student__second_surname": "Zúñiga Ávila-Camacho Güereña Peñaloza Villaseñor y Öz",
}


@pytest.fixture(autouse=True)
def _portal(settings):
    settings.BASE_URL = "https://afiliacion.example"


@pytest.fixture
def plantel():
    today = timezone.localdate()
    SchoolCycleFactory(starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=90))
    return PlantelFactory(number="05", name="Hermosillo", address="Calle Rosales 12")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel, name="Laura Ríos")


def late(plantel, **fields):
    """A student whom only paper reaches."""
    due_on = timezone.localdate() - timedelta(days=4)
    values = {"acuse_due_on": due_on, "enrolled_on": due_on - timedelta(days=7)}
    return EnrollmentFactory(plantel=plantel, roster_email="", **(values | fields))


def pdf_of(job: PrintJob) -> bytes:
    job.refresh_from_db()
    assert job.state == PrintState.READY
    with default_storage.open(job.path) as file:
        return file.read()


def words_of(pdf: bytes) -> list[str]:
    """The text of each page, its line breaks forgotten."""
    return [
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(pdf)
    ]


def codes_of(pdf: bytes) -> list[list[str]]:
    """What the QR codes of each page say, printed at 150 dpi."""
    pages = pypdfium2.PdfDocument(pdf)
    assert {page.get_size() for page in pages} == {(612.0, 792.0)}
    pictures = (page.render(scale=150 / 72).to_pil() for page in pages)
    return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]


def pictures_of(pdf: bytes) -> list[Image.Image]:
    """What each page looks like, printed at 150 dpi."""
    pages = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=150 / 72).to_pil().convert("L") for page in pages]


def fonts_of(pdf: bytes) -> set[bool]:
    """Whether each font of the PDF is in it."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        fonts = [
            inner
            for page in read.pages
            for font in page.resources.get("/Font", {}).values()
            for inner in font.DescendantFonts
        ]
        return {"/FontFile2" in f.FontDescriptor or "/FontFile3" in f.FontDescriptor for f in fonts}


def address(paper: Paper) -> str:
    return f"https://afiliacion.example/verifica/{paper.token}/"


# Citatorios ----------------------------------------------------------------------------------------
def test_print_citatorios_one_sheet_each_in_order(plantel, by):
    second = late(plantel, group="102", student__first_surname="Abarca")
    first = late(plantel, group="101", **LONG)
    reached = EnrollmentFactory(plantel=plantel, acuse_due_on=first.acuse_due_on)

    job = order_citatorios(plantel, ["101", "102"], by=by, now=timezone.now())
    drawn = sum(iter(print_citatorios, 0))

    papers = list(Paper.objects.order_by("folio"))
    pdf = pdf_of(job)
    cover, *sheets = words_of(pdf)
    assert drawn == 3
    assert [paper.about for paper in papers] == [f"enrollment:{s.pk}" for s in (first, second)]
    assert codes_of(pdf) == [[], [address(papers[0])], [address(papers[1])]]
    assert fonts_of(pdf) == {True}
    for number, (stay, paper, sheet) in enumerate(
        zip((first, second), papers, sheets, strict=True)
    ):
        shown = [
            stay.student.full_name,
            paper.folio,
            f"{paper.code[:4]} {paper.code[4:]}",
            f"Lote {job.folio} · Hoja {number + 1} de 2",
            "Plantel 05 Hermosillo",
            "Le pedimos acudir a Control Escolar, edificio A",
            "Formato de citatorio v1 (vigente 2026-B)",
        ]
        assert [words for words in shown if words not in sheet] == []
        assert [word for word in (stay.student.curp, reached.matricula) if word in sheet] == []
    assert [word for word in ("mide 5 cm", *(p.folio for p in papers)) if word not in cover] == []


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "{{nombre}}", "<link rel=attachment href=file:///etc/passwd>"],
)
def test_print_citatorios_prints_a_hostile_name_literally(plantel, by, payload):
    late(plantel, student__given_names=payload)
    job = order_citatorios(plantel, ["101"], by=by, now=timezone.now())
    assert sum(iter(print_citatorios, 0)) == 3

    pdf = pdf_of(job)
    _, sheet = words_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert list(read.attachments) == []
    assert "".join(payload.split()) in sheet.replace(" ", "")


def test_print_citatorios_again_is_a_reprint(plantel, by):
    late(plantel)
    for _ in range(2):
        job = order_citatorios(plantel, ["101"], by=by, now=timezone.now())
        assert sum(iter(print_citatorios, 0)) == 3

    cover, sheet = words_of(pdf_of(job))
    assert Paper.objects.count() == 1
    assert "Reimpresión 1" in cover
    assert "· Reimpresión 1 ·" in sheet
    assert TimelineEntry.objects.filter(event=Event.CITATORIO_ISSUED).count() == 1


def test_order_citatorios_twice_is_one(plantel, by):
    late(plantel)

    jobs = {order_citatorios(plantel, ["101"], by=by, now=timezone.now()) for _ in range(2)}

    assert len(jobs) == Paper.objects.count() == 1


@pytest.mark.parametrize("end", [leave, opt_out])
def test_a_citatorio_is_revoked_when_nobody_waits_for_the_student_any_more(plantel, by, end):
    stay = late(plantel)
    mate = late(plantel, pk=int(f"{stay.pk}0"))
    order_citatorios(plantel, ["101"], by=by, now=timezone.now())

    end(stay, by=by, now=timezone.now())

    states = dict(Paper.objects.values_list("about", "state"))
    assert states == {about_stay(stay): PaperState.REVOKED, about_stay(mate): PaperState.VALID}


def test_order_citatorios_for_nobody(plantel, by):
    with pytest.raises(NobodyToPrint):
        order_citatorios(plantel, ["101"], by=by, now=timezone.now())


def test_print_citatorios_of_many_tells_by_mail(plantel, by):
    stays = EnrollmentFactory.create_batch(
        51,
        plantel=plantel,
        roster_email="",
        acuse_due_on=timezone.localdate() - timedelta(days=4),
        enrolled_on=timezone.localdate() - timedelta(days=14),
    )
    job = order_citatorios(plantel, ["101"], by=by, now=timezone.now())

    drawn = sum(iter(print_citatorios, 0))

    pdf = pdf_of(job)
    assert drawn == 5  # the cover, 25, 25, 1, all joined
    assert len(pypdfium2.PdfDocument(pdf)) == 1 + len(stays)
    assert [(one.message, one.to_email) for one in Notice.objects.all()] == [("M-24", by.email)]


# Lists ---------------------------------------------------------------------------------------------
def test_print_group_lists_for_the_tutor(plantel, by):
    stay = EnrollmentFactory(plantel=plantel, student__nss=nss(1), **LONG)
    for _ in range(LINES):
        EnrollmentFactory(plantel=plantel, **LONG)
    gone = EnrollmentFactory(plantel=plantel, state="WITHDRAWN")

    job = order_group_lists(plantel, ["101"], by=by, now=timezone.now())
    drawn = sum(iter(print_group_lists, 0))

    pdf = pdf_of(job)
    _, first, second = words_of(pdf)
    papers = list(Paper.objects.order_by("folio"))
    assert drawn == 3
    assert codes_of(pdf) == [[], *([address(paper)] for paper in papers)]
    assert "Grupo 101" in first
    assert first.count(stay.student.list_name) == LINES
    assert stay.matricula in first
    assert [first.count("2605"), second.count("2605")] == [LINES, 1]
    hidden = [stay.student.curp, nss(1), gone.matricula]
    assert [word for word in hidden if word in first + second] == []


def test_group_lists_look_as_if_weasyprint_had_drawn_each(plantel, by):
    """Names that fit into their line are stamped; a sheet with another is drawn whole."""
    two_lines = {**LONG, "student__given_names": "Ana", "student__second_surname": "Zúñiga Ávila"}
    for group, names in (("101", {}), ("102", two_lines), ("103", LONG), ("", {})):
        EnrollmentFactory.create_batch(2, plantel=plantel, group=group)
        EnrollmentFactory(plantel=plantel, group=group, **names)
    job = order_group_lists(plantel, ["101", "102", "103", ""], by=by, now=timezone.now())
    Paper.objects.update(
        code="ML3QGQM2"
    )  # a sixteenth of a point to the side makes another picture of some letters
    places = list(papers_in(job))

    stamped = pictures_of(draw_group_lists(job, places))

    drawn = [
        picture
        for sheet in sheets_of(job, places)
        for picture in pictures_of(render_pdf(page_of(sheet, job), stylesheets=STYLESHEETS))
    ]
    differences = [ImageChops.difference(*pair) for pair in zip(stamped, drawn, strict=True)]
    most = [difference.getextrema()[1] for difference in differences]
    assert [one <= 40 for one in most] == [True] * 4  # the edge of a line that was cut, no letter


def test_order_group_lists_again_replaces_what_was_printed(plantel, by):
    EnrollmentFactory(plantel=plantel)
    EnrollmentFactory(plantel=plantel, group="102")
    for groups in (["101", "102"], ["101", "102"], ["101"]):
        order_group_lists(plantel, groups, by=by, now=timezone.now())
    assert PrintJob.objects.count() == 2

    assert sum(iter(print_group_lists, 0)) == 6
    order_group_lists(plantel, ["101"], by=by, now=timezone.now())

    states = list(Paper.objects.order_by("folio").values_list("about", "state"))
    assert states == [
        ("list:0:101", PaperState.REPLACED),
        ("list:0:102", PaperState.VALID),
        ("list:0:101", PaperState.VALID),
    ]


def test_order_group_lists_for_nobody(plantel, by):
    with pytest.raises(NobodyToPrint):
        order_group_lists(plantel, ["101"], by=by, now=timezone.now())


@pytest.mark.parametrize(
    "groups", [["101", "102"], [f"grupo largo {n}"[:12] for n in range(100, 110)]]
)
def test_a_lot_names_its_groups_or_counts_them(plantel, by, groups):
    for number, group in enumerate(groups):
        EnrollmentFactory(plantel=plantel, group=f"{group[:9]}{number}")
    named = [f"{group[:9]}{number}" for number, group in enumerate(groups)]

    job = order_group_lists(plantel, named, by=by, now=timezone.now())

    said = "grupos 1010, 1021" if len(groups) == 2 else "10 grupos"
    assert job.title == f"Listas: {said}"


def test_groups_with_their_sheets(plantel):
    now = timezone.now()
    EnrollmentFactory.create_batch(LINES, plantel=plantel)
    late(plantel)
    late(plantel, group="102")
    told = late(plantel, group="103")
    ReminderFactory(enrollment=told, day=told.enrolled_on + timedelta(days=11))

    lists = [(one.group, one.students, one.sheets) for one in groups_to_list(plantel)]
    summons = [(one.group, one.sheets) for one in groups_to_summon(plantel, now=now)]

    assert lists == [("101", LINES + 1, 2), ("102", 1, 1), ("103", 1, 1)]
    assert summons == [("101", 1), ("102", 1)]


@pytest.mark.parametrize(
    ("order", "draw", "prepare"),
    [(order_citatorios, print_citatorios, late), (order_group_lists, print_group_lists, late)],
)
def test_a_lot_costs_the_same_queries_for_many(plantel, by, monkeypatch, order, draw, prepare):
    monkeypatch.setattr("students.actions.lots.PRINTING_SECONDS", 60)  # in one go
    counts = []
    for number, many in enumerate((1, 1, 3)):
        for _ in range(many):
            prepare(plantel, group=f"20{number}")
        with CaptureQueriesContext(connection) as queries:
            order(plantel, [f"20{number}"], by=by, now=timezone.now())
            draw()
        counts.append(len(queries))

    assert counts[1] == counts[2]  # the first one begins the series of folios


# Renuncias -----------------------------------------------------------------------------------------
def test_order_renuncias_prints_those_to_sign_of_the_groups(plantel, by):
    """Also for who sees no student's rows: administration prints them by the hundred."""
    in_groups = {
        group: issued(EnrollmentFactory(plantel=plantel, group=group)) for group in ("102", "101")
    }
    issued(EnrollmentFactory(plantel=plantel, group="103"))
    signed(EnrollmentFactory(plantel=plantel, group="101"))
    administrator = staff(Role.ADMIN)

    groups = [(one.group, one.students, one.sheets) for one in groups_to_sign(plantel)]
    job = order_renuncias(plantel, ["102", "101"], by=administrator, now=timezone.now())

    printed = job.lot.order_by("position").values_list("paper__renuncia", flat=True)
    assert groups == [("101", 1, 1), ("102", 1, 1), ("103", 1, 1)]
    assert list(printed) == [in_groups["101"].pk, in_groups["102"].pk]
    assert job.title == "Renuncias: grupos 101, 102"
    assert sum(iter(print_renuncias, 0)) == 3
    assert Renuncia.objects.count() == 4


def test_order_renuncias_for_nobody(plantel, by):
    with pytest.raises(NobodyToPrint) as refusal:
        order_renuncias(plantel, ["101"], by=by, now=timezone.now(), issues=True)

    assert type(refusal.value) is NobodyToPrint


def covered(plantel, cover=OtherCover.IMSS_FAMILY, **fields):
    """A student who said to have another cover, or not."""
    stay = EnrollmentFactory(plantel=plantel, **fields)
    return StudentDataFactory(enrollment=stay, other_cover=cover).enrollment


def test_order_renuncias_issues_them_first_where_it_is_asked(plantel, by):
    """To whom: who said to have another cover, in the chosen groups, and has none yet."""
    wanted = [covered(plantel), covered(plantel, OtherCover.IMSS_WORK, group="102")]
    covered(plantel, OtherCover.NONE)
    covered(plantel, OtherCover.UNKNOWN)
    covered(plantel, group="103")
    covered(plantel, state=EnrollmentState.WITHDRAWN)
    covered(PlantelFactory())
    waits = issued(covered(plantel, OtherCover.NONE))
    signed(covered(plantel))
    administrator = staff(Role.ADMIN)
    groups = [(one.group, one.sheets, one.to_issue) for one in groups_to_sign(plantel)]

    job = order_renuncias(
        plantel, ["102", "101"], by=administrator, now=timezone.now(), issues=True
    )

    stays = job.lot.values_list("paper__renuncia__enrollment", flat=True)
    mine = TimelineEntry.objects.filter(event=Event.RENUNCIA_ISSUED, by=administrator)
    assert groups == [("101", 1, 1), ("102", 0, 1), ("103", 0, 1)]
    assert set(stays) == {waits.enrollment_id, *(one.pk for one in wanted)}
    assert set(mine.values_list("enrollment", flat=True)) == {one.pk for one in wanted}
    assert [(one.group, one.sheets, one.to_issue) for one in groups_to_sign(plantel)] == [
        ("101", 2, 0),
        ("102", 1, 0),
        ("103", 0, 1),
    ]


def test_order_renuncias_issues_none_that_nobody_asked_for(plantel, by):
    covered(plantel)

    with pytest.raises(NothingIssued):
        order_renuncias(plantel, ["101"], by=by, now=timezone.now())

    assert not Renuncia.objects.exists()


def test_order_renuncias_of_more_than_a_lot_holds_issues_none(plantel, by, monkeypatch):
    issued(covered(plantel))
    covered(plantel)
    notices = Notice.objects.count()
    monkeypatch.setattr("papers.actions.lots.MOST_SHEETS", 1)

    with pytest.raises(TooManySheets):
        order_renuncias(plantel, ["101"], by=by, now=timezone.now(), issues=True)

    assert (Renuncia.objects.count(), Notice.objects.count()) == (1, notices)
    assert not PrintJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_order_renuncias_at_once_issue_them_once_and_print_one_lot(plantel, by):
    for _ in range(3):
        covered(plantel)
    now = timezone.now()

    first, second = at_once(
        lambda: order_renuncias(plantel, ["101"], by=by, now=now, issues=True),
        lambda: order_renuncias(plantel, ["101"], by=by, now=now, issues=True),
    )

    assert first == second
    assert Renuncia.objects.count() == first.sheets_total == 3


# The guide -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("times", [1, 4, 6])
def test_print_guide_on_one_sheet_however_long_it_is_worded(plantel, by, times):
    if times > 1:
        current = current_text(TextKind.GUIA)
        right = current.fields["services"]
        longer = {**right, "items": [" ".join([item] * times) for item in right["items"]]}
        publish_text(
            TextKind.GUIA,
            {**current.fields, "services": longer},
            based_on=0,
            by=by,
            now=timezone.now(),
        )
    job = order_guide(plantel, by=by, now=timezone.now())

    drawn = [print_guides(), print_guides()]

    pdf = pdf_of(job)
    (words,) = words_of(pdf)
    assert drawn == [True, False]
    assert codes_of(pdf) == [["https://afiliacion.example/guia/"]]
    assert fonts_of(pdf) == {True}
    assert "Busca Asignación de NSS y toca Iniciar trámite" in words
    assert "Desde cuándo y hasta cuándo" in words
    assert len(SIZES) == 3


# The screens ---------------------------------------------------------------------------------------
def url(kind: str, query: str = "") -> str:
    return reverse("followup:print_for_groups", args=[kind]) + query


@pytest.mark.parametrize(
    ("kind", "label"),
    [("listas", "101: 2 estudiantes, 1 hoja"), ("citatorios", "101: 1 estudiante, 1 hoja")],
)
def test_print_for_groups_chooses_and_orders(client, plantel, by, kind, label):
    late(plantel)
    EnrollmentFactory(plantel=plantel, acuse_due_on=timezone.localdate() + timedelta(days=9))
    client.force_login(by)

    page = client.get(url(kind)).content.decode()
    nobody = client.post(url(kind), {}).content.decode()
    sent = client.post(url(kind), {"groups": ["101"]})

    job = PrintJob.objects.get()
    assert label in page
    assert "Elegir al menos un grupo" in nobody
    assert sent["Location"] == reverse("papers:show_print_job", args=[job.public_id])


@pytest.fixture
def administrator(client):
    """Somebody of the subsystem who just proved who she is."""
    person = staff(Role.ADMIN)
    client.force_login(person)
    session = client.session
    proved = {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [proved]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()
    return person


@pytest.mark.parametrize("who", ["by", "administrator"])
def test_print_for_groups_issues_renuncias_by_group(client, plantel, request, who):
    person = request.getfixturevalue(who)
    client.force_login(person) if who == "by" else None
    stay = covered(plantel)
    issued(covered(plantel))

    page = client.get(url("renuncias")).content.decode()
    sent = client.post(url("renuncias"), {"groups": ["101"], "issues": "on"})

    job = PrintJob.objects.get()
    assert "101: 1 estudiante, 1 hoja; 1 por expedir" in page
    assert "aún no tienen renuncia (1)" in page
    assert (
        "Todos los grupos: 1 hoja Carta, por grupo y apellido; 2 al expedir las que faltan." in page
    )
    assert stay.student.first_surname not in page
    assert sent["Location"] == reverse("papers:show_print_job", args=[job.public_id])
    assert (job.sheets_total, job.created_by) == (2, person)
    assert Renuncia.objects.get(enrollment=stay).issued_by == person


def test_print_for_groups_whose_renuncias_are_not_issued_says_what_to_tick(client, plantel, by):
    covered(plantel, group="")
    client.force_login(by)

    page = client.post(url("renuncias"), {"groups": [""]}).content.decode()

    assert "Sin grupo: 1 por expedir" in page
    assert NothingIssued.sentence in page
    assert not Renuncia.objects.exists()


def test_print_for_groups_issues_nothing_where_all_have_one(client, plantel, by):
    issued(covered(plantel))
    client.force_login(by)

    page = client.get(url("renuncias")).content.decode()
    client.post(url("renuncias"), {"groups": ["101"], "issues": "on"})

    assert "Expedir también" not in page
    assert (Renuncia.objects.count(), PrintJob.objects.get().sheets_total) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "total"), [("listas", "2 hojas Carta"), ("citatorios", "3 hojas Carta")]
)
def test_print_for_groups_says_how_many_sheets_come_out(client, plantel, by, kind, total):
    for group in ("101", "101", "102"):
        late(plantel, group=group)
    client.force_login(by)

    page = client.get(url(kind)).content.decode()

    assert f"Todos los grupos: {total}, por grupo y apellido." in page


@pytest.mark.parametrize("count", [1, 3])
def test_print_for_groups_takes_a_fixed_number_of_queries(
    client, plantel, by, count, django_assert_num_queries
):
    for group in range(count):
        covered(plantel, group=f"20{group}")
        issued(covered(plantel, group=f"30{group}"))
    client.force_login(by)
    client.get(url("renuncias"))  # notes the visit, once a minute

    with django_assert_num_queries(12):
        client.get(url("renuncias"))


def test_print_for_groups_without_anybody(client, plantel, by):
    client.force_login(by)

    assert "No hay a quién imprimirle" in client.get(url("citatorios")).content.decode()


def test_print_for_groups_whose_last_student_left_meanwhile(client, plantel, by):
    """Between the choice of groups and the order, which counts their students again."""
    EnrollmentFactory(plantel=plantel)
    client.force_login(by)
    counts = []

    def leave_before_the_second_count(execute, sql, *rest):
        if "GROUP BY" in sql:
            counts.append(sql)
        if len(counts) == 2 and "GROUP BY" in sql:
            Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)
        return execute(sql, *rest)

    with connection.execute_wrapper(leave_before_the_second_count):
        page = client.post(url("listas"), {"groups": ["101"]}).content.decode()

    assert NobodyToPrint.sentence in page
    assert not PrintJob.objects.exists()


def test_print_for_groups_of_nothing_known(client, plantel, by):
    client.force_login(by)

    assert client.get(url("posters")).status_code == 404


def test_print_for_groups_of_the_guide(client, plantel, by):
    client.force_login(by)

    page = client.get(url("guia")).content.decode()
    client.post(url("guia"))

    assert "Imprimir la guía" in page
    assert [job.kind for job in PrintJob.objects.all()] == [PaperKind.GUIDE]


def test_print_for_groups_of_another_plantel(client, plantel, by):
    other = PlantelFactory(number="07")
    client.force_login(by)

    answers = [client.get(url("listas", f"?plantel={one.number}")) for one in (plantel, other)]

    assert [answer.status_code for answer in answers] == [200, 404]
