"""C-03 at the window: the student brought the acuse on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from nss.actions.errors import REFUSALS, UploadNotAsked
from nss.actions.register import register_nss
from nss.actions.upload import take_draft, upload_acuse_for_student
from nss.forms.register import RegisterNSSForm
from nss.forms.upload import AcuseForStudentForm
from nss.models import Acuse
from nss.states import ProofRoute
from school.access import Ability, SignedInRequest, require, staff_page
from students.actions.files import UploadRefused
from students.models import Enrollment
from students.queries.enrollments import enrollments_for


@staff_page(Ability.UPLOAD_FOR_STUDENT)
def upload_for_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Subir acuse por el estudiante»: uploaded and in review at once, in the name of the student."""
    enrollment = _enrollment_or_404(request, public_id, Ability.UPLOAD_FOR_STUDENT)
    form = AcuseForStudentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            sent = upload_acuse_for_student(
                enrollment,
                upload=form.cleaned_data["acuse"],
                key=form.cleaned_data["key"],
                by=request.user,
                now=timezone.now(),
            )
        except (UploadRefused, UploadNotAsked) as refused:
            form.add_error("acuse", refused.staff_sentence)
        else:
            return redirect("nss:review_acuse", sent.public_id)
    context = {"form": form, "enrollment": enrollment}
    return render(request, "nss/upload_for_student.html", context)


@require_POST
@staff_page(Ability.UPLOAD_FOR_STUDENT)
def take_unconfirmed(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Tomar el archivo»: what the student left unconfirmed past the deadline goes into review."""
    acuse = _acuse_or_404(request, public_id, Ability.UPLOAD_FOR_STUDENT)
    try:
        taken = take_draft(acuse, by=request.user, now=timezone.now())
    except REFUSALS as refused:
        messages.error(request, getattr(refused, "staff_sentence", refused.sentence))
        return redirect("followup:student_file", acuse.request.enrollment.public_id)
    messages.success(request, f"El archivo ya está en revisión, con folio {taken.folio}")
    return redirect("nss:review_acuse", taken.public_id)


@staff_page(Ability.REGISTER_NSS)
def register_for_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar NSS»: twice the number of a paper that stays with the student, then one look at whose it becomes."""
    enrollment = _enrollment_or_404(request, public_id, Ability.REGISTER_NSS)
    form = RegisterNSSForm(request.POST or None)
    if form.is_valid() and "confirmado" in request.POST:
        return _register(request, enrollment, form)
    page = "nss/register_confirm.html" if form.is_valid() else "nss/register_nss.html"
    return render(request, page, {"form": form, "enrollment": enrollment})


def _register(
    request: SignedInRequest, enrollment: Enrollment, form: RegisterNSSForm
) -> HttpResponse:
    try:
        register_nss(
            enrollment,
            nss=form.cleaned_data["nss"],
            override_reason=form.cleaned_data["override_reason"],
            route=ProofRoute.WINDOW,
            by=request.user,
            now=timezone.now(),
        )
    except REFUSALS as refused:
        form.add_error(None, refused.sentence)
        context = {"form": form, "enrollment": enrollment}
        return render(request, "nss/register_nss.html", context)
    messages.success(request, f"Registramos el NSS de {enrollment.student.full_name}")
    return redirect("followup:student_file", enrollment.public_id)


def _acuse_or_404(request: SignedInRequest, public_id: str, ability: Ability) -> Acuse:
    """One acuse, a draft too, likewise."""
    acuses = Acuse.objects.select_related("request__enrollment__plantel")
    acuse = get_object_or_404(
        acuses.filter(request__enrollment__in=enrollments_for(request.user)), public_id=public_id
    )
    require(request.user, ability, acuse.plantel)
    return acuse


def _enrollment_or_404(request: SignedInRequest, public_id: str, ability: Ability) -> Enrollment:
    """The stay, if it lies in the person's planteles; 403 where the role there lacks the ability."""
    enrollment = get_object_or_404(enrollments_for(request.user), public_id=public_id)
    require(request.user, ability, enrollment.plantel)
    return enrollment
