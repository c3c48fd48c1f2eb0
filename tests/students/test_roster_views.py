"""The wizard's screens: who may see them, what they say, and what they never show."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from papers.models import PrintJob
from school.models import User
from school.states import Role
from students.actions.access_codes import issue_codes
from students.actions.cover import opt_out
from students.actions.roster_missing import decide_missing
from students.actions.transfers import transfer_student
from students.models import Enrollment, RosterImport
from students.roster_file.table import read_table
from students.states import CodeChannel, EnrollmentState, ImportState
from students.tasks import read_rosters
from tests.factories.school import MembershipFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, curp
from tests.meanwhile import just_before
from tests.students.roster_files import ANA, HEADERS, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

ROWS = [
    [*HEADERS, "Correo"],
    [*ANA, "ana@correo.example"],
    ["26050149", "Luis", "Peña", "", "101", "GOMAO80214MSRMRNA5", "luis@gmial.com"],
    ["26050150", "<script>alert(1)</script>", "Peña", "", "101", "", ""],
]
COLUMNS = {
    f"column_{index}": field
    for index, field in enumerate(
        ["matricula", "given_names", "first_surname", "second_surname", "group", "curp", "email"]
    )
}


@pytest.fixture
def plantel():
    SchoolCycleFactory()
    return PlantelFactory(number="05")


@pytest.fixture
def responsable(client, plantel):
    user = staff(Role.RESPONSABLE, plantel)
    client.force_login(user)
    return user


def send(client, data: bytes = b"", name: str = "lista.csv", **more):
    file = {"file": SimpleUploadedFile(name, data)} if data else {}
    return client.post(reverse("students:import_roster"), {**file, **more})


def page_of(client, roster, **query) -> str:
    address = reverse("students:show_roster_import", args=[roster.public_id])
    return client.get(f"{address}?{urlencode(query)}").content.decode()


@pytest.fixture
def checked(client, responsable) -> RosterImport:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()
    read_rosters()
    client.post(reverse("students:match_roster_columns", args=[roster.public_id]), COLUMNS)
    read_rosters()
    roster.refresh_from_db()
    return roster


# Step 1 ------------------------------------------------------------------------------------------
def test_import_roster_takes_a_file_for_the_own_plantel(client, responsable, plantel) -> None:
    answer = send(client, csv_bytes(ROWS))

    roster = RosterImport.objects.get()
    assert (roster.plantel, roster.created_by) == (plantel, responsable)
    assert answer.url == reverse("students:show_roster_import", args=[roster.public_id])


def test_import_roster_never_for_another_plantel(client, responsable, plantel) -> None:
    """T15, T19: the plantel comes from the person's role, whatever the form says."""
    other = PlantelFactory()

    send(client, csv_bytes(ROWS), plantel=other.pk)

    assert [roster.plantel for roster in RosterImport.objects.all()] == [plantel]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "", "Elegir el archivo de la lista"),
        (
            b"%PDF-1.7",
            "lista.pdf",
            "El archivo debe ser XLSX o CSV. Guardarlo como .xlsx y subirlo",
        ),
        (
            xlsx_bytes(ROWS),
            "lista.xlsm",
            "El archivo debe ser XLSX o CSV. Guardarlo como .xlsx y subirlo",
        ),
    ],
)
def test_import_roster_says_what_is_wrong(client, responsable, data, name, sentence) -> None:
    page = send(client, data, name).content.decode()

    assert page.count(sentence) == 2
    assert "<title>Error: " in page
    assert RosterImport.objects.count() == 0


def test_import_roster_lists_the_own_imports_only(client, responsable, plantel) -> None:
    send(client, csv_bytes(ROWS), "propia.csv")
    other = staff(Role.RESPONSABLE, PlantelFactory())
    client.force_login(other)
    send(client, csv_bytes(ROWS), "ajena.csv")
    client.force_login(responsable)

    page = client.get(reverse("students:import_roster")).content.decode()

    assert "propia.csv" in page
    assert "ajena.csv" not in page


@pytest.mark.parametrize(
    ("role", "code"), [(Role.REVISOR, 404), (Role.CONSULTA, 404), (Role.AUDITOR, 403)]
)
def test_import_roster_is_refused_to_other_roles(client, plantel, role, code) -> None:
    client.force_login(staff(role, None if role == Role.AUDITOR else plantel))

    assert client.get(reverse("students:import_roster")).status_code == code


