"""E13: what every mail must be, over all messages."""

import re

import pytest
from django.utils import timezone

from notices.messages import MESSAGES
from notices.render import BLANK, preview_body, preview_subject, render_mail, words_said
from school.actions.texts import publish_text
from school.states import Role, TextKind
from tests.factories.notices import NoticeFactory
from tests.factories.school import staff

pytestmark = pytest.mark.django_db
SAMPLES = {
    "enrollment": 1,
    "user": 1,
    "first_name": "Ana",
    "due_on": "2026-08-27",
    "review_due_on": "2026-08-31",
    "folio": "A26-05-000148",
    "responsable": "María Félix Castro",
    "reason": "Tu foto salió borrosa, oscura o cortada.",
    "remedy": "Ponla sobre una mesa con luz y que salga toda la hoja.",
    "weekday": "lunes",
    "contact": "María Félix Castro, Control Escolar, edificio A, plantel05@correo.example",
    "acuses": 148,
    "late": 31,
    "cases": 7,
    "what": "contraseña nueva",
    "changed_on": "2026-08-24",
    "baja": "Causaste baja temporal",
    "left_on": "2026-08-24",
    "opens_on": "2026-08-31",
    "place": "Control Escolar, edificio A",
    "needs_guardian": True,
    "asunto": "Tu acuse está aceptado",
    "cuerpo": "Sigue tu plantel.\n\n[aquí va el enlace]",
    "sheets": 312,
    "dias": "3 días hábiles",
    "plantel": "Plantel 05 Hermosillo",
    "lista": "Plantel 05 Hermosillo: SUB26-05-0031",
    "missing": "acta de nacimiento certificada",
    "correccion": "El número que viste en el portal no es el tuyo: no lo uses.",
    "acuse": "aaaaaaaaaaaaaaaaaaaaaa",
    "job": "aaaaaaaaaaaaaaaaaaaaaa",
}
SECRETS = {
    "": {},
    "MAIL": {"code": "ABCD2345"},
    "SIGN_IN": {"code": "123456", "fragment": "x" * 43},
    "STAFF_RESET": {"path": "/personal/contrasena/nueva/1-abc-def/"},
}


@pytest.fixture(params=sorted(MESSAGES))
def mail(request):
    message = MESSAGES[request.param]
    notice = NoticeFactory(
        message=request.param, context={key: SAMPLES[key] for key in message.needs}
    )
    return notice, render_mail(notice, SECRETS[message.secret])


def test_subject_is_short(mail):
    assert 0 < len(mail[1].subject) <= 60


def test_body_has_at_most_120_words(mail):
    assert len(mail[1].text.split()) <= 120


def test_text_and_html_have_exactly_one_link_to_us(mail, settings):
    assert mail[1].text.count(settings.BASE_URL) == 1
    assert len(re.findall(r"<a ", mail[1].html)) == 1


def test_no_curp_and_no_nss_in_a_mail(mail):
    assert re.search(r"\b[A-Z]{4}\d{6}[A-Z0-9]{8}\b|\b\d{11}\b", mail[1].text) is None


def test_the_kept_body_has_no_secret(mail):
    notice, rendered = mail
    secrets = SECRETS[MESSAGES[notice.message].secret].values()

    assert [one for one in secrets if one not in rendered.text] == []
    assert [one for one in secrets if one in rendered.kept_body] == []
    assert (BLANK in rendered.kept_body) is bool(secrets)


def test_preview_before_sending_is_what_is_kept_after_it(mail):
    notice, rendered = mail

    assert preview_body(notice) == rendered.kept_body


def test_words_that_a_student_never_reads(mail):
    assert re.search(r"por favor|lo sentimos|inválid|oops", mail[1].text, re.I) is None


def test_dates_are_read_as_a_weekday():
    notice = NoticeFactory(message="M-02", context={"due_on": "2026-08-27"})

    assert "a más tardar el jueves 27 de agosto" in preview_body(notice)


