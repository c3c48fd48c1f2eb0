"""A notice in, a mail out: the only place that turns an outbox row into words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from common.dates import weekday_date
from common.texts import fill, names_in
from notices.messages import MESSAGES, Message
from notices.models import Notice
from school.models import TextVersion
from school.queries.texts import texts_in_use, versions_of
from school.states import TextKind
from school.text_parts.mails import EXAMPLES, LINK, MAILS, has_link

BLANK = "••••••"


@dataclass(frozen=True)
class Words:
    """What mails say now: a text for each message, and what the institution calls this service."""

    texts: Mapping[str, TextVersion]
    service: str


@dataclass(frozen=True)
class Mail:
    """What leaves for the relay, and the same body with its secrets blanked, for the staff to see."""

    subject: str
    text: str
    html: str
    kept_body: str


def link_of(notice: Notice, secrets: Mapping[str, str]) -> str:
    """Return the one link of the mail, always on our own BASE_URL (security T12).

    `fragment` is a secret that no server log and no mail scanner's request ever carries; `path` replaces the
    message's own path where a library wants its key there.
    """
    message = MESSAGES[notice.message]
    args = [notice.context[message.link_arg]] if message.link_arg else []
    path = secrets.get("path") or reverse(message.link, args=args)
    fragment = secrets.get("fragment")
    return settings.BASE_URL + (f"{path}#{fragment}" if fragment else path)


def sender_of(notice: Notice) -> str:
    """Return who writes, as the student knows the place."""
    return f"Afiliación IMSS – {notice.plantel}" if notice.plantel else "Afiliación IMSS"


def words_for(notices: Iterable[Notice]) -> Words:
    """Return the texts in use that these notices are written with, in one query."""
    return words_in_use({notice.message for notice in notices})


def words_in_use(messages: Collection[str]) -> Words:
    """Return the texts in use of these messages, in one query."""
    texts = texts_in_use({TextKind.IDENTIDAD, *messages})
    return Words(texts, texts[TextKind.IDENTIDAD].fields["service"])


def words_said(notice: Notice) -> Words:
    """Return the words of a notice that was begun: the version that it keeps, not today's."""
    words = words_for([notice])
    versions = {one.version: one for one in versions_of(TextKind(notice.message))}
    said = versions.get(notice.text_version or 0, words.texts[notice.message])
    return Words({**words.texts, notice.message: said}, words.service)


def render_mail(notice: Notice, secrets: Mapping[str, str], words: Words | None = None) -> Mail:
    """Render subject, text and HTML of a notice.

    `secrets` are minted for this delivery: `code` stands in the body, `fragment` and `path` in the link. Who
    renders many passes the `words_for` them all.
    """
    words, message = words or words_for([notice]), MESSAGES[notice.message]
    link = link_of(notice, secrets)
    body = _body(notice, words, {"codigo": secrets.get("code", ""), LINK: link})
    subject = _subject(notice, words)
    frame = {
        "subject": subject,
        "body": body,
        "paragraphs": body.split("\n\n"),
        "link": link,
        "button": message.button,
        "sender": sender_of(notice),
        "service": words.service,
        "to_name": notice.to_name,
    }
    return Mail(
        subject=subject,
        text=render_to_string("notices/mail/layout.txt", frame).strip() + "\n",
        html=render_to_string("notices/mail/layout.html", frame),
        kept_body=_blanked_body(notice, words) if message.secret else body,
    )


def preview_body(notice: Notice, words: Words | None = None) -> str:
    """Return the body as the person sees it: as sent, or as it would leave now; secrets blanked."""
    return notice.body or _blanked_body(notice, words or words_for([notice]))


def preview_subject(notice: Notice, words: Words | None = None) -> str:
    """Return the subject as sent, or as it would leave now."""
    return notice.subject or _subject(notice, words or words_for([notice]))


def sample_of(text: TextVersion) -> tuple[str, str]:
    """Return subject and body of a text with examples in its variables; it speaks of nobody."""
    body = _with_link(text.fields["body"], MESSAGES[text.kind])
    return fill(text.fields["subject"], EXAMPLES), fill(body, EXAMPLES)


def _blanked_body(notice: Notice, words: Words) -> str:
    has_secret_link = MESSAGES[notice.message].secret in {"SIGN_IN", "STAFF_RESET"}
    link = link_of(notice, {"fragment": BLANK} if has_secret_link else {})
    return _body(notice, words, {"codigo": BLANK, LINK: link})


def _subject(notice: Notice, words: Words) -> str:
    return " ".join(fill(words.texts[notice.message].fields["subject"], _values(notice)).split())


def _body(notice: Notice, words: Words, more: Mapping[str, str]) -> str:
    """The body; a paragraph whose variable says nothing falls away."""
    text = _with_link(words.texts[notice.message].fields["body"], MESSAGES[notice.message])
    values = {**_values(notice), **more}
    return "\n\n".join(
        fill(one, values)
        for one in text.split("\n\n")
        if all(values[name] for name in names_in(one))
    )


def _with_link(body: str, message: Message) -> str:
    return body if has_link(body) else f"{body}\n\n{message.button}:\n\n{{{{{LINK}}}}}"


_COUNTED = {
    "acuses": ("acuses", "acuse"),
    "vencidos": ("late", "vencido"),
    "estudiantes": ("late", "estudiante"),
    "casos": ("cases", "caso"),
}
SAID = {
    "due_on": "fecha",
    "review_due_on": "fecha",
    "changed_on": "fecha",
    "left_on": "fecha",
    "opens_on": "fecha",
    "first_name": "nombre",
    "reason": "motivo",
    "remedy": "solucion",
    "place": "lugar",
    "contact": "contacto",
    "sheets": "hojas",
    "missing": "falta",
    "what": "cambio",
}
"""By the key of the context: the variable under which whoever edits the text knows it; others keep their name."""


def _values(notice: Notice) -> dict[str, str]:
    """What stands in the variables of a notice; what its context says nothing of is empty."""
    context = notice.context
    known = dict.fromkeys(MAILS[TextKind(notice.message)].variables, "")
    known |= {"nombre": notice.to_name.partition(" ")[0], "plantel": str(notice.plantel or "")}
    known |= {SAID.get(key, key): _in_words(key, value) for key, value in context.items()}
    known |= {
        name: _plural(context[key], noun)
        for name, (key, noun) in _COUNTED.items()
        if key in context
    }
    fecha = known.get("fecha", "")
    known["plazo"] = f"a más tardar el {fecha}" if fecha else "cuanto antes"
    if weekday := context.get("weekday", ""):
        known |= {"dia": f"El {weekday}", "cuando": f"el {fecha}"}
    else:
        known |= {"dia": "Mañana", "cuando": f"mañana, {fecha}"}
    with_guardian = " y por tu mamá, papá o tutor" if context.get("needs_guardian") else ""
    return known | {"firmas": f"por ti{with_guardian}"}


def _in_words(key: str, value: object) -> str:
    """Dates travel as ISO text in `…_on` keys and are read as «jueves 27 de agosto»; nothing is empty."""
    if value is None:
        return ""
    if key.endswith("_on") and value:
        return weekday_date(date.fromisoformat(str(value)))
    return str(value)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
