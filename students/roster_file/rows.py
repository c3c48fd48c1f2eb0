"""A table and its matched columns in, clean rows and everything that is wrong with the others out.

Pure: what the database must answer (taken, changed, of another plantel) is students.queries.roster's.
Works column by column, so 50,000 rows cost seconds, not minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Final

from students.identity.curp import Curp
from students.identity.names import curp_matches_names
from students.roster_file import cells
from students.roster_file.cells import Cell, CellError, Repaired
from students.roster_file.columns import FIELDS, REQUIRED

OLDEST_ENROLMENT_YEARS: Final = 6
REPEATED: Final = frozenset(
    (
        "given_names",
        "first_surname",
        "second_surname",
        "group",
        "shift",
        "semester",
        "sex",
        "enrolled_on",
        "birth_date",
        "status",
    )
)
MISSING: Final = {
    "matricula": "Escribir la matrícula del estudiante",
    "given_names": "Escribir el nombre",
    "first_surname": "Escribir el apellido; si solo tiene uno, va aquí",
    "group": "Escribir el grupo",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell about one cell; only one that `blocks` keeps its row out."""

    line: int
    field: str
    value: str
    problem: str
    remedy: str
    fix: str = ""
    blocks: bool = True


def count_bad(findings: Iterable[Finding]) -> int:
    """Return how many rows are kept out."""
    return len({finding.line for finding in findings if finding.blocks})


