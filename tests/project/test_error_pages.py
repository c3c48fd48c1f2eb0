"""The pages that must work when nothing else does: drawn without request, database or context."""

import re

import pytest
from django.template.loader import get_template


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("400.html", "No entendimos lo que mandó tu navegador"),
        ("500.html", "El portal tuvo un problema"),
    ],
)
def test_error_page_needs_no_context(name, heading):
    page = get_template(name).render()

    assert re.findall(r"<h1>(.*?)</h1>", page) == [heading]
    assert re.findall(r"<title>(.*?)</title>", page) == [
        f"{heading} · Seguro de salud para estudiantes"
    ]
