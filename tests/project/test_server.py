"""script/server hands to its processes what the file of variables says; systemd starts the same ones."""

import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.project.source import ROOT

PROCFILE = dict(
    line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line
)
GIVEN = {
    "VAR_DIR": "/srv/kept",
    "HOST": "0.0.0.0",  # noqa: S104 -- a value like any other
    "PORT": "9001",
    "WEB_CONCURRENCY": "6",
    "HEAVY_CONCURRENCY": "3",
    "BASE_URL": "https://afiliacion.example",
}


def stub(path: Path, script: str) -> None:
    """Put a program in the place of another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def house(tmp_path) -> Path:
    """A portal of which script/server alone is real: what it calls says how it was called."""
    stub(tmp_path / "script" / "bootstrap", "exit 0")
    stub(tmp_path / ".venv" / "bin" / "python", 'echo "python $*"')
    stub(tmp_path / ".venv" / "bin" / "honcho", "env")
    shutil.copy(ROOT / "script" / "server", tmp_path / "script" / "server")
    return tmp_path


def serve(house: Path, **environment: str) -> list[str]:
    """Start it, and give the lines that its programs write."""
    path = {"PATH": os.environ["PATH"], **environment}
    command = [house / "script" / "server"]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def variables(house: Path, name: str) -> None:
    """Write the file of variables."""
    text = "".join(f"{key}={value}\n" for key, value in GIVEN.items())
    (house / name).write_text(f"# by hand\n{text}")


def handed(lines: list[str]) -> dict[str, str]:
    """Read which of the variables the processes get."""
    pairs = (line.partition("=") for line in lines)
    return {key: value for key, _, value in pairs if key in GIVEN}


def test_server_hands_over_what_the_file_says(house):
    variables(house, ".env")

    assert handed(serve(house)) == GIVEN


def test_server_reads_the_file_that_the_environment_names(house):
    variables(house, "elsewhere")

    lines = serve(house, ENV_FILE=str(house / "elsewhere"))

    assert handed(lines) == GIVEN
    assert "python manage.py collectstatic --noinput --verbosity 0" in lines
    assert [line for line in lines if "manage.py demo" in line] == []


def test_server_lets_the_environment_win(house):
    variables(house, ".env")

    assert handed(serve(house, PORT="9002"))["PORT"] == "9002"


def test_server_without_variables_is_a_demo_on_its_port(house):
    lines = serve(house)

    assert handed(lines) == {"PORT": "8000", "BASE_URL": "http://localhost:8000"}
    assert "python manage.py demo --if-empty" in lines


@pytest.mark.parametrize("process", PROCFILE)
def test_the_unit_of_the_manual_starts_what_the_procfile_says(tmp_path, process):
    manual = (ROOT / "docs" / "operations.md").read_text()
    (line,) = re.findall(r"^ExecStart=(.+)$", manual, re.MULTILINE)
    started = [word.replace("%i", process).replace("$$", "$") for word in shlex.split(line)]
    for program in ("gunicorn", "celery"):
        stub(tmp_path / program, f'echo {program} "$@"')

    said = [
        subprocess.run(
            command,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "PORT": "8000"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for command in (started, ["/bin/sh", "-c", PROCFILE[process]])
    ]

    assert said[0] == said[1] != ""
