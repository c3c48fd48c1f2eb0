"""Which groups get a paper."""

from typing import Any

from django import forms

from common.crispy import staff_helper
from common.texts import counted
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
    group = row.group or "Sin grupo"
    return f"{group}: {counted(row.students, 'estudiante')}, {counted(row.sheets, 'hoja')}"
