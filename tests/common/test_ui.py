from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils.timezone import override

from common.templatetags import ui


class Question(forms.Form):
    email = forms.EmailField(error_messages={"required": "Escribe tu correo electrónico"})
    cover = forms.ChoiceField(
        choices=[("no", "No"), ("yes", "Sí")],
        widget=forms.RadioSelect,
        error_messages={"required": "Elige una respuesta"},
    )

    def clean(self):
        raise forms.ValidationError("La matrícula o el código no coinciden")


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_icon_without_a_label_is_hidden_from_screen_readers():
    drawn = render('{% icon "check-lg" %}')

    assert drawn.startswith(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path '
    )


def test_icon_with_a_label_speaks_and_escapes_it():
    drawn = render("{% icon 'check-lg' label=words %}", words='Listo "ya"')

    assert drawn.startswith(
        '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="Listo &quot;ya&quot;"><path '
    )


def test_icon_that_does_not_exist_is_refused():
    with pytest.raises(TemplateSyntaxError, match=r"static/img/icons/nothing\.svg does not exist"):
        render('{% icon "nothing" %}')


def test_error_summary_links_each_error_to_what_takes_the_focus():
    summary = ui.error_summary(Question({}))

    assert summary == {
        "errors": [
            ui.SummaryError("La matrícula o el código no coinciden", ""),
            ui.SummaryError("Escribe tu correo electrónico", "id_email"),
            ui.SummaryError("Elige una respuesta", "id_cover_0"),
        ]
    }


def test_error_summary_of_several_forms_keeps_their_order():
    summary = ui.error_summary(Question({}, prefix="a"), Question({}, prefix="b"))

    assert [error.target for error in summary["errors"]] == [
        "",
        "id_a-email",
        "id_a-cover_0",
        "",
        "id_b-email",
        "id_b-cover_0",
    ]


def test_error_summary_stands_in_the_order_of_the_page():
    form = Question({"email": "ana@correo.example"})
    form.add_error("email", "Ese correo ya lo tenemos")

    summary = ui.error_summary(form)

    assert [error.target for error in summary["errors"]] == ["", "id_email", "id_cover_0"]


def test_error_summary_of_fields_without_ids_links_nowhere():
    summary = ui.error_summary(Question({}, auto_id=False))

    assert [error.target for error in summary["errors"]] == ["", "", ""]


@pytest.mark.parametrize("form", [None, "", Question()])
def test_error_summary_without_errors_draws_nothing(form):
    drawn = render("{% error_summary form %}", form=form)

    assert drawn.strip() == ""


@pytest.mark.parametrize(
    ("context", "prefix"),
    [({}, ""), ({"form": Question()}, ""), ({"form": Question({})}, "Error: ")],
)
def test_title_prefix_announces_a_form_that_came_back(context, prefix):
    assert render("{% title_prefix %}", **context) == prefix


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ("success", "success"),
        ("extra warning", "warning"),
        ("error", "error"),
        ("info", "info"),
        ("debug", "info"),
        ("", "info"),
    ],
)
def test_banner_level(tags, level):
    assert ui.banner_level(tags) == level


@pytest.mark.parametrize(
    ("nss", "printed"), [("24260812342", "24 26 08 1234 2"), (None, ""), ("", ""), ("123", "123")]
)
def test_grouped_nss(nss, printed):
    assert ui.grouped_nss(nss) == printed


def test_dates_are_written_in_words():
    source = "{{ day|long_date }} | {{ day|weekday_date }} | {{ day|plain_date }}"

    written = render(source, day=date(2026, 8, 27))

    assert written == "jueves 27 de agosto de 2026 | jueves 27 de agosto | 27 de agosto de 2026"


def test_dates_of_a_moment_are_those_of_the_reader():
    with override("America/Mexico_City"):
        written = render("{{ at|long_date }}", at=datetime(2026, 8, 28, 3, 0, tzinfo=UTC))

    assert written == "jueves 27 de agosto de 2026"


def test_dates_that_are_missing_are_empty():
    assert render("{{ x|long_date }}{{ x|weekday_date }}{{ x|plain_date }}", x=None) == ""


def test_breakable_lets_an_address_break_after_its_at_and_escapes_it():
    drawn = render("{{ email|breakable }}", email="a.<b>@correo.example")

    assert drawn == "a.&lt;b&gt;@<wbr>correo.example"


def test_breakable_leaves_other_text_alone():
    assert render("{{ text|breakable }}", text="C.P. 83000 <b>") == "C.P. 83000 &lt;b&gt;"
