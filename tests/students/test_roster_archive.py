"""XLSX as an attack on who unpacks it (security X1–X5): each refused before anything is unpacked whole."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from common.uploads import Refusal
from students.roster_file import archive
from students.roster_file.table import read_table
from tests.students.roster_files import (
    GOOD,
    LIMIT,
    SHEET,
    part_of,
    refusal,
    repacked,
    sheet_of,
    xlsx_bytes,
)

XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part",
    [
        SHEET,
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    ],
)
@pytest.mark.parametrize("entity", [XXE, LAUGHS])
def test_read_table_entities(part: str, entity: bytes) -> None:
    """X1, X2."""
    good = xlsx_bytes(GOOD)
    content = part_of(good, part)
    start = content.index(b"?>") + 2

    data = repacked(good, {part: content[:start] + entity + content[start:]})

    assert refusal(data) == Refusal.ARCHIVE_DAMAGED


def test_read_table_entity_in_utf16() -> None:
    good = xlsx_bytes(GOOD)
    content = part_of(good, SHEET).decode().replace("UTF-8", "UTF-16")
    data = repacked(good, {SHEET: content.replace("?>", "?>" + XXE.decode(), 1).encode("utf-16")})

    assert refusal(data) == Refusal.ARCHIVE_DAMAGED


def test_read_table_rows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """X3: refused by counting the rows of the first megabyte, long before the others exist."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", archive.CHUNK)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    data = repacked(xlsx_bytes(GOOD), {SHEET: sheet_of(rows)})

    assert refusal(data) == Refusal.TOO_MANY_ROWS


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("XFD1048576", Refusal.TOO_MANY_ROWS),
        ("XFD2", Refusal.TOO_MANY_COLUMNS),
        ("A1048576", Refusal.TOO_MANY_ROWS),
    ],
)
def test_read_table_far_cell(cell: str, code: Refusal) -> None:
    """X4: 4.8 kB that make the library ask for 549 GB."""
    row = "".join(char for char in cell if char.isdigit())
    cells = (
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    )

    assert refusal(repacked(xlsx_bytes(GOOD), {SHEET: sheet_of(cells)})) == code


def test_read_table_far_empty_styled_cell_is_nothing() -> None:
    good = xlsx_bytes(GOOD)
    styled = part_of(good, SHEET).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )

    assert len(read_table(repacked(good, {SHEET: styled}), max_rows=LIMIT).rows) == 2


def _duplicate(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET, sheet_of(""))
    return buffer.getvalue()


def _symlink(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        entry = zipfile.ZipInfo("xl/link")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def _named(name: str) -> bytes:
    return repacked(xlsx_bytes(GOOD), {name: b"x"})


def _local_name_differs(data: bytes) -> bytes:
    at = data.index(b"xl/worksheets/sheet1.xml")
    return data[:at] + b"xl/worksheets/sheet9.xml" + data[at + 24 :]


def _too_many_entries(data: bytes) -> bytes:
    return repacked(data, {f"xl/media/{n}.bin": b"x" for n in range(200)})


def _bad_ratio(data: bytes) -> bytes:
    return repacked(data, {"xl/media/zeros.bin": b"\0" * 30_000_000})


def _overlap(data: bytes) -> bytes:
    """Point the second directory entry at the first one's bytes."""
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    offset = struct.unpack("<I", data[first + 42 : first + 46])[0]
    return data[: second + 42] + struct.pack("<I", offset) + data[second + 46 :]


def _changed(mark: bytes, offset: int, to: bytes) -> Callable[[bytes], bytes]:
    """Write over the last header of that kind: local ones begin with PK34, the directory's with PK12."""

    def change(data: bytes) -> bytes:
        at = data.rindex(mark) + offset
        return data[:at] + to + data[at + len(to) :]

    return change


DIRECTORY, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def _bad_deflate(data: bytes) -> bytes:
    """The content of the first part begins with a kind of block that does not exist."""
    name, extra = struct.unpack("<HH", data[26:30])
    at = 30 + name + extra
    return data[:at] + b"\xff" + data[at + 1 :]


def _declared(data: bytes) -> bytes:
    return repacked(data, {SHEET: part_of(data, SHEET).replace(b"UTF-8", b"UTF-7")})


@pytest.mark.parametrize(
    "make",
    [
        _duplicate,
        _symlink,
        lambda _: _named("../evil.xml"),
        lambda _: _named("/abs.xml"),
        lambda _: _named("C:evil.xml"),
        _local_name_differs,
        _too_many_entries,
        _bad_ratio,
        _overlap,
        _changed(DIRECTORY, 8, b"\x01\x00"),
        _changed(DIRECTORY, 8, b"\x00\x08\x08\x00" + b"\0" * 34 + b"\xff"),
        _changed(DIRECTORY, 20, b"\xff" * 4),
        _changed(DIRECTORY, 24, b"\xff" * 4),
        _changed(LOCAL, 8, b"\x00\x00"),
        _changed(LOCAL, 28, b"\xff\xff"),
        _bad_deflate,
        _declared,
        lambda good: LOCAL + b"no header" + good,
        lambda good: good[: len(good) // 2],
        lambda good: good[:-30] + b"\0" * 30,
        lambda good: repacked(good, {SHEET: b"<worksheet><sheetData><row>"}),
        lambda good: repacked(good, {SHEET: part_of(good, SHEET)}, mode=zipfile.ZIP_BZIP2),
        lambda good: repacked(good, {"xl/_rels/workbook.xml.rels": None}),
        lambda good: repacked(good, {"xl/workbook.xml": b"<workbook"}),
    ],
    ids=[
        "duplicate", "symlink", "dotdot", "absolute", "drive", "two names", "entries", "ratio", "overlap",
        "encrypted", "name not UTF-8", "packed 4 GB", "unpacked 4 GB", "two methods", "beyond the end", "deflate",
        "UTF-7", "before", "cut", "no directory", "cut sheet", "bzip2", "no rels", "bad workbook",
    ],
)  # fmt: skip
def test_read_table_archive_tricks(make) -> None:
    """X5."""
    assert refusal(make(xlsx_bytes(GOOD))) == Refusal.ARCHIVE_DAMAGED


def test_read_table_unpacks_no_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """X5: rows beyond the limit of bytes are never counted."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", archive.CHUNK)
    rows = "<row/>" * (LIMIT + archive.HEADER_ROOM + 1)
    data = repacked(xlsx_bytes(GOOD), {SHEET: sheet_of(" " * archive.CHUNK * 2 + rows)})

    assert refusal(data) == Refusal.ARCHIVE_DAMAGED


def test_read_table_prefix_before_the_archive() -> None:
    """X5: bytes in front make it no archive at all, and no CSV either."""
    assert refusal(b"MZ\x00\x00" + xlsx_bytes(GOOD)) == Refusal.TYPE_NOT_ALLOWED


def test_read_table_keeps_data_descriptors() -> None:
    """Excel's competitors write them; only a disagreement with the directory is a trick."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, chunk) -> int:
            self.data += bytes(chunk)
            return len(chunk)

    good, pipe = xlsx_bytes(GOOD), Pipe()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(pipe, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))

    assert len(read_table(pipe.data, max_rows=LIMIT).rows) == 2
