"""Every sentence a student can meet while typing, and everything that is forgiven."""

from datetime import date

import pytest

from students.forms.address import UNKNOWN_CODE, AddressForm, initial_address
from students.forms.data import ChangeEmailForm, ContactForm, OtherCoverForm, PersonForm
from students.forms.email_typos import suggested_email
from students.forms.sign_in import LostCodeForm, MailedCodeForm, MatriculaForm, SignInForm
from students.models import PostalCode
from tests.factories.students import StudentDataFactory, curp

TODAY = date(2026, 8, 27)
STREET = {"street": "Rosales", "exterior_number": "12"}


def errors(form) -> dict[str, list[str]]:
    return {name: list(found) for name, found in form.errors.items()}


def contact(data=None, *, is_minor=True, asks_email=True) -> ContactForm:
    return ContactForm(data, initial={}, is_minor=is_minor, asks_email=asks_email)


def address(data) -> AddressForm:
    return AddressForm(data, initial={})


@pytest.fixture
def hermosillo(db) -> PostalCode:
    return PostalCode.objects.create(
        code="83000", estado="Sonora", municipio="Hermosillo", colonias=["Centro", "San Benito"]
    )


# E-01 ----------------------------------------------------------------------------------------------
def test_sign_in_form_empty():
    assert errors(SignInForm({}, action="/entrar/")) == {
        "matricula": ["Escribe tu matrícula"],
        "code": ["Escribe tu código de activación"],
    }


def test_sign_in_forms_empty_elsewhere():
    assert errors(MatriculaForm({})) == {"matricula": ["Escribe tu matrícula"]}
    assert errors(MailedCodeForm({}, matricula="1")) == {"code": ["Escribe el código de 6 números"]}
    assert errors(MailedCodeForm({})) == {
        "matricula": ["Escribe tu matrícula"],
        "code": ["Escribe el código de 6 números"],
    }
    assert errors(LostCodeForm({})) == {"email": ["Escribe tu correo electrónico"]}
    assert errors(LostCodeForm({"email": "ana"})) == {
        "email": ["Escribe tu correo completo, con @ y lo que sigue"]
    }


# E-02 ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Escribe tu CURP"),
        (curp(1)[:17], "La CURP debe tener 18 letras y números; escribiste 17"),
        (
            curp(1)[:17] + str((int(curp(1)[17]) + 1) % 10),
            "Revisa tu CURP: el último número no corresponde. "
            "Suele pasar al confundir la letra O con el cero",
        ),
        ("GOMA080230MSRMRNA5", "Revisa tu CURP: la fecha 30 de febrero no existe"),
    ],
)
def test_person_form_refuses(typed, sentence):
    form = PersonForm({"curp": typed}, known=None, today=TODAY)

    assert errors(form) == {"curp": [sentence]}


def test_person_form_shows_what_it_read_before_it_is_ready():
    typed = f" {curp(1)[:4].lower()}-{curp(1)[4:]} "

    first = PersonForm({"curp": typed}, known=None, today=TODAY)
    second = PersonForm({"curp": typed, "read": curp(1)}, known=None, today=TODAY)
    changed = PersonForm({"curp": curp(2), "read": curp(1)}, known=None, today=TODAY)

    assert [form.is_ready for form in (first, second, changed)] == [False, True, False]
    assert first.person.sentence == "Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer."
    assert second.answer == {"curp": curp(1)}


def test_person_form_with_a_known_curp_takes_nothing():
    form = PersonForm({"curp": curp(9), "read": curp(9)}, known=curp(1), today=TODAY)

    assert (form.is_ready, form.answer) == (True, {"curp": None})


# E-03 ----------------------------------------------------------------------------------------------
def test_contact_form_empty():
    assert errors(contact({})) == {"email": ["Escribe tu correo electrónico"]}


