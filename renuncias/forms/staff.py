"""What Control Escolar filters, fills in for a student, and writes when a renuncia ends."""

from typing import Any

from django import forms
from django.urls import reverse

from common.crispy import SubmitButton, filter_helper, search_helper, staff_helper
from renuncias.queries.lists import FILTERS
from renuncias.states import Institution, Kinship, Motive

_NOT_SAID = "Escribir el motivo con 15 letras o más, para que se entienda qué pasó"
_FOR_THE_PEN = (
    "Elegir el motivo, o borrar lo demás: en la hoja que se llena a mano todo va sin escribir"
)
_A_DAY = "Escribir el día como 31/12/2026, o dejarlo vacío"


class RenunciaFilterForm(forms.Form):
    """The filters of the list; what is not in the list of choices filters nothing."""

    estado = forms.ChoiceField(
        label="Estado",
        choices=[("", "Todas"), *((key, label) for key, (label, _) in FILTERS.items())],
        required=False,
    )

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", "Todos"), *((group, group) for group in groups)]
        self.fields["grupo"] = forms.ChoiceField(label="Grupo", choices=every, required=False)
        self.helper = filter_helper("estado", "grupo")


class RenunciaSearchForm(forms.Form):
    """Who or which one; sent in the body, so that no address names a person."""

    q = forms.CharField(label="Nombre, matrícula o folio", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = search_helper()


class AnswersForm(forms.Form):
    """A student's answers, given at the window; without a motive the sheet is filled in with a pen."""

    motive = forms.ChoiceField(
        label="Motivo",
        choices=[("", "Se llena a mano"), *Motive.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    motive_note = forms.CharField(
        label="Explicación", help_text="Solo si el motivo es otro", max_length=200, required=False
    )
    institution = forms.ChoiceField(
        label="Institución",
        help_text="Solo si tiene otra institución. IMSS-Bienestar por sí solo no basta.",
        choices=[
            ("", "–"),
            *(one for one in Institution.choices if one[0] != Institution.IMSS),
        ],
        required=False,
    )
    institution_name = forms.CharField(
        label="Nombre de la institución", max_length=80, required=False
    )
    kinship = forms.ChoiceField(
        label="Por quién la tiene, dicho por el estudiante",
        choices=[("", "–"), *Kinship.choices],
        required=False,
    )
    holder = forms.CharField(label="Titular", max_length=120, required=False)
    policy_number = forms.CharField(
        label="Número de afiliación o póliza", max_length=30, required=False
    )
    covered_until = forms.DateField(
        label="Vigente hasta",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _A_DAY},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Expedir la renuncia")

    def clean(self) -> dict[str, Any]:
        is_for_the_pen = self.cleaned_data.get("motive") == ""
        if is_for_the_pen and (self.errors or any(self.cleaned_data.values())):
            self.add_error("motive", _FOR_THE_PEN)
        return self.cleaned_data


class EndForm(forms.Form):
    """Why a renuncia is voided or cancelled; the student's history keeps it."""

    reason = forms.CharField(
        label="Motivo",
        help_text="Queda en el historial con tu nombre; 15 letras o más.",
        min_length=15,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _NOT_SAID,
            "min_length": _NOT_SAID,
            "max_length": "Escribir el motivo en 200 letras o menos",
        },
    )

    def __init__(self, *args: Any, submit: str, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(action=action)
        self.helper.buttons = (SubmitButton(submit, css="btn-secondary"),)


class AcceptForm(forms.Form):
    """«Registrar»; what a sheet filled in by hand says is copied here."""

    motive = forms.ChoiceField(
        label="Motivo que dice la hoja",
        choices=Motive.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elegir el motivo que dice la hoja: se llenó a mano"},
    )

    def __init__(self, *args: Any, is_blank: bool, public_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_blank:
            del self.fields["motive"]
        action = reverse("renuncias:accept", args=[public_id])
        self.helper = staff_helper(submit="Registrar", action=action)


class IssueFilterForm(forms.Form):
    """For whom sheets are issued at once."""

    otro = forms.BooleanField(
        label="Solo quienes dijeron tener otro servicio médico", required=False
    )

    def __init__(
        self, *args: Any, planteles: list[tuple[str, str]], groups: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plantel"] = forms.ChoiceField(label="Plantel", choices=planteles)
        every = [("", "Elegir"), *((group, group) for group in groups)]
        self.fields["grupo"] = forms.ChoiceField(label="Grupo", choices=every, required=False)
        self.helper = filter_helper("plantel", "grupo", "otro", submit="Ver a quiénes")
