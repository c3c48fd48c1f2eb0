"""The independent reader: it passes a right line of each kind and sees each single fault."""

import pytest

from tests.affiliation.layout import (
    ALTA,
    ALTA_FIELDS,
    BAJA,
    BAJA_FIELDS,
    CONTROL_FIELDS,
    faults,
    read_altas,
    read_bajas,
)

RP, GUIA = "Y5432109321", "01400"

ALTA_LINE = (
    "Y543210932"  # 1-10
    "1"  # 11
    "0225080001"  # 12-21
    "4"  # 22
    "ALAMAN                     "  # 23-49
    "PEREZ                      "  # 50-76
    "RICARDO                    "  # 77-103
    "031804"  # 104-109
    "      "  # 110-115
    "1"  # 116
    "0"  # 117
    "0"  # 118
    "24082026"  # 119-126
    "000"  # 127-129
    "  "  # 130-131
    "08"  # 132-133
    "01400"  # 134-138
    "2026000123"  # 139-148
    " "  # 149
    "AAPR080321HDFLRCA8"  # 150-167
    "9"  # 168
)
BAJA_LINE = (
    "Y543210932"  # 1-10
    "1"  # 11
    "9225082345"  # 12-21
    "4"  # 22
    "DE LA CRUZ                 "  # 23-49
    "                           "  # 50-76
    "MARIA DE LOS ANGELES       "  # 77-103
    "000000000000000"  # 104-118
    "29022028"  # 119-126
    "     "  # 127-131
    "02"  # 132-133
    "01400"  # 134-138
    "A1        "  # 139-148
    "6"  # 149
    "                  "  # 150-167
    "9"  # 168
)
CONTROL_LINE = (
    "*************"  # 1-13
    "                                           "  # 14-56
    "000001"  # 57-62
    "                                                                       "  # 63-133
    "01400"  # 134-138
    "                             "  # 139-167
    "9"  # 168
)
LINES = {ALTA: ALTA_LINE, BAJA: BAJA_LINE}


def file_of(*lines: str, ending: str = "\r\n") -> bytes:
    return "".join(line + ending for line in lines).encode("cp1252")


def changed(line: str, position: int, text: str) -> str:
    """Return the line with `text` written over it from a position counted from 1."""
    return line[: position - 1] + text + line[position - 1 + len(text) :]


def of(data: bytes, kind: str = ALTA, *, control: bool = True, encoding: str = "ascii"):
    return faults(data, kind=kind, rp=RP, guia=GUIA, control=control, encoding=encoding)


@pytest.mark.parametrize("kind", [ALTA, BAJA])
def test_faults_none_in_a_right_file(kind):
    assert of(file_of(LINES[kind], CONTROL_LINE), kind) == []
    assert of(file_of(LINES[kind], LINES[kind]), kind, control=False) == []


