"""Is this archive an ordinary XLSX, small enough to be read? Looks only, extracts nothing to disk."""

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from common.uploads.refusals import Refusal, Refused

MAX_ENTRIES = 200
MAX_UNPACKED = 100 * 1024 * 1024  # bytes
MAX_RATIO = 100
MAX_COLUMNS = 40
HEADER_ROOM = 30  # title rows and the header may stand above the students
CHUNK = 1024 * 1024  # bytes

LOCAL_HEADER = b"PK\x03\x04"
OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ZIP64_LOCATOR = b"PK\x06\x07"
XLSX_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SYMLINK = 0o120000
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What reading an archive raises that is not what its directory says."""

ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f[\s>/]"
)
BEYOND = re.compile(rb"r=[\"'](?:A[O-Z]|[B-Z][A-Z]|[A-Z]{3,})\d")  # columns right of MAX_COLUMNS
HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=[\"'](?:1|true)[\"']")


@dataclass(frozen=True)
class SheetMarks:
    """What the reading library does not tell about a sheet: formulas and hidden rows."""

    formulas: frozenset[tuple[int, int]]  # (row, column), both from 1
    hidden_rows: int


def is_archive(data: bytes) -> bool:
    return data.startswith(LOCAL_HEADER)


def check_not_office_binary(data: bytes) -> None:
    """Raise Refused for an XLS or an XLSX with a password (both are OLE files)."""
    if data.startswith(OLE_HEADER):
        encrypted = ENCRYPTED_STREAM in data
        raise Refused(Refusal.XLSX_ENCRYPTED if encrypted else Refusal.TYPE_NOT_ALLOWED)


def inspect(data: bytes, *, max_rows: int) -> dict[str, SheetMarks]:
    """Check the whole archive and return the marks of each worksheet by part name.

    Raises Refused. Rows are counted while a sheet is unpacked, so one of a million rows costs no more than one of
    max_rows; all sheets together stay below MAX_UNPACKED.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_structure(data, entries)
            _check_kind(archive)
            sheets = [e for e in entries if re.match(r"xl/worksheets/[^/]+\.xml$", e.filename)]
            unpacked: dict[str, bytes] = {}
            for entry in sheets:
                room = MAX_UNPACKED - sum(map(len, unpacked.values()))
                unpacked[entry.filename] = _unpacked_sheet(archive, entry, max_rows, room)
            _check_size(data, entries)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _check_xml(unpacked.get(entry.filename) or archive.read(entry))
            return {name: _marks(sheet, max_rows) for name, sheet in unpacked.items()}
    except BROKEN as error:
        raise Refused(Refusal.ARCHIVE_DAMAGED) from error


