"""The job that the limited child process runs on a roster."""

from pathlib import Path
from typing import Any

from students.roster_file.table import read_table

JOB = "students.roster_file.reader:read_roster"


def read_roster(inputs: list[Path], arguments: dict[str, Any], _output: Path) -> dict[str, Any]:
    """This will return the table of the one input as JSON values. Raises Refused."""
    return read_table(inputs[0].read_bytes(), max_rows=arguments["max_rows"]).as_json()
