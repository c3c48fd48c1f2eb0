"""How stages, turns and deadlines are written in lists: `{% load stages %}`."""

from typing import TYPE_CHECKING, NamedTuple

from django.template import Library

from followup.queries.search_lines import due_in_words
from followup.stages import ACUSE_ASKED, MAY_BE_PAUSED, STAGES
from followup.states import Ball, Stage
from notices.messages import MESSAGES
from school.states import TextKind

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

register = Library()


class Tag(NamedTuple):
    """The words of a tag and the ending of its class."""

    text: str
    css: str


@register.filter
def stage_tag(stage: str) -> Tag:
    """Give the staff's tag of a stage; only two stages warn, the words always say it too."""
    text = STAGES[stage]
    if text.is_warning:
        return Tag(Stage(stage).label, "warning")
    css = {Ball.PLANTEL: "wait", Ball.IMSS: "wait", Ball.STUDENT: "", Ball.NOBODY: "later"}
    return Tag(Stage(stage).label, "done" if stage == Stage.S_06 else css[text.ball])


@register.filter
def ball_words(ball: str) -> str:
    """Write whose turn it is: «Al estudiante»."""
    return Ball(ball).label.capitalize() if ball != Ball.NOBODY else "–"


@register.filter
def due_words(row: "StandingEnrollment") -> str:
    """Write until when, while an acuse is asked of the student, or that the clock stands."""
    if row.due_on is None:
        return "plazo en pausa" if row.stage in MAY_BE_PAUSED else ""
    if row.stage not in ACUSE_ASKED:
        return ""
    return due_in_words(row.due_on, row.local_day)


@register.filter
def message_name(message: str) -> str:
    """Name a message as the staff knows it: «recibimos tu acuse»."""
    return TextKind(message).label.capitalize() if message in MESSAGES else message
