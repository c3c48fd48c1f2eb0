"""script/test asks for full coverage of every leaf: of all that pyproject.toml lays below the models."""

import re
import tomllib
from pathlib import Path

from coverage.files import GlobMatcher

from tests.project.source import ROOT, product_files


def leaves() -> set[str]:
    """Name the leaves of the apps, as app and file or folder: `students.deadlines`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    street = next(each for each in contracts if "(models)" in each["layers"])
    below = street["layers"][street["layers"].index("(models)") + 1 :]
    names = re.findall(r"\w+", " ".join(below))
    return {f"{app}.{name}" for app in street["containers"] for name in names}


def rules() -> list[str]:
    """Read the patterns of the files that script/test wants covered in full."""
    script = (ROOT / "script" / "test").read_text()
    lines = re.findall(r'^rules\+?=",?(.+)"$', script, re.MULTILINE)
    return ",".join(lines).split(",")


def dotted(path: Path) -> str:
    """Name the app and the file or folder directly in it."""
    app, inside = path.parts[:2]
    return f"{app}.{inside.removesuffix('.py')}"


def test_every_leaf_is_a_rule_that_is_covered_in_full():
    covered = GlobMatcher(rules())

    found = [path for path in product_files() if dotted(path) in leaves()]

    assert [str(path) for path in found if not covered.match(str(path))] == []
    assert {"students.deadlines", "school.text_parts"} <= {dotted(path) for path in found}


def test_every_rule_is_of_a_file():
    files = [str(path) for path in product_files()]

    assert [rule for rule in rules() if not any(map(GlobMatcher([rule]).match, files))] == []
