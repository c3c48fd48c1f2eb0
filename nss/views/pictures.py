"""The safe pictures of an acuse: where each page is sent from, and where on it something was read."""

from dataclasses import dataclass, field

from django.urls import reverse
from PIL import Image

from nss.models import Acuse, Reading
from nss.queries.acuses import files_of, read_box
from students.actions.files import absolute
from students.models import StoredFile

_MARGIN = 0.03
_AIR = 0.006
"""Between what was read and the line around it, as a part of the page's width: the outline hides no digit."""
_LABELS = {"nss": "NSS", "curp": "CURP"}


@dataclass(frozen=True)
class Mark:
    """A box on a page, in pixels."""

    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """One page as it may be shown; `word` is what it is called (Hoja, Foto), sizes are pixels."""

    number: int
    word: str
    url: str
    width: int
    height: int
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Crop:
    """A strip of a page; `view` is the viewBox that shows nothing else."""

    url: str
    width: int
    height: int
    view: str


def pictures_of(acuse: Acuse, reading: Reading | None = None) -> list[Picture]:
    """Return the pages or photos of an acuse, with what was read outlined; not those still being drawn."""
    drawn = (_picture(number, *page, reading) for number, page in _pages(acuse).items())
    return [picture for picture in drawn if picture]


def crop_of(acuse: Acuse, reading: Reading | None) -> Crop | None:
    """Return the strip of the page on which the number stands, if its place is known."""
    found = read_box(reading, "nss")
    page = _pages(acuse).get(found[0]) if found else None
    picture = _picture(found[0], *page, None) if found and page else None
    if found is None or picture is None:
        return None
    left, top, right, bottom = found[1]
    left, top = max(0.0, left - _MARGIN), max(0.0, top - _MARGIN)
    right, bottom = min(1.0, right + _MARGIN), min(1.0, bottom + _MARGIN)
    box = _pixels((left, top, right, bottom), picture)
    return Crop(picture.url, picture.width, picture.height, " ".join(f"{side:g}" for side in box))


def _pages(acuse: Acuse) -> dict[int, tuple[str, StoredFile, int]]:
    """What a reading counts as pages: its word, the file and which of the file's pages it is.

    Those of the one PDF, or one for each photo, whether it could be drawn or not.
    """
    files = files_of(acuse)
    if len(files) > 1:
        return {number: ("Foto", file, 1) for number, file in enumerate(files, 1)}
    numbers = range(1, len(acuse.file.derivative_pages) + 1)
    return {number: ("Hoja", acuse.file, number) for number in numbers}


def _picture(
    number: int, word: str, file: StoredFile, page: int, reading: Reading | None
) -> Picture | None:
    """One page; None for one that was not drawn or whose picture is gone from the disk."""
    if page > len(file.derivative_pages):
        return None
    path = absolute(file.derivative_pages[page - 1])
    if not path.is_file():
        return None
    with Image.open(path, formats=["JPEG"]) as image:
        width, height = image.size
    url = reverse("students:file", args=[file.public_id, page])
    picture = Picture(number, word, url, width, height)
    for name, label in _LABELS.items():
        found = read_box(reading, name)
        if found and found[0] == number:
            picture.marks.append(_mark(label, found[1], picture))
    return picture


def _mark(label: str, box: tuple[float, ...] | list[float], picture: Picture) -> Mark:
    x, y, width, height = _pixels(box, picture)
    air = round(_AIR * picture.width, 1)
    sides = (x - air, y - air, width + 2 * air, height + 2 * air)
    return Mark(label, *(round(side, 1) for side in sides))


def _pixels(box: tuple[float, ...] | list[float], picture: Picture) -> tuple[float, ...]:
    left, top, right, bottom = box
    return (
        round(left * picture.width, 1),
        round(top * picture.height, 1),
        round((right - left) * picture.width, 1),
        round((bottom - top) * picture.height, 1),
    )
