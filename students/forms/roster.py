"""The forms of the roster wizard."""

from typing import Any

from django import forms

from common.crispy import staff_helper
from school.access import Ability, planteles_with
from school.models import Plantel, User
from students.models import RosterImport
from students.queries.access_codes import GroupSlips
from students.roster_file import FIELDS, REQUIRED
from students.roster_file.archive import column_letters

NOT_USED = ("", "No usar")


class PlantelForm(forms.Form):
    """A choice of plantel that is only asked of who has several."""

    ability: Ability
    plantel = forms.ModelChoiceField(
        label="Plantel",
        queryset=Plantel.objects.none(),
        empty_label="Elegir plantel",
        error_messages={
            "required": "Elegir el plantel",
            "invalid_choice": "Elegir un plantel de la lista",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planteles = planteles_with(user, self.ability)
        field = self.fields["plantel"]
        field.queryset = planteles  # type: ignore[attr-defined]
        if planteles.count() == 1:
            field.initial = planteles.get()
            field.disabled = True
            field.widget = forms.HiddenInput()


class RosterForm(PlantelForm):
    """Step 1: the file."""

    ability = Ability.IMPORT_ROSTER
    file = forms.FileField(
        label="Lista de estudiantes (Excel o CSV)",
        help_text="Un archivo .xlsx o .csv, hasta 5,000 filas y 10 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Elegir el archivo de la lista",
            "missing": "Elegir el archivo de la lista",
            "empty": "El archivo está vacío. Revisarlo y subirlo otra vez",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.helper = staff_helper(submit="Subir la lista")


class MatchForm(forms.Form):
    """Step 2: one select for each column of the file; valid when each obligatory field has one column."""

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = roster_import.columns
        matched = {index: key for key, index in roster_import.matching.get("columns", {}).items()}
        for column in self.columns:
            guess = matched.get(column["index"], "") if matched else column["field"]
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=f"Usar la columna {name_of(column)} como",
                required=False,
                initial=guess,
                widget=forms.Select({"class": "form-select"}),
                choices=[NOT_USED, *((field.key, field.label) for field in FIELDS.values())],
                error_messages={"invalid_choice": "Elegir una opción de la lista"},
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Pair each column as it was read with its select."""
        return [
            {
                "letters": column_letters(column["index"] + 1),
                "header": column["header"],
                "samples": column["samples"],
                "field": self[f"column_{column['index']}"],
            }
            for column in self.columns
        ]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, int] = {}
        for column in self.columns:
            name = f"column_{column['index']}"
            key = self.cleaned_data.get(name, "")
            if key in chosen:
                first = column_letters(chosen[key] + 1)
                self.add_error(
                    name, f"{FIELDS[key].label} ya es la columna {first}. Dejar una de las dos"
                )
            elif key:
                chosen[key] = column["index"]
        missing = [FIELDS[key].label for key in REQUIRED if key not in chosen]
        if missing:
            raise forms.ValidationError(f"Falta elegir la columna de: {', '.join(missing)}")
        self.cleaned_data["columns"] = chosen
        return self.cleaned_data


def name_of(column: dict[str, Any]) -> str:
    """Return how a column is called on the screen: «B «CURP»», or only its letter."""
    letters = column_letters(column["index"] + 1)
    return f"{letters} «{column['header']}»" if column["header"] else letters


class FixesForm(forms.Form):
    """Step 3: which of the proposed values to use."""

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [
            f"{finding['line']}:{finding['field']}"
            for finding in roster_import.report.get("findings", [])
            if finding["fix"]
        ]
        self.fields["place"] = forms.MultipleChoiceField(
            required=False,
            choices=[(place, place) for place in self.places],
            error_messages={"invalid_choice": "Elegir correcciones de esta lista"},
        )
        self.fields["todas"] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        places = self.places if self.cleaned_data.get("todas") else self.cleaned_data.get("place")
        if not places and "place" not in self.errors:
            raise forms.ValidationError("Marcar al menos una corrección")
        self.cleaned_data["places"] = places
        return self.cleaned_data


class SlipsForm(forms.Form):
    """Which groups get slips."""

    groups = forms.MultipleChoiceField(
        label="Grupos",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Elegir al menos un grupo",
            "invalid_choice": "Elegir grupos de la lista",
        },
    )
    reprint = forms.BooleanField(
        label="Reimprimir también a quienes ya tienen hoja",
        help_text="La hoja que ya tienen deja de servir",
        required=False,
    )

    def __init__(self, *args: Any, groups: list[GroupSlips], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = [  # type: ignore[attr-defined]
            (row.group, _group_label(row)) for row in groups
        ]
        self.helper = staff_helper(submit="Imprimir códigos")


def _group_label(row: GroupSlips) -> str:
    name = row.group or "Sin grupo"
    return f"{name}: {row.without_slip} sin hoja, de {row.students}"
