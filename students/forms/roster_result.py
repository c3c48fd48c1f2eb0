"""The forms of a roster's result (C-10, step 4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from students.forms.bajas import day_of_baja, end_by
from students.models import Enrollment
from students.states import MissingDecision

ANOTHER_CHOICE = "Elegir una de las opciones"


class MissingForm(forms.Form):
    """What is said of each student whom the list does not name, and the day of every baja.

    `marked` are those of whom the list itself says how they left; of the others nothing is chosen. Without a day it
    is today.
    """

    on_date = day_of_baja()

    def __init__(
        self,
        *args: Any,
        stays: Sequence[Enrollment],
        marked: Mapping[str, str],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.marked, self.today = marked, today
        self.fields["on_date"].required = False
        end_by(self.fields["on_date"], today)
        self.stays = {f"estudiante_{stay.public_id}": stay for stay in stays}
        for name, stay in self.stays.items():
            self.fields[name] = forms.ChoiceField(
                label=stay.student.list_name,
                required=False,
                initial=marked.get(str(stay.pk)),
                widget=forms.RadioSelect,
                choices=MissingDecision.choices,
                error_messages={"invalid_choice": ANOTHER_CHOICE},
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Pair each student with the answers, and say who is marked as a baja in the list."""
        return [
            {"stay": stay, "field": self[name], "is_marked": str(stay.pk) in self.marked}
            for name, stay in self.stays.items()
        ]

    def clean(self) -> dict[str, Any]:
        said = {
            stay.pk: self.cleaned_data[name]
            for name, stay in self.stays.items()
            if self.cleaned_data.get(name)
        }
        if not said and not self.errors:
            raise forms.ValidationError("Elegir qué pasa con al menos un estudiante")
        self.cleaned_data["decisions"] = said
        self.cleaned_data["on_date"] = self.cleaned_data.get("on_date") or self.today
        return self.cleaned_data


class ReinstateForm(forms.Form):
    """Whose baja is taken back."""

    def __init__(self, *args: Any, stays: Sequence[Enrollment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stays = {stay.public_id: stay for stay in stays}
        self.fields["student"] = forms.ChoiceField(
            choices=[(key, stay.student.list_name) for key, stay in self.stays.items()],
            error_messages={
                "required": "Elegir a un estudiante de la lista",
                "invalid_choice": "Elegir a un estudiante de la lista",
            },
        )

    def clean_student(self) -> Enrollment:
        return self.stays[self.cleaned_data["student"]]
