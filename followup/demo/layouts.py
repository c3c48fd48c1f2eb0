"""The arrangements of look-alike acuses: which label stands where beside which value."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from followup.demo.canvas import Sheet

MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
).split()
TITLE = "Asignación de Número de Seguridad Social"
SAMPLE_LINE = "Ejemplo sin validez: persona inventada"


@dataclass(frozen=True)
class Holder:
    """The invented person an acuse is made out to; names as IMSS prints them, in capitals."""

    nss: str
    curp: str
    given_names: str
    first_surname: str
    second_surname: str
    issued_date: date

    @property
    def names(self) -> str:
        """Given names and surnames, in this order."""
        return f"{self.given_names} {self.first_surname} {self.second_surname}".strip()

    @property
    def qr(self) -> str:
        """The text of the card's QR: third part NSS, then «Nombre: …» and «CURP: …»."""
        apart = f"{self.nss[:10]}-{self.nss[10]}"
        return (
            f"IMSS|NSS|{apart}|Nombre: {self.names}|CURP: {self.curp}|{self.issued_date:%d/%m/%Y}"
        )


Layout = Callable[[Holder, random.Random], list[Sheet]]


def long_date(day: date) -> str:
    """Return «12 de agosto de 2026»."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def luhn_number(chance: random.Random) -> str:
    """Return eleven digits that pass the check digit of an NSS and are none."""
    digits = f"{chance.randrange(10**9, 10**10)}"
    doubled = (sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(digits))
    return f"{digits}{-sum(doubled) % 10}"


def head(sheet: Sheet, title: str = TITLE) -> None:
    sheet.text(50, 60, "gob.mx", size=20, bold=True)
    sheet.text(330, 60, "Instituto Mexicano del Seguro Social", size=12)
    sheet.line(50, 72, 562, 72)
    sheet.text(50, 110, title, size=17, bold=True)
    sheet.text(50, 770, SAMPLE_LINE, size=7)


def foot(sheet: Sheet, holder: Holder, chance: random.Random, y: float = 560) -> None:
    chain = "|".join(
        (str(chance.randrange(10**15, 10**16)), holder.curp, luhn_number(chance), "SINDO", "0001")
    )
    seal = "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789+/", k=76))
    sheet.text(50, y, "Cadena original", size=9, bold=True)
    sheet.text(50, y + 14, f"||{chain}||", size=7)
    sheet.text(50, y + 40, "Sello Digital", size=9, bold=True)
    sheet.text(50, y + 54, seal, size=7)
    sheet.text(50, y + 80, "Secuencia Notarial", size=9, bold=True)
    sheet.text(50, y + 94, luhn_number(chance), size=9)


def table_rows(sheet: Sheet, rows: list[tuple[str, str]], y: float) -> float:
    for label, value in rows:
        sheet.box(50, y - 16, 512, 24)
        sheet.line(250, y - 16, 250, y + 8)
        sheet.text(58, y, label, size=11)
        sheet.text(258, y, value, size=11, bold=True)
        y += 24
    return y


def person_rows(holder: Holder, nss: str) -> list[tuple[str, str]]:
    return [
        ("Número de Seguridad Social", nss),
        ("CURP", holder.curp),
        ("Nombre(s)", holder.given_names),
        ("Primer apellido", holder.first_surname),
        ("Segundo apellido", holder.second_surname),
        ("Fecha de emisión", f"{holder.issued_date:%d/%m/%Y}"),
    ]


def whole_page(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A table of labels and values over the whole page."""
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, holder.nss), 160)
    foot(sheet, holder, chance)
    sheet.qr(440, 330, 110, holder.qr)
    return [sheet]


def text_only(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The same table without a QR."""
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, holder.nss), 160)
    foot(sheet, holder, chance)
    return [sheet]


def digit_apart(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The check digit apart, as old prints have it."""
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, f"{holder.nss[:10]} -{holder.nss[10]}"), 160)
    foot(sheet, holder, chance)
    return [sheet]


