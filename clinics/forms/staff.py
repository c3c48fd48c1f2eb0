"""What Control Escolar filters, opens, enters for a student and writes into the catalogue of clinics."""

from typing import Any

from django import forms

from clinics.forms.own import ClinicForm, UMFNumberField
from clinics.models import UMF
from clinics.umf_file import ADDRESS_LETTERS, NAME_LETTERS, UMFRow
from common.crispy import filter_helper, search_helper, staff_helper

_NO_NUMBER = "Escribir el número de la UMF, del 1 al 999"
NOT_LISTED = {"invalid_choice": "Elegir de la lista"}


def choices_of(first: str, names: list[str]) -> list[tuple[str, str]]:
    return [("", first), *((name, name) for name in names)]


def _plantel_field(planteles: list[tuple[str, str]]) -> forms.ChoiceField:
    """Who works in one plantel alone is not asked for it."""
    is_one = len(planteles) == 1
    return forms.ChoiceField(
        label="Plantel",
        choices=planteles,
        initial=planteles[0][0] if is_one else None,
        widget=forms.HiddenInput if is_one else forms.Select,
        error_messages=NOT_LISTED | {"required": "Elegir el plantel"},
    )


class GroupForm(forms.Form):
    """One group of a list; the state stays as it is."""

    estado = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grupo"] = forms.ChoiceField(
            label="Grupo", choices=choices_of("Todos", groups), required=False
        )
        self.helper = filter_helper("estado", "grupo")


class FindStudentForm(forms.Form):
    """Who; sent in the body, so that no address names a person."""

    q = forms.CharField(label="Nombre o matrícula", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = search_helper()


class SelectionForm(forms.Form):
    """For whom: a plantel, and of it a group."""

    def __init__(
        self, *args: Any, planteles: list[tuple[str, str]], groups: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plantel"] = _plantel_field(planteles)
        self.fields["grupo"] = forms.ChoiceField(
            label="Grupo",
            choices=choices_of("Todos los grupos", groups),
            required=False,
            error_messages=NOT_LISTED,
        )
        self.helper = filter_helper("plantel", "grupo", submit="Ver a cuántos")


class ClinicForStudentForm(ClinicForm):
    """The same answers, entered at the window."""

    number = UMFNumberField(
        label="Número de la UMF", help_text="El de su carnet, por ejemplo 37", wrong=_NO_NUMBER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["turno"].error_messages["required"] = "Elegir el turno, o «No sé»"
        self.fields["consultorio"].error_messages["max_length"] = "Escribir solo el número"
        self.fields["carnet"].label = "Foto del carnet"
        self.helper = staff_helper(submit="Registrar su clínica")


class UMFForm(forms.Form):
    """One clinic of the catalogue; the number of one that is known stays."""

    number = UMFNumberField(label="Número", wrong=_NO_NUMBER)
    name = forms.CharField(
        label="Nombre",
        max_length=NAME_LETTERS,
        required=False,
        error_messages={"max_length": f"Escribir el nombre en {NAME_LETTERS} letras o menos"},
    )
    address = forms.CharField(
        label="Domicilio",
        max_length=ADDRESS_LETTERS,
        required=False,
        error_messages={"max_length": f"Escribir el domicilio en {ADDRESS_LETTERS} letras o menos"},
    )

    def __init__(self, *args: Any, umf: UMF | None = None, **kwargs: Any) -> None:
        if umf is not None:
            kwargs["initial"] = {"name": umf.name, "address": umf.address}
        super().__init__(*args, **kwargs)
        self.umf = umf
        if umf is not None:
            del self.fields["number"]
        self.helper = staff_helper(submit="Guardar UMF")

    @property
    def row(self) -> UMFRow:
        """What was written."""
        data = self.cleaned_data
        number = self.umf.number if self.umf else data["number"]
        return UMFRow(number, data["name"], data["address"])


class ImportUMFsForm(forms.Form):
    """A list of clinics."""

    lista = forms.FileField(
        label="Lista de UMF (XLSX o CSV)",
        help_text="Con las columnas Número, Nombre y Domicilio",
        allow_empty_file=True,
        error_messages={"required": "Elegir la lista"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, planteles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plantel"] = _plantel_field(planteles)
        self.helper = staff_helper("plantel", "lista", submit="Importar")
