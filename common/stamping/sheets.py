"""The sheets of a form: the shared page, and on it the words of each person."""

import io
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode

from common.qr import qr_runs
from common.stamping.form import QR, Form, Slot, Words
from common.structure import Tree


def fits(form: Form, words: Words) -> bool:
    """Tell whether the words can be stamped: each letter is in the font, and no text is too wide."""
    return all(
        _has_room(form, slot, words.get(name, "")) for name, slot in form.slots.items() if slot.font
    )


def _has_room(form: Form, slot: Slot, text: str) -> bool:
    try:
        return form.glyphs[slot.font].wide(text, slot.size) <= slot.room
    except KeyError:
        return False


def stamp(sheets: Iterable[tuple[Form, Words]], *, title: str) -> bytes:
    """Return one PDF with a page for each of the sheets; all fit, and there is one at least.

    The same sheets give the same bytes.
    """
    pdf = pikepdf.Pdf.new()
    tree = Tree(pdf)
    prints: dict[int, _Print] = {}
    for form, words in sheets:
        if id(form) not in prints:
            prints[id(form)] = _Print(pdf, form)
        pdf.pages.append(prints[id(form)].page(words))
        tree.add_page(pdf.pages[-1].obj, form.nodes)
    tree.finish()
    pdf.Root.Lang = form.source.Root.Lang
    pdf.docinfo["/Title"] = title
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return buffer.getvalue()


class _Print:
    """A form inside the PDF that is being made: what its pages share is there once."""

    def __init__(self, pdf: pikepdf.Pdf, form: Form) -> None:
        self.pdf = pdf
        self.pen = _Pen(form)
        self.shared = pdf.make_indirect(pikepdf.Stream(pdf, form.shared))
        drawn = form.source.pages[0]
        self.box, self.resources = drawn.MediaBox, pdf.copy_foreign(drawn.Resources)

    def page(self, words: Words) -> pikepdf.Page:
        """Return the next page."""
        own = self.pdf.make_indirect(pikepdf.Stream(self.pdf, self.pen.write(words)))
        page = Dictionary(
            Type=Name.Page,
            MediaBox=self.box,
            Resources=self.resources,
            Contents=Array([self.shared, own]),
            Tabs=Name.S,
        )
        return pikepdf.Page(self.pdf.make_indirect(page))


class _Pen:
    """Writes the part of a page that is one person's alone."""

    def __init__(self, form: Form) -> None:
        self.texts = {
            name: (_before_text(slot), slot, form.glyphs[slot.font])
            for name, slot in form.slots.items()
            if slot.font
        }
        self.square = form.slots.get(QR)

    def write(self, words: Words) -> bytes:
        """Return the instructions that draw these words, each under its mark."""
        parts = []
        for name, (before, slot, glyphs) in self.texts.items():
            text = words.get(name, "")
            back = f"{-glyphs.wide(text, slot.size):.4f} 0 Td " if slot.ends else ""
            shown = "".join(map(glyphs.codes.__getitem__, text))
            parts.append(f"{before}{back}<{shown}> Tj ET EMC\n")
        if self.square is not None:
            parts.append(_draw_qr(self.square, words[QR]))
        return "".join(parts).encode()


def _before_text(slot: Slot) -> str:
    return (
        f"{slot.tag} <</MCID {slot.mark}>> BDC {slot.colour} BT {slot.font} {slot.size:.4f} Tf "
        f"{_numbers(slot.matrix)} Tm "
    )


def _draw_qr(square: Slot, text: str) -> str:
    side, runs = qr_runs(text)
    scale = 1 / side
    modules = "".join(f"{run.x} {run.y} {run.length} 1 re\n" for run in runs)
    return (
        f"{square.tag} <</MCID {square.mark}>> BDC q {square.colour} {_numbers(square.matrix)} cm "
        f"{scale:.8f} 0 0 {scale:.8f} 0 0 cm\n{modules}f Q EMC\n"
    )


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)
