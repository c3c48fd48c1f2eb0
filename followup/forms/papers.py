"""Which groups get a paper."""

from typing import Any

from django import forms

from common.crispy import staff_helper
from followup.queries.papers import GroupSheets


class GroupsForm(forms.Form):
    """The groups of a plantel, each with the sheets that it takes."""

    groups = forms.MultipleChoiceField(
        label="Grupos",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Elegir al menos un grupo",
            "invalid_choice": "Elegir grupos de la lista",
        },
    )

    def __init__(self, *args: Any, groups: list[GroupSheets], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = [  # type: ignore[attr-defined]
            (row.group, _label(row)) for row in groups
        ]
        self.helper = staff_helper(submit="Imprimir")


def _label(row: GroupSheets) -> str:
    students = "1 estudiante" if row.students == 1 else f"{row.students} estudiantes"
    sheets = "1 hoja" if row.sheets == 1 else f"{row.sheets} hojas"
    return f"{row.group or 'Sin grupo'}: {students}, {sheets}"
