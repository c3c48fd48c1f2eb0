"""C-03: the number of an acuse brought on paper, written twice."""

from typing import Any

from crispy_forms.layout import Field
from django import forms

from common.crispy import staff_helper
from nss.queries.reasons import SHORTEST_REASON
from students.identity.errors import NssError
from students.identity.nss import nss_has_valid_digit, parse_nss
from students.identity.text import compact

_WRONG_DIGIT = (
    "El último número no corresponde con los demás. "
    "Si en el papel está así, escribir por qué se registra (15 letras o más)"
)


class RegisterNSSForm(forms.Form):
    """Twice the same number, so that a slip of the finger does not become somebody's NSS for life."""

    nss = forms.CharField(
        label="NSS del acuse en papel",
        help_text="Son 11 números",
        max_length=24,
        error_messages={"required": "Escribir el NSS del acuse"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    nss_again = forms.CharField(
        label="El mismo NSS, otra vez",
        max_length=24,
        error_messages={"required": "Escribir el NSS otra vez"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    override_reason = forms.CharField(
        label="Por qué se registra aunque el último número no corresponda",
        help_text="Solo si el dígito verificador falla y en el papel está así: 15 letras o más",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["override_reason"].widget = forms.HiddenInput()
        self.helper = staff_helper(
            Field("nss", wrapper_class="input-code"),
            Field("nss_again", wrapper_class="input-code"),
            "override_reason",
            submit="Registrar NSS",
            conditional=("override_reason",),
        )

    def clean_nss(self) -> str:
        try:
            return parse_nss(self.cleaned_data["nss"], check_digit=False)
        except NssError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("nss"), data.get("nss_again")
        if first and second and first != compact(second).replace(".", ""):
            self.add_error(
                "nss_again", "Los dos números son distintos. Copiarlos otra vez del acuse"
            )
        reason = data.get("override_reason", "")
        if first and not nss_has_valid_digit(first) and len(reason) < SHORTEST_REASON:
            self.add_error("override_reason", _WRONG_DIGIT)
        return data
