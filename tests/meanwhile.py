"""Somebody who is faster, at one exact moment: nothing races, so the end is the same each time."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


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


def _alone(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connection.close()


@contextmanager
def making_wait(
    act: Callable[[], object], *, then: Callable[[], object] = lambda: None
) -> Iterator[list[object]]:
    """Hold what the block locks until `act`, on another connection, waits for it; then commit, and `act` goes on.

    `then` is what is still to be done before the commit, while `act` waits with all that it holds by now. The list
    holds what it returned, once the block is over; what it raised is raised.
    """
    results: list[object] = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield results
            other = pool.submit(_alone, act)
            while not (other.done() or _somebody_waits()):
                time.sleep(0.01)
            then()
        results.append(other.result())


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
