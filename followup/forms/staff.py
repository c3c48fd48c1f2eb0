"""What the staff answers, filters and registers."""

from typing import Any

from django import forms

from common.crispy import filter_helper, staff_helper
from followup.queries.students import FILTERS
from followup.states import EscalationCause

NO_CAUSE = "Elegir la causa"
NOT_SAID = "Escribir el motivo con 15 letras o más: queda en el registro de consultas"


class AnswerForm(forms.Form):
    """The end of a report, as the student reads it."""

    answer = forms.CharField(
        label="Respuesta para el estudiante",
        help_text="La lee en «Mi trámite». Hablarle de tú y decirle qué hacer.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Escribir la respuesta: es lo que lee el estudiante"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Marcar como atendido")


class SubdelegacionNSSForm(forms.Form):
    """The number that the Subdelegación gave."""

    nss = forms.CharField(
        label="NSS que dio la Subdelegación",
        help_text="11 números; se aceptan espacios y guiones",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Escribir el NSS"},
    )
    override_reason = forms.CharField(
        label="Por qué se acepta aunque el último número no corresponda",
        help_text="Solo si en el documento del IMSS está así",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Registrar NSS y cerrar el reporte", action=action)


class CauseForm(forms.Form):
    """Why the page of IMSS gave no number."""

    cause = forms.ChoiceField(
        label="Causa",
        choices=EscalationCause.choices,
        error_messages={"required": NO_CAUSE, "invalid_choice": NO_CAUSE},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Guardar y revisar los datos", action=action)

    def clean_cause(self) -> EscalationCause:
        return EscalationCause(self.cleaned_data["cause"])


class WrongDataCaseForm(forms.Form):
    """The datum that IMSS holds wrong, as the student reads it."""

    data_wrong = forms.CharField(
        label="¿Qué dato sale mal?",
        help_text="Escribir solo el dato, como lo diría el estudiante: «tu fecha de nacimiento».",
        max_length=60,
        error_messages={
            "required": "Escribir qué dato sale mal en el acuse",
            "max_length": "Escribir solo el dato, en 60 letras o menos",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Pasar a caso de datos")


class ReasonForm(forms.Form):
    """Why somebody of the subsystem opens a student's file."""

    reason = forms.CharField(
        label="Motivo de la consulta",
        help_text="Queda escrito con tu nombre y la hora. Vale 30 minutos.",
        min_length=15,
        max_length=200,
        error_messages={"required": NOT_SAID, "min_length": NOT_SAID},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Abrir la ficha", action=action)


class StudentFilterForm(forms.Form):
    """The filters of the list; what is not in the list of choices filters nothing."""

    paso = forms.ChoiceField(label="Paso", choices=FILTERS, required=False)

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", "Todos"), *((group, group) for group in groups)]
        self.fields["grupo"] = forms.ChoiceField(label="Grupo", choices=every, required=False)
        self.helper = filter_helper()
