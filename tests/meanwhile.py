"""Somebody who is faster, at one exact moment: nothing races, so the end is the same each time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def just_before(words: str, act: Callable[[], object]) -> Iterator[None]:
    """Do something on another connection, and commit it, when the first statement with these words is about to go."""
    waiting = [act]

    def run(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if words in sql and waiting:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(_alone, waiting.pop()).result()
        return execute(sql, *rest)

    with connection.execute_wrapper(run):
        yield


def _alone(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()
