"""The tags and filters every page shares: `{% load ui %}`. See docs/ui.md."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.template import Context, Library, TemplateSyntaxError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common import dates

register = Library()

_BANNER_LEVELS = {"success": "success", "warning": "warning", "error": "error"}
_NSS = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{4})(\d)")


@dataclass(frozen=True)
class SummaryError:
    """One line of the error summary; `target` is the id of the field, empty for the whole form."""

    text: str
    target: str


@cache
def _icon_paths(name: str) -> SafeString:
    found = finders.find(f"img/icons/{name}.svg")
    if not isinstance(found, str):
        raise TemplateSyntaxError(f"static/img/icons/{name}.svg does not exist")
    shapes = re.findall(r'<path\b[^>]*?\bd="([^"]+)"', Path(found).read_text(encoding="utf-8"))
    return format_html_join("", '<path fill-rule="evenodd" d="{}"/>', ((d,) for d in shapes))


@register.filter
def breakable(text: str) -> str:
    """Let an e-mail address break after its @ instead of within a word."""
    before, at, after = str(text).partition("@")
    return format_html("{}@<wbr>{}", before, after) if at else text


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw static/img/icons/<name>.svg in the colour and size of the text around it.

    Without a label the icon is decoration and screen readers skip it.
    Raises TemplateSyntaxError if there is no such icon.
    """
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>',
            label,
            _icon_paths(name),
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        _icon_paths(name),
    )


def _target(field: BoundField) -> str:
    """Give the id of the first thing in the field that can take the focus."""
    if field.id_for_label:
        return str(field.id_for_label)
    return f"{field.auto_id}_0" if field.auto_id else ""


def _errors_of(form: BaseForm) -> Iterable[SummaryError]:
    for text in form.non_field_errors():
        yield SummaryError(str(text), "")
    for name in form.fields:
        if name in form.errors:
            field = form[name]
            yield from (SummaryError(str(text), _target(field)) for text in field.errors)


@register.inclusion_tag("components/_error_summary.html")
def error_summary(*forms: BaseForm | str | None) -> dict[str, list[SummaryError]]:
    """List the errors of the forms above the h1, each one a link to its field.

    Pages without a form pass None or the empty string, and nothing is drawn.
    """
    errors = [e for form in forms if isinstance(form, BaseForm) for e in _errors_of(form)]
    return {"errors": errors}


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Give «Error: » for the page title when the page's `form` came back with errors."""
    form = context.get("form")
    return "Error: " if isinstance(form, BaseForm) and form.errors else ""


@register.filter
def banner_level(tags: str) -> str:
    """Turn a message's tags into the banner's level: success, warning, error or info."""
    return next((_BANNER_LEVELS[tag] for tag in tags.split() if tag in _BANNER_LEVELS), "info")


@register.filter
def grouped_nss(nss: str | None) -> str:
    """Write an NSS as it is printed on the acuse: 24 26 08 1234 2."""
    return _NSS.sub(r"\1 \2 \3 \4 \5", nss or "")


@register.filter(expects_localtime=True)
def long_date(day: date | None) -> str:
    """Write a date or time as «jueves 27 de agosto de 2026», the empty string for none."""
    return dates.long_date(day) if day else ""


@register.filter(expects_localtime=True)
def weekday_date(day: date | None) -> str:
    """Write a deadline as «jueves 27 de agosto», the empty string for none."""
    return dates.weekday_date(day) if day else ""


@register.filter(expects_localtime=True)
def plain_date(day: date | None) -> str:
    """Write a birth date as «14 de febrero de 2008», the empty string for none."""
    return dates.plain_date(day) if day else ""
