"""«¿Y si el plazo fuera otro?»: a ciclo's numbers again under another rule, as a page or as CSV."""

import csv
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.texts import counted
from followup.forms.simulation import SimulationForm
from followup.queries.simulation import Outcome, Policy, outcome, story_of
from school.access import Ability, SignedInRequest, planteles_with, staff_page
from school.models import Plantel
from school.queries.planteles import cycle_on
from students.deadlines import Rule
from students.queries.deadlines import rule_of

ROWS = (
    ("in_time", "Entregaron a tiempo"),
    ("late", "Entregaron tarde"),
    ("overdue", "No entregaron y su plazo venció"),
    ("corrected", "Corrigieron a tiempo"),
    ("corrected_late", "Corrigieron tarde o no corrigieron"),
    ("reviewed", "Acuses revisados en lo prometido"),
    ("reviewed_late", "Acuses revisados después"),
    ("wait_median", "Días hábiles de espera, la mitad o menos"),
    ("wait_p90", "Días hábiles de espera, 9 de cada 10 o menos"),
)


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def simulate_policy(request: SignedInRequest) -> HttpResponse:
    """The form, and once it is filled in the real numbers beside the simulated."""
    planteles = planteles_with(request.user, Ability.SEE_CATALOGUES)
    form = _form(request, planteles)
    if not form.is_valid():
        return render(request, "followup/simulation.html", {"form": form})
    table = _table(form, planteles)
    if request.GET.get("formato") == "csv":
        return _as_csv(table["rows"])
    return render(request, "followup/simulation.html", {"form": form, **table})


def _form(request: SignedInRequest, planteles: QuerySet[Plantel]) -> SimulationForm:
    cycle, rule = cycle_on(timezone.localdate()), Rule()
    initial: dict[str, Any] = {"correccion": rule.return_days}
    if cycle:
        initial |= {"ciclo": cycle.name, "dias": cycle.acuse_days, "revision": cycle.review_days}
        initial |= {"cuenta": cycle.acuse_day_count}
    listed = [(one.clave, str(one)) for one in planteles]
    return SimulationForm(request.GET or None, initial=initial, planteles=listed)


def _table(form: SimulationForm, planteles: QuerySet[Plantel]) -> dict[str, Any]:
    cycle, chosen = form.cleaned_data["ciclo"], form.cleaned_data["plantel"]
    story = story_of(cycle, planteles.filter(clave=chosen) if chosen else planteles)
    today = min(timezone.localdate(), cycle.ends_on)
    was = outcome(story, Policy(rule_of(cycle), cycle.review_days), today=today)
    would = outcome(story, form.policy(), today=today)
    rows = [(label, getattr(was, name), getattr(would, name)) for name, label in ROWS]
    return {"rows": rows, "sentence": in_words(was, would)}


def in_words(was: Outcome, would: Outcome) -> str:
    """Say the difference in one sentence."""
    more = would.in_time - was.in_time
    if not more:
        return "Con esa regla habrían entregado a tiempo los mismos estudiantes."
    who = counted(abs(more), "estudiante")
    return f"Con esa regla habrían entregado a tiempo {who} {'más' if more > 0 else 'menos'}."


def _as_csv(rows: list[tuple[str, int, int]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="simulacion.csv"'
    csv.writer(response).writerows([("Dato", "Como fue", "Con la otra regla"), *rows])
    return response
