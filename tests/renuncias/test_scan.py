"""Reading scanned sheets: every QR of a page, the page upright, and nothing taken for ours that is not."""

import io

import pytest
from PIL import Image

from common.uploads import Refusal
from renuncias.scan import SHEET_BYTES, _is_free, find_codes, is_blank, read_sheets, upright
from renuncias.sheets import Sheet, picture_name, sheets_from_json, token_of
from tests.samples import hostile, sheets

TOKEN = "aB3-_" + "x" * 17
LINK = sheets.link(TOKEN)
OTHER = sheets.link("y" * 22)


def is_upright(image: Image.Image) -> bool:
    """Tell whether the dark title of a drawn sheet stands at its top and the QR at its lower left."""
    size = image.width, image.height
    codes = find_codes(image)
    corner = codes[0].corners.top_left
    return corner.x < size[0] / 3 and corner.y > size[1] * 2 / 3


# Which text is ours ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"{LINK}/",
        sheets.link(TOKEN, "http://localhost:8000"),
        sheets.link(TOKEN, "https://ñ.mx"),
    ],
)
def test_token_of_takes_our_path_on_any_host(text):
    assert token_of(text) == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        TOKEN,
        f"{LINK}x",
        f"{LINK}//",
        f"{LINK}?a=1",
        f"{LINK}#a",
        f"{LINK}\n",
        f" {LINK}",
        LINK.replace("https", "ftp"),
        LINK.replace("verifica", "Verifica"),
        LINK.replace("/verifica", "/a/verifica"),
        LINK.replace("TOKEN", "")[:-1],
        sheets.link("ñ" * 22),
        "https:///verifica/" + TOKEN,
        "https://a/?b=/verifica/" + TOKEN,
    ],
)
def test_token_of_takes_nothing_else(text):
    assert token_of(text) is None


# Finding and turning -----------------------------------------------------------------------------
@pytest.mark.parametrize("degrees", [0, 3, -3, 90, 93, 180, 177, 270, 267])
def test_upright_turns_a_sheet_however_it_lay(degrees):
    page = sheets.lying(sheets.sheet(LINK), degrees)

    codes = find_codes(page)
    turned = upright(page, codes)

    assert [code.text for code in codes] == [LINK]
    assert is_upright(turned)
    assert turned.height > turned.width


def test_upright_leaves_a_straight_sheet_and_one_without_a_qr_alone():
    straight, without = sheets.sheet(LINK), sheets.sheet()

    assert upright(straight, find_codes(straight)) is straight
    assert upright(without, []) is without


def test_upright_goes_by_our_qr_beside_a_foreign_one():
    page = sheets.sheet(LINK)
    foreign = sheets.qr("https://example.org/").rotate(90)
    page.paste(foreign, (900, 100))

    turned = upright(page, find_codes(page))

    assert turned.size == page.size


def test_find_codes_finds_each_of_several():
    page = sheets.sheet(LINK, OTHER)

    assert sorted(code.text for code in find_codes(page)) == sorted([LINK, OTHER])


def test_find_codes_finds_none_on_text_alone():
    assert find_codes(sheets.sheet()) == []


def test_find_codes_looks_at_a_poor_scan_again():
    page = sheets.poor(sheets.sheet(LINK))

    assert [code.text for code in find_codes(page)] == [LINK]


def test_a_damaged_code_counts_where_no_other_stands():
    read = [(90, 1450, 210, 1570)]

    assert _is_free((900, 1450, 1020, 1570), read)
    assert not _is_free((100, 1460, 150, 1500), read)
    assert not _is_free((0, 0, 0, 0), read)  # grain that the reader took for one


def test_find_codes_tells_of_a_torn_one_beside_the_other():
    page = sheets.with_torn_qr(sheets.sheet(LINK, OTHER))

    first, *others = (code.text for code in find_codes(page))

    assert (first, set(others)) == (LINK, {""})


def test_is_blank_tells_an_empty_back_from_a_sheet_with_one_line():
    line = sheets.blank()
    line.paste(20, (300, 400, 700, 406))

    assert is_blank(sheets.blank())
    assert not is_blank(line)
    assert not is_blank(sheets.sheet())


