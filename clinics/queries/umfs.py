"""The clinics that a plantel knows, the most used first."""

from typing import Any

from django.db.models import Count, QuerySet

from clinics.models import UMF
from school.models import Plantel

SUGGESTED = 20


def umf_list(plantel: Plantel) -> QuerySet[Any]:
    """Return the catalogue of the plantel by number, each with how many are registered there, `used`."""
    umfs = UMF.objects.filter(plantel=plantel).annotate(used=Count("registrations"))
    return umfs.order_by("number")


def umf_suggestions(plantel: Plantel) -> QuerySet[Any]:
    """Return the clinics that a form offers while the number is typed."""
    return umf_list(plantel).order_by("-used", "number")[:SUGGESTED]
