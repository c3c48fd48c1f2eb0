"""Load a whole demo: the plan, the lives, the files, and all rows in one transaction."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from affiliation.movement_file.parts import LONGEST_NAME
from followup.demo.drawing import Drawing, Drawn, draw_all, share
from followup.demo.helpers import write_helpers
from followup.demo.insurance import live_on
from followup.demo.lives import World
from followup.demo.people import Person, Population
from followup.demo.plan import Case, Way, cases
from followup.demo.rosters import NEW_STUDENTS, add_rosters
from followup.demo.rows import Rows, random_path
from followup.demo.schools import System, build_system
from followup.demo.sites import SITES, sites
from followup.demo.stories import holder_of, tell
from followup.states import Stage
from nss.actions.reading import kept_values
from nss.extraction.compare import Known
from nss.extraction.result import ENGINE, Outcome, from_json
from nss.models import Acuse, Reading
from students.actions.postal_codes import load_postal_codes
from students.models import PostalCode
from students.queries.data import manifestacion
from students.states import FileState, OtherCover

READ_AFTER = timedelta(seconds=4)
SAMPLES_OF_A_KIND = 2


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load left: counts for the command to say."""

    students: int
    acuses: int
    drawn: int
    photos: int
    shared: int


def load_demo(*, students: int, seed: int, today: date) -> Loaded:
    """Invent the students and write everything; the same arguments give the same demo.

    Raises ValueError for fewer students than make a demo. Files are drawn before the transaction begins, and
    taken away again if it fails.
    """
    plan = cases(students, seed=seed, year=today.year)
    if not PostalCode.objects.exists():
        load_postal_codes()
    root = Path(settings.MEDIA_ROOT)
    world, newcomers = _world(plan, seed=seed, today=today)
    for case in plan:
        tell(world, case)
    own = [drawing for _, drawing, is_drawn in world.drawings.values() if is_drawn]
    samples = _samples(world)
    drawn = draw_all([*own, *samples.values()], root)
    try:
        _fill(world, drawn, samples, root)
        add_rosters(world, root)
        _save(world, plan)
    except BaseException:
        _take_away(world, drawn, root)
        raise
    write_helpers(world, plan, newcomers)
    photos = sum(bool(drawing.degradation) for drawing in own)
    shared = len(world.drawings) - len(own)
    return Loaded(len(world.rows.students), len(world.rows.acuses), len(own), photos, shared)


def _world(plan: list[Case], *, seed: int, today: date) -> tuple[World, list[Person]]:
    """Return everybody before anything happened, and who is still to be enrolled."""
    places = sites(len(plan))
    system = build_system(places, seed=seed, today=today)
    population = Population(seed=seed, today=today)
    invented: list[Person] = []
    classmates: dict[int, list[int]] = {}
    was_in_batch = {case.number for case in plan if case.lot}
    sizes = Counter(case.plantel for case in plan)
    for place, site in enumerate(places):
        size = sizes[place]
        numbers = range(len(invented), len(invented) + size)
        classmates[place] = [number for number in numbers if number not in was_in_batch]
        people = population.people(size, places=_places(site.municipio), born_in=site.born_in)
        invented += _seated(people, [plan[number] for number in numbers])
    newcomers = population.people(
        NEW_STUDENTS, places=_places(SITES[0].municipio), born_in=SITES[0].born_in
    )
    world = World(
        system=system,
        rows=Rows(),
        seed=seed,
        today=today,
        statements={cover: manifestacion(cover) for cover in OtherCover.values},
        people=dict(enumerate(invented)),
        classmates=classmates,
        accepted=_accepted(plan),
    )
    return world, newcomers


def _seated(people: list[Person], cases: Sequence[Case]) -> list[Person]:
    """Return the persons of a plantel by case: whose name is too long for a movement file is in no batch."""
    spare = (
        at for at, case in enumerate(cases) if not case.lot and people[at].longest <= LONGEST_NAME
    )
    for at, case in enumerate(cases):
        if case.lot and people[at].longest > LONGEST_NAME:
            other = next(spare)
            people[at], people[other] = people[other], people[at]
    return people


def _places(municipio: str) -> list[PostalCode]:
    return list(PostalCode.objects.filter(municipio=municipio).order_by("code"))


