"""CURP and NSS: text in, dataclass or Spanish sentence out."""

from students.identity.curp import (
    SEXES,
    STATES,
    Curp,
    clean_curp,
    curp_check_digit,
    fold_curp,
    parse_curp,
    same_curp,
    suggest_curp,
)
from students.identity.errors import CurpError, IdentityError, NssError
from students.identity.names import curp_matches_names, curp_name_letters
from students.identity.nss import (
    mask_nss,
    nss_birth_year_warning,
    nss_check_digit,
    nss_has_valid_digit,
    parse_nss,
)

__all__ = [
    "SEXES",
    "STATES",
    "Curp",
    "CurpError",
    "IdentityError",
    "NssError",
    "clean_curp",
    "curp_check_digit",
    "curp_matches_names",
    "curp_name_letters",
    "fold_curp",
    "mask_nss",
    "nss_birth_year_warning",
    "nss_check_digit",
    "nss_has_valid_digit",
    "parse_curp",
    "parse_nss",
    "same_curp",
    "suggest_curp",
]
