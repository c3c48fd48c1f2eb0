"""The labels an acuse uses, and the ones that own other numbers."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

NSS_TEXT = "NUMERO DE SEGURIDAD SOCIAL"
LIKENESS = 84

_NSS = re.compile(
    r"\b(?:NUMERO|NUM|NRO|NO|N)\b[.°º]?\s*(?:DE\s+)?(?:SEGURIDAD|SEGURO)\s+SOCIAL\b"
    r"|^\W*(?:DE\s+)?SEGURIDAD\s+SOCIAL\b"
    r"|\bN\.?\s?S\.?\s?S\b\.?"
)
_BETWEEN = re.compile(
    r"(?:[\s:.,#()|\[\]¡!\-–—_=>*\"'“”]|\bES\b|\bNSS\b|\bIMSS\b|\bN\.S\.S\b|\bASIGNADO\b|\bLOCALIZADO\b"
    r"|\bNO\b|\b11 DIGITOS\b|\bTU\b)*"
)
_TITLE = re.compile(
    r"\b(?:ASIGNACION|LOCALIZACION|CONSTANCIA|SOLICITUD|TRAMITE|TARJETA|ACUSE)"
    r"(?:\s+[OY/]\s+\w+)?(?:\s+DEL?)?(?:\s+TU)?\s*$"
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:ANTERIOR|PADRE|MADRE|TUTOR|TUTORA|TITULAR|BENEFICIARIO|BENEFICIARIA|CONYUGE|PATRON)\b"
)
_OTHERS = re.compile(
    r"\b(?:FOLIO|TEL|TELEFONO|TELEFONICA|CEL|CELULAR|MOVIL|LADA|FAX|WHATSAPP|SECUENCIA|NOTARIAL"
    r"|SERIE|CADENA|SELLO|REFERENCIA|RFC|CUENTA|CREDITO|CLABE|TRAMITE|SOLICITUD|REGISTRO|PATRONAL"
    r"|MATRICULA|AUTORIZACION|OPERACION|TRANSACCION|CODIGO|CONTROL|EMPLEADO|AGREGADO|CERTIFICADO"
    r"|RECIBO|IDENTIFICADOR|CLAVE|CONTRATO|POLIZA|EXPEDIENTE|OFICIO|TICKET|TARJETA|ANTERIOR"
    r"|PADRE|MADRE|TUTOR|TITULAR|BENEFICIARIO|CONYUGE|ACTA|PEDIDO|LINEA|CAPTURA|GUIA)\b"
)


def is_nss_label(text: str, *, fuzzy: bool = False) -> bool:
    """Return whether a plain (`words.plain`) text ends in the label of an NSS.

    Nothing but «es», «:» and the like may follow: between «Número de Seguridad Social» and a number
    of somebody else there is always a word. The sheet's title is no label. `fuzzy` forgives what
    OCR misreads.
    """
    if _SOMEBODY_ELSE.search(text):
        return False
    matches = list(_NSS.finditer(text))
    if matches:
        last = matches[-1]
        is_title = len(matches) == 1 and _TITLE.search(text[: last.start()])
        return not is_title and _BETWEEN.fullmatch(text[last.end() :]) is not None
    return fuzzy and _is_like_nss_label(text)


def is_full_nss_label(text: str, *, fuzzy: bool) -> bool:
    """Return whether a plain text is an NSS label that needs no line above it to be one."""
    return is_nss_label(text, fuzzy=fuzzy) and not re.match(r"\W*(?:DE )?SEGURIDAD\b", text)


def is_title(text: str) -> bool:
    """Return whether a plain text is the sheet's title, however OCR broke it, which owns no number."""
    return re.search(r"\b(?:ASIGNACION|LOCALIZACION|CONSTANCIA)\b", text) is not None


def is_whole_nss_label(text: str) -> bool:
    """Return whether a plain text is the label of an NSS and not one word more."""
    matched = _NSS.fullmatch(text) or re.fullmatch(r"(?:NUM|NO|N)\.? (?:DE )?NSS", text)
    return matched is not None or (
        len(text.split()) == 4 and fuzz.ratio(text, NSS_TEXT) >= LIKENESS
    )


def _is_like_nss_label(text: str) -> bool:
    tail = re.sub(r"[^A-Z0-9 ]", "", text).strip()
    tail = re.sub(r"\s+(?:ES|E5)$", "", tail)
    start = max(0, len(tail) - len(NSS_TEXT) - 1)
    if _TITLE.search(tail[:start]) or names_other(tail[start:]):
        return False
    return len(tail) >= 20 and fuzz.ratio(tail[start:], NSS_TEXT) >= LIKENESS


def names_other(text: str) -> bool:
    """Return whether a plain text names something that has a number of its own."""
    return _OTHERS.search(text) is not None
