"""The forms of the signed pile: its files, and how a sheet without a name is looked for."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from common.crispy import staff_helper
from common.uploads import MAX_PILE_PAGES, PILE
from papers.models import PrintJob
from renuncias.queries.piles import lots_to_choose
from school.access import Ability, planteles_with
from school.models import Plantel, User


class SeveralFilesInput(forms.FileInput):
    """A file dialogue in which several may be chosen."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or more files, in the order in which the browser sends them."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or [None]]


class LotField(forms.ModelChoiceField):
    """A lot as people know it: by its folio and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.folio} · {obj.title}"


class UploadPileForm(forms.Form):
    """The scanned sheets; the plantel is only asked of who has several."""

    plantel = forms.ModelChoiceField(
        label="Plantel",
        queryset=Plantel.objects.none(),
        empty_label="Elegir plantel",
        error_messages={
            "required": "Elegir el plantel",
            "invalid_choice": "Elegir un plantel de la lista",
        },
    )
    sheets = SeveralFilesField(
        label="Hojas escaneadas",
        help_text=f"Un PDF o varias fotos ({PILE.words}), hasta {MAX_PILE_PAGES} hojas y 40 MB en total",
        allow_empty_file=True,
        error_messages={"required": "Elegir el archivo de las hojas escaneadas"},
        widget=SeveralFilesInput(attrs={"accept": PILE.accept}),
    )
    lot = LotField(
        label="Lote del que vienen",
        help_text="Para saber qué folios faltan. Si no se elige, es el de la mayoría de las hojas",
        queryset=PrintJob.objects.none(),
        required=False,
        empty_label="El de la mayoría de las hojas",
        error_messages={"invalid_choice": "Elegir un lote de la lista"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planteles = planteles_with(user, Ability.REGISTER_RENUNCIA)
        field = self.fields["plantel"]
        field.queryset = planteles  # type: ignore[attr-defined]
        if planteles.count() == 1:
            field.initial, field.disabled = planteles.get(), True
            field.widget = forms.HiddenInput()
        self.fields["lot"].queryset = lots_to_choose(planteles)  # type: ignore[attr-defined]
        self.helper = staff_helper(submit="Subir y archivar")

    def clean(self) -> dict[str, Any]:
        plantel, lot = self.cleaned_data.get("plantel"), self.cleaned_data.get("lot")
        if plantel and lot and lot.plantel_id != plantel.pk:
            self.add_error("lot", "Ese lote es de otro plantel. Elegir uno de este plantel")
        return self.cleaned_data


class FindRenunciaForm(forms.Form):
    """Whose sheet this is: folio, matrícula or name."""

    typed = forms.CharField(
        label="Folio, matrícula o nombre",
        max_length=120,
        error_messages={"required": "Escribir el folio, la matrícula o el nombre"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Buscar")
