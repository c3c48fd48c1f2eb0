"""The files of the demo, drawn and read on every processor: what an upload would have left behind."""

import hashlib
import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.uploads import Kind, Refused
from followup.demo.acuses import LAYOUTS, Holder, draw_pdf, draw_photo
from nss.extraction.reading import read_file

PDFS_AT_ONCE = 12
"""A reader stops after some seconds of its process: a few quick files may share one."""

_FOLDER_MODE, _FILE_MODE = 0o750, 0o640


@dataclass(frozen=True, slots=True)
class Drawing:
    """One file to draw: a PDF, or a photo when there is a `degradation`; `path` is relative to the uploads."""

    path: str
    layout: str
    holder: Holder
    seed: int
    degradation: str = ""
    is_damaged: bool = False

    @property
    def kind(self) -> Kind:
        """A photo is a JPEG."""
        return Kind.JPEG if self.degradation else Kind.PDF

    @property
    def is_quick(self) -> bool:
        """Whether the text layer tells everything, so that nothing is recognised letter by letter."""
        return not self.degradation and self.layout in LAYOUTS

    def content(self) -> bytes:
        """Draw it; a damaged one lost its second half on the way."""
        if self.degradation:
            return draw_photo(self.holder, self.layout, self.degradation, seed=self.seed)
        pdf = draw_pdf(self.holder, self.layout, seed=self.seed)
        return pdf[: len(pdf) // 2] if self.is_damaged else pdf


@dataclass(frozen=True, slots=True)
class Drawn:
    """What lies on disk: the file, its safe pictures beside it, and what the portal's reader says of it."""

    path: str
    sha256: str
    size: int
    pages: int = 0
    pictures: tuple[str, ...] = ()
    reading: dict[str, Any] | None = None
    refusal: str = ""
    duration_ms: int = 0


def draw_all(drawings: Sequence[Drawing], root: Path) -> dict[str, Drawn]:
    """Draw, keep and read the files on all processors; returns what became of each, by its path."""
    if not drawings:
        return {}
    slow = [[drawing] for drawing in drawings if not drawing.is_quick]
    quick = [drawing for drawing in drawings if drawing.is_quick]
    tasks = slow + [quick[at : at + PDFS_AT_ONCE] for at in range(0, len(quick), PDFS_AT_ONCE)]
    # A process for each task, as each upload has its own: the reader counts its processor time.
    context = multiprocessing.get_context("fork")
    processors = len(os.sched_getaffinity(0))
    with context.Pool(processors, initializer=_be_quiet, maxtasksperchild=1) as pool:
        found = pool.imap_unordered(_draw_task, [(root, task) for task in tasks])
        return {drawn.path: drawn for batch in found for drawn in batch}


def share(drawn: Drawn, path: str, root: Path) -> Drawn:
    """Give the same file and pictures another path, without another copy on disk."""
    pictures = tuple(f"{path}-{number:02}" for number in range(1, len(drawn.pictures) + 1))
    pairs = zip((drawn.path, *drawn.pictures), (path, *pictures), strict=True)
    for old, new in pairs:
        (root / new).parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        (root / new).unlink(missing_ok=True)
        (root / new).hardlink_to(root / old)
    return Drawn(
        path, drawn.sha256, drawn.size, drawn.pages, pictures, drawn.reading, drawn.refusal
    )


def keep_bytes(path: str, content: bytes, root: Path) -> None:
    """Put a file where an upload of that path would lie."""
    place = root / path
    place.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    place.write_bytes(content)
    place.chmod(_FILE_MODE)


def _be_quiet() -> None:
    """Tesseract's library grumbles about odd boxes past any logger; a real failure comes back as exception."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _draw_task(task: tuple[Path, list[Drawing]]) -> list[Drawn]:
    root, drawings = task
    return [_draw(drawing, root) for drawing in drawings]


def _draw(drawing: Drawing, root: Path) -> Drawn:
    content = drawing.content()
    keep_bytes(drawing.path, content, root)
    sha256 = hashlib.sha256(content).hexdigest()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        try:
            arguments = {"kind": drawing.kind.value}
            answer = read_file([root / drawing.path], arguments, output)
        except Refused as refused:
            return Drawn(drawing.path, sha256, len(content), refusal=refused.code.value)
        pictures = []
        for number, picture in enumerate(sorted(output.iterdir()), 1):
            pictures.append(f"{drawing.path}-{number:02}")
            keep_bytes(pictures[-1], picture.read_bytes(), root)
    return Drawn(
        path=drawing.path,
        sha256=sha256,
        size=len(content),
        pages=answer["pages"],
        pictures=tuple(pictures),
        reading=answer["reading"],
        duration_ms=round((time.monotonic() - started) * 1000),
    )
