"""A form drawn once, then filled in for each person: what differs is stamped into the finished page.

WeasyPrint draws the form with a placeholder such as «{curp}» in each field, and every letter that a field may hold on
a second page. From the first page is read where each placeholder stands, in which font, size and colour, and under
which mark of the structure tree; a sheet is that page with other words in the same places. So it looks as if
WeasyPrint had drawn it, its text can be selected, and whoever has it read aloud hears the words in their order.

A sheet whose words are too wide, or need a letter that the fonts lack, cannot be stamped: `fits` tells, and it must
be drawn whole.
"""

from common.stamping.cut import cut
from common.stamping.form import LETTERS, QR, Form, Words, placeholder, placeholders, read_form
from common.stamping.sheets import fits, stamp

__all__ = [
    "LETTERS",
    "QR",
    "Form",
    "Words",
    "cut",
    "fits",
    "placeholder",
    "placeholders",
    "read_form",
    "stamp",
]
