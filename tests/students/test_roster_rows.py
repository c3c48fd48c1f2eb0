"""What a row of a roster may look like, what is put right, and what a person must decide."""

from datetime import date
from typing import Any

import pytest

from students.identity import curp_check_digit
from students.roster_file import FIELDS, REQUIRED, Finding, check_rows
from students.roster_file.rows import RosterRow

TODAY = date(2026, 9, 1)
CURP = "GOMA080214MSRMRNA5"
ANA = {
    "matricula": "26050148",
    "given_names": "Ana",
    "first_surname": "Gómez",
    "second_surname": "Martínez",
    "group": "101",
}


def check(*rows: dict[str, Any], fixes: dict[str, str] | None = None):
    keys = list(FIELDS)
    table = [[row.get(key, "") for key in keys] for row in rows]
    matching = {key: index for index, key in enumerate(keys)}
    return check_rows(range(2, len(rows) + 2), table, matching, today=TODAY, fixes=fixes)


def value_of(field: str, cell: Any) -> str:
    """Return the clean value of one cell in an otherwise good row."""
    checked = check({**ANA, field: cell})
    assert [finding for finding in checked.findings if finding.blocks] == []
    value: str = getattr(checked.rows[0], field)
    return value


def problem_of(field: str, cell: Any) -> tuple[str, str]:
    """Return problem and proposed value of the one error that a cell causes."""
    checked = check({**ANA, field: cell})
    assert checked.rows == []
    (finding,) = [finding for finding in checked.findings if finding.blocks]
    assert (finding.line, finding.field) == (2, field)
    return finding.problem, finding.fix


def test_check_rows_minimum() -> None:
    checked = check(ANA)

    assert (checked.rows, checked.findings) == ([RosterRow(line=2, **ANA)], [])


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("matricula", " 2605-0148 ", "2605-0148"),
        ("matricula", "0026a", "0026A"),
        ("matricula", ["n", "26050148"], "26050148"),
        ("matricula", "26050148.0", "26050148"),
        ("given_names", "Ana\u00a0 María\u200b", "Ana María"),
        ("given_names", "Jose\u0301", "José"),
        ("first_surname", "D’Ángelo-Núñez", "D’Ángelo-Núñez"),
        ("first_surname", "Ma. de la O", "Ma. de la O"),
        ("group", ["n", "101"], "101"),
        ("group", " 1°a ", "1°A"),
        ("curp", "goma 080214-msrmrna5", CURP),
        ("curp", "\ufeffGOMA080214MSRMRNA5\u200b", CURP),
        ("curp", "", ""),
        ("email", " Ana.G@Correo.EXAMPLE ", "Ana.G@correo.example"),
        ("email", "mailto:ana@correo.example;", "ana@correo.example"),
        ("phone", "(662) 123-45 67", "6621234567"),
        ("phone", "+52 1 662 123 4567", "6621234567"),
        ("phone", "044 662 123 4567", "6621234567"),
        ("phone", ["n", "6621234567"], "6621234567"),
        ("shift", "MATUTINO", "matutino"),
        ("shift", "turno vespertino", "vespertino"),
        ("shift", "V", "vespertino"),
        ("semester", "1er Semestre", "1"),
        ("semester", "TERCERO", "3"),
        ("semester", "V", "5"),
        ("semester", ["n", "2"], "2"),
        ("nss", "24 26 08 1234-2", "24260812342"),
        ("nss", ["n", "24260812342"], "24260812342"),
        ("nss", ["n", "2250800014"], "02250800014"),
        ("enrolled_on", ["d", "2026-08-24"], "2026-08-24"),
        ("enrolled_on", ["n", "46258"], "2026-08-24"),
        ("enrolled_on", "46258", "2026-08-24"),
        ("enrolled_on", "2026-08-24", "2026-08-24"),
        ("enrolled_on", "2026-08-24 00:00:00", "2026-08-24"),
        ("enrolled_on", "24/08/2026", "2026-08-24"),
        ("enrolled_on", "24-8-26", "2026-08-24"),
        ("enrolled_on", "24 de agosto de 2026", "2026-08-24"),
        ("sex", "Mujer", "M"),
    ],
)
def test_check_rows_puts_right(field: str, cell: Any, expected: str) -> None:
    assert value_of(field, cell) == expected


