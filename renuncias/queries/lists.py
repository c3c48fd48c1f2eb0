"""The plantel's lists of renuncias: filters, groups, and how many there are of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery

from common.search import has_words, read_typed
from papers.folio import folios_typed
from renuncias.models import PilePage, Renuncia
from renuncias.queries.piles import to_decide
from renuncias.queries.renuncias import in_print_order
from renuncias.states import OPEN_RENUNCIA, RenunciaState
from school.models import Plantel
from students.models import Enrollment
from students.queries.names import by_name
from students.states import EnrollmentState, OtherCover

FILTERS: dict[str, tuple[str, tuple[RenunciaState, ...]]] = {
    "por-firmar": ("Por firmar", (RenunciaState.ISSUED,)),
    "firmadas": ("Firmadas, por revisar", (RenunciaState.SIGNED,)),
    "registradas": ("Registradas", (RenunciaState.ACCEPTED,)),
    "canceladas": ("Canceladas y anuladas", (RenunciaState.REVOKED, RenunciaState.VOIDED)),
}
"""What `?estado=` may say; anything else filters nothing."""
_HAS_OTHER = [OtherCover.IMSS_FAMILY, OtherCover.IMSS_WORK, OtherCover.OTHER]


@dataclass(frozen=True)
class RenunciaFilter:
    """What a list is narrowed to; empty fields narrow nothing."""

    state: str = ""
    group: str = ""
    typed: str = ""

    @property
    def may_hold_unsigned(self) -> bool:
        """Whether renuncias that wait for signatures are asked for: they alone are printed and received."""
        return not self.state or RenunciaState.ISSUED in FILTERS[self.state][1]


def renuncia_list(renuncias: QuerySet[Renuncia], wanted: RenunciaFilter) -> QuerySet[Renuncia]:
    """Return the renuncias of a list by plantel, group and surname.

    What is typed is a folio, a matrícula or a name.
    """
    if wanted.state:
        renuncias = renuncias.filter(state__in=FILTERS[wanted.state][1])
    if wanted.group:
        renuncias = renuncias.filter(enrollment__group=wanted.group)
    if wanted.typed:
        renuncias = renuncias.filter(_means(wanted.typed))
    return in_print_order(renuncias).select_related("enrollment__student", "paper", "plantel")


def groups_of(renuncias: QuerySet[Renuncia]) -> list[str]:
    """Return the groups in which there is a renuncia, for the filter."""
    groups = renuncias.order_by().values_list("enrollment__group", flat=True).distinct()
    return sorted(filter(None, groups))


def next_to_review(renuncias: QuerySet[Renuncia]) -> Renuncia | None:
    """Return the signed renuncia that waits longest to be registered."""
    return to_register(renuncias).order_by("signed_at", "pk").first()


def to_register(renuncias: QuerySet[Renuncia]) -> QuerySet[Renuncia]:
    """Keep those that are signed and wait for somebody: who left meanwhile waits for nothing."""
    return renuncias.filter(state=RenunciaState.SIGNED, enrollment__state=EnrollmentState.ACTIVE)


def waiting_by_plantel(planteles: QuerySet[Plantel]) -> QuerySet[Plantel, tuple[int, int]]:
    """Count in each plantel, by its id, what waits for somebody: to be registered, to be filed by hand."""
    signed = _counted(to_register(Renuncia.objects.filter(plantel=OuterRef("pk"))))
    pages = _counted(to_decide(PilePage.objects.filter(pile__plantel=OuterRef("pk"))))
    return planteles.order_by().values_list("pk").annotate(waiting=signed + pages)


def _counted(rows: QuerySet[Any]) -> Subquery:
    """One number for all rows: Count would group them and bring none where there is none."""
    return Subquery(rows.order_by().annotate(one=Func(F("pk"), function="COUNT")).values("one"))


def may_get_one(
    plantel: Plantel, group: str = "", *, with_other_cover: bool = False
) -> QuerySet[Enrollment]:
    """Return who in the plantel is in the cover and has no renuncia open, by group and surname."""
    stays = Enrollment.objects.filter(plantel=plantel, state=EnrollmentState.ACTIVE).exclude(
        renuncias__state__in=OPEN_RENUNCIA
    )
    if group:
        stays = stays.filter(group=group)
    if with_other_cover:
        stays = stays.filter(data__other_cover__in=_HAS_OTHER)
    return stays.select_related("student").order_by("group", *by_name(), "pk")


def groups_to_issue(plantel: Plantel) -> list[str]:
    """Return the groups of the plantel in which somebody may get a renuncia."""
    stays = may_get_one(plantel).select_related(None).exclude(group="").order_by("group")
    return list(stays.values_list("group", flat=True).distinct())


def counts_by_plantel(planteles: Sequence[Plantel]) -> list[dict[str, object]]:
    """Count per plantel the renuncias of each state, for who oversees several and opens none."""
    counted = {
        row["plantel"]: row
        for row in Renuncia.objects.filter(plantel__in=planteles)
        .order_by()
        .values("plantel")
        .annotate(
            issued=Count("pk", filter=Q(state=RenunciaState.ISSUED)),
            signed=Count("pk", filter=Q(state=RenunciaState.SIGNED)),
            accepted=Count("pk", filter=Q(state=RenunciaState.ACCEPTED)),
        )
    }
    none = {"issued": 0, "signed": 0, "accepted": 0}
    return [none | counted.get(one.pk, {}) | {"plantel": one} for one in planteles]


def _means(text: str) -> Q:
    typed = read_typed(text)
    found = Q(pk__in=[])
    if folios := folios_typed(text):
        found |= Q(paper__folio__in=folios)
    if typed.matricula:
        found |= Q(enrollment__matricula=typed.matricula)
    if typed.name:
        found |= has_words("enrollment__student__search_name", typed.name)
    return found
