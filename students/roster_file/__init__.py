"""A school's roster: bytes in, table, guessed columns, checked rows and findings out."""

from students.roster_file.columns import (
    FIELDS,
    REQUIRED,
    Column,
    guess_columns,
    matching_notes,
    remember,
)
from students.roster_file.errors import errors_xlsx
from students.roster_file.rows import Checked, Finding, RosterRow, check_rows, count_bad
from students.roster_file.table import Table
from students.roster_file.template import template_xlsx

JOB = "students.roster_file.reader:read_roster"

__all__ = [
    "FIELDS",
    "JOB",
    "REQUIRED",
    "Checked",
    "Column",
    "Finding",
    "RosterRow",
    "Table",
    "check_rows",
    "count_bad",
    "errors_xlsx",
    "guess_columns",
    "matching_notes",
    "remember",
    "template_xlsx",
]
