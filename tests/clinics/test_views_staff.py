"""The staff's pages under /umf/: lists, opening, entering, the catalogue, the campaign."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinics.actions import delete_umf
from clinics.models import UMF, UMFRegistration, VigenciaCampaign, VigenciaCheck
from clinics.states import RegistrationState, Turno, VigenciaResult
from common.uploads.runner import _slot
from school.states import Role
from students.actions.files import absolute
from students.models import AccessEntry
from students.states import Look
from tests.clinics.conftest import shown
from tests.factories.affiliation import AltaOrderFactory, MovementFactory
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory
from tests.meanwhile import just_before
from tests.samples import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]
CLINICS, OPEN, UMFS, IMPORT, VIGENCIAS, ASK = (
    reverse(f"clinics:{name}")
    for name in ("clinics", "open_clinics", "umfs", "import_umfs", "vigencias", "ask_vigencia")
)
ANSWER = {"number": "37", "turno": Turno.MORNING, "consultorio": "4"}


def insured(plantel, **stay):
    return MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    ).enrollment


def registered(plantel, **stay):
    return UMFRegistrationFactory(
        registered=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    )


def of(name, stay):
    return reverse(f"clinics:{name}", args=[stay.public_id])


# The list ----------------------------------------------------------------------------------------
def test_clinics_without_anybody_insured_says_when(client, laura):
    assert "Todavía no hay estudiantes afiliados" in shown(client.get(CLINICS))


def test_clinics_shows_one_state_with_the_counts_of_all(client, laura, plantel):
    UMFRegistrationFactory(enrollment__plantel=plantel)
    done = registered(plantel, matricula="26050148")
    registered(PlantelFactory())

    page = shown(client.get(CLINICS, {"estado": "registradas"}))

    for chip in ("Faltan de registrar (1)", "Registradas (1)", "Con fecha para abrir (0)"):
        assert chip in page
    assert "1 estudiante Estudiante Grupo Abierto Clínica Carnet Acción" in page
    assert f"UMF 37, {done.get_turno_display()}" in page


@pytest.mark.parametrize(
    "query", [{"estado": "nada"}, {"estado": "faltan", "grupo": "nada"}, {"pagina": "x"}]
)
def test_clinics_ignores_what_is_on_no_list(client, laura, plantel, query):
    UMFRegistrationFactory(enrollment__plantel=plantel)

    assert "1 estudiante" in shown(client.get(CLINICS, query))


def test_clinics_finds_a_student_without_naming_one_in_the_address(client, laura, plantel):
    registered(plantel, matricula="26050148")

    found = shown(client.post(f"{CLINICS}?estado=registradas", {"q": "26050148"}))
    nobody = shown(client.post(f"{CLINICS}?estado=registradas", {"q": "nadie"}))

    assert "1 estudiante" in found
    assert "Nadie en este filtro" in nobody


@pytest.mark.parametrize("rows", [1, 3])
def test_clinics_takes_a_fixed_number_of_queries(
    client, laura, plantel, rows, django_assert_num_queries
):
    for _ in range(rows):
        registered(plantel)

    with django_assert_num_queries(16):
        client.get(CLINICS, {"estado": "registradas"})


def test_clinics_opens_the_carnet_and_writes_it_down(client, laura, plantel):
    done = registered(plantel)
    done.carnet = StoredFileFactory(enrollment=done.enrollment, derivative_pages=["aa/a-01"])
    done.save()
    page = absolute("aa/a-01")
    page.parent.mkdir(parents=True)
    page.write_bytes(hostile.jpeg())
    file_url = reverse("students:file", args=[done.carnet.public_id, 1])

    assert file_url in client.get(CLINICS, {"estado": "registradas"}).content.decode()
    client.get(file_url)

    entry = AccessEntry.objects.get()
    assert (entry.look, entry.by, entry.enrollment) == (Look.DOCUMENT, laura, done.enrollment)


def test_who_only_sees_clinics_is_offered_no_button(client, plantel):
    client.force_login(staff(Role.CONSULTA, plantel))
    registered(plantel)

    page = shown(client.get(CLINICS, {"estado": "registradas"}))

    assert "Abrir paso de clínica" not in page
    assert "Acción" not in page


# Opening -----------------------------------------------------------------------------------------
def test_opening_counts_before_it_opens(client, laura, plantel):
    insured(plantel, group="101")
    insured(plantel, group="102")

    page = shown(client.get(OPEN, {"plantel": plantel.clave, "grupo": "101"}))

    assert "Se abre para 1 estudiante" in page
    assert "El paso se abre hoy y el correo les llega en cuanto se abra." in page
    assert UMFRegistration.objects.count() == 0


def test_opening_a_batch_on_a_day(client, laura, plantel):
    stay = insured(plantel)
    insured(plantel)
    folio = stay.movements.get().batch.folio

    asked = {"plantel": plantel.clave, "lote": folio, "grupo": "", "dia": "2026-09-01"}
    page = shown(client.post(OPEN, asked, follow=True))

    assert UMFRegistration.objects.get().enrollment == stay
    assert "El paso de clínica se abre el martes 1 de septiembre para 1 estudiante." in page


def test_opening_everybody_today(client, laura, plantel):
    insured(plantel)
    insured(plantel)

    page = shown(client.post(OPEN, {"plantel": plantel.clave}, follow=True))

    assert UMFRegistration.objects.count() == 2
    assert "El paso de clínica ya está abierto para 2 estudiantes." in page


def test_opening_twice_says_that_nobody_waits(client, laura, plantel):
    insured(plantel)
    client.post(OPEN, {"plantel": plantel.clave})

    page = shown(client.post(OPEN, {"plantel": plantel.clave}))

    assert "En esa selección a nadie le falta abrir el paso" in page
    assert "A nadie le falta abrir el paso aquí" in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-08-20", "Escribir un día de hoy en adelante"),
        ("2027-08-22", "Escribir un día dentro de un año"),
        ("9999-12-31", "Escribir un día dentro de un año"),
        ("mañana", "Escribir el día como 31/12/2026"),
    ],
)
def test_opening_refuses_a_wrong_day(client, laura, plantel, day, said):
    insured(plantel)

    assert said in shown(client.get(OPEN, {"plantel": plantel.clave, "dia": day}))


def test_opening_says_whom_no_mail_reaches(client, laura, plantel):
    MovementFactory(applied=True, enrollment=EnrollmentFactory(plantel=plantel, roster_email=""))

    page = shown(client.get(OPEN, {"plantel": plantel.clave}))

    assert "1 no tiene correo: avisar en persona." in page


def test_opening_another_plantel_is_not_offered(client, laura, plantel):
    other = PlantelFactory()
    insured(other)

    client.post(OPEN, {"plantel": other.clave})

    assert UMFRegistration.objects.count() == 0


# Entering for a student --------------------------------------------------------------------------
def test_staff_registers_the_clinic_of_a_student(client, laura, plantel):
    stay = insured(plantel)
    UMFFactory(plantel=plantel, number=5)

    assert "Con los datos de su carnet." in shown(client.get(of("register_for_student", stay)))
    response = client.post(of("register_for_student", stay), ANSWER)

    assert response.url == reverse("followup:student_file", args=[stay.public_id])
    assert UMFRegistration.objects.get().registered_by == laura


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"number": ""}, "Escribir el número de la UMF, del 1 al 999"),
        ({"turno": ""}, "Elegir el turno, o «No sé»"),
        ({"carnet": SimpleUploadedFile("a.txt", b"hola")}, "debe ser PDF, JPG, PNG o HEIC"),
    ],
)
def test_staff_reads_what_is_wrong(client, laura, plantel, answer, said):
    stay = insured(plantel)

    assert said in shown(client.post(of("register_for_student", stay), ANSWER | answer))


def test_staff_cannot_register_who_is_not_insured(client, laura, plantel):
    stay = EnrollmentFactory(plantel=plantel, confirmed=True)

    page = shown(client.post(of("register_for_student", stay), ANSWER))

    assert "No hay un alta aplicada por el IMSS: sin ella no hay clínica" in page


def test_staff_takes_a_wrong_clinic_back(client, laura, plantel):
    done = registered(plantel)

    before = shown(client.get(of("register_for_student", done.enrollment)))
    after = shown(client.post(of("undo_registration", done.enrollment), follow=True))

    done.refresh_from_db()
    assert "Quitar: está mal" in before
    assert "Se quitó la clínica de Ana Gómez Martínez" in after
    assert done.state == RegistrationState.INVITED


def test_staff_takes_back_what_is_not_there(client, laura, plantel):
    invited = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment

    assert "Otra persona" in shown(client.post(of("undo_registration", invited), follow=True))
    assert client.post(of("undo_registration", insured(plantel))).status_code == 302


# The catalogue -----------------------------------------------------------------------------------
def test_catalogue_is_empty_then_lists_with_how_many(client, laura, plantel):
    assert "Todavía no hay UMF" in shown(client.get(UMFS))
    registered(plantel)

    assert "UMF 37 – – 1" in shown(client.get(UMFS))


def test_catalogue_takes_a_new_clinic(client, laura, plantel):
    url = reverse("clinics:add_umf", args=[plantel.clave])

    page = shown(
        client.post(url, {"number": "37", "name": "Centro", "address": "Calle 1"}, follow=True)
    )

    assert "UMF 37 guardada" in page
    assert "UMF 37 Centro Calle 1 0" in page


def test_catalogue_changes_and_takes_out_a_clinic(client, laura, plantel):
    UMFFactory(plantel=plantel, name="Vieja")
    url = reverse("clinics:edit_umf", args=[plantel.clave, 37])

    assert "Quitar del catálogo" in shown(client.get(url))
    client.post(url, {"name": "Centro", "address": ""})
    assert UMF.objects.get().name == "Centro"
    page = shown(client.post(reverse("clinics:delete_umf", args=[plantel.clave, 37]), follow=True))

    assert "UMF 37 quitada del catálogo" in page


@pytest.mark.django_db(transaction=True)
def test_catalogue_takes_out_a_clinic_that_somebody_takes_out_at_the_same_moment(
    client, laura, plantel
):
    umf = UMFFactory(plantel=plantel)
    url = reverse("clinics:delete_umf", args=[plantel.clave, umf.number])

    with just_before('FOR UPDATE OF "clinics_umf"', lambda: delete_umf(umf)):
        page = shown(client.post(url, follow=True))

    assert "Esa UMF ya se había quitado del catálogo" in page


def test_catalogue_keeps_a_clinic_with_students(client, laura, plantel):
    registered(plantel)

    assert "Quitar del catálogo" not in shown(
        client.get(reverse("clinics:edit_umf", args=[plantel.clave, 37]))
    )
    page = shown(client.post(reverse("clinics:delete_umf", args=[plantel.clave, 37]), follow=True))

    assert "Hay estudiantes registrados en esa UMF" in page


def test_catalogue_without_a_number_says_so(client, laura, plantel):
    page = shown(client.post(reverse("clinics:add_umf", args=[plantel.clave]), {"name": "Centro"}))

    assert "Escribir el número de la UMF, del 1 al 999" in page


def test_catalogue_imports_a_list(client, laura, plantel):
    upload = SimpleUploadedFile("umf.csv", "Número,Nombre\n37,Centro\nx,\n".encode())

    page = shown(client.post(IMPORT, {"plantel": plantel.clave, "lista": upload}))

    assert "1 nueva · 0 cambiadas · 1 con error" in page
    assert "3 «x» no es un número de UMF." in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Elegir la lista"),
        (b"", "El archivo está vacío"),
        (b"Nombre,Domicilio\nCentro,Calle 1\n", "No encontramos ninguna UMF."),
    ],
)
def test_catalogue_says_what_is_wrong_with_a_list(client, laura, plantel, content, said):
    files = {} if content is None else {"lista": SimpleUploadedFile("umf.csv", content)}

    assert said in shown(client.post(IMPORT, {"plantel": plantel.clave, **files}))


def test_catalogue_import_waits_while_the_portal_is_busy(client, laura, plantel):
    upload = SimpleUploadedFile("umf.csv", b"UMF\n37\n")

    with _slot(0), _slot(0):
        page = shown(client.post(IMPORT, {"plantel": plantel.clave, "lista": upload}))

    assert "El portal está ocupado con otros archivos." in page


# The vigencias -----------------------------------------------------------------------------------
def test_vigencias_shows_the_no_first_with_their_clock(client, laura, plantel):
    check = VigenciaCheckFactory(
        enrollment=registered(plantel).enrollment,
        result=VigenciaResult.NONE,
        reported_at=NOW - timedelta(days=2),
    )
    AltaOrderFactory(enrollment=check.enrollment)

    page = shown(client.get(VIGENCIAS))

    assert "NO, por corregir (1)" in page
    assert "19 de agosto de 2026 2 días hábiles" in page
    assert "Falta ponerla en un lote" in page
    assert "Ya se corrigió" in page


def test_vigencias_shows_what_was_read_in_the_constancia(client, laura, plantel):
    stay = registered(plantel).enrollment
    VigenciaCheckFactory(
        enrollment=stay,
        is_sure=False,
        constancia=StoredFileFactory(enrollment=stay, derivative_pages=["aa/a-01"]),
        reading={"has_right": False, "umf": 5, "issued_on": "2026-08-20", "is_own": False},
    )

    page = shown(client.get(VIGENCIAS, {"estado": "sin-saber"}))

    assert "SÍ, por el plantel; no sabe por quién" in page
    read = "Leímos: derecho a servicio médico NO · UMF 5 · del 20 de agosto de 2026"
    assert f"Distinto de lo que dijo La CURP no es la suya {read}" in page


def test_vigencias_of_who_said_nothing(client, laura, plantel):
    registered(plantel)

    page = shown(client.get(VIGENCIAS, {"estado": "sin-contestar"}))

    assert "Nada todavía – – –" in page


def test_vigencias_without_anybody_says_so(client, laura):
    page = client.get(VIGENCIAS)

    assert "Todavía nadie tiene que revisar su vigencia" in shown(page)
    assert "?estado=" not in page.content.decode()


def test_vigencias_without_anybody_in_the_filter_says_so(client, laura, plantel):
    registered(plantel)

    assert "Nadie en este filtro" in shown(client.get(VIGENCIAS))


@pytest.mark.parametrize("rows", [1, 3])
def test_vigencias_takes_a_fixed_number_of_queries(
    client, laura, plantel, rows, django_assert_num_queries
):
    for _ in range(rows):
        VigenciaCheckFactory(enrollment=registered(plantel).enrollment, result=VigenciaResult.NONE)

    with django_assert_num_queries(20):
        client.get(VIGENCIAS)


def test_repairing_asks_the_student_again(client, laura, plantel):
    check = VigenciaCheckFactory(
        enrollment=registered(plantel).enrollment, result=VigenciaResult.NONE
    )

    asked = {"consulta": check.pk}
    page = shown(client.post(of("repair_vigencia", check.enrollment), asked, follow=True))

    check.refresh_from_db()
    assert check.repaired_by == laura
    assert "Le pedimos a Ana Gómez Martínez que revise otra vez." in page


@pytest.mark.parametrize("result", [None, VigenciaResult.BY_SCHOOL])
def test_repairing_what_needs_none_says_so(client, laura, plantel, result):
    stay, asked = registered(plantel).enrollment, {"consulta": "x"}
    if result:
        asked = {"consulta": VigenciaCheckFactory(enrollment=stay, result=result).pk}

    page = shown(client.post(of("repair_vigencia", stay), asked, follow=True))

    assert "Este NO ya se atendió" in page


def test_repairing_on_an_old_page_leaves_the_newer_no(client, laura, plantel):
    stay = registered(plantel).enrollment
    mended = VigenciaCheckFactory(enrollment=stay, result=VigenciaResult.NONE, is_current=False)
    newer = VigenciaCheckFactory(enrollment=stay, result=VigenciaResult.NONE)
    elsewhere = VigenciaCheckFactory(result=VigenciaResult.NONE)

    for check in (mended, elsewhere):
        asked = {"consulta": check.pk}
        page = shown(client.post(of("repair_vigencia", stay), asked, follow=True))
        assert "Este NO ya se atendió" in page

    assert set(VigenciaCheck.objects.filter(is_current=True)) == {newer, elsewhere}


def test_asking_counts_before_it_asks(client, laura, plantel):
    registered(plantel, group="101")

    page = shown(client.get(ASK, {"plantel": plantel.clave, "grupo": "101"}))

    assert "Se le pide a 1 estudiante" in page
    assert VigenciaCampaign.objects.count() == 0


@pytest.mark.parametrize(("count", "who"), [(1, "1 estudiante"), (2, "2 estudiantes")])
def test_asking_tells_how_many_and_lists_the_campaign(client, laura, plantel, count, who):
    for _ in range(count):
        registered(plantel)

    page = shown(client.post(ASK, {"plantel": plantel.clave}, follow=True))

    assert f"Le pedimos su vigencia a {who}." in page
    assert f"{plantel}, todos {count} 0 {count}" in page
    assert VigenciaCheck.objects.count() == 0


def test_asking_nobody_says_so(client, laura, plantel):
    page = shown(client.post(ASK, {"plantel": plantel.clave}))

    assert "En esa selección no hay a quién preguntar" in page
    assert "Nadie a quién pedirla" in page


def test_a_photo_entered_at_the_window_is_the_students(client, laura, plantel):
    stay = insured(plantel)
    picture = SimpleUploadedFile("carnet.jpg", hostile.jpeg())

    client.post(of("register_for_student", stay), ANSWER | {"carnet": picture})

    assert UMFRegistration.objects.get().carnet.enrollment == stay
