"""QR, text layer and OCR put together; what is not certain is None."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from common.uploads import Refusal, Refused
from common.uploads.documents import open_pdf
from followup.demo.acuses import (
    LAYOUTS,
    OTHER_DOCUMENTS,
    Holder,
    draw_pdf,
    draw_photo,
    draw_scan,
)
from followup.demo.canvas import Sheet, scan_to_pdf, to_images, to_pdf
from followup.demo.photos import photographed
from nss.extraction.fields import curps_seen, names_seen
from nss.extraction.other_documents import other_document
from nss.extraction.qr import QRFields
from nss.extraction.reading import Evidence, conclude, read_file, read_photos
from nss.extraction.result import AcuseReading, from_json
from nss.extraction.text import page_words
from nss.extraction.words import Box
from tests.samples import hostile

HOLDER = Holder(
    "24260812342", "PENA080321MDFRXNA8", "ANA SOFÍA", "PÉREZ", "NÚÑEZ", date(2026, 8, 12)
)
PAGES = ["page-01.jpg", "page-02.jpg", "page-03.jpg"]


def read(content: bytes, tmp_path: Path, kind: str = "PDF") -> AcuseReading:
    """Run the reader's job here."""
    path, output = tmp_path / "file", tmp_path / "out"
    path.write_bytes(content)
    output.mkdir()
    return from_json(read_file([path], {"kind": kind}, output)["reading"])


def values(reading: AcuseReading) -> dict[str, str | None]:
    """Give the four values."""
    return {
        name: getattr(reading, name) and getattr(reading, name).value
        for name in ("nss", "curp", "names", "issued_date")
    }


def sources(reading: AcuseReading) -> set[str]:
    """Give where NSS and CURP come from."""
    return {field.source for field in (reading.nss, reading.curp) if field}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_read_file_of_every_layout(layout, tmp_path):
    reading = read(draw_pdf(HOLDER, layout), tmp_path)

    found = values(reading)
    assert (reading.outcome, reading.code) == ("READ", "")
    assert (found["nss"], found["curp"]) == (HOLDER.nss, HOLDER.curp)
    names = None if layout == "card_without_qr" else HOLDER.names
    day = None if layout in {"card", "qr_only"} else "2026-08-12"
    assert (found["names"], found["issued_date"]) == (names, day)
    assert reading.checks["nss_digit"] is True
    assert reading.checks["nss_birth_year"] is True


@pytest.mark.parametrize("layout", OTHER_DOCUMENTS)
def test_read_file_of_another_document(layout, tmp_path):
    reading = read(draw_pdf(HOLDER, layout), tmp_path)

    assert (reading.outcome, reading.code) == ("UNREADABLE", "OTHER_DOCUMENT")
    assert values(reading)["nss"] is None


@pytest.mark.parametrize(
    ("trap", "code"),
    [
        ("no_number", "NSS_NOT_FOUND"),
        ("long_chain", "NSS_NOT_FOUND"),
        ("wrong_digit", "NSS_WRONG_DIGIT"),
        ("two_numbers", "NSS_TWO_VALUES"),
    ],
)
def test_read_file_of_traps(trap, code, tmp_path):
    reading = read(draw_pdf(HOLDER, trap), tmp_path)

    assert (reading.outcome, reading.code) == ("UNREADABLE", code)
    assert values(reading)["nss"] is None


def test_read_file_whose_qr_says_another_number_is_not_sure(tmp_path):
    other = replace(HOLDER, nss="92250823454")
    (sheet,) = LAYOUTS["text_only"](HOLDER, random.Random(1))
    sheet.qr(440, 330, 110, other.qr)

    reading = read(to_pdf([sheet]), tmp_path)

    assert reading.code == "NSS_TWO_VALUES"
    assert values(reading)["nss"] is None


def test_read_file_prefers_the_qr_and_keeps_the_place_of_the_print(tmp_path):
    reading = read(draw_pdf(HOLDER, "whole_page"), tmp_path)

    assert sources(reading) == {"qr"}
    assert reading.nss is not None
    assert reading.nss.box is not None
    left, top, right, bottom = reading.nss.box
    assert 0.35 < left < right < 0.7
    assert 0.17 < top < bottom < 0.23


def test_read_file_reads_the_second_page(tmp_path):
    reading = read(draw_pdf(HOLDER, "two_pages"), tmp_path)

    assert reading.nss is not None
    assert (reading.nss.value, reading.nss.page) == (HOLDER.nss, 2)
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("degradation", ["mild", "dark", "sideways", "upside_down"])
def test_read_file_of_a_photo_by_ocr(degradation, tmp_path):
    reading = read(draw_photo(HOLDER, "crowded", degradation), tmp_path, "JPEG")

    assert values(reading)["nss"] == HOLDER.nss
    assert reading.nss is not None
    assert reading.nss.source == "ocr"
    assert reading.checks["dark"] is (degradation == "dark")


def test_read_file_of_a_photo_by_its_qr(tmp_path):
    reading = read(draw_photo(HOLDER, "card", "photo"), tmp_path, "JPEG")

    assert values(reading)["nss"] == HOLDER.nss
    assert sources(reading) == {"qr"}


def test_read_file_of_a_scan(tmp_path):
    reading = read(draw_scan(HOLDER, "stacked", "clean"), tmp_path)

    assert values(reading)["nss"] == HOLDER.nss
    assert reading.checks["dark"] is False


def test_read_file_of_a_blank_photo(tmp_path):
    page = to_images([Sheet()])[0]

    reading = read(photographed(page, "clean", random.Random(1)), tmp_path, "JPEG")

    assert (reading.outcome, reading.code) == ("UNREADABLE", "BLANK")


