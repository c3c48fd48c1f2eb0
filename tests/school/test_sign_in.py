"""The staff's way in: e-mail, password, second factor; and the way to a new password."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import identify_hasher
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from notices.adapter import mint_reset_link
from notices.models import Notice
from notices.render import render_mail
from school.states import Role
from tests.factories.school import (
    PASSWORD,
    TOTP_SECRET,
    MembershipFactory,
    PlantelFactory,
    UserFactory,
    staff,
)
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def responsable():
    user = staff(Role.RESPONSABLE, PlantelFactory(), email="laura@correo.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, password=PASSWORD, email="laura@correo.example"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_sign_in_asks_for_the_second_factor(client, responsable):
    response = sign_in(client)

    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("school:planteles")).status_code == 302


def test_sign_in_with_both_factors_enters(client, responsable):
    sign_in(client)

    response = client.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})

    assert response.url == reverse("followup:today")
    assert client.get(reverse("school:planteles")).status_code == 200


def test_sign_in_finds_who_it_is_by_the_index_of_the_email(client, responsable):
    with CaptureQueriesContext(connection) as asked:
        sign_in(client)

    looked = [one["sql"] for one in asked if "laura@correo.example" in one["sql"].lower()]
    found = [sql[sql.index("SELECT") :] for sql in looked if 'FROM "school_user"' in sql]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = [explain(cursor, sql) for sql in found]
    assert len(plans) == 2
    assert ["school_user_email_once" in plan for plan in plans] == [True, True]


def explain(cursor, sql):
    cursor.execute(f"EXPLAIN {sql}")
    return str(cursor.fetchall())


def test_a_technician_without_a_role_begins_in_the_admin(client):
    user = UserFactory(email="sistemas@correo.example", is_superuser=True, is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, TOTP_SECRET)
    sign_in(client, email=user.email)

    entered = client.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})

    assert entered.url == reverse("admin:index")
    assert client.get(entered.url).status_code == 200


def test_a_code_works_once(client, responsable):
    code = current_code(TOTP_SECRET)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("account_logout"))
    sign_in(client)

    response = client.post(reverse("mfa_authenticate"), {"code": code})

    assert "El código no coincide" in response.content.decode()


@pytest.mark.parametrize("email", ["laura@correo.example", "nadie@correo.example"])
def test_sign_in_does_not_tell_what_was_wrong(client, responsable, email):
    page = sign_in(client, password="otra cosa larga", email=email).content.decode()

    assert "El correo o la contraseña no coinciden" in page


def test_sign_in_without_a_password_keeps_the_email(client):
    page = sign_in(client, password="").content.decode()

    assert "Escribir la contraseña" in page
    assert 'value="laura@correo.example"' in page


def test_staff_without_a_second_factor_is_led_to_it_from_everywhere(client):
    client.force_login(MembershipFactory().user)

    response = client.get(reverse("school:planteles"))

    assert response.url == reverse("mfa_activate_totp")


def test_the_second_factor_is_enrolled_with_recovery_codes(client):
    user = MembershipFactory(user__email="nueva@correo.example").user
    user.set_password(PASSWORD)
    user.save()
    sign_in(client, email="nueva@correo.example")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]

    client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)}, follow=True)

    assert set(Authenticator.objects.filter(user=user).values_list("type", flat=True)) == {
        "totp",
        "recovery_codes",
    }
    assert secret not in str(Authenticator.objects.filter(user=user).values_list("data", flat=True))


def test_the_second_factor_of_an_old_sign_in_asks_for_the_password_first(client, time_machine):
    user = MembershipFactory(user__email="nueva@correo.example").user
    user.set_password(PASSWORD)
    user.save()
    time_machine.move_to(NOW)
    sign_in(client, email="nueva@correo.example")
    time_machine.move_to(NOW + timedelta(minutes=11))
    activate = reverse("mfa_activate_totp")

    asked = client.get(activate, follow=True)
    answer = client.post(asked.request["PATH_INFO"], {"password": PASSWORD, "next": activate})

    again = reverse("account_reauthenticate", query={"next": activate})
    assert asked.redirect_chain == [(again, 302)]
    assert asked.context["form"].fields["password"].label == "Contraseña"
    assert answer.url == activate


def test_new_recovery_codes_of_an_old_sign_in_ask_who_it_is_first(
    client, responsable, time_machine
):
    time_machine.move_to(NOW)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})
    time_machine.move_to(NOW + timedelta(minutes=11))
    page = reverse("mfa_generate_recovery_codes")

    asked = client.get(page)
    answer = client.post(
        reverse("mfa_reauthenticate"), {"code": current_code(TOTP_SECRET), "next": page}
    )

    assert asked.url == reverse("account_reauthenticate", query={"next": page})
    assert answer.url == page
    assert client.get(page).status_code == 200


def test_the_second_factor_cannot_be_switched_off():
    with pytest.raises(NoReverseMatch):
        reverse("mfa_deactivate_totp")


def test_passwords_are_kept_as_measured(responsable):
    assert responsable.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert identify_hasher(responsable.password).algorithm == "argon2"


def test_sign_up_does_not_exist(client):
    assert client.get("/personal/registro/").status_code in {302, 404}


def ask_reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def test_a_reset_link_sets_a_new_password_once(client, responsable):
    ask_reset(client, responsable.email)
    notice = Notice.objects.get(message="STAFF-RESET")
    path = mint_reset_link(notice, now=timezone.now())["path"]

    form = client.get(path, follow=True)
    new = {"password1": "otra frase muy larga", "password2": "otra frase muy larga"}
    done = client.post(form.redirect_chain[-1][0], new)

    responsable.refresh_from_db()
    assert done.url == reverse("account_reset_password_from_key_done")
    assert responsable.check_password("otra frase muy larga")
    assert "El enlace ya no sirve" in client.get(path, follow=True).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(client, responsable):
    known = ask_reset(client, responsable.email)
    unknown = ask_reset(client, "nadie@correo.example")

    rows = Notice.objects.filter(expires_at__gt=timezone.now())
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [row.to_email for row in rows] == [responsable.email]


def test_a_reset_for_somebody_without_a_role_sends_nothing(client):
    UserFactory(email="sin-funcion@correo.example")

    ask_reset(client, "sin-funcion@correo.example")

    assert Notice.objects.filter(expires_at__gt=timezone.now()).count() == 0


def test_the_reset_mail_carries_the_link_and_keeps_none(client, responsable):
    ask_reset(client, responsable.email)
    notice = Notice.objects.get(message="STAFF-RESET")
    secrets = mint_reset_link(notice, now=timezone.now())

    mail = render_mail(notice, secrets)

    assert secrets["path"] in mail.text
    assert secrets["path"] not in mail.kept_body


def test_a_reset_answers_everybody_alike(client):
    """T10: known, without a role, account closed and unknown cannot be told apart."""
    plantel = PlantelFactory()
    addresses = [
        *(staff(Role.REVISOR, plantel).email for _ in range(50)),
        *(user.email for user in UserFactory.create_batch(50)),
        *(user.email for user in UserFactory.create_batch(50, is_active=False)),
        *(f"desconocido{n}@correo.example" for n in range(50)),
    ]
    answers = set()

    for address in addresses:
        cache.clear()
        response = type(client)().post(reverse("account_reset_password"), {"email": address})
        headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
        answers.add((response.status_code, str(headers), response.content))

    assert len(answers) == 1
    assert Notice.objects.count() == len(addresses)
