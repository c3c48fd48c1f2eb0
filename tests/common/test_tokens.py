"""Random values."""

import multiprocessing
import os
from pathlib import Path

from common.tokens import kept_secret, public_id


def test_public_id_is_22_safe_characters():
    assert {len(public_id()) for _ in range(100)} == {22}
    assert len({public_id() for _ in range(1000)}) == 1000


def test_kept_secret_is_kept(tmp_path):
    path = tmp_path / "secret"

    first = kept_secret(path)

    assert len(first) >= 50
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_kept_secret_is_one_for_processes_that_start_at_once(tmp_path):
    path = tmp_path / "secret"

    with multiprocessing.get_context("fork").Pool(8) as pool:
        secrets = pool.map(kept_secret, [path] * 64)

    assert len(set(secrets)) == 1


def test_kept_secret_of_who_was_faster_is_taken(tmp_path, monkeypatch):
    path = tmp_path / "secret"
    link = os.link

    def be_faster(draft: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        target.write_text("theirs")
        link(draft, target)

    monkeypatch.setattr(os, "link", be_faster)

    assert kept_secret(path) == "theirs"
    assert list(tmp_path.iterdir()) == [path]