def test_read_file_of_a_scan_ends_with_the_page_that_has_the_number(tmp_path):
    (page,) = to_images(LAYOUTS["stacked"](HOLDER, random.Random(1)))
    white = hostile.jpeg(Image.new("RGB", page.size, "white"))

    reading = read(scan_to_pdf([hostile.jpeg(page), white]), tmp_path)

    assert reading.nss is not None
    assert (reading.nss.value, reading.nss.page, reading.checks["pages"]) == (HOLDER.nss, 1, 2)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == PAGES[:2]


def read_each(folder: Path, *photos: bytes) -> dict[str, Any]:
    """Run the job of several photos here."""
    output = folder / "out"
    output.mkdir()
    paths = [folder / f"photo-{number}" for number in range(1, len(photos) + 1)]
    for path, content in zip(paths, photos, strict=True):
        path.write_bytes(content)
    return read_photos(paths, {"numbers": list(range(1, len(photos) + 1))}, output)


def test_read_photos_takes_the_number_of_the_one_that_shows_it(tmp_path):
    dark = hostile.jpeg(Image.new("RGB", (900, 1200), (40, 40, 40)))
    cut = hostile.jpeg()[:900]

    made = read_each(tmp_path, dark, cut, draw_photo(HOLDER, "crowded", "mild"))

    reading = from_json(made["reading"])
    assert (made["pages"], made["refused"]) == (2, {"2": "IMAGE_DAMAGED"})
    assert reading.nss is not None
    assert (reading.nss.value, reading.nss.page) == (HOLDER.nss, 3)
    assert reading.checks["photos"] == {"1": ["dark", "blank"], "3": []}
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [PAGES[0], PAGES[2]]


def test_read_photos_without_a_number(tmp_path):
    white = hostile.jpeg(Image.new("RGB", (900, 1200), "white"))

    reading = from_json(read_each(tmp_path, white, white)["reading"])

    assert (reading.outcome, reading.code) == ("UNREADABLE", "BLANK")


def test_read_photos_that_all_break_a_rule(tmp_path):
    with pytest.raises(Refused) as refused:
        read_each(tmp_path, hostile.jpeg()[:900], hostile.png_of(12_000, 12_000))

    assert refused.value.code == Refusal.IMAGE_TOO_LARGE


def seen_by_ocr(folder: Path, *lines: str) -> Evidence:
    """Give what OCR would have seen on a sheet with these lines."""
    sheet, path = Sheet(), folder / "a.pdf"
    for at, line in enumerate(lines):
        sheet.text(50, 100 + 30 * at, line)
    path.write_bytes(to_pdf([sheet]))
    with open_pdf(path) as pdf:
        page = replace(page_words(pdf[0], 1), source="ocr")
    names = names_seen(page)
    return Evidence(curps=curps_seen(page)[0], names=[names] if names else [])


@pytest.mark.parametrize(
    ("name", "curp"), [("ANA PÉREZ NÚÑEZ", HOLDER.curp), ("ÓSCAR GIL TAPIA", None)]
)
def test_conclude_drops_a_curp_that_does_not_fit_the_name_that_ocr_read(name, curp, tmp_path):
    evidence = seen_by_ocr(tmp_path, f"CURP: {HOLDER.curp}", f"Nombre: {name}")

    assert values(conclude(evidence))["curp"] == curp


@pytest.mark.parametrize(
    ("name", "kept"), [("ANA PÉREZ NÚÑEZ", "ANA PÉREZ NÚÑEZ"), ("ÓSCAR GIL TAPIA", None)]
)
def test_conclude_by_a_qr_without_a_name_takes_a_printed_one_that_fits(name, kept, tmp_path):
    evidence = seen_by_ocr(tmp_path, f"Nombre: {name}")
    code = QRFields(HOLDER.nss, HOLDER.curp, None, Box(0, 0, 9, 9))
    evidence.qr.append((1, code, (0.1, 0.1, 0.2, 0.2)))

    assert values(conclude(evidence))["names"] == kept


def test_read_file_that_breaks_a_rule(tmp_path):
    with pytest.raises(Refused):
        read(hostile.script_direct(), tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cartilla Nacional de Salud\nAgregado médico 1M2008ES", "CARNET"),
        ("Instituto Nacional Electoral\nClave de elector", "INE"),
        ("Recibo de nómina\nDeducciones", "PAYSLIP"),
        ("Infonavit\nSubcuenta de vivienda", "INFONAVIT"),
        ("Clave Única de Registro de Población\nRENAPO", "CURP_SHEET"),
        ("Asignación de Número de Seguridad Social\nConsultorio\nCartilla", None),
        ("Tu clínica te dará tu carnet", None),
    ],
)
def test_other_document(text, expected):
    assert other_document(text) == expected


@pytest.mark.parametrize("seed", [0, 3])
def test_read_file_of_two_numbers_of_which_a_photo_shows_one(seed, tmp_path):
    photo = draw_photo(HOLDER, "two_numbers", "blurred", seed=seed)

    reading = read(photo, tmp_path, "JPEG")

    assert (reading.outcome, values(reading)["nss"]) == ("UNREADABLE", None)


@pytest.mark.parametrize(
    "layout", ["narrow_table", "running_text", "caption_below", "other_labels"]
)
def test_read_file_of_a_scan_of_the_rarer_arrangements(layout, tmp_path):
    reading = read(draw_scan(HOLDER, layout, "mild"), tmp_path)

    assert values(reading)["nss"] == HOLDER.nss
