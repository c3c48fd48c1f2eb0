"""What makes a batch, what sends it, and what IMSS answered."""

from collections.abc import Collection
from typing import Any

from django import forms

from affiliation.relation import APPLIED, REASON_LETTERS, REJECTED, Answer
from common.crispy import SubmitButton, fields_helper, filter_helper, staff_helper
from common.fields import day_field

TICKED, ALL = "marcados", "todos"


class DayForm(forms.Form):
    """Which date the altas carry."""

    plantel = forms.CharField(required=False, widget=forms.HiddenInput)
    fecha = day_field("Fecha de las altas")

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filter_helper(submit="Revisar con esta fecha", action=action)


class MakeForm(forms.Form):
    """«Hacer el lote»: of the list that was looked at, with the letters that change."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    effective_on = forms.DateField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label="Revisé las letras que cambian y así se mandan",
        error_messages={"required": "Marcar que se revisaron las letras que cambian"},
    )

    def __init__(self, *args: Any, has_changes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_changes:
            del self.fields["confirmed"]
        self.helper = fields_helper()


class SendForm(forms.Form):
    """«Marcar como enviado al IMSS»; `needs_folio` when only the folio can prove that IMSS has it."""

    imss_folio = forms.CharField(
        label="Folio del IMSS",
        help_text="El del acuse que da el IMSS al recibirlo.",
        max_length=40,
        required=False,
        error_messages={
            "required": "Escribir el folio que dio el IMSS; si no se ha mandado, volver a hacer el lote",
            "max_length": "Escribir el folio en 40 letras o menos",
        },
    )

    def __init__(self, *args: Any, action: str, needs_folio: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["imss_folio"].required = needs_folio
        css = "btn-secondary" if needs_folio else "btn-primary"  # first is to make it again
        self.helper = staff_helper(action=action)
        self.helper.buttons = (SubmitButton("Marcar como enviado al IMSS", css=css),)


class AnswerForm(forms.Form):
    """What IMSS answered about the ticked movements, or about all that wait."""

    movements = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": "Marcar movimientos que esperan respuesta"},
    )
    whose = forms.ChoiceField(
        label="De quiénes",
        choices=[(TICKED, "Los marcados"), (ALL, "Todos los que esperan respuesta")],
        initial=TICKED,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elegir de quiénes es la respuesta",
            "invalid_choice": "Elegir de quiénes es la respuesta",
        },
    )
    result = forms.ChoiceField(
        label="Qué respondió el IMSS",
        choices=[(APPLIED, APPLIED), (REJECTED, REJECTED)],
        widget=forms.RadioSelect,
        error_messages={
            "required": f"Elegir {APPLIED} o {REJECTED}",
            "invalid_choice": f"Elegir {APPLIED} o {REJECTED}",
        },
    )
    reason = forms.CharField(
        label="Motivo del rechazo",
        help_text="Como lo dice el IMSS; solo si lo rechazó.",
        max_length=REASON_LETTERS,
        required=False,
        error_messages={"max_length": f"Escribir el motivo en {REASON_LETTERS} letras o menos"},
    )

    def __init__(self, *args: Any, waiting: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        self.fields["movements"].choices = [(one, one) for one in waiting]  # type: ignore[attr-defined]
        self.helper = fields_helper("whose", "result", "reason", conditional=("reason",))
        self.helper.render_unmentioned_fields = False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("whose") == TICKED and not said.get("movements") and not self.errors:
            self.add_error("whose", "Marcar al menos a un estudiante de la tabla")
        if (
            said.get("result") == REJECTED
            and not said.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", "Escribir el motivo con el que lo rechazó el IMSS")
        return said

    def answers(self) -> list[Answer]:
        """Return one answer for each movement it is about."""
        said = self.cleaned_data
        chosen = self.waiting if said["whose"] == ALL else said["movements"]
        return [Answer(reference, said["result"], said["reason"]) for reference in chosen]
