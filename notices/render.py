"""A notice in, a mail out: the only place that turns an outbox row into words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from common.dates import weekday_date
from notices.messages import MESSAGES
from notices.models import Notice
from school.queries.texts import current_text
from school.states import TextKind

BLANK = "••••••"


@dataclass(frozen=True)
class Mail:
    """What leaves for the relay, and the same body with its secrets blanked, for the staff to see."""

    subject: str
    text: str
    html: str
    kept_body: str


def link_of(notice: Notice, secrets: Mapping[str, str]) -> str:
    """This will return the one link of the mail, always on our own BASE_URL (security T12).

    `fragment` is a secret that no server log and no mail scanner's request ever carries; `path` replaces the
    message's own path where a library wants its key there.
    """
    message = MESSAGES[notice.message]
    args = [notice.context[message.link_arg]] if message.link_arg else []
    path = secrets.get("path") or reverse(message.link, args=args)
    fragment = secrets.get("fragment")
    return settings.BASE_URL + (f"{path}#{fragment}" if fragment else path)


def sender_of(notice: Notice) -> str:
    """This will return who writes, as the student knows the place."""
    return f"Afiliación IMSS – {notice.plantel}" if notice.plantel else "Afiliación IMSS"


def service_name() -> str:
    """This will return what the institution calls this service."""
    name: str = current_text(TextKind.IDENTIDAD).fields["service"]
    return name


def render_mail(notice: Notice, secrets: Mapping[str, str], *, service: str = "") -> Mail:
    """This will render subject, text and HTML of a notice.

    `secrets` are minted for this delivery: `code` stands in the body, `fragment` and `path` in the link. Who
    renders many passes the `service_name()` that they share.
    """
    link = link_of(notice, secrets)
    body = _body(notice, {**secrets, "link": link})
    subject = _one_line(_part(notice, "subject", {}))
    frame = {
        "subject": subject,
        "body": body,
        "paragraphs": body.split("\n\n"),
        "link": link,
        "button": MESSAGES[notice.message].button,
        "sender": sender_of(notice),
        "service": service or service_name(),
        "to_name": notice.to_name,
    }
    return Mail(
        subject=subject,
        text=render_to_string("notices/mail/layout.txt", frame).strip() + "\n",
        html=render_to_string("notices/mail/layout.html", frame),
        kept_body=_blanked_body(notice),
    )


def preview_body(notice: Notice) -> str:
    """This will return the body as the person sees it: as sent, or as it would leave now; secrets blanked."""
    return notice.body or _blanked_body(notice)


def preview_subject(notice: Notice) -> str:
    """This will return the subject as sent, or as it would leave now."""
    return notice.subject or _one_line(_part(notice, "subject", {}))


def _blanked_body(notice: Notice) -> str:
    has_secret_link = MESSAGES[notice.message].secret in {"SIGN_IN", "STAFF_RESET"}
    link = link_of(notice, {"fragment": BLANK} if has_secret_link else {})
    return _body(notice, {"code": BLANK, "link": link})


def _body(notice: Notice, values: Mapping[str, str]) -> str:
    text = _part(notice, "body", values).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


def _part(notice: Notice, part: str, values: Mapping[str, str]) -> str:
    template = f"notices/mail/{MESSAGES[notice.message].slug}_{part}.txt"
    return render_to_string(template, {**_words(notice.context), **values})


def _words(context: Mapping[str, object]) -> dict[str, object]:
    """Dates travel as ISO text in `…_on` keys and are read as «jueves 27 de agosto»; without one it stays empty."""
    return {
        key: weekday_date(date.fromisoformat(value))
        if key.endswith("_on") and isinstance(value, str) and value
        else value
        for key, value in context.items()
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
