"""How dates and emphasised words are written: `{% load words %}`."""

import datetime as dt

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from common import dates

register = template.Library()


@register.filter
def emphasised(text: str) -> SafeString:
    """This will write `**words**` as strong words; everything in the text is escaped."""
    parts = str(text).split("**")
    pieces = (
        format_html("<strong>{}</strong>", part) if number % 2 else conditional_escape(part)
        for number, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def weekday_date(day: dt.date | None) -> str:
    """This will write «jueves 27 de agosto»; nothing for no date."""
    return dates.weekday_date(day) if day else ""


@register.filter
def long_date(day: dt.date | None) -> str:
    """This will write «jueves 27 de agosto de 2026»; nothing for no date."""
    return dates.long_date(day) if day else ""


@register.filter
def plain_date(day: dt.date | None) -> str:
    """This will write «27 de agosto de 2026»; nothing for no date."""
    return dates.plain_date(day) if day else ""
