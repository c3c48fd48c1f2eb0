"""T23: access ends with the account, the plantel or the role that gave it, and so does what was ordered with it."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.adapter import mint_reset_link
from notices.models import Notice
from papers.models import PrintJob
from papers.states import PrintState
from school.models import LoginSession, Membership, Plantel, User
from school.states import Role
from students.access_codes import clean_code
from students.actions import sign_in as actions
from students.actions.access_codes import issue_codes, queue_slips
from students.models import AccessCode
from students.queries.sign_in import live_codes
from students.states import CodeChannel
from students.tasks import NOT_ANY_MORE, print_slips
from tests.factories.school import PASSWORD, TOTP_SECRET, PlantelFactory, UserFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db


def test_a_responsable_who_moves_sees_the_new_plantel_and_no_longer_the_old(client):
    old, new = PlantelFactory(), PlantelFactory()
    there, here = EnrollmentFactory(plantel=old), EnrollmentFactory(plantel=new)
    user = staff(Role.RESPONSABLE, old)
    client.force_login(user)
    page = {stay: reverse("followup:student_file", args=[stay.public_id]) for stay in (there, here)}
    assert [client.get(page[stay]).status_code for stay in (there, here)] == [200, 404]

    Membership.objects.filter(user=user).update(plantel=new)

    assert [client.get(page[stay]).status_code for stay in (there, here)] == [404, 200]


def test_a_plantel_that_closes_takes_its_people_along(client):
    plantel = PlantelFactory()
    client.force_login(staff(Role.REVISOR, plantel))
    assert client.get(reverse("followup:students")).status_code == 200

    Plantel.objects.filter(pk=plantel.pk).update(is_active=False)

    assert client.get(reverse("followup:students")).status_code == 404


# Closing an account --------------------------------------------------------------------------------
@pytest.fixture
def technician() -> Client:
    """A superuser in Django's admin, where accounts are opened and closed."""
    user = UserFactory(is_superuser=True, is_staff=True)
    TOTP.activate(user, TOTP_SECRET)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def laura() -> User:
    user = staff(
        Role.RESPONSABLE, PlantelFactory(), name="Laura Ríos", email="laura@correo.example"
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def save_in_admin(technician: Client, user: User, **changes: str) -> None:
    """Press «Guardar» on that person's page of the admin, with some fields changed."""
    membership = user.memberships.first()
    fields = {
        "name": user.name,
        "email": user.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": membership.pk,
        "memberships-0-user": user.pk,
        "memberships-0-plantel": membership.plantel_id,
        "memberships-0-role": membership.role,
    } | changes
    sent = {name: value for name, value in fields.items() if value != ""}
    answer = technician.post(reverse("admin:school_user_change", args=[user.pk]), sent)
    assert answer.status_code == 302, re.findall("errorlist.*", answer.content.decode())


def test_closing_an_account_ends_every_sign_in_for_good(client, technician, laura):
    phone = Client()
    for browser in (client, phone):
        browser.force_login(laura)
        assert browser.get(reverse("followup:today")).status_code == 200

    save_in_admin(technician, laura, is_active="")
    outcomes = [browser.get(reverse("followup:today")).status_code for browser in (client, phone)]
    User.objects.filter(pk=laura.pk).update(is_active=True)  # the person comes back
    later = [browser.get(reverse("followup:today")).status_code for browser in (client, phone)]

    assert LoginSession.objects.filter(user=laura).count() == 0
    assert outcomes == later == [302, 302]


def test_closing_an_account_ends_the_password_and_the_link_to_a_new_one(client, technician, laura):
    client.post(reverse("account_reset_password"), {"email": laura.email})
    notice = Notice.objects.get(message="STAFF-RESET")
    path = mint_reset_link(notice, now=timezone.now())["path"]

    save_in_admin(technician, laura, is_active="")
    User.objects.filter(pk=laura.pk).update(is_active=True)
    answer = client.post(
        reverse("account_login"), {"login": laura.email, "password": PASSWORD}
    ).content.decode()

    assert "El correo o la contraseña no coinciden" in answer
    assert "El enlace ya no sirve" in client.get(path, follow=True).content.decode()


def test_saving_an_account_as_it_is_ends_and_tells_nothing(client, technician, laura):
    client.force_login(laura)

    save_in_admin(technician, laura)

    assert client.get(reverse("followup:today")).status_code == 200
    assert Notice.objects.count() == 0


def test_a_new_password_ends_the_sign_ins_on_other_devices(client, laura):
    other = Client()
    for browser in (client, other):
        browser.force_login(laura)
    new = "otra frase larga y nueva"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert client.get(reverse("followup:today")).status_code == 200
    assert other.get(reverse("followup:today")).status_code == 302
    assert [notice.context["what"] for notice in Notice.objects.all()] == ["contraseña nueva"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": "otra@correo.example"}, {"laura@correo.example", "otra@correo.example"}),
        ({"memberships-0-role": Role.CONSULTA}, {"laura@correo.example"}),
    ],
    ids=["e-mail", "role"],
)
def test_who_works_here_is_told_of_another_email_or_role(technician, laura, changes, told):
    save_in_admin(technician, laura, **changes)

    notices = Notice.objects.filter(message="STAFF-CHANGE")
    assert {notice.to_email for notice in notices} == told