# The job -----------------------------------------------------------------------------------------
def test_read_sheets_reads_a_shuffled_pile(tmp_path):
    path = tmp_path / "pila.pdf"
    pages = [
        sheets.sheet(LINK),
        sheets.lying(sheets.sheet(OTHER), 180),
        sheets.blank(),
        sheets.sheet(),
        sheets.lying(sheets.sheet(LINK), 93),
    ]
    path.write_bytes(sheets.pdf(*pages))

    result = sheets.read(path, pages=[2, 1, 3, 4, 5])

    assert sheets_from_json(result.value) == [
        Sheet(2, (OTHER,)),
        Sheet(1, (LINK,)),
        Sheet(3, is_blank=True),
        Sheet(4),
        Sheet(5, (LINK,)),
    ]
    assert sorted(result.files) == [picture_name(number) for number in range(1, 6)]


def test_read_sheets_leaves_light_grey_pictures_that_stand_upright(tmp_path):
    path = tmp_path / "pila.pdf"
    grainy = sheets.poor(sheets.sheet(LINK, dpi=300))
    path.write_bytes(sheets.pdf(sheets.lying(grainy, 180), dpi=300))

    (content,) = sheets.read(path).files.values()

    image = Image.open(io.BytesIO(content))
    assert (image.format, image.mode, max(image.size)) == ("JPEG", "L", 1600)
    assert dict(image.getexif()) == {}
    assert len(content) <= SHEET_BYTES
    assert is_upright(image)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_read_sheets_reads_a_photo(kind, tmp_path):
    path = tmp_path / "hoja"
    path.write_bytes(sheets.photo(sheets.sheet(LINK).convert("RGB"), kind))

    result = sheets.read(path, kind)

    assert sheets_from_json(result.value) == [Sheet(1, (LINK,))]


def test_read_sheets_goes_on_behind_a_picture_that_does_not_open(tmp_path):
    good, cut = tmp_path / "1", tmp_path / "2"
    content = sheets.photo(sheets.sheet(LINK))
    good.write_bytes(content)
    cut.write_bytes(content[: len(content) // 2])
    wanted = [
        {"number": 1, "page": 1, "input": 1, "kind": "JPEG"},
        {"number": 2, "page": 1, "input": 0, "kind": "JPEG"},
    ]

    value = read_sheets([good, cut], {"sheets": wanted}, tmp_path)

    assert sheets_from_json(value) == [Sheet(1, trouble="IMAGE_DAMAGED"), Sheet(2, (LINK,))]
    assert not (tmp_path / picture_name(1)).exists()


def test_read_sheets_names_a_page_that_does_not_open(tmp_path):
    path = tmp_path / "pila.pdf"
    path.write_bytes(sheets.pdf(sheets.sheet(LINK)))
    wanted = [{"number": number, "page": number, "input": 0, "kind": "PDF"} for number in (1, 2)]

    value = read_sheets([path], {"sheets": wanted}, tmp_path)

    assert sheets_from_json(value) == [Sheet(1, (LINK,)), Sheet(2, trouble="PDF_DAMAGED")]


def test_read_sheets_refuses_a_file_that_does_not_open_at_all(tmp_path):
    path = tmp_path / "pila.pdf"
    path.write_bytes(hostile.only_header())

    result = sheets.read(path)

    assert result.refused is not None
    assert result.refused.code == Refusal.PDF_DAMAGED


def test_read_sheets_begins_no_further_page_when_its_time_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr("renuncias.scan.CPU_SECONDS", 0.0)
    path = tmp_path / "pila.pdf"
    path.write_bytes(sheets.pdf(sheets.sheet(LINK), sheets.sheet(OTHER)))
    wanted = [{"number": number, "page": number, "input": 0, "kind": "PDF"} for number in (1, 2)]

    value = read_sheets([path], {"sheets": wanted}, tmp_path)

    assert sheets_from_json(value) == [Sheet(1, (LINK,))]
