"""Rosters that attack or are merely odd: the generated cases X of the upload rules."""

from __future__ import annotations

from collections.abc import Callable

from tests.students.roster_files import (
    ANA,
    HEADERS,
    LUIS,
    SHEET,
    csv_bytes,
    part_of,
    repacked,
    sheet_of,
    xlsx_bytes,
)

XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;">]>'
PARTS = (
    SHEET,
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
)


def good() -> bytes:
    """A harmless workbook of two students."""
    return xlsx_bytes([HEADERS, ANA, LUIS])


def plain_csv() -> bytes:
    """A harmless list."""
    return csv_bytes([HEADERS, ANA, LUIS])


def with_entity(entity: bytes) -> list[Callable[[], bytes]]:
    """X1, X2: the entity in each part of a workbook in turn."""
    return [lambda part=part: _with_entity(entity, part) for part in PARTS]


def _with_entity(entity: bytes, part: str) -> bytes:
    content = part_of(good(), part)
    start = content.index(b"?>") + 2
    return repacked(good(), {part: content[:start] + entity + content[start:]})


def million_rows() -> bytes:
    """X3: some 5 MB that become 115."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
    return repacked(good(), {SHEET: sheet_of(rows)})


def far_cell() -> bytes:
    """X4: two cells, one of them the last there is."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>'
    cells += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return repacked(good(), {SHEET: sheet_of(cells)})


def two_names() -> bytes:
    """X5: an entry that calls itself otherwise than its directory does."""
    data, name = good(), SHEET.encode()
    at = data.index(name)
    return data[:at] + name.replace(b"1.xml", b"9.xml") + data[at + len(name) :]


def climbing_name() -> bytes:
    """X5: an entry that would be written outside."""
    return repacked(good(), {"../evil.xml": b"x"})


def cut_archive() -> bytes:
    """X5: half of an archive."""
    return good()[: len(good()) // 2]


def old_workbook() -> bytes:
    """X6, X7: the container of old and of encrypted workbooks."""
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream


def encodings() -> list[Callable[[], bytes]]:
    """X10: the same list as programs of all ages write it."""
    rows = [HEADERS, ["26050150", "JOSÉ", "PEÑA", "", "101", ""]]
    written = [("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")]
    return [lambda e=e, s=s: csv_bytes(rows, sign=s, encoding=e) for e, s in written]


def many_rows(count: int) -> bytes:
    """X12: a workbook of so many students."""
    return xlsx_bytes([HEADERS, *([f"26{n:06d}", *ANA[1:5], ""] for n in range(count))])
