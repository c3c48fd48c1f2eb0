"""The job that the limited child process runs on a roster; nothing else imports this module.

What reading needs is loaded here, before the child gives up its rights: afterwards it may no longer be
able to read the interpreter's own folder.
"""

import codecs
from pathlib import Path
from typing import Any

import python_calamine  # noqa: F401 -- read_table finds it loaded

from students.roster_file.table import read_table

for encoding in ("cp437", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"):
    codecs.lookup(encoding)


def read_roster(inputs: list[Path], arguments: dict[str, Any], _output: Path) -> dict[str, Any]:
    """Return the table of the one input as JSON values. Raises Refused."""
    return read_table(inputs[0].read_bytes(), max_rows=arguments["max_rows"]).as_json()
