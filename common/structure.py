"""The structure tree of a PDF: what each piece on its pages is, in the order in which it is read (ISO 32000, 14.7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the structure tree; `kids` are the marks it holds and the elements in it, in their order.

    `more` is what else it says, such as the words for a picture, as PDF writes it.
    """

    tag: str
    more: Mapping[str, bytes]
    kids: Sequence["int | Node"]


class Tree:
    """Grows with the pages of a PDF; `finish` ties it to the document."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root)
        )
        self.tops: list[Object] = []
        self.owners: list[Any] = []

    def add_page(self, page: Object, nodes: Iterable[Node]) -> None:
        """Give the page a copy of a form's structure."""
        page.StructParents = len(self.owners) // 2
        owner: dict[int, Object] = {}
        self.tops += [self._add(node, self.document, page, owner) for node in nodes]
        marks = Array(owner.get(mark) for mark in range(max(owner, default=-1) + 1))
        self.owners += [page.StructParents, self.pdf.make_indirect(marks)]

    def _add(self, node: Node, parent: Object, page: Object, owner: dict[int, Object]) -> Object:
        element = self.pdf.make_indirect(
            Dictionary({"/Type": Name.StructElem, "/S": Name(node.tag), "/P": parent, "/Pg": page})
        )
        for key, value in node.more.items():
            element[key] = Object.parse(value)
        kids: list[Any] = []
        for kid in node.kids:
            if isinstance(kid, int):
                owner[kid] = element
                kids.append(kid)
            else:
                kids.append(self._add(kid, element, page, owner))
        element.K = Array(kids)
        return element

    def add_tree(self, root: Object, pages: Iterable[pikepdf.Page]) -> None:
        """Take over the tree of another PDF whose pages were joined; `root` is its copy."""
        before = len(self.owners) // 2
        for top in root.K[0].K:
            top.P = self.document
            self.tops.append(top)
        owners: list[Any] = list(root.ParentTree.Nums)
        self.owners += [one + before if isinstance(one, int) else one for one in owners]
        for page in pages:
            page.obj.StructParents += before
            for note in page.obj.get("/Annots", ()):
                note.StructParent += before

    def finish(self) -> None:
        """Tie the tree to the document."""
        self.document.K = Array(self.tops)
        self.root.K = Array([self.document])
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(self.owners)))
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)
        self.pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
