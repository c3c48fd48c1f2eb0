"""One request as one principal, undone afterwards, with everything that a crawling test asks about it."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client

SIGN_IN, AGAIN = "in", "+2"
EXEMPT_TABLES = {
    "school_loginsession",  # the login session itself
    "students_accessentry",  # a look is written down with the look
    "school_ratecounter",  # attempts are counted
    "attempts_cache",
}
SOFT = {"nss_acuse": {"seen_at", "seen_by_id"}}
"""The soft claim of a reviewer: a look may leave it (architecture §11.13)."""


@dataclass
class Answer:
    """What came back: `outcome` is the code as the access matrix writes it."""

    response: HttpResponse
    outcome: str
    changed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return everything a person could read in the answer: headers, cookies, body, unpacked."""
        return "\n".join([*map(str, self.response.headers.items()), *_bodies(self.response)])


def knock(client: Client, method: str, path: str, **request: Any) -> Answer:
    """Send one request and undo whatever it wrote; `changed` names the tables that it changed."""
    with undone():
        written = WrittenTables()
        with connection.execute_wrapper(written.watch):
            response = (
                client.generic(method, path, **request)
                if _is_raw(method)
                else getattr(client, method.lower())(path, **request)
            )
            body(response)
        changed = written.changed()
    return Answer(response, outcome_of(response), changed)


def _is_raw(method: str) -> bool:
    return method.lower() not in {"get", "post", "head", "options", "put", "patch", "delete"}


def body(response: HttpResponse) -> bytes:
    """Return the body, read once, of a plain or a streaming response."""
    if not hasattr(response, "read_body"):
        streams = getattr(response, "streaming", False)
        response.read_body = b"".join(response) if streams else response.content
    return response.read_body


def outcome_of(response: HttpResponse) -> str:
    """Say «in» for «sign in first», «+2» for «prove again who you are», else the status code."""
    location = response.headers.get("Location", "")
    if response.status_code == 302:
        if location.startswith(_proofs()):
            return AGAIN
        if location.startswith(_sign_in_pages()) and "next=" in location:
            return SIGN_IN
    return str(response.status_code)


def _proofs() -> tuple[str, ...]:
    return resolve_url("account_reauthenticate"), resolve_url("mfa_reauthenticate")


def _sign_in_pages() -> tuple[str, ...]:
    pages = (settings.LOGIN_URL, "account_login", "admin:login")
    return tuple(f"{resolve_url(page)}?" for page in pages)


def _bodies(response: HttpResponse) -> Iterator[str]:
    content = body(response)
    yield content.decode(errors="replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode(errors="replace")


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what happens inside."""
    block = transaction.atomic()
    block._from_testcase = (
        True  # as TestCase marks its own, so that a durable action may run inside
    )
    with block:
        yield
        transaction.set_rollback(True)


class WrittenTables:
    """Checksums of the tables that are written to, taken just before: what nobody wrote to is as it was."""

    def __init__(self) -> None:
        self._before: dict[str, str] = {}

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Take a table's checksum just before the first write to it."""
        for table in _written_by(sql) - set(self._before):
            self._before[table] = _checksum(table)
        return execute(sql, params, many, context)

    def changed(self) -> list[str]:
        """Name the tables that are no longer as they were."""
        return sorted(table for table, sum_ in self._before.items() if sum_ != _checksum(table))


_WRITES = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"(\w+)"')


def _written_by(sql: str) -> set[str]:
    """Name the tables that a statement writes to; a table that is exempt is none."""
    return set(_WRITES.findall(sql)) & set(_columns())


@cache
def _columns() -> dict[str, list[str]]:
    """List the columns of each table of ours and of the libraries, soft claims and sessions left out."""
    return {
        table: [f.column for f in meta.local_concrete_fields if f.column not in SOFT.get(table, ())]
        for meta in (model._meta for model in apps.get_models(include_auto_created=True))
        if (table := meta.db_table) not in EXEMPT_TABLES and meta.managed and not meta.proxy
    }


def _checksum(table: str) -> str:
    quoted = ", ".join(connection.ops.quote_name(column) for column in _columns()[table])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- names of our own models
        rows = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
