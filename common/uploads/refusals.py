"""Why a file is refused, and the Spanish sentence its sender reads.

The codes are those of the hostile-file rules; the sentences are those of the upload page. A code
without a sentence of its own falls back to «No pudimos abrir el archivo».
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """One reason for which an upload is not stored as valid."""

    EMPTY = "EMPTY"
    TYPE_NOT_ALLOWED = "TYPE_NOT_ALLOWED"
    TYPE_MISMATCH = "TYPE_MISMATCH"
    PHOTO_ONLY = "PHOTO_ONLY"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY_FILES = "TOO_MANY_FILES"
    ALREADY_SENT = "ALREADY_SENT"
    VIRUS = "VIRUS"
    NOT_SCANNED = "NOT_SCANNED"
    PDF_ENCRYPTED = "PDF_ENCRYPTED"
    PDF_DAMAGED = "PDF_DAMAGED"
    PDF_ACTIVE = "PDF_ACTIVE"
    PDF_ATTACHMENTS = "PDF_ATTACHMENTS"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    PAGE_TOO_LARGE = "PAGE_TOO_LARGE"
    IMAGE_TOO_LARGE = "IMAGE_TOO_LARGE"
    IMAGE_DAMAGED = "IMAGE_DAMAGED"
    ARCHIVE_DAMAGED = "ARCHIVE_DAMAGED"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"
    XLSX_ENCRYPTED = "XLSX_ENCRYPTED"
    CSV_DAMAGED = "CSV_DAMAGED"
    NO_ROWS = "NO_ROWS"
    NOT_WRITTEN = "NOT_WRITTEN"


_DOCUMENT = "No pudimos abrir el archivo. Prueba con una foto"
_DOCUMENT_SENTENCES = {
    Refusal.EMPTY: "El archivo está vacío. Descárgalo otra vez y súbelo",
    Refusal.TYPE_NOT_ALLOWED: "El archivo debe ser PDF, JPG, PNG o HEIC",
    Refusal.PHOTO_ONLY: "Aquí va otra foto: JPG, PNG o HEIC. Si tienes el PDF, súbelo solo, sin fotos",
    Refusal.TOO_LARGE: "El archivo debe pesar menos de {limit}; el tuyo pesa {size}",
    Refusal.TOO_MANY_FILES: "Ya llegaste al límite de archivos. Pide ayuda a tu plantel",
    Refusal.ALREADY_SENT: "Ya enviaste este mismo archivo. Elige otro o mira «Mi trámite»",
    Refusal.VIRUS: "Este archivo tiene un virus y no lo guardamos",
    Refusal.NOT_SCANNED: "No pudimos revisar el archivo. Intenta más tarde",
    Refusal.PDF_ENCRYPTED: "El PDF tiene contraseña. Súbelo sin contraseña o mándanos una foto",
}
_STAFF = "No pudimos abrir el archivo. Escanear o fotografiar la hoja y subirla"
_STAFF_SENTENCES = {
    Refusal.EMPTY: "El archivo está vacío. Revisarlo y subirlo otra vez",
    Refusal.TYPE_NOT_ALLOWED: "El archivo debe ser PDF, JPG, PNG o HEIC",
    Refusal.TOO_LARGE: "El archivo debe pesar menos de {limit}; este pesa {size}",
    Refusal.TOO_MANY_FILES: "El estudiante llegó al límite de archivos. Avisar a administración",
    Refusal.ALREADY_SENT: "Este mismo archivo ya se envió. Elegir otro o revisar la ficha",
    Refusal.VIRUS: "Este archivo tiene un virus y no lo guardamos",
    Refusal.NOT_SCANNED: "No pudimos revisar el archivo. Intentar más tarde",
    Refusal.PDF_ENCRYPTED: "El PDF tiene contraseña. Guardarlo sin contraseña o fotografiar la hoja",
}
_TABLE = "No pudimos abrir el archivo. Guardarlo otra vez como .xlsx y subirlo"
_TABLE_SENTENCES = {
    Refusal.EMPTY: "El archivo está vacío. Revisarlo y subirlo otra vez",
    Refusal.TYPE_NOT_ALLOWED: "El archivo debe ser XLSX o CSV. Guardarlo como .xlsx y subirlo",
    Refusal.TYPE_MISMATCH: "El archivo no es lo que dice su nombre. Guardarlo como .xlsx y subirlo",
    Refusal.TOO_LARGE: "El archivo debe pesar menos de {limit}; este pesa {size}",
    Refusal.VIRUS: "Este archivo tiene un virus y no lo guardamos",
    Refusal.NOT_SCANNED: "No pudimos revisar el archivo. Intentar más tarde",
    Refusal.TOO_MANY_ROWS: "El archivo tiene más de {limit} renglones. Dividirlo y subir las partes",
    Refusal.TOO_MANY_COLUMNS: "El archivo tiene más de {limit} columnas. Quitar las que sobran",
    Refusal.XLSX_ENCRYPTED: "El archivo tiene contraseña. Guardarlo sin contraseña y subirlo",
    Refusal.CSV_DAMAGED: "En la fila {line} hay comillas sin cerrar. Corregirlas o guardar la lista como .xlsx",
    Refusal.NOT_WRITTEN: (
        "El archivo está bien, pero no se pudo guardar después de varios intentos. "
        "Subirlo otra vez; si vuelve a pasar, avisar a administración con la hora de este intento"
    ),
    Refusal.NO_ROWS: "No encontramos estudiantes. Poner una fila de encabezados y debajo uno por fila",
}
_PILE = "No pudimos abrir el archivo. Escanear las hojas otra vez y subirlas"
_PILE_SENTENCES = {
    Refusal.EMPTY: "El archivo está vacío. Escanear las hojas otra vez y subirlas",
    Refusal.TYPE_NOT_ALLOWED: "Los archivos deben ser PDF, JPG o PNG",
    Refusal.TYPE_MISMATCH: "El archivo no es lo que dice su nombre. Escanear las hojas otra vez y subirlas",
    Refusal.TOO_LARGE: (
        "La pila debe pesar menos de {limit}; esta pesa {size}. Dividirla o escanearla en gris a 200 dpi"
    ),
    Refusal.TOO_MANY_PAGES: "La pila debe tener 100 hojas o menos. Dividirla y subir las partes",
    Refusal.VIRUS: "Este archivo tiene un virus y no lo guardamos",
    Refusal.NOT_SCANNED: "No pudimos revisar el archivo. Intentar más tarde",
    Refusal.PDF_ENCRYPTED: "El PDF tiene contraseña. Guardarlo sin contraseña y subirlo",
    Refusal.NOT_WRITTEN: (
        "No se pudo leer toda la pila después de varios intentos. Lo que se archivó se queda así. "
        "Subirla otra vez; si vuelve a pasar, avisar a administración con la hora de este intento"
    ),
}


class Refused(Exception):
    """The file breaks one of the rules; carries the code and what its sentence must name."""

    def __init__(self, code: Refusal, **details: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.details = details

    def sentence(self, *, table: bool = False, staff: bool = False, pile: bool = False) -> str:
        """Say in Spanish what happened and how to fix it: *tú* on documents, infinitives to staff."""
        return sentence_of(self.code, table=table, staff=staff, pile=pile, **self.details)


def sentence_of(
    code: Refusal,
    *,
    table: bool = False,
    staff: bool = False,
    pile: bool = False,
    **details: str | int,
) -> str:
    """Return the sentence of a refusal; `details` fill the figures that some sentences name.

    `staff` is a document that somebody uploads for the student, `pile` the signed sheets of many.
    """
    sentences, otherwise = _DOCUMENT_SENTENCES, _DOCUMENT
    if pile:
        sentences, otherwise = _PILE_SENTENCES, _PILE
    elif table:
        sentences, otherwise = _TABLE_SENTENCES, _TABLE
    elif staff:
        sentences, otherwise = _STAFF_SENTENCES, _STAFF
    try:
        return sentences.get(code, otherwise).format(**details)
    except KeyError:
        return otherwise
