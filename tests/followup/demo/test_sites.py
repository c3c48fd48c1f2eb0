"""followup.demo.sites: five planteles told by hand, as many more as a large school system needs."""

from datetime import date

import pytest

from followup.demo.schools import build_system
from followup.demo.sites import MOST_SITES, SITES, count_sites, sites
from students.actions.postal_codes import load_postal_codes
from students.models import PostalCode


@pytest.mark.parametrize(
    ("students", "planteles"),
    [(60, 5), (12_500, 5), (12_501, 6), (100_000, 40), (1_000_000, MOST_SITES)],
)
def test_count_sites_grows_with_the_students(students: int, planteles: int):
    assert (count_sites(students), len(sites(students))) == (planteles, planteles)


def test_sites_begin_with_those_told_by_hand():
    assert sites(100_000)[: len(SITES)] == list(SITES)


def test_sites_are_the_same_at_each_call():
    assert sites(100_000) == sites(100_000)


def test_planteles_of_the_largest_demo_differ_in_name_number_and_clave():
    schools = build_system(sites(1_000_000), seed=5, today=date(2026, 8, 26)).schools

    for name in ("name", "number", "clave", "registro_patronal", "email", "whatsapp"):
        assert len({getattr(school.plantel, name) for school in schools}) == MOST_SITES
    assert max(len(school.plantel.clave) for school in schools) == 10
    assert {len(school.plantel.registro_patronal) for school in schools} == {11}


@pytest.mark.django_db
def test_sites_lie_where_somebody_can_live():
    load_postal_codes()
    known = set(PostalCode.objects.values_list("municipio", "estado"))

    assert {(site.municipio, site.estado) for site in sites(1_000_000)} <= known
