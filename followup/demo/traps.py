"""Sheets that are no acuse, and acuses whose number nobody may take for an NSS."""

from __future__ import annotations

import random

from followup.demo.canvas import Sheet
from followup.demo.layouts import (
    SAMPLE_LINE,
    Holder,
    Layout,
    foot,
    head,
    luhn_number,
    person_rows,
    table_rows,
)


def clinic_card(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A «cartilla»: what students often upload instead of the acuse."""
    sheet = Sheet()
    sheet.text(60, 80, "Cartilla Nacional de Salud", size=16, bold=True)
    sheet.text(60, 110, "PREVENIMSS", size=12)
    sheet.text(60, 140, f"Agregado Médico: 1M{holder.issued_date.year - 17}ES", size=11)
    sheet.text(60, 160, f"Número de Seguridad Social: {holder.nss}", size=11)
    sheet.text(60, 180, "UMF 37   Consultorio 12   Turno Matutino", size=11)
    sheet.text(60, 200, f"Nombre: {holder.names}", size=11)
    sheet.text(60, 220, "Médico familiar   Próxima cita   Vacunación", size=11)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


def voter_card(holder: Holder, chance: random.Random) -> list[Sheet]:
    """An INE credential."""
    sheet = Sheet()
    sheet.text(60, 80, "Instituto Nacional Electoral", size=14, bold=True)
    sheet.text(60, 104, "Credencial para votar", size=12)
    sheet.text(60, 134, f"NOMBRE {holder.names}", size=11)
    sheet.text(60, 154, "CLAVE DE ELECTOR ABCDEF80010109H100", size=11)
    sheet.text(60, 174, f"CURP {holder.curp}", size=11)
    sheet.text(60, 194, "SECCIÓN 0123   AÑO DE REGISTRO 2026 00   VIGENCIA 2036", size=11)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


def payslip(holder: Holder, chance: random.Random) -> list[Sheet]:
    """A payslip: it carries an NSS, yet is no acuse."""
    sheet = Sheet()
    sheet.text(60, 80, "Recibo de nómina", size=16, bold=True)
    sheet.text(60, 110, f"Empleado: {holder.names}", size=11)
    sheet.text(60, 130, f"NSS: {holder.nss}   CURP: {holder.curp}", size=11)
    sheet.text(60, 150, "Percepciones   Deducciones   ISR   Sueldo base   Neto a pagar", size=11)
    sheet.text(60, 170, "Días pagados 15   Salario diario integrado 312.50", size=11)
    sheet.text(50, 770, SAMPLE_LINE, size=7)
    return [sheet]


def no_number(holder: Holder, chance: random.Random) -> list[Sheet]:
    """An acuse whose NSS is missing while other numbers pass its check digit."""
    sheet = Sheet()
    head(sheet)
    rows = [
        ("Folio de la solicitud", luhn_number(chance)),
        ("CURP", holder.curp),
        ("Teléfono", luhn_number(chance)),
        ("Número de Seguridad Social", ""),
        ("Número de trámite", luhn_number(chance)),
    ]
    table_rows(sheet, rows, 160)
    foot(sheet, holder, chance)
    return [sheet]


def wrong_digit(holder: Holder, chance: random.Random) -> list[Sheet]:
    """An acuse whose printed NSS fails the check digit."""
    bad = f"{holder.nss[:10]}{(int(holder.nss[10]) + 3) % 10}"
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, bad), 160)
    foot(sheet, holder, chance)
    return [sheet]


def two_numbers(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Two labelled numbers that differ: nobody can tell which is meant."""
    sheet = Sheet()
    head(sheet)
    table_rows(sheet, person_rows(holder, holder.nss), 160)
    sheet.text(60, 360, f"Número de Seguridad Social: {luhn_number(chance)}", size=11)
    return [sheet]


def long_chain(holder: Holder, chance: random.Random) -> list[Sheet]:
    """The label followed by digits that are part of a longer run."""
    sheet = Sheet()
    head(sheet)
    run = f"{luhn_number(chance)}{chance.randrange(10**8, 10**9)}"
    table_rows(sheet, [("Número de Seguridad Social", run), ("CURP", holder.curp)], 160)
    foot(sheet, holder, chance)
    return [sheet]


def running_text_of_others(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Sentences that name the label, and numbers of others right after and under them."""
    sheet = Sheet()
    head(sheet)
    lines = (
        "Este documento muestra tu Número de Seguridad Social y tu CURP.",
        luhn_number(chance),
        f"Para consultar tu Número de Seguridad Social llama al {luhn_number(chance)} y pide",
        f"tu folio {luhn_number(chance)}. El Número de Seguridad Social de tu madre es",
        f"{luhn_number(chance)} y el Número de Seguridad Social del patrón {luhn_number(chance)}.",
    )
    for at, line in enumerate(lines):
        sheet.text(50, 160 + at * 14, line, size=10)
    return [sheet]


def captions_of_others(holder: Holder, chance: random.Random) -> list[Sheet]:
    """Numbers of others right above a label whose own number is missing."""
    sheet = Sheet()
    head(sheet)
    sheet.text(70, 150, "Folio", size=9)
    sheet.text(70, 164, luhn_number(chance), size=12, bold=True)
    sheet.text(70, 184, "Número de Seguridad Social", size=9)
    sheet.text(70, 240, f"Teléfono: {luhn_number(chance)}", size=12)
    sheet.text(70, 252, "Número de Seguridad Social", size=9)
    sheet.text(70, 300, "CURP Número de Seguridad Social Folio", size=10)
    sheet.text(70, 314, f"{holder.curp} pendiente {luhn_number(chance)}", size=10)
    return [sheet]


OTHER_DOCUMENTS: dict[str, Layout] = {
    layout.__name__: layout for layout in (clinic_card, voter_card, payslip)
}
TRAPS: dict[str, Layout] = {
    layout.__name__: layout
    for layout in (
        no_number,
        wrong_digit,
        two_numbers,
        long_chain,
        running_text_of_others,
        captions_of_others,
    )
}
