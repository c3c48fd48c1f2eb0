"""Queries put into SQL once: for the ORM that work costs more than the database needs to answer most of them."""

import json
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet

Row = TypeVar("Row")


class Given(Expression):
    """The place of a value that a prepared query is asked with.

    A date or time needs its field on SQLite; a list of whole numbers goes into `common.bulk.Among`.
    """

    def __init__(self, name: str, output_field: Field | None = None) -> None:
        super().__init__(output_field)
        self.name, self.kind = name, output_field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def bound(self, values: dict[str, Any], connection: Any) -> Any:
        """Return the value as the database takes it."""
        value = values[self.name]
        if isinstance(value, list):
            return json.dumps(value) if connection.vendor == "sqlite" else value
        return value if self.kind is None else self.kind.get_db_prep_value(value, connection)


class _Written(NamedTuple):
    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    places: tuple[Any, ...]


class Prepared(Generic[Row]):
    """A query with places for its values: `Prepared(lambda: Student.objects.filter(nss=Given("nss")))`.

    It is built when it is first asked, so it may depend on nothing but the values given; None is not one of them,
    that would be another query.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._by_vendor: dict[str, _Written] = {}

    def rows(self, **values: Any) -> list[Row]:
        """Return what the query brings with these values."""
        return list(self._ask(values))

    def first(self, **values: Any) -> Row | None:
        """Return the first row, None without one; the query should end with `[:1]`."""
        return next(self._ask(values), None)

    def _ask(self, values: dict[str, Any]) -> Iterator[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor not in self._by_vendor:
            self._by_vendor[connection.vendor] = self._write(connection)
        written = self._by_vendor[connection.vendor]
        params = tuple(
            place.bound(values, connection) if isinstance(place, Given) else place
            for place in written.places
        )
        compiler = copy(written.compiler)
        compiler.connection, compiler.as_sql = connection, lambda: (written.sql, params)
        queryset: Any = written.queryset.all()
        queryset.query.get_compiler = lambda using: compiler
        return iter(queryset._iterable_class(queryset))

    def _write(self, connection: Any) -> _Written:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        return _Written(queryset, compiler, sql, places)
