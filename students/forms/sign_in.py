"""What a student types to enter."""

from typing import Any

from crispy_forms.layout import Field
from django import forms

from common.crispy import question_helper

_TYPED = {"autocapitalize": "characters", "spellcheck": "false"}


def matricula_field() -> forms.CharField:
    """Make the field for the matrícula; the page's query forgives spaces and small letters."""
    return forms.CharField(
        label="Matrícula",
        help_text="Está en tu ficha de inscripción",
        max_length=40,
        widget=forms.TextInput({**_TYPED, "autocomplete": "username"}),
        error_messages={
            "required": "Escribe tu matrícula",
            "max_length": "Tu matrícula es más corta. Cópiala de tu ficha de inscripción",
        },
    )


def six_digits_field() -> forms.CharField:
    """Make the field for the code that came by mail."""
    return forms.CharField(
        label="Código de 6 números",
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": "Escribe el código de 6 números",
            "max_length": "El código tiene 6 números. Cópialo del correo",
        },
    )


class SignInForm(forms.Form):
    """E-01: matrícula and the code of the slip or of M-01.

    `action` is the page's address without its fragment, which a redirect would carry on to the next pages.
    """

    matricula = matricula_field()
    code = forms.CharField(
        label="Código de activación",
        help_text="Son 8 letras y números; viene en la hoja que te dio tu plantel",
        max_length=40,
        widget=forms.TextInput({**_TYPED, "autocomplete": "off", "data-from-address": True}),
        error_messages={
            "required": "Escribe tu código de activación",
            "max_length": "El código tiene 8 letras y números. Cópialo de tu hoja",
        },
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(
            Field("matricula", wrapper_class="input-code"),
            Field("code", wrapper_class="input-code"),
            submit="Entrar",
            action=action,
        )


class MatriculaForm(forms.Form):
    """To whom the link and the six digits go."""

    matricula = matricula_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(
            Field("matricula", wrapper_class="input-code"), submit="Mandarme un código"
        )


class MailedCodeForm(forms.Form):
    """The six digits; the matrícula is asked for only on a device that has not just typed it."""

    matricula = matricula_field()
    code = six_digits_field()

    def __init__(
        self, *args: Any, matricula: str = "", submit: str = "Entrar", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known_matricula = matricula
        if matricula:
            del self.fields["matricula"]
        self.helper = question_helper(
            *(Field(name, wrapper_class="input-code") for name in self.fields), submit=submit
        )

    def clean(self) -> dict[str, Any]:
        return {"matricula": self.known_matricula, **(super().clean() or {})}


class SignInLinkForm(forms.Form):
    """The token that the script takes from the address of the link."""

    token = forms.CharField(
        max_length=64, widget=forms.HiddenInput({"data-from-address": True}), required=False
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Entrar a mi trámite", action=action)


class LostCodeForm(forms.Form):
    """«No tengo mi código»: the e-mail of the inscripción."""

    email = forms.EmailField(
        label="Correo electrónico",
        help_text="El que diste en tu inscripción",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Escribe tu correo electrónico",
            "invalid": "Escribe tu correo completo, con @ y lo que sigue",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Mandarme un código")
