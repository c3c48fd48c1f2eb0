"""E13: what every mail must be, over all messages."""

import re

import pytest

from notices.messages import MESSAGES
from notices.render import BLANK, preview_body, render_mail
from tests.factories.notices import NoticeFactory

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
    "place": "Control Escolar, edificio A",
    "needs_guardian": True,
    "asunto": "Tu acuse está aceptado",
    "cuerpo": "Sigue tu plantel.\n\n[aquí va el enlace]",
    "sheets": 312,
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
    for secret in SECRETS[MESSAGES[notice.message].secret].values():
        assert secret in rendered.text
        assert secret not in rendered.kept_body
        assert BLANK in rendered.kept_body


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
