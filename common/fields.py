"""Fields that several forms ask."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
"""A day outside of these is a typing error, and counting from the end of time has no end."""


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Make a field for a day, drawn as the browser's own; of several each names itself in its error."""
    wanted = f"«{label}»: escribir el día, por ejemplo 16/11/2026"
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": wanted, "invalid": wanted},
        validators=[MinValueValidator(_FIRST, wanted), MaxValueValidator(_LAST, wanted)],
    )
