"""A mail as a student will read it: with somebody's real dates, and with a name that nobody recognises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.dates import WEEKDAYS, weekday_date
from followup.ladder import Step, counted_day, steps_of
from notices.messages import MESSAGES
from notices.models import Notice
from notices.render import SAID, Words, preview_body, preview_subject, sender_of, words_in_use
from school.access import Ability, planteles_with
from school.calendar import NATURAL_DAYS, Calendar
from school.models import TextVersion, User
from school.queries.planteles import calendar_of
from school.states import DayCount, TextKind
from school.text_parts.mails import EXAMPLES, length_of
from students.models import Enrollment

_CONTEXT: Mapping[str, Any] = {
    "due_on": "2026-08-27",
    "review_due_on": "2026-08-31",
    "changed_on": "2026-08-24",
    "left_on": "2026-08-24",
    "opens_on": "2026-08-31",
    "weekday": "jueves",
    "needs_guardian": True,
    "acuses": 148,
    "late": 31,
    "cases": 7,
    "acuse": "muestra",
    "job": "muestra",
    "enrollment": "",
    "user": "",
}
"""What the portal puts into a mail, where it is neither the student's own nor said as EXAMPLES says it."""


@dataclass(frozen=True)
class MailPreview:
    """A mail as it is read, and how long its text is; `is_real` says that its dates are those of some student."""

    subject: str
    sender: str
    to: str
    paragraphs: list[str]
    letters: int
    words: int
    is_real: bool


def mail_preview(row: TextVersion, *, by: User) -> MailPreview:
    """Return a version of a mail's text as the first student whom the person may see would read it."""
    stay = _some_stay(by)
    notice = _notice(row, stay)
    words = Words({row.kind: row}, words_in_use(()).service)
    letters, counted = length_of(row.fields)
    return MailPreview(
        subject=preview_subject(notice, words),
        sender=sender_of(notice),
        to=notice.to_name,
        paragraphs=preview_body(notice, words).split("\n\n"),
        letters=letters,
        words=counted,
        is_real=stay is not None,
    )


def ladder_lines(row: TextVersion, *, by: User) -> list[str]:
    """Say on which days that student is reminded: «A••: vence el miércoles 26 de agosto», and each day."""
    stay = _some_stay(by)
    name, due_on = ("Ana", date(2026, 8, 26)) if stay is None else _deadline_of(stay)
    calendar = _calendar_of(stay)
    steps = [
        f"{_day(step, due_on, calendar)}: {TextKind(step.message).label}"
        + (", con copia a mamá, papá o tutor" if step.copies_guardian else "")
        for step in steps_of(row.fields)
    ]
    return [f"{name}: vence el {weekday_date(due_on)}. Los avisos salen a las 8:00:", *steps]


def _deadline_of(stay: Enrollment) -> tuple[str, date]:
    return masked(stay.student.first_name), stay.acuse_due_on or stay.enrolled_on


def _calendar_of(stay: Enrollment | None) -> Calendar:
    if stay is None:
        return Calendar()
    is_business = stay.cycle.acuse_day_count == DayCount.BUSINESS
    return calendar_of(stay.plantel) if is_business else NATURAL_DAYS


def _day(step: Step, due_on: date, calendar: Calendar) -> str:
    return weekday_date(counted_day(due_on, step.offset, calendar)).capitalize()


def masked(name: str) -> str:
    """Leave the first letter of each word: «A•• G••••»."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def _some_stay(by: User) -> Enrollment | None:
    planteles = planteles_with(by, Ability.OPEN_STUDENT_FILE)
    stays = Enrollment.objects.filter(plantel__in=planteles, acuse_due_on__isnull=False)
    return stays.select_related("student", "plantel", "cycle").order_by("pk").first()


def _notice(row: TextVersion, stay: Enrollment | None) -> Notice:
    name = masked(stay.student.full_name) if stay else "Ana Gómez Martínez"
    known = {**_CONTEXT, "first_name": name.partition(" ")[0]}
    if stay and stay.acuse_due_on:
        known |= {
            "due_on": str(stay.acuse_due_on),
            "weekday": WEEKDAYS[stay.acuse_due_on.weekday()],
        }
    return Notice(
        message=row.kind,
        to_name=name,
        plantel=stay.plantel if stay else None,
        context={
            key: known[key] if key in known else EXAMPLES[SAID.get(key, key)]
            for key in MESSAGES[row.kind].needs
        },
    )
