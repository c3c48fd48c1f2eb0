"""What is asked of who leaves: how, since when, and of a traslado where to."""

from datetime import date
from typing import Any

from django import forms

from common.crispy import choice_with_hint, fields_helper, filter_helper, staff_helper
from school.models import Plantel
from students.models import Enrollment
from students.queries.bajas import planteles_to_move_to
from students.queries.sign_in import clean_matricula
from students.roster_file.cells import MATRICULA
from students.states import BajaKind

NO_DAY = "Escribir el día de la baja, por ejemplo 30/06/2026"
NO_KIND = "Elegir el tipo de baja"
NO_PLANTEL = "Elegir a qué plantel se va"
NO_MATRICULA = "Escribir la matrícula que tendrá"
KINDS = [
    (BajaKind.TEMPORARY, choice_with_hint("Baja temporal", "Se espera que regrese")),
    (BajaKind.DEFINITIVE, choice_with_hint("Baja definitiva", "Ya no va a regresar")),
    (BajaKind.FINISHED, choice_with_hint("Egreso", "Concluyó su bachillerato")),
]


def day_of_baja(label: str = "Día de la baja") -> forms.DateField:
    """Make the field for the day of a baja, drawn as the browser's own."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )


def note_on_baja() -> forms.CharField:
    """Make the field for what the plantel wants to remember."""
    return forms.CharField(
        label="Nota",
        help_text="Queda en el historial. El estudiante la lee solo en la copia de sus datos, si la pide.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Escribir la nota en 200 letras o menos"},
    )


def end_by(field: forms.Field, today: date) -> None:
    """Offer today, and no later day."""
    field.initial = today
    field.widget.attrs["max"] = today.isoformat()


class BajaForm(forms.Form):
    """How the stay ends, and since when."""

    kind = forms.ChoiceField(
        label="Tipo",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": NO_KIND, "invalid_choice": NO_KIND},
    )
    on_date = day_of_baja()
    note = note_on_baja()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        end_by(self.fields["on_date"], today)
        self.helper = staff_helper(submit="Continuar")

    def clean_kind(self) -> BajaKind:
        return BajaKind(self.cleaned_data["kind"])


class ManyBajasForm(BajaForm):
    """The same for a group; the page writes its own `<form>` around it and the list of students."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = BajaKind.FINISHED
        self.helper = fields_helper()


class LeaversForm(forms.Form):
    """Which group or semester."""

    def __init__(
        self,
        *args: Any,
        planteles: list[tuple[str, str]],
        groups: list[str],
        semesters: list[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        lists = {
            "plantel": ("Plantel", planteles),
            "semestre": ("Semestre", _with_every(semesters)),
            "grupo": ("Grupo", _with_every(groups)),
        }
        if len(planteles) == 1:
            del lists["plantel"]
        for name, (label, choices) in lists.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.helper = filter_helper(*lists, submit="Ver la lista")


class TransferForm(forms.Form):
    """To which plantel the student moves, and as what."""

    plantel = forms.ModelChoiceField(
        label="Plantel al que se va",
        queryset=Plantel.objects.none(),
        empty_label="Elegir plantel",
        error_messages={"required": NO_PLANTEL, "invalid_choice": NO_PLANTEL},
    )
    group = forms.CharField(
        label="Grupo allá",
        help_text="Si todavía no se sabe, dejarlo vacío: lo pone ese plantel con su lista.",
        max_length=12,
        required=False,
        error_messages={"max_length": "Escribir el grupo en 12 letras o menos"},
    )
    matricula = forms.CharField(
        label="Matrícula allá",
        help_text="Si cambia, ese plantel también puede corregirla con su lista.",
        max_length=20,
        error_messages={
            "required": NO_MATRICULA,
            "max_length": "Escribir la matrícula en 20 letras o menos",
        },
    )
    on_date = day_of_baja("Día del traslado")
    note = note_on_baja()

    def __init__(self, *args: Any, stay: Enrollment, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matricula"].initial = stay.matricula
        self.fields["plantel"].queryset = planteles_to_move_to(stay)  # type: ignore[attr-defined]
        end_by(self.fields["on_date"], today)
        self.helper = staff_helper(submit="Continuar")

    def clean_group(self) -> str:
        return str(self.cleaned_data["group"]).upper()

    def clean_matricula(self) -> str:
        matricula = clean_matricula(self.cleaned_data["matricula"])
        if not MATRICULA.fullmatch(matricula):
            raise forms.ValidationError("La matrícula lleva de 2 a 20 letras, números o guiones")
        return matricula


def _with_every(names: list[str]) -> list[tuple[str, str]]:
    return [("", "Todos"), *((name, name) for name in names)]
