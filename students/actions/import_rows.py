"""The set-based write of a roster: one transaction, one COPY for each table however many rows."""

import base64
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction

from common.bulk import Among
from common.search import normalise
from school.models import Plantel, SchoolCycle, User
from school.queries.planteles import calendar_of
from students.actions.mailboxes import follow_roster
from students.actions.reminders import AT_ONCE, look_again
from students.actions.roster_copy import Same, tables
from students.deadlines import due_date
from students.models import Enrollment, NextLook, Student, TimelineEntry
from students.queries.deadlines import Stretch, events_of, rule_of, stretches
from students.queries.roster import Change, Plan, plan_import
from students.roster_file import Finding, RosterRow
from students.states import Event

COPIED = {  # column of the stay: attribute of the row
    "matricula": "matricula",
    "group": "group",
    "shift": "shift",
    "semester": "semester",
    "roster_email": "email",
    "roster_phone": "phone",
}
TIMES_LOST = 3
"""How often others may be faster before the import is given up: what is wrong with the rows themselves stays wrong."""
_plain = lru_cache(maxsize=50_000)(normalise)


_Columns = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class Imported:
    """What one import did, and what undoing it needs.

    `created` are the ids of the new stays, `readdressed` of those whose e-mail it changed. `former` holds for each
    changed stay the columns that were written, with the value before and after:
    {"stay": {column: [before, after]}, "person": {…}}.
    """

    created: list[int] = field(default_factory=list)
    changed: int = 0
    same: int = 0
    findings: list[Finding] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    former: dict[int, _Columns] = field(default_factory=dict)
    readdressed: list[int] = field(default_factory=list)


@transaction.atomic
def import_rows(
    plantel: Plantel,
    cycle: SchoolCycle,
    rows: list[RosterRow],
    *,
    by: User | None,
    folio: str,
    now: datetime,
    today: date,
) -> Imported:
    """Write the clean rows of a roster: new students, and of known ones only what differs.

    Imports of one plantel queue, so two of the same file do what one does, and a change of its calendar or of the
    ciclo's rule comes before or after; the persons it knows are held while it compares, so what they do meanwhile
    is not lost. Rows that the database refuses (another plantel's student,
    a taken matrícula) are left out and returned as findings. Of who enters elsewhere at the same moment (a baja
    undone, a traslado, the list of another plantel) the database takes the first alone: the rows are compared again
    with what that left. All or nothing: an error leaves no trace.
    """
    tables().queue_on([plantel])
    cycle = SchoolCycle.objects.get(pk=cycle.pk)
    write = partial(_write, plantel, cycle, rows, by=by, folio=folio, now=now, today=today)
    lost, held = 0, frozenset[int]()
    while True:
        try:
            return write(held=held)
        except _LooksFirst as first:
            held |= first.stays
            look_again(held)
        except IntegrityError:
            lost += 1
            if lost > TIMES_LOST:
                raise


class _LooksFirst(Exception):
    """The list moves deadlines: the next looks of these stays are held before the stays, in the order of all."""

    def __init__(self, stays: frozenset[int]) -> None:
        super().__init__(stays)
        self.stays = stays


@transaction.atomic
def _write(
    plantel: Plantel,
    cycle: SchoolCycle,
    rows: list[RosterRow],
    *,
    held: frozenset[int],
    by: User | None,
    folio: str,
    now: datetime,
    today: date,
) -> Imported:
    """Write what the plan says; raises _LooksFirst, which lets go of everything, unless `held` has them."""
    plan = plan_import(plantel, cycle, rows, lock=True)
    deadlines = Deadlines(plantel, cycle, plan.changes)
    former = {one.stay.pk: _columns_of(one, cycle, deadlines) for one in plan.changes}
    moved = frozenset(pk for pk, columns in former.items() if "acuse_due_on" in columns["stay"])
    if not moved <= held:
        raise _LooksFirst(moved)
    persons = _create_persons([row for row, person in plan.new if person is None], now=now)
    created = _create_stays(plan, persons, plantel, cycle, deadlines, now=now, today=today)
    if emails := _new_emails(plan.changes):
        follow_roster(emails, now=now)
    _change(plan.changes, former)
    _record(created, plan.changes, by=by, folio=folio, now=now)
    return Imported(
        created, len(plan.changes), plan.same, plan.findings, persons, former, list(emails)
    )


