"""The table of reminders: what no version of it may be, and how its steps keep their keys."""

from datetime import UTC, datetime

import pytest

from school.queries.texts import packaged_fields
from school.states import TextKind
from school.text_parts import faults, parts_of, with_typed, without_blanks
from school.text_parts.changes import Change, Piece, changes
from school.text_parts.ladder import MOST_STEPS, keyed, step_day

KIND = TextKind.ESCALERA
NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


def typed(**changed):
    return with_typed(KIND, packaged_fields(KIND), changed)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (
            {"steps__3__offset": "1", "steps__3__message": "M-05"},
            {
                "steps__2__offset": "Dejar un solo paso en cada día",
                "steps__3__offset": "Dejar un solo paso en cada día",
            },
        ),
        (
            {"steps__0__offset": "-2", "steps__0__message": "M-05"},
            {"steps__0__message": "Elegir M-03: es el que dice la verdad ese día"},
        ),
        (
            {"steps__3__offset": "20", "steps__3__message": ""},
            {"steps__3__message": "Elegir M-05: es el que dice la verdad ese día"},
        ),
        (
            {"steps__1__guardian": "1"},
            {"steps__1__guardian": "Dejar una sola copia: va una vez en cada plazo"},
        ),
        (
            {"steps__0__guardian": "", "steps__2__guardian": "1"},
            {"steps__2__guardian": "Quitar la copia: después del plazo no es cierta"},
        ),
        ({"steps__1__offset": ""}, {"steps__0__offset": "Conservar el aviso del día del plazo"}),
        (
            {"steps__0__offset": "-6"},
            {"steps__0__offset": "Elegir un día entre 5 días antes y 20 días después"},
        ),
    ],
)
def test_a_table_is_refused(changed, found):
    assert faults(KIND, without_blanks(typed(**changed))) == found


def test_a_table_may_have_fewer_steps_and_more():
    fewer = without_blanks(typed(steps__0__offset="", steps__2__offset=""))
    more = without_blanks(typed(steps__3__offset="5", steps__3__message="M-05"))

    assert [faults(KIND, fewer), faults(KIND, more)] == [{}, {}]
    assert [len(fewer["steps"]), len(more["steps"])] == [1, 4]


def test_a_full_table_offers_no_more_steps():
    steps = [{"offset": str(n)} for n in range(MOST_STEPS)]

    assert len(parts_of(KIND, {"steps": steps})) == 3 * MOST_STEPS


def test_keyed_gives_a_key_to_what_is_new_and_sorts_by_day():
    current = packaged_fields(KIND)
    new = without_blanks(typed(steps__3__offset="-3", steps__3__message="M-03"))

    steps = keyed(new, current, version=7, now=NOW)["steps"]

    assert [(one["key"], one["offset"], one["since"]) for one in steps] == [
        ("V7-3", "-3", NOW.isoformat()),
        ("BEFORE", "-1", ""),
        ("LAST_DAY", "0", ""),
        ("OVERDUE", "1", ""),
    ]


def test_keyed_begins_again_with_a_step_that_was_away():
    current = {"steps": packaged_fields(KIND)["steps"][1:]}

    steps = keyed(packaged_fields(KIND), current, version=2, now=NOW)["steps"]

    assert [(one["key"], one["since"]) for one in steps] == [
        ("BEFORE", NOW.isoformat()),
        ("LAST_DAY", ""),
        ("OVERDUE", ""),
    ]


def test_changes_tell_the_day_in_words():
    assert changes(KIND, packaged_fields(KIND), typed(steps__0__offset="-2")) == [
        Change(
            "Paso 1",
            "Qué día",
            (
                Piece("Un", is_old=True),
                Piece("2", is_new=True),
                Piece(" "),
                Piece("día", is_old=True),
                Piece("días", is_new=True),
                Piece(" antes"),
            ),
        )
    ]


def test_step_day_says_when():
    assert [step_day(n) for n in (-2, -1, 0, 1, 20)] == [
        "2 días antes",
        "un día antes",
        "el día del plazo",
        "un día después",
        "20 días después",
    ]