@dataclass(slots=True)
class RosterRow:
    """One student of the roster, clean; "" is «not told»."""

    line: int
    matricula: str = ""
    given_names: str = ""
    first_surname: str = ""
    second_surname: str = ""
    group: str = ""
    curp: str = ""
    email: str = ""
    phone: str = ""
    shift: str = ""
    semester: str = ""
    nss: str = ""
    enrolled_on: str = ""
    birth_date: str = ""
    sex: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be imported as far as the file alone can tell, and every finding.

    `marked` are those that say that the student left: nothing of them is imported, a person decides. `matriculas` and
    `curps` are those of every row that could be read, of the wrong rows too: who is named in the list is in it.
    """

    rows: list[RosterRow]
    findings: list[Finding]
    matriculas: frozenset[str] = frozenset()
    curps: frozenset[str] = frozenset()
    marked: Sequence[RosterRow] = ()


def check_rows(
    lines: Sequence[int],
    rows: Sequence[Sequence[Cell]],
    matching: Mapping[str, int],
    *,
    today: date,
    fixes: Mapping[str, str] | None = None,
) -> Checked:
    """Clean every row; `matching` gives a field's column, `fixes` replace «line:field».

    The obligatory fields have a column always.
    """
    clean = [RosterRow(line) for line in lines]
    findings: list[Finding] = []
    curps: dict[str, Curp] = {}
    for field in FIELDS:
        if field in matching:
            values = _values(lines, rows, matching[field], field, fixes or {})
            cleaner = _cleaner(field, today, curps)
            _clean_column(field, clean, values, cleaner, findings)
    for field in REQUIRED:
        _check_present(field, clean, findings)
    _check_lost_zeros(clean, rows, matching, findings)
    _check_dates(clean, findings, today)
    _check_curp_against_row(clean, curps, findings)
    for field in ("matricula", "curp", "nss"):
        _check_once(field, clean, findings)
    findings.sort(key=lambda finding: (not finding.blocks, finding.line))
    bad = {finding.line for finding in findings if finding.blocks}
    good = [row for row in clean if row.line not in bad]
    return Checked(
        [row for row in good if not row.status],
        findings,
        frozenset(row.matricula for row in clean),
        frozenset(row.curp for row in clean if row.curp),
        [row for row in good if row.status],
    )


def _values(
    lines: Sequence[int],
    rows: Sequence[Sequence[Cell]],
    column: int,
    field: str,
    fixes: Mapping[str, str],
) -> list[Cell]:
    values: list[Cell] = [row[column] for row in rows]
    if fixes:
        values = [
            fixes.get(f"{line}:{field}", value) for line, value in zip(lines, values, strict=True)
        ]
    return values


def _cleaner(field: str, today: date, curps: dict[str, Curp]) -> Callable[[Cell], str | Repaired]:
    cleaners: dict[str, Callable[[Cell], str | Repaired]] = {
        "matricula": cells.clean_matricula,
        "given_names": partial(cells.clean_name, longest=80),
        "first_surname": partial(cells.clean_name, longest=60),
        "second_surname": partial(cells.clean_name, longest=60),
        "group": cells.clean_group,
        "curp": partial(cells.clean_curp, today=today, seen=curps),
        "email": cells.clean_email,
        "phone": cells.clean_phone,
        "shift": cells.clean_shift,
        "semester": cells.clean_semester,
        "nss": cells.clean_nss,
        "enrolled_on": cells.clean_date,
        "birth_date": cells.clean_date,
        "sex": cells.clean_sex,
        "status": cells.clean_status,
    }
    return cleaners[field]


def _clean_column(
    field: str,
    clean: Sequence[RosterRow],
    values: Sequence[Cell],
    cleaner: Callable[[Cell], str | Repaired],
    findings: list[Finding],
) -> None:
    known: dict[str, str] = {}
    memo = known if field in REPEATED else None
    for row, value in zip(clean, values, strict=True):
        if type(value) is str:
            if not value:
                continue
            if memo is not None and value in memo:
                setattr(row, field, memo[value])
                continue
        try:
            result = cleaner(value)
        except CellError as error:
            findings.append(
                Finding(row.line, field, shown(value), error.problem, error.remedy, error.fix)
            )
            continue
        if isinstance(result, Repaired):
            findings.append(
                Finding(
                    row.line, field, shown(value), result.problem, result.remedy, result.fix, False
                )
            )
            result = result.value
        elif memo is not None and type(value) is str:
            memo[value] = result
        setattr(row, field, result)


def shown(value: Cell) -> str:
    """Return a cell as the review shows it: short, on one line."""
    text = " ".join((value if isinstance(value, str) else value[1]).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _check_present(field: str, clean: Sequence[RosterRow], findings: list[Finding]) -> None:
    """Of who left nothing is imported, so the matrícula is enough."""
    told = {finding.line for finding in findings if finding.field == field}
    told |= {row.line for row in clean if row.status and field != "matricula"}
    label = FIELDS[field].label
    findings.extend(
        Finding(row.line, field, "", f"Falta: {label}", MISSING[field])
        for row in clean
        if not getattr(row, field) and row.line not in told
    )


def _check_lost_zeros(
    clean: Sequence[RosterRow],
    rows: Sequence[Sequence[Cell]],
    matching: Mapping[str, int],
    findings: list[Finding],
) -> None:
    """Stop a matrícula saved as a number that is shorter than the text ones of the file."""
    column = matching["matricula"]
    texts = Counter(
        len(row.matricula)
        for row, source in zip(clean, rows, strict=True)
        if isinstance(source[column], str) and row.matricula.startswith("0")
    )
    if not texts:
        return
    usual = texts.most_common(1)[0][0]
    for row, source in zip(clean, rows, strict=True):
        number = row.matricula
        if not isinstance(source[column], str) and number.isdigit() and len(number) < usual:
            fix = number.zfill(usual)
            findings.append(
                Finding(
                    row.line,
                    "matricula",
                    number,
                    f"Tiene {len(number)} números y las demás {usual}: Excel pudo quitarle ceros",
                    f"¿Usar {fix}?",
                    fix,
                )
            )


def _check_dates(clean: Sequence[RosterRow], findings: list[Finding], today: date) -> None:
    oldest = today.replace(year=today.year - OLDEST_ENROLMENT_YEARS, day=1).isoformat()
    newest = today.isoformat()
    for row in clean:
        day = row.enrolled_on
        if not day or oldest <= day <= newest:
            continue
        problem = "La fecha de inscripción todavía no llega"
        if day < oldest:
            problem = f"La fecha de inscripción es de hace más de {OLDEST_ENROLMENT_YEARS} años"
        findings.append(
            Finding(
                row.line,
                "enrolled_on",
                day,
                problem,
                "Corregirla, o dejarla vacía: usamos la de hoy",
            )
        )


def _check_curp_against_row(
    clean: Sequence[RosterRow], curps: Mapping[str, Curp], findings: list[Finding]
) -> None:
    letters = {row.sex for row in clean if row.sex}
    # «M» is mujer beside H, masculino beside F; alone it says nothing.
    m_means = "H" if "M" in letters and "H" not in letters else "M" if "H" in letters else ""
    for row in clean:
        if not row.curp:
            continue
        curp = curps[row.curp]
        if row.birth_date or row.sex:
            _compare_birth(row, curp, m_means, findings)
        warnings = curp_matches_names(curp, row.given_names, row.first_surname, row.second_surname)
        if warnings:
            one = warnings[0].replace("revisa ", "revisar ")
            problem = one if len(warnings) == 1 else "La CURP no corresponde con el nombre"
            findings.append(
                Finding(row.line, "curp", row.curp, problem, "Comparar con el acta", blocks=False)
            )


def _compare_birth(row: RosterRow, curp: Curp, m_means: str, findings: list[Finding]) -> None:
    if row.birth_date and row.birth_date != curp.birth_date.isoformat():
        findings.append(
            Finding(
                row.line,
                "birth_date",
                row.birth_date,
                f"La CURP dice que nació el {curp.birth_date:%d/%m/%Y}",
                "Revisar cuál está mal: la CURP o la fecha",
            )
        )
    sex = m_means if row.sex == "?" else row.sex
    if sex and sex != curp.sex:
        findings.append(
            Finding(
                row.line,
                "sex",
                row.sex.replace("?", "M"),
                f"La CURP dice {curp.sex_name}",
                "Revisar cuál está mal: la CURP o el sexo",
            )
        )


def _check_once(field: str, clean: Sequence[RosterRow], findings: list[Finding]) -> None:
    """Stop rows that share a number; of equal rows only the later ones."""
    value_of = attrgetter(field)
    counts = Counter(map(value_of, clean))
    del counts[""]
    if len(counts) == counts.total():
        return
    places: defaultdict[str, list[RosterRow]] = defaultdict(list)
    for row in clean:
        if counts[value_of(row)] > 1:
            places[value_of(row)].append(row)
    label = FIELDS[field].label
    for value, rows in places.items():
        equal = all(_same(row, rows[0]) for row in rows[1:])
        for row in rows[1:] if equal else rows:
            other = rows[0].line if row is not rows[0] else rows[1].line
            problem = f"{label}: la misma está en la fila {other}"
            if equal:
                problem = f"La fila repite la {other}"
            findings.append(
                Finding(row.line, field, value, problem, "Borrar una de las dos o corregirla")
            )


def _same(row: RosterRow, other: RosterRow) -> bool:
    return all(
        getattr(row, name) == getattr(other, name) for name in RosterRow.__slots__ if name != "line"
    )
