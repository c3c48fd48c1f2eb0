"""The NSS: eleven digits that IMSS gives a person for life, closed by a Luhn digit.

Positions: 1-2 subdelegación, 3-4 year of inscription, 5-6 year of birth, 7-10 folio, 11 digit.
"""

import re
from datetime import date
from typing import Final

from stdnum import luhn

from students.identity.errors import NssError
from students.identity.text import compact

_LENGTH: Final = 11


def parse_nss(text: str | None, *, check_digit: bool = True) -> str:
    """Return the eleven digits of a NSS; spaces, hyphens and dots are forgiven.

    `check_digit=False` is the audited override of staff for historic numbers. Raises NssError
    with the sentence to show; its codes: empty, characters, length, zeros, check_digit.
    """
    value = compact(text).replace(".", "")
    if not value:
        raise NssError("empty", "Escribe tu NSS")
    strange = re.search(r"[^0-9]", value)
    if strange:
        raise NssError(
            "characters",
            f"El NSS lleva solo números; escribiste «{strange.group()}». Cópialo de tu acuse",
        )
    if len(value) != _LENGTH:
        raise NssError("length", f"El NSS tiene 11 números; escribiste {len(value)}")
    if value == "0" * _LENGTH:
        raise NssError("zeros", "Revisa el NSS: no puede tener solo ceros. Cópialo de tu acuse")
    if check_digit and not nss_has_valid_digit(value):
        raise NssError(
            "check_digit", "Revisa el NSS: el último número no corresponde con los demás"
        )
    return value


def nss_has_valid_digit(nss: str) -> bool:
    """Return whether eleven digits end in the Luhn digit of the first ten."""
    return re.fullmatch(r"[0-9]{11}", nss) is not None and luhn.is_valid(nss)


def nss_check_digit(first_10: str) -> str:
    """Return the Luhn digit that closes a NSS."""
    return luhn.calc_check_digit(first_10)


def mask_nss(nss: str | None) -> str:
    """Return «•••••••1234»; nothing for a person without NSS."""
    return f"•••••••{nss[-4:]}" if nss else ""


def nss_birth_year_warning(nss: str, birth_date: date) -> str | None:
    """Return a warning when digits 5 and 6 of the NSS are not the year of birth, None if they are.

    A warning only: numbers assigned with a wrong year exist and stay valid.
    """
    if nss[4:6] == f"{birth_date.year % 100:02d}":
        return None
    return (
        f"El NSS trae el año de nacimiento {nss[4:6]} y la CURP dice {birth_date.year}: "
        "comprobar que sea de este estudiante"
    )
