"""The fields of a printed form: the words of a sheet, or the placeholders that say where they go."""

from collections.abc import Mapping

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.qr import qr_svg
from common.stamping import QR, placeholder

register = Library()

_TITLE = "Código QR para comprobar este papel"


@register.simple_tag
def field(sheet: Mapping[str, str], name: str, kind: str = "") -> SafeString:
    """Write one field of a sheet; its id says where it stands (common.stamping)."""
    return format_html('<span id="{}" class="field {}">{}</span>', name, kind, sheet.get(name, ""))


@register.simple_tag
def qr_field(sheet: Mapping[str, str]) -> SafeString:
    """Draw the QR of a sheet, or the unit square in its place."""
    if sheet[QR] != placeholder(QR):
        return format_html('<div id="{}">{}</div>', QR, qr_svg(sheet[QR], title=_TITLE))
    square = '<div id="{}"><svg viewBox="0 0 1 1"><title>{}</title><rect width="1" height="1"/></svg></div>'
    return format_html(square, QR, _TITLE)
