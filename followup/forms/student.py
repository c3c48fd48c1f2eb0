"""What a student answers or reports."""

import datetime as dt
from typing import Any

from django import forms

from common.crispy import choice_with_hint, question_helper
from common.tokens import public_id
from common.uploads.kinds import DOCUMENT
from followup.causes import ADVICE, STUDENT_WORDS, TRY_AGAIN
from followup.states import ReportKind

ALREADY_HAVE_IT = "acuse"
NOT_TRIED = "guia"

OUTCOMES = (
    (ALREADY_HAVE_IT, "Ya tengo mi acuse"),
    (
        ReportKind.SUBDELEGACION,
        choice_with_hint(
            "Me salió «Acudir a la Subdelegación»", "También si te pide ir a una oficina del IMSS"
        ),
    ),
    (ReportKind.HAS_NSS, "Dice que ya tengo un NSS"),
    (ReportKind.WRONG_DATA, "Mis datos salen mal (nombre, fecha o CURP)"),
    (ReportKind.NO_MAIL, "No me llega el correo del IMSS"),
    (ReportKind.PAGE_FAILED, "La página no abre o marca error"),
    (NOT_TRIED, "Todavía no lo intento"),
)
WRONG_AT_IMSS = (
    ("nombre o apellidos", "Mi nombre o mis apellidos"),
    ("fecha de nacimiento", "Mi fecha de nacimiento"),
    ("CURP", "Mi CURP"),
    ("sexo", "Mi sexo"),
    ("lugar de nacimiento", "El lugar donde nací"),
    ("otro dato", "Otro dato"),
)
WRONG_IN_ROSTER = (
    ("nombre", "Mi nombre o mis apellidos"),
    ("CURP", "Mi CURP"),
    ("grupo", "Mi grupo o mi plantel"),
    ("otro dato", "Otro dato"),
)
TOPICS = {
    "motivo": "No entiendo por qué debo corregir mi acuse",
    "renuncia": "Creo que no necesito la afiliación",
    "afiliarme": "Quiero afiliarme otra vez",
    "seguro": "Tengo otro servicio médico",
}
"""What a question is about when a page leads to it; the subject that the plantel reads."""


class OutcomeForm(forms.Form):
    """E-09: one question after the trip to the IMSS page."""

    outcome = forms.ChoiceField(
        label="¿Cómo te fue en la página del IMSS?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Elige qué te pasó en la página del IMSS"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(heading_field="outcome")


class ReportForm(forms.Form):
    """What every report shares: the key that makes a second press of the button harmless."""

    submit = "Reportar a mi plantel"
    key = forms.CharField(widget=forms.HiddenInput, max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = public_id()
        self.helper = question_helper(submit=self.submit)

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or public_id()


class CaseForm(ReportForm):
    """E-14: what the message said, the day and, if there is one, a picture of it.

    A message that only asks to come back is no report: the form says what to do instead.
    """

    cause = forms.ChoiceField(
        label="¿Qué decía el mensaje?",
        choices=tuple(STUDENT_WORDS.items()),
        required=False,
    )
    happened_on = forms.DateField(
        label="¿Qué día te salió?",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "Escribe el día en que te salió el mensaje",
            "invalid": "Escribe el día así: 27/08/2026",
        },
    )
    evidence = forms.FileField(
        label="Foto o captura del mensaje",
        help_text=f"{DOCUMENT.words} de hasta 10 MB",
        required=False,
        widget=forms.FileInput(attrs={"accept": DOCUMENT.accept}),
        error_messages={"empty": "El archivo está vacío. Toma otra captura y súbela"},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["happened_on"].initial = today

    def clean_cause(self) -> str:
        cause: str = self.cleaned_data["cause"]
        if cause in TRY_AGAIN:
            raise forms.ValidationError(ADVICE[cause])
        return cause

    def clean_happened_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError("Ese día todavía no llega. Escribe el día en que te salió")
        return day


class WrongDataForm(ReportForm):
    """E-09b: which datum IMSS holds wrong."""

    subject = forms.ChoiceField(
        label="¿Qué dato sale mal?",
        choices=WRONG_AT_IMSS,
        widget=forms.RadioSelect,
        error_messages={"required": "Elige qué dato sale mal"},
    )
    text = forms.CharField(
        label="¿Cómo sale y cómo debe ser?",
        help_text="Por ejemplo: dice Gomes y es Gómez",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Cuéntanos cómo sale el dato y cómo debe ser"},
    )


class RosterDataForm(ReportForm):
    """E-02b: which datum of the plantel's list is wrong."""

    submit = "Avisar a mi plantel"
    subject = forms.ChoiceField(
        label="¿Qué dato está mal?",
        choices=WRONG_IN_ROSTER,
        widget=forms.RadioSelect,
        error_messages={"required": "Elige qué dato está mal"},
    )
    text = forms.CharField(
        label="¿Cómo debe ser?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Escribe cómo debe ser el dato"},
    )


class QuestionForm(ReportForm):
    """A question to the plantel."""

    submit = "Enviar mi pregunta"
    text = forms.CharField(
        label="Tu pregunta",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Escribe tu pregunta"},
    )


class AttemptForm(ReportForm):
    """E-09c, E-09d: «Registrar intento»."""

    submit = "Registrar intento"
    text = forms.CharField(
        label="¿Qué viste en la página?",
        help_text="Por ejemplo: se quedó en blanco al tocar Continuar",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoMailForm(AttemptForm):
    """E-09c: the mail of IMSS that does not arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "¿Cuándo pediste el correo?"
        self.fields["text"].help_text = "Por ejemplo: hoy a las 10 de la mañana"


class LostProofForm(ReportForm):
    """E-09a: the student has a number and no paper of IMSS."""

    submit = "Avisar a mi plantel"
    text = forms.CharField(
        label="Cuéntanos qué te pidió la página",
        help_text="No escribas aquí tu NSS: tu plantel te lo pide en persona",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
