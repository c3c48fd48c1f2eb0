"""PDFs of our own, one after the other, with the structure of each."""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Name, ObjectStreamMode

from common.stamping.tree import Tree


def join_pdfs(parts: Sequence[bytes]) -> bytes:
    """This will join PDFs in their order, with the structure of those that have one.

    Title and language are the first one's.
    """
    if len(parts) == 1:
        return parts[0]
    joined = pikepdf.Pdf.new()
    tree = Tree(joined)
    sources = [pikepdf.open(io.BytesIO(part)) for part in parts]
    for source in sources:
        before = len(joined.pages)
        joined.pages.extend(source.pages)
        if Name.StructTreeRoot in source.Root:
            # After its pages, so that what names a page names the joined one.
            root = joined.copy_foreign(source.Root.StructTreeRoot)
            tree.add_tree(root, list(joined.pages)[before:])
    tree.finish()
    joined.Root.Lang = sources[0].Root.get(Name.Lang, "es-MX")
    joined.docinfo[Name.Title] = sources[0].docinfo.get(Name.Title, "")
    buffer = io.BytesIO()
    joined.save(buffer, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return buffer.getvalue()
