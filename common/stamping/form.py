"""A drawn form taken apart: what every sheet shares, and where the rest goes."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Object

from common.structure import Node

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Instruction = tuple[list[Any], str]
"""Operands and operator."""
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
_CLOSE: Final = 0.5
"""Points that a text on the right may stand away from the end of its field."""
_STATE: Final = {"rg", "RG", "gs"}
_TRANSPARENT: Final = {"/Div", "/NonStruct", "/Span"}
"""Elements that say nothing of their own: what they hold belongs to the one around them.

So does what an element of the same kind holds: WeasyPrint makes one for each box of a paragraph laid out as a table.
"""


def placeholder(name: str) -> str:
    """Return what stands in a field while the form is drawn."""
    return f"{{{name}}}"


def placeholders(names: Iterable[str]) -> dict[str, str]:
    """Return the words of the sheet from which a form is drawn."""
    return {name: placeholder(name) for name in names}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on the page: a text's baseline with its font, or without a font the unit square of the QR.

    `room` is how wide a text may be, in points; where it `ends` there, the place is that of its end. `mark` ties the
    place to the structure tree.
    """

    mark: int
    tag: str
    matrix: Matrix
    colour: str
    font: str = ""
    size: float = 0
    room: float = 0
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Glyphs:
    """How a font calls each letter, in hexadecimal, and how wide it is in thousandths of the size."""

    codes: Mapping[str, str]
    widths: Mapping[str, float]

    def wide(self, text: str, size: float) -> float:
        """Return how wide a text of that size is. Raises KeyError for a letter that the font lacks."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000


@dataclass(frozen=True, slots=True)
class Form:
    """What every sheet shares: the drawn page without its fields, its resources, the places and the structure.

    `ends` are how high above the foot of the page, in points, the elements end that it may be cut below.
    """

    source: pikepdf.Pdf
    shared: bytes
    slots: Mapping[str, Slot]
    glyphs: Mapping[str, Glyphs]
    nodes: Sequence[Node]
    ends: Mapping[str, float]


def read_form(pdf: bytes, boxes: Mapping[str, Box]) -> Form:
    """Read a form from its first page; the second holds LETTERS for its fields.

    `boxes` are the places of the fields in points: left, top, right, bottom; a name with a hyphen is no field, but
    an element that the form may be cut below. Without boxes it is a finished sheet.
    Raises ValueError for a form longer than its page, or for a field that is not drawn in one piece.
    """
    source = pikepdf.open(io.BytesIO(pdf))
    if len(source.pages) != (2 if boxes else 1):
        raise ValueError(f"a form and its letters are two pages, these are {len(source.pages)}")
    page = source.pages[0]
    glyphs = {name: _glyphs_of(font) for name, font in page.Resources.Font.items()}
    fields = {name: box for name, box in boxes.items() if "-" not in name}
    height = float(page.MediaBox[3])
    reader = _Reader(glyphs, fields, height)
    for instruction in pikepdf.parse_content_stream(page):
        reader.take(list(instruction.operands), str(instruction.operator))
    if lost := fields.keys() ^ reader.slots.keys():
        raise ValueError(f"fields without a place or a box: {sorted(lost)}")
    (document,) = source.Root.StructTreeRoot.K
    nodes = [_node(kid) for kid in document.K if kid.Pg == page.obj]
    if sorted(_marks(nodes)) != list(range(reader.marks)):
        raise ValueError(
            "something is drawn that the structure does not hold, such as a margin box"
        )
    # What the drawing does to the page's measure ends with it: a slot's matrix is the page's own.
    shared = b"q\n" + pikepdf.unparse_content_stream(reader.kept) + b"\nQ\n"
    ends = {name: height - box[3] for name, box in boxes.items() if name not in fields}
    return Form(source, shared, reader.slots, glyphs, nodes, ends)


def _glyphs_of(font: Object) -> Glyphs:
    _, _, pairs_text = font.ToUnicode.read_bytes().decode().partition("endcodespacerange")
    pairs = _PAIR.findall(pairs_text)
    codes = {bytes.fromhex(letter).decode("utf-16-be"): code for code, letter in pairs}
    known = _widths_of(font.DescendantFonts[0].W)
    widths = {letter: known[int(code, 16)] for letter, code in codes.items()}
    return Glyphs(codes, widths)


def _widths_of(runs: Object) -> dict[int, float]:
    """«W» is a list of pairs: the first glyph of a run, and the widths of the run (ISO 32000, 9.7.4.3)."""
    parts: list[Any] = list(runs)
    return {
        int(first) + at: float(width)
        for first, widths in zip(parts[::2], parts[1::2], strict=True)
        for at, width in enumerate(widths)
    }


def _node(element: Object) -> Node:
    if "/Headers" in element.get("/A", {}):
        del element.A["/Headers"]  # IDs: they may be in a document once, so no sheet has them
    more = {key: value.unparse() for key, value in element.items() if key in {"/A", "/Alt"}}
    return Node(str(element.S), more, _kids(element))


def _kids(element: Object) -> list[int | Node]:
    kids: list[int | Node] = []
    held: list[Any] = list(element.K)
    for kid in held:
        if isinstance(kid, int):
            kids.append(kid)
        elif str(kid.S) in _TRANSPARENT or kid.S == element.S:
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

    def __init__(
        self, glyphs: Mapping[str, Glyphs], boxes: Mapping[str, Box], height: float
    ) -> None:
        self.letters = {
            name: {code: letter for letter, code in font.codes.items()}
            for name, font in glyphs.items()
        }
        self.glyphs = glyphs
        self.boxes, self.height = boxes, height
        self.kept: list[tuple[list[Any], pikepdf.Operator]] = []
        self.slots: dict[str, Slot] = {}
        self.states: list[Matrix] = []
        self.matrix, self.square, self.colour = UPRIGHT, UPRIGHT, "0 g"
        self.marked: list[Instruction] = []
        self.marks = 0

    def take(self, operands: list[Any], operator: str) -> None:
        """Take the next instruction."""
        if operator == "BDC" or self.marked:
            self.marked.append((operands, operator))
        else:
            self.kept.append((operands, pikepdf.Operator(operator)))
        self._follow(operands, operator)
        if operator == "EMC" and self.marked:
            self._close()

    def _follow(self, operands: list[Any], operator: str) -> None:
        """Keep where things are drawn and in which colour, as the instructions change it."""
        if operator == "q":
            self.states.append(self.matrix)
        elif operator == "Q":
            self.matrix = self.states.pop()
        elif operator == "cm":
            self.matrix = times(_matrix(operands), self.matrix)
        elif operator == "rg":
            self.colour = " ".join(str(part) for part in operands) + " rg"
        elif _draws_unit_square((operands, operator)):
            self.square = self.matrix

    def _close(self) -> None:
        """End a piece under one mark: shared, unless it is a placeholder."""
        self.marks += 1
        if self._is_square():
            pass  # what it set ended with it
        elif self._is_field():  # what it set stays set for what follows
            self._keep(piece for piece in self.marked if piece[1] in _STATE)
        else:
            self._keep(self.marked)
        self.marked = []

    def _keep(self, pieces: Iterable[Instruction]) -> None:
        self.kept += [(operands, pikepdf.Operator(operator)) for operands, operator in pieces]

    def _is_square(self) -> bool:
        """Take in the place of the QR, if the piece is its placeholder."""
        (tag, properties), _ = self.marked[0]
        is_one = str(tag) == "/Figure" and any(map(_draws_unit_square, self.marked))
        if is_one:
            mark = int(properties.MCID)
            self.slots[QR] = Slot(mark, str(tag), self.square, self.colour)
        return is_one

    def _is_field(self) -> bool:
        """Take in the place of a text, if the piece is its placeholder.

        What people wrote may look like one: it stands in no field's box, and a finished sheet has none.
        """
        found = {operator: operands for operands, operator in self.marked}
        name = _PLACEHOLDER.fullmatch(self._text(found)) if "TJ" in found else None
        if name is None or name[1] not in self.boxes:
            return False
        tag, properties = found["BDC"]
        font, size = str(found["Tf"][0]), float(found["Tf"][1])
        matrix = times(_matrix(found["Tm"]), self.matrix)
        scale, start = matrix[0], matrix[4]
        left, top, right, bottom = self.boxes[name[1]]
        if not (left - _CLOSE < start < right and top < self.height - matrix[5] < bottom):
            return False
        end = start + self.glyphs[font].wide(name[0], size) * scale
        ends = start - left > _CLOSE and abs(right - end) < _CLOSE
        self.slots[name[1]] = Slot(
            int(properties.MCID),
            str(tag),
            (*matrix[:4], right, matrix[5]) if ends else matrix,
            self.colour,
            font=font,
            size=size,
            room=(right - (left if ends else start)) / scale,
            ends=ends,
        )
        return True

    def _text(self, found: Mapping[str, list[Any]]) -> str:
        shown = [part for part in found["TJ"][0] if isinstance(part, pikepdf.String)]
        codes = "".join(bytes(part).hex() for part in shown)
        letters = self.letters[str(found["Tf"][0])]
        return "".join(letters[codes[at : at + 4]] for at in range(0, len(codes), 4))


def _draws_unit_square(instruction: Instruction) -> bool:
    operands, operator = instruction
    return operator == "re" and [float(one) for one in operands] == [0, 0, 1, 1]


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that does the first and then the other."""
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
