"""A-03: the terms of a ciclo."""

from typing import Any

from django import forms

from common.fields import day_field
from followup.forms.calendar import preview_helper
from school.actions.cycles import CycleTerms
from school.states import DayCount
from students.deadlines import Rule

MOST_DAYS = 60
_RULE = ("starts_on", "acuse_days", "acuse_day_count")


def days_field(label: str, help_text: str = "") -> forms.IntegerField:
    """Make a field for a number of days; of several each names itself in its error."""
    wanted = f"«{label}»: escribir un número de 1 a {MOST_DAYS}"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wanted),
    )


def day_count_field() -> forms.ChoiceField:
    """Make the choice between business and natural days."""
    return forms.ChoiceField(
        label="Cómo se cuentan",
        choices=DayCount.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elegir días hábiles o naturales",
            "invalid_choice": "Elegir días hábiles o naturales",
        },
    )


class CycleForm(forms.Form):
    """Everything that is said of a ciclo; the buttons show first what changes."""

    name = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z-]*$",
        label="Nombre",
        max_length=10,
        help_text="Por ejemplo 2027-A.",
        error_messages={
            "required": "Escribir el nombre del ciclo",
            "invalid": "Escribir el nombre con letras, números y guion",
            "max_length": "Escribir el nombre en 10 letras o menos",
        },
    )
    starts_on = day_field("Inicia el")
    ends_on = day_field("Termina el")
    clinics_open_on = day_field(
        "La clínica (UMF) se abre el",
        required=False,
        help_text="Se propone al abrir el paso de clínica; por sí sola no abre nada.",
    )
    acuse_days = days_field("Días para entregar el acuse", "Se cuentan desde el día siguiente.")
    acuse_day_count = day_count_field()
    review_days = days_field(
        "Días hábiles de revisión prometidos", "Lo que ya se prometió a un estudiante no cambia."
    )
    needs_guardian_signature = forms.BooleanField(
        label="La renuncia de un menor lleva la firma de su mamá, papá o tutor", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = preview_helper()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = typed.get("starts_on"), typed.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", "El ciclo termina después de que inicia")
        opens_on = typed.get("clinics_open_on")
        if first and last and opens_on and not first <= opens_on <= last:
            self.add_error(
                "clinics_open_on", "La clínica se abre en un día del ciclo; escribir otro o ninguno"
            )
        return typed

    @property
    def tells_enough(self) -> bool:
        """Whether what would change can be said already: the first day and the rule are there."""
        return self.is_bound and self.errors.keys().isdisjoint(_RULE)

    def terms(self) -> CycleTerms:
        """Return what a valid form says."""
        return CycleTerms(**self.cleaned_data)

    def rule(self) -> Rule:
        """Return the rule of a form that tells enough."""
        is_business = self.cleaned_data["acuse_day_count"] == DayCount.BUSINESS
        return Rule(days=self.cleaned_data["acuse_days"], business_days=is_business)
