"""A list that went out and came back with its answers."""

from typing import Any

from django import forms

from common.crispy import SubmitButton, staff_helper


class AnswersFileForm(forms.Form):
    """The list as it came back."""

    file = forms.FileField(
        label="Lista con las respuestas",
        help_text="XLSX o CSV. Sirve la lista que se descarga aquí, con sus columnas vacías ya llenas",
        error_messages={
            "required": "Elegir el archivo",
            "empty": "El archivo está vacío. Guardarlo otra vez y subirlo",
        },
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(action=action)
        self.helper.buttons = (SubmitButton("Leer las respuestas", css="btn-secondary"),)
