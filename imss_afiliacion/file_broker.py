"""The embedded broker: kombu's files in a folder, each message written and taken in one step.

kombu opens a message, or the table of an exchange, under its final name and fills it afterwards: a worker that looks in
between reads nothing and ends with «Unrecoverable error», and with it the portal. Here both get their name when they
are whole; a message is taken by renaming, so that of two workers one has it, and tables are changed one after another.
"""

import fcntl
import os
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Puts and takes whole messages, and binds queues in whole tables."""

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table = self._exchange_file(exchange)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with table.with_suffix(".lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            others = self.get_table(exchange)
            if bound in others:
                return
            draft = table.with_suffix(".draft")
            draft.write_text(dumps([bound, *others]))
            draft.rename(table)

    # kombu's own class and its base disagree about the name of the second argument.
    def _put(self, queue: Any, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time_ns():020}_{uuid4()}.{queue}.msg"
        draft = folder / f"{name}.draft"
        draft.write_text(dumps(message))
        draft.rename(folder / name)

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        del timeout  # nobody waits here; the worker asks again
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}.taken"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            text = taken.read_text()
            taken.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    """What a `filesystem://` address means here."""

    Channel = Channel
