"""What is asked of who leaves: how, since when, and of a traslado where to."""

from datetime import date

from django import forms

NO_DAY = "Escribir el día de la baja, por ejemplo 30/06/2026"


def day_of_baja() -> forms.DateField:
    """This will make the field for the day of a baja, drawn as the browser's own."""
    return forms.DateField(
        label="Día de la baja",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )


def end_by(field: forms.Field, today: date) -> None:
    """This will offer today, and no later day."""
    field.initial = today
    field.widget.attrs["max"] = today.isoformat()
