"""The slips of the finger in an e-mail address, answered with a question, never with a refusal."""

from rapidfuzz.distance import DamerauLevenshtein

_COMMON = (
    *("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.com"),
    *("hotmail.es", "outlook.es", "yahoo.es", "yahoo.com.mx", "live.com.mx", "msn.com"),
    "prodigy.net.mx",
)
_REAL = frozenset((*_COMMON, "ymail.com", "mail.com", "email.com", "gmx.com", "me.com", "mac.com"))
_MISREAD = {"gmail.com.mx": "gmail.com", "hotmail.com.mx": "hotmail.com", "gmail": "gmail.com"}
_TYPOS = 2


def suggested_email(email: str) -> str:
    """Return the address that was probably meant; nothing when the domain looks right or unknown."""
    name, _, domain = email.rpartition("@")
    domain = domain.lower()
    if not name or domain in _REAL:
        return ""
    meant = _MISREAD.get(domain) or _nearest(domain)
    return f"{name}@{meant}" if meant else ""


def _nearest(domain: str) -> str:
    distance, best = min((DamerauLevenshtein.distance(domain, known), known) for known in _COMMON)
    return best if distance <= _TYPOS and len(best) > 2 * _TYPOS + 2 else ""
