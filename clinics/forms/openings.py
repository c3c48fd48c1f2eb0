"""For whom the clinic step is opened and from which day on; and which day is changed to which."""

from datetime import date, timedelta
from typing import Any

from django import forms

from clinics.forms.staff import NOT_LISTED, SelectionForm, choices_of
from common.crispy import filter_helper
from common.dates import weekday_date
from school.models import SchoolCycle

FARTHEST = timedelta(days=365)
_NO_DAY = "Escribir el día como 31/12/2026"


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _NO_DAY},
    )


def _check_day(day: date, today: date) -> date:
    if day < today:
        raise forms.ValidationError("Escribir un día de hoy en adelante", code="past")
    if day > today + FARTHEST:
        raise forms.ValidationError("Escribir un día dentro de un año", code="far")
    return day


class OpeningForm(SelectionForm):
    """For whom, and from which day on; without a day it is today. The ciclo may propose one that has not passed."""

    dia = _day_field("Se abre el")

    def __init__(
        self,
        *args: Any,
        batches: list[str],
        today: date,
        cycle: SchoolCycle | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        proposed = cycle.clinics_open_on if cycle else None
        if proposed and today <= proposed <= today + FARTHEST:
            self.fields["dia"].initial = proposed
        self.fields["lote"] = forms.ChoiceField(
            label="Lote",
            choices=choices_of("Todos los lotes", batches),
            required=False,
            error_messages=NOT_LISTED,
        )
        self.helper = filter_helper("plantel", "lote", "grupo", "dia", submit="Ver a cuántos")

    def clean_dia(self) -> date:
        return _check_day(self.cleaned_data["dia"] or self.today, self.today)


class MovingForm(SelectionForm):
    """Which day, of whom, and the new one; without a new one the day can only be withdrawn."""

    dia = _day_field("Día nuevo")

    def __init__(
        self, *args: Any, days: list[tuple[date, int]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["fecha"] = forms.TypedChoiceField(
            label="Fecha que tiene",
            choices=[(day.isoformat(), f"{weekday_date(day)} ({count})") for day, count in days],
            coerce=date.fromisoformat,
            error_messages=NOT_LISTED | {"required": "Elegir la fecha que se cambia"},
        )
        self.helper = filter_helper("plantel", "fecha", "grupo", "dia", submit="Ver a cuántos")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("dia") and data["dia"] == data.get("fecha"):
            self.add_error(
                "dia", "Ya tienen esa fecha. Escribir otra, o dejarla vacía para quitarla"
            )
        return data

    def clean_dia(self) -> date | None:
        day: date | None = self.cleaned_data["dia"]
        return _check_day(day, self.today) if day else None
