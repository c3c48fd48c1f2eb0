"""The way in: first bytes, refusals, and the limited child."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from common.uploads import (
    DOCUMENT,
    PHOTO,
    ROSTER,
    Kind,
    Limits,
    NoSlot,
    Refusal,
    Refused,
    check_size,
    kind_of,
    run_child,
    sentence_of,
    with_room_for,
)
from common.uploads.runner import _slot
from tests.samples import hostile

JOBS = "tests.common.jobs"
DRAW = "common.uploads.documents:make_derivatives"
SHORT = Limits(cpu_seconds=1, wall_seconds=12)


def brands(major: bytes, *compatible: bytes) -> bytes:
    """Give the first box of an ISO media file."""
    content = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(content) + 4).to_bytes(4, "big") + content + b"\x00\x00\x01\x00meta"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file with four letters."""
    path = tmp_path / "file"
    path.write_text("hola")
    return path


# First bytes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.4\n", "acuse.pdf", Kind.PDF),
        (b"%PDF-1.4\n", "acuse", Kind.PDF),
        (b"\xff\xd8\xff\xe0", "foto.HEIC", Kind.JPEG),
        (b"\xff\xd8\xff\xe0", "foto.png", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n", "foto.jpg", Kind.PNG),
        (brands(b"heic"), "IMG_0001.HEIC", Kind.HEIC),
        (brands(b"heic"), "foto.jpg", Kind.HEIC),
        (brands(b"heix", b"mif1"), "foto", Kind.HEIC),
        (brands(b"mif1", b"mif1", b"heic"), "foto.heif", Kind.HEIC),
        (brands(b"mif1", b"miaf"), "foto.heif", Kind.HEIC),
    ],
)
def test_kind_of_document_goes_by_content(content, name, kind):
    assert kind_of(content, name, DOCUMENT) == kind


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "acuse.pdf", Refusal.EMPTY),
        (hostile.late_header(), "acuse.pdf", Refusal.TYPE_MISMATCH),
        (b"<html><script>", "acuse.pdf", Refusal.TYPE_MISMATCH),
        (b"\xff\xd8\xff\xe0", "acuse.pdf", Refusal.TYPE_MISMATCH),
        (b"%PDF-1.4", "foto.jpg", Refusal.TYPE_MISMATCH),
        (b"<svg onload=alert(1)>", "foto.png", Refusal.TYPE_NOT_ALLOWED),
        (b"<svg onload=alert(1)>", "foto.jpg", Refusal.TYPE_NOT_ALLOWED),
        (b"<svg onload=alert(1)>", "foto.svg", Refusal.TYPE_NOT_ALLOWED),
        (b"GIF89a", "foto.gif", Refusal.TYPE_NOT_ALLOWED),
        (b"RIFF....WEBP", "foto.webp", Refusal.TYPE_NOT_ALLOWED),
        (brands(b"avif", b"mif1"), "foto.heic", Refusal.TYPE_NOT_ALLOWED),
        (brands(b"mif1", b"avif"), "foto.heic", Refusal.TYPE_NOT_ALLOWED),
        (brands(b"isom", b"mp42"), "video.heic", Refusal.TYPE_NOT_ALLOWED),
        (b"\x00\x00\x00\x18ftyp", "foto.heic", Refusal.TYPE_NOT_ALLOWED),
        (brands(b"heic"), "acuse.pdf", Refusal.TYPE_MISMATCH),
        (b"PK\x03\x04", "lista.xlsx", Refusal.TYPE_NOT_ALLOWED),
    ],
)
def test_kind_of_document_refuses(content, name, code):
    with pytest.raises(Refused) as refused:
        kind_of(content, name, DOCUMENT)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"PK\x03\x04", "lista.xlsx", Kind.XLSX),
        ("matrícula;curp".encode("cp1252"), "lista.csv", Kind.CSV),
        ("matrícula;curp".encode("utf-16"), "lista.csv", Kind.CSV),
    ],
)
def test_kind_of_roster(content, name, kind):
    assert kind_of(content, name, ROSTER) == kind


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"PK\x03\x04", "lista.xlsm", Refusal.TYPE_NOT_ALLOWED),
        (b"PK\x03\x04", "lista.ods", Refusal.TYPE_NOT_ALLOWED),
        (b"a;b", "lista.xlsx", Refusal.TYPE_NOT_ALLOWED),
        (b"<html>", "lista.csv", Refusal.TYPE_NOT_ALLOWED),
        (b"a\x00b", "lista.csv", Refusal.TYPE_NOT_ALLOWED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lista.xls", Refusal.TYPE_NOT_ALLOWED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lista.xlsx", Refusal.XLSX_ENCRYPTED),
    ],
)
def test_kind_of_roster_refuses(content, name, code):
    with pytest.raises(Refused) as refused:
        kind_of(content, name, ROSTER)

    assert refused.value.code == code


def test_kind_of_photo_refuses_a_pdf_with_its_own_words():
    with pytest.raises(Refused) as refused:
        kind_of(b"%PDF-1.4", "acuse.pdf", PHOTO)

    wanted = "Aquí va otra foto: JPG, PNG o HEIC. Si tienes el PDF, súbelo solo, sin fotos"
    assert refused.value.sentence() == wanted


def test_refused_kind_is_told_the_kinds_of_the_page():
    assert sentence_of(Refusal.TYPE_NOT_ALLOWED) == f"El archivo debe ser {DOCUMENT.words}"


def test_check_size_names_both_sizes():
    with pytest.raises(Refused) as refused:
        check_size(14 * 1024 * 1024, DOCUMENT)

    wanted = "El archivo debe pesar menos de 10 MB; el tuyo pesa 14 MB"
    assert refused.value.sentence() == wanted


