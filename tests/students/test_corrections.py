"""What Control Escolar corrects for a student: the address and number in use, and where he lives."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from notices.actions import send_again
from notices.models import Notice
from notices.states import NoticeState
from school.models import LoginSession
from school.states import Role
from school.visitors import Visitor
from students.actions import corrections as actions
from students.actions.access_codes import issue_codes
from students.actions.sign_in import (
    SignInRefused,
    mint_sign_in_secret,
    request_email_code,
    request_sign_in,
    sign_in_with_code,
    sign_in_with_mailed_code,
)
from students.models import Enrollment, PostalCode, Student, StudentData
from students.queries.sign_in import has_trusted_mailbox, mailbox_of, phone_of
from students.states import CodeChannel, EnrollmentState, Event
from tests.factories.notices import bounced
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, StudentDataFactory, curp, nss

pytestmark = pytest.mark.django_db

VISITOR = Visitor(address="203.0.113.7")
LATER = NOW + timedelta(hours=1)
OLD, NEW = "ana@correo.example", "ana.gomez@correo.example"
PHONE, NEW_PHONE = "6621234567", "6627654321"
ADDRESS = {
    "postal_code": "83010",
    "colonia": "Las Granjas",
    "municipio": "Hermosillo",
    "estado": "Sonora",
    "street": "Yáñez",
    "exterior_number": "4",
    "interior_number": "2",
    "address_notes": "",
}


@pytest.fixture
def stay() -> Enrollment:
    """Somebody who confirmed an address and gave a number."""
    given = StudentDataFactory(
        email=OLD,
        phone=PHONE,
        enrollment__roster_email="otro@correo.example",
        enrollment__first_signed_in_at=NOW,
    )
    return given.enrollment


@pytest.fixture
def new_stay() -> Enrollment:
    """Somebody of whom only the list speaks."""
    return EnrollmentFactory(roster_email=OLD, roster_phone=PHONE)


def fresh(stay: Enrollment) -> Enrollment:
    return Enrollment.objects.select_related("data", "student__user").get(pk=stay.pk)


def by(stay: Enrollment):
    return {"by": staff(Role.RESPONSABLE, stay.plantel), "now": LATER}


def mails() -> list[tuple[str, str, str]]:
    return list(Notice.objects.order_by("pk").values_list("message", "to_email", "state"))


# The address and the number ------------------------------------------------------------------------
def test_correct_contact_writes_what_is_used_and_tells_the_address_that_was_confirmed(client, stay):
    request_email_code(stay, now=NOW)
    client.force_login(stay.student.user)
    person = by(stay)

    actions.correct_contact(stay, email=NEW, phone=NEW_PHONE, **person)

    again = fresh(stay)
    assert (mailbox_of(again), phone_of(again)) == (NEW, NEW_PHONE)
    assert (again.data.email, again.data.email_confirmed_at, again.data.phone) == (
        *(NEW, None),
        NEW_PHONE,
    )
    assert (again.roster_email, again.roster_phone) == (NEW, NEW_PHONE)
    assert mails() == [
        ("M-00", OLD, NoticeState.CANCELLED),
        ("M-23", OLD, NoticeState.QUEUED),
    ]
    assert LoginSession.objects.count() == 0
    line = stay.timeline.get()
    assert (line.event, line.by, line.at) == (Event.CONTACT_CORRECTED, person["by"], LATER)
    assert line.data == {
        "changes": [
            {"field": "correo electrónico", "before": OLD, "after": NEW},
            {"field": "celular", "before": PHONE, "after": NEW_PHONE},
        ]
    }


def test_correct_contact_ends_the_code_that_was_mailed_and_keeps_the_one_on_paper(new_stay):
    mailed, paper = (
        issue_codes([new_stay], channel, by=None, now=NOW)[new_stay.pk]
        for channel in (CodeChannel.MAIL, CodeChannel.SLIP)
    )
    Enrollment.objects.filter(pk=new_stay.pk).update(first_signed_in_at=NOW)

    actions.correct_contact(new_stay, email=NEW, phone=PHONE, **by(new_stay))

    with pytest.raises(SignInRefused):
        sign_in_with_code(new_stay.matricula, mailed, visitor=VISITOR, now=LATER)
    assert sign_in_with_code(new_stay.matricula, paper, visitor=VISITOR, now=LATER)


def test_correct_contact_lets_in_by_a_mail_there_and_the_student_confirms_it(stay):
    actions.correct_contact(stay, email=NEW, phone=PHONE, **by(stay))
    again = fresh(stay)
    trusted = has_trusted_mailbox(again)
    request_sign_in(stay.matricula, visitor=VISITOR, now=LATER)
    mail = Notice.objects.get(message="M-00")
    code = mint_sign_in_secret(mail, now=LATER)["code"]

    sign_in_with_mailed_code(stay.matricula, code, visitor=VISITOR, now=LATER)

    assert trusted
    assert mail.to_email == NEW
    assert fresh(stay).data.email_confirmed_at == LATER


def test_correct_contact_lets_what_bounced_be_sent_to_the_new_address(stay):
    notice = bounced(stay)

    actions.correct_contact(stay, email=NEW, phone=PHONE, **by(stay))

    notice.refresh_from_db()
    assert (notice.to_email, send_again(notice, now=LATER).to_email) == (OLD, NEW)


def test_correct_contact_that_takes_the_address_away_leaves_what_bounced(stay):
    notice = bounced(stay)

    actions.correct_contact(stay, email="", phone=PHONE, **by(stay))

    notice.refresh_from_db()
    assert notice.corrected_email == ""


def test_correct_contact_of_an_address_that_nobody_confirmed_tells_nobody(stay):
    StudentData.objects.update(email_confirmed_at=None)

    actions.correct_contact(stay, email=NEW, phone=PHONE, **by(stay))

    assert mailbox_of(fresh(stay)) == NEW
    assert mails() == []


def test_correct_contact_of_a_number_leaves_the_address_confirmed(stay):
    actions.correct_contact(stay, email=OLD, phone="", **by(stay))

    again = fresh(stay)
    assert (phone_of(again), again.data.email, again.data.email_confirmed_at) == ("", OLD, NOW)
    assert again.roster_email == "otro@correo.example"
    assert mails() == []


def test_correct_contact_of_who_never_entered_sends_the_code_there(new_stay):
    actions.correct_contact(new_stay, email=NEW, phone=PHONE, **by(new_stay))

    again = fresh(new_stay)
    assert (again.roster_email, again.roster_phone) == (NEW, PHONE)
    assert StudentData.objects.count() == 0
    assert mails() == [("M-01", NEW, NoticeState.QUEUED)]


def test_correct_contact_of_who_has_begun_keeps_the_question_open(stay):
    StudentData.objects.update(email="", email_confirmed_at=None, phone="")

    actions.correct_contact(stay, email=NEW, phone=NEW_PHONE, **by(stay))

    again = fresh(stay)
    assert (again.roster_email, again.roster_phone) == (NEW, NEW_PHONE)
    assert (again.data.email, again.data.phone) == ("", "")


def test_correct_contact_of_who_has_no_address_and_never_entered(new_stay):
    Enrollment.objects.update(roster_email="")

    actions.correct_contact(new_stay, email="", phone=NEW_PHONE, **by(new_stay))

    assert fresh(new_stay).roster_phone == NEW_PHONE
    assert mails() == []


def test_correct_contact_twice_is_refused(stay):
    person = by(stay)
    actions.correct_contact(stay, email=NEW, phone=PHONE, **person)

    with pytest.raises(actions.NothingChanged):
        actions.correct_contact(stay, email=NEW, phone=PHONE, **person)

    assert len(mails()) == 1
    assert stay.timeline.count() == 1


# The address ---------------------------------------------------------------------------------------
def test_correct_address_keeps_what_it_was_before(stay):
    actions.correct_address(stay, **ADDRESS, **by(stay))

    data = fresh(stay).data
    line = stay.timeline.get()
    assert {name: getattr(data, name) for name in ADDRESS} == ADDRESS
    assert data.confirmed_at == NOW
    assert line.event == Event.ADDRESS_CORRECTED
    assert line.data["changes"][0] == {
        "field": "código postal",
        "before": "83000",
        "after": "83010",
    }
    assert [one["field"] for one in line.data["changes"]] == [
        *("código postal", "colonia", "calle", "número exterior", "número interior")
    ]


def test_correct_address_of_who_gave_none_begins_the_draft(new_stay):
    actions.correct_address(new_stay, **ADDRESS, **by(new_stay))

    data = fresh(new_stay).data
    assert (data.street, data.is_person_confirmed, data.confirmed_at) == ("Yáñez", False, None)


def test_correct_address_twice_is_refused(stay):
    person = by(stay)
    actions.correct_address(stay, **ADDRESS, **person)

    with pytest.raises(actions.NothingChanged):
        actions.correct_address(stay, **ADDRESS, **person)

    assert stay.timeline.count() == 1


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.FINISHED])
def test_who_left_is_corrected_no_more(stay, state):
    Enrollment.objects.update(state=state)

    with pytest.raises(actions.StayOver):
        actions.correct_contact(stay, email=NEW, phone=PHONE, **by(stay))
    with pytest.raises(actions.StayOver):
        actions.correct_address(stay, **ADDRESS, **by(stay))
    with pytest.raises(actions.StayOver):
        actions.correct_curp(stay, curp=curp(8_000), **by(stay))

    assert stay.timeline.count() == 0


# The CURP -----------------------------------------------------------------------------------------
def test_correct_curp_changes_it_though_the_nss_is_proven(stay):
    stay.student.nss = nss(1)
    stay.student.save(update_fields=["nss"])
    before = stay.student.curp

    actions.correct_curp(stay, curp=curp(8_000), **by(stay))

    again = fresh(stay)
    line = stay.timeline.get()
    assert (again.student.curp, again.student.nss) == (curp(8_000), nss(1))
    assert line.event == Event.CURP_CORRECTED
    assert line.data == {
        "changes": [{"field": "CURP", "before": f"…{before[-5:]}", "after": f"…{curp(8_000)[-5:]}"}]
    }


def test_correct_curp_of_who_had_none_and_again(stay):
    Student.objects.update(curp=None)
    person = by(stay)
    actions.correct_curp(stay, curp=curp(8_000), **person)

    with pytest.raises(actions.NothingChanged):
        actions.correct_curp(stay, curp=curp(8_000), **person)

    assert stay.timeline.get().data["changes"][0]["before"] == ""


def test_correct_curp_waits_while_a_batch_has_it_in_any_stay(stay):
    sent = EnrollmentFactory(student=stay.student, state=EnrollmentState.WITHDRAWN)
    Enrollment.objects.filter(pk=sent.pk).update(sent_to_imss_at=NOW)

    with pytest.raises(actions.CurpSentToIMSS):
        actions.correct_curp(stay, curp=curp(8_000), **by(stay))


@pytest.mark.parametrize("is_at_once", [False, True])
def test_correct_curp_of_another_is_refused(stay, monkeypatch, is_at_once):
    other = EnrollmentFactory().student
    if is_at_once:
        monkeypatch.setattr(actions, "has_curp_of_another", lambda *_: False)

    with pytest.raises(actions.CurpOfAnother):
        actions.correct_curp(stay, curp=other.curp, **by(stay))

    assert stay.timeline.count() == 0


# The pages -----------------------------------------------------------------------------------------
@pytest.fixture
def clock(time_machine):
    time_machine.move_to(LATER, tick=False)


@pytest.fixture
def responsable(client, stay, clock):
    client.force_login(staff(Role.RESPONSABLE, stay.plantel))


def at(name: str, stay: Enrollment) -> str:
    return reverse(f"students:correct_{name}", args=[stay.public_id])


def said(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def errors(response) -> list[str]:
    found = re.findall(r'class="field-error">(.*?)</p>', response.content.decode(), re.DOTALL)
    return [" ".join(strip_tags(each).split()) for each in found]


def test_the_ficha_leads_to_both_corrections(client, stay, responsable):
    page = client.get(reverse("followup:student_file", args=[stay.public_id])).content.decode()

    assert (
        page.count(at("contact", stay)) == 3
    )  # e-mail, number, and the line about the lost mailbox
    assert page.count(at("address", stay)) == 1


def test_the_ficha_of_who_left_leads_to_none(client, stay, responsable):
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)

    page = client.get(reverse("followup:student_file", args=[stay.public_id])).content.decode()

    assert at("contact", stay) not in page
    assert at("address", stay) not in page


def test_contact_is_corrected_and_the_student_is_off_the_list_of_bounced(client, stay, responsable):
    bounced(stay, bounced_at=LATER)
    rows = reverse("followup:bounced")
    before = said(client.get(rows))

    answer = client.post(at("contact", stay), {"email": NEW.upper(), "phone": "662 765 4321"})

    again = fresh(stay)
    assert "1 correo rebotado" in before
    assert answer.url == reverse("followup:student_file", args=[stay.public_id])
    assert (mailbox_of(again), phone_of(again)) == (NEW, NEW_PHONE)
    assert "Ningún correo rebotado" in said(client.get(rows))


def test_contact_asks_about_a_mistyped_domain(client, stay, responsable):
    typed = {"email": "ana@gmial.com", "phone": PHONE}
    asked = client.post(at("contact", stay), typed)
    before = fresh(stay).data.email

    client.post(at("contact", stay), typed | {"email_choice": "correct"})

    assert "¿Será ana@gmail.com?" in said(asked)
    assert before == OLD
    assert fresh(stay).data.email == "ana@gmail.com"


def test_contact_says_what_is_wrong(client, stay, responsable):
    nothing = client.post(at("contact", stay), {"email": "", "phone": "66212345"})
    half = client.post(at("contact", stay), {"email": "ana", "phone": "6" * 21})
    same = client.post(at("contact", stay), {"email": OLD, "phone": PHONE})

    wrong_email = "Error: Escribir el correo completo, con @ y lo que sigue"
    wrong_phone = "Error: Escribir el celular con sus 10 dígitos"
    assert errors(nothing) == errors(half) == [wrong_email, wrong_phone]
    assert "Así está ya registrado: no hay nada que guardar" in said(same)


def test_contact_may_stay_without_address_where_there_was_none(client, stay, responsable):
    StudentData.objects.all().delete()
    Enrollment.objects.update(roster_email="")

    client.post(at("contact", stay), {"email": "", "phone": NEW_PHONE})

    assert fresh(stay).roster_phone == NEW_PHONE


def test_contact_says_how_the_student_will_enter(client, stay, new_stay, responsable):
    Enrollment.objects.filter(pk=new_stay.pk).update(plantel=stay.plantel)

    known, unknown = (said(client.get(at("contact", each))) for each in (stay, new_stay))

    assert "Si se cambia, le avisamos también ahí y se cierran sus sesiones." in known
    assert "Entra con su matrícula y el código que llega al correo nuevo." in known
    assert "Todavía no entra: le mandamos su código de activación al correo nuevo." in unknown
    assert "se cierran sus sesiones" not in unknown


def test_address_takes_municipio_and_estado_from_the_catalogue(client, stay, responsable):
    PostalCode.objects.create(
        code="83010", municipio="Hermosillo", estado="Sonora", colonias=["Las Granjas"]
    )
    typed = ADDRESS | {"postal_code": "83 010", "municipio": "", "estado": ""}

    answer = client.post(at("address", stay), typed)

    data = fresh(stay).data
    assert answer.url == reverse("followup:student_file", args=[stay.public_id])
    assert {name: getattr(data, name) for name in ADDRESS} == ADDRESS


def test_address_says_what_is_wrong(client, stay, responsable):
    nothing = client.post(at("address", stay), {})
    unknown = client.post(
        at("address", stay), ADDRESS | {"postal_code": "99999", "municipio": "", "estado": ""}
    )
    short = client.post(
        at("address", stay), ADDRESS | {"postal_code": "830", "municipio": "M" * 121}
    )

    no_place = (
        "Error: Ese código postal no está en el catálogo: escribir también el municipio y el estado"
    )
    wrong_code = "Error: Escribir los 5 números del código postal"
    assert errors(nothing) == [
        wrong_code,
        "Error: Escribir la colonia",
        "Error: Escribir la calle",
        "Error: Escribir el número exterior, o S/N si no tiene",
    ]
    assert errors(unknown) == [no_place, no_place]
    assert errors(short) == [wrong_code, "Error: Escribir 120 letras o menos"]


def test_address_that_went_to_imss_says_that_the_change_does_not(client, stay, responsable):
    before = said(client.get(at("address", stay)))
    Enrollment.objects.update(sent_to_imss_at=NOW)

    after = said(client.get(at("address", stay)))

    sentence = "Su alta ya se mandó al IMSS con el domicilio anterior."
    assert (sentence in before, sentence in after) == (False, True)


@pytest.mark.parametrize("role", [Role.REVISOR, Role.CONSULTA])
def test_corrections_are_for_the_responsable_alone(client, stay, clock, role):
    client.force_login(staff(role, stay.plantel))

    answers = [client.get(at(name, stay)).status_code for name in ("contact", "address")]

    assert answers == [403, 403]


def test_the_history_tells_each_side_in_its_words(client, stay, responsable):
    client.post(at("contact", stay), {"email": NEW, "phone": PHONE})
    client.post(at("address", stay), ADDRESS)
    history = reverse("followup:student_file", args=[stay.public_id]) + "?ver=historial"
    for_staff = said(client.get(history))

    client.force_login(stay.student.user)
    own = said(client.get(reverse("followup:my_steps")))

    assert "Control Escolar corrigió su correo o celular" in for_staff
    assert "Control Escolar corrigió su domicilio" in for_staff
    assert "El plantel corrigió tu correo o celular" in own
    assert "El plantel corrigió tu domicilio" in own
    assert f"Confirma tu correo {NEW}" in own


def test_correct_curp_page_takes_it_as_people_write_it(client, stay, responsable):
    typed = curp(8_000)

    wrong = client.post(at("curp", stay), {"curp": typed[:-1]})
    taken = client.post(at("curp", stay), {"curp": f" {typed.lower()} "})

    assert wrong.status_code == 200
    assert list(wrong.context["form"].errors) == ["curp"]
    assert stay.student.curp not in wrong.content.decode()
    assert taken.url == reverse("followup:student_file", args=[stay.public_id])
    assert fresh(stay).student.curp == typed
