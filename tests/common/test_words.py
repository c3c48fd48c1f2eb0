"""Emphasis and moments in templates, numbers with their noun."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from common.templatetags.words import emphasised, how_long, moment
from common.texts import counted


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("nada", "nada"),
        ("**No vayas** a la Subdelegación", "<strong>No vayas</strong> a la Subdelegación"),
        ("a **b** c **d**", "a <strong>b</strong> c <strong>d</strong>"),
        ("<b>x</b> **<i>**", "&lt;b&gt;x&lt;/b&gt; <strong>&lt;i&gt;</strong>"),
        ("sin cerrar **fin", "sin cerrar <strong>fin</strong>"),
    ],
)
def test_emphasised_writes_strong_words_and_escapes_the_rest(text, html):
    assert emphasised(text) == html


def test_moment_follows_the_clock_of_the_page():
    with timezone.override("America/Tijuana"):
        assert moment(datetime(2026, 8, 28, 3, 5, tzinfo=UTC)) == (
            "jueves 27 de agosto de 2026, 20:05"
        )


def test_moment_of_nothing_is_nothing():
    assert moment(None) == ""


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "menos de un minuto"),
        (timedelta(minutes=1), "1\xa0minuto"),
        (timedelta(days=100), "3\xa0meses"),
    ],
)
def test_how_long_in_the_largest_unit_alone(time_machine, passed, said):
    now = datetime(2026, 8, 28, 3, 5, tzinfo=UTC)
    time_machine.move_to(now, tick=False)

    assert how_long(now - passed) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 hojas"), (1, "1 hoja"), (2, "2 hojas"), (1_200, "1,200 hojas")]
)
def test_counted_has_its_noun(count, said):
    assert counted(count, "hoja") == said
