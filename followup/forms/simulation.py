"""The policy simulator: which ciclo and planteles, by which other rule."""

from typing import Any

from django import forms

from common.crispy import staff_helper
from followup.forms.cycles import day_count_field, days_field
from followup.queries.simulation import Policy
from school.models import SchoolCycle
from school.states import DayCount
from students.deadlines import Rule


class SimulationForm(forms.Form):
    """What is asked by address, so that an answer can be sent to somebody."""

    ciclo = forms.ModelChoiceField(
        SchoolCycle.objects.none(),
        to_field_name="name",
        label="Ciclo",
        empty_label=None,
        error_messages={
            "required": "Elegir un ciclo",
            "invalid_choice": "Elegir un ciclo de la lista",
        },
    )
    plantel = forms.ChoiceField(
        label="Plantel",
        required=False,
        error_messages={"invalid_choice": "Elegir un plantel de la lista"},
    )
    dias = days_field("Días para entregar el acuse")
    cuenta = day_count_field()
    revision = days_field("Días hábiles de revisión prometidos")
    correccion = days_field("Días hábiles para corregir un acuse devuelto")

    def __init__(self, *args: Any, planteles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ciclo"].queryset = SchoolCycle.objects.all()  # type: ignore[attr-defined]
        self.fields["plantel"].choices = [("", "Todos"), *planteles]  # type: ignore[attr-defined]
        self.helper = staff_helper(submit="Calcular", conditional=("plantel",))
        self.helper.form_method = "get"
        self.helper.disable_csrf = True

    def policy(self) -> Policy:
        """Return the other rule of a valid form."""
        typed = self.cleaned_data
        is_business = typed["cuenta"] == DayCount.BUSINESS
        return Policy(Rule(typed["dias"], is_business, typed["correccion"]), typed["revision"])
