"""What the student answers about the clinic and the vigencia."""

from typing import Any

from django import forms

from clinics.queries.registrations import ClinicReport
from clinics.states import Turno, VigenciaResult
from clinics.umf_file import umf_number
from common.crispy import question_helper
from common.uploads import DOCUMENT

_TURNOS = [(value, label.capitalize()) for value, label in Turno.choices]
_NO_NUMBER = "Escribe el número de tu UMF; está en tu carnet"


class UMFNumberField(forms.CharField):
    """The number of a clinic as people write it: «37», «UMF 37», «UMF No. 037»."""

    def __init__(self, *, wrong: str, suggestions: str = "umf-conocidas", **kwargs: Any) -> None:
        """`suggestions` is the id of the page's list of known clinics."""
        attrs = {"inputmode": "numeric", "autocomplete": "off", "list": suggestions}
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs=attrs),
            error_messages={"required": wrong, "max_length": wrong, "invalid": wrong},
            **kwargs,
        )

    def clean(self, value: Any) -> int:
        number = umf_number(super().clean(value))
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class ClinicForm(forms.Form):
    """E-16 «¿Ya te registraste?»"""

    number = UMFNumberField(
        label="Número de tu UMF", help_text="Por ejemplo, 37. Está en tu carnet", wrong=_NO_NUMBER
    )
    turno = forms.ChoiceField(
        label="Turno",
        choices=_TURNOS,
        widget=forms.RadioSelect,
        error_messages={"required": "Elige tu turno; si no lo sabes, elige «No sé»"},
    )
    consultorio = forms.CharField(
        label="Consultorio",
        max_length=10,
        required=False,
        error_messages={"max_length": "Escribe solo el número de tu consultorio"},
    )
    carnet = forms.FileField(
        label="Foto de tu carnet",
        help_text=f"{DOCUMENT.words} de hasta 10 MB",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": DOCUMENT.accept}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Guardar mi clínica")

    @property
    def report(self) -> ClinicReport:
        """What was answered."""
        return ClinicReport(
            self.cleaned_data["number"],
            Turno(self.cleaned_data["turno"]),
            self.cleaned_data["consultorio"],
        )


class ResultForm(forms.Form):
    """E-17 «¿Qué te salió en la consulta de vigencia?»"""

    YES = "SI"

    result = forms.ChoiceField(
        label="¿Qué te salió en la consulta de vigencia?",
        choices=[
            (YES, "SÍ"),
            (VigenciaResult.NONE.value, "NO"),
            (VigenciaResult.NOT_CONSULTED.value, "No pude consultar"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Elige lo que dice tu constancia"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(heading_field="result")


class CoverForm(forms.Form):
    """The one question more after a SÍ, which alone does not tell whose cover it is."""

    ASKED, UNKNOWN = "si", "NO_SE"

    cover = forms.ChoiceField(
        label="¿El SÍ es por tu escuela o por tu familia o trabajo?",
        choices=[
            (VigenciaResult.BY_SCHOOL.value, "Por mi escuela"),
            (VigenciaResult.BY_OTHER.value, "Por mi familia o mi trabajo"),
            (UNKNOWN, "No sé"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elige por quién tienes el seguro; si no lo sabes, elige «No sé»"
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(heading_field="cover")

    @property
    def answer(self) -> tuple[VigenciaResult, bool]:
        """The result, and whether the student knows by whose cover it is."""
        cover = self.cleaned_data["cover"]
        if cover == self.UNKNOWN:
            return VigenciaResult.BY_SCHOOL, False
        return VigenciaResult(cover), True


class ConstanciaForm(forms.Form):
    """The PDF that IMSS mails, if the student has it."""

    constancia = forms.FileField(
        label="Tu constancia de vigencia (PDF o foto)",
        help_text=f"{DOCUMENT.words} de hasta 10 MB",
        allow_empty_file=True,
        error_messages={"required": "Elige tu constancia"},
        widget=forms.FileInput(attrs={"accept": DOCUMENT.accept}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Subir constancia", action=action)
