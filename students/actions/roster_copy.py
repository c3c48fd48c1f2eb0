"""Many rows at once, by the shortest way each database has: COPY on PostgreSQL, executemany on SQLite.

For a roster alone: no Django objects, no signals, every value already clean. Constraints hold as always, so a
row that the database refuses ends the whole transaction.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, repeat
from types import NoneType
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from school.models import Plantel

ROSTER_LOCKS = 0x726F7374  # «rost»: our share of PostgreSQL's advisory locks
ROWS_A_READ = 500
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row of a column."""

    value: Any


Columns = Mapping[str, Sequence[Any] | Same]


class Tables(ABC):
    """The tables of one database."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self.database = database

    @abstractmethod
    def queue_on(self, planteles: Iterable[Plantel]) -> None:
        """Wait until nobody else imports into these planteles or changes what counts as a day there.

        The place is held until the commit.
        """

    @abstractmethod
    def new_ids(self, model: type[models.Model], count: int) -> list[int]:
        """Return ids for that many rows to come, which no other transaction gets."""

    def insert_rows(self, model: type[models.Model], columns: Columns, *, count: int) -> None:
        """Add `count` rows; a field that is not named gets its default in every row."""
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        defaults = {field.attname: Same(field.get_default()) for field in fields}
        if count:
            self._insert(model._meta.db_table, {**defaults, **columns}, count)

    def update_rows(
        self, model: type[models.Model], ids: Sequence[int], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Set these columns of these rows, one value a row."""
        if ids and columns:
            self._update(model._meta.db_table, ids, columns)

    @abstractmethod
    def _insert(self, table: str, columns: Columns, count: int) -> None:
        """Add rows."""

    @abstractmethod
    def _update(self, table: str, ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        """Change rows."""


class PostgreSQLTables(Tables):
    """COPY, for rows that change into a table of its own."""

    def queue_on(self, planteles: Iterable[Plantel]) -> None:
        """A lock on the plantel's row would do too, but it makes every student who uploads a file there wait."""
        keys = sorted(plantel.pk for plantel in planteles)
        with self.database.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, pk) FROM unnest(%s::int[]) pk",
                [ROSTER_LOCKS, keys],
            )

    def new_ids(self, model: type[models.Model], count: int) -> list[int]:
        with self.database.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{model._meta.db_table}"', count],
            )
            return [pk for (pk,) in cursor.fetchall()]

    def _insert(self, table: str, columns: Columns, count: int) -> None:
        texts = [
            repeat(_text(column.value), count) if isinstance(column, Same) else _texts(column)
            for column in columns.values()
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        with self.database.cursor() as cursor, self.database.wrap_database_errors:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Lines(texts))

    def _update(self, table: str, ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        fresh = f"new_{table}"
        names = ", ".join(f'"{name}"' for name in ["id", *columns])
        changes = ", ".join(f'"{name}" = new."{name}"' for name in columns)
        with self.database.cursor() as cursor:
            cursor.execute(
                f'CREATE TEMP TABLE "{fresh}" ON COMMIT DROP AS SELECT {names} FROM "{table}" WITH NO DATA'  # noqa: S608 -- names of our own models  # nosec B608
            )
            self._insert(fresh, {"id": ids, **columns}, len(ids))
            cursor.execute(
                f'UPDATE "{table}" SET {changes} FROM "{fresh}" new WHERE "{table}".id = new.id'  # noqa: S608 -- names of our own models  # nosec B608
            )
            cursor.execute(f'DROP TABLE "{fresh}"')


class _Lines:
    """The rows as COPY reads them, made while the database takes in those before."""

    def __init__(self, columns: Iterable[Iterable[str]]) -> None:
        self.lines = map("\t".join, zip(*columns, strict=True))

    def read(self, _size: int) -> str:
        """Return the next rows, "" after the last."""
        return "\n".join([*islice(self.lines, ROWS_A_READ), ""])


class SQLiteTables(Tables):
    """executemany. Transactions are IMMEDIATE, so there is one writer at a time."""

    def queue_on(self, planteles: Iterable[Plantel]) -> None:
        """Who writes has waited already."""

    def new_ids(self, model: type[models.Model], count: int) -> list[int]:
        with self.database.cursor() as cursor:
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
            last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))

    def _insert(self, table: str, columns: Columns, count: int) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(repeat("%s", len(columns)))
        with self.database.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608 -- names of our own models  # nosec B608
                self._rows(columns.values(), count),
            )

    def _update(self, table: str, ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        changes = ", ".join(f'"{name}" = %s' for name in columns)
        with self.database.cursor() as cursor:
            cursor.executemany(
                f'UPDATE "{table}" SET {changes} WHERE id = %s',  # noqa: S608 -- names of our own models  # nosec B608
                self._rows([*columns.values(), ids], len(ids)),
            )

    def _rows(self, columns: Iterable[Sequence[Any] | Same], count: int) -> list[tuple[Any, ...]]:
        values = [
            repeat(self._value(column.value), count)
            if isinstance(column, Same)
            else map(self._value, column)
            for column in columns
        ]
        return list(zip(*values, strict=True))

    def _value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.database.ops.adapt_datetimefield_value(value)
        if isinstance(value, date):
            return value.isoformat()
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


KINDS = {"postgresql": PostgreSQLTables, "sqlite": SQLiteTables}


def tables() -> Tables:
    """Return the tables of the portal's database."""
    return KINDS[connection.vendor](connection)


def _texts(column: Sequence[Any]) -> Iterable[str]:
    """Return a column in COPY's text format; one look at the whole says that nothing needs escaping."""
    kinds = set(map(type, column))
    if kinds <= {str, NoneType}:
        whole = "".join(filter(None, column))
        if not any(sign in whole for sign in "\\\t\n\r"):
            return [NULL if text is None else text for text in column] if None in column else column
    if kinds <= {date, NoneType}:
        known = {day: _text(day) for day in set(column)}
        return [known[day] for day in column]
    return map(str if kinds == {int} else _text, column)


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)