@pytest.mark.parametrize(
    "email", ["ana", "ana@", "ana@correo", "a b@correo.example", "a@b.mx\nBcc: x@y.mx"]
)
def test_contact_form_refuses_half_an_address(email):
    assert errors(contact({"email": email})) == {
        "email": ["Escribe tu correo completo, con @ y lo que sigue"]
    }


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("6621234567", "6621234567"),
        ("662 123 45 67", "6621234567"),
        ("(662) 123-4567", "6621234567"),
        ("+52 662 123 4567", "6621234567"),
        ("+52 1 662 123 4567", "6621234567"),
        ("", ""),
    ],
)
def test_contact_form_forgives_how_a_phone_is_written(phone, kept):
    form = contact({"email": "ana@correo.example", "phone": phone})

    assert form.is_ready
    assert form.answer["phone"] == kept


def test_contact_form_counts_the_digits():
    form = contact({"email": "ana@correo.example", "phone": "662123456"})

    assert errors(form) == {"phone": ["El celular debe tener 10 dígitos; escribiste 9"]}


@pytest.mark.parametrize("typed", ["mama", "mama@", "mama@casa", "66212"])
def test_contact_form_guardian_must_be_reachable(typed):
    form = contact({"email": "ana@correo.example", "guardian_contact": typed})

    assert errors(form) == {
        "guardian_contact": ["Escribe un correo completo o un celular de 10 dígitos"]
    }


def test_contact_form_keeps_the_guardians_email_in_small_letters():
    form = contact({"email": "ana@correo.example", "guardian_contact": " Mama@Correo.EXAMPLE "})

    assert form.is_ready
    assert form.answer["guardian_contact"] == "mama@correo.example"


def test_contact_form_asks_only_minors_for_the_guardian():
    form = contact({"email": "ana@correo.example", "guardian_contact": "x"}, is_minor=False)

    assert form.is_ready
    assert form.answer["guardian_contact"] == ""


def test_contact_form_never_takes_an_address_it_does_not_ask_for():
    form = contact({"email": "x@correo.example"}, asks_email=False)

    assert form.is_ready
    assert form.answer["email"] is None


def test_contact_form_asks_about_a_typo_and_lets_it_pass():
    typed = {"email": "Ana@gmial.com"}

    asks = contact(typed)
    corrected = contact({**typed, "email_choice": "correct"})
    kept = contact({**typed, "email_choice": "keep"})

    assert (asks.is_valid(), asks.is_ready, asks.suggestion) == (True, False, "ana@gmail.com")
    assert [button.text for button in asks.helper.buttons] == ["Sí, corregir", "No, así es"]
    assert (corrected.is_ready, corrected.answer["email"]) == (True, "ana@gmail.com")
    assert (kept.is_ready, kept.answer["email"]) == (True, "ana@gmial.com")


def test_change_email_form_asks_about_a_typo():
    form = ChangeEmailForm({"email": "ana@hotmal.com"})

    assert (form.is_ready, form.suggestion) == (False, "ana@hotmail.com")


@pytest.mark.parametrize(
    ("email", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@gmail.com.mx", "ana@gmail.com"),
        ("ana@gmai.com", "ana@gmail.com"),
        ("ana@hotnail.com", "ana@hotmail.com"),
        ("ana@outlok.com", "ana@outlook.com"),
        ("ana@yaho.com.mx", "ana@yahoo.com.mx"),
        ("ana@gmail.com", ""),
        ("ana@ymail.com", ""),
        ("ana@mail.com", ""),
        ("ana@live.com.mx", ""),
        ("ana@uson.mx", ""),
        ("ana@cobach.edu.mx", ""),
        ("ana", ""),
    ],
)
def test_suggested_email(email, meant):
    assert suggested_email(email) == meant


# E-04 ----------------------------------------------------------------------------------------------
def test_address_form_empty(db):
    assert errors(address({})) == {
        "postal_code": ["Escribe tu código postal"],
        "street": ["Escribe tu calle"],
        "exterior_number": ["Escribe el número de tu casa, o S/N si no tiene"],
    }


def test_address_form_counts_the_digits(db):
    assert errors(address({"postal_code": "8300", **STREET})) == {
        "postal_code": ["El código postal tiene 5 números; escribiste 4"]
    }


