"""C-02: one submission of each button of the review page."""

from typing import Any

from django import forms

from common.crispy import fields_helper, staff_helper
from nss.queries.reasons import SHORTEST_REASON
from nss.states import ReturnReason

_NOTE_TOO_SHORT = f"Escribir la explicación con {SHORTEST_REASON} letras o más"


class ReviewedNSSForm(forms.Form):
    """The number as the reviewer sees it on the sheet, with the reason when its digit fails."""

    nss = forms.CharField(
        label="NSS que se ve en el acuse",
        max_length=24,
        error_messages={"required": "Escribir el NSS que se ve en el acuse"},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
                "data-key-focus": "n",
            }
        ),
    )
    override_reason = forms.CharField(
        label="Por qué se acepta aunque el último número no corresponda",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_helper()


class ReturnForm(forms.Form):
    """One of the eight reasons; the last one with an explanation."""

    reason = forms.ChoiceField(
        choices=ReturnReason.choices,
        error_messages={"required": "Elegir un motivo", "invalid_choice": "Elegir un motivo"},
    )
    note = forms.CharField(max_length=500, required=False)
    is_previewed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_other = data.get("reason") == ReturnReason.OTHER
        if is_other and len(data.get("note", "")) < SHORTEST_REASON:
            self.add_error("note", _NOTE_TOO_SHORT)
        return data


class UndoForm(forms.Form):
    """Why a decision is taken back after the ten seconds."""

    reason = forms.CharField(
        label="Por qué se deshace",
        help_text="Queda en el historial del estudiante",
        max_length=200,
        error_messages={"required": "Escribir por qué se deshace"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Deshacer la revisión")
