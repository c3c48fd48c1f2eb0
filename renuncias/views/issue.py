"""Renuncias that Control Escolar issues: for one student at the window, for a group, for a selection."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from renuncias import actions
from renuncias.actions.errors import REFUSALS, AnswersMissing
from renuncias.forms.staff import AnswersForm, IssueFilterForm
from renuncias.models import Renuncia
from renuncias.queries.answers import Answers, answers_known
from renuncias.queries.lists import groups_to_issue, may_get_one
from renuncias.queries.renuncias import open_renuncia
from renuncias.views.lists import ALL, CHOSEN, PAGE, posted, printed
from school.access import Ability, SignedInRequest, staff_page
from school.models import Plantel
from school.queries.scope import working_planteles
from students.models import Enrollment
from students.queries.enrollments import enrollments_for

NOT_NARROW = "Elegir un grupo, o solo a quienes dijeron tener otro servicio médico"


@dataclass(frozen=True)
class IssueFilter:
    """For whom sheets may be issued: for a group, or for who has another cover; never for a whole plantel."""

    plantel: Plantel
    group: str
    has_other: bool

    @property
    def is_narrow(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.group) or self.has_other

    @property
    def query(self) -> str:
        """What an address says to ask for the same."""
        other = {"otro": "1"} if self.has_other else {}
        return urlencode({"plantel": self.plantel.clave, "grupo": self.group} | other)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.REGISTER_RENUNCIA)
def issue_renuncias(request: SignedInRequest) -> HttpResponse:
    """«Expedir e imprimir»: the ticked students, or all of the filter."""
    planteles = list(working_planteles(request, Ability.REGISTER_RENUNCIA))
    wanted = _wanted(request, planteles)
    if request.method == "POST":
        return _issued(request, wanted)
    context = {"form": _filter_form(planteles, wanted), "wanted": wanted}
    if wanted.is_narrow:
        stays = may_get_one(wanted.plantel, wanted.group, with_other_cover=wanted.has_other)
        context["page_obj"] = Paginator(stays, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "renuncias/issue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.REGISTER_RENUNCIA)
def renuncia_of_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """C-03 «Renuncia»: the student's open one, or the form that issues it on the student's behalf."""
    stay = _stay_or_404(request, public_id)
    known = open_renuncia(stay)
    if known is not None and request.method != "POST":
        return redirect("renuncias:show", known.public_id)
    form = AnswersForm(posted(request), initial={"motive": answers_known(stay).motive})
    if form.is_valid() and (issued := _asked_for(request, stay, form)):
        return redirect("renuncias:show", issued.public_id)
    context = {"form": form, "enrollment": stay}
    return render(request, "renuncias/ask_for_student.html", context)


def _stay_or_404(request: SignedInRequest, public_id: str) -> Enrollment:
    stays = enrollments_for(request.user, Ability.REGISTER_RENUNCIA).select_related("data")
    return get_object_or_404(stays, public_id=public_id)


def _asked_for(request: SignedInRequest, stay: Enrollment, form: AnswersForm) -> Renuncia | None:
    """The renuncia of the answers; without a motive it is for the pen. None when it was refused."""
    by, now = request.user, timezone.now()
    try:
        if form.cleaned_data["motive"]:
            return actions.ask_renuncia(stay, form.cleaned_data, by=by, now=now)
        return actions.issue_renuncias([stay], answers=Answers(), by=by, now=now)[0]
    except AnswersMissing as refusal:
        form.add_error(refusal.field, refusal.sentence)
    except REFUSALS as refusal:
        form.add_error(None, refusal.sentence)
    return None


def _issued(request: SignedInRequest, wanted: IssueFilter) -> HttpResponse:
    if not wanted.is_narrow:
        messages.error(request, NOT_NARROW)
        return redirect("renuncias:issue")
    stays = may_get_one(wanted.plantel, wanted.group, with_other_cover=wanted.has_other)
    if ALL not in request.POST:
        stays = stays.filter(public_id__in=request.POST.getlist(CHOSEN))
    back_url = f"{reverse('renuncias:issue')}?{wanted.query}"
    return printed(request, actions.issue_and_print, list(stays), wanted.group, back_url=back_url)


def _wanted(request: SignedInRequest, planteles: list[Plantel]) -> IssueFilter:
    """What is asked for; what is on no list is not asked (security T24)."""
    asked = request.POST if request.method == "POST" else request.GET
    named = [one for one in planteles if one.clave == asked.get("plantel", "")]
    plantel = (named or planteles)[0]
    group = asked.get("grupo", "")
    return IssueFilter(
        plantel=plantel,
        group=group if group in groups_to_issue(plantel) else "",
        has_other=bool(asked.get("otro")),
    )


def _filter_form(planteles: list[Plantel], wanted: IssueFilter) -> IssueFilterForm:
    chosen = {
        "plantel": wanted.plantel.clave,
        "grupo": wanted.group,
        "otro": wanted.has_other,
    }
    return IssueFilterForm(
        initial=chosen,
        planteles=[(one.clave, str(one)) for one in planteles],
        groups=groups_to_issue(wanted.plantel),
    )
