"""What a test committed is taken out again."""

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}
"""The same in each test; Django's own way empties them too, and fills them again."""

flush = TransactionTestCase._fixture_teardown


def empty_tables(case: TransactionTestCase) -> None:
    """Wait for whoever still writes, and empty the tables that hold rows; Django truncates them all.

    On SQLite, where a few journeys run, it does as Django does.
    """
    if connection.vendor == "sqlite":
        flush(case)
    else:
        _delete_what_is_there()


def _delete_what_is_there() -> None:
    tables = [
        connection.ops.quote_name(name)
        for name in connection.introspection.django_table_names(only_existing=True)
        if name not in KEPT
    ]
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)  # noqa: S608 -- names of our own models
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(asked))
        deletes = [f"DELETE FROM {table}" for (table,) in cursor.fetchall()]  # noqa: S608 -- names of our own models
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *deletes]))
