"""E-10: one file, and the key that makes two presses of the button one."""

from typing import Any

from django import forms

from common.crispy import question_helper, staff_helper
from common.tokens import public_id
from common.uploads.kinds import DOCUMENT


class AcuseUploadForm(forms.Form):
    """The student's file; `key` names one filled page."""

    acuse = forms.FileField(
        label="Tu acuse (PDF o foto)",
        help_text=(
            f"{DOCUMENT.words} de hasta 10 MB; si es foto, la hacemos más ligera para que gaste menos datos"
        ),
        allow_empty_file=True,
        error_messages={"required": "Elige tu acuse"},
        widget=forms.FileInput(attrs={"accept": DOCUMENT.accept}),
    )
    key = forms.RegexField(r"^[A-Za-z0-9_-]{8,40}$", widget=forms.HiddenInput, initial=public_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit="Subir archivo")
        self.helper.attrs |= {"data-acuse-form": True}


class AcuseForStudentForm(AcuseUploadForm):
    """The same file, uploaded at the window for a student who brought it on paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acuse"].label = "Acuse escaneado o fotografiado"
        self.fields["acuse"].help_text = f"{DOCUMENT.words} de hasta 10 MB, con toda la hoja"
        self.fields["acuse"].error_messages["required"] = "Elegir el archivo del acuse"
        self.helper = staff_helper(submit="Subir y mandar a revisión")
