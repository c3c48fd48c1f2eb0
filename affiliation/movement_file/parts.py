"""What goes into a movement file and what comes out of one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

ALTA: Final = "08"
"""Also the reingreso of who was insured before."""
BAJA: Final = "02"

KEEP: Final = "KEEP"
REPLACE: Final = "REPLACE"
STOP: Final = "STOP"
LIST: Final = "LIST"
CODECS: Final = {"ASCII": "ascii", "CP1252": "cp1252"}
LINE_ENDINGS: Final = {"CRLF": "\r\n", "LF": "\n"}
FILLERS: Final = {"SPACES": " " * 6, "ZEROS": "0" * 6}

LENGTH: Final = 168
LONGEST_NAME: Final = 27
LONGEST_KEY: Final = 10
CAUSAS: Final = frozenset("123456789A")
"""The causas de baja of IMSS."""

NAMES: Final = {
    "first_surname": "el primer apellido",
    "second_surname": "el segundo apellido",
    "given_names": "el nombre",
}
BAJAS: Final = {
    "TEMPORARY": "baja temporal",
    "DEFINITIVE": "baja definitiva",
    "FINISHED": "egreso",
    "TRANSFER": "traslado a otro plantel",
    "OPTED_OUT": "renuncia al seguro",
}
"""Why a student leaves, as a school says it; a profile gives each the causa de baja of IMSS."""


@dataclass(frozen=True)
class Profile:
    """How one registro patronal sends its movements; what has no default only its Subdelegación knows.

    `salario` is in centavos. `umf_desconocida` is written while the clinic is not known. `causas` goes from a key of
    BAJAS to one of CAUSAS. `encoding`, `line_ending` and `filler` (positions 110 to 115 of an alta) are keys of CODECS,
    LINE_ENDINGS and FILLERS. `enie`, `accents` (of any letter but Ñ) and `signs` (what joins names: apostrophe, always
    the straight one, hyphen, period) are KEEP or REPLACE. `changes` says whether a replaced character is a problem
    (STOP) or only listed (LIST).
    """

    registro_patronal: str
    guia: str
    salario: int | None
    tipo_trabajador: str
    tipo_salario: str
    jornada: str
    umf_desconocida: str
    causas: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "ASCII"
    enie: str = REPLACE
    accents: str = REPLACE
    signs: str = REPLACE
    changes: str = LIST
    line_ending: str = "CRLF"
    control_record: bool = True
    filler: str = "SPACES"


@dataclass(frozen=True)
class Movement:
    """One student's alta or baja.

    A baja needs its `baja_kind`, a key of BAJAS, and writes neither CURP nor UMF. `worker_key` is the employer's own,
    such as the matrícula, or empty; `fits_key` says whether there is place for it, and it is written in capitals.
    `reference` is ours, comes back in the problems and is not written.
    """

    kind: str
    nss: str
    first_surname: str
    second_surname: str
    given_names: str
    curp: str
    date: dt.date
    umf: str | None = None
    worker_key: str = ""
    baja_kind: str | None = None
    reference: str = ""


@dataclass(frozen=True)
class Problem:
    """Why something cannot be written, and what to do; `reference` is the movement's, empty for the file's own."""

    field: str
    code: str
    sentence: str
    reference: str = ""


@dataclass(frozen=True)
class Change:
    """A name that is written with other characters than the student's own."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@dataclass(frozen=True)
class Record:
    """One line as it stands in a file; what a baja does not carry is empty. `salario` is in centavos."""

    kind: str
    registro_patronal: str
    guia: str
    nss: str
    first_surname: str
    second_surname: str
    given_names: str
    date: dt.date
    worker_key: str
    salario: int | None = None
    tipo_trabajador: str = ""
    tipo_salario: str = ""
    jornada: str = ""
    umf: str = ""
    curp: str = ""
    causa: str = ""


class CannotWrite(Exception):
    """Something cannot be written as it is, so no file is made; `problems` says what."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.sentence = f"El archivo no se hizo. Datos por corregir: {len(self.problems)}"
        super().__init__(self.sentence)


class Malformed(Exception):
    """A file that is not of this structure; `line` and `position` count from 1, and no datum is in the sentence."""

    def __init__(self, line: int, position: int, reason: str) -> None:
        self.line = line
        self.position = position
        self.sentence = f"Línea {line}, posición {position}: {reason}"
        super().__init__(self.sentence)
