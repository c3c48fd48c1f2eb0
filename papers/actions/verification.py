"""Looking up a paper without signing in: as often as it is found, and a few guesses (security T34)."""

from collections.abc import Callable
from datetime import datetime

from common.addresses import network_of
from papers.models import Paper
from school.actions.limits import Limit, count_attempt, give_back_attempt
from school.actions.sign_in_limits import WAIT

GUESSES = 60


class TooManyGuesses(Exception):
    """From there, somebody looked for too many papers that do not exist."""


def look_up_paper(find: Callable[[], Paper | None], *, address: str, now: datetime) -> Paper | None:
    """Look a paper up and count it as a guess unless it is found. Raises TooManyGuesses."""
    limit = Limit(f"verify:{network_of(address)}", GUESSES, WAIT)
    if not count_attempt(limit, now=now):
        raise TooManyGuesses
    paper = find()
    if paper is not None:
        give_back_attempt(limit, now=now)
    return paper
