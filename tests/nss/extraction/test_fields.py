"""CURP, names and date from words and their places."""

from pathlib import Path

import pytest

from common.uploads.documents import open_pdf
from followup.demo.canvas import Sheet, to_pdf
from nss.extraction.fields import dates_seen, names_seen
from nss.extraction.text import page_words
from nss.extraction.words import PageWords


def page_of(folder: Path, *lines: str) -> PageWords:
    """Read the text layer of a sheet with these lines."""
    sheet = Sheet()
    for at, line in enumerate(lines):
        sheet.text(50, 100 + 30 * at, line)
    path = folder / "a.pdf"
    path.write_bytes(to_pdf([sheet]))
    with open_pdf(path) as pdf:
        return page_words(pdf[0], 1)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Fecha de emisión: 12/08/2026", ["2026-08-12"]),
        ("Fecha de emisión: 2026-08-12", ["2026-08-12"]),
        ("Fecha de emisión: 12 de agosto de 2026", ["2026-08-12"]),
        ("Fecha de emisión: 31/02/2026", []),
        ("Fecha de nacimiento: 14/02/2008", []),
        ("Recibido 12/08/2026", []),
    ],
)
def test_dates_seen_are_days_of_issue(line, days, tmp_path):
    assert [seen.value for seen in dates_seen(page_of(tmp_path, line))] == days


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["Nombre: ANA PÉREZ"], "ANA PÉREZ"),
        (["Nombre: 26050001", "Nombre: ANA PÉREZ"], "ANA PÉREZ"),
        (["Nombre: 26050001"], None),
    ],
)
def test_names_seen_stand_behind_their_label(lines, name, tmp_path):
    seen = names_seen(page_of(tmp_path, *lines))

    assert (seen and seen.value) == name