def _accepted(plan: list[Case]) -> list[int]:
    """Who proved an NSS in this ciclo and was in no batch yet, in the order of the plan."""
    waiting = [case for case in plan if case.stage == Stage.S_06 and not case.lot]
    return [case.number for case in waiting if case.way != Way.KNOWN_NSS]


def _samples(world: World) -> dict[tuple[str, str, bool, int], Drawing]:
    """The files shared by the students without own ones: a few of each kind, of somebody who is not enrolled."""
    chance = random.Random(f"{world.seed}-samples")  # noqa: S311 -- repeatable
    someone = holder_of(
        Population(seed=world.seed + 1, today=world.today).people(
            1, places=_places(SITES[0].municipio), born_in=SITES[0].born_in
        )[0],
        world.today,
    )
    kinds = sorted(
        {_kind(drawing) for _, drawing, is_drawn in world.drawings.values() if not is_drawn}
    )
    return {
        (layout, degradation, is_damaged, number): Drawing(
            random_path(chance), layout, someone, number, degradation, is_damaged
        )
        for layout, degradation, is_damaged, number in kinds
    }


def _kind(drawing: Drawing) -> tuple[str, str, bool, int]:
    number = drawing.seed % SAMPLES_OF_A_KIND
    return drawing.layout, drawing.degradation, drawing.is_damaged, number


def _fill(
    world: World,
    drawn: dict[str, Drawn],
    samples: dict[tuple[str, str, bool, int], Drawing],
    root: Path,
) -> None:
    """Put what was drawn and read into the rows of files and readings."""
    for path, (acuse, drawing, is_drawn) in world.drawings.items():
        sample = None if is_drawn else samples[_kind(drawing)]
        found = share(drawn[sample.path], path, root) if sample else drawn[path]
        _fill_file(acuse, found)
        reading = found.reading
        if reading and not is_drawn:
            reading = _as_if_read(reading, drawing)
        world.rows.readings.append(_reading(acuse, found, reading))


def _fill_file(acuse: Acuse, drawn: Drawn) -> None:
    file = acuse.file
    file.sha256, file.size, file.pages = drawn.sha256, drawn.size, drawn.pages
    file.state = FileState.REFUSED if drawn.refusal else FileState.READY
    file.refusal, file.derivative_pages = drawn.refusal, list(drawn.pictures)


def _reading(acuse: Acuse, drawn: Drawn, reading: dict[str, Any] | None) -> Reading:
    row = Reading(
        acuse=acuse,
        engine=ENGINE,
        duration_ms=drawn.duration_ms,
        created_at=acuse.created_at + READ_AFTER,
    )
    if reading is None:
        row.outcome, row.code = Outcome.REJECTED.value, drawn.refusal
        return row
    student = acuse.request.enrollment.student
    known = Known(curp=student.curp or "", names=student.full_name)
    for name, value in kept_values(from_json(reading), known).items():
        setattr(row, name, value)
    return row


def _as_if_read(reading: dict[str, Any], drawing: Drawing) -> dict[str, Any]:
    """Return a sample's reading with the values that the student's own file would have shown."""
    holder = drawing.holder
    values = {
        "nss": holder.nss,
        "curp": holder.curp,
        "names": holder.names,
        "issued_date": holder.issued_date.isoformat(),
    }
    fields = {
        name: {**reading[name], "value": value}
        for name, value in values.items()
        if reading[name] and reading[name]["value"]
    }
    return {**reading, **fields, "curps_seen": [holder.curp] if reading["curps_seen"] else []}


@transaction.atomic
def _save(world: World, plan: Sequence[Case]) -> None:
    system: System = world.system
    system.save()
    zone = system.schools[0].plantel.zone
    world.rows.save(now=datetime.combine(system.previous.starts_on, time.min, zone))
    _count_rows()
    live_on(world, plan)


def _count_rows() -> None:
    """Tell the database how large the tables are: else it plans what follows as if they were still empty.

    Ours alone: a bare ANALYZE also holds, to the end of the transaction, what all databases of a server share.
    """
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _take_away(world: World, drawn: dict[str, Drawn], root: Path) -> None:
    """Leave no file without its row."""
    files = [*world.rows.files]
    paths = [path for one in drawn.values() for path in (one.path, *one.pictures)]
    paths += [path for file in files for path in (file.path, *file.derivative_pages)]
    for path in paths:
        (root / path).unlink(missing_ok=True)
