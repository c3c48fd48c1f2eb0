"""Writes to the texts that the institution edits. A version, once there, never changes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from school.models import TextVersion, User
from school.queries.texts import current_text, packaged_fields
from school.states import TextKind
from school.text_parts import faults
from school.text_parts.ladder import keyed


class TextLacks(Exception):
    """Something that no version may lack is missing."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__(", ".join(found))
        self.sentence = next(iter(found.values()))


class TextMoved(Exception):
    """Somebody else saved in the meantime."""

    sentence = (
        "Otra persona guardó una versión mientras editabas. Copiar aquí lo que cambiaste, abrir la página otra "
        "vez y ponerlo sobre la versión nueva"
    )


class SameText(Exception):
    """Nothing would change."""

    sentence = "No hay cambios: es igual a la versión que está en uso"


@transaction.atomic
def keep_text_in_use(kind: TextKind, *, now: datetime) -> TextVersion:
    """Return the current text as a row, so that what was declared on it can point at it.

    A packaged text becomes version 0 when it is first used.
    """
    current = current_text(kind)
    return current if current.pk else _packaged(kind, now=now)


@transaction.atomic
def publish_text(
    kind: TextKind, fields: dict[str, Any], *, based_on: int, by: User, now: datetime
) -> TextVersion:
    """Put a new version of a text in use; where the text says when it was reviewed, that is today.

    Raises TextMoved when `based_on` is no longer the version in use, SameText when nothing changed, TextLacks
    when it misses what the law or the guide asks for (school/text_parts).
    """
    current = _locked(kind, now=now)
    if current.version != based_on:
        raise TextMoved
    return _publish(current, fields, by=by, now=now)


@transaction.atomic
def restore_text(version: TextVersion, *, by: User, now: datetime) -> TextVersion:
    """Put what an old version said in use again, as a new version.

    Raises SameText when it is the one in use, TextLacks when today's rules ask for more than it says.
    """
    return _publish(_locked(TextKind(version.kind), now=now), version.fields, by=by, now=now)


def _publish(
    current: TextVersion, fields: dict[str, Any], *, by: User, now: datetime
) -> TextVersion:
    reviewed = {"reviewed_on": timezone.localdate(now).isoformat()}
    if current.kind == TextKind.ESCALERA and not faults(TextKind.ESCALERA, fields):
        fields = keyed(fields, current.fields, version=current.version + 1, now=now)
    if _said(fields) == _said(current.fields):
        raise SameText
    found = faults(TextKind(current.kind), fields)
    if found:
        raise TextLacks(found)
    return TextVersion.objects.create(
        kind=current.kind,
        version=current.version + 1,
        fields=fields | (reviewed if "reviewed_on" in fields else {}),
        created_at=now,
        created_by=by,
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "reviewed_on"}


def _locked(kind: TextKind, *, now: datetime) -> TextVersion:
    """The version in use, with the packaged one locked: who else publishes this text waits."""
    first = _packaged(kind, now=now)
    TextVersion.objects.select_for_update(of=("self",)).get(pk=first.pk)
    return current_text(kind)


def _packaged(kind: TextKind, *, now: datetime) -> TextVersion:
    row, _ = TextVersion.objects.get_or_create(
        kind=kind, version=0, defaults={"fields": packaged_fields(kind), "created_at": now}
    )
    return row
