"""The code that a student types the first time: how it is made, typed, kept and compared.

40 bits from 32 symbols that nobody confuses; only a keyed HMAC is ever stored.
"""

import hashlib
import hmac
import secrets
from typing import Final

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0, O, 1 and I
LENGTH: Final = 8
_SEPARATORS: Final = str.maketrans("", "", " -–—_.\u00a0\u200b")


def new_code() -> str:
    """Return eight random symbols, each of 5 bits from the system's secure source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def clean_code(typed: str) -> str:
    """Return what was typed in capitals, without the spaces and hyphens of the slip."""
    return typed.strip().translate(_SEPARATORS).upper()


def grouped(code: str) -> str:
    """Return a code as the slip prints it: «ABCD 2345»."""
    return f"{code[:4]} {code[4:]}"


def code_hmac(code: str, *, key: str, scope: str) -> str:
    """Return the keyed hash under which a secret is stored, as 64 hex digits.

    `scope` binds it to its owner and channel: the same code of another student has another hash.
    """
    message = f"{scope}\n{clean_code(code)}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def same_hmac(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left, right)