def test_import_roster_asks_administration_afresh(client, plantel) -> None:
    client.force_login(staff(Role.ADMIN))

    answer = client.get(reverse("students:import_roster"))

    assert answer.url.startswith(reverse("mfa_reauthenticate"))


def test_import_roster_lets_choose_among_the_own_planteles(client, responsable, plantel) -> None:
    second = MembershipFactory(user=responsable).plantel
    PlantelFactory()

    page = client.get(reverse("students:import_roster")).content.decode()
    unchosen = send(client, csv_bytes(ROWS)).content.decode()
    send(client, csv_bytes(ROWS), plantel=second.pk)

    assert page.count("<option") == 3
    assert "Elegir el plantel" in unchosen
    assert [roster.plantel for roster in RosterImport.objects.all()] == [second]


def test_download_roster_template(client, responsable) -> None:
    answer = client.get(reverse("students:download_roster_template"))

    assert answer["Content-Disposition"] == 'attachment; filename="lista-de-estudiantes.xlsx"'
    assert answer.content.startswith(b"PK")


# Scope -------------------------------------------------------------------------------------------
GETS = ["show_roster_import", "match_roster_columns", "download_roster_errors"]
POSTS = [
    "match_roster_columns",
    "fix_roster_rows",
    "confirm_roster_import",
    "cancel_roster_import",
    "send_roster_codes",
    "undo_roster_import",
    "decide_missing_students",
    "keep_missing_students",
    "reinstate_missing_student",
]


@pytest.mark.parametrize("name", GETS)
def test_import_of_another_plantel_does_not_exist(client, checked, name) -> None:
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory(number="X7")))

    assert client.get(reverse(f"students:{name}", args=[checked.public_id])).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_import_of_another_plantel_cannot_be_moved(client, checked, name) -> None:
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory(number="X7")))

    answer = client.post(reverse(f"students:{name}", args=[checked.public_id]), COLUMNS)

    checked.refresh_from_db()
    assert (answer.status_code, checked.state) == (404, ImportState.CHECKED)


# Waiting -----------------------------------------------------------------------------------------
def test_waiting_page_asks_again_with_and_without_script(client, responsable) -> None:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()

    page = page_of(client, roster)

    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page


def test_waiting_page_is_told_when_it_is_over(client, responsable) -> None:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()
    address = reverse("students:show_roster_import", args=[roster.public_id])

    waiting = client.get(address, headers={"HX-Request": "true"})
    read_rosters()
    over = client.get(address, headers={"HX-Request": "true"})

    assert (waiting.status_code, "HX-Refresh" in waiting.headers) == (204, False)
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")


def test_failed_page_says_why_and_how(client, responsable) -> None:
    send(client, b'Matricula,Nombre\r\n"1,Ana')
    read_rosters()

    page = page_of(client, RosterImport.objects.get())

    assert "En la fila 2 hay comillas sin cerrar" in page


# Step 2 ------------------------------------------------------------------------------------------
def test_columns_page_guesses_and_shows_three_samples(client, responsable) -> None:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()
    read_rosters()

    page = page_of(client, roster)

    assert page.count(" selected>") == 7
    assert "26050148 · 26050149 · 26050150" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"column_4": ""}, "Falta elegir la columna de: Grupo"),
        ({"column_6": "curp"}, "CURP ya es la columna F. Dejar una de las dos"),
        ({"column_6": "nada"}, "Elegir una opción de la lista"),
    ],
)
def test_match_roster_columns_says_what_is_wrong(client, responsable, changed, sentence) -> None:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()
    read_rosters()

    page = client.post(
        reverse("students:match_roster_columns", args=[roster.public_id]), {**COLUMNS, **changed}
    ).content.decode()

    roster.refresh_from_db()
    assert sentence in page
    assert roster.state == ImportState.READ


def test_match_roster_columns_twice(client, checked) -> None:
    """Another match in step 3 has the rows checked again; afterwards nothing moves."""
    address = reverse("students:match_roster_columns", args=[checked.public_id])

    client.post(address, COLUMNS)
    late = client.post(address, COLUMNS, follow=True).content.decode()

    assert "Otra persona ya lo atendió" in late


# Step 3 ------------------------------------------------------------------------------------------
def test_review_shows_counts_and_errors_first(client, checked) -> None:
    page = page_of(client, checked)

    assert checked.report["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "bad": 2,
        "missing": 0,
        "marked": 0,
    }
    assert "Importar el correcto" in page
    assert 'data-label="Fila">3<' in page
    assert 'Usar <span class="number">GOMA080214MSRMRNA5</span>' in page
    assert "&lt;script&gt;" in page


