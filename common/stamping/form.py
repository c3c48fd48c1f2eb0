"""A drawn form taken apart: what every sheet shares, and where the rest goes."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Object

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Words = Mapping[str, str]
"""What one sheet says, by the name of the field; a field that is not named stays empty."""

LETTERS: Final = (
    "".join(map(chr, range(0x21, 0x7F)))
    + "¡ª«°·º»¿ÀÁÂÃÄÇÈÉÊËÌÍÎÏÑÒÓÔÕÖ×ÙÚÛÜàáâãäçèéêëìíîïñòóôõöùúûü–—‘’‚“”•…−"
)
"""What a field may hold: the letters of the fonts that came with the portal."""
UPRIGHT: Final[Matrix] = (1, 0, 0, 1, 0, 0)
QR: Final = "qr"
"""The field of the QR; its placeholder is the unit square."""
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_PAIR: Final = re.compile(r"<([0-9a-f]{4})> <([0-9a-f]+)>")
_STATE: Final = {"rg", "RG", "gs"}
_TRANSPARENT: Final = {"/Div", "/NonStruct", "/Span"}
"""Elements that say nothing of their own: what they hold belongs to the one around them."""


def placeholder(name: str) -> str:
    """This will return what stands in a field while the form is drawn."""
    return f"{{{name}}}"


def placeholders(names: Iterable[str]) -> dict[str, str]:
    """This will return the words of the sheet from which a form is drawn."""
    return {name: placeholder(name) for name in names}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on the page: a text's baseline with its font, or without a font the unit square of the QR.

    `room` is how wide a text may be, in points. `mark` ties the place to the structure tree.
    """

    mark: int
    tag: str
    matrix: Matrix
    colour: str
    font: str = ""
    size: float = 0
    room: float = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the structure tree; `kids` are the marks it holds and the elements in it, in their order.

    `more` is what else it says, such as the words for a picture, as PDF writes it.
    """

    tag: str
    more: Mapping[str, bytes]
    kids: Sequence["int | Node"]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """How a font calls each letter, in hexadecimal, and how wide it is in thousandths of the size."""

    codes: Mapping[str, str]
    widths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Form:
    """What every sheet shares: the drawn page without its fields, its resources, the places and the structure."""

    source: pikepdf.Pdf
    shared: bytes
    slots: Mapping[str, Slot]
    glyphs: Mapping[str, Glyphs]
    nodes: Sequence[Node]


def read_form(pdf: bytes, boxes: Mapping[str, Box]) -> Form:
    """This will read a form from its first page; the second holds LETTERS for its fields.

    `boxes` are the places of the fields in points: left, top, right, bottom. Without boxes it is a finished sheet.
    Raises ValueError for a form longer than its page, or for a field that is not drawn in one piece.
    """
    source = pikepdf.open(io.BytesIO(pdf))
    if len(source.pages) != (2 if boxes else 1):
        raise ValueError(f"a form and its letters are two pages, these are {len(source.pages)}")
    page = source.pages[0]
    glyphs = {name: _glyphs_of(font) for name, font in page.Resources.Font.items()}
    reader = _Reader(glyphs, boxes)
    for operands, operator in pikepdf.parse_content_stream(page):
        reader.take(list(operands), str(operator))
    lost = boxes.keys() ^ reader.slots.keys()
    if lost:
        raise ValueError(f"fields without a place or a box: {sorted(lost)}")
    (document,) = source.Root.StructTreeRoot.K
    nodes = [_node(kid) for kid in document.K if kid.Pg == page.obj]
    if sorted(_marks(nodes)) != list(range(reader.marks)):
        raise ValueError("something is drawn that the structure does not hold, such as a margin box")
    # What the drawing does to the page's measure ends with it: a slot's matrix is the page's own.
    shared = b"q\n" + pikepdf.unparse_content_stream(reader.kept) + b"\nQ\n"
    return Form(source, shared, reader.slots, glyphs, nodes)


def _glyphs_of(font: Object) -> Glyphs:
    _, _, pairs_text = font.ToUnicode.read_bytes().decode().partition("endcodespacerange")
    pairs = _PAIR.findall(pairs_text)
    codes = {bytes.fromhex(letter).decode("utf-16-be"): code for code, letter in pairs}
    known = _widths_of(font.DescendantFonts[0].W)
    widths = {letter: known[int(code, 16)] for letter, code in codes.items()}
    return Glyphs(codes, widths)


def _widths_of(runs: Object) -> dict[int, float]:
    """«W» is a list of pairs: the first glyph of a run, and the widths of the glyphs in the run (ISO 32000, 9.7.4.3)."""
    parts: list[Any] = list(runs)
    return {
        int(first) + at: float(width)
        for first, widths in zip(parts[::2], parts[1::2], strict=True)
        for at, width in enumerate(widths)
    }


def _node(element: Object) -> Node:
    more = {key: value.unparse() for key, value in element.items() if key in {"/A", "/Alt"}}
    return Node(str(element.S), more, _kids(element))


def _kids(element: Object) -> list[int | Node]:
    kids: list[int | Node] = []
    for kid in element.K:
        if isinstance(kid, int):
            kids.append(kid)
        elif str(kid.S) in _TRANSPARENT:
            kids += _kids(kid)
        else:
            kids.append(_node(kid))
    return kids


def _marks(nodes: Iterable[Node]) -> Iterator[int]:
    for node in nodes:
        for kid in node.kids:
            yield from [kid] if isinstance(kid, int) else _marks([kid])


class _Reader:
    """Goes through the page's instructions once, keeps what is shared and takes out what belongs to a field."""

    def __init__(self, glyphs: Mapping[str, Glyphs], boxes: Mapping[str, Box]) -> None:
        self.letters = {
            name: {code: letter for letter, code in font.codes.items()}
            for name, font in glyphs.items()
        }
        self.boxes = boxes
        self.kept: list[tuple[list[Any], pikepdf.Operator]] = []
        self.slots: dict[str, Slot] = {}
        self.states: list[Matrix] = []
        self.matrix, self.colour = UPRIGHT, "0 g"
        self.marked: list[tuple[list[Any], str]] = []
        self.marks = 0

    def take(self, operands: list[Any], operator: str) -> None:
        """This will take the next instruction."""
        if operator == "BDC" or self.marked:
            self.marked.append((operands, operator))
        else:
            self.kept.append((operands, pikepdf.Operator(operator)))
        self._follow(operands, operator)
        if operator == "EMC" and self.marked:
            self._close()

    def _follow(self, operands: list[Any], operator: str) -> None:
        """This will keep where things are drawn and in which colour, as the instructions change it."""
        if operator == "q":
            self.states.append(self.matrix)
        elif operator == "Q":
            self.matrix = self.states.pop()
        elif operator == "cm":
            self.matrix = times(_matrix(operands), self.matrix)
        elif operator == "rg":
            self.colour = " ".join(str(part) for part in operands) + " rg"
        elif operator == "re" and list(map(float, operands)) == [0, 0, 1, 1]:
            self.square = self.matrix

    def _close(self) -> None:
        """This will end a piece under one mark: shared, unless it is a placeholder."""
        self.marks += 1
        slot = self._slot(self.marked)
        if slot is None:
            self.kept += [(operands, pikepdf.Operator(name)) for operands, name in self.marked]
        elif slot.font:  # what it set stays set for what follows
            self.kept += [
                (operands, pikepdf.Operator(name))
                for operands, name in self.marked
                if name in _STATE
            ]
        self.marked = []

    def _slot(self, piece: list[tuple[list[Any], str]]) -> Slot | None:
        (tag, properties), _ = piece[0]
        found = {name: operands for operands, name in piece}
        common = {"mark": int(properties.MCID), "tag": str(tag), "colour": self.colour}
        if str(tag) == "/Figure" and self._is_square(found):
            self.slots[QR] = Slot(matrix=self.square, **common)
            return self.slots[QR]
        if "TJ" not in found:
            return None
        font, size = found["Tf"]
        name = _PLACEHOLDER.fullmatch(self._text(str(font), found["TJ"][0]))
        if name is None:
            return None
        matrix = times(_matrix(found["Tm"]), self.matrix)
        scale = matrix[0]
        room = self.boxes[name[1]][2] - matrix[4] if name[1] in self.boxes else 0
        slot = Slot(
            matrix=matrix, font=str(font), size=float(size), room=room / scale, **common
        )
        self.slots[name[1]] = slot
        return slot

    def _is_square(self, found: Mapping[str, list[Any]]) -> bool:
        return list(map(float, found.get("re", ()))) == [0, 0, 1, 1]

    def _text(self, font: str, shown: Object) -> str:
        codes = "".join(bytes(part).hex() for part in shown if isinstance(part, pikepdf.String))
        letters = self.letters[font]
        return "".join(letters[codes[at : at + 4]] for at in range(0, len(codes), 4))


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    """This will return the matrix that does the first and then the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