def _new_emails(changes: Sequence[Change]) -> dict[int, str]:
    return {
        change.stay.pk: item.after
        for change in changes
        for item in change.differences
        if item.key == "email"
    }


class Deadlines:
    """Until when the acuse is due in the ciclo, worked out once for all who enrolled on a day and did nothing since."""

    def __init__(self, plantel: Plantel, cycle: SchoolCycle, changes: Sequence[Change]) -> None:
        self.calendar, self.zone = calendar_of(plantel), plantel.zone
        self.rule = rule_of(cycle)
        self.known: dict[tuple[date | Stretch, ...], date | None] = {}
        self.happened: defaultdict[int, list[Stretch]] = defaultdict(list)
        stays = [change.stay.pk for change in changes if change.stay.acuse_due_on is not None]
        for pk, *row in stretches(Enrollment.objects.filter(Among("pk", stays))):
            self.happened[pk].append(Stretch(*row))

    def of(self, enrolled_on: date, stay: int | None = None) -> date | None:
        """Return the due date of who enrolled on that day; a new one did nothing since."""
        rows = self.happened.get(stay, ()) if stay is not None else ()
        happened = (enrolled_on, *rows)
        if happened not in self.known:
            events = events_of(enrolled_on, rows, self.zone)
            self.known[happened] = due_date(events, self.rule, self.calendar)
        return self.known[happened]


def _create_persons(rows: Sequence[RosterRow], *, now: datetime) -> list[int]:
    """Add persons nobody knew, each with an account, and return their ids."""
    users, persons = tables().new_ids(User, len(rows)), tables().new_ids(Student, len(rows))
    # Random and never typed: a hash of each would cost 18 ms and protect nothing.
    passwords = [UNUSABLE_PASSWORD_PREFIX + text for text in _random_texts(len(rows), 30)]
    tables().insert_rows(
        User,
        {
            "id": users,
            "username": [f"e-{secrets.token_hex(12)}" for _ in rows],
            "password": passwords,
            "date_joined": Same(now),
        },
        count=len(rows),
    )
    names = [(row.given_names, row.first_surname, row.second_surname) for row in rows]
    tables().insert_rows(
        Student,
        {
            "id": persons,
            "user_id": users,
            "curp": [row.curp or None for row in rows],
            "given_names": [given for given, _, _ in names],
            "first_surname": [first for _, first, _ in names],
            "second_surname": [second for _, _, second in names],
            "search_name": [search_name(*name) for name in names],
        },
        count=len(rows),
    )
    return persons


