"""What narrows the list of the overdue, and what a prórroga asks."""

from datetime import date
from typing import Any

from django import forms

from common.crispy import filter_helper, staff_helper
from followup.queries.overdue import CHANNEL_LABELS, CHANNELS, DRAFT

NOT_SAID = "Escribir el motivo con 15 letras o más: queda en el historial"
NO_DAY = "Escribir el día hasta el que tendrá plazo, por ejemplo 31/08/2026"


class OverdueFilterForm(forms.Form):
    """The filters of the list; what is not in the list of choices filters nothing."""

    canal = forms.ChoiceField(
        label="Cómo se le avisa",
        choices=[("", "Todos"), *((key, CHANNEL_LABELS[value]) for key, value in CHANNELS.items())],
        required=False,
    )

    archivo = forms.ChoiceField(
        label="Archivo", choices=[("", "Todos"), (DRAFT, "Sin confirmar")], required=False
    )

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", "Todos"), *((group, group) for group in groups)]
        self.fields["grupo"] = forms.ChoiceField(label="Grupo", choices=every, required=False)
        self.helper = filter_helper("grupo", "canal", "archivo")


class ExtensionForm(forms.Form):
    """«Dar prórroga»: until which day, and why."""

    due_on = forms.DateField(
        label="Nueva fecha",
        help_text="Último día para entregar su acuse. Debe ser un día hábil del plantel.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )
    reason = forms.CharField(
        label="Motivo",
        help_text="Queda en el historial con tu nombre; 15 letras o más.",
        min_length=15,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": NOT_SAID,
            "min_length": NOT_SAID,
            "max_length": "Escribir el motivo en 200 letras o menos",
        },
    )

    def __init__(self, *args: Any, first_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = first_day.isoformat()
        self.helper = staff_helper(submit="Dar prórroga")
