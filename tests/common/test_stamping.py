"""A form drawn once and filled in: to the eye, and for who has it read aloud, as if WeasyPrint drew each sheet."""

import io
from collections import Counter
from collections.abc import Mapping

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.utils.html import format_html, format_html_join
from fontTools.ttLib import TTFont
from PIL import ImageChops

from common.joining import join_files, join_pdfs
from common.pdf import STATIC, draw_form, draw_sheet, render_pdf
from common.qr import qr_svg
from common.stamping import LETTERS, QR, Form, cut, fits, placeholders, stamp

STYLESHEETS = ("renuncia.css",)
FIELDS = ("name", "curp", "folio")
PEOPLE = [
    {"name": "ANA GÓMEZ MARTÍNEZ", "curp": "GOMA080214MSRMRNA5", "folio": "R26B-05-00031"},
    {"name": "Íñigo «Ñoño» Ü", "curp": "", "folio": "R26B-05-00032"},
    {"name": "LUZ", "curp": "PELL090101MSRRXZA1", "folio": ""},
]


def page(words: Mapping[str, str], *, letters: str = "", below: str = "") -> str:
    """Return a small form as HTML, with these words or placeholders in its fields."""
    row = (
        '<p class="row"><span class="cell"><span class="label">{0}</span>'
        '<span id="{0}" class="field value">{1}</span></span></p>'
    )
    rows = format_html_join("", row, ((name, words[name]) for name in FIELDS))
    square = '<svg viewBox="0 0 1 1"><title>QR</title><rect width="1" height="1"/></svg>'
    code = square if words[QR] == "{qr}" else qr_svg(words[QR], title="QR")
    last = '<div class="letters"><p>{0}</p><p><strong>{0}</strong></p></div>'
    return (
        '<html lang="es-MX"><head><title>Formas</title></head><body><article class="form">'
        f"<h1>Una forma</h1>{rows}<div class='foot'><div id='qr'>{code}</div></div>{below}</article>"
        f"{format_html(last, letters) if letters else ''}</body></html>"
    )


def full(person: Mapping[str, str]) -> dict[str, str]:
    return {**person, QR: f"https://afiliacion.example/verifica/{person['folio'] or 'nada'}"}


@pytest.fixture(scope="module")
def form() -> Form:
    words = placeholders([*FIELDS, QR])
    return draw_form(page(words, letters=LETTERS), stylesheets=STYLESHEETS)


def pictures(pdf: bytes) -> list:
    document = pypdfium2.PdfDocument(pdf)
    return [
        document[at].render(scale=150 / 72).to_pil().convert("L") for at in range(len(document))
    ]


