"""Every generated case of the upload rules (T4, T5): what becomes of it, and that the portal outlives it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from common.uploads import (
    DOCUMENT,
    HEAD_BYTES,
    ROSTER,
    ChildResult,
    Kind,
    Purpose,
    Refused,
    check_size,
    kind_of,
    run_child,
    with_room_for,
)
from students.actions.files import refusal_of
from tests.samples.outcomes import ACCEPT, ANY, DOCUMENTS, ROSTERS, SETTLED, Sample

DRAW = "common.uploads.documents:make_derivatives"  # checks first
READ = "students.roster_file.reader:read_roster"
INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def files_of(cases):
    """List every file of the table with its row's outcome, named by id and place."""
    return [
        pytest.param(sample, case.outcome, id=f"{case.id}-{place}")
        for case in cases
        for place, sample in enumerate(case.samples)
    ]


def first_look(path: Path, name: str, purpose: Purpose) -> Kind | str:
    """Look at size and first bytes as the request does; the code when they are refused."""
    try:
        check_size(path.stat().st_size, purpose)
        with path.open("rb") as file:
            return kind_of(file.read(HEAD_BYTES), name, purpose)
    except Refused as refused:
        return str(refused.code.value)


def run(job: str, path: Path, kind: Kind, **arguments: object) -> ChildResult:
    """Run one job in the real child, with the limits of the kind."""
    arguments = {"kind": kind.value, **arguments}
    return run_child(job, path, limits=with_room_for(kind), arguments=arguments, wait_seconds=120)


def verdict(result: ChildResult, kind: Kind) -> str:
    """Name the fate of a file as its sender is told it."""
    return ACCEPT if result.is_done else refusal_of(result, kind).value


@pytest.fixture
def upload(tmp_path):
    """Write a sample where an upload lies."""

    def write(sample: Sample) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(sample.make())
        return path

    return write


@pytest.mark.parametrize(("sample", "outcome"), files_of(DOCUMENTS))
def test_document(sample, outcome, upload):
    path = upload(sample)
    kind = first_look(path, sample.name, DOCUMENT)
    if not isinstance(kind, Kind):
        assert outcome in {kind, ANY}
        return

    drawn = run(DRAW, path, kind)

    assert outcome in {verdict(drawn, kind), ANY, SETTLED}
    assert drawn.end == "" or outcome != SETTLED
    for content in drawn.files.values():
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert (image.format, image.mode) == ("JPEG", "RGB")
            assert max(image.size) <= 1600
            assert (dict(image.getexif()), set(image.info) <= INFO) == ({}, True)


@pytest.mark.parametrize(("sample", "outcome"), files_of(ROSTERS))
def test_roster(sample, outcome, upload):
    path = upload(sample)
    kind = first_look(path, sample.name, ROSTER)
    if not isinstance(kind, Kind):
        assert kind == outcome
        return

    result = run(READ, path, kind, max_rows=5_000)

    found = ACCEPT if result.is_done else result.refused and result.refused.code.value
    assert found == outcome


def test_each_id_stands_once():
    ids = [case.id for case in (*DOCUMENTS, *ROSTERS)]

    assert sorted(ids) == sorted(set(ids))