def grouped(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The number in the groups people read it in."""
    nss = holder.nss
    groups = " ".join((nss[:2], nss[2:4], nss[4:6], nss[6:10], nss[10]))
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, groups), 160)
    return [sheet]


def crowded(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Other numbers of eleven digits with a valid check digit all around."""
    sheet = Sheet()
    head(sheet)
    rows = [
        ("Folio de la solicitud", luhn_number(chance)),
        ("Teléfono", luhn_number(chance)),
        *person_rows(holder, holder.nss),
        ("Número de trámite", luhn_number(chance)),
        ("Registro de la operación", f"{luhn_number(chance)}{chance.randrange(10, 99)}"),
    ]
    table_rows(sheet, rows, 160)
    foot(sheet, holder, chance)
    return [sheet]


def columns(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A row of labels and, under it, a row of values; all labels drawn before all values."""
    sheet = Sheet()
    head(sheet)
    first = [("Número de Seguridad Social", holder.nss), ("CURP", holder.curp)]
    first.append(("Folio", luhn_number(chance)))
    second = [
        ("Nombre(s)", holder.given_names),
        ("Primer apellido", holder.first_surname),
        ("Segundo apellido", holder.second_surname),
    ]
    for labels, y in ((first, 160), (second, 220)):
        for at, (label, _) in enumerate(labels):
            sheet.text(50 + at * 180, y, label, size=10)
    for labels, y in ((first, 178), (second, 238)):
        for at, (_, value) in enumerate(labels):
            sheet.text(50 + at * 180, y, value, size=11, bold=True)
    sheet.text(50, 290, f"Ciudad de México, a {long_date(holder.issued_date)}", size=10)
    foot(sheet, holder, chance)
    return [sheet]


def stacked(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Label above value, values drawn from the last to the first."""
    sheet = Sheet()
    head(sheet)
    rows = [*person_rows(holder, holder.nss), ("Folio", luhn_number(chance))]
    places = [(label, value, 150 + at * 42) for at, (label, value) in enumerate(rows)]
    for _, value, y in reversed(places):
        sheet.text(70, y + 16, value, size=12, bold=True)
    for label, _, y in places:
        sheet.text(70, y, label, size=9)
    foot(sheet, holder, chance)
    return [sheet]


def _card(sheet: Sheet, holder: Holder, x: float, y: float, *, with_qr: bool) -> None:
    sheet.box(x, y, 330, 190, dashed=True)
    sheet.text(x + 16, y + 28, "IMSS", size=18, bold=True)
    sheet.text(x + 16, y + 58, "tu Número de Seguridad Social es:", size=11)
    sheet.text(x + 16, y + 82, holder.nss, size=18, bold=True)
    sheet.text(x + 16, y + 112, "Asociado a la CURP:", size=11)
    sheet.text(x + 16, y + 132, holder.curp, size=13, bold=True)
    sheet.text(x + 16, y + 160, f"Nombre: {holder.names}", size=8)
    if with_qr:
        sheet.qr(x + 232, y + 60, 88, holder.qr)


def card(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The card to cut out, alone on its sheet, with its QR."""
    sheet = Sheet()
    _card(sheet, holder, 60, 90, with_qr=True)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


def card_without_qr(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The card to cut out without a QR, label and value on one line."""
    sheet = Sheet()
    sheet.box(60, 90, 420, 150, dashed=True)
    sheet.text(76, 122, "IMSS", size=18, bold=True)
    sheet.text(76, 160, f"TU NÚMERO DE SEGURIDAD SOCIAL ES: {holder.nss}", size=13, bold=True)
    sheet.text(76, 190, f"ASOCIADO A LA CURP: {holder.curp}", size=13, bold=True)
    sheet.text(76, 216, f"Fecha de expedición: {long_date(holder.issued_date)}", size=9)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


def sheet_with_card(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The whole page above and the card to cut out below."""
    sheet = Sheet()
    head(sheet, "Asignación o Localización de Número de Seguridad Social")
    table_rows(sheet, person_rows(holder, holder.nss), 150)
    _card(sheet, holder, 60, 330, with_qr=True)
    foot(sheet, holder, chance, 580)
    return [sheet]


def letter(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Running text, the label wrapped over two lines of a narrow cell beside its value."""
    sheet = Sheet()
    head(sheet)
    sheet.text(50, 150, f"Folio: {luhn_number(chance)}", size=10)
    sheet.text(50, 168, f"Ciudad de México, a {long_date(holder.issued_date)}", size=10)
    sheet.text(50, 200, f"Estimado(a) {holder.names}:", size=11)
    sheet.text(50, 222, "Te informamos los datos con que quedaste registrado.", size=11)
    sheet.text(60, 262, "Número de Seguridad", size=11)
    sheet.text(60, 276, "Social:", size=11)
    sheet.text(220, 262, holder.nss, size=12, bold=True)
    sheet.text(60, 306, "CURP:", size=11)
    sheet.text(220, 306, holder.curp, size=12, bold=True)
    foot(sheet, holder, chance)
    return [sheet]


def two_pages(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A first page of instructions with numbers of its own, the acuse behind it."""
    first = Sheet()
    head(first, "Indicaciones")
    first.text(50, 150, "Conserva este documento. Lo necesitas en tu plantel y en tu clínica.")
    first.text(50, 170, f"Orientación telefónica: {luhn_number(chance)}")
    first.text(50, 190, f"Referencia del correo: {luhn_number(chance)}")
    return [first, *whole_page(holder, chance)]


def narrow_table(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A typewritten row of labels over a row of values, the cells one space apart, in any order."""
    sheet = Sheet(family="Courier")
    head(sheet)
    cells = [("Número de Seguridad Social", holder.nss), ("CURP", holder.curp)]
    cells.append(("Folio", luhn_number(chance)))
    chance.shuffle(cells)
    x = 50.0
    for label, value in cells:
        sheet.text(x, 160, label, size=10)
        sheet.text(x, 176, value, size=10, bold=True)
        x += 6 * (max(len(label), len(value)) + 1)  # a letter of Courier is 0.6 of its size wide
    sheet.text(50, 210, f"Nombre: {holder.names}", size=10)
    sheet.text(50, 230, f"Fecha de emisión: {long_date(holder.issued_date)}", size=10)
    return [sheet]


def running_text(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The number inside a sentence, whose lines break somewhere else on each sheet."""
    sheet = Sheet()
    head(sheet)
    words = (
        f"El Instituto Mexicano del Seguro Social hace constar que {holder.names} quedó con"
        f" Número de Seguridad Social {holder.nss}, asociado a la CURP {holder.curp}, según la"
        " información que proporcionó en su solicitud."
    ).split()
    width, line, y = chance.randrange(48, 78), "", 160.0
    for word in [*words, ""]:
        if line and (not word or len(f"{line} {word}") > width):
            sheet.text(50, y, line, size=10)
            line, y = "", y + 14
        line = f"{line} {word}".strip()
    sheet.text(50, y + 30, f"Ciudad de México, a {long_date(holder.issued_date)}", size=10)
    sheet.text(50, y + 50, f"Folio: {luhn_number(chance)}", size=10)
    return [sheet]


def caption_below(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Each value with its caption in small letters right below it."""
    sheet = Sheet()
    head(sheet)
    rows = [("Folio", luhn_number(chance)), *person_rows(holder, holder.nss)]
    for at, (label, value) in enumerate(rows):
        sheet.text(70, 160 + at * 44, value, size=13, bold=True)
        sheet.text(70, 172 + at * 44, label, size=8)
    return [sheet]


def other_labels(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The number under one of the other names people give it."""
    label = chance.choice(
        ("Número de Seguro Social", "NSS:", "N.S.S.", "No. de Seguridad Social", "Núm. de NSS")
    )
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, [(label, holder.nss), *person_rows(holder, "")[1:]], 160)
    foot(sheet, holder, chance)
    return [sheet]


def qr_only(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A sheet whose only readable thing is the QR."""
    sheet = Sheet()
    sheet.text(50, 60, "IMSS", size=20, bold=True)
    sheet.qr(180, 160, 220, holder.qr)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


LAYOUTS: dict[str, Layout] = {
    layout.__name__: layout
    for layout in (
        whole_page,
        text_only,
        digit_apart,
        grouped,
        crowded,
        columns,
        stacked,
        card,
        card_without_qr,
        sheet_with_card,
        letter,
        two_pages,
        narrow_table,
        running_text,
        caption_below,
        other_labels,
        qr_only,
    )
}