def tree_of(pdf: pikepdf.Pdf) -> list[tuple[int, str, str]]:
    """Return each element that holds something on a page: the page, what it is, and the words for a picture."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found = []

    def walk(element: pikepdf.Object) -> None:
        for kid in element.get("/K", ()):
            if isinstance(kid, int):
                owner = pdf.Root.StructTreeRoot.ParentTree.Nums
                number = pages[element.Pg.objgen]
                marks = {owner[at]: owner[at + 1] for at in range(0, len(owner), 2)}
                key = pdf.pages[number].obj.StructParents
                assert marks[key][kid].objgen == element.objgen
                found.append((number, str(element.S), str(element.get("/Alt", ""))))
            elif "/S" in kid:  # else the place of a link
                assert kid.P.objgen == element.objgen
                walk(kid)

    walk(pdf.Root.StructTreeRoot.K[0])
    return found


def test_stamped_sheets_look_as_if_weasyprint_had_drawn_them(form):
    stamped = stamp([(form, full(person)) for person in PEOPLE], title="Formas")

    for person, picture in zip(PEOPLE, pictures(stamped), strict=True):
        (drawn,) = pictures(render_pdf(page(full(person)), stylesheets=STYLESHEETS))
        _, most = ImageChops.difference(picture, drawn).getextrema()
        assert most <= 8


def test_stamped_text_can_be_selected_and_the_qr_read(form):
    stamped = stamp([(form, full(person)) for person in PEOPLE], title="Formas")

    document = pypdfium2.PdfDocument(stamped)
    for at, person in enumerate(PEOPLE):
        lines = document[at].get_textpage().get_text_bounded().split("\r\n")
        assert [line for line in lines if line in set(person.values())] == list(
            filter(None, person.values())
        )
        (code,) = zxingcpp.read_barcodes(pictures(stamped)[at])
        assert code.text == full(person)[QR]


def test_stamped_pages_are_carta_with_title_language_embedded_fonts_and_structure(form):
    stamped = stamp([(form, full(person)) for person in PEOPLE], title="Renuncias")

    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        of_first = [row for row in tree_of(pdf) if row[0] == 0]
        assert [list(map(float, page.MediaBox)) for page in pdf.pages] == [[0, 0, 612, 792]] * 3
        assert (str(pdf.docinfo.Title), str(pdf.Root.Lang)) == ("Renuncias", "es-MX")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert all("/FontFile2" in one.DescendantFonts[0].FontDescriptor for one in fonts)
        assert of_first == [
            (0, "/H1", ""),
            *[(0, "/P", "")] * 6,  # a label and a field in each
            (0, "/Figure", "QR"),
        ]
        assert len(tree_of(pdf)) == 3 * len(of_first)


def test_stamp_writes_the_same_bytes_for_the_same_sheets(form):
    sheets = [(form, full(person)) for person in PEOPLE]

    again = draw_form(page(placeholders([*FIELDS, QR]), letters=LETTERS), stylesheets=STYLESHEETS)

    first = stamp(sheets, title="Formas")
    assert stamp([(again, words) for _, words in sheets], title="Formas") == first


def test_stamp_draws_a_whole_sheet_among_the_stamped(form):
    odd = {**full(PEOPLE[0]), "name": "Łukasz Đặng Ōe"}
    whole = draw_sheet(page(odd), stylesheets=STYLESHEETS)

    stamped = stamp([(form, full(PEOPLE[0])), (whole, {}), (form, full(PEOPLE[2]))], title="Formas")

    texts = [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(stamped)]
    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        assert len({row[0] for row in tree_of(pdf)}) == 3
    assert ["Łukasz Đặng Ōe" in text for text in texts] == [False, True, False]
    assert "LUZ" in texts[2]


@pytest.mark.parametrize(
    ("code", "is_stamped"),
    [("IIII1111", True), ("MMMMWWWW", True), ("", True), ("M" * 70, False)],
)
def test_a_field_on_the_right_ends_where_it_would_be_drawn(code, is_stamped):
    right = '<p style="text-align: right"><span id="code" class="field block">{}</span></p>'
    words = placeholders([*FIELDS, "code", QR])
    below = right.format(words["code"])
    form = draw_form(page(words, letters=LETTERS, below=below), stylesheets=STYLESHEETS)
    said = {**full(PEOPLE[0]), "code": code}
    whole = render_pdf(page(said, below=right.format(code)), stylesheets=STYLESHEETS)

    fit = fits(form, said)
    (stamped,) = pictures(stamp([(form, said)], title="Formas"))

    _, most = ImageChops.difference(stamped, pictures(whole)[0]).getextrema()
    assert (fit, most <= 8) == (is_stamped, is_stamped)


@pytest.mark.parametrize(
    ("name", "is_stamped"),
    [
        ("ANA", True),
        ("", True),
        ("Łukasz", False),
        ("日本", False),
        ("W" * 60, False),
    ],
)
def test_fits_what_has_its_letters_and_its_room(form, name, is_stamped):
    assert fits(form, {**full(PEOPLE[0]), "name": name}) is is_stamped


def test_cut_leaves_out_what_is_below_an_element_and_keeps_the_other_fields():
    row = '<p id="row-{0}" class="row"><span class="cell"><span id="{0}" class="field">{{{0}}}</span></span></p>'
    rows = "".join(map(row.format, ("one", "two")))
    last = (
        '<p style="position: absolute; bottom: 0"><span id="last" class="field">{last}</span></p>'
    )
    words = placeholders([*FIELDS, "one", "two", "last", QR])
    form = draw_form(page(words, letters=LETTERS, below=rows + last), stylesheets=STYLESHEETS)

    short = cut(form, below="row-one", without={"two"})

    said = {**full(PEOPLE[0]), "one": "UNO", "last": "FIN"}
    stamped = stamp([(form, {**said, "two": "DOS"}), (short, said)], title="Formas")
    whole, less = pictures(stamped)
    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        tags = Counter((at, kind) for at, kind, _ in tree_of(pdf))
        marks = pdf.Root.StructTreeRoot.ParentTree.Nums[3]
    texts = [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(stamped)]
    above = (0, 0, whole.width, whole.height - round(form.ends["row-one"] / 72 * 150))
    assert ImageChops.difference(whole.crop(above), less.crop(above)).getbbox() is None
    assert [[word in text for word in ("UNO", "DOS", "FIN")] for text in texts] == [
        [True, True, True],
        [True, False, True],
    ]
    assert tags[0, "/P"] - tags[1, "/P"] == 1
    assert [mark is None for mark in marks].count(True) == 1
    assert fits(short, {**said, "two": "日本"})


@pytest.mark.parametrize("written", ["{name}", "{x}"])
def test_a_text_that_looks_like_a_field_is_printed_as_it_is_written(written):
    words = placeholders([*FIELDS, QR])
    below = f'<p style="margin-top: 5mm">{written}</p>'
    form = draw_form(page(words, letters=LETTERS, below=below), stylesheets=STYLESHEETS)
    said = full(PEOPLE[0])

    stamped = stamp([(form, said)], title="Formas")

    whole = render_pdf(page(said, below=below), stylesheets=STYLESHEETS)
    (drawn,), (expected,) = pictures(stamped), pictures(whole)
    assert written in pypdfium2.PdfDocument(stamped)[0].get_textpage().get_text_bounded()
    assert ImageChops.difference(drawn, expected).getextrema()[1] <= 8


@pytest.mark.parametrize("written", ["{name}", "{x}"])
def test_draw_sheet_bears_a_text_that_looks_like_a_field(written):
    whole = draw_sheet(page(full({**PEOPLE[0], "name": written})), stylesheets=STYLESHEETS)

    stamped = stamp([(whole, {})], title="Formas")

    assert written in pypdfium2.PdfDocument(stamped)[0].get_textpage().get_text_bounded()


def test_stamped_tables_name_no_element_by_an_id_that_all_sheets_would_have():
    table = "<table><tr><th>Nombre</th></tr><tr><td>Ana</td></tr></table>"
    words = placeholders([*FIELDS, QR])
    form = draw_form(page(words, letters=LETTERS, below=table), stylesheets=STYLESHEETS)

    stamped = stamp([(form, full(person)) for person in PEOPLE], title="Formas")

    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        told = [kind for _, kind, _ in tree_of(pdf)]
        known = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
    assert [told.count("/TH"), told.count("/TD")] == [3, 3]
    assert [one for one in known if "/ID" in one or "/Headers" in one.get("/A", {})] == []


def test_letters_are_those_of_the_bundled_fonts():
    for weight in (400, 700):
        font = TTFont(STATIC / "fonts" / f"noto-sans-{weight}.woff2")
        known = {chr(code) for code in font.getBestCmap()}
        assert set(LETTERS) - known == set()


def test_a_form_longer_than_its_page_is_refused():
    words = placeholders([*FIELDS, QR])
    long = page(words, letters=LETTERS, below="<p>renglón</p>" * 200)

    with pytest.raises(ValueError, match="two pages"):
        draw_form(long, stylesheets=STYLESHEETS)


def test_a_field_that_is_not_drawn_in_one_piece_is_refused():
    words = {**placeholders([*FIELDS, QR]), "curp": "CURP: {curp}"}

    with pytest.raises(ValueError, match="curp"):
        draw_form(page(words, letters=LETTERS), stylesheets=STYLESHEETS)


def test_what_the_structure_does_not_hold_is_refused():
    words = placeholders([*FIELDS, QR])

    with pytest.raises(ValueError, match="margin box"):
        draw_form(page(words, letters=LETTERS), stylesheets=("renuncia.css", "cover.css"))


def test_join_pdfs_keeps_order_and_structure(form, tmp_path):
    parts = [stamp([(form, full(person))], title=f"Parte {at}") for at, person in enumerate(PEOPLE)]
    flowing = render_pdf(
        '<html lang="es-MX"><title>x</title><p>Guía <a href="https://a.example">aquí</a></p></html>',
        stylesheets=STYLESHEETS,
    )

    names = [tmp_path / f"{at}.pdf" for at in range(4)]
    for name, part in zip(names, [parts[0], flowing, *parts[1:]], strict=True):
        name.write_bytes(part)

    join_files([*map(str, names)], str(tmp_path / "joined.pdf"))

    joined = (tmp_path / "joined.pdf").read_bytes()
    assert join_pdfs(names) == joined
    assert join_pdfs([names[0].read_bytes(), *names[1:]]) == joined
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        tree = tree_of(pdf)
        keys = [page.obj.StructParents for page in pdf.pages]
        (note,) = pdf.pages[1].obj.Annots
        owners = pdf.Root.StructTreeRoot.ParentTree.Nums
        marks = {owners[at]: owners[at + 1] for at in range(0, len(owners), 2)}
        assert len(set(keys)) == 4
        assert str(marks[note.StructParent].S) == "/Link"
        assert [number for number, kind, _ in tree if kind == "/H1"] == [0, 2, 3]
        assert (str(pdf.docinfo.Title), str(pdf.Root.Lang)) == ("Parte 0", "es-MX")
    assert [
        "Guía" in page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(joined)
    ] == [False, True, False, False]


def test_join_pdfs_of_one_is_that_one(form):
    only = stamp([(form, full(PEOPLE[0]))], title="Formas")

    assert join_pdfs([only]) == only


def test_join_pdfs_bears_parts_without_structure():
    plain, buffer = pikepdf.Pdf.new(), io.BytesIO()
    plain.add_blank_page(page_size=(100, 100))
    plain.save(buffer)

    joined = pypdfium2.PdfDocument(join_pdfs([buffer.getvalue()] * 2))

    assert [page.get_width() for page in joined] == [100, 100]
