"""What Control Escolar corrects for a student: how to reach him, where he lives, and his CURP."""

from datetime import date
from typing import Any

from crispy_forms.layout import Field
from django import forms

from common.crispy import staff_helper
from students.forms.address import CODE_LENGTH, digits_of
from students.forms.data import EmailQuestion, ten_digits
from students.identity import CurpError, parse_curp
from students.models import Enrollment, StudentData
from students.queries.places import places_of
from students.queries.sign_in import data_of, mailbox_of, phone_of

WRONG_EMAIL = "Escribir el correo completo, con @ y lo que sigue"
WRONG_PHONE = "Escribir el celular con sus 10 dígitos"
WRONG_CODE = "Escribir los 5 números del código postal"
WRONG_CURP = "Escribir la CURP, de 18 letras y números"
NO_PLACE = "Ese código postal no está en el catálogo: escribir también el municipio y el estado"
_WIDTHS = dict.fromkeys(
    ("phone", "postal_code", "exterior_number", "interior_number"), "input-medium"
)


class CorrectContactForm(EmailQuestion):
    """Where the student is written to and called; who has an address keeps one."""

    email = forms.EmailField(
        label="Correo electrónico",
        help_text="Con el estudiante presente: quien lee este correo entra a su trámite.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "max_length"), WRONG_EMAIL),
    )
    phone = forms.CharField(
        label="Celular",
        help_text="10 dígitos.",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"max_length": WRONG_PHONE},
    )

    def __init__(self, data: Any = None, *, stay: Enrollment) -> None:
        super().__init__(data, initial={"email": mailbox_of(stay), "phone": phone_of(stay)})
        self.fields["email"].required = bool(mailbox_of(stay))
        self.helper = staff_helper(*_fields("email", "phone"))

    def clean_phone(self) -> str:
        return ten_digits(self.cleaned_data["phone"], sentence=WRONG_PHONE)


class CorrectCurpForm(forms.Form):
    """The CURP as the birth certificate says it; the one there was is not shown."""

    curp = forms.CharField(
        label="CURP correcta",
        help_text="18 letras y números, como está en su acta de nacimiento o en gob.mx/curp.",
        max_length=24,
        widget=forms.TextInput(
            {"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}
        ),
        error_messages=dict.fromkeys(("required", "max_length"), WRONG_CURP),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.helper = staff_helper(Field("curp", wrapper_class="input-code"))

    def clean_curp(self) -> str:
        try:
            return parse_curp(self.cleaned_data["curp"], today=self.today).value
        except CurpError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from None


class CorrectAddressForm(forms.Form):
    """Where the student lives, as his proof of address says; the catalogue fills in municipio and estado."""

    postal_code = forms.CharField(
        label="Código postal",
        max_length=7,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"required": WRONG_CODE, "max_length": WRONG_CODE},
    )
    colonia = forms.CharField(
        label="Colonia", max_length=120, error_messages={"required": "Escribir la colonia"}
    )
    municipio = forms.CharField(
        label="Municipio o alcaldía",
        help_text="Vacío, lo pone el código postal.",
        max_length=120,
        required=False,
    )
    estado = forms.CharField(
        label="Estado", help_text="Vacío, lo pone el código postal.", max_length=60, required=False
    )
    street = forms.CharField(
        label="Calle", max_length=120, error_messages={"required": "Escribir la calle"}
    )
    exterior_number = forms.CharField(
        label="Número exterior",
        help_text="Si no tiene, S/N.",
        max_length=20,
        error_messages={"required": "Escribir el número exterior, o S/N si no tiene"},
    )
    interior_number = forms.CharField(label="Número interior", max_length=20, required=False)
    address_notes = forms.CharField(label="Referencias", max_length=200, required=False)

    def __init__(self, data: Any = None, *, stay: Enrollment) -> None:
        given = data_of(stay) or StudentData()
        super().__init__(data, initial={name: getattr(given, name) for name in self.base_fields})
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
            limit = field.max_length  # type: ignore[attr-defined]
            field.error_messages.setdefault("max_length", f"Escribir {limit} letras o menos")
        self.helper = staff_helper(*_fields(*self.fields))

    def clean_postal_code(self) -> str:
        code = digits_of(self.cleaned_data["postal_code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(WRONG_CODE)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        place = places_of(cleaned.get("postal_code", ""))
        for name in ("municipio", "estado"):
            cleaned[name] = cleaned.get(name) or (getattr(place, name) if place else "")
            if not cleaned[name] and "postal_code" in cleaned and not self.has_error(name):
                self.add_error(name, NO_PLACE)
        return cleaned


def _fields(*names: str) -> list[Field]:
    return [Field(name, wrapper_class=_WIDTHS.get(name, "")) for name in names]
