"""A mail as a student will read it: with somebody's real dates, and with a name that nobody recognises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.dates import WEEKDAYS
from notices.messages import MESSAGES
from notices.models import Notice
from notices.render import Words, preview_body, preview_subject, sender_of, words_in_use
from school.access import Ability, planteles_with
from school.models import TextVersion, User
from school.text_parts.mails import length_of
from students.models import Enrollment

_CONTEXT: Mapping[str, Any] = {
    "due_on": "2026-08-27",
    "review_due_on": "2026-08-31",
    "changed_on": "2026-08-24",
    "weekday": "jueves",
    "folio": "A26-05-000148",
    "responsable": "María Félix Castro",
    "reason": "Tu foto salió borrosa, oscura o cortada.",
    "remedy": "Ponla sobre una mesa con luz y que salga toda la hoja.",
    "place": "Control Escolar, edificio A",
    "contact": "Control Escolar, edificio A",
    "needs_guardian": True,
    "acuses": 148,
    "late": 31,
    "cases": 7,
    "sheets": 312,
    "job": "muestra",
    "what": "contraseña nueva",
}
"""What the portal puts into a mail, where it is not the student's own."""


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
    """This will return a version of a mail's text as the first student whom the person may see would read it."""
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


def masked(name: str) -> str:
    """This will leave the first letter of each word: «A•• G••••»."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def _some_stay(by: User) -> Enrollment | None:
    planteles = planteles_with(by, Ability.OPEN_STUDENT_FILE)
    stays = Enrollment.objects.filter(plantel__in=planteles, acuse_due_on__isnull=False)
    return stays.select_related("student", "plantel").order_by("pk").first()


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
        context={key: known.get(key, "") for key in MESSAGES[row.kind].needs},
    )
