"""The QR of an acuse: its grammar, and its place in a photo."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from nss.extraction.qr import QRCode, find_codes, read_code
from nss.extraction.words import Box

NSS, CURP = "24260812342", "PENA080321MDFRXNA8"
PERSON = f"Nombre: ANA SOFÍA PÉREZ NÚÑEZ|CURP: {CURP}"
BOX = Box(0, 0, 9, 9)


@pytest.mark.parametrize(
    "text",
    [
        f"IMSS|NSS|{NSS}|{PERSON}",
        f"IMSS|NSS|{NSS[:10]}-{NSS[10]}|{PERSON}|12/08/2026",
        f"a|b| {NSS[:2]} {NSS[2:4]} {NSS[4:6]} {NSS[6:10]} {NSS[10]} |{PERSON}",
        f"NSS: {NSS}\nNombre: ANA SOFÍA PÉREZ NÚÑEZ\nCURP: {CURP}",
    ],
)
def test_read_code_of_an_acuse(text):
    fields = read_code(QRCode(text, BOX, 0))

    assert fields is not None
    assert (fields.nss, fields.curp, fields.names) == (NSS, CURP, "ANA SOFÍA PÉREZ NÚÑEZ")


@pytest.mark.parametrize(
    "text",
    [
        f"IMSS|NSS|1{NSS}|{PERSON}",
        f"IMSS|NSS|{NSS[:10]}9|{PERSON}",
        f"IMSS|NSS|00000000000|{PERSON}",
        f"IMSS|NSS|https://x/{NSS}|{PERSON}",
        f"IMSS|NSS|{NSS}|{PERSON}|NSS: 92250823454",
        f"IMSS|{NSS}|folio|{PERSON}",
        f"CURP: {CURP}",
    ],
)
def test_read_code_without_a_certain_number(text):
    fields = read_code(QRCode(text, BOX, 0))

    assert fields is not None
    assert fields.nss is None
    assert fields.curp == CURP


@pytest.mark.parametrize(
    "text",
    [
        "https://www.imss.gob.mx",
        f"IMSS|NSS|{NSS}|Nombre: ANA|CURP: PENA080321MDFRXNA9",
        f"a|b|{NSS}|c|d",
        "",
    ],
)
def test_read_code_of_another_qr(text):
    assert read_code(QRCode(text, BOX, 0)) is None


@pytest.mark.parametrize(("quarters", "turned"), [(0, 0), (1, -90), (2, 180), (3, 90)])
def test_find_codes_tells_how_far_it_is_turned(quarters, turned):
    buffer = BytesIO()
    segno.make("hola", micro=False).save(buffer, kind="png", scale=6, border=6)
    with Image.open(buffer) as opened:
        image = opened.convert("RGB").rotate(90 * quarters, expand=True)

    (code,) = find_codes(image)

    assert code.text == "hola"
    assert (code.turned - turned) % 360 == 0
    assert 0 < code.box.left < code.box.right < image.width
