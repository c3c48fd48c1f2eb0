"""A-02: which range of days, why, and in which planteles."""

from datetime import date
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet

from common.crispy import staff_helper
from common.fields import day_field
from followup.queries.calendars import LONGEST_RANGE, DayChange
from school.models import Plantel

ALL = "todos"
SAVE = "guardar"

_NOT_WRITTEN = "por escribir"
"""The reason of the days of a preview until one is typed: a day without any would count."""


def preview_helper() -> FormHelper:
    """Draw a form whose page shows, while it is typed and by its button, what it would change.

    The place is templates/followup/_preview.html. Of an answer that is another page, such as the sign-in of a session
    that ended meanwhile, nothing is shown.
    """
    helper = staff_helper(submit="Ver qué cambia")
    helper.form_id = "cambio"
    helper.attrs |= {
        "hx-post": "",
        "hx-trigger": "input delay:500ms",
        "hx-target": "#vista-previa",
        "hx-select": "#vista-previa > *",
        "hx-swap": "innerHTML ignoreTitle:true",
    }
    return helper


class DaysForm(forms.Form):
    """«Agregar días»; without `with_reason`, «Quitar días»."""

    desde = day_field("Primer día")
    hasta = day_field("Último día", required=False, help_text="Vacío si es un solo día.")
    motivo = forms.CharField(
        label="Motivo",
        help_text="Lo lee el estudiante junto a su fecha; por ejemplo «Puente» o «Contingencia».",
        max_length=120,
        error_messages={
            "required": "Escribir el motivo: lo lee el estudiante junto a su fecha",
            "max_length": "Escribir el motivo en 120 letras o menos",
        },
    )
    planteles = forms.MultipleChoiceField(
        label="Dónde",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Elegir un plantel, varios o todos",
            "invalid_choice": "Elegir planteles de la lista",
        },
    )
    inscripcion = day_field("Probar con la inscripción del", required=False)

    def __init__(
        self, *args: Any, choices: QuerySet[Plantel], is_removal: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices, self.is_removal = choices, is_removal
        listed = [(one.clave, str(one)) for one in choices]
        cast(forms.MultipleChoiceField, self.fields["planteles"]).choices = [
            (ALL, "Todos los planteles"),
            *listed,
        ]
        if is_removal:
            del self.fields["motivo"]
        self.helper = preview_helper()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = typed.get("desde"), typed.get("hasta") or typed.get("desde")
        if first and last and not 0 <= (last - first).days < LONGEST_RANGE:
            self.add_error(
                "hasta",
                f"El último día va después del primero, a lo más {LONGEST_RANGE} días después",
            )
        return typed

    @property
    def tells_enough(self) -> bool:
        """Whether what would change can be said already: all but the reason is there."""
        return self.is_bound and self.errors.keys() <= {"motivo", NON_FIELD_ERRORS}

    def change(self) -> DayChange:
        """Return what a form asks for that tells enough."""
        typed = self.cleaned_data
        chosen = self.choices
        if ALL not in typed["planteles"]:
            chosen = chosen.filter(clave__in=typed["planteles"])
        return DayChange(
            list(chosen),
            typed["desde"],
            typed["hasta"] or typed["desde"],
            typed.get("motivo", _NOT_WRITTEN),
            self.is_removal,
        )

    def example_day(self, today: date) -> date:
        """Return the day of enrolment for the example: the one typed, or the day before the range."""
        typed: date = self.cleaned_data["inscripcion"] or min(today, self.cleaned_data["desde"])
        return typed