@pytest.mark.parametrize(
    ("position", "text", "fault"),
    [
        (1, "y543210932", "1–10 registro_patronal: 'y543210932' is not AN"),
        (1, "Y543210933", "1–10 registro_patronal: 'Y543210933' must be 'Y543210932'"),
        (11, "2", "11–11 digito_registro_patronal: '2' must be '1'"),
        (11, "A", "11–11 digito_registro_patronal: 'A' is not N"),
        (22, "5", "22–22 digito_nss: '5' must be '4' by Luhn"),
        (22, " ", "22–22 digito_nss: ' ' is not N"),
        (12, "00000000000", "12–21 nss: '0000000000' is no number of a person"),
        (23, "Alaman", "23–49 primer_apellido: 'Alaman                     ' is not A"),
        (23, "ALAM4N", "23–49 primer_apellido: 'ALAM4N                     ' is not A"),
        (23, "O'DEA ", "23–49 primer_apellido: \"O'DEA                      \" is not A"),
        (23, "MUÑOZ ", "23–49 primer_apellido: 'MUÑOZ                      ' is not ASCII"),
        (23, "      ", "23–49 primer_apellido: '                           ' is blank"),
        (50, " PERE", "50–76 segundo_apellido: ' PERE                      ' is not left-justified"),
        (50, "PÉREZ", "50–76 segundo_apellido: 'PÉREZ                      ' is not ASCII"),
        (77, "RICARD.", "77–103 nombres: 'RICARD.                    ' is not A"),
        (77, "RICA\tDO", "77–103 nombres: 'RICA\\tDO                    ' holds a control character"),
        (77, "RICARD\x1a", "77–103 nombres: 'RICARD\\x1a                    ' holds a control character"),
        (77, "RICARD\x7f", "77–103 nombres: 'RICARD\\x7f                    ' holds a control character"),
        (77, " RICARD", "77–103 nombres: ' RICARD                    ' is not left-justified"),
        (104, "318.04", "104–109 salario_base: '318.04' is not N"),
        (104, " 31804", "104–109 salario_base: ' 31804' is not N"),
        (110, "000000", "110–115 filler_110: '000000' must be 6 spaces"),
        (115, "X", "110–115 filler_110: '     X' must be 6 spaces"),
        (116, "0", "116–116 tipo_trabajador: '0' must be one of 123456789"),
        (117, "4", "117–117 tipo_salario: '4' must be one of 0123"),
        (118, "7", "118–118 jornada: '7' must be one of 0123456"),
        (119, "31062026", "119–126 fecha_movimiento: '31062026' is no day"),
        (119, "20260824", "119–126 fecha_movimiento: '20260824' is no day"),
        (119, "20100812", "119–126 fecha_movimiento: '20100812' is no day of our time"),
        (127, "  0", "127–129 umf: '  0' is not N"),
        (130, "00", "130–131 filler_130: '00' must be 2 spaces"),
        (132, "02", "132–133 tipo_movimiento: '02' must be '08'"),
        (134, "01401", "134–138 guia: '01401' must be '01400'"),
        (139, "2026-00123", "139–148 clave_trabajador: '2026-00123' is not AN"),
        (139, " 202600012", "139–148 clave_trabajador: ' 202600012' is not left-justified"),
        (139, "          ", "139–148 clave_trabajador: '          ' is blank"),
        (149, "6", "149–149 filler_149: '6' must be 1 spaces"),
        (150, "AAPR080321HDFLRCA9", "150–167 curp: 'AAPR080321HDFLRCA9' must end in '8'"),
        (150, "AAPR080321HDFLRCA ", "150–167 curp: 'AAPR080321HDFLRCA ' has not the shape of a CURP"),
        (150, " " * 18, "150–167 curp: '                  ' is blank"),
        (168, "8", "168–168 identificador: '8' must be '9'"),
    ],
)  # fmt: skip
def test_faults_names_the_field_of_an_alta(position, text, fault):
    data = file_of(changed(ALTA_LINE, position, text), CONTROL_LINE)

    assert of(data) == [f"line 1: {fault}"]


@pytest.mark.parametrize(
    ("position", "text", "fault"),
    [
        (22, "3", "22–22 digito_nss: '3' must be '4' by Luhn"),
        (77, "MARÍA", "77–103 nombres: 'MARÍA DE LOS ANGELES       ' is not ASCII"),
        (104, "031804", "104–118 zeros_104: '031804000000000' must be 15 zeros"),
        (118, " ", "104–118 zeros_104: '00000000000000 ' must be 15 zeros"),
        (119, "29022027", "119–126 fecha_movimiento: '29022027' is no day"),
        (127, "000", "127–131 filler_127: '000  ' must be 5 spaces"),
        (132, "08", "132–133 tipo_movimiento: '08' must be '02'"),
        (149, " ", "149–149 causa_baja: ' ' is blank"),
        (149, "0", "149–149 causa_baja: '0' must be one of 123456789A"),
        (149, "a", "149–149 causa_baja: 'a' is not AN"),
        (150, "AAPR080321HDFLRCA8", "150–167 filler_150: 'AAPR080321HDFLRCA8' must be 18 spaces"),
        (167, "\t", "150–167 filler_150: '                 \\t' holds a control character"),
        (168, " ", "168–168 identificador: ' ' is not N"),
    ],
)  # fmt: skip
def test_faults_names_the_field_of_a_baja(position, text, fault):
    data = file_of(changed(BAJA_LINE, position, text), CONTROL_LINE)

    assert of(data, BAJA) == [f"line 1: {fault}"]