def _check_structure(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if not 0 < len(entries) <= MAX_ENTRIES or len({name.lower() for name in names}) != len(names):
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if ZIP64_LOCATOR in data[-200:] or len({e.header_offset for e in entries}) != len(entries):
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    for entry in entries:
        _check_entry(entry)
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    if ordered[0].header_offset != 0:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    for entry, following in itertools.pairwise(ordered):
        _check_local(data, entry, end=following.header_offset)
    _check_local(data, ordered[-1], end=len(data))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    bad_name = (
        name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name
    )
    if bad_name or "\x00" in entry.orig_filename:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if (entry.external_attr >> 16) & 0o170000 == SYMLINK or entry.flag_bits & 0x1:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(Refusal.ARCHIVE_DAMAGED)


def _check_local(data: bytes, entry: zipfile.ZipInfo, *, end: int) -> None:
    """Compare an entry's own header with the directory: tools that disagree read two files."""
    start = entry.header_offset
    fields = struct.unpack("<4s5H3L2H", data[start : start + 30])
    signature, flags, method, name_length, extra_length = (
        fields[0],
        fields[2],
        fields[3],
        fields[9],
        fields[10],
    )
    name = data[start + 30 : start + 30 + name_length]
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if signature != LOCAL_HEADER or method != entry.compress_type:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if name.decode(encoding) != entry.orig_filename:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if start + 30 + name_length + extra_length + entry.compress_size > end:
        raise Refused(Refusal.ARCHIVE_DAMAGED)


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused(Refusal.TYPE_NOT_ALLOWED)
    with archive.open("[Content_Types].xml") as part:
        types = part.read(CHUNK)
    if XLSX_MAIN not in types and b"<!" not in types:
        raise Refused(Refusal.TYPE_NOT_ALLOWED)


def _unpacked_sheet(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_rows: int, room: int
) -> bytes:
    rows = 0
    tail = b""
    chunks: list[bytes] = []
    with archive.open(entry) as part:
        for chunk in _chunks(part, room):
            chunks.append(chunk)
            window = tail + chunk
            rows += _count_rows(window)
            if rows > max_rows + HEADER_ROOM:
                raise Refused(Refusal.TOO_MANY_ROWS, limit=f"{max_rows:,}")
            # A tag cut in two by the chunk's border is counted with the next chunk.
            cut = window.rfind(b"<")
            tail = window[cut:] if cut >= 0 and not ROW.match(window[cut:]) else b""
    return b"".join(chunks)


def _count_rows(window: bytes) -> int:
    """Count the rows that begin there; nearly every program writes them in one way, which is counted fast."""
    rows = window.count(b"<row ")
    if window.count(b"<row") + window.count(b":row") == rows:
        return rows
    return len(ROW.findall(window))


def _chunks(part: IO[bytes], room: int) -> Iterator[bytes]:
    while chunk := part.read(CHUNK):
        room -= len(chunk)
        if room < 0:
            raise Refused(Refusal.ARCHIVE_DAMAGED)
        yield chunk


def _check_size(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data):
        raise Refused(Refusal.ARCHIVE_DAMAGED)


def _check_xml(part: bytes) -> None:
    """Refuse a part with a document type: no spreadsheet program writes one, XXE needs one."""
    head = part[:200].lower()
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    declared = re.search(rb"<\?xml[^>]*encoding=[\"']([^\"']+)", head)
    if declared and declared.group(1) not in (b"utf-8", b"us-ascii"):
        raise Refused(Refusal.ARCHIVE_DAMAGED)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused(Refusal.ARCHIVE_DAMAGED)


def _marks(sheet: bytes, max_rows: int) -> SheetMarks:
    _check_dimension(sheet, max_rows)
    formulas: set[tuple[int, int]] = set()
    # A plain search for two letters costs nothing; the patterns cost half a second for 50,000 rows.
    if (b"<f" in sheet or b":f" in sheet) and FORMULA.search(sheet):
        for letters, digits in FORMULA_CELL.findall(sheet):
            formulas.add((int(digits), column_number(letters.decode())))
    hidden = len(HIDDEN.findall(sheet)) if b"hidden=" in sheet else 0
    return SheetMarks(frozenset(formulas), hidden)


def _check_dimension(sheet: bytes, max_rows: int) -> None:
    """Refuse cells far outside: the reading library reserves the whole rectangle around them."""
    limit = max_rows + HEADER_ROOM
    if _highest(sheet, len(str(limit))) > limit:
        tall = re.compile(
            rb"<(?:\w+:)?c\s[^>]*?\br=[\"'][A-Z]{1,3}(\d{%d,})[\"'][^>]*(?<!/)>" % len(str(limit))
        )
        if any(int(digits) > limit for digits in tall.findall(sheet)):
            raise Refused(Refusal.TOO_MANY_ROWS, limit=f"{max_rows:,}")
    if BEYOND.search(sheet):
        wide = rb"<(?:\w+:)?c\s[^>]*?\br=[\"'](?:A[O-Z]|[B-Z][A-Z]|[A-Z]{3,})\d+[\"'][^>]*(?<!/)>"
        if re.search(wide, sheet):
            raise Refused(Refusal.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)


def _highest(sheet: bytes, digits: int) -> int:
    """Return the highest row number of at least so many digits that any cell names, 0 if none."""
    numbers = re.findall(rb"r=[\"'][A-Z]{1,3}(\d{%d,})[\"']" % digits, sheet)
    return max(map(int, set(numbers)), default=0)


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
