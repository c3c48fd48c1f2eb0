"""What students upload by mistake, told by the words of the page; a help, never a verdict."""

from __future__ import annotations

import re

from nss.extraction.words import plain

WORDS_NEEDED = 2
_SIGNS: dict[str, tuple[str, ...]] = {
    "CARNET": (
        r"CARTILLA",
        r"CARNET",
        r"AGREGADO MEDICO",
        r"PREVENIMSS",
        r"CONSULTORIO",
        r"PROXIMA CITA",
        r"VACUNACION",
        r"MEDICO FAMILIAR",
        r"TURNO (?:MATUTINO|VESPERTINO)",
    ),
    "INE": (
        r"INSTITUTO (?:NACIONAL|FEDERAL) ELECTORAL",
        r"CREDENCIAL PARA VOTAR",
        r"CLAVE DE ELECTOR",
        r"ANO DE REGISTRO",
    ),
    "PAYSLIP": (
        r"NOMINA",
        r"PERCEPCIONES",
        r"DEDUCCIONES",
        r"SUELDO",
        r"DIAS PAGADOS",
        r"NETO A PAGAR",
        r"SALARIO DIARIO",
    ),
    "INFONAVIT": (r"INFONAVIT", r"SUBCUENTA DE VIVIENDA", r"ESTADO DE CUENTA", r"SALDO"),
    "VIGENCIA": (
        r"VIGENCIA DE DERECHOS",
        r"CON DERECHO AL SERVICIO MEDICO",
        r"SEMANAS COTIZADAS",
    ),
    "CURP_SHEET": (
        r"CLAVE UNICA DE REGISTRO DE POBLACION",
        r"REGISTRO NACIONAL DE POBLACION",
        r"CURP CERTIFICADA",
        r"RENAPO",
    ),
}
_ACUSE = re.compile(
    r"(?:ASIGNACION|LOCALIZACION) (?:O LOCALIZACION )?DE NUMERO DE SEGURIDAD SOCIAL"
    r"|TU NUMERO DE SEGURIDAD SOCIAL ES|ASOCIADO A LA CURP"
)


def other_document(text: str) -> str | None:
    """Return which wrong document a text looks like (a key of the table above), else None.

    At least two of its signs are needed and none of an acuse: an acuse may name the clinic, too.
    """
    seen = plain(text)
    if _ACUSE.search(seen):
        return None
    counts = {
        kind: sum(bool(re.search(rf"\b{sign}\b", seen)) for sign in signs)
        for kind, signs in _SIGNS.items()
    }
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] >= WORDS_NEEDED else None
