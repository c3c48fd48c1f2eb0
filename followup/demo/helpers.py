"""Files for the visitor to upload: a new list for the wizard, and the acuses of the students to sign in as."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from followup.demo.acuses import draw_pdf, draw_photo
from followup.demo.lives import World
from followup.demo.people import Person
from followup.demo.plan import Case
from followup.demo.rosters import new_roster, row_of, table_bytes, workbook_bytes
from followup.demo.stories import holder_of
from followup.states import Stage

TO_SIGN_IN = (
    *(Stage.S_00, Stage.S_01V, Stage.S_05, Stage.S_04),
    *(Stage.S_09, Stage.S_10, Stage.S_12),
)
"""Stages that show the visitor something different; the first three ask for a file."""

ROSTER = "padron-plantel-01"
NEEDS_FILE = TO_SIGN_IN[:3]


def folder() -> Path:
    """Return where the helper files lie."""
    return Path(settings.VAR) / "demo"


def samples_of(matricula: str) -> list[Path]:
    """Return the acuses to upload that were drawn for a student: a PDF and a phone photo, or none."""
    names = (f"acuse-{matricula}.pdf", f"acuse-{matricula}.jpg")
    return [path for name in names if (path := folder() / name).exists()]


def write_helpers(world: World, plan: Sequence[Case], newcomers: Sequence[Person]) -> None:
    """Write the files; those of an earlier demo are overwritten."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = new_roster(newcomers, known=_known(world), today=world.today)
    (folder() / f"{ROSTER}.csv").write_bytes(table_bytes(rows))
    (folder() / f"{ROSTER}.xlsx").write_bytes(workbook_bytes(rows, created_on=world.today))
    for case in plan:
        if case.is_first and case.stage in NEEDS_FILE:
            _write_acuses(world, case)


def _known(world: World) -> list[list[str]]:
    """Two students of the first plantel as its list has them."""
    current = world.system.current
    stays = [stay for stay in world.rows.stays if stay.cycle is current and stay.student.curp]
    return [row_of(stay) for stay in stays[:2]]


def _write_acuses(world: World, case: Case) -> None:
    holder = holder_of(world.people[case.number], world.today)
    name = f"acuse-{case.matricula}"
    pdf = draw_pdf(holder, "sheet_with_card", seed=case.number)
    (folder() / f"{name}.pdf").write_bytes(pdf)
    photo = draw_photo(holder, "sheet_with_card", "photo", seed=case.number)
    (folder() / f"{name}.jpg").write_bytes(photo)
