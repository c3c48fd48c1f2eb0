"""E-15: one question on each page; what a motive asks is in renuncias.queries.answers."""

from datetime import date
from typing import Any

from django import forms

from common.crispy import question_helper
from renuncias.queries.answers import Question, final_answers, missing_answer
from renuncias.states import Institution, Kinship, Motive

_A_DAY = "Escribe el día como 31/12/2026, o déjalo vacío"


class MotiveForm(forms.Form):
    """Why the student does not need this cover."""

    motive = forms.ChoiceField(
        label="¿Por qué no lo necesitas?",
        choices=Motive.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elige por qué no necesitas el seguro",
            "invalid_choice": "Elige una respuesta de la lista",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Continuar con mi renuncia")


class AnswerForm(forms.Form):
    """One question after the motive; `heading` is the field whose label is the page's h1."""

    heading = ""
    conditional: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = question_helper(heading_field=self.heading, conditional=self.conditional)


class NoteForm(AnswerForm):
    """The motive in the student's own words."""

    heading = "motive_note"

    motive_note = forms.CharField(
        label="¿Por qué no necesitas el seguro?",
        help_text="En pocas palabras. Sale en tu renuncia.",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": "Escribe por qué no necesitas el seguro",
            "max_length": "Escríbelo en 200 letras o menos",
        },
    )

    def clean(self) -> dict[str, Any]:
        return _checked(self, Motive.OTHER)


class InstitutionForm(AnswerForm):
    """Who gives the other cover; IMSS itself is a motive of its own."""

    heading, conditional = "institution", ("institution_name",)

    institution = forms.ChoiceField(
        label="¿Qué institución te da servicio médico?",
        help_text=(
            "IMSS-Bienestar no está en la lista: atiende a quien no tiene seguro, "
            "así que por sí solo no basta para renunciar."
        ),
        choices=[one for one in Institution.choices if one[0] != Institution.IMSS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elige qué institución te da servicio médico",
            "invalid_choice": "Elige una institución de la lista",
        },
    )
    institution_name = forms.CharField(
        label="¿Cómo se llama?",
        help_text="Por ejemplo, ISSSTESON. Solo si elegiste instituto estatal, seguro privado u otra",
        max_length=80,
        required=False,
        error_messages={"max_length": "Escríbelo en 80 letras o menos"},
    )

    def clean(self) -> dict[str, Any]:
        return _checked(self, Motive.OTHER_INSTITUTION)


class HolderForm(AnswerForm):
    """Through whom the other cover reaches the student."""

    heading = "kinship"

    kinship = forms.ChoiceField(
        label="¿Por quién tienes ese servicio?",
        choices=Kinship.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Elige una respuesta de la lista"},
    )
    holder = forms.CharField(
        label="¿Cómo se llama esa persona?",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": "Escríbelo en 120 letras o menos"},
    )


class PolicyForm(AnswerForm):
    """The number on the card of the other cover, and until when it counts."""

    policy_number = forms.CharField(
        label="Número de afiliación o póliza",
        help_text="Está en tu carnet o credencial",
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "Escríbelo en 30 letras o menos"},
    )
    covered_until = forms.DateField(
        label="¿Hasta cuándo vale?",
        help_text="Si no lo sabes, déjalo vacío",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _A_DAY},
    )

    def clean_covered_until(self) -> date | None:
        day: date | None = self.cleaned_data["covered_until"]
        if day and day < self.today:
            raise forms.ValidationError(
                "Ese día ya pasó: si ya no tienes ese servicio, elige «Mejor sí me afilio»"
            )
        return day


FORMS: dict[Question, type[AnswerForm]] = {
    Question.NOTE: NoteForm,
    Question.INSTITUTION: InstitutionForm,
    Question.HOLDER: HolderForm,
    Question.POLICY: PolicyForm,
}


def _checked(form: forms.Form, motive: Motive) -> dict[str, Any]:
    """What the motive cannot go without is said by renuncias.queries.answers, as the action does."""
    cleaned = form.cleaned_data
    lacking = missing_answer(final_answers({"motive": motive, **cleaned}))
    if lacking and lacking[0] in form.fields and not form.errors:
        form.add_error(*lacking)
    return cleaned
