"""Every class that a page wears has a style, and every style is worn; on paper too."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.project.source import own_static, product_files, strings, templates, text

BOOTSTRAP = Path("static/vendor/bootstrap/bootstrap.min.css")

COMMENT_OR_QUOTED = re.compile(r'/\*.*?\*/|"[^"]*"', re.DOTALL)
SELECTOR = re.compile(r"([^{}]+)\{")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")

WORN = re.compile(
    r"""\bclass(?:Name\ =\ |=)"((?:\{[{%].*?[%}]\}|[^"])*)" | \{%\ block\ \w+_class\ %\}(.*?)\{%\ endblock""",
    re.VERBOSE,
)
VARIABLE = re.compile(r"\{\{.*?\}\}|\{\}")
TAG = re.compile(r"\{%.*?%\}")
IN_A_TAG = re.compile(r"\{% \w+ .*?%\}")
NAMES = re.compile(r"[a-z][\w-]*(?: [a-z][\w-]*)*")
"""A text of code that can be nothing but names of classes, or a word."""


def is_for_paper(path: Path) -> bool:
    """Say whether the file draws a paper, not a page."""
    return "print" in path.parts


def defined(paths: Iterable[Path]) -> set[str]:
    """Return the classes that the style sheets know."""
    selectors = " ".join(
        selector
        for path in paths
        for selector in SELECTOR.findall(COMMENT_OR_QUOTED.sub("", text(path)))
    )
    return set(CLASS.findall(selectors))


def worn(source: str) -> set[str]:
    """Return what stands in the attributes; a class with a variable part ends in «*»."""
    found = (one or other for one, other in WORN.findall(source))
    names = {name for each in found for name in TAG.sub(" ", VARIABLE.sub("*", each)).split()}
    return names - {"*"}


def given_by_code(*, on_paper: bool) -> set[str]:
    """Return the names that code or a tag of a template may put in place of a variable.

    A page's own classes are told from words by their hyphen; papers have few enough to count every word.
    """
    texts = {each for path in product_files() for each in strings(path) if NAMES.fullmatch(each)}
    if on_paper:
        tags = (tag for path in templates(".html") for tag in IN_A_TAG.findall(text(path)))
        texts |= {each for tag in tags for each in re.findall(r'"([^"]+)"', tag)}
    return {name for each in texts for name in each.split() if on_paper or "-" in name}


def matches(name: str, others: set[str]) -> bool:
    """Say whether it is one of them, or begins like one whose end is variable."""
    ends = (other.removesuffix("*") for other in others if other.endswith("*"))
    return name in others or any(name.startswith(end) for end in ends)


def sources() -> Iterable[tuple[Path, str]]:
    """Yield each file that writes HTML, with its text."""
    for path in (*templates(".html", ".svg"), *product_files(), *own_static(".js")):
        yield path, text(path)


def pages_wear() -> set[str]:
    return set().union(*(worn(source) for path, source in sources() if not is_for_paper(path)))


def papers_wear() -> set[str]:
    return set().union(*(worn(source) for path, source in sources() if path.suffix != ".js"))


def own_styles(*, on_paper: bool) -> list[Path]:
    return [path for path in own_static(".css") if is_for_paper(path) == on_paper]


def unstyled(names: set[str], known: set[str]) -> list[str]:
    """Return the classes without a style, a variable one when no style begins like it."""
    return sorted(
        name
        for name in names
        if not (matches(name, known) or any(matches(each, {name}) for each in known))
    )


def test_every_class_of_a_page_has_a_style():
    known = defined([BOOTSTRAP, *own_styles(on_paper=False)])

    assert unstyled(pages_wear(), known) == []


def test_every_style_of_a_page_is_worn():
    names = pages_wear() | given_by_code(on_paper=False) | defined([BOOTSTRAP])

    unworn = [name for name in defined(own_styles(on_paper=False)) if not matches(name, names)]

    assert sorted(unworn) == []


def test_every_class_of_a_paper_has_a_style():
    names = set().union(*(worn(text(path)) for path in templates(".html") if is_for_paper(path)))

    assert unstyled(names, defined(own_styles(on_paper=True))) == []


def test_every_style_of_a_paper_is_worn():
    names = papers_wear() | given_by_code(on_paper=True)

    unworn = [name for name in defined(own_styles(on_paper=True)) if not matches(name, names)]

    assert sorted(unworn) == []
