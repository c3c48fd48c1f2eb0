"""How a list orders its students: by surname, as Spanish does and no database by itself."""

from django.db.models import Expression, F, Value
from django.db.models.functions import Replace, Upper

_PLAIN = dict(zip("áéíóúüÁÉÍÓÚÜ", "aeiouuAEIOUU", strict=True)) | {"ñ": "n~", "Ñ": "N~"}


def by_name(student: str = "student") -> tuple[Upper, ...]:
    """Return what to order by, surnames first; `student` leads to the person from the rows ordered.

    Accents count for nothing and Ñ follows N, on any database.
    """
    names = ("first_surname", "second_surname", "given_names")
    return tuple(_plain(f"{student}__{name}") for name in names)


def _plain(field: str) -> Upper:
    expression: Expression = F(field)  # type: ignore[assignment]
    for accented, plain in _PLAIN.items():
        expression = Replace(expression, Value(accented), Value(plain))
    return Upper(expression)
