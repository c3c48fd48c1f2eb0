"""school.calendar: which days count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.calendar import NATURAL_DAYS, Calendar, SkippedDay, national_days

DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))
OWN_DAYS = st.dictionaries(DAYS, st.just("puente"), max_size=40)
COUNTS = st.integers(0, 40)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 1, 1), "Año Nuevo"),
        (date(2026, 2, 2), "Día de la Constitución"),
        (date(2026, 3, 16), "Natalicio de Benito Juárez"),
        (date(2026, 5, 1), "Día del Trabajo"),
        (date(2026, 9, 16), "Día de la Independencia"),
        (date(2026, 11, 16), "Día de la Revolución"),
        (date(2026, 12, 25), "Navidad"),
        (date(2030, 10, 1), "Transmisión del Poder Ejecutivo Federal"),
        (date(2026, 8, 22), "fin de semana"),
        (date(2026, 8, 23), "fin de semana"),
        (date(2026, 8, 24), None),
        (date(2026, 12, 24), None),
    ],
)
def test_reason_of_national_days_and_weekends(day: date, reason: str | None) -> None:
    assert Calendar().reason(day) == reason


def test_national_days_of_2026_are_the_seven_of_the_labour_law() -> None:
    assert list(national_days(2026)) == [
        date(2026, 1, 1),
        date(2026, 2, 2),
        date(2026, 3, 16),
        date(2026, 5, 1),
        date(2026, 9, 16),
        date(2026, 11, 16),
        date(2026, 12, 25),
    ]


def test_reason_the_plantels_own_day_wins_over_weekend_and_national_day() -> None:
    calendar = Calendar({date(2026, 8, 22): "fumigación", date(2026, 9, 16): "desfile"})

    assert calendar.reason(date(2026, 8, 22)) == "fumigación"
    assert calendar.reason(date(2026, 9, 16)) == "desfile"


def test_is_working_own_day_does_not_count() -> None:
    calendar = Calendar({date(2026, 8, 25): "consejo técnico"})

    assert calendar.is_working(date(2026, 8, 24)) is True
    assert calendar.is_working(date(2026, 8, 25)) is False


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 8, 21), 0, date(2026, 8, 21)),
        (date(2026, 8, 21), 3, date(2026, 8, 26)),
        (date(2026, 8, 22), 1, date(2026, 8, 24)),
        (date(2026, 9, 14), 2, date(2026, 9, 17)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_add_working_days_counts_from_day_zero(start: date, count: int, end: date) -> None:
    assert Calendar().add_working_days(start, count) == end


def test_add_working_days_refuses_to_count_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        Calendar().add_working_days(date(2026, 8, 21), -1)


def test_next_working_day_is_never_the_day_itself() -> None:
    assert Calendar().next_working_day(date(2026, 8, 20)) == date(2026, 8, 21)
    assert Calendar().next_working_day(date(2026, 8, 21)) == date(2026, 8, 24)


def test_working_days_between_is_signed() -> None:
    calendar = Calendar()

    assert calendar.working_days_between(date(2026, 8, 21), date(2026, 8, 26)) == 3
    assert calendar.working_days_between(date(2026, 8, 26), date(2026, 8, 21)) == -3
    assert calendar.working_days_between(date(2026, 8, 21), date(2026, 8, 21)) == 0


def test_skipped_days_name_each_reason() -> None:
    calendar = Calendar({date(2026, 9, 15): "puente"})

    skipped = calendar.skipped_days(date(2026, 9, 11), date(2026, 9, 17))

    assert skipped == [
        SkippedDay(date(2026, 9, 12), "fin de semana"),
        SkippedDay(date(2026, 9, 13), "fin de semana"),
        SkippedDay(date(2026, 9, 15), "puente"),
        SkippedDay(date(2026, 9, 16), "Día de la Independencia"),
    ]
    assert [day.is_weekend for day in skipped] == [True, True, False, False]


def test_natural_days_count_every_day() -> None:
    assert NATURAL_DAYS.add_working_days(date(2026, 12, 24), 3) == date(2026, 12, 27)
    assert NATURAL_DAYS.skipped_days(date(2026, 12, 24), date(2026, 12, 27)) == []


@given(DAYS, COUNTS, OWN_DAYS)
def test_add_working_days_then_between_gives_the_count(
    start: date, count: int, own: dict[date, str]
) -> None:
    calendar = Calendar(own)

    end = calendar.add_working_days(start, count)

    assert calendar.working_days_between(start, end) == count
    assert count == 0 or calendar.is_working(end)


@given(DAYS, COUNTS, OWN_DAYS, DAYS)
def test_add_working_days_another_own_day_never_brings_it_nearer(
    start: date, count: int, own: dict[date, str], another: date
) -> None:
    before = Calendar(own).add_working_days(start, count)

    after = Calendar(own | {another: "contingencia"}).add_working_days(start, count)

    assert after >= before


@given(DAYS, st.integers(0, 60), OWN_DAYS)
def test_every_day_is_either_counted_or_skipped(
    start: date, length: int, own: dict[date, str]
) -> None:
    calendar = Calendar(own)
    end = start + timedelta(days=length)

    counted = calendar.working_days_between(start, end)

    assert counted + len(calendar.skipped_days(start, end)) == length
