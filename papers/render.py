"""Parts of a lot in, one PDF out. Called by the worker alone."""

import io
from collections.abc import Sequence

import pikepdf


def join_pdfs(parts: Sequence[bytes]) -> bytes:
    """This will join PDFs of our own, in order."""
    joined = pikepdf.Pdf.new()
    for part in parts:
        with pikepdf.open(io.BytesIO(part)) as source:
            joined.pages.extend(source.pages)
    buffer = io.BytesIO()
    joined.save(buffer)
    return buffer.getvalue()
