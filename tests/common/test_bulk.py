"""Expressions for whole sets of rows: what they mean on PostgreSQL they mean on SQLite."""

import re
from typing import Any

import pytest
from django.db import ConnectionHandler, connection
from django.db.models import Value
from django.db.models.expressions import Combinable

from common.bulk import Among, RandomId
from school.models import Plantel


@pytest.fixture(params=["default", "SQLite"])
def ask(request: pytest.FixtureRequest, db: None):
    """Have a database say what an expression is there: the suite's own, and an SQLite in memory."""
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    database = (
        connection
        if request.param == "default"
        else ConnectionHandler({"default": sqlite})["default"]
    )

    def value_of(expression: Combinable) -> Any:
        compiler = Plantel.objects.all().query.get_compiler(connection=database)
        sql, params = compiler.compile(expression)
        with database.cursor() as cursor:
            cursor.execute(f"SELECT {sql}", params)
            return cursor.fetchone()[0]

    yield value_of
    if database is not connection:
        database.close()


def test_random_id_is_new_each_time_and_safe_in_an_address(ask):
    first, second = ask(RandomId()), ask(RandomId())

    assert first != second
    assert [bool(re.fullmatch(r"[\w-]{22}", made)) for made in (first, second)] == [True, True]


@pytest.mark.parametrize(("numbers", "expected"), [([1, 3], True), ([1, 2], False), ([], False)])
def test_among_says_whether_the_number_is_one_of_them(ask, numbers, expected):
    assert bool(ask(Among(Value(3), numbers))) is expected


@pytest.mark.parametrize("text", ["A-1", "", 'a "b" c', "a\\b", "{1,2}", "NULL", "ñandú, 'x'"])
def test_among_takes_texts_as_they_are(ask, text):
    assert bool(ask(Among(Value(text), ["another", text]))) is True
    assert bool(ask(Among(Value(text), ["another", f"{text} "]))) is False
    assert bool(ask(Among(Value(text), []))) is False
