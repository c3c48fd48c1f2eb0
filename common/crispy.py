"""How every form looks: one helper per kind of form, all drawn by templates/bootstrap5/field.html.

A form calls one of the factories in `__init__` (`self.helper = question_helper()`), a page says `{% crispy form %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class SubmitButton:
    """A submit button of a form; `key` is printed on it and pressed by static/js/staff.js.

    `in_new_tab` shows the answer beside the form, so that what was typed stays.
    """

    text: str
    css: str = "btn-primary"
    name: str = ""
    value: str = ""
    key: str = ""
    in_new_tab: bool = False


def choice_with_hint(label: str, hint: str) -> SafeString:
    """Make the label of a radio or checkbox with a quieter second line."""
    return format_html('{}<span class="form-check-hint">{}</span>', label, hint)


def _helper(
    fields: Sequence[str | LayoutObject],
    buttons: Sequence[SubmitButton],
    *,
    css: str,
    action: str = "",
    conditional: Sequence[str] = (),
    heading_field: str = "",
) -> FormHelper:
    helper = FormHelper()
    helper.form_class = css
    helper.form_action = action
    helper.attrs = {"novalidate": True}
    helper.buttons = tuple(buttons)
    helper.conditional_fields = tuple(conditional)
    helper.heading_field = heading_field
    helper.mark_optional = True
    if fields:
        helper.layout = Layout(*fields)
        helper.render_unmentioned_fields = True
    return helper


def question_helper(
    *fields: str | LayoutObject,
    submit: str = "Continuar",
    others: Sequence[SubmitButton] = (),
    action: str = "",
    conditional: Sequence[str] = (),
    heading_field: str = "",
) -> FormHelper:
    """Draw a student's question: labels above, one green button over the full width.

    `fields` fixes the order (default: the form's). `heading_field` is the field whose label is the page's h1.
    `conditional` names fields that are not required by themselves but must not say «(opcional)».
    `others` are further buttons, below the green one.
    """
    buttons = (SubmitButton(submit), *others)
    return _helper(
        fields,
        buttons,
        css="form--question",
        action=action,
        conditional=conditional,
        heading_field=heading_field,
    )


def staff_helper(
    *fields: str | LayoutObject,
    submit: str = "Guardar",
    key: str = "",
    others: Sequence[SubmitButton] = (),
    action: str = "",
    conditional: Sequence[str] = (),
) -> FormHelper:
    """Draw a form of the staff: the same fields, buttons side by side and as wide as their words."""
    buttons = (SubmitButton(submit, key=key), *others)
    return _helper(fields, buttons, css="form--staff", action=action, conditional=conditional)


def filter_helper(
    *fields: str | LayoutObject, submit: str = "Filtrar", action: str = ""
) -> FormHelper:
    """Draw a GET form in one row for filters and searches; nothing in it says «(opcional)»."""
    buttons = (SubmitButton(submit, css="btn-secondary"),)
    helper = _helper(fields, buttons, css="form--filter", action=action)
    helper.form_method = "get"
    helper.disable_csrf = True
    helper.mark_optional = False
    return helper


def search_helper() -> FormHelper:
    """Draw a search in one row that goes in the body of the request, so that no address names a person."""
    helper = filter_helper(submit="Buscar")
    helper.form_method = "post"
    helper.disable_csrf = False
    return helper


def fields_helper(*fields: str | LayoutObject, conditional: Sequence[str] = ()) -> FormHelper:
    """Draw the fields alone, for a page that writes its own `<form>` and buttons."""
    helper = _helper(fields, (), css="", conditional=conditional)
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