@pytest.mark.parametrize(
    ("position", "text", "fault"),
    [
        (14, "0", f"14–56 filler_14: '0{' ' * 42}' must be 43 spaces"),
        (57, "000002", "57–62 registros: '000002' must be '000001'"),
        (57, "     1", "57–62 registros: '     1' is not N"),
        (133, "0", f"63–133 filler_63: '{' ' * 70}0' must be 71 spaces"),
        (134, "1400 ", "134–138 guia: '1400 ' is not N"),
        (134, "01401", "134–138 guia: '01401' must be '01400'"),
        (139, "0", f"139–167 filler_139: '0{' ' * 28}' must be 29 spaces"),
        (168, "0", "168–168 identificador: '0' must be '9'"),
    ],
)
def test_faults_names_the_field_of_the_control_record(position, text, fault):
    data = file_of(ALTA_LINE, changed(CONTROL_LINE, position, text))

    assert of(data) == [f"line 2: {fault}"]


@pytest.mark.parametrize(
    ("lines", "control", "found"),
    [
        ([], False, ["the file holds no movement"]),
        ([ALTA_LINE], True, ["the control record is missing"]),
        ([ALTA_LINE, CONTROL_LINE], False, ["line 2: a control record that should not be here"]),
        ([CONTROL_LINE, ALTA_LINE, changed(CONTROL_LINE, 62, "2")], True,
         ["line 1: a control record that should not be here"]),
        ([ALTA_LINE[:-1], CONTROL_LINE], True, ["line 1: 167 positions, not 168"]),
        ([ALTA_LINE + " ", CONTROL_LINE], True, ["line 1: 169 positions, not 168"]),
        ([ALTA_LINE, CONTROL_LINE[:-2] + "9"], True, ["line 2: 167 positions, not 168"]),
        ([ALTA_LINE, "", changed(CONTROL_LINE, 62, "2")], True, ["line 2: 0 positions, not 168"]),
    ],
)  # fmt: skip
def test_faults_sees_the_shape_of_the_file(lines, control, found):
    assert of(file_of(*lines), control=control) == found


@pytest.mark.parametrize("ending", ["\n", "\r"])
def test_faults_wants_crlf_after_every_line(ending):
    assert of(file_of(ALTA_LINE, CONTROL_LINE, ending=ending)) == [
        f"line 1: ends with {ending!r}, not CRLF",
        f"line 2: ends with {ending!r}, not CRLF",
    ]


def test_faults_wants_crlf_after_the_last_line():
    data = file_of(ALTA_LINE, CONTROL_LINE).removesuffix(b"\r\n")

    assert of(data) == ["line 2: ends with '', not CRLF"]


def test_faults_sees_an_end_of_file_sign_after_the_last_line():
    data = file_of(ALTA_LINE, ALTA_LINE) + b"\x1a"

    assert of(data, control=False) == [
        "line 3: 1 positions, not 168",
        "line 3: ends with '', not CRLF",
    ]


def test_faults_counts_bytes_where_a_letter_takes_two():
    line = changed(ALTA_LINE, 23, "MUÑOZ ")

    data = f"{line}\r\n".encode()

    assert of(data, control=False) == ["line 1: 169 positions, not 168"]


