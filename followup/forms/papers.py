"""Which groups get a paper."""

from typing import Any

from django import forms

from common.crispy import fields_helper
from common.texts import counted
from followup.queries.papers import GroupSheets


class SheetCountingChoices(forms.CheckboxSelectMultiple):
    """Each group says to static/js/sheets.js how many sheets it takes."""

    rows: dict[str, GroupSheets]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        row = self.rows[value]
        option["attrs"] |= {"data-sheets": row.sheets, "data-to-issue": row.to_issue}
        return option


class GroupsForm(forms.Form):
    """The groups of a plantel, each with the sheets that it takes; and whether those that lack are issued too."""

    groups = forms.MultipleChoiceField(
        label="Grupos",
        widget=SheetCountingChoices,
        error_messages={
            "required": "Elegir al menos un grupo",
            "invalid_choice": "Elegir grupos de la lista",
        },
    )
    issues = forms.BooleanField(
        required=False,
        help_text="Solo en los grupos elegidos. A cada estudiante le llega un correo: dónde entregarla firmada y "
        "hasta cuándo.",
    )

    def __init__(self, *args: Any, groups: list[GroupSheets], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["groups"]
        field.widget.rows = {row.group: row for row in groups}
        field.choices = [(row.group, _label(row)) for row in groups]
        self.sheets = sum(row.sheets for row in groups)
        self.to_issue = sum(row.to_issue for row in groups)
        self.fields["issues"].label = (
            "Expedir también a quienes dijeron tener otro servicio médico y aún no tienen renuncia "
            f"({self.to_issue:,})"
        )
        if not self.to_issue:
            del self.fields["issues"]
        self.helper = fields_helper()


def _label(row: GroupSheets) -> str:
    group = row.group or "Sin grupo"
    there = f"{counted(row.students, 'estudiante')}, {counted(row.sheets, 'hoja')}"
    parts = [there] if row.sheets else []
    parts += [f"{row.to_issue:,} por expedir"] if row.to_issue else []
    return f"{group}: {'; '.join(parts)}"
