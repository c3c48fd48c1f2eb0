"""In which order an action takes hold of a student's rows."""

import re

from django.test.utils import CaptureQueriesContext

_LOOK = re.compile(r'INSERT INTO "students_nextlook"')
_STAY = re.compile(r'UPDATE (OF )?"students_enrollment"')


def looks_before_stay(asked: CaptureQueriesContext) -> bool:
    """Tell whether the next look was held before the stay, as every action does it."""
    statements = [one["sql"] for one in asked.captured_queries]
    look, stay = (
        next(at for at, sql in enumerate(statements) if found.search(sql))
        for found in (_LOOK, _STAY)
    )
    return look < stay
