"""Reads of the postal-code catalogue."""

from students.models import PostalCode


def places_of(code: str) -> PostalCode | None:
    """Return the municipio, estado and colonias of a código postal; None for an unknown one.

    An unknown code says nothing about the address: the catalogue may be older than the code.
    """
    return PostalCode.objects.filter(pk=code).first()
