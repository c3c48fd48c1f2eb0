"""What a student reads (goal E12): no forbidden word, short sentences, easy to read (Szigriszt-Pazos, Spanish).

Read is what stands between header and footer, with everything folded open: headings, paragraphs, list items, hints,
choices and buttons. Each of these is a thought of its own, so each ends a sentence, with or without a full stop: a list
is as many sentences as it has items, as a reader takes a breath after each. The name of a field («Número exterior») is
no sentence, and what the student gave (summary lists, names, addresses, codes, numbers) not our wording: both are left
out. A sentence ends at «.», «!», «?».
"""

import re

import textstat
from playwright.sync_api import Page

textstat.set_lang("es")

EASIEST_TO_BEAR, LONGEST_MEAN = 65, 20
FORBIDDEN = re.compile(
    r"por favor|lo sentimos|inv[áa]lid[oa]|oops|este campo|favor de|requisitar|efectuar|\bproceder\b"
    r"|derechohabiente(?!s, pen)",  # the name of a menu of IMSS may stand
    re.I,
)

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


def forbidden_on(page: Page) -> set[str]:
    """Return the forbidden words anywhere in the page, hidden ones and attributes included."""
    return {found.group().lower() for found in FORBIDDEN.finditer(page.content())}