def test_review_shows_warnings(client, checked) -> None:
    page = page_of(client, checked, ver="avisos")

    assert "«gmial.com» parece mal escrito" in page
    assert "En el lugar 5" not in page


def test_review_ignores_a_strange_list_and_page(client, checked) -> None:
    assert "En el lugar 5" in page_of(client, checked, ver="' OR 1", pagina="nueve")


def test_review_shows_before_and_after(client, checked, plantel) -> None:
    EnrollmentFactory(
        plantel=plantel,
        matricula=ANA[0],
        group="999",
        student__curp=ANA[5],
        roster_email="ana@correo.example",
    )
    client.post(reverse("students:match_roster_columns", args=[checked.public_id]), COLUMNS)
    read_rosters()

    page = page_of(client, checked, ver="cambios")

    assert "Grupo: <del>999</del> → <ins>101</ins>" in page


def test_review_pages_fifty_rows(client, responsable) -> None:
    rows = [HEADERS, *(["", "Ana", "Gómez", "", "101", curp(n)] for n in range(60))]
    send(client, csv_bytes(rows))
    roster = RosterImport.objects.get()
    read_rosters()
    columns = {name: field for name, field in COLUMNS.items() if name != "column_6"}
    client.post(reverse("students:match_roster_columns", args=[roster.public_id]), columns)
    read_rosters()

    first, second = page_of(client, roster), page_of(client, roster, pagina=2)

    assert (first.count("Falta: Matrícula"), second.count("Falta: Matrícula")) == (50, 10)


def test_fix_roster_rows(client, checked) -> None:
    address = reverse("students:fix_roster_rows", args=[checked.public_id])

    client.post(address, {"place": ["3:curp"]})
    read_rosters()

    page = page_of(client, checked)
    checked.refresh_from_db()
    # The corrected CURP is Ana's: now two rows share it.
    assert checked.report["counts"]["bad"] == 3
    assert "CURP: la misma está en la fila 2" in page


def test_fix_roster_rows_all_at_once(client, checked) -> None:
    client.post(reverse("students:fix_roster_rows", args=[checked.public_id]), {"todas": "1"})

    checked.refresh_from_db()
    assert checked.matching["fixes"] == {
        "3:curp": "GOMA080214MSRMRNA5",
        "3:email": "luis@gmail.com",
    }


@pytest.mark.parametrize("chosen", [{}, {"place": ["2:matricula"]}])
def test_fix_roster_rows_nothing_of_the_list(client, checked, chosen) -> None:
    answer = client.post(
        reverse("students:fix_roster_rows", args=[checked.public_id]), chosen, follow=True
    )

    checked.refresh_from_db()
    assert "Marcar al menos una corrección de la lista" in answer.content.decode()
    assert checked.state == ImportState.CHECKED


def test_cancel_roster_import(client, checked) -> None:
    client.post(reverse("students:cancel_roster_import", args=[checked.public_id]))

    assert "no se guardó ningún estudiante" in page_of(client, checked)
    assert Enrollment.objects.count() == 0


# Step 4 ------------------------------------------------------------------------------------------
@pytest.fixture
def imported(client, checked) -> RosterImport:
    client.post(reverse("students:confirm_roster_import", args=[checked.public_id]))
    read_rosters()
    checked.refresh_from_db()
    return checked


def test_result_shows_folio_and_what_was_left_out(client, imported) -> None:
    page = page_of(client, imported)

    assert f"Folio {imported.folio}" in page
    assert "Quedaron fuera 2 filas" in page
    assert reverse("students:print_slips") in page


def address(name: str, roster: RosterImport) -> str:
    return reverse(f"students:{name}", args=[roster.public_id])


@pytest.mark.parametrize("at", ["checked", "imported"])
def test_download_roster_errors(client, request, at) -> None:
    roster = request.getfixturevalue(at)

    answer = client.get(address("download_roster_errors", roster))

    assert answer["Content-Disposition"] == 'attachment; filename="filas-con-error.xlsx"'
    table = read_table(answer.content, max_rows=5_000)
    assert table.headers == list(ROWS[0])
    assert len(table.rows) == 2
    assert address("download_roster_errors", roster) in page_of(client, roster)


