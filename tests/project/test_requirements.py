"""What is pinned, and what the linters are told, stays in step."""

import re
import tomllib

from tests.project.source import ROOT, STREET

PIN = re.compile(r"^([\w.-]+(?:\[[\w,]+\])?)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Read the pinned versions of a requirements file."""
    return dict(PIN.findall((ROOT / name).read_text()))


def test_tests_run_on_what_the_portal_runs_on():
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: development.get(name) for name in runtime} == runtime


def test_every_requirement_is_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text())

        assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_no_file_names_an_index():
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements.in",
        "requirements-dev.in",
    ):
        assert "://" not in (ROOT / name).read_text()


def test_contracts_know_every_app():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert contracts["root_packages"] == ["imss_afiliacion", *STREET]