def test_the_former_email_opens_nothing_any_more(client, technician, laura):
    client.post(reverse("account_reset_password"), {"email": laura.email})
    mint_reset_link(Notice.objects.get(message="STAFF-RESET"), now=timezone.now())

    save_in_admin(technician, laura, email="otra@correo.example")
    sign_in = reverse("account_login")
    former = client.post(sign_in, {"login": "laura@correo.example", "password": PASSWORD})
    own = client.post(sign_in, {"login": "otra@correo.example", "password": PASSWORD})

    assert "El correo o la contraseña no coinciden" in former.content.decode()
    assert own.url == reverse("mfa_authenticate")


def test_the_same_email_in_capitals_is_no_other(technician, laura):
    save_in_admin(technician, laura, email="LAURA@correo.example")

    assert User.objects.get(pk=laura.pk).email == "laura@correo.example"
    assert Notice.objects.count() == 0


def test_a_lost_second_factor_is_taken_and_another_enrolled(client, technician, laura):
    client.force_login(laura)
    chosen = {"action": "reset_second_factors", "_selected_action": [laura.pk]}

    answers = [technician.post(reverse("admin:school_user_changelist"), chosen) for _ in range(2)]
    ended = client.get(reverse("followup:today"))
    client.post(reverse("account_login"), {"login": laura.email, "password": PASSWORD})
    entered = client.get(reverse("followup:today"))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ended.url.partition("?")[0] == reverse("account_login")
    assert entered.url == reverse("mfa_activate_totp")
    assert [one.context["what"] for one in Notice.objects.all()] == ["segundo factor quitado"]
    assert LogEntry.objects.get().change_message == "Segundo factor quitado"


@pytest.mark.parametrize("model", [EmailAddress, Authenticator])
def test_the_ways_into_an_account_have_no_page_of_their_own(technician, model):
    name = f"{model._meta.app_label}/{model._meta.model_name}/"

    answer = technician.get(reverse("admin:index") + name)

    assert answer.status_code == 404
    assert not admin.site.is_registered(model)


# What was ordered before ----------------------------------------------------------------------------
def test_slips_that_wait_are_not_drawn_for_who_may_not_print_them_any_more(laura):
    plantel = laura.memberships.get().plantel
    stay = EnrollmentFactory(plantel=plantel, group="101")
    code = issue_codes([stay], CodeChannel.SLIP, by=laura, now=timezone.now())[stay.pk]
    queue_slips(plantel, ["101"], reprint=True, by=laura, now=timezone.now())

    Membership.objects.filter(user=laura).update(role=Role.REVISOR)
    print_slips()

    job = PrintJob.objects.get()
    assert (job.state, job.error, job.path) == (PrintState.FAILED, NOT_ANY_MORE, "")
    assert clean_code(code)
    assert AccessCode.objects.filter(enrollment=stay, voided_at__isnull=True).count() == 1


def test_sheets_that_are_ready_are_not_given_to_who_left(client, laura):
    plantel = laura.memberships.get().plantel
    EnrollmentFactory(plantel=plantel, group="101")
    (job,) = queue_slips(plantel, ["101"], reprint=False, by=laura, now=timezone.now())
    print_slips()
    client.force_login(laura)

    Membership.objects.filter(user=laura).delete()

    path = reverse("papers:download_print_job", args=[job.public_id])
    assert client.post(path).status_code == 404


# Students -------------------------------------------------------------------------------------------
def test_a_student_whose_account_is_closed_is_out_with_every_code_and_link(client):
    data = StudentDataFactory()
    stay, user = data.enrollment, data.enrollment.student.user
    client.force_login(user)
    assert client.get(reverse("students:my_data")).status_code == 200
    actions.request_sign_in(
        stay.matricula, visitor=actions.Visitor("203.0.113.7"), now=timezone.now()
    )
    secret = actions.mint_sign_in_secret(Notice.objects.get(message="M-00"), now=timezone.now())

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(reverse("students:my_data")).status_code == 302
    assert live_codes(stay, now=timezone.now())
    answer = Client().post(reverse("students:sign_in_link"), {"token": secret["fragment"]})
    assert answer.status_code == 200
    assert "El código no coincide o ya venció" in answer.content.decode()
