"""The aviso de privacidad as it is read: nine items (LGPDPPSO 21) and the short form (22)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.texts import fill
from school.models import TextVersion
from school.queries.texts import current_text
from school.states import TextKind

_PENDING = {
    "transparency_office": "domicilio de la Unidad de Transparencia",
    "state_law": "ley estatal de protección de datos",
    "authority": "autoridad garante",
}


@dataclass(frozen=True)
class Section:
    """One of the nine items."""

    heading: str
    paragraphs: list[str]
    items: list[str]
    closing: str


@dataclass(frozen=True)
class Aviso:
    """One version, with its variables in place; `pending` names what the institution has not filled in yet."""

    title: str
    version: int
    since: date
    short: list[str]
    sections: list[Section]
    pending: list[str]


def current_aviso() -> Aviso:
    """Return the aviso in use."""
    return aviso_of(current_text(TextKind.AVISO))


def aviso_of(row: TextVersion) -> Aviso:
    """Return one version of the aviso as it is read."""
    fields: dict[str, Any] = row.fields
    identity = current_text(TextKind.IDENTIDAD).fields
    values = _values(fields, identity)
    return Aviso(
        title=fields["title"],
        version=row.version + 1,
        since=_since(fields, row.created_at, row.version),
        short=[fill(text, values) for text in fields["short"]],
        sections=[_section(section, values) for section in fields["sections"]],
        pending=_pending(fields, identity),
    )


def short_aviso() -> list[str]:
    """Return the short form, for the pages where data are asked for."""
    return current_aviso().short


def _values(fields: dict[str, Any], identity: dict[str, Any]) -> dict[str, str]:
    """What is still unknown is said in words that are true meanwhile."""
    subsystem = identity["subsystem"]
    return {
        "subsistema": subsystem,
        "domicilio": identity["address"] or "el plantel en el que estudias",
        "unidad": fields["transparency_office"]
        or f"las oficinas de {subsystem}; Control Escolar te da el domicilio",
        "ley_estatal": fields["state_law"]
        or "la ley de protección de datos personales de tu estado",
        "autoridad": fields["authority"] or "la autoridad garante de tu estado",
    }


def _pending(fields: dict[str, Any], identity: dict[str, Any]) -> list[str]:
    pending = [label for name, label in _PENDING.items() if not fields[name]]
    return pending if identity["address"] else ["domicilio del subsistema", *pending]


def _section(section: dict[str, Any], values: dict[str, str]) -> Section:
    return Section(
        heading=section["heading"],
        paragraphs=[fill(text, values) for text in section["paragraphs"]],
        items=[fill(text, values) for text in section.get("items", [])],
        closing=fill(section.get("closing", ""), values),
    )


def _since(fields: dict[str, Any], created_at: datetime, version: int) -> date:
    return date.fromisoformat(fields["reviewed_on"]) if version == 0 else created_at.date()
