"""A-01: what administration writes down of a plantel."""

from typing import Any

from django import forms

from common.crispy import staff_helper

WHOLE = "Escribir el correo completo, con @ y lo que sigue, o dejarlo vacío"


class DirectionForm(forms.Form):
    """Where dirección gets its counts."""

    direction_email = forms.EmailField(
        label="Correo de dirección",
        help_text="Recibe cuántos casos siguen sin avance: solo cuentas, sin nombres ni folios",
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": WHOLE, "max_length": WHOLE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper()
