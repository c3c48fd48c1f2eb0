"""common.dates: dates in Spanish words."""

from datetime import date

import pytest

from common.dates import join_words, long_date, plain_date, short_weekday, weekday_date

THURSDAY = date(2026, 8, 27)


def test_dates_in_words() -> None:
    assert plain_date(date(2008, 2, 14)) == "14 de febrero de 2008"
    assert weekday_date(THURSDAY) == "jueves 27 de agosto"
    assert long_date(THURSDAY) == "jueves 27 de agosto de 2026"
    assert short_weekday(date(2026, 8, 22)) == "sábado 22"
    assert long_date(date(2025, 12, 31)) == "miércoles 31 de diciembre de 2025"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], ""),
        (["uno"], "uno"),
        (["lunes", "martes"], "lunes y martes"),
        (["lunes", "martes", "jueves"], "lunes, martes y jueves"),
        (["Ana", "Inés"], "Ana e Inés"),
        (["madre", "hijo"], "madre e hijo"),
        (["agua", "hielo"], "agua y hielo"),
    ],
)
def test_join_words(words: list[str], sentence: str) -> None:
    assert join_words(words) == sentence
