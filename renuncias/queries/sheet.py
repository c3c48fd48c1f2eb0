"""What a sheet says of a student, word for word, on the day of its issue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from common.dates import plain_date
from common.texts import fill
from renuncias.models import Renuncia
from renuncias.queries.answers import Answers
from renuncias.states import Institution, Kinship, Motive
from school.models import TextVersion
from school.queries.planteles import contact_of
from school.queries.texts import current_text
from school.states import TextKind
from students.identity import CurpError, parse_curp
from students.models import Enrollment
from students.queries.data import is_minor
from students.queries.sign_in import mailbox_of, phone_of


@dataclass(frozen=True)
class Sheet:
    """The sentences of a sheet in their order; each motive says whether it is the chosen one."""

    title: str
    declaration: str
    motives: list[tuple[str, bool]]
    statements: list[str]
    signatures: list[str]


@dataclass(frozen=True)
class Day:
    """The day of an issue by the clock of its plantel, and who is responsable there on it."""

    today: date
    responsable: str


def day_of(enrollment: Enrollment, *, now: datetime) -> Day:
    """Return the day at the stay's plantel."""
    today = now.astimezone(enrollment.plantel.zone).date()
    return Day(today, contact_of(enrollment.plantel).name)


def needs_guardian(enrollment: Enrollment, *, today: date) -> bool:
    """Tell whether mamá, papá o tutor signs too: for minors, where the ciclo says so."""
    asks = enrollment.cycle.needs_guardian_signature
    return asks and is_minor(enrollment.student, today=today)


def printed_words(
    enrollment: Enrollment, answers: Answers, *, folio: str, day: Day
) -> dict[str, str]:
    """Return every word that the sheet says of the student; "" is left for the pen. No NSS is among them."""
    student, plantel = enrollment.student, enrollment.plantel
    return {
        "folio": folio,
        "plantel": str(plantel),
        "clave": plantel.clave,
        "cycle": enrollment.cycle.name,
        "group": enrollment.group,
        "shift": enrollment.shift.capitalize(),
        "matricula": enrollment.matricula,
        "date": plain_date(day.today),
        "place": plantel.name,
        "name": student.full_name.upper(),
        "curp": student.curp or "",
        "birth_date": _birth_date(student.curp, day.today),
        "contact": _contact(enrollment),
        "motive": answers.motive,
        "motive_note": answers.motive_note,
        "institution": _institution(answers),
        "holder": answers.holder,
        "kinship": Kinship(answers.kinship).label if answers.kinship else "",
        "policy_number": answers.policy_number,
        "covered_until": plain_date(answers.covered_until) if answers.covered_until else "",
        "guardian": "1" if needs_guardian(enrollment, today=day.today) else "",
        "responsable": day.responsable,
    }


def digest_of(printed: dict[str, str], version: int) -> str:
    """Return the SHA-256 of what is printed on that version of the format, as canonical JSON."""
    canonical = json.dumps(
        {"printed": printed, "version": version},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(canonical.encode()).hexdigest()


def sheet_of(printed: Mapping[str, str], fields: Mapping[str, Any]) -> Sheet:
    """Fill in the sentences of a version of the format: the same for all of a plantel."""
    values = {
        "plantel": printed["plantel"],
        "subsistema": current_text(TextKind.IDENTIDAD).fields["subsystem"],
    }
    labels = fields["signatures"]
    signing = ["student", *(["guardian"] if printed["guardian"] else []), "responsable", "stamp"]
    return Sheet(
        title=fields["title"],
        declaration=fill(fields["declaration"], values),
        motives=[(fields["motives"][key], key == printed["motive"]) for key in Motive.values],
        statements=[
            fill(fields[name], values)
            for name in ("acknowledgement", "given_up", "release", "privacy")
        ],
        signatures=[labels[name] for name in signing if labels[name]],
    )


def format_of(renuncia: Renuncia) -> TextVersion:
    """Return the version of the format that a renuncia was issued with."""
    return renuncia.paper.text or current_text(TextKind.RENUNCIA)


def issued_sheet(renuncia: Renuncia) -> Sheet:
    """Return the sheet of a renuncia in the version of the format that it was issued with."""
    return sheet_of(renuncia.printed, format_of(renuncia).fields)


def _birth_date(curp: str | None, today: date) -> str:
    try:
        return plain_date(parse_curp(curp, today=today).birth_date)
    except CurpError:
        return ""


def _contact(enrollment: Enrollment) -> str:
    return " · ".join(filter(None, [mailbox_of(enrollment), phone_of(enrollment)]))


def _institution(answers: Answers) -> str:
    if answers.institution_name:
        return answers.institution_name
    return Institution(answers.institution).label if answers.institution else ""
