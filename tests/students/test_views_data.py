"""The questions as a browser sees them, with and without script."""

from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from school.middleware import SIGNED_IN_AT
from students.actions.data import DataClosed
from students.actions.sign_in import mint_sign_in_secret
from students.models import Declaration, Enrollment, PostalCode, Student, StudentData, TimelineEntry
from students.states import EnrollmentState, OtherCover
from tests.factories.students import EnrollmentFactory, StudentDataFactory, StudentFactory, curp
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

LOCKED = 'FOR UPDATE OF "students_enrollment"'
LOOKED = 'INSERT INTO "students_nextlook"'
CONTACT = {"email": "ana@correo.example", "phone": "662 123 4567", "accepts_whatsapp": "on"}
ADDRESS = {
    "postal_code": "83000",
    "colonia": "Centro",
    "other_colonia": "",
    "street": "Rosales",
    "exterior_number": "12",
}


@pytest.fixture
def hermosillo() -> PostalCode:
    return PostalCode.objects.create(
        code="83000", estado="Sonora", municipio="Hermosillo", colonias=["Centro", "San Benito"]
    )


@pytest.fixture
def student(client):
    """Sign in a student of whom only the roster is known."""
    enrollment = EnrollmentFactory(roster_phone="6621234567")
    client.force_login(enrollment.student.user)
    return enrollment


@pytest.fixture
def done(client):
    """Sign in a student who confirmed the data."""
    enrollment = StudentDataFactory().enrollment
    client.force_login(enrollment.student.user)
    return enrollment


def url(name: str) -> str:
    return reverse(f"students:{name}")


def page(response) -> str:
    return response.content.decode()


# The way through -----------------------------------------------------------------------------------
def test_the_whole_way_from_the_roster_to_the_declaration(client, student, hermosillo):
    answers = [
        ("confirm_person", {}),
        ("contact", CONTACT),
        ("address", ADDRESS),
        ("other_cover", {"other_cover": "NONE"}),
        ("confirm_data", {}),
    ]

    led = [client.post(url(name), data)["Location"] for name, data in answers]

    assert led == [
        url("contact"),
        url("address"),
        url("other_cover"),
        url("confirm_data"),
        reverse("followup:my_steps"),
    ]
    data = StudentData.objects.get()
    assert (data.email, data.phone, data.municipio) == (
        "ana@correo.example",
        "6621234567",
        "Hermosillo",
    )
    assert data.confirmed_at is not None
    assert Declaration.objects.count() == 2


def test_every_step_resumes_where_the_student_left(client, student, hermosillo):
    client.post(url("confirm_person"), {})
    client.post(url("contact"), CONTACT)

    led = [
        client.get(url(name))["Location"] for name in ("continue_data", "my_data", "confirm_data")
    ]

    assert led == [url("address")] * 3


def test_confirm_person_shows_what_the_curp_says(client, student):
    shown = page(client.get(url("confirm_person")))

    assert "¿Estos datos son tuyos?" in shown
    assert "Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer." in shown
    assert "Paso 1 de 4" in shown
    assert reverse("followup:report_roster_data") in shown


def test_confirm_person_asks_for_a_curp_that_the_roster_lacks(client):
    enrollment = EnrollmentFactory(student__curp=None)
    client.force_login(enrollment.student.user)

    asked = page(client.get(url("confirm_person")))
    first = client.post(url("confirm_person"), {"curp": curp(3).lower()})
    second = client.post(url("confirm_person"), {"curp": curp(3).lower(), "read": curp(3)})

    enrollment.student.refresh_from_db()
    assert "¿Cuál es tu CURP?" in asked
    assert "Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer." in page(first)
    assert second["Location"] == url("contact")
    assert enrollment.student.curp == curp(3)


def test_confirm_person_with_the_curp_of_another(client):
    StudentFactory(curp=curp(3))
    enrollment = EnrollmentFactory(student__curp=None)
    client.force_login(enrollment.student.user)

    response = client.post(url("confirm_person"), {"curp": curp(3), "read": curp(3)})

    assert "Otra persona ya usa esta CURP. Avisa a Control Escolar" in page(response)


