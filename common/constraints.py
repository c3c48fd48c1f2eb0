"""Conditions that rows of several apps keep."""

from django.db.models import Q


def both_or_none(*fields: str) -> Q:
    """Return that these fields are all known or all unknown, such as when something was done and by whom."""
    nothing = Q(**{f"{field}__isnull": True for field in fields})
    everything = Q(**{f"{field}__isnull": False for field in fields})
    return nothing | everything