@pytest.mark.parametrize(
    ("field", "cell", "problem", "fix"),
    [
        ("matricula", "", "Falta: Matrícula", ""),
        ("given_names", " ", "Falta: Nombre(s)", ""),
        ("first_surname", "", "Falta: Primer apellido", ""),
        ("group", "", "Falta: Grupo", ""),
        ("matricula", "2.60501E+07", "Excel lo cambió a notación científica y se perdieron números", ""),
        ("matricula", ["n", "2605014826050148"], "El número es más largo de lo que Excel guarda y perdió cifras", ""),
        ("matricula", ["d", "2026-05-01"], "Excel lo convirtió en fecha", ""),
        ("matricula", "26#5", "La matrícula lleva de 2 a 20 letras, números o guiones", ""),
        ("given_names", "An4", "Tiene «4», que no va en un nombre", ""),
        ("given_names", "Gómez, Ana", "Tiene «,», que no va en un nombre", ""),
        ("given_names", "JosÃ©", "Hay letras que no se leyeron bien", ""),
        ("given_names", "Jos\ufffd", "Hay letras que no se leyeron bien", ""),
        ("given_names", "Jos‚", "Hay letras que no se leyeron bien", ""),
        ("given_names", "a" * 81, "Tiene 81 letras; caben 80", ""),
        ("given_names", ["f", "Ana"], "La celda tiene una fórmula, no un dato", ""),
        ("group", ["m", ""], "La celda está combinada con otra y no tiene dato propio", ""),
        ("group", ["d", "2026-01-03"], "Excel convirtió el grupo en fecha", ""),
        ("group", "ciento uno letra a", "El grupo tiene 18 letras; caben 12", ""),
        (
            "curp",
            "GOMAO80214MSRMRNA5",
            "En el lugar 5 va un número y dice «O». Suele pasar al confundir la letra O con el cero",
            CURP,
        ),
        ("curp", "GOMA080214MSRMRNA", "La CURP debe tener 18 letras y números; tiene 17", ""),
        ("curp", "GOMA080230MSRMRNA5", "La fecha 30 de febrero no existe", ""),
        ("email", "ana.correo.example", "El correo no está completo o tiene un signo de más", ""),
        ("email", "ana@correo.example\r\nBcc: x@y.example", "El correo no está completo o tiene un signo de más", ""),
        ("phone", "662123456", "El celular debe tener 10 dígitos; tiene 9", ""),
        ("shift", "lunes", "No reconocemos ese turno", ""),
        ("semester", "9", "El semestre va del 1 al 6", ""),
        ("nss", "24260812343", "El último número no corresponde con los demás", ""),
        ("nss", "2.42608E+10", "Excel lo cambió a notación científica y se perdieron números", ""),
        ("nss", "2250800014", "El NSS tiene 11 números; aquí hay 10", "02250800014"),
        ("nss", "1234", "El NSS tiene 11 números; tiene 4", ""),
        ("enrolled_on", "08/24/2026", "No es una fecha que exista", ""),
        ("enrolled_on", "ayer", "No es una fecha que exista", ""),
        ("enrolled_on", "02/09/2026", "La fecha de inscripción todavía no llega", ""),
        ("enrolled_on", "01/01/2001", "La fecha de inscripción es de hace más de 6 años", ""),
        ("sex", "otro", "No reconocemos ese sexo", ""),
    ],
)  # fmt: skip
def test_check_rows_tells(field: str, cell: Any, problem: str, fix: str) -> None:
    assert problem_of(field, cell) == (problem, fix)


@pytest.mark.parametrize("field", sorted(FIELDS.keys() - set(REQUIRED)))
def test_check_rows_blank_cell_tells_nothing(field: str) -> None:
    assert value_of(field, " \u00a0") == ""


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Baja Temporal", "TEMPORARY"),
        ("BT", "TEMPORARY"),
        ("temporal", "TEMPORARY"),
        ("BAJA DEFINITIVA", "DEFINITIVE"),
        ("Baja por deserción", "LEFT"),
        ("Egresada", "FINISHED"),
        ("Egreso", "FINISHED"),
        ("X", "LEFT"),
        ("Sí", "LEFT"),
        ("Trasladado a otro plantel", "LEFT"),
    ],
)
def test_check_rows_takes_out_who_left(cell: str, kind: str) -> None:
    """The matrícula is enough: nothing else of the row is imported."""
    checked = check({"matricula": ANA["matricula"], "status": cell})

    assert checked.rows == []
    assert [row.status for row in checked.marked] == [kind]
    assert checked.matriculas == {ANA["matricula"]}
    assert checked.findings == []


@pytest.mark.parametrize("cell", ["", "Activo", "ALUMNO REGULAR", "no", "Reinscrita"])
def test_check_rows_keeps_who_is_enrolled(cell: str) -> None:
    checked = check({**ANA, "status": cell})

    assert (len(checked.rows), checked.marked, checked.findings) == (1, [], [])


def test_check_rows_withdraws_nobody_by_a_guess() -> None:
    checked = check({**ANA, "status": "??? pendiente"})

    (finding,) = checked.findings
    assert len(checked.rows) == 1
    assert (finding.problem, finding.remedy, finding.blocks) == (
        "No reconocemos esa situación",
        "Se toma como inscrito",
        False,
    )


