"""How a paper is verified, and how its folio may be typed."""

import pytest
from django.urls import reverse

from papers.folio import folio_text, folios_typed, period_of, verify_path
from papers.states import SERIES


def test_verify_path_is_the_address_of_the_verification():
    token = "aB3-_" + "x" * 17

    assert verify_path(token) == reverse("papers:show_paper", args=[token])
    assert verify_path() == reverse("papers:find_paper")


@pytest.mark.parametrize("number", ["5", "05", "105", "A105"])
@pytest.mark.parametrize("period", ["26", *map(period_of, ("2026-B", "2026-1", "2026-2027"))])
@pytest.mark.parametrize("series", ["A", *SERIES.values(), "SUB", "INT"])
def test_folios_typed_forgives_the_signs_of_every_folio(series, period, number):
    folio = folio_text(series, number, period=period, number=148)

    for typed in (folio.lower(), *(folio.replace("-", sign) for sign in ("-", " ", "–", " - "))):
        assert folios_typed(typed) == [folio]
    for typed in (folio.replace("-", ""), folio.replace("-", "", 1)):
        assert folio in folios_typed(typed)
        assert len(folios_typed(typed)) <= 4


@pytest.mark.parametrize(
    "text",
    ["", "Ana", "26050148", "A26", "A-05-000148-X", "GOMA080214MSRMRNA5", "ana@correo.example"],
)
def test_folios_typed_of_what_is_no_folio_is_nothing(text):
    assert folios_typed(text) == []
