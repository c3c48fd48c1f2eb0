"""Both ways to write many rows: COPY where the portal runs on PostgreSQL, and always SQLite's, in a file of its own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import ConnectionHandler, connections

from school.models import SchoolCycle, TextVersion, User
from students.actions.roster_copy import KINDS, Same, Tables

NOW = datetime(2026, 8, 21, 18, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(params=["default", "small"])
def alias(request: pytest.FixtureRequest, db: None, tmp_path: Path) -> Iterator[str]:
    """Name the portal's database, and then a small one on SQLite."""
    if request.param == "small":
        engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "small.sqlite3")}
        connections.settings["small"] = ConnectionHandler({"default": engine}).settings["default"]
        connections["small"].connect()  # by hand: Django lets a test open the settings' own alone
        with connections["small"].schema_editor() as editor:
            for model in (User, TextVersion, SchoolCycle):
                editor.create_model(model)
    yield request.param
    if request.param == "small":
        connections["small"].close()
        del connections["small"], connections.settings["small"]


@pytest.fixture
def tables(alias: str) -> Tables:
    return KINDS[connections[alias].vendor](connections[alias])


def test_insert_rows_reads_back_what_was_told(alias: str, tables: Tables) -> None:
    ids = tables.new_ids(TextVersion, 2)
    said = {"nombre": "Ñandú\t«1\\2»\n", "vacío": None}

    tables.insert_rows(
        TextVersion,
        {
            "id": ids,
            "kind": ["1\\A", "dos\tcolumnas"],
            "version": [1, 2],
            "fields": Same(said),
            "created_at": Same(NOW),
        },
        count=2,
    )

    rows = TextVersion.objects.using(alias).order_by("version")
    assert list(
        rows.values_list("pk", "kind", "version", "fields", "created_at", "created_by")
    ) == [
        (ids[0], "1\\A", 1, said, NOW, None),
        (ids[1], "dos\tcolumnas", 2, said, NOW, None),
    ]


def test_insert_rows_gives_defaults_to_what_is_not_named(alias: str, tables: Tables) -> None:
    starts, ends = date(2026, 8, 1), date(2027, 1, 31)

    tables.insert_rows(
        SchoolCycle,
        {
            "id": tables.new_ids(SchoolCycle, 1),
            "name": ["2026-B"],
            "starts_on": [starts],
            "ends_on": [ends],
        },
        count=1,
    )

    cycle = SchoolCycle.objects.using(alias).get()
    assert (cycle.starts_on, cycle.ends_on) == (starts, ends)
    assert (cycle.acuse_days, cycle.acuse_day_count, cycle.review_days) == (3, "BUSINESS", 2)


def test_new_ids_are_new_after_rows_came_in(alias: str, tables: Tables) -> None:
    first = tables.new_ids(User, 2)
    tables.insert_rows(
        User, {"id": first, "username": ["uno", "dos"], "date_joined": Same(NOW)}, count=2
    )

    second = tables.new_ids(User, 2)

    assert len({*first, *second}) == 4


def test_update_rows_changes_these_rows_alone(alias: str, tables: Tables) -> None:
    ids = tables.new_ids(User, 3)
    names = ["uno", "dos", "tres"]
    tables.insert_rows(User, {"id": ids, "username": names, "date_joined": Same(NOW)}, count=3)

    tables.update_rows(User, ids[:2], {"name": ["Ana", ""], "last_login": [NOW, None]})

    rows = User.objects.using(alias).order_by("pk").values_list("username", "name", "last_login")
    assert list(rows) == [("uno", "Ana", NOW), ("dos", "", None), ("tres", "", None)]
