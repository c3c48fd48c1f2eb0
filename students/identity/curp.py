"""The CURP: what it says, whether it can be right, and how to repair a misread one.

Source: Instructivo Normativo para la Asignación de la CURP. The words to avoid are
python-stdnum's, which refuses sex X, accepts dates to come, and is slow at the check digit of 50,000 rows.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import mul
from typing import Final

from stdnum.mx import curp as stdnum_curp

from common.dates import MONTHS, plain_date
from students.identity.errors import CurpError
from students.identity.text import compact

STATES: Final = {
    "AS": "Aguascalientes",
    "BC": "Baja California",
    "BS": "Baja California Sur",
    "CC": "Campeche",
    "CL": "Coahuila",
    "CM": "Colima",
    "CS": "Chiapas",
    "CH": "Chihuahua",
    "DF": "Ciudad de México",
    "DG": "Durango",
    "GT": "Guanajuato",
    "GR": "Guerrero",
    "HG": "Hidalgo",
    "JC": "Jalisco",
    "MC": "Estado de México",
    "MN": "Michoacán",
    "MS": "Morelos",
    "NT": "Nayarit",
    "NL": "Nuevo León",
    "OC": "Oaxaca",
    "PL": "Puebla",
    "QT": "Querétaro",
    "QR": "Quintana Roo",
    "SP": "San Luis Potosí",
    "SL": "Sinaloa",
    "SR": "Sonora",
    "TC": "Tabasco",
    "TS": "Tamaulipas",
    "TL": "Tlaxcala",
    "VZ": "Veracruz",
    "YN": "Yucatán",
    "ZS": "Zacatecas",
    "NE": "Nacido en el extranjero",
}
SEXES: Final = {"H": "hombre", "M": "mujer", "X": "no binario"}

_PLACES: Final = {"DF": "la Ciudad de México", "MC": "el Estado de México", "NE": "el extranjero"}
_LENGTH: Final = 18
_LETTERS_AT: Final = frozenset((0, 1, 2, 3, 10, 11, 12, 13, 14, 15))
_HOMOCLAVE: Final = 16
_VALUES: Final = {char: at for at, char in enumerate("0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ")}
_WEIGHTS: Final = range(18, 1, -1)
_SIGN: Final = re.compile(r"[0-9A-Z]")
_RIGHT_PLACES: Final = re.compile(r"[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z][0-9]")
_TO_DIGIT: Final = str.maketrans("OQDILZASGTB", "00011245678")
_TO_LETTER: Final = str.maketrans("01245678", "OIZASGTB")


@dataclass(frozen=True, slots=True)
class Curp:
    """A well-formed CURP and what its characters say; only RENAPO knows whether it was issued."""

    value: str
    birth_date: date
    sex: str
    state: str

    @property
    def initials(self) -> str:
        """The four letters taken from surnames and given name."""
        return self.value[:4]

    @property
    def consonants(self) -> str:
        """The three first internal consonants: first surname, second surname, given name."""
        return self.value[13:16]

    @property
    def homoclave(self) -> str:
        """The character that tells namesakes apart: a digit before the year 2000, then a letter."""
        return self.value[_HOMOCLAVE]

    @property
    def state_name(self) -> str:
        """The entity of birth, «Nacido en el extranjero» for NE."""
        return STATES[self.state]

    @property
    def sex_name(self) -> str:
        """«hombre», «mujer» or «no binario»."""
        return SEXES[self.sex]

    @property
    def tail(self) -> str:
        """«…MRNA5»: enough to tell two CURP apart, too little to give one away."""
        return f"…{self.value[-5:]}"

    @property
    def sentence(self) -> str:
        """«Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer.»"""
        place = _PLACES.get(self.state, self.state_name)
        return f"Naciste el {plain_date(self.birth_date)}, en {place}. Sexo: {self.sex_name}."


def parse_curp(text: str | None, *, today: date | None = None) -> Curp:
    """Return what a CURP says; spaces, hyphens, lower case and Ñ (X in a CURP) are forgiven.

    A birth date after `today` is refused; left out it is the date in UTC, which no Mexican time
    zone is ahead of. Raises CurpError with the sentence to show; its codes: empty, length,
    characters, word, date, future, sex, state, check_digit.
    """
    value = clean_curp(text)
    _check_length(value)
    _check_characters(value)
    if value[:4] in stdnum_curp._name_blacklist:
        raise CurpError(
            "word", "Revisa tu CURP: no puede empezar con esas cuatro letras; la segunda es una X"
        )
    birth_date = _birth_date(value, today or datetime.now(UTC).date())
    sex, state = value[10], value[11:13]
    if sex not in SEXES:
        raise CurpError("sex", f"Revisa tu CURP: la letra 11 es H, M o X; escribiste {sex}")
    if state not in STATES:
        raise CurpError(
            "state", f"Revisa tu CURP: las letras 12 y 13 ({state}) no son de ninguna entidad"
        )
    if value[-1] != curp_check_digit(value):
        raise CurpError(
            "check_digit",
            "Revisa tu CURP: el último número no corresponde. "
            "Suele pasar al confundir la letra O con el cero",
        )
    return Curp(value=value, birth_date=birth_date, sex=sex, state=state)


def clean_curp(text: str | None) -> str:
    """Return the text in capitals without spaces and hyphens, Ñ as X; nothing else is changed."""
    return compact(text).upper().replace("Ñ", "X")


def curp_check_digit(first_17: str) -> str:
    """Return the check digit that RENAPO's rule gives to the first 17 characters; what follows them is not read."""
    return str(-sum(map(mul, map(_VALUES.__getitem__, first_17), _WEIGHTS)) % 10)


