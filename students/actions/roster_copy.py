"""Many rows at once, by the shortest way each database has: COPY on PostgreSQL, executemany on SQLite.

For a roster alone: no Django objects, no signals, every value already clean. Constraints hold as always, so a
row that the database refuses ends the whole transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from itertools import repeat
from types import NoneType
from typing import Any

from django.db import connection, models

from school.models import Plantel

ROSTER_LOCKS = 0x726F7374  # «rost»: our share of PostgreSQL's advisory locks
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row of a column."""

    value: Any


Columns = Mapping[str, Sequence[Any] | Same]


def queue_on(plantel: Plantel) -> None:
    """This will wait until no other import writes to this plantel, and hold the place until the commit.

    SQLite needs nothing: its transactions are IMMEDIATE, so there is one writer at a time. A lock on the plantel's
    row would do too, but it makes every student who uploads a file there wait.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ROSTER_LOCKS, plantel.pk])


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """This will return ids for that many rows to come, which no other transaction gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def insert_rows(model: type[models.Model], columns: Columns, *, count: int) -> None:
    """This will add `count` rows; a field that is not named gets its default in every row."""
    if not count:
        return
    told = dict(columns)
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            told.setdefault(field.attname, Same(field.get_default()))
    if connection.vendor == "postgresql":
        _copy(model._meta.db_table, told, count)
        return
    names = ", ".join(f'"{name}"' for name in told)
    places = ", ".join(repeat("%s", len(told)))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})',  # noqa: S608 -- names of our own models  # nosec B608
            list(zip(*(_values(column, count) for column in told.values()), strict=True)),
        )


def update_rows(
    model: type[models.Model], ids: Sequence[int], columns: Mapping[str, Sequence[Any]]
) -> None:
    """This will set these columns of these rows, one value a row."""
    if not ids or not columns:
        return
    table, count = model._meta.db_table, len(ids)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            fresh = f"new_{table}"
            names = ", ".join(f'"{name}"' for name in ["id", *columns])
            cursor.execute(
                f'CREATE TEMP TABLE "{fresh}" ON COMMIT DROP AS SELECT {names} FROM "{table}" WITH NO DATA'  # noqa: S608 -- names of our own models  # nosec B608
            )
            _copy(fresh, {"id": ids, **columns}, count)
            changes = ", ".join(f'"{name}" = new."{name}"' for name in columns)
            cursor.execute(
                f'UPDATE "{table}" SET {changes} FROM "{fresh}" new WHERE "{table}".id = new.id'  # noqa: S608 -- names of our own models  # nosec B608
            )
            cursor.execute(f'DROP TABLE "{fresh}"')
            return
        changes = ", ".join(f'"{name}" = %s' for name in columns)
        cursor.executemany(
            f'UPDATE "{table}" SET {changes} WHERE id = %s',  # noqa: S608 -- names of our own models  # nosec B608
            list(
                zip(*(_values(column, count) for column in [*columns.values(), ids]), strict=True)
            ),
        )


def _values(column: Sequence[Any] | Same, count: int) -> Iterable[Any]:
    """This will return a column as SQLite stores it."""
    if isinstance(column, Same):
        return repeat(_value(column.value), count)
    return map(_value, column)


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _copy(table: str, columns: Columns, count: int) -> None:
    texts = [
        repeat(_text(column.value), count) if isinstance(column, Same) else _texts(column)
        for column in columns.values()
    ]
    lines = "\n".join(map("\t".join, zip(*texts, strict=True)))
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', StringIO(lines))


def _texts(column: Sequence[Any]) -> list[str]:
    """This will return a column in COPY's text format; one look at the whole says that nothing needs escaping."""
    kinds = set(map(type, column))
    if kinds <= {str, NoneType}:
        whole = "".join(filter(None, column))
        if not any(sign in whole for sign in "\\\t\n\r"):
            return [NULL if text is None else text for text in column]
    if kinds == {int}:
        return list(map(str, column))
    return list(map(_text, column))


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)
