"""E-10: one file, and the key that makes two presses of the button one."""

from typing import Any

from django import forms
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from common.crispy import question_helper, staff_helper
from common.tokens import public_id
from common.uploads.kinds import DOCUMENT, MEGABYTE, PHOTO
from common.uploads.refusals import Refusal, sentence_of


class AcuseUploadForm(forms.Form):
    """The student's file; `key` names one filled page."""

    submit = "Subir archivo"

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

    def __init__(self, *args: Any, owner: str = "", **kwargs: Any) -> None:
        """`owner` names whose page it is: a photo kept in a shared phone is offered to nobody else."""
        super().__init__(*args, **kwargs)
        self.helper = question_helper(submit=self.submit)
        self.helper.attrs |= {
            "data-acuse-form": owner,
            "data-next": reverse("nss:confirm"),
            "data-sign-in": resolve_url(settings.LOGIN_URL),
            "data-max-bytes": DOCUMENT.max_bytes,
            "data-too-large": sentence_of(
                Refusal.TOO_LARGE, limit=f"{DOCUMENT.max_bytes // MEGABYTE} MB", size="{size}"
            ),
        }


class AnotherPhotoForm(AcuseUploadForm):
    """One more photo of the same sheet."""

    submit = "Agregar foto"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acuse"].label = "Otra foto de tu acuse"
        self.fields["acuse"].help_text = f"{PHOTO.words} de hasta 10 MB; la hacemos más ligera"
        self.fields["acuse"].error_messages["required"] = "Elige la foto"
        self.fields["acuse"].widget.attrs["accept"] = PHOTO.accept


class AcuseForStudentForm(AcuseUploadForm):
    """The same file, uploaded at the window for a student who brought it on paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acuse"].label = "Acuse escaneado o fotografiado"
        self.fields["acuse"].help_text = f"{DOCUMENT.words} de hasta 10 MB, con toda la hoja"
        self.fields["acuse"].error_messages["required"] = "Elegir el archivo del acuse"
        self.helper = staff_helper(submit="Subir y mandar a revisión")
