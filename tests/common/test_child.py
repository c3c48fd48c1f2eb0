"""The limited child, started as the runner does, only that coverage is let follow it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from coverage import Coverage

from common.uploads import ChildResult, Limits, Refusal
from common.uploads.child import refuse_event
from common.uploads.runner import COMMAND, ROOT, _collect, _prepare
from common.uploads.seccomp import forbid_processes

JOBS = "tests.common.jobs"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that the child owns; what coverage wrote there joins what it wrote elsewhere."""
    with TemporaryDirectory(prefix="imss-child-") as name:
        yield Path(name)
        for file in Path(name).glob(".coverage.*"):
            shutil.move(file, Path(Coverage.current().get_data().base_filename()).parent)


@pytest.fixture
def obey(folder: Path, tmp_path: Path):
    """Have the child run one job on a file with four letters."""
    follow = {
        "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"),
        "COVERAGE_FILE": str(folder / ".coverage"),
    }

    def run(job: str, *, threads: bool = False) -> ChildResult:
        file, limits = tmp_path / "file", Limits(threads=threads)
        file.write_text("hola")
        _prepare(folder, f"{JOBS}:{job}", (file,), limits, {"a": 1})
        environment = follow if Coverage.current() else {}
        subprocess.run(COMMAND, cwd=folder, env=environment, check=True)
        return _collect(folder, limits, "", 0)

    return run


@pytest.mark.parametrize("threads", [False, True])
def test_child_gives_value_and_files(obey, threads):
    result = obey("probe", threads=threads)

    assert (result.value["read"], result.value["arguments"]) == ("hola", {"a": 1})
    assert result.files == {"page-1.jpg": b"made"}


def test_child_says_why_it_refuses(obey):
    result = obey("refuse")

    assert result.refused is not None
    assert (result.refused.code, result.refused.details) == (Refusal.TOO_MANY_ROWS, {"limit": 5})


def test_child_names_the_crash_and_its_place(obey):
    result = obey("connect")

    assert result.end.split()[:2] == ["PermissionError", "at"]


@pytest.mark.parametrize("event", ["socket.connect", "subprocess.Popen", "os.system", "os.fork"])
def test_refuse_event_of_a_way_out(event):
    with pytest.raises(PermissionError, match=event):
        refuse_event(event, ())


def test_refuse_event_leaves_files_alone():
    refuse_event("open", ("input-0",))


def test_forbid_processes_of_an_unknown_processor():
    assert forbid_processes("riscv64") is False
