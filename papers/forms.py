"""What somebody types who holds a sheet without a camera at hand."""

import re
from typing import Any

from crispy_forms.layout import Field
from django import forms

from common.crispy import question_helper

_TYPED = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}


class FindPaperForm(forms.Form):
    """Folio and code of a sheet; small letters, spaces and any kind of dash are forgiven."""

    folio = forms.CharField(
        label="Folio",
        help_text="Está arriba en la hoja, por ejemplo R26B-05-00031",
        max_length=40,
        widget=forms.TextInput(_TYPED),
        error_messages={
            "required": "Escribe el folio de la hoja",
            "max_length": "El folio es más corto. Cópialo de la hoja",
        },
    )
    code = forms.CharField(
        label="Código",
        help_text="Son 8 letras y números; está junto al QR",
        max_length=40,
        widget=forms.TextInput(_TYPED),
        error_messages={
            "required": "Escribe el código de la hoja",
            "max_length": "El código tiene 8 letras y números. Cópialo de la hoja",
        },
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(
            Field("folio", wrapper_class="input-code"),
            Field("code", wrapper_class="input-code"),
            submit="Verificar",
            action=action,
        )

    def clean_folio(self) -> str:
        folio = re.sub(r"\s", "", self.cleaned_data["folio"]).upper()
        return re.sub("[‐‑‒–—−]", "-", folio)

    def clean_code(self) -> str:
        return re.sub(r"[^A-Z0-9]", "", self.cleaned_data["code"].upper())