def test_check_size_refuses_empty():
    with pytest.raises(Refused) as refused:
        check_size(0, DOCUMENT)

    assert refused.value.sentence() == "El archivo está vacío. Descárgalo otra vez y súbelo"


@pytest.mark.parametrize("code", list(Refusal))
@pytest.mark.parametrize("who", [{}, {"table": True}, {"staff": True}])
def test_sentence_of_every_refusal_is_whole(code, who):
    sentence = sentence_of(code, **who, limit="10 MB", size="14 MB")

    assert sentence[0].isupper()
    assert "{" not in sentence


def test_sentence_of_falls_back_without_figures():
    sentence = sentence_of(Refusal.TOO_LARGE)

    assert sentence == "No pudimos abrir el archivo. Prueba con una foto"


# A bomb ------------------------------------------------------------------------------------------
def test_make_derivatives_of_a_flate_bomb_kills_the_child_alone(tmp_path):
    path = tmp_path / "bomb"
    path.write_bytes(hostile.flate_bomb())

    result = run_child(DRAW, path, arguments={"kind": "PDF"}, wait_seconds=60)

    assert path.stat().st_size < 20_000
    assert result.end or result.refused or len(result.files["page-01.jpg"]) < 100_000
    assert result.duration_ms < 21_000


# The child ---------------------------------------------------------------------------------------
def test_run_child_gives_value_and_files(file):
    result = run_child(f"{JOBS}:probe", file, arguments={"a": 1}, wait_seconds=60)

    assert result.is_done
    assert result.files == {"page-1.jpg": b"made"}
    assert result.value["read"] == "hola"
    assert result.value["arguments"] == {"a": 1}


def test_run_child_is_no_root_and_knows_neither_django_nor_our_environment(file):
    value = run_child(f"{JOBS}:probe", file, wait_seconds=60).value

    assert value["user"] != 0
    assert 0 not in value["groups"]
    assert value["django"] is False
    assert value["home"] is False


def test_run_child_refusal_comes_back(file):
    result = run_child(f"{JOBS}:refuse", file, wait_seconds=60)

    assert result.refused is not None
    assert result.refused.code == Refusal.TOO_MANY_ROWS
    wanted = "El archivo tiene más de 5 renglones. Dividirlo y subir las partes"
    assert result.refused.sentence(table=True) == wanted


def test_run_child_crash_does_not_quote_the_file(file):
    result = run_child(f"{JOBS}:crash", file, wait_seconds=60)

    assert result.end.startswith("ValueError at ")
    assert "hola" not in result.end


@pytest.mark.parametrize(
    ("job", "end"),
    [
        ("eat", "MemoryError"),
        ("spin", "SIGXCPU"),
        ("rest", "TIMEOUT"),
        ("abort", "SIGABRT"),
        ("fill", "OSError"),
        ("connect", "PermissionError"),
        ("link", "NO ANSWER"),
        ("pipe", "NO ANSWER"),
    ],
)
def test_run_child_that_misbehaves_ends_alone(file, job, end):
    result = run_child(f"{JOBS}:{job}", file, limits=SHORT, wait_seconds=60)

    assert result.end.startswith(end)
    assert result.files == {}


@pytest.mark.parametrize("limits", [Limits(), Limits(threads=True)])
def test_run_child_cannot_fork(file, limits):
    result = run_child(f"{JOBS}:fork", file, limits=limits, wait_seconds=60)

    assert result.value == {"child": -1}


@pytest.mark.parametrize("limits", [Limits(), Limits(threads=True)])
def test_run_child_cannot_become_another_program(file, limits):
    result = run_child(f"{JOBS}:become", file, limits=limits, wait_seconds=60)

    assert result.value == {"became": -1}


@pytest.mark.parametrize(("threads", "ran"), [(False, False), (True, True)])
def test_run_child_begins_threads_only_where_the_job_needs_them(file, threads, ran):
    result = run_child(f"{JOBS}:thread", file, limits=Limits(threads=threads), wait_seconds=60)

    assert result.value == {"ran": ran}


def test_with_room_for_gives_more_to_heic_alone():
    short = Limits(cpu_seconds=5, wall_seconds=8)

    assert with_room_for(Kind.JPEG, short) == short
    wide = Limits(memory_mb=768, cpu_seconds=10, wall_seconds=20.0, threads=True)
    assert with_room_for(Kind.HEIC, short) == wide


def test_run_child_cannot_reach_the_network(file):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        result = run_child(
            f"{JOBS}:connect_natively", file, arguments={"port": port}, wait_seconds=60
        )

    assert not result.isolated or result.value == {"connected": False}


def test_run_child_leaves_no_folder(file, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    run_child(f"{JOBS}:probe", file, wait_seconds=60)
    run_child(f"{JOBS}:abort", file, wait_seconds=60)

    assert list(tmp_path.glob("imss-child-*")) == []


def test_run_child_without_a_slot_raises(file):
    with _slot(0), _slot(0), pytest.raises(NoSlot):
        run_child(f"{JOBS}:probe", file, wait_seconds=0.1)


def test_run_child_runs_two_at_once_and_no_third(file):
    started = time.monotonic()
    ends: list[str] = []

    def rest() -> None:
        limits = Limits(wall_seconds=1.0)
        ends.append(run_child(f"{JOBS}:rest", file, limits=limits, wait_seconds=30).end)

    threads = [threading.Thread(target=rest) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends == ["TIMEOUT"] * 4
    assert time.monotonic() - started >= 2.0


def test_run_child_input_stays_untouched(file):
    run_child(f"{JOBS}:probe", file, wait_seconds=60)

    assert file.read_text() == "hola"
    assert file.stat().st_uid == os.geteuid()
