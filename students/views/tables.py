"""What the pages share that take a list which went out and came back with its answers."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile

from common.spreadsheets import NoColumn
from common.uploads import NoSlot
from students.actions.files import UploadRefused
from students.forms.tables import AnswersFileForm

Answer = TypeVar("Answer")
BUSY = "El portal está leyendo otros archivos. Subir la lista otra vez en un momento"


def answers_in_file(
    form: AnswersFileForm, read: Callable[[UploadedFile], Sequence[Answer]]
) -> Sequence[Answer] | None:
    """Return the answers of the list; None when there are none to read: the form says why."""
    if not form.is_valid():
        return None
    try:
        return read(form.cleaned_data["file"])
    except (UploadRefused, NoColumn) as refused:
        form.add_error("file", refused.sentence)
    except NoSlot:
        form.add_error("file", BUSY)
    return None
