"""What the manual puts in bold is what stands on a page: a button, a link, a section."""

import re
from pathlib import Path

from tests.project.source import ROOT, own_static, product_files, templates, text

MANUAL = sorted((ROOT / "docs" / "manual").glob("*.md"))
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def plain(words: str) -> str:
    """Write a text on one line."""
    return " ".join(words.split())


def named(page: Path) -> list[str]:
    """List what a page of the manual names, each step of «Renuncias → Expedir» by itself."""
    names = (plain(name) for name in BOLD.findall(page.read_text()))
    return [step.strip(" .:,") for name in names for step in name.split("→")]


def test_every_name_in_the_manual_stands_on_a_page():
    sources = (*templates(".html"), *product_files(), *own_static(".js"))
    said = plain(" ".join(text(path) for path in sources))

    unknown = [
        f"{page.name}: {name}" for page in MANUAL for name in named(page) if name not in said
    ]

    assert unknown == []
    assert "Marcar como recibida" in named(ROOT / "docs" / "manual" / "renuncias.md")
