import re

from crispy_forms.helper import FormHelper
from django import forms
from django.template import Context, Template

from common.crispy import (
    SubmitButton,
    choice_with_hint,
    fields_helper,
    filter_helper,
    question_helper,
    staff_helper,
)


class Contact(forms.Form):
    email = forms.EmailField(
        label="Correo electrónico",
        help_text="Usa uno que <abras> seguido",
        error_messages={"required": "Escribe tu correo electrónico"},
    )
    phone = forms.CharField(label="Celular", required=False)
    colonia = forms.CharField(label="Colonia", required=False)
    may_write = forms.BooleanField(label="Pueden escribirme", required=False)
    cover = forms.ChoiceField(
        label="¿Ya tienes seguro?",
        choices=[("no", "No"), ("yes", choice_with_hint("Sí <otro>", "ISSSTE o Pemex"))],
        widget=forms.RadioSelect,
        error_messages={"required": "Elige una respuesta"},
    )
    acuse = forms.FileField(label="Tu acuse", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def render(helper: FormHelper, data: dict[str, str] | None = None) -> str:
    form = Contact(data)
    form.helper = helper
    source = Template("{% load crispy_forms_tags %}{% crispy form %}")
    html = source.render(Context({"form": form, "csrf_token": "t" * 32}))
    return re.sub(r"\s+", " ", html)


def labels(html: str) -> list[str]:
    found = re.findall(
        r'<(?:label|legend)[^>]*class="form-label"[^>]*>(.*?)</(?:label|legend)>', html
    )
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", label)).strip() for label in found]


def test_question_helper_draws_one_green_button_and_no_browser_validation():
    html = render(question_helper())

    assert '<form class="form--question" novalidate method="post"' in html
    assert re.findall(r"<button.*?</button>", html) == [
        '<button type="submit" class="btn btn-primary">Continuar</button>'
    ]
    assert "csrfmiddlewaretoken" in html


def test_question_helper_marks_what_is_optional_and_never_with_asterisks():
    html = render(question_helper(conditional=["colonia"]))

    assert labels(html) == [
        "Correo electrónico",
        "Celular (opcional)",
        "Colonia",
        "¿Ya tienes seguro?",
        "Tu acuse (opcional)",
    ]
    assert "*" not in html


def test_question_helper_makes_the_label_the_heading():
    html = render(question_helper(heading_field="cover"))

    assert '<legend class="form-label"> <h1>¿Ya tienes seguro?</h1>' in html


def test_question_helper_fixes_the_order_and_forgets_no_field():
    html = render(question_helper("colonia", "email"))

    assert re.findall(r'name="(\w+)"', html) == [
        "csrfmiddlewaretoken", "colonia", "email", "phone", "may_write", "cover", "cover", "acuse", "token",
    ]  # fmt: skip


def test_question_helper_shows_hint_then_error_then_field():
    html = render(question_helper(), {})
    field = html[html.index('id="div_id_email"') : html.index('id="div_id_phone"')]

    order = [field.index(part) for part in ("Correo elec", "_helptext", "_error", "<input")]

    assert order == sorted(order)
    assert "&lt;abras&gt;" in field
    assert 'aria-describedby="id_email_helptext id_email_error"' in field
    assert "Error: Escribe tu correo electrónico" in field


def test_question_helper_describes_a_group_by_its_error():
    html = render(question_helper(), {})

    assert '<fieldset aria-describedby="id_cover_error">' in html
    assert 'id="id_cover_error"' in html


def test_question_helper_gives_the_file_field_its_hooks():
    html = render(question_helper())

    assert html.count("data-upload-status") == 1
    assert html.count("data-upload-progress hidden") == 1


def test_choice_with_hint_escapes_both_lines():
    html = render(question_helper())

    assert 'Sí &lt;otro&gt;<span class="form-check-hint">ISSSTE o Pemex</span>' in html


def test_staff_helper_prints_the_key_on_its_button():
    html = render(staff_helper(key="G", others=[SubmitButton("Baja", "btn-danger", "do", "end")]))

    assert re.findall(r"<button.*?</button>", html) == [
        '<button type="submit" class="btn btn-primary" data-key="g">Guardar <kbd aria-hidden="true">G</kbd></button>',
        '<button type="submit" class="btn btn-danger" name="do" value="end">Baja</button>',
    ]


def test_filter_helper_is_a_get_form_without_token_or_optional():
    html = render(filter_helper())

    assert '<form class="form--filter" novalidate method="get"' in html
    assert "csrfmiddlewaretoken" not in html
    assert "(opcional)" not in html


def test_fields_helper_draws_the_fields_alone():
    html = render(fields_helper())

    assert "<form" not in html
    assert "<button" not in html
    assert "csrfmiddlewaretoken" not in html
