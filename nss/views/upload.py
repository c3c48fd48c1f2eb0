"""E-10: upload the acuse."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from nss.actions.errors import DataNotConfirmed, PhotoNotTaken, UploadNotAsked
from nss.actions.upload import add_photo, check_own_upload, upload_acuse
from nss.forms.upload import AcuseUploadForm, AnotherPhotoForm
from nss.models import MAX_PHOTOS, Acuse
from nss.queries.acuses import current_acuse, may_add_photo
from school.access import SignedInRequest
from students.access import student_page
from students.actions.files import UploadRefused
from students.models import Enrollment


@student_page
def upload_own_acuse(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-10 «Sube tu acuse»: the file becomes a draft at once."""
    form = _filled(AcuseUploadForm, request, enrollment)
    return _take(request, enrollment, form, upload_acuse, page="nss/upload.html")


@student_page
def add_own_photo(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-10 «Agrega otra foto»: of the same sheet, where one alone does not show everything well."""
    acuse = current_acuse(enrollment)
    if request.method != "POST" and (acuse is None or not may_add_photo(acuse)):
        return redirect("nss:confirm")
    form = _filled(AnotherPhotoForm, request, enrollment)
    return _take(request, enrollment, form, add_photo, page="nss/add_photo.html")


def _filled(
    form_class: type[AcuseUploadForm], request: SignedInRequest, enrollment: Enrollment
) -> AcuseUploadForm:
    return form_class(request.POST or None, request.FILES or None, owner=enrollment.public_id)


def _take(
    request: SignedInRequest,
    enrollment: Enrollment,
    form: AcuseUploadForm,
    keep: Callable[..., Acuse],
    *,
    page: str,
) -> HttpResponse:
    """Keep the file with that action, or show the page that asks for it with what is wrong."""
    try:
        if form.is_valid():
            upload, key = form.cleaned_data["acuse"], form.cleaned_data["key"]
            keep(enrollment, upload=upload, key=key, by=request.user, now=timezone.now())
            return redirect("nss:confirm")
        check_own_upload(enrollment)
    except (UploadRefused, PhotoNotTaken) as refused:
        form.add_error("acuse", refused.sentence)
    except (UploadNotAsked, DataNotConfirmed) as refused:
        return not_asked(request, refused)
    return render(request, page, {"form": form, "max_photos": MAX_PHOTOS})


def not_asked(request: SignedInRequest, refused: UploadNotAsked | DataNotConfirmed) -> HttpResponse:
    """Say why nothing is uploaded now, on the page where the student goes on."""
    messages.info(request, refused.sentence)
    is_early = isinstance(refused, DataNotConfirmed)
    return redirect("students:continue_data" if is_early else "followup:my_steps")
