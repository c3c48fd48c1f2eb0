"""The embedded broker: kombu's files in a folder, each message written and taken in one step.

kombu opens a message under its final name and fills it afterwards: a worker that looks in between reads nothing and
ends with «Unrecoverable error», and with it the portal. Here a message gets its name when it is whole, and is taken
by renaming, so that of two workers one has it.
"""

import os
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Puts and takes whole messages."""

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