def test_read_curp_says_it_before_the_form_is_sent(client, student):
    whole = client.post(url("read_curp"), {"curp": curp(3)})
    half = client.post(url("read_curp"), {"curp": curp(3)[:10]})

    assert "Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer." in page(whole)
    assert f'name="read" value="{curp(3)}"' in page(whole)
    assert page(half).strip() == ""


def test_contact_opens_with_what_the_roster_knows(client, student):
    shown = page(client.get(url("contact")))

    assert f'value="{student.roster_email}"' in shown
    assert 'value="6621234567"' in shown
    assert "Correo o celular de tu mamá, papá o tutor" not in shown


def test_contact_asks_a_minor_for_the_guardian(client):
    enrollment = EnrollmentFactory(student__curp="BASE090215MNERLLA6")
    client.force_login(enrollment.student.user)

    assert "Correo o celular de tu mamá, papá o tutor" in page(client.get(url("contact")))


def test_contact_asks_about_a_typo_and_never_blocks(client, student):
    typed = {**CONTACT, "email": "ana@gmial.com"}

    asked = client.post(url("contact"), typed)
    kept = client.post(url("contact"), {**typed, "email_choice": "keep"})

    assert "¿Quisiste decir ana@<strong>gmail.com</strong>?" in page(asked)
    assert kept["Location"] == url("confirm_person")
    assert StudentData.objects.get().email == "ana@gmial.com"


def test_address_without_script(client, student, hermosillo):
    looked = client.post(url("address"), {"postal_code": "83000", "find": "1"})
    mine = client.post(url("address"), {"postal_code": "83000", "free": "1", "colonia": ""})
    unknown = client.post(url("address"), {"postal_code": "99999"})

    assert "Encontramos 2 colonias en Hermosillo, Sonora" in page(looked)
    assert "Mi colonia no aparece" in page(looked)
    assert "Escribe tu calle" not in page(looked)
    assert 'name="municipio"' in page(mine)
    assert "No encontramos ese código postal. Revísalo o escribe tu domicilio completo" in (
        page(unknown)
    )


def test_find_places_answers_at_the_fifth_digit(client, student, hermosillo):
    codes = ("8300", "83000", "99999", "")
    answers = [client.get(url("find_places"), {"postal_code": code}) for code in codes]

    assert [answer.status_code for answer in answers] == [204, 200, 200, 204]
    assert "San Benito" in page(answers[1])
    assert 'name="municipio"' in page(answers[2])


def test_other_cover_with_a_yes_stops_once(client):
    enrollment = StudentDataFactory(confirmed_at=None, other_cover="").enrollment
    client.force_login(enrollment.student.user)

    response = client.post(url("other_cover"), {"other_cover": OtherCover.IMSS_FAMILY})
    shown = page(client.get(response["Location"]))

    assert response["Location"] == url("consider_other_cover")
    assert f'href="{url("confirm_data")}"' in shown
    assert reverse("renuncias:start") in shown


def test_confirm_data_shows_everything_with_a_way_to_change_it(client):
    enrollment = StudentDataFactory(confirmed_at=None, other_cover=OtherCover.OTHER).enrollment
    client.force_login(enrollment.student.user)

    shown = page(client.get(url("confirm_data")))

    assert 'Cambiar<span class="visually-hidden"> correo electrónico</span>' in shown
    assert "Tengo servicio médico de otra institución, y aun así pido este seguro." in shown
    assert "Usamos estos datos solo para tu afiliación al IMSS." in shown


