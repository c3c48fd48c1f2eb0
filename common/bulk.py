"""Rows that the database makes itself, from a query: a hundred thousand cost one statement."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import CharField, F, Func, Lookup, Model, QuerySet, Value

from common.prepared import Given


class RandomId(Func):
    """A public id for each row (see common.tokens): URL-safe, 122 random bits, on SQLite 88."""

    template = "translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_')"
    output_field = CharField(max_length=22)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="lower(hex(randomblob(11)))", **context)


class Among(Lookup):
    """Whether a number or a text is one of many, handed over as one value: `filter(Among("pk", ids))`.

    In a prepared query they are `Given`.
    """

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, field: str | Any, many: Collection[int] | Collection[str] | Given) -> None:
        values = many if isinstance(many, Given) else list(many)
        super().__init__(F(field) if isinstance(field, str) else field, values)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, Given):
            return f"{left} = ANY(%s)", (*params, self.rhs)
        # As one text: a list would come as an expression with a node for each value.
        if isinstance(self.lhs.output_field, CharField):
            return f"{left} = ANY(%s::text[])", (*params, _array(map(_quoted_text, self.rhs)))
        return f"{left} = ANY(%s::bigint[])", (*params, _array(map(str, self.rhs)))

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        many = self.rhs if isinstance(self.rhs, Given) else json.dumps(self.rhs)
        chosen = "IN (SELECT value FROM json_each(%s))"
        return f"{left} {chosen}", (*params, many)


def _array(elements: Iterable[str]) -> str:
    return "{" + ",".join(elements) + "}"


def _quoted_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def insert_from_query(
    model: type[Model], source: QuerySet[Any], columns: Mapping[str, Any], *, renewed: str = ""
) -> int:
    """Add one row for each row of the source and return how many came in; a twin of a row is passed over.

    With `renewed` a row of the same primary key gets that column anew, and counts.
    `columns` gives for each attname an expression over the source, or one value for all rows. A field that is
    not named gets its default, the same in every row. The order of the source is kept where it names one. A source
    that looks into the table it is written to, for each of its rows, must name one: by something computed that joins
    nothing, so that all is read before the first row is written. Else PostgreSQL, where it believes that table to
    be empty, looks through the growing table again for each row.
    """
    sql, params = _insert(model, source, columns, renewed)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def inserted_from_query(
    model: type[Model], source: QuerySet[Any], columns: Mapping[str, Any], returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Do the same and return these columns of the rows that came in."""
    sql, params = _insert(model, source, columns)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {_quoted(returning)}", params)
        return list(cursor.fetchall())


def _insert(
    model: type[Model], source: QuerySet[Any], columns: Mapping[str, Any], renewed: str = ""
) -> tuple[str, tuple[Any, ...]]:
    field_of = {field.attname: field for field in model._meta.concrete_fields}
    told = {**_defaults(model, without=columns), **columns}
    named = {
        f"new_{name}": value
        if hasattr(value, "resolve_expression")
        else Value(value, output_field=field_of[name])
        for name, value in told.items()
    }
    ordered = source if source.query.order_by else source.order_by()
    rows = ordered.annotate(**named).values_list(*named)
    sql, params = rows.query.sql_with_params()
    fields = _quoted(str(field_of[name].column) for name in told)
    into = f'INSERT INTO "{model._meta.db_table}" ({fields})'
    return f"{into} {sql} ON CONFLICT {_twin(model, renewed)}", params


def _twin(model: type[Model], renewed: str) -> str:
    if not renewed:
        return "DO NOTHING"
    key = model._meta.pk.column
    return f'("{key}") DO UPDATE SET "{renewed}" = excluded."{renewed}"'  # nosec B608 -- our own names


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _defaults(model: type[Model], *, without: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in without and not field.null
    }
