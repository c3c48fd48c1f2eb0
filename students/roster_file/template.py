"""The empty list that the wizard offers: text columns, so that Excel takes no zero away."""

import io

import xlsxwriter

from students.roster_file.columns import FIELDS

TEXT = 49  # the number of Excel's own format «Texto»
EXAMPLE = {
    "matricula": "26050148",
    "given_names": "Ana",
    "first_surname": "Gómez",
    "second_surname": "Martínez",
    "group": "101",
    "curp": "GOMA080214MSRMRNA5",
    "email": "ana@correo.example",
    "phone": "6621234567",
    "shift": "matutino",
    "semester": "1",
    "enrolled_on": "24/08/2026",
    "status": "vacía; o baja temporal, baja definitiva, egresado",
}
COLUMNS = (
    "matricula",
    "given_names",
    "first_surname",
    "second_surname",
    "group",
    "curp",
    "email",
    "phone",
    "shift",
    "semester",
    "nss",
    "enrolled_on",
    "status",
)


def template_xlsx() -> bytes:
    """Return an XLSX with our columns as text, and a sheet that explains each of them."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format(
            {"bold": True, "num_format": TEXT, "bottom": 1, "bg_color": "#E7F3EF"}
        )
        text = book.add_format({"num_format": TEXT})
        sheet = book.add_worksheet("Estudiantes")
        sheet.freeze_panes(1, 0)
        for index, key in enumerate(COLUMNS):
            sheet.set_column(index, index, 20, text)
            sheet.write_string(0, index, FIELDS[key].label, head)
        guide = book.add_worksheet("Cómo llenarla")
        guide.set_column(0, 0, 24)
        guide.set_column(1, 2, 34)
        for column, title in enumerate(("Columna", "¿Hace falta?", "Ejemplo")):
            guide.write_string(0, column, title, head)
        for row, key in enumerate(COLUMNS, start=1):
            guide.write_string(row, 0, FIELDS[key].label)
            guide.write_string(row, 1, "Sí" if FIELDS[key].is_required else "Si se tiene")
            guide.write_string(row, 2, EXAMPLE.get(key, "11 números, como texto"))
    return buffer.getvalue()