def test_confirm_data_twice_leads_home_both_times(client):
    enrollment = StudentDataFactory(confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)

    led = [client.post(url("confirm_data"))["Location"] for _ in range(3)]

    assert led == [reverse("followup:my_steps")] * 3
    assert (Declaration.objects.count(), Notice.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_confirm_data_tapped_twice_at_the_same_moment_leads_home(client):
    enrollment = StudentDataFactory(confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)

    with just_before(LOOKED, lambda: client.post(url("confirm_data"))):
        response = client.post(url("confirm_data"))

    assert response["Location"] == reverse("followup:my_steps")
    assert (Declaration.objects.count(), Notice.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_confirm_data_of_a_stay_that_ends_at_the_same_moment_says_so(client):
    enrollment = StudentDataFactory(confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)
    ended = partial(Enrollment.objects.update, state=EnrollmentState.WITHDRAWN)

    with just_before(LOCKED, ended):
        response = client.post(url("confirm_data"))

    assert response["Location"] == url("continue_data")
    assert [str(said) for said in get_messages(response.wsgi_request)] == [DataClosed.sentence]
    assert Declaration.objects.count() == 0


def test_a_question_asked_again_leads_back_to_the_summary(client):
    enrollment = StudentDataFactory(confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)

    response = client.get(url("other_cover"))

    assert response.context["back_url"] == url("confirm_data")


# E-18 ----------------------------------------------------------------------------------------------
def test_my_data_shows_whom_else_the_portal_may_reach(client):
    enrollment = StudentDataFactory(guardian_contact="6629876543").enrollment
    client.force_login(enrollment.student.user)

    shown = page(client.get(url("my_data")))

    assert "Mamá, papá o tutor" in shown
    assert "6629876543" in shown


def test_my_data_of_a_curp_that_an_old_roster_let_through(client):
    enrollment = StudentDataFactory(enrollment__student__curp="GOMA080230MSRMRNA5").enrollment
    client.force_login(enrollment.student.user)

    assert "GOMA080230MSRMRNA5" in page(client.get(url("my_data")))


def test_my_data_that_are_at_imss_are_changed_by_control_escolar_alone(client, done):
    done.sent_to_imss_at = timezone.now()
    done.save(update_fields=["sent_to_imss_at"])

    shown = page(client.get(url("my_data")))
    asked = [client.get(url(name))["Location"] for name in ("address", "other_cover")]

    assert "Tu plantel ya mandó tu domicilio al IMSS" in shown
    assert (url("address") in shown, url("other_cover") in shown) == (False, False)
    assert url("contact") in shown
    assert asked == [url("my_data")] * 2


def test_my_data_is_corrected_with_a_trace(client, done, hermosillo):
    response = client.post(url("address"), {**ADDRESS, "street": "Yáñez"}, follow=True)

    assert response.redirect_chain == [(url("my_data"), 302)]
    assert "Guardamos el cambio." in page(response)
    assert "Yáñez 12" in page(response)
    assert TimelineEntry.objects.get().event == "DATA_CORRECTED"


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED])
def test_my_data_is_only_read_once_the_stay_is_over(client, state):
    enrollment = StudentDataFactory(enrollment__state=state).enrollment
    client.force_login(enrollment.student.user)

    shown = page(client.get(url("my_data")))
    sent = client.post(url("contact"), CONTACT)

    assert "Cambiar" not in shown
    assert "Pide el cambio a Control Escolar" in shown
    assert sent["Location"] == url("my_data")
    assert StudentData.objects.get().email == enrollment.data.email


def age_of_sign_in(client, seconds: int) -> None:
    session = client.session
    session[SIGNED_IN_AT] = timezone.now().timestamp() - seconds
    session.save()


def test_change_email_needs_a_code_to_the_old_one(client, done):
    age_of_sign_in(client, 3600)

    asked = page(client.get(url("change_email")))
    refused = client.post(url("change_email"), {"email": "nuevo@correo.example"})
    client.post(url("resend_confirmation"))
    code = mint_sign_in_secret(Notice.objects.get(message="M-00"), now=timezone.now())["code"]
    proved = client.post(url("confirm_email"), {"code": code})
    changed = client.post(url("change_email"), {"email": "nuevo@correo.example"})

    assert "te mandamos un código a ese correo" in asked
    assert refused.status_code == 200
    assert proved["Location"] == url("change_email")
    assert changed["Location"] == url("my_data")
    data = StudentData.objects.get()
    assert (data.email, data.email_confirmed_at) == ("nuevo@correo.example", None)
    assert Notice.objects.get(message="M-23").to_email == done.data.email


