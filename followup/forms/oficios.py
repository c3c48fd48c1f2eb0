"""Who goes into an oficio."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.crispy import fields_helper
from followup.models import Escalation
from followup.oficio import MOST_STUDENTS
from school.models import Plantel, Subdelegacion


class OficioForm(forms.Form):
    """The Subdelegación and the cases that are asked of it."""

    subdelegacion = forms.ModelChoiceField(
        Subdelegacion.objects.all(),
        label="Subdelegación",
        error_messages={
            "required": "Elegir la Subdelegación",
            "invalid_choice": "Elegir la Subdelegación de la lista",
        },
    )
    cases = forms.MultipleChoiceField(
        label="Estudiantes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Elegir al menos a un estudiante",
            "invalid_choice": "Elegir estudiantes de la lista",
        },
    )

    def __init__(
        self, *args: Any, plantel: Plantel, cases: Sequence[Escalation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {case.report.folio: case for case in cases}
        self.fields["subdelegacion"].initial = plantel.subdelegacion_id
        proposed = [folio for folio, case in self.known.items() if not case.missing]
        self.fields["cases"].initial = proposed[:MOST_STUDENTS]
        self.fields["cases"].choices = [  # type: ignore[attr-defined]
            (folio, _label(folio, case)) for folio, case in self.known.items()
        ]
        self.helper = fields_helper()

    def chosen(self) -> list[Escalation]:
        """Return the cases that were ticked."""
        return [self.known[folio] for folio in self.cleaned_data["cases"]]


def _label(folio: str, case: Escalation) -> str:
    missing = f"; falta: {case.missing}" if case.missing else ""
    return f"{case.report.enrollment.student.list_name} · {folio}{missing}"