def fold_curp(text: str | None) -> str:
    """Return the text with misread characters put right where only a letter or a digit can stand.

    `O` in the date becomes `0`, `5` in the name becomes `S`; the 17th character may be either
    and stays. Text of another length comes back cleaned but unfolded.
    """
    value = clean_curp(text)
    if len(value) != _LENGTH:
        return value
    return "".join(
        char if at == _HOMOCLAVE else char.translate(_TO_LETTER if at in _LETTERS_AT else _TO_DIGIT)
        for at, char in enumerate(value)
    )


def same_curp(read: str | None, known: str) -> bool:
    """Return whether what was read is the known CURP once look-alike characters are folded.

    The known one must have a valid check digit. A twin, who differs in a real character, is
    not confirmed.
    """
    if len(known) != _LENGTH or known[-1] != curp_check_digit(known):
        return False
    return known in _homoclave_readings(fold_curp(read))


def suggest_curp(text: str | None, *, today: date | None = None) -> str | None:
    """Return the one valid CURP that look-alike characters turn this text into, None otherwise.

    For «¿Usar 0?»: a person decides. A CURP that is already valid needs no suggestion.
    """
    value = clean_curp(text)
    valid = [
        candidate
        for candidate in _homoclave_readings(fold_curp(value))
        if _is_valid_curp(candidate, today)
    ]
    return valid[0] if len(valid) == 1 and valid[0] != value else None


def _check_length(value: str) -> None:
    if not value:
        raise CurpError("empty", "Escribe tu CURP")
    if len(value) != _LENGTH:
        raise CurpError(
            "length", f"La CURP debe tener 18 letras y números; escribiste {len(value)}"
        )


def _check_characters(value: str) -> None:
    if _RIGHT_PLACES.fullmatch(value):
        return
    at, char = next((at, char) for at, char in enumerate(value) if not _fits(char, at))
    if not _SIGN.fullmatch(char):
        raise CurpError("characters", f"Quita «{char}»: la CURP lleva solo letras y números")
    wanted = "una letra" if at in _LETTERS_AT else "un número"
    advice = ". Suele pasar al confundir la letra O con el cero" if char in "O0" else ""
    raise CurpError(
        "characters",
        f"Revisa tu CURP: en el lugar {at + 1} va {wanted} y escribiste «{char}»{advice}",
    )


def _fits(char: str, at: int) -> bool:
    is_right_kind = at == _HOMOCLAVE or char.isdigit() != (at in _LETTERS_AT)
    return is_right_kind and _SIGN.fullmatch(char) is not None


def _birth_date(value: str, today: date) -> date:
    year, month, day = int(value[4:6]), int(value[6:8]), int(value[8:10])
    year += 1900 if value[_HOMOCLAVE].isdigit() else 2000
    if not 1 <= month <= len(MONTHS):
        raise CurpError("date", f"Revisa tu CURP: el mes {value[6:8]} no existe")
    try:
        birth_date = date(year, month, day)
    except ValueError:
        leap_day = f" de {year}" if (month, day) == (2, 29) else ""
        raise CurpError(
            "date", f"Revisa tu CURP: la fecha {day} de {MONTHS[month - 1]}{leap_day} no existe"
        ) from None
    if birth_date > today:
        raise CurpError(
            "future", f"Revisa tu CURP: la fecha {plain_date(birth_date)} todavía no llega"
        )
    return birth_date


def _homoclave_readings(folded: str) -> list[str]:
    if len(folded) != _LENGTH:
        return [folded]
    char = folded[_HOMOCLAVE]
    other = char.translate(_TO_LETTER if char.isdigit() else _TO_DIGIT)
    swapped = f"{folded[:_HOMOCLAVE]}{other}{folded[_HOMOCLAVE + 1 :]}"
    return [folded] if swapped == folded else [folded, swapped]


def _is_valid_curp(value: str, today: date | None) -> bool:
    try:
        parse_curp(value, today=today)
    except CurpError:
        return False
    return True
