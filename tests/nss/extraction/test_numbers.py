"""Which number of a page is the NSS: the one its label owns, or none."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from common.uploads.documents import open_pdf
from followup.demo.acuses import LAYOUTS, TRAPS, Holder, draw_pdf
from followup.demo.canvas import Sheet, to_pdf
from nss.extraction.labels import is_nss_label, names_other
from nss.extraction.numbers import NumberSeen, has_lone_label, labelled_digits, owned_numbers
from nss.extraction.text import page_words
from nss.extraction.words import PageWords

NSS = "24260812342"
FOLIO = "92250823454"  # passes the same check digit
HOLDER = Holder(NSS, "PENA080321MDFRXNA8", "ANA SOFÍA", "PÉREZ", "NÚÑEZ", date(2026, 8, 12))


def seen_in(content: bytes, tmp_path) -> list[NumberSeen]:
    """Find the owned numbers in the text layer of a PDF."""
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with open_pdf(path) as pdf:
        return [
            number
            for at in range(len(pdf))
            for number in owned_numbers(page_words(pdf[at], at + 1))
        ]


def digits_on(sheet: Sheet, tmp_path) -> set[str]:
    """Give the different valid numbers that NSS labels own on a sheet."""
    return {seen.digits for seen in seen_in(to_pdf([sheet]), tmp_path) if seen.has_valid_digit}


def sheet_of(*runs: tuple[float, float, str]) -> Sheet:
    """Write runs of text at their places."""
    sheet = Sheet()
    for x, y, words in runs:
        sheet.text(x, y, words)
    return sheet


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "qr_only"])
def test_owned_numbers_of_every_layout(layout, seed, tmp_path):
    found = seen_in(draw_pdf(HOLDER, layout, seed=seed), tmp_path)

    assert {seen.digits for seen in found} == {NSS}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "trap", ["no_number", "long_chain", "running_text_of_others", "captions_of_others"]
)
def test_owned_numbers_of_traps_are_none(trap, seed, tmp_path):
    assert seen_in(draw_pdf(HOLDER, trap, seed=seed), tmp_path) == []


def test_owned_numbers_tell_a_wrong_digit(tmp_path):
    assert [
        seen.has_valid_digit for seen in seen_in(draw_pdf(HOLDER, "wrong_digit"), tmp_path)
    ] == [False]
    assert set(TRAPS) >= {"wrong_digit", "two_numbers"}


@pytest.mark.parametrize(
    "runs",
    [
        [(50, 100, f"NSS:{NSS}")],
        [(50, 100, f"NSS: {NSS}")],
        [(50, 100, f"N.S.S. {NSS}")],
        [(50, 100, f"NÚMERO DE SEGURIDAD SOCIAL: {NSS}.")],
        [(50, 100, f"Número de Seguridad Social (NSS): {NSS}")],
        [(50, 100, f"Núm. de Seguridad Social {NSS}")],
        [(50, 100, f"No. de Seguridad Social: {NSS}")],
        [(50, 100, f"Número de Seguro Social: {NSS}")],
        [(50, 100, f"tu Número de Seguridad Social es: {NSS[:10]}-{NSS[10]}")],
        [(50, 100, f"tu Número de Seguridad Social es: {NSS[:10]} - {NSS[10]}")],
        [(50, 100, f"NSS: {NSS[:4]} {NSS[4:6]} {NSS[6:10]} {NSS[10]}")],
        [(50, 100, f"NSS: {NSS[:2]}-{NSS[2:4]}-{NSS[4:6]}-{NSS[6:10]}-{NSS[10]}")],
        [(50, 100, "NSS"), *((150 + 14 * at, 100, digit) for at, digit in enumerate(NSS))],
        [(50, 100, "Número de Seguridad Social"), (300, 100, NSS)],
        [(300, 100, NSS), (50, 100, "Número de Seguridad Social")],
        [(50, 100, "Número de Seguridad Social"), (50, 118, NSS)],
        [(50, 118, NSS), (50, 100, "Número de Seguridad Social")],
        [(50, 100, "Número de"), (50, 112, "Seguridad"), (50, 124, "Social"), (160, 112, NSS)],
        [(50, 100, "Número de"), (50, 112, "Seguridad Social"), (160, 106, NSS)],
        [(50, 100, "Folio:"), (100, 100, FOLIO), (250, 100, "NSS:"), (300, 100, NSS)],
        [(50, 100, f"Folio: {FOLIO} NSS: {NSS} Tel: {FOLIO}")],
        [(50, 100, "NSS:"), (80, 116, NSS)],
        [(50, 100, "Folio"), (128, 100, "NSS"), (50, 116, FOLIO), (118, 116, "24 26 08 1234 2")],
        [(50, 100, f"Núm. de NSS: {NSS}")],
        [(50, 100, f"según su N.S.S. {NSS}, asociado a la CURP {HOLDER.curp}, que")],
        [(50, 100, f"con Número de Seguridad Social {NSS}, asociado a la CURP {HOLDER.curp}")],
        [(50, 100, "quedó con Número de Seguridad Social"), (50, 112, f"{NSS}, asociado a la")],
        [(50, 100, NSS), (50, 109, "Número de Seguridad Social")],
        [(50, 100, "CURP"), (170, 100, "NSS Folio"), (50, 112, HOLDER.curp), (170, 112, NSS)],
        [(50, 100, "CURP"), (250, 100, "NSS"), (50, 116, HOLDER.curp), (250, 116, NSS)],
        [(50, 100, "CURP"), (220, 100, "NSS Folio"), (50, 112, HOLDER.curp), (200, 112, NSS)],
        [(50, 100, "Número de"), (50, 114, "Seguridad Social"), (160, 107, NSS)],
    ],
)
def test_owned_numbers_finds(runs, tmp_path):
    assert digits_on(sheet_of(*runs), tmp_path) == {NSS}


@pytest.mark.parametrize(
    "runs",
    [
        [(50, 100, FOLIO)],
        [(50, 100, f"Folio: {FOLIO}")],
        [(50, 100, f"Teléfono {FOLIO}")],
        [(50, 100, f"Identificador: {FOLIO}")],
        [(50, 100, "Asignación de Número de Seguridad Social"), (50, 118, FOLIO)],
        [(50, 100, f"Asignación de Número de Seguridad Social: {FOLIO}")],
        [(50, 100, f"NSS del padre: {FOLIO}")],
        [(50, 100, f"Número de Seguridad Social anterior: {FOLIO}")],
        [(50, 100, f"Datos del tutor NSS: {FOLIO}")],
        [(50, 100, f"Instituto Mexicano del Seguro Social {FOLIO}")],
        [(50, 100, "Instituto Mexicano del Seguro Social"), (50, 116, FOLIO)],
        [(50, 100, f"NSS: 1{FOLIO}")],
        [(50, 100, f"NSS: {FOLIO}7")],
        [(50, 100, f"NSS: {FOLIO} 1234")],
        [(50, 100, f"NSS: {FOLIO[:10]}")],
        [(50, 100, "NSS: 00000000000")],
        [(50, 100, "NSS: 9225082345.4")],
        [(50, 100, "Número de Seguridad Social"), (50, 116, "Folio"), (50, 132, FOLIO)],
        [(50, 100, "Número de Seguridad Social"), (50, 300, FOLIO)],
        [(50, 100, "NSS:"), (300, 100, "pendiente"), (80, 116, FOLIO)],
        [(50, 100, f"NSS: {NSS} {FOLIO} 12")],
        [(50, 100, "Número de Seguridad Social"), (50, 116, "Folio:"), (150, 116, FOLIO)],
        [(50, 100, f"Número de Seguridad Social ver folio {FOLIO}")],
        [(50, 100, f"||123|{FOLIO}|0001||")],
        [(50, 100, "Telétono"), (250, 100, FOLIO), (50, 117, "Número de Seguridad Social")],
        [(50, 100, "Este documento muestra tu NSS y tu CURP"), (50, 112, FOLIO)],
        [(50, 100, "NSS CURP Folio"), (50, 112, f"Folio: {FOLIO}")],
        [(50, 100, FOLIO), (50, 130, "Número de Seguridad Social")],
        [(50, 91, "Folio"), (50, 100, FOLIO), (50, 112, "Número de Seguridad Social")],
        [(50, 100, FOLIO), (50, 109, "Número de Seguridad Social"), (50, 118, "pendiente")],
        [(50, 100, FOLIO), (50, 109, "Asignación de Número de Seguridad Social")],
        [(170, 100, "NSS Folio"), (120, 112, FOLIO)],
        [(50, 100, "Datos"), (50, 112, "de quien"), (50, 124, "estudia"), (50, 136, FOLIO)],
    ],
)
def test_owned_numbers_leaves_other_numbers_alone(runs, tmp_path):
    assert digits_on(sheet_of(*runs), tmp_path) == set()


@pytest.mark.parametrize(
    ("runs", "digits"),
    [
        ([(50, 200, HOLDER.curp), (50, 209, "CURP")], [NSS]),
        ([(50, 200, HOLDER.curp), (50, 230, "CURP")], []),
        ([(50, 200, HOLDER.curp), (50, 209, "Folio")], []),
        ([], []),
    ],
    ids=["caption", "too far", "other caption", "no CURP"],
)
def test_owned_numbers_of_ocr_over_a_caption_where_the_curp_stands_over_its_own(
    runs, digits, tmp_path
):
    page = page_of(tmp_path, (50, 100, NSS), (50, 109, "Número de Seguridad Social"), *runs)

    seen = owned_numbers(replace(page, source="ocr"))

    assert [number.digits for number in seen] == digits


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_owned_numbers_of_a_turned_page(rotation, tmp_path):
    with pikepdf.open(io.BytesIO(draw_pdf(HOLDER, "crowded"))) as pdf:
        pdf.pages[0].rotate(rotation, relative=False)
        pdf.save(tmp_path / "turned.pdf")
    found = seen_in((tmp_path / "turned.pdf").read_bytes(), tmp_path)

    assert {seen.digits for seen in found} <= {NSS}  # sideways text is left to OCR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TU NUMERO DE SEGURIDAD SOCIAL ES:", True),
        ("NSS", True),
        ("SEGURIDAD SOCIAL", True),
        ("ASIGNACION O LOCALIZACION DE NUMERO DE SEGURIDAD SOCIAL", False),
        ("NUMERO DE SEGURIDAD SOCIAL DEL PADRE", False),
        ("INSTITUTO MEXICANO DEL SEGURO SOCIAL", False),
        ("NSSX", False),
        ("", False),
    ],
)
def test_is_nss_label(text, expected):
    assert is_nss_label(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NUMFRO DE SEGUR1DAD SOCIAL", True),
        ("NUMERO DE SEGURIDAD SOCIA:", True),
        ("NUMERO DE IDENTIFICACION", False),
        ("NUMERO DE TRAMITE SOCIAL", False),
        ("SEGURIDAD", False),
    ],
)
def test_is_nss_label_forgives_misread_letters_only_when_asked(text, expected):
    assert is_nss_label(text, fuzzy=True) is expected
    assert is_nss_label(text) is False


def page_of(tmp_path, *runs: tuple[float, float, str]) -> PageWords:
    """Read the text layer of a sheet with these runs."""
    path = tmp_path / "a.pdf"
    path.write_bytes(to_pdf([sheet_of(*runs)]))
    with open_pdf(path) as pdf:
        return page_words(pdf[0], 1)


def test_labelled_digits_keeps_what_was_misread(tmp_path):
    page = page_of(
        tmp_path,
        (50, 100, f"NSS: {NSS}"),
        (50, 130, "Número de Seguridad Social: 437833256"),
        (50, 160, f"Folio: {FOLIO}"),
        (50, 190, "NSS: 12"),
    )

    assert labelled_digits(page) == [NSS, "437833256"]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(50, 100, "Número de Seguridad Social"), (250, 100, "ilegible")], True),
        ([(50, 100, "Número de Seguridad Social"), (250, 100, NSS)], False),
        ([(50, 100, "Número de Seguridad Social"), (50, 116, NSS)], False),
        ([(50, 100, NSS), (50, 110, "Número de Seguridad Social")], False),
        ([(50, 100, "Número de Seguridad Social"), (50, 200, NSS)], True),
        ([(50, 100, "Asignación de Número de Seguridad Social")], False),
        ([(50, 100, "CURP")], False),
    ],
)
def test_has_lone_label(runs, expected, tmp_path):
    assert has_lone_label(page_of(tmp_path, *runs)) is expected


def test_names_other():
    assert names_other("FOLIO DE LA SOLICITUD")
    assert not names_other("NUMERO DE SEGURIDAD SOCIAL")
