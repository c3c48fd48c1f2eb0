"""The staff's sign-in forms: allauth's logic, our words."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm as AllauthChangePasswordForm,
)
from allauth.account.forms import (
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorReauthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest

from common.crispy import question_helper, staff_helper

EMAIL_ERRORS = {
    "required": "Escribir el correo",
    "invalid": "Escribir el correo completo, con @ y lo que sigue",
}
NEW_PASSWORD_HINT = "Al menos 12 caracteres. Una frase larga es fácil de recordar."


def _word(field: forms.Field, *, label: str, missing: str, hint: str = "") -> None:
    field.label, field.help_text = label, hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


class StaffSignInForm(LoginForm):
    """E-mail and password; the error does not tell which of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], label="Correo", missing=EMAIL_ERRORS["required"])
        self.fields["login"].error_messages.update(EMAIL_ERRORS)
        _word(self.fields["password"], label="Contraseña", missing="Escribir la contraseña")
        self.helper = question_helper(submit="Continuar")


class StaffReauthenticateForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], label="Contraseña", missing="Escribir la contraseña")
        self.helper = question_helper(submit="Confirmar")


class AskForResetForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self.fields["email"],
            label="Correo",
            hint="El correo con el que se entra al portal",
            missing=EMAIL_ERRORS["required"],
        )
        self.fields["email"].error_messages.update(EMAIL_ERRORS)
        self.helper = question_helper(submit="Mandar el enlace")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for the mail; an unknown address costs the same row (security T10)."""
        if self.users:
            return super().save(request, **kwargs)
        email: str = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class _NewPasswordWords:
    fields: dict[str, forms.Field]

    def word_new_password(self) -> None:
        """Put our words on the two fields of a new password."""
        _word(
            self.fields["password1"],
            label="Contraseña nueva",
            hint=NEW_PASSWORD_HINT,
            missing="Escribir la contraseña nueva",
        )
        _word(
            self.fields["password2"],
            label="Contraseña nueva, otra vez",
            missing="Escribir otra vez la contraseña nueva",
        )


class NewPasswordForm(_NewPasswordWords, ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_new_password()
        self.helper = question_helper(submit="Guardar contraseña")


class ChangePasswordForm(_NewPasswordWords, AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self.fields["oldpassword"],
            label="Contraseña actual",
            missing="Escribir la contraseña actual",
        )
        self.word_new_password()
        self.helper = staff_helper(submit="Cambiar contraseña")


class _CodeWords:
    fields: dict[str, forms.Field]

    def word_code(self, *, hint: str) -> None:
        """Put our words on the field of a one-time code."""
        _word(
            self.fields["code"],
            label="Código",
            hint=hint,
            missing="Escribir el código de la aplicación",
        )
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class SecondFactorForm(_CodeWords, AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_code(hint="Los 6 números de la aplicación, o un código de recuperación")
        self.fields["code"].widget.attrs.pop("inputmode")
        self.helper = question_helper(submit="Entrar")


class SecondFactorAgainForm(_CodeWords, SecondFactorReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_code(hint="Los 6 números de la aplicación")
        self.helper = question_helper(submit="Confirmar")


class EnrolSecondFactorForm(_CodeWords, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_code(hint="Los 6 números que muestra la aplicación después de leer el QR")
        self.helper = question_helper(submit="Activar")


class NewRecoveryCodesForm(GenerateRecoveryCodesForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = staff_helper(submit="Hacer códigos nuevos")