@pytest.mark.parametrize("message", ["M-01", "M-06", "M-08"])
@pytest.mark.parametrize("no_date", ["", None])
def test_a_mail_without_a_date_leaves_its_words_out(message, no_date):
    context = {key: SAMPLES[key] for key in MESSAGES[message].needs}
    context |= {key: no_date for key in context if key.endswith("_on")}

    body = preview_body(NoticeFactory(message=message, context=context))

    assert re.search(r"None|tardar|Tienes hasta| el [.:]| $", body) is None


def test_the_activation_mail_tells_until_when():
    context = {"enrollment": 1, "first_name": "Ana", "due_on": "2026-08-27"}

    body = preview_body(NoticeFactory(message="M-01", context=context))

    assert body.endswith("\n\nTienes hasta el jueves 27 de agosto.")


def test_a_name_cannot_become_markup():
    notice = NoticeFactory(to_name="<b>Ana</b>")

    assert "<b>Ana</b>" not in render_mail(notice, {}).html


def test_a_mail_says_the_version_in_use():
    publish_text(
        TextKind.M_09,
        {"subject": "Aceptado, {{nombre}}", "body": "Ya está, {{nombre}}."},
        based_on=0,
        by=staff(Role.ADMIN),
        now=timezone.now(),
    )
    notice = NoticeFactory(message="M-09", to_name="Ana <Gómez>", context={})

    rendered = render_mail(notice, {})

    assert rendered.subject == "Aceptado, Ana"
    assert rendered.text.startswith("Ya está, Ana.\n\nVer mi trámite:\n\nhttp")


def test_what_stands_in_a_variable_is_not_read_again():
    notice = NoticeFactory(
        message="M-08",
        context={"reason": "{{enlace}} {% x %}", "remedy": "<b>Otra</b>", "due_on": ""},
    )

    rendered = render_mail(notice, {})

    assert rendered.text.startswith("Motivo: {{enlace}} {% x %}\n\nQué hacer: <b>Otra</b>\n\n")
    assert "&lt;b&gt;Otra&lt;/b&gt;" in rendered.html
    assert "Súbelo otra vez cuanto antes:" in rendered.text


def test_one_is_counted_without_a_plural():
    notice = NoticeFactory(message="M-21", context={"acuses": 1, "late": 2, "cases": 0})

    assert preview_subject(notice) == "Hoy: 1 acuse por revisar, 2 vencidos"
    assert "2 estudiantes con plazo vencido\n0 casos de" in preview_body(notice)


@pytest.mark.parametrize(
    ("weekday", "subject", "until"),
    [
        ("", "Mañana vence tu plazo para el acuse", "mañana, jueves 27 de agosto"),
        ("jueves", "El jueves vence tu plazo para el acuse", "el jueves 27 de agosto"),
    ],
)
def test_the_day_of_the_deadline_is_named(weekday, subject, until):
    notice = NoticeFactory(message="M-03", context={"due_on": "2026-08-27", "weekday": weekday})

    assert preview_subject(notice) == subject
    assert f"El plazo termina {until}." in preview_body(notice)


def test_a_renuncia_of_who_is_of_age_is_signed_alone():
    context = {"place": "Control Escolar", "due_on": "2026-08-27", "needs_guardian": False}

    body = preview_body(NoticeFactory(message="M-17", context=context))

    assert "Debe ir firmada por ti. Entrégala" in body


def test_words_said_are_those_of_the_version_that_was_begun():
    by, now = staff(Role.ADMIN), timezone.now()
    fields = {"subject": "Uno", "body": "Uno."}
    publish_text(TextKind.M_09, fields, based_on=0, by=by, now=now)
    publish_text(TextKind.M_09, {"subject": "Dos", "body": "Dos."}, based_on=1, by=by, now=now)
    begun = NoticeFactory(message="M-09", context={}, text_version=1)

    assert preview_subject(begun, words_said(begun)) == "Uno"
    assert preview_subject(begun) == "Dos"
