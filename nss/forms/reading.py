"""E-12: what the student says about the number that was read."""

from typing import Any

from crispy_forms.layout import Field
from django import forms

from common.crispy import question_helper
from nss.states import NSSAnswer
from students.identity.errors import NssError
from students.identity.nss import parse_nss


class NSSField(forms.CharField):
    """Eleven digits as people write them: spaces and hyphens are forgiven."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Tu NSS")
        attrs = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=24, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text and not self.required:
            return ""
        try:
            return parse_nss(text)
        except NssError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from None


class ReadNSSForm(forms.Form):
    """«¿Es el mismo que ves en tu acuse?»"""

    answer = forms.ChoiceField(
        label="¿Es el mismo que ves en tu acuse?",
        choices=NSSAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elige si es el mismo número que ves en tu acuse"},
    )
    typed_nss = NSSField(
        label="Si es distinto, escribe el de tu acuse",
        help_text="Son 11 números",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(
            "answer",
            Field("typed_nss", wrapper_class="input-code"),
            conditional=("typed_nss",),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_different = data.get("answer") == NSSAnswer.DIFFERENT
        if is_different and not data.get("typed_nss") and "typed_nss" not in self.errors:
            self.add_error("typed_nss", "Escribe el NSS que ves en tu acuse")
        if not is_different:
            self.errors.pop("typed_nss", None)
        return data


class TypedNSSForm(forms.Form):
    """«Escribe tu NSS»: nothing was read, or the plantel asked for it again."""

    typed_nss = NSSField(
        help_text="Son 11 números",
        error_messages={"required": "Escribe tu NSS"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(Field("typed_nss", wrapper_class="input-code"))
