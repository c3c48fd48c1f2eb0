"""The editable texts: one field for each part of a text."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from common.crispy import SubmitButton, staff_helper
from school.models import TextVersion
from school.states import TextKind
from school.text_parts import (
    LONGEST,
    Part,
    Shape,
    faults,
    groups_of,
    parts_of,
    typed_of,
    with_typed,
    without_blanks,
)

ROWS = {Shape.TEXT: 3, Shape.LIST: 4, Shape.BODY: 10}
A_ROW = 60
"""Letters that fit into one row of a field."""
FORM_ID = "formato"
"""The button beside the sheet belongs to this form."""
PREVIEW, ON_PAPER, TO_ME = "ver", "pdf", "prueba"
_SEE = SubmitButton(
    "Ver como se verá", css="btn-secondary", name=PREVIEW, value="1", in_new_tab=True
)
_PRINT = SubmitButton("Ver en PDF", css="btn-secondary", name=ON_PAPER, value="1", in_new_tab=True)

_MAIL = SubmitButton("Enviar prueba a mi correo", css="btn-secondary", name=TO_ME, value="1")


class TextForm(forms.Form):
    """A text as it is now, to be changed; `cleaned_data["fields"]` is the whole new text.

    `based_on` is the version that the person saw: whoever saved in between is not overwritten. A format has a
    `sheet_url`: its sheet stands beside the form and is asked for there again while somebody types.
    """

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        current: TextVersion,
        sheet_url: str = "",
        is_mailed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.current = TextKind(current.kind), current
        self.fields["based_on"].initial = current.version
        groups = groups_of(self.kind, current.fields)
        parts = parts_of(self.kind, current.fields)
        for part in parts:
            self.fields[part.name] = _field(part, typed_of(current.fields, part))
        others = [_PRINT] if sheet_url else [_SEE]
        self.helper = staff_helper(
            "based_on",
            *(Fieldset(group.heading, *(part.name for part in group.parts)) for group in groups),
            submit="Guardar como versión nueva",
            others=[*others, *([_MAIL] if is_mailed else [])],
            conditional=[part.name for part in parts if part.is_required],
        )
        self.helper.attrs["data-repeatable"] = ""
        if sheet_url:
            self.helper.form_id = FORM_ID
            self.helper.attrs |= _follows(sheet_url)

    def clean(self) -> dict[str, Any]:
        """Put the text together and say at each part what it may not lack."""
        cleaned: dict[str, Any] = super().clean() or {}
        typed = {name: text for name, text in cleaned.items() if isinstance(text, str)}
        new = with_typed(self.kind, self.current.fields, typed)
        for name, sentence in faults(self.kind, new).items():
            self.add_error(name if name in self.fields else None, sentence)
        return cleaned | {"fields": without_blanks(new)}


def _follows(sheet_url: str) -> dict[str, str]:
    """How htmx keeps the sheet up to what is typed: a moment after the last letter, the newest answer alone."""
    return {
        "hx-post": sheet_url,
        "hx-trigger": "input delay:500ms",
        "hx-sync": "this:replace",
        "hx-target": "#vista-previa-dice",
        "hx-select": "#vista-previa-nota",
    }


def _field(part: Part, typed: str) -> forms.Field:
    if part.shape is Shape.CHOICE:
        return forms.ChoiceField(
            label=part.label, choices=part.choices, initial=typed, required=False
        )
    if part.shape is Shape.LINE:
        widget: forms.Widget = forms.TextInput()
    else:
        needed = sum(1 + len(line) // A_ROW for line in typed.split("\n"))
        widget = forms.Textarea(attrs={"rows": max(ROWS[part.shape], needed + 1)})
    # What is missing is said by text_parts.faults, so that the action and the screen ask for the same.
    field = forms.CharField(label=part.label, help_text=part.hint, initial=typed, required=False)
    field.widget = widget
    field.widget.attrs["maxlength"] = LONGEST[part.shape] * 2
    return field
