"""The questions of E-02, E-03 and E-05, and the change of the e-mail."""

import re
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from common.crispy import SubmitButton, fields_helper, question_helper
from students.forms.email_typos import suggested_email
from students.identity import Curp, CurpError, parse_curp
from students.states import OtherCover

MAX_PHONE = 10
_NOT_A_DIGIT = re.compile(r"\D")


class PersonForm(forms.Form):
    """E-02: «Sí, son míos», with the CURP where the roster lacks it.

    Without script the deduced line is shown after the first submit, so it takes a second one: `read` says that
    the line of that CURP has been seen.
    """

    curp = forms.CharField(
        label="¿Cuál es tu CURP?",
        help_text="Son 18 letras y números. Está en tu acta de nacimiento o en gob.mx/curp",
        max_length=24,
        widget=forms.TextInput(
            {"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}
        ),
        error_messages={
            "required": "Escribe tu CURP",
            "max_length": "La CURP debe tener 18 letras y números",
        },
    )
    read = forms.CharField(max_length=18, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, known: str | None, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.person: Curp | None = None
        if known:
            self.fields.clear()
            self.helper = question_helper(submit="Sí, son míos")
        else:
            self.fields["curp"].widget.attrs |= {
                "hx-post": reverse("students:read_curp"),
                "hx-trigger": "input changed delay:300ms, early",
                "hx-target": "#curp-leida",
            }
            self.helper = fields_helper(Field("curp", wrapper_class="input-code"))
            self.helper.heading_field = "curp"
            self.helper.render_unmentioned_fields = False

    def clean_curp(self) -> str:
        try:
            self.person = parse_curp(self.cleaned_data["curp"], today=self.today)
        except CurpError as error:
            raise ValidationError(error.sentence, code=error.code) from None
        return self.person.value

    @property
    def is_ready(self) -> bool:
        """Whether there is nothing left to look at before the answer is kept."""
        if not self.is_valid():
            return False
        return "curp" not in self.fields or self.cleaned_data["read"] == self.cleaned_data["curp"]

    @property
    def answer(self) -> dict[str, str | None]:
        return {"curp": self.cleaned_data.get("curp")}


class EmailQuestion(forms.Form):
    """An e-mail, with a question when its domain looks mistyped: it warns and never blocks."""

    email = forms.EmailField(
        label="Correo electrónico",
        help_text="Usa uno que abras seguido; escribe el mismo que usarás en el IMSS",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Escribe tu correo electrónico",
            "invalid": "Escribe tu correo completo, con @ y lo que sigue",
            "max_length": "Escribe tu correo completo, con @ y lo que sigue",
        },
    )

    helper: FormHelper
    suggestion = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        meant = suggested_email(cleaned.get("email", ""))
        choice = self.data.get("email_choice")
        if meant and choice == "correct":
            cleaned["email"] = meant
        elif meant and choice != "keep" and not self.errors:
            self._ask(meant)
        return cleaned

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def is_ready(self) -> bool:
        """Whether the answer may be kept: it is right, and no question about it is open."""
        return self.is_valid() and not self.suggestion

    def _ask(self, meant: str) -> None:
        self.suggestion = meant
        self.suggested_name, _, self.suggested_domain = meant.rpartition("@")
        self.helper.buttons = (
            SubmitButton("Sí, corregir", name="email_choice", value="correct"),
            SubmitButton("No, así es", css="btn-secondary", name="email_choice", value="keep"),
        )


class ContactForm(EmailQuestion):
    """E-03: how the student is told. The guardian's contact is asked of minors alone."""

    phone = forms.CharField(
        label="Celular",
        help_text="10 dígitos; solo para avisarte de este trámite",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"max_length": "El celular debe tener 10 dígitos"},
    )
    accepts_whatsapp = forms.BooleanField(label="Pueden escribirme por WhatsApp", required=False)
    guardian_contact = forms.CharField(
        label="Correo o celular de tu mamá, papá o tutor",
        required=False,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"max_length": "Escribe un correo completo o un celular de 10 dígitos"},
    )

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], is_minor: bool, asks_email: bool
    ) -> None:
        super().__init__(data, initial=initial)
        if not asks_email:
            del self.fields["email"]
        if not is_minor:
            del self.fields["guardian_contact"]
        self.helper = question_helper(
            *(Field(name, wrapper_class=_WIDTHS.get(name, "")) for name in self.fields),
            conditional=("accepts_whatsapp",),
        )

    def clean_phone(self) -> str:
        return ten_digits(self.cleaned_data["phone"])

    def clean_guardian_contact(self) -> str:
        contact = str(self.cleaned_data["guardian_contact"]).strip()
        if "@" not in contact:
            return ten_digits(
                contact, sentence="Escribe un correo completo o un celular de 10 dígitos"
            )
        try:
            validate_email(contact)
        except ValidationError:
            raise ValidationError("Escribe un correo completo o un celular de 10 dígitos") from None
        return contact.lower()

    @property
    def answer(self) -> dict[str, Any]:
        """What the action takes; no e-mail where it was not asked, no guardian for an adult."""
        return {"email": None, "guardian_contact": "", **self.cleaned_data}


class ChangeEmailForm(EmailQuestion):
    """«Cambiar correo»."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["email"].label = "Correo nuevo"
        self.helper = question_helper(submit="Guardar mi correo")


class OtherCoverForm(forms.Form):
    """E-05: asked, never held against the student."""

    other_cover = forms.ChoiceField(
        label="¿Ya tienes servicio médico por otro lado?",
        choices=OtherCover.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elige una respuesta; si no estás seguro, elige «No sé»",
            "invalid_choice": "Elige una respuesta de la lista",
        },
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.helper = question_helper(heading_field="other_cover")


_WIDTHS = {"phone": "input-medium"}


def ten_digits(text: str, *, sentence: str = "") -> str:
    """Return the ten digits, "" for nothing; +52, spaces, hyphens and brackets are forgiven."""
    digits = _NOT_A_DIGIT.sub("", text)
    if len(digits) in {12, 13} and digits.startswith("52"):
        digits = digits[-MAX_PHONE:]
    if text.strip() and len(digits) != MAX_PHONE:
        raise ValidationError(
            sentence or f"El celular debe tener 10 dígitos; escribiste {len(digits)}"
        )
    return digits
