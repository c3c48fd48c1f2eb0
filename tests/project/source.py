"""The project's own source, as the house-rule tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STREET = (
    *("followup", "clinics", "affiliation", "nss", "renuncias"),
    *("students", "notices", "papers", "school", "common"),
)
"""The apps, from the end of the trámite to its beginning; docs/architecture.md."""


@cache
def product_files() -> tuple[Path, ...]:
    """List the Python files of the product, relative to the root; migrations are generated."""
    return tuple(
        path.relative_to(ROOT)
        for package in ("imss_afiliacion", *STREET)
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def all_files() -> tuple[Path, ...]:
    """List every Python file we wrote: product, tests and benches."""
    others = (
        path.relative_to(ROOT)
        for folder in ("tests", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
    return (*product_files(), *others)


@cache
def text(path: Path) -> str:
    """Read a file of the project."""
    return (ROOT / path).read_text()


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file of the project."""
    return ast.parse(text(path))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of a method or function, with the last name of what is called."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            yield node.func.attr, node
        elif isinstance(node.func, ast.Name):
            yield node.func.id, node


def strings(path: Path) -> Iterator[str]:
    """Yield each string constant, docstrings and the parts of f-strings included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def templates(*suffixes: str) -> tuple[Path, ...]:
    """List the templates, relative to the root, with one of the suffixes or all of them."""
    found = (path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file())
    return tuple(
        path.relative_to(ROOT) for path in found if not suffixes or path.suffix in suffixes
    )


def pages() -> tuple[Path, ...]:
    """List the templates a browser shows: neither mails nor papers."""
    return tuple(
        path for path in templates(".html") if not {"mail", "print"}.intersection(path.parts)
    )


@cache
def own_static(suffix: str) -> tuple[Path, ...]:
    """List our own static files with the suffix; static/vendor is others' work."""
    return tuple(
        path.relative_to(ROOT)
        for path in sorted((ROOT / "static").rglob(f"*{suffix}"))
        if "vendor" not in path.parts
    )