def test_download_roster_errors_of_a_list_without_any(client, responsable) -> None:
    send(client, csv_bytes(ROWS))
    roster = RosterImport.objects.get()

    assert client.get(address("download_roster_errors", roster)).status_code == 404


def test_undo_roster_import(client, imported) -> None:
    assert "Deshacer esta importación" in page_of(client, imported)

    page = client.post(address("undo_roster_import", imported), follow=True).content.decode()

    assert "<h1>Importación deshecha</h1>" in page
    assert Enrollment.objects.count() == 0


def test_undo_roster_import_says_why_it_cannot(client, imported) -> None:
    issue_codes(list(Enrollment.objects.all()), CodeChannel.SLIP, by=None, now=timezone.now())

    page = client.post(address("undo_roster_import", imported), follow=True).content.decode()

    assert "Con 1 estudiante de esta lista ya se hizo algo después" in page
    assert Enrollment.objects.count() == 1


def test_undo_roster_import_when_a_former_matricula_is_used_says_so(
    client, responsable, plantel, imported
) -> None:
    stay = Enrollment.objects.get()
    send(client, csv_bytes([ROWS[0], ["26059999", *ROWS[1][1:]]]))
    again = RosterImport.objects.latest("pk")
    read_rosters()
    client.post(address("match_roster_columns", again), COLUMNS)
    read_rosters()
    client.post(address("confirm_roster_import", again))
    read_rosters()
    EnrollmentFactory(matricula=stay.matricula)

    page = client.post(address("undo_roster_import", again), follow=True).content.decode()

    stay.refresh_from_db()
    assert stay.matricula == "26059999"
    assert "Otra persona usa ya una matrícula o CURP de antes: no se puede deshacer." in page


def test_undo_is_not_offered_after_24_hours(client, imported) -> None:
    RosterImport.objects.update(imported_at=timezone.now() - timedelta(hours=25))

    assert "Deshacer esta importación" not in page_of(client, imported)


@pytest.fixture
def left_out(client, checked, plantel) -> Enrollment:
    """A student whom the list of the import does not name."""
    stay = EnrollmentFactory(plantel=plantel, cycle=checked.cycle, student__first_surname="Zúñiga")
    match_again = client.post(address("match_roster_columns", checked), COLUMNS)
    assert match_again.status_code == 302
    read_rosters()
    return stay


def test_review_says_how_many_are_not_in_the_list(client, checked, left_out) -> None:
    assert "1 estudiante inscrito no viene en esta lista" in " ".join(
        page_of(client, checked).split()
    )


def test_decide_missing_students(client, left_out, imported) -> None:
    assert "Probable baja: 1" in page_of(client, imported)

    page = client.post(
        address("decide_missing_students", imported),
        {f"estudiante_{left_out.public_id}": "DEFINITIVE", "on_date": "2026-08-21"},
        follow=True,
    ).content.decode()

    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.WITHDRAWN
    assert "Decisiones guardadas: 1" in page
    assert "Bajas que se decidieron aquí" in page


def test_who_is_marked_in_the_list_has_an_answer_already(client, left_out, imported) -> None:
    imported.report["marked"] = {str(left_out.pk): "TEMPORARY"}
    imported.save()

    page = page_of(client, imported)

    assert "Viene como baja" in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Elegir qué pasa con al menos un estudiante"),
        ({"WITHDRAW": ""}, "Elegir qué pasa con al menos un estudiante"),
        (None, "Elegir una de las opciones"),
    ],
)
def test_decide_missing_students_says_what_is_wrong(
    client, left_out, imported, said, sentence
) -> None:
    data = {f"estudiante_{left_out.public_id}": "TRANSFER"} if said is None else said

    page = client.post(address("decide_missing_students", imported), data, follow=True)

    left_out.refresh_from_db()
    assert sentence in page.content.decode()
    assert left_out.state == EnrollmentState.ACTIVE


