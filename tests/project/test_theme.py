"""The tokens keep their promise: text at 4.5:1, edges of controls at 3:1, gold and grey never as text."""

import re
from pathlib import Path

import pytest

from tests.project.source import own_static, product_files, templates, text

CSS = Path("static/css")
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", (CSS / "portal.css").read_text("utf-8")))
NEVER_TEXT = ("dorado", "crema", "gris")

TEXT = [
    ("ink", "paper"), ("ink", "crema-light"), ("ink", "crema"), ("ink", "warning-bg"), ("ink", "info-bg"),
    ("ink-soft", "paper"), ("ink-soft", "crema-light"), ("ink-soft", "warning-bg"),
    ("link", "paper"), ("link", "crema-light"), ("link", "warning-bg"), ("link-hover", "paper"),
    ("error", "paper"), ("error", "error-bg"), ("warning", "warning-bg"),
    ("success", "success-bg"), ("info", "info-bg"),
    ("paper", "guinda-dark"), ("paper", "guinda"), ("paper", "verde"), ("paper", "verde-dark"),
    ("guinda-dark", "crema"),
]  # fmt: skip
EDGES = [
    ("line", "paper"), ("line", "crema-light"), ("verde", "paper"), ("error", "paper"),
    ("focus-outer", "paper"), ("focus-outer", "crema-light"), ("focus-inner", "guinda-dark"),
    ("crema", "guinda-dark"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2.2."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_stand_out_from_their_ground(edge, ground):
    assert contrast(edge, ground) >= 3


def test_gold_cream_and_grey_are_never_text():
    text = "".join(path.read_text("utf-8") for path in CSS.glob("*.css"))

    as_text = re.findall(rf"(?<![\w-])color: var\(--(?:{'|'.join(NEVER_TEXT)})\)", text)

    assert as_text == []


def test_every_token_that_is_used_is_defined():
    text = "".join(path.read_text("utf-8") for path in CSS.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", text))
    defined = set(re.findall(r"--([\w-]+):", text))

    assert used - defined == set()


def test_every_icon_that_a_page_names_exists():
    names = {
        name
        for path in Path("templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))
    }

    missing = [name for name in sorted(names) if not Path(f"static/img/icons/{name}.svg").exists()]

    assert missing == []


def test_every_icon_is_on_some_page():
    sources = (*templates(".html"), *product_files(), *own_static(".css"), *own_static(".js"))
    said = "".join(text(path) for path in sources)

    unused = [
        icon.name
        for icon in sorted(Path("static/img/icons").glob("*.svg"))
        if f'"{icon.stem}"' not in said and f"/{icon.name}" not in said
    ]

    assert unused == []
