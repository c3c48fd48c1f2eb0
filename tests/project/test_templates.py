"""Every template is used and loads; nothing comes from elsewhere, nothing is inline."""

import ast
import re
from functools import cache
from pathlib import Path

from django.template import engines
from django.template.loader import get_template

from tests.project.source import ROOT, own_static, pages, product_files, templates, text, tree

FOLDER = Path("templates")
LIBRARIES_LOOK_FOR = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
TEMPLATE_NAME = re.compile(r"^[\w./-]+\.(html|txt|svg)$")
LOADING_TAG = re.compile(
    r"<(script|img|link|iframe|source|video|audio|object|embed|form|use|image|input|button)\b[^>]*>",
    re.IGNORECASE,
)
OTHER_HOST = re.compile(
    r"""\b(src|href|srcset|action|formaction|data|poster|hx-\w+)\s*=\s*["']?\s*(https?:)?//""",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:|\shx-on|<script(?![^>]*\bsrc=)(?![^>]*json)""",
    re.IGNORECASE,
)

ASKS_HTMX = re.compile(r"<\w+\b[^>]*\shx-(?:get|post|put|patch|delete|boost)=[^>]*>")
PRESSED = re.compile(r"<(a\b[^>]*\shref=|button\b|form\b)")
ASKS_BY_ITSELF = re.compile(r'\shx-trigger="(every|load) ')


@cache
def mentions() -> tuple[re.Pattern[str], ...]:
    """List the template names that code and templates mention; a variable part is a wildcard."""
    names: set[str] = set()
    for path in product_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                names.add(wildcard(node))
    for path in templates():
        names.update(
            re.escape(name) for name in re.findall(r"""["']([\w./-]+\.\w+)["']""", text(path))
        )
    return tuple(re.compile(name) for name in names if re.search(r"\.(html|txt|svg)$", name))


def wildcard(node: ast.JoinedStr) -> str:
    """Turn an f-string into the pattern of what it can become."""
    return "".join(
        re.escape(part.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else r"[\w/-]+"
        for part in node.values
    )


def replaces_a_library_template(name: str) -> bool:
    """Say whether a library brings a template of that name, so ours stands in for it."""
    engine = engines["django"].engine
    return any(
        (Path(folder) / name).exists()
        for loader in engine.template_loaders
        for folder in loader.get_dirs()
        if Path(folder) != ROOT / FOLDER
    )


def test_every_template_is_used():
    unused = [
        name
        for path in templates()
        if (name := str(path.relative_to(FOLDER))) not in LIBRARIES_LOOK_FOR
        and not any(mention.fullmatch(name) for mention in mentions())
        and not replaces_a_library_template(name)
    ]

    assert unused == []


def test_every_template_loads():
    names = [str(path.relative_to(FOLDER)) for path in templates(".html", ".txt", ".svg")]

    for name in names:
        get_template(name)


def test_every_template_that_code_names_exists():
    named = {
        node.value
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TEMPLATE_NAME.match(node.value)
        and "/" in node.value
    }
    included = {
        name
        for path in templates()
        for name in re.findall(r"""\{%-?\s*(?:include|extends)\s+["']([^"']+)["']""", text(path))
    }

    for name in sorted(named | included):
        get_template(name)


def test_nothing_is_loaded_from_another_host():
    foreign = [
        f"{path}: {tag[0][:100]}"
        for path in templates(".html", ".svg")
        for tag in LOADING_TAG.finditer(text(path))
        if OTHER_HOST.search(tag[0])
    ]
    foreign_styles = [
        str(path)
        for path in own_static(".css")
        if re.search(r"""@import|url\(\s*["']?\s*(https?:)?//""", text(path))
    ]
    foreign_scripts = [
        str(path) for path in own_static(".js") if re.search(r"https?://", text(path))
    ]

    assert foreign == []
    assert foreign_styles == []
    assert foreign_scripts == []


def test_no_style_and_no_script_is_inline():
    inline = [
        f"{path}: {found[0].strip()}" for path in pages() if (found := INLINE.search(text(path)))
    ]

    assert inline == []


def test_htmx_is_asked_by_what_can_be_pressed_or_asks_by_itself_and_is_heard():
    faulty = [
        f"{path}: {tag[0]}"
        for path in pages()
        for tag in ASKS_HTMX.finditer(text(path))
        if not (PRESSED.match(tag[0]) or ASKS_BY_ITSELF.search(tag[0]))
        or 'role="status"' not in text(path)
    ]

    assert faulty == []


def test_no_script_builds_code_or_markup_from_text():
    dangerous = re.compile(
        r"\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    )
    culprits = [
        f"{path}: {found[0]}"
        for path in own_static(".js")
        if (found := dangerous.search(text(path)))
    ]

    assert culprits == []