def test_decide_missing_students_refused_keeps_what_was_chosen(
    client, left_out, imported, plantel
) -> None:
    more = EnrollmentFactory.create_batch(51, plantel=plantel, cycle=imported.cycle)
    imported.report["missing"] += [stay.pk for stay in more]
    imported.save(update_fields=["report"])
    kept = more[
        -1
    ]  # of the same names as the others before, so that this one and left_out stand last
    said = {
        f"estudiante_{left_out.public_id}": "DEFINITIVE",
        f"estudiante_{kept.public_id}": "KEEP",
        "on_date": "2026-08-20",
    }

    answer = client.post(f"{address('decide_missing_students', imported)}?faltan=2", said)

    page, show = answer.content.decode(), address("show_roster_import", imported)
    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.ACTIVE
    assert page.count(" checked>") == 2
    assert page.count('scope="row" id="no-viene-') == 2
    assert 'value="2026-08-20"' in page
    sentence = f"{left_out.student.list_name} se inscribió el 21/08/2026"
    assert page.count(f"{sentence}: la fecha de la baja va de ese día a hoy") == 2
    assert f'action="{address("decide_missing_students", imported)}?faltan=2"' in page
    assert f'href="{show}?faltan=1#faltan"' in page


@pytest.mark.django_db(transaction=True)
def test_decide_missing_students_whom_somebody_was_faster_to_decide(
    client, left_out, imported, plantel
) -> None:
    other = EnrollmentFactory(plantel=plantel, cycle=imported.cycle)
    imported.report["missing"].append(other.pk)
    imported.save(update_fields=["report"])
    said = {f"estudiante_{stay.public_id}": "KEEP" for stay in (left_out, other)}

    def decide() -> None:
        decide_missing(
            imported,
            {other.pk: "KEEP"},
            on_date=NOW.date(),
            by=imported.created_by,
            now=timezone.now(),
        )

    with just_before('FOR UPDATE OF "students_rosterimport"', decide):
        page = client.post(address("decide_missing_students", imported), said).content.decode()

    assert page.count(" checked>") == 2
    assert "Otra persona ya lo atendió" in page


def test_decide_missing_students_when_nobody_is_left(client, left_out, imported) -> None:
    client.post(address("keep_missing_students", imported))
    said = {f"estudiante_{left_out.public_id}": "DEFINITIVE", "on_date": "2026-08-21"}

    page = client.post(address("decide_missing_students", imported), said, follow=True)

    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.ACTIVE
    assert "Ya se decidió sobre todos los que no vienen en esta lista" in page.content.decode()


def test_keep_missing_students(client, left_out, imported) -> None:
    page = client.post(address("keep_missing_students", imported), follow=True).content.decode()

    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.ACTIVE
    assert "Quienes no vienen en esta lista siguen inscritos" in page
    assert "Probable baja" not in page


def test_reinstate_student(client, left_out, imported) -> None:
    said = {f"estudiante_{left_out.public_id}": "DEFINITIVE", "on_date": "2026-08-21"}
    client.post(address("decide_missing_students", imported), said)

    page = client.post(
        address("reinstate_missing_student", imported), {"student": left_out.public_id}, follow=True
    ).content.decode()

    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.ACTIVE
    assert f"Inscripción recuperada: {left_out.student.list_name}" in page


def test_reinstate_student_who_moved_since_and_began_there(client, left_out, imported) -> None:
    said = {f"estudiante_{left_out.public_id}": "DEFINITIVE", "on_date": "2026-08-21"}
    again = {"student": left_out.public_id}
    client.post(address("decide_missing_students", imported), said)
    client.post(address("reinstate_missing_student", imported), again)
    moved = transfer_student(
        left_out,
        plantel=PlantelFactory(),
        group="101",
        matricula=left_out.matricula,
        on_date=left_out.enrolled_on,
        by=imported.created_by,
        now=timezone.now(),
    )
    opt_out(moved, by=imported.created_by, now=timezone.now())

    page = client.post(address("reinstate_missing_student", imported), again, follow=True)

    left_out.refresh_from_db()
    assert left_out.state == EnrollmentState.WITHDRAWN
    assert "ya se hizo algo en su trámite" in page.content.decode()


def test_reinstate_student_of_another_list(client, left_out, imported) -> None:
    page = client.post(
        address("reinstate_missing_student", imported), {"student": left_out.public_id}, follow=True
    ).content.decode()

    assert "Elegir a un estudiante de la lista" in page


def test_result_costs_the_same_queries(
    client, plantel, left_out, imported, django_assert_num_queries
) -> None:
    with CaptureQueriesContext(connection) as one:
        page_of(client, imported)
    more = EnrollmentFactory.create_batch(2, plantel=plantel, cycle=imported.cycle)
    imported.report["missing"] += [stay.pk for stay in more]
    imported.save(update_fields=["report"])

    with django_assert_num_queries(len(one)):
        page = page_of(client, imported)

    assert "Probables bajas: 3" in page


