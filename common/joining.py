"""PDFs of our own, one after the other, with the structure of each.

All pages of a PDF are in memory while they are joined, 70 kB each. So it happens in a process of its own that has
loaded little else, and a worker stays as small as it is.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Name, ObjectStreamMode

from common.structure import Tree

ROOT = Path(__file__).resolve().parents[1]


def join_pdfs(parts: Sequence[Path | bytes]) -> bytes:
    """Join PDFs in their order, with the structure of those that have one; files are not loaded here.

    Title and language are the first one's. The same parts give the same bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = [_as_file(part, Path(folder, f"{number}.pdf")) for number, part in enumerate(parts)]
        if len(names) == 1:
            return names[0].read_bytes()
        joined = Path(folder, "joined.pdf")
        subprocess.run([sys.executable, "-m", __name__, joined, *names], check=True, cwd=ROOT)
        return joined.read_bytes()


def _as_file(part: Path | bytes, place: Path) -> Path:
    if isinstance(part, Path):
        return part
    place.write_bytes(part)
    return place


def join_files(parts: Sequence[str], target: str) -> None:
    """Join PDF files into another."""
    joined = pikepdf.Pdf.new()
    tree = Tree(joined)
    sources = [pikepdf.open(part) for part in parts]
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
    joined.save(target, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)


if __name__ == "__main__":
    join_files(sys.argv[2:], sys.argv[1])
