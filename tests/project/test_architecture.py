"""docs/architecture.md tells of what the code names."""

import ast
import re
from collections.abc import Iterator

from tests.project.source import ROOT, all_files, text, tree
from tests.project.test_models import own_models

DOCUMENT = (ROOT / "docs" / "architecture.md").read_text()
THREAT = re.compile(r"\b([TRN]\d{1,2})\b(?!-\d)")
"""«R26-05» begins a folio."""


def said() -> Iterator[str]:
    """Yield every docstring and every comment that we wrote."""
    for path in all_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield ast.get_docstring(node) or ""
        yield from re.findall(r"# [^\"\n]*$", text(path), re.MULTILINE)


def test_every_threat_that_is_named_is_told_of():
    named = {name for words in said() for name in THREAT.findall(words)}

    assert named == set(THREAT.findall(DOCUMENT))


def test_every_model_is_told_of():
    table = re.findall(r"^\| `(\w+)` \| .+\? \| (.+) \|$", DOCUMENT, re.MULTILINE)
    told = {
        (app, name)
        for app, models in table
        for name in re.findall(r"[A-Z]\w+", re.sub(r"\(.*?\)", "", models))
    }

    assert told == {(model._meta.app_label, model.__name__) for model in own_models()}


def test_no_file_speaks_of_a_document_that_is_not_here():
    here = {path.name for path in ROOT.rglob("*.md") if ".venv" not in path.parts}
    named = {name for words in said() for name in re.findall(r"[\w-]+\.md\b", words)}

    assert named - here == set()
