"""E-10: upload the acuse."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from nss.actions.errors import UploadNotAsked
from nss.actions.upload import upload_acuse
from nss.forms.upload import AcuseUploadForm
from school.access import SignedInRequest
from students.access import student_page
from students.actions.files import UploadRefused
from students.models import Enrollment


@student_page
def upload_own_acuse(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-10 «Sube tu acuse»: the file becomes a draft at once."""
    form = AcuseUploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload, key = form.cleaned_data["acuse"], form.cleaned_data["key"]
        try:
            upload_acuse(enrollment, upload=upload, key=key, by=request.user, now=timezone.now())
        except UploadRefused as refused:
            form.add_error("acuse", refused.sentence)
        except UploadNotAsked as refused:
            messages.info(request, refused.sentence)
            return redirect("followup:my_steps")
        else:
            return redirect("nss:confirm")
    return render(request, "nss/upload.html", {"form": form})
