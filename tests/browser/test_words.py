"""What a student reads: no forbidden word, short sentences, easy to read (Szigriszt-Pazos, Spanish).

Read is what stands between header and footer, with everything folded open: headings, paragraphs, list items, hints,
choices and buttons. Each of these is a thought of its own, so each ends a sentence, with or without a full stop: a list
is as many sentences as it has items, as a reader takes a breath after each. The name of a field («Número exterior») is
no sentence, and what the student gave (summary lists, names, addresses, codes, numbers) not our wording: both are left
out. A sentence ends at «.», «!», «?».
"""

import re

import pytest
import textstat
from playwright.sync_api import Page

from notices.messages import MESSAGES
from notices.render import render_mail
from tests.browser.conftest import go, looks_in, show_errors
from tests.browser.scenes import STUDENTS
from tests.factories.notices import NoticeFactory
from tests.notices.test_messages import SAMPLES, SECRETS

EASIEST_TO_BEAR, LONGEST_MEAN = 65, 20
FORBIDDEN = re.compile(
    r"por favor|lo sentimos|inv[áa]lid[oa]|oops|este campo|favor de|requisitar|efectuar|\bproceder\b"
    r"|derechohabiente(?!s, pen)",  # the name of a menu of IMSS may stand
    re.I,
)
READ_BY_STUDENTS = ("visitor", *STUDENTS)
FOR_STAFF = ("account_", "mfa_")

BLOCKS = """() => {
  const kinds = "h1, h2, h3, p, li, .form-check-label, legend, summary, figcaption, .form-text, .btn, .action-link";
  document.querySelectorAll("main details").forEach((each) => { each.open = true; });
  return [...document.querySelectorAll("main :is(" + kinds + ")")]
    .filter((node) => node.checkVisibility() && !node.querySelector(kinds) && !node.closest(".summary-list"))
    .map((node) => node.innerText);
}"""


def prose(blocks: list[str]) -> str:
    """Return the blocks as sentences, without what is no word: numbers, codes, addresses."""
    sentences = []
    for block in blocks:
        words = [word for word in block.split() if not re.search(r"\d|@|[A-Z]{4}", word)]
        text = " ".join(words).strip(" ·:,;–→")
        if re.search(r"\w", text):
            sentences.append(text if text[-1] in ".!?" else f"{text}.")
    return " ".join(sentences)


def hard_to_read(text: str) -> str:
    """Return by how much a text misses the goals; empty when it does not."""
    sentences = [each for each in re.split(r"[.!?]+", text) if re.search(r"\w", each)]
    words = sum(len(each.split()) for each in sentences)
    mean = words / len(sentences)
    ease = 206.835 - 62.3 * textstat.syllable_count(text) / words - mean
    if ease >= EASIEST_TO_BEAR and mean <= LONGEST_MEAN:
        return ""
    return f"ease {ease:.0f}, {mean:.1f} words a sentence"


@pytest.fixture(autouse=True)
def in_spanish():
    textstat.set_lang("es")


def forbidden_on(page: Page) -> set[str]:
    """Return the forbidden words anywhere in the page, hidden ones and attributes included."""
    return {found.group().lower() for found in FORBIDDEN.finditer(page.content())}


@pytest.mark.parametrize("name", READ_BY_STUDENTS)
def test_pages_are_easy_to_read(open_page, enter, name):
    page = open_page(360, 640)
    scene = enter(page, name)
    found = []
    for look in (look for look in looks_in(name) if not look.name.startswith(FOR_STAFF)):
        go(page, look, scene)
        if hard := hard_to_read(prose(page.evaluate(BLOCKS))):
            found.append(f"{look}: {hard}")
        found += [f"{look}: «{word}»" for word in forbidden_on(page)]
        for sent in look.wrong:
            show_errors(page, look, scene, sent)
            found += [f"{look} after {sent.fields}: «{word}»" for word in forbidden_on(page)]

    assert not found, "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in sorted(MESSAGES) if name != "STAFF-RESET"])
def test_mails_are_easy_to_read(name):
    message = MESSAGES[name]
    notice = NoticeFactory(message=name, context={key: SAMPLES[key] for key in message.needs})
    mail = render_mail(notice, SECRETS[message.secret])

    assert hard_to_read(prose([mail.subject, *mail.text.splitlines()])) == ""
    assert FORBIDDEN.findall(f"{mail.subject}\n{mail.text}\n{mail.html}") == []
