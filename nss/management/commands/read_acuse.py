"""`manage.py read_acuse FILE… --json`: read files as the portal would, one line each."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.uploads import (
    DOCUMENT,
    HEAD_BYTES,
    ChildResult,
    Kind,
    NoSlot,
    Refused,
    check_size,
    kind_of,
    run_child,
    with_room_for,
)
from nss.actions.reading import JOB, LIMITS, READER_FAILED
from nss.extraction.result import Outcome
from students.actions.files import refusal_of

FIELDS = ("nss", "curp", "names", "issued_date")
NO_FILE = "NO_FILE"
SLOT_SECONDS = 300.0


class Command(BaseCommand):
    """Read acuses from files; nothing is stored."""

    requires_system_checks = []  # only files are read: neither pages nor database matter
    help = "Read acuses: one line per file; a field that is not certain is null."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and the form of the answer."""
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *_args: object, files: list[Path], **options: Any) -> None:
        """Read each file and write its line; the exit status is 0 whatever the files hold."""
        for path in files:
            answer = {"file": str(path), **read(path)}
            line = json.dumps(answer, ensure_ascii=False) if options["json"] else _plain(answer)
            self.stdout.write(line)


def read(path: Path) -> dict[str, Any]:
    """Return status, code, fields, sources and checks of one file."""
    if not path.is_file():
        return _answer(Outcome.REJECTED, NO_FILE)
    try:
        check_size(path.stat().st_size, DOCUMENT)
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES), path.name, DOCUMENT)
        arguments = {"kind": kind.value}
        limits = with_room_for(kind, LIMITS)
        result = run_child(JOB, path, limits=limits, arguments=arguments, wait_seconds=SLOT_SECONDS)
    except NoSlot:
        raise CommandError("Other readings keep the machine busy; try again later") from None
    except Refused as refused:
        return _answer(Outcome.REJECTED, refused.code.value)
    if result.refused is not None:
        return _answer(Outcome.REJECTED, result.refused.code.value)
    return _of_reading(result) if result.is_done else _of_dead_child(path, kind)


def _of_reading(result: ChildResult) -> dict[str, Any]:
    reading = result.value["reading"]
    found = {name: reading[name] for name in FIELDS if reading[name] and reading[name]["value"]}
    values = {name: field["value"] for name, field in found.items()}
    source = {name: field["source"] for name, field in found.items()}
    return _answer(
        Outcome(reading["outcome"]), reading["code"], values, source, checks=reading["checks"]
    )


def _of_dead_child(path: Path, kind: Kind) -> dict[str, Any]:
    """Tell a file that no child can draw from one that only the reader does not survive."""
    job = "common.uploads.documents:make_derivatives"
    arguments = {"kind": kind.value}
    drawn = run_child(
        job, path, limits=with_room_for(kind), arguments=arguments, wait_seconds=SLOT_SECONDS
    )
    if drawn.is_done:
        return _answer(Outcome.UNREADABLE, READER_FAILED)
    return _answer(Outcome.REJECTED, refusal_of(drawn, kind).value)


def _answer(
    status: Outcome,
    code: str,
    values: dict[str, str] | None = None,
    source: dict[str, str] | None = None,
    *,
    checks: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "status": status.value,
        "code": code,
        **{name: (values or {}).get(name) for name in FIELDS},
        "source": {name: (source or {}).get(name) for name in FIELDS},
        "checks": checks or {},
    }


def _plain(answer: dict[str, Any]) -> str:
    parts = [answer["file"], answer["status"], answer["code"]]
    return "\t".join([*parts, *(answer[name] or "-" for name in FIELDS)])