def test_faults_lets_accents_stand_in_names_alone_where_they_are_kept():
    right = changed(changed(ALTA_LINE, 23, "MUÑOZ "), 50, "PÉREZ")
    wrong = changed(changed(right, 139, "AÑO"), 77, "Mª JOSE")

    assert of(file_of(right), control=False, encoding="cp1252") == []
    assert of(file_of(wrong), control=False, encoding="cp1252") == [
        "line 1: 77–103 nombres: 'Mª JOSE                    ' is not A",
        "line 1: 139–148 clave_trabajador: 'AÑO6000123' is not AN",
    ]


def test_faults_lists_all_of_them_from_top_to_bottom():
    first = changed(changed(ALTA_LINE, 11, "2"), 168, "1")
    second = changed(ALTA_LINE, 22, "0")

    assert of(file_of(first, second), control=False) == [
        "line 1: 11–11 digito_registro_patronal: '2' must be '1'",
        "line 1: 168–168 identificador: '1' must be '9'",
        "line 2: 22–22 digito_nss: '0' must be '4' by Luhn",
    ]


def test_faults_judges_the_other_kind_by_its_own_table():
    assert of(file_of(BAJA_LINE), ALTA, control=False) == [
        "line 1: 110–115 filler_110: '000000' must be 6 spaces",
        "line 1: 116–116 tipo_trabajador: '0' must be one of 123456789",
        "line 1: 127–129 umf: '   ' is not N",
        "line 1: 132–133 tipo_movimiento: '02' must be '08'",
        "line 1: 149–149 filler_149: '6' must be 1 spaces",
        "line 1: 150–167 curp: '                  ' is blank",
    ]


@pytest.mark.parametrize("line", [ALTA_LINE, BAJA_LINE])
def test_faults_leaves_no_position_of_a_line_unseen(line):
    kind = line[131:133]

    seen = [
        len(of(file_of(changed(line, place, sign)), kind, control=False))
        for place in range(1, 169)
        for sign in "\x01\xa0¡"
    ]

    assert seen == [1] * 168 * 3


def test_read_altas_returns_the_fields_by_name():
    data = file_of(ALTA_LINE, CONTROL_LINE)

    assert read_altas(data) == [
        {
            "registro_patronal": "Y543210932",
            "digito_registro_patronal": "1",
            "nss": "0225080001",
            "digito_nss": "4",
            "primer_apellido": "ALAMAN",
            "segundo_apellido": "PEREZ",
            "nombres": "RICARDO",
            "salario_base": "031804",
            "filler_110": "",
            "tipo_trabajador": "1",
            "tipo_salario": "0",
            "jornada": "0",
            "fecha_movimiento": "24082026",
            "umf": "000",
            "filler_130": "",
            "tipo_movimiento": "08",
            "guia": "01400",
            "clave_trabajador": "2026000123",
            "filler_149": "",
            "curp": "AAPR080321HDFLRCA8",
            "identificador": "9",
        }
    ]


def test_read_bajas_returns_the_fields_by_name():
    data = file_of(BAJA_LINE, CONTROL_LINE)

    assert read_bajas(data) == [
        {
            "registro_patronal": "Y543210932",
            "digito_registro_patronal": "1",
            "nss": "9225082345",
            "digito_nss": "4",
            "primer_apellido": "DE LA CRUZ",
            "segundo_apellido": "",
            "nombres": "MARIA DE LOS ANGELES",
            "zeros_104": "000000000000000",
            "fecha_movimiento": "29022028",
            "filler_127": "",
            "tipo_movimiento": "02",
            "guia": "01400",
            "clave_trabajador": "A1",
            "causa_baja": "6",
            "filler_150": "",
            "identificador": "9",
        }
    ]


@pytest.mark.parametrize("fields", [ALTA_FIELDS, BAJA_FIELDS, CONTROL_FIELDS])
def test_tables_cover_every_position_once(fields):
    positions = [place for start, end, _, _ in fields for place in range(start, end + 1)]

    assert positions == list(range(1, 169))