def test_check_rows_who_left_without_a_matricula() -> None:
    checked = check({"status": "baja"})

    assert checked.marked == []
    assert [finding.problem for finding in checked.findings] == ["Falta: Matrícula"]


def test_check_rows_tells_every_error_of_a_row() -> None:
    checked = check({**ANA, "matricula": "", "curp": "X", "email": "no", "group": ["f", "101"]})

    assert sorted(finding.field for finding in checked.findings) == [
        "curp",
        "email",
        "group",
        "matricula",
    ]
    assert checked.rows == []


def test_check_rows_repairs_are_told_and_do_not_block() -> None:
    checked = check({**ANA, "nss": ["n", "2250800014"], "email": "ana@gmial.com"})

    email, nss = checked.findings
    assert (email.problem, email.fix, email.blocks) == (
        "«gmial.com» parece mal escrito",
        "ana@gmail.com",
        False,
    )
    assert nss == Finding(
        2,
        "nss",
        "2250800014",
        "Excel le quitó el cero del principio",
        "Usamos 02250800014",
        blocks=False,
    )
    assert (checked.rows[0].nss, checked.rows[0].email) == ("02250800014", "ana@gmial.com")


def test_check_rows_fix_replaces_the_cell() -> None:
    checked = check({**ANA, "curp": "GOMAO80214MSRMRNA5"}, fixes={"2:curp": CURP})

    assert (checked.rows[0].curp, checked.findings) == (CURP, [])


def test_check_rows_lost_zeros_of_a_matricula() -> None:
    rows = [{**ANA, "matricula": "00123"}, {**ANA, "matricula": ["n", "124"]}]

    (finding,) = check(*rows).findings

    assert (finding.line, finding.fix) == (3, "00124")
    assert finding.problem == "Tiene 3 números y las demás 5: Excel pudo quitarle ceros"


def test_check_rows_birth_date_and_sex_against_the_curp() -> None:
    checked = check({**ANA, "curp": CURP, "birth_date": "15/02/2008", "sex": "H"})

    assert [(finding.field, finding.problem) for finding in checked.findings] == [
        ("birth_date", "La CURP dice que nació el 14/02/2008"),
        ("sex", "La CURP dice mujer"),
    ]


@pytest.mark.parametrize(
    ("other", "blocked"), [("H", False), ("F", True), ("", False)], ids=["H/M", "F/M", "M alone"]
)
def test_check_rows_letter_m_depends_on_its_column(other: str, blocked: bool) -> None:
    """«M» is mujer beside H, masculino beside F, and says nothing alone."""
    rows = [{**ANA, "curp": CURP, "sex": "M"}, {**ANA, "matricula": "26050149", "sex": other}]

    assert bool([finding for finding in check(*rows).findings if finding.line == 2]) == blocked


def test_check_rows_name_against_the_curp_only_warns() -> None:
    checked = check({**ANA, "curp": CURP, "first_surname": "Pérez"})

    assert [(finding.field, finding.blocks) for finding in checked.findings] == [("curp", False)]
    assert len(checked.rows) == 1


@pytest.mark.parametrize("field", ["matricula", "curp", "nss"])
def test_check_rows_number_of_two_persons(field: str) -> None:
    shared = {"matricula": "26050148", "curp": CURP, "nss": "24260812342"}[field]
    rows = [
        {**ANA, field: shared},
        {**ANA, "matricula": "26050149", "given_names": "Amelia", field: shared},
    ]

    findings = check(*rows).findings

    assert [(finding.line, finding.problem) for finding in findings if finding.blocks] == [
        (2, f"{FIELDS[field].label}: la misma está en la fila 3"),
        (3, f"{FIELDS[field].label}: la misma está en la fila 2"),
    ]


def test_check_rows_equal_rows_keep_the_first() -> None:
    checked = check(ANA, ANA, {**ANA, "matricula": "26050149"})

    assert [row.line for row in checked.rows] == [2, 4]
    assert [finding.problem for finding in checked.findings] == ["La fila repite la 2"]


def test_check_rows_errors_come_before_warnings() -> None:
    rows = [{**ANA, "email": "ana@gmial.com"}, {**ANA, "matricula": ""}]

    assert [finding.line for finding in check(*rows).findings] == [3, 2]


def test_check_rows_five_thousand_in_seconds() -> None:
    letters = "BCDFGHJKLMNPQRSTVWXYZ"
    rows = []
    for n in range(5_000):
        front = f"GOMA080214MSR{letters[n // 441 % 21]}{letters[n // 21 % 21]}{letters[n % 21]}"
        front += "AB"[n // 9261]
        curp = front + curp_check_digit(front)
        rows.append({**ANA, "matricula": f"26{n:06d}", "curp": curp})

    assert len(check(*rows).rows) == 5_000