def test_address_form_says_before_it_is_sent_that_digits_are_missing(db):
    form = AddressForm(initial={"postal_code": "8300"})

    assert form.status == "El código postal tiene 5 números; escribiste 4"


def test_address_form_asks_for_the_list_first(hermosillo):
    form = address({"postal_code": "83000", "street": "Rosales"})

    assert (form.is_valid(), form.is_listed) == (False, True)
    assert form.errors == {}
    assert form.status == "Encontramos 2 colonias en Hermosillo, Sonora"
    assert form["street"].value() == "Rosales"


@pytest.mark.parametrize("colonia", ["", "Otra de la lista vieja"])
def test_address_form_wants_a_colonia_of_the_list(hermosillo, colonia):
    form = address({"postal_code": "83000", "colonia": colonia, **STREET})

    assert errors(form) == {"colonia": ["Elige tu colonia"]}


def test_address_form_takes_municipio_and_estado_from_the_catalogue(hermosillo):
    form = address(
        {
            "postal_code": "83 000",
            "colonia": "Centro",
            "municipio": "Otro",
            "estado": "Jalisco",
            **STREET,
        }
    )

    assert form.is_valid()
    assert form.answer == {
        "postal_code": "83000",
        "colonia": "Centro",
        "municipio": "Hermosillo",
        "estado": "Sonora",
        "street": "Rosales",
        "exterior_number": "12",
        "interior_number": "",
        "address_notes": "",
    }


def test_address_form_colonia_that_is_not_listed(hermosillo):
    typed = {"postal_code": "83000", "colonia": "otra", **STREET}

    empty, written = address(typed), address({**typed, "other_colonia": "La Nueva"})

    assert errors(empty) == {"other_colonia": ["Escribe tu colonia"]}
    assert written.is_valid()
    assert (written.answer["colonia"], written.answer["municipio"]) == ("La Nueva", "Hermosillo")


def test_address_form_not_my_municipio(hermosillo):
    asked = address({"postal_code": "83000", "colonia": "Centro", "free": "1", **STREET})
    answered = address(
        {
            "postal_code": "83000",
            "free_place": "1",
            "other_colonia": "Centro",
            "municipio": "Carbó",
            "estado": "Sonora",
            **STREET,
        }
    )

    assert (asked.is_bound, asked.is_free) == (False, True)
    assert answered.is_valid()
    assert (answered.answer["municipio"], answered.answer["estado"]) == ("Carbó", "Sonora")


def test_address_form_unknown_code_never_blocks(db):
    typed = {"postal_code": "99999", "other_colonia": "", "municipio": "", "estado": "", **STREET}
    filled = {"other_colonia": "Centro", "municipio": "Hermosillo", "estado": "Sonora"}

    empty, written = address(typed), address({**typed, **filled})

    assert empty.status == UNKNOWN_CODE
    assert errors(empty) == {
        "municipio": ["Escribe tu municipio o alcaldía"],
        "estado": ["Elige tu estado"],
        "other_colonia": ["Escribe tu colonia"],
    }
    assert written.is_valid()
    assert written.answer["postal_code"] == "99999"


def test_address_form_opens_as_it_was_left(hermosillo):
    listed = AddressForm(initial=initial_address(StudentDataFactory()))
    typed = AddressForm(initial=initial_address(StudentDataFactory(colonia="La Nueva")))
    other = AddressForm(initial=initial_address(StudentDataFactory(municipio="Carbó")))
    unknown = AddressForm(initial=initial_address(StudentDataFactory(postal_code="99999")))

    assert listed["colonia"].value() == "Centro"
    assert (typed["colonia"].value(), typed["other_colonia"].value()) == ("otra", "La Nueva")
    assert (other.is_free, other["municipio"].value()) == (True, "Carbó")
    assert (unknown.is_free, unknown["other_colonia"].value()) == (True, "Centro")


# E-05 ----------------------------------------------------------------------------------------------
def test_other_cover_form_empty():
    assert errors(OtherCoverForm({}, initial={})) == {
        "other_cover": ["Elige una respuesta; si no estás seguro, elige «No sé»"]
    }
