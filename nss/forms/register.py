"""C-03: the number of an acuse brought on paper, written twice."""

from typing import Any

from common.crispy import staff_helper
from crispy_forms.layout import Field
from django import forms
from students.identity.text import compact


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
        self.helper = staff_helper(
            Field("nss", wrapper_class="input-code"),
            Field("nss_again", wrapper_class="input-code"),
            "override_reason",
            submit="Registrar NSS",
            conditional=("override_reason",),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("nss"), data.get("nss_again")
        if first and second and compact(first) != compact(second):
            self.add_error("nss_again", "Los dos números son distintos. Copiarlos otra vez del acuse")
        return data
