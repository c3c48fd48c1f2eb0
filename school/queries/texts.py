"""Reads of the texts that the institution edits."""

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from common.bulk import Among
from common.prepared import Given, Prepared
from school.models import TextVersion
from school.states import TextKind
from school.text_parts.mails import MAILS

PACKAGED = Path(__file__).resolve().parent.parent / "texts"

_NEWEST = Prepared(lambda: TextVersion.objects.filter(kind=Given("kind")).order_by("-version")[:1])
_VERSIONS = Prepared(
    lambda: (
        TextVersion.objects.filter(Among("kind", Given("kinds")))
        .select_related("created_by")
        .order_by("version")
    )
)


@cache
def packaged_fields(kind: TextKind) -> dict[str, Any]:
    """Return version 0 of a text, as it came with the portal."""
    if kind in MAILS:
        subject, _, body = (
            (PACKAGED / "mails" / f"{kind.lower()}.txt").read_text().partition("\n\n")
        )
        return {"subject": subject, "body": body.strip()}
    fields: dict[str, Any] = json.loads((PACKAGED / f"{kind.lower()}.json").read_text())
    return fields


def current_text(kind: TextKind) -> TextVersion:
    """Return the newest version of a text; unsaved version 0 when nobody edited or used it yet."""
    return _NEWEST.first(kind=kind) or packaged_text(kind)


def texts_in_use(kinds: Collection[str]) -> dict[str, TextVersion]:
    """Return the newest version of several texts in one query."""
    edited = {row.kind: row for row in _VERSIONS.rows(kinds=[str(kind) for kind in kinds])}
    return {kind: edited.get(kind) or packaged_text(TextKind(kind)) for kind in kinds}


def versions_of(kind: TextKind) -> list[TextVersion]:
    """Return every version of a text, newest first; the packaged one too, even before its first use."""
    rows = list(
        TextVersion.objects.filter(kind=kind).select_related("created_by").order_by("-version")
    )
    if not rows or rows[-1].version > 0:
        rows.append(packaged_text(kind))
    return rows


def format_line(text: TextVersion, cycle: str) -> str:
    """Write which format a sheet is: «Formato de renuncia v3 (vigente 2026-B)».

    The version is counted from 1, as on the screen; `cycle` is the ciclo in which the sheet was issued.
    """
    return f"{TextKind(text.kind).label.capitalize()} v{text.version + 1} (vigente {cycle})"


def packaged_text(kind: TextKind) -> TextVersion:
    """Return version 0 of a text, which came with the portal, as a row that nobody saved."""
    return TextVersion(
        kind=kind, version=0, fields=packaged_fields(kind), created_at=timezone.now()
    )