def _random_texts(count: int, length: int) -> list[str]:
    """Return random texts, URL-safe, of so many bytes each; one call to the system for all."""
    size = -(-length // 3) * 3
    whole = base64.urlsafe_b64encode(secrets.token_bytes(size * count)).decode()
    step, wanted = size * 4 // 3, -(-length * 4 // 3)
    return [whole[at : at + wanted] for at in range(0, step * count, step)]


def search_name(given_names: str, first_surname: str, second_surname: str) -> str:
    """Return Student.search_name; names repeat, so each is normalised once."""
    words = (_plain(given_names), _plain(first_surname), _plain(second_surname))
    return " ".join(filter(None, words))


def _create_stays(
    plan: Plan,
    persons: Sequence[int],
    plantel: Plantel,
    cycle: SchoolCycle,
    deadlines: Deadlines,
    *,
    now: datetime,
    today: date,
) -> list[int]:
    fresh = iter(persons)
    rows = [row for row, _ in plan.new]
    days = {text: date.fromisoformat(text) for text in {row.enrolled_on for row in rows} if text}
    enrolled = [days.get(row.enrolled_on, today) for row in rows]
    ids = tables().new_ids(Enrollment, len(rows))
    tables().insert_rows(
        Enrollment,
        {
            "id": ids,
            "public_id": _random_texts(len(rows), 16),
            "student_id": [next(fresh) if known is None else known for _, known in plan.new],
            "plantel_id": Same(plantel.pk),
            "cycle_id": Same(cycle.pk),
            **{column: list(map(attrgetter(name), rows)) for column, name in COPIED.items()},
            "declared_nss": [row.nss or None for row in rows],
            "enrolled_on": enrolled,
            "acuse_due_on": [deadlines.of(day) for day in enrolled],
            "created_at": Same(now),
        },
        count=len(rows),
    )
    tables().insert_rows(NextLook, {"enrollment_id": ids, "at": Same(AT_ONCE)}, count=len(ids))
    return ids


def _change(changes: Sequence[Change], former: Mapping[int, _Columns]) -> None:
    """Write the changed stays and persons; `former` holds what each was and will be."""
    for model, part in ((Student, "person"), (Enrollment, "stay")):
        touched = [change for change in changes if former[change.stay.pk][part]]
        names = sorted({name for change in touched for name in former[change.stay.pk][part]})
        rows = {getattr(change, part).pk: former[change.stay.pk][part] for change in touched}
        keep = {getattr(change, part).pk: _current(change, part) for change in touched}
        tables().update_rows(
            model,
            list(rows),
            {name: [_after(rows[pk], name, keep[pk]) for pk in rows] for name in names},
        )


def _current(change: Change, part: str) -> Callable[[str], Any]:
    """Return how a column of the row stands now: one list of columns serves all rows.

    The rows are locked, so a column that differs in another row alone is written as it was.
    """
    row = getattr(change, part)
    if part == "stay":
        return lambda name: getattr(row, name)
    current = search_name(row.given_names, row.first_surname, row.second_surname)
    return lambda name: current if name == "search_name" else getattr(row, name)


def _after(written: Mapping[str, list[Any]], name: str, current: Callable[[str], Any]) -> Any:
    return written[name][1] if name in written else current(name)


def _columns_of(change: Change, cycle: SchoolCycle, deadlines: Deadlines) -> _Columns:
    """Return each column to write with its value before and after, as JSON holds them."""
    stay, person = change.stay, change.person
    told = {name: item.after for item in change.differences for name in item.columns[:1]}
    of_stay: dict[str, list[Any]] = {}
    of_person: dict[str, list[Any]] = {}
    for item in change.differences:
        name = item.columns[0]
        if item.key == "cycle":
            of_stay["cycle_id"] = [stay.cycle_id, cycle.pk]
        elif item.is_of_person:
            of_person[name] = [getattr(person, name), item.after]
        else:
            of_stay[name] = [
                item.before if item.key == "enrolled_on" else getattr(stay, name),
                item.after,
            ]
    if of_stay.keys() & {"enrolled_on", "cycle_id"}:
        due_dates = _due_dates(change, deadlines)
        if "enrolled_on" in of_stay or due_dates[0] != due_dates[1]:
            of_stay["acuse_due_on"] = due_dates
    names = ("given_names", "first_surname", "second_surname")
    if any(name in of_person for name in names):
        before = [getattr(person, name) for name in names]
        after = [told.get(name, getattr(person, name)) for name in names]
        of_person["search_name"] = [search_name(*before), search_name(*after)]
    return {"stay": of_stay, "person": of_person}


def _due_dates(change: Change, deadlines: Deadlines) -> list[str | None]:
    """Return until when the acuse was and is due; a date once given is never shortened.

    While the clock stands there is none: it is counted from the new day once it goes on.
    """
    stay = change.stay
    if stay.acuse_due_on is None:
        return [None, None]
    told = change.row.enrolled_on
    enrolled_on = date.fromisoformat(told) if told else stay.enrolled_on
    days = (stay.acuse_due_on, stay.told_due_on, deadlines.of(enrolled_on, stay.pk))
    latest = max(day for day in days if day is not None)
    return [stay.acuse_due_on.isoformat(), latest.isoformat()]


def _record(
    created: Sequence[int],
    changes: Sequence[Change],
    *,
    by: User | None,
    folio: str,
    now: datetime,
) -> None:
    """Add one line to the history of each stay; the rules are students.timeline's."""
    same = {"at": Same(now), "by_id": Same(by.pk if by else None)}
    tables().insert_rows(
        TimelineEntry,
        {
            **same,
            "enrollment_id": created,
            "event": Same(Event.ENROLLED.value),
            "data": Same({"folio": folio}),
        },
        count=len(created),
    )
    tables().insert_rows(
        TimelineEntry,
        {
            **same,
            "enrollment_id": [change.stay.pk for change in changes],
            "event": Same(Event.ROSTER_CHANGED.value),
            "data": [{"folio": folio, "changes": _told(change)} for change in changes],
        },
        count=len(changes),
    )


def _told(change: Change) -> list[list[str]]:
    masked = (difference.masked() for difference in change.differences)
    return [[item.label, item.before, item.after] for item in masked]
