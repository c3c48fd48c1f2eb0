"""A-01: how a registro patronal sends its movements, written by the administration; nothing is taken for right."""

import pytest
from django.test import Client
from django.urls import reverse

from affiliation.forms.profiles import ASK, ProfileForm
from affiliation.models import Profile
from affiliation.queries.profiles import file_profile, registros
from school.states import Role
from tests.affiliation.test_views_batches import prove, said
from tests.factories.affiliation import ProfileFactory
from tests.factories.school import PlantelFactory, staff

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"
LIST = reverse("affiliation:profiles")
EDIT = reverse("affiliation:edit_profile", args=[REGISTRO])
TYPED = {
    "guia": "05417",
    "salario": "315.04",
    "tipo_trabajador": "1",
    "tipo_salario": "0",
    "jornada": "0",
    "umf_desconocida": "000",
    "encoding": "CP1252",
    "enie": "KEEP",
    "accents": "REPLACE",
    "changes": "STOP",
    "line_ending": "CRLF",
    "filler": "ZEROS",
    "causa_TEMPORARY": "6",
    "causa_FINISHED": "a",
}


@pytest.fixture
def plantel(db):
    return PlantelFactory(registro_patronal=REGISTRO)


@pytest.fixture
def admin(plantel):
    return staff(Role.ADMIN)


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    prove(client)
    return client


def test_list_profiles_names_each_registro_and_who_has_none(client, plantel):
    without, closed = PlantelFactory(), PlantelFactory(registro_patronal="X", is_active=False)
    other = PlantelFactory(registro_patronal="A1234567890")
    profile = ProfileFactory()

    page = client.get(LIST)

    assert page.context["rows"] == [("A1234567890", [other], None), (REGISTRO, [plantel], profile)]
    assert list(page.context["without"]) == [without]
    assert closed.registro_patronal not in registros()


def test_list_profiles_without_any_registro_says_who_writes_it(client, plantel):
    plantel.registro_patronal = ""
    plantel.save()

    page = client.get(LIST)

    told = page.content.decode()
    assert "Ningún plantel tiene registro patronal" in told
    assert "Lo registra quien administra el portal." in told


def test_edit_profile_keeps_what_the_movement_file_takes(client, admin, plantel):
    page = client.post(EDIT, TYPED, follow=True)

    profile = Profile.objects.get()
    how = file_profile(REGISTRO, profile.settings)
    assert said(page) == ["Perfil guardado. Vale para los lotes que se hagan desde ahora."]
    assert (how.guia, how.salario, how.encoding, how.enie, how.changes, how.filler) == (
        *("05417", 31504, "CP1252", "KEEP", "STOP", "ZEROS"),
    )
    assert how.causas == {"TEMPORARY": "6", "FINISHED": "A"}
    assert how.control_record is False
    assert profile.history.latest().history_user == admin


def test_edit_profile_again_keeps_the_former_in_the_history(client, plantel):
    client.post(EDIT, TYPED)
    client.post(EDIT, TYPED | {"guia": "05418"})

    profile = Profile.objects.get()
    assert profile.settings["guia"] == "05418"
    assert "05417" in {one.settings.get("guia") for one in profile.history.all()}


def test_edit_profile_shows_what_is_kept(client, plantel):
    client.post(EDIT, TYPED)

    form = client.get(EDIT).context["form"]

    shown = {name: form[name].value() for name in TYPED}
    assert {name: str(value) for name, value in shown.items()} == TYPED | {"causa_FINISHED": "A"}


def test_edit_profile_says_what_the_file_still_lacks(client, plantel):
    client.post(EDIT, TYPED | {"guia": "", "salario": ""})

    missing = client.get(EDIT).context["missing"]

    assert [one.split(".")[0] for one in missing["alta"]] == [
        "La guía lleva 5 números",
        "El salario va de 0",
    ]
    assert len(missing["baja"]) == 1


def test_edit_profile_begins_without_a_value_that_only_the_subdelegacion_knows(client, plantel):
    page = client.get(EDIT)

    form = page.context["form"]
    assert [form[name].value() for name in ("guia", "salario", "tipo_trabajador")] == [None] * 3
    assert form["control_record"].value() is True
    assert page.context["missing"] == {}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"guia": "12"}, {"guia": ["«Guía»: escribir 5 números, o dejarlo vacío"]}),
        (
            {"salario": "10000"},
            {"salario": ["«Salario base, en pesos»: escribir de 0.00 a 9999.99, o dejarlo vacío"]},
        ),
        (
            {"tipo_trabajador": "0"},
            {"tipo_trabajador": ["«Tipo de trabajador»: escribir de 1 a 9, o dejarlo vacío"]},
        ),
        ({"enie": ""}, {"enie": ["«La Ñ»: elegir una opción"]}),
        (
            {"causa_TRANSFER": "Ñ"},
            {
                "causa_TRANSFER": [
                    "«Causa de baja: traslado a otro plantel»: escribir de 1 a 9, o A, o dejarlo vacío"
                ]
            },
        ),
    ],
)
def test_edit_profile_refuses_what_no_file_can_hold(client, plantel, typed, errors):
    page = client.post(EDIT, TYPED | typed)

    assert page.context["form"].errors == errors
    assert not Profile.objects.exists()


def test_every_setting_is_labelled_as_not_confirmed():
    form = ProfileForm(profile=None)

    assert [name for name, one in form.fields.items() if ASK not in one.help_text] == []


def test_edit_profile_of_a_registro_that_no_plantel_has(client):
    address = reverse("affiliation:edit_profile", args=["A1234567890"])

    assert client.get(address).status_code == 404