def test_send_roster_codes(client, imported) -> None:
    address = reverse("students:send_roster_codes", args=[imported.public_id])

    page = client.post(address, follow=True).content.decode()

    assert "Correos con código de activación en camino: 1" in page
    assert "Mandar códigos de activación (" not in page
    assert Notice.objects.count() == 1


def test_send_roster_codes_where_the_person_only_imports(client, imported) -> None:
    """Administration imports everywhere; who is responsable of another plantel sends no codes here."""
    both = staff(Role.RESPONSABLE, PlantelFactory(number="X7"))
    MembershipFactory(user=both, role=Role.ADMIN, plantel=None)
    client.force_login(both)

    answer = client.post(reverse("students:send_roster_codes", args=[imported.public_id]))

    assert answer.status_code == 403
    assert not Notice.objects.exists()


def test_confirm_roster_import_of_the_same_file_changes_nothing(client, imported) -> None:
    send(client, csv_bytes(ROWS[:2]))
    again = RosterImport.objects.latest("created_at")
    read_rosters()
    client.post(reverse("students:match_roster_columns", args=[again.public_id]), COLUMNS)
    read_rosters()

    shown = page_of(client, again)
    refused = client.post(
        reverse("students:confirm_roster_import", args=[again.public_id]), follow=True
    ).content.decode()

    assert "La lista ya está importada: no hay nada que cambiar." in shown
    assert "Ninguna fila se puede importar" in refused
    assert Enrollment.objects.count() == 1


# Slips -------------------------------------------------------------------------------------------
def test_print_slips_of_a_group(client, responsable, plantel) -> None:
    EnrollmentFactory(plantel=plantel, group="101")
    EnrollmentFactory(group="999")

    page = client.get(reverse("students:print_slips")).content.decode()
    answer = client.post(reverse("students:print_slips"), {"groups": ["101"]})

    assert "101: 1 sin hoja, de 1" in page
    assert "999" not in page
    assert answer.url == reverse("papers:show_print_job", args=[PrintJob.objects.get().public_id])


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [({}, "Elegir al menos un grupo"), ({"groups": ["999"]}, "Elegir grupos de la lista")],
)
def test_print_slips_says_what_is_wrong(client, responsable, plantel, chosen, sentence) -> None:
    EnrollmentFactory(plantel=plantel, group="101")
    EnrollmentFactory(group="999")

    page = client.post(reverse("students:print_slips"), chosen).content.decode()

    assert sentence in page
    assert PrintJob.objects.count() == 0


def test_print_slips_when_everybody_has_one(client, responsable, plantel) -> None:
    issue_codes([EnrollmentFactory(plantel=plantel)], CodeChannel.SLIP, by=None, now=NOW)

    page = client.post(reverse("students:print_slips"), {"groups": ["101"]}).content.decode()

    assert "En esos grupos nadie necesita hoja" in page


def test_print_slips_of_another_plantel(client, responsable) -> None:
    other = PlantelFactory()

    assert client.get(reverse("students:print_slips"), {"plantel": other.number}).status_code == 404


def test_print_slips_without_students(client, responsable) -> None:
    assert "Nadie necesita hoja" in client.get(reverse("students:print_slips")).content.decode()


def test_reissue_slip_code(client, responsable, plantel) -> None:
    stay = EnrollmentFactory(plantel=plantel)

    answer = client.post(reverse("students:reissue_slip_code", args=[stay.public_id]))

    job = PrintJob.objects.get()
    assert job.parameters == {"enrollments": [stay.pk]}
    assert answer.url == reverse("papers:show_print_job", args=[job.public_id])


def test_reissue_slip_code_of_a_closed_account(client, responsable, plantel) -> None:
    stay = EnrollmentFactory(plantel=plantel)
    User.objects.filter(pk=stay.student.user_id).update(is_active=False)

    page = client.post(reverse("students:reissue_slip_code", args=[stay.public_id]), follow=True)

    assert page.redirect_chain[0][0] == reverse("followup:student_file", args=[stay.public_id])
    assert "Esta cuenta está cerrada y ningún código la abre" in page.content.decode()


def test_reissue_slip_code_of_another_plantel(client, responsable) -> None:
    stay = EnrollmentFactory()

    assert (
        client.post(reverse("students:reissue_slip_code", args=[stay.public_id])).status_code == 404
    )


def test_import_roster_list_costs_the_same_queries(client, responsable) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            send(client, csv_bytes(ROWS))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("students:import_roster"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