def test_confirm_email_with_the_code_it_received(client):
    enrollment = StudentDataFactory(email_confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)
    client.post(url("resend_confirmation"))
    code = mint_sign_in_secret(Notice.objects.get(), now=timezone.now())["code"]

    wrong = client.post(url("confirm_email"), {"code": "x"})
    right = client.post(url("confirm_email"), {"code": code})

    assert "El código no coincide o ya venció. Pide otro" in page(wrong)
    assert right["Location"] == reverse("followup:my_steps")
    assert StudentData.objects.get().email_confirmed_at is not None


def test_resend_confirmation_hundred_times(client, done):
    for _ in range(100):
        client.post(url("resend_confirmation"))

    assert Notice.objects.count() == 3


# Strangers and smugglers ---------------------------------------------------------------------------
PAGES = [
    *("my_data", "continue_data", "confirm_person", "read_curp", "contact", "address"),
    *("find_places", "other_cover", "consider_other_cover", "confirm_data"),
    *("change_email", "resend_confirmation", "confirm_email", "accept_privacy_notice"),
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_the_students_own(client, name):
    from school.states import Role
    from tests.factories.school import staff

    asked = client.get(url(name))
    client.force_login(staff(Role.ADMIN))

    assert asked["Location"].startswith(url("sign_in"))
    assert client.post(url(name)).status_code in {302, 404, 405}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("confirm_person", {}),
        ("contact", CONTACT),
        ("address", ADDRESS),
        ("other_cover", {"other_cover": "NONE"}),
        ("change_email", {"email": "otro@correo.example"}),
    ],
)
def test_forms_change_only_what_they_ask_for(client, done, hermosillo, name, typed):
    allowed = {
        "confirm_person": {"is_person_confirmed"},
        "contact": {"phone", "accepts_whatsapp"},
        "address": set(ADDRESS) | {"municipio", "estado", "interior_number", "address_notes"},
        "other_cover": {"other_cover"},
        "change_email": {"email", "email_confirmed_at"},
    }[name] | {"updated_at"}
    smuggled = {
        field.name: "1"
        for model in (Student, Enrollment, StudentData)
        for field in model._meta.concrete_fields
        if field.name not in typed
    }
    extra = {"state": "FINISHED", "plantel": "999", "is_staff": "1", "nss": "24260812342"}
    before = snapshot(done)

    client.post(url(name), {**smuggled, **extra, **typed})

    changed = {key for key, value in snapshot(done).items() if before[key] != value}
    assert changed <= {f"StudentData.{field}" for field in allowed}


def snapshot(enrollment) -> dict[str, object]:
    """Read every column of the student's rows."""
    student = enrollment.student
    rows = [
        Student.objects.filter(pk=student.pk).values().get(),
        Enrollment.objects.filter(pk=enrollment.pk).values().get(),
        StudentData.objects.filter(enrollment=enrollment).values().get(),
        type(student.user).objects.filter(pk=student.user_id).values().get(),
    ]
    names = ("Student", "Enrollment", "StudentData", "User")
    return {
        f"{name}.{column}": value
        for name, row in zip(names, rows, strict=True)
        for column, value in row.items()
    }


@pytest.mark.parametrize("name", ["my_data", "confirm_person", "contact", "address", "other_cover"])
def test_pages_cost_the_same_however_many_students_there_are(
    client, done, name, hermosillo, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url(name))
    with CaptureQueriesContext(connection) as alone:
        client.get(url(name))
    StudentDataFactory.create_batch(3, enrollment__plantel=done.plantel)

    with django_assert_num_queries(len(alone)):
        client.get(url(name))
