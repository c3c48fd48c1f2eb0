"""A form cut short: lists of fewer lines than the form has."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from common.stamping.form import Form
from common.structure import Node

HALF_A_LINE = 0.2
"""Points below the end of a row that its border still takes: it runs along the middle of it."""


def cut(form: Form, *, below: str, without: Collection[str]) -> Form:
    """Return the form without what is drawn below an element, and without these fields.

    What holds nothing but these fields leaves the structure. Other fields stay, wherever they stand.
    """
    _, _, right, top = map(float, form.source.pages[0].MediaBox)
    end = form.ends[below] - HALF_A_LINE
    window = f"q 0 {end:.4f} {right} {top - end:.4f} re W n\n".encode()
    lost = {form.slots[name].mark for name in without}
    return replace(
        form,
        shared=window + form.shared + b"Q\n",
        slots={name: slot for name, slot in form.slots.items() if name not in without},
        nodes=[node for one in form.nodes if (node := _without(one, lost))],
    )


def _without(node: Node, lost: Collection[int]) -> Node | None:
    """The element without these marks; None where nothing else was in it."""
    kept: list[int | Node] = []
    for kid in node.kids:
        if not isinstance(kid, int):
            inner = _without(kid, lost)
            kept += [inner] if inner else []
        elif kid not in lost:
            kept.append(kid)
    is_whole = len(kept) == len(node.kids)
    return replace(node, kids=kept) if is_whole or _says_something(kept) else None


def _says_something(kids: Sequence[int | Node]) -> bool:
    return any(isinstance(kid, int) or _says_something(kid.kids) for kid in kids)
