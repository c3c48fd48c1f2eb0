"""followup.demo.drawing: what lies on disk is what the reader saw and what the rows will say."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from followup.demo.acuses import Holder
from followup.demo.drawing import Drawing, _draw_task, draw_all, share

HOLDER = Holder(
    nss="24260812342",
    curp="GOMA080214MSRMRNA5",
    given_names="ANA",
    first_surname="GOMEZ",
    second_surname="MARTINEZ",
    issued_date=date(2026, 8, 20),
)


def test_draw_all_keeps_files_with_their_pictures_and_readings(tmp_path: Path):
    drawings = [
        Drawing("aa/one", "two_pages", HOLDER, 1),
        Drawing("bb/two", "card", HOLDER, 2, "small"),
    ]

    drawn = draw_all(drawings, tmp_path)

    assert {path: one.pictures for path, one in drawn.items()} == {
        "aa/one": ("aa/one-01", "aa/one-02"),
        "bb/two": ("bb/two-01",),
    }
    for path, one in drawn.items():
        content = (tmp_path / path).read_bytes()
        assert (one.sha256, one.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert one.reading is not None
        assert one.reading["nss"]["value"] == HOLDER.nss
        assert all((tmp_path / name).read_bytes()[:2] == b"\xff\xd8" for name in one.pictures)


def test_draw_all_says_why_a_damaged_file_is_refused(tmp_path: Path):
    drawn = draw_all([Drawing("aa/one", "card", HOLDER, 1, is_damaged=True)], tmp_path)

    assert (drawn["aa/one"].refusal, drawn["aa/one"].reading) == ("PDF_DAMAGED", None)


def test_a_file_is_the_same_whichever_process_draws_it(tmp_path: Path):
    drawings = [
        Drawing("aa/one", "card", HOLDER, 1),
        Drawing("bb/two", "card", HOLDER, 1, is_damaged=True),
    ]

    here = _draw_task((tmp_path, drawings))

    there = draw_all(drawings, tmp_path)
    assert [replace(one, duration_ms=0) for one in here] == [
        replace(there[one.path], duration_ms=0) for one in drawings
    ]


def test_draw_all_draws_the_same_from_the_same_seed(tmp_path: Path):
    drawing = Drawing("aa/one", "card", HOLDER, 4, "noisy")

    assert drawing.content() == drawing.content()


def test_draw_all_of_nothing_is_nothing(tmp_path: Path):
    assert draw_all([], tmp_path) == {}


def test_share_gives_the_same_file_another_path(tmp_path: Path):
    drawn = draw_all([Drawing("aa/one", "card", HOLDER, 1)], tmp_path)["aa/one"]

    shared = share(drawn, "cc/three", tmp_path)

    assert (shared.path, shared.pictures) == ("cc/three", ("cc/three-01",))
    assert (tmp_path / "cc/three").read_bytes() == (tmp_path / "aa/one").read_bytes()
    assert (tmp_path / "cc/three-01").samefile(tmp_path / "aa/one-01")
    assert share(drawn, "cc/three", tmp_path) == shared
