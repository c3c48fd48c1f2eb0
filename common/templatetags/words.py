"""How emphasised words and moments are written: `{% load words %}`."""

import datetime as dt

from django.template import Library
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from common.dates import long_date

register = Library()


@register.filter
def emphasised(text: str) -> SafeString:
    """Write `**words**` as strong words; everything in the text is escaped."""
    parts = str(text).split("**")
    pieces = (
        format_html("<strong>{}</strong>", part) if number % 2 else conditional_escape(part)
        for number, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def moment(at: dt.datetime | None) -> str:
    """Write «jueves 27 de agosto de 2026, 14:32» by the page's clock; nothing for no moment."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{long_date(local.date())}, {local:%H:%M}"


@register.filter
def how_long(since: dt.datetime) -> str:
    """Write for how long: «3 meses», in the largest unit alone, or «menos de un minuto»."""
    if timezone.now() - since < dt.timedelta(minutes=1):
        return "menos de un minuto"
    return timesince(since, depth=1)
