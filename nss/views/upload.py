"""E-10: upload the acuse."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from nss.actions.errors import DataNotConfirmed, UploadNotAsked
from nss.actions.upload import check_own_upload, upload_acuse
from nss.forms.upload import AcuseUploadForm
from school.access import SignedInRequest
from students.access import student_page
from students.actions.files import UploadRefused
from students.models import Enrollment


@student_page
def upload_own_acuse(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-10 «Sube tu acuse»: the file becomes a draft at once."""
    form = AcuseUploadForm(request.POST or None, request.FILES or None)
    try:
        if form.is_valid():
            upload_acuse(
                enrollment,
                upload=form.cleaned_data["acuse"],
                key=form.cleaned_data["key"],
                by=request.user,
                now=timezone.now(),
            )
            return redirect("nss:confirm")
        check_own_upload(enrollment)
    except UploadRefused as refused:
        form.add_error("acuse", refused.sentence)
    except (UploadNotAsked, DataNotConfirmed) as refused:
        return not_asked(request, refused)
    return render(request, "nss/upload.html", {"form": form})


def not_asked(request: SignedInRequest, refused: UploadNotAsked | DataNotConfirmed) -> HttpResponse:
    """This will say why nothing is uploaded now, on the page where the student goes on."""
    messages.info(request, refused.sentence)
    is_early = isinstance(refused, DataNotConfirmed)
    return redirect("students:continue_data" if is_early else "followup:my_steps")
