"""What becomes of a document, looked at without a child: these are refused before anything in them is unpacked."""

import io
from pathlib import Path

import pytest
from pikepdf import Name
from PIL import Image

from common.uploads import Kind, Refusal, Refused
from common.uploads.documents import check, check_file, make_derivatives, open_pdf
from tests.samples import hostile, hostile_documents, hostile_pictures
from tests.samples.mutations import mutated, mutations
from tests.samples.outcomes import ACCEPT, ANY, DOCUMENTS, PDF, SETTLED

CATALOG, ONE_PAGE = hostile_documents.CATALOG, hostile_documents.ONE_PAGE
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"


def fate(content: bytes, folder: Path, kind: Kind = Kind.PDF) -> str:
    """Name what becomes of a file: ACCEPT, or the code of its refusal."""
    path = folder / "upload"
    path.write_bytes(content)
    try:
        check(path, kind)
    except Refused as refused:
        return refused.code.value
    return ACCEPT


def attached_alone() -> bytes:
    """Give a PDF with a file in it that no list of attachments names."""
    made = hostile.pdf()
    made.Root.X = made.make_stream(b"MZ", Type=Name.EmbeddedFile)
    return hostile.saved(made)


@pytest.mark.parametrize(
    ("sample", "outcome"),
    [
        pytest.param(sample, case.outcome, id=f"{case.id}-{place}")
        for case in DOCUMENTS
        if case.outcome not in {"EMPTY", ANY, SETTLED}
        for place, sample in enumerate(case.samples)
        if sample.name == PDF
    ],
)
def test_check_of_the_cases_that_have_one_outcome(sample, outcome, tmp_path):
    assert fate(sample.make(), tmp_path) == outcome


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (hostile_documents.without_pages(), "PDF_DAMAGED"),
        (hostile.by_hand([CATALOG, b"<< /Type /Pages /Count 1 /Kids [7] >>"]), "PDF_DAMAGED"),
        (hostile.by_hand([CATALOG, ONE_PAGE, b"<< /Type /Page >>", b"7"]), ACCEPT),
        (hostile.by_hand([CATALOG, ONE_PAGE, PAGE, b"[%s]" % (b"[]" * 100_001)]), "PDF_DAMAGED"),
        (attached_alone(), "PDF_ATTACHMENTS"),
    ],
    ids="no-tree no-pages a-number-beside many-objects attached-alone".split(),
)
def test_check_of_odd_pdfs(content, outcome, tmp_path):
    assert fate(content, tmp_path) == outcome


def test_check_of_pictures(tmp_path):
    assert fate(hostile.jpeg(), tmp_path, Kind.JPEG) == ACCEPT
    assert fate(hostile.png_of(12_000, 12_000), tmp_path, Kind.PNG) == "IMAGE_TOO_LARGE"


def test_check_file_counts_the_pages(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(hostile.plain_pdf(3))

    assert check_file([path], {"kind": "PDF"}, tmp_path) == {"pages": 3}


@pytest.mark.parametrize(
    ("content", "kind", "sizes"),
    [
        (hostile_documents.plain_form(), "PDF", [(1237, 1600)]),
        (hostile_documents.scan(2), "PDF", [(1237, 1600)] * 2),
        (hostile_pictures.heic(), "HEIC", [(400, 300)]),
    ],
    ids=["form", "two pages", "picture"],
)
def test_make_derivatives_draws_each_page(content, kind, sizes, tmp_path):
    path, output = tmp_path / "upload", tmp_path / "out"
    path.write_bytes(content)
    output.mkdir()

    made = make_derivatives([path], {"kind": kind}, output)

    drawn = [Image.open(io.BytesIO(file.read_bytes())) for file in sorted(output.iterdir())]
    assert made == {"pages": len(sizes)}
    assert [(image.format, image.size) for image in drawn] == [("JPEG", size) for size in sizes]


def test_make_derivatives_refuses_a_page_that_pdfium_does_not_load(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(mutated(hostile_documents.signed, 58))

    with pytest.raises(Refused) as refused:
        make_derivatives([path], {"kind": "PDF"}, tmp_path)

    assert (check(path, Kind.PDF), refused.value.code) == (1, Refusal.PDF_DAMAGED)


@pytest.mark.parametrize("make", [hostile_documents.plain_form, hostile.web_link, hostile.jpeg])
def test_check_of_a_mutation_comes_to_an_end(make, tmp_path):
    kind = Kind.JPEG if make is hostile.jpeg else Kind.PDF

    fates = {fate(mutation(), tmp_path, kind) for mutation in mutations(40, make)}

    assert fates == {ACCEPT, "IMAGE_DAMAGED" if kind is Kind.JPEG else "PDF_DAMAGED"}


def test_open_pdf_where_pdfium_gives_up(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(hostile.only_header())

    with pytest.raises(Refused) as refused:
        open_pdf(path)

    assert refused.value.code == Refusal.PDF_DAMAGED
