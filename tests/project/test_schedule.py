"""The clock: every sweep exists, is told of, has a queue, and its ticks die before they pile up."""

import re

import pytest
from django.conf import settings

from imss_afiliacion.celery import app
from tests.project.source import ROOT

SCHEDULE = sorted(app.conf.beat_schedule.items())


@pytest.mark.parametrize(("name", "entry"), SCHEDULE)
def test_scheduled_task_exists(name, entry):
    app.loader.import_default_modules()

    assert entry["task"] in app.tasks


@pytest.mark.parametrize(("name", "entry"), SCHEDULE)
def test_tick_expires_within_its_period(name, entry):
    assert 0 < entry["options"]["expires"] <= entry["schedule"]


@pytest.mark.parametrize(("name", "entry"), SCHEDULE)
def test_tick_goes_to_a_queue_somebody_works_on(name, entry):
    assert entry["options"]["queue"] in settings.CELERY_TASK_QUEUES


def documented() -> set[tuple[str, float, str]]:
    """Read task, period and queue from the table of docs/architecture.md."""
    lines = (ROOT / "docs" / "architecture.md").read_text().splitlines()
    rows = (re.fullmatch(r"\| (`.+) \| (\d+) (s|min|h) \| (\w+) \|", line) for line in lines)
    seconds = {"s": 1, "min": 60, "h": 3600}
    found = set()
    for row in filter(None, rows):
        names, count, unit, queue = row.groups()
        app_of = ""
        for name in re.findall(r"`([\w.]+)`", names.partition(":")[0]):
            app_of = name.rpartition(".")[0] or app_of
            task = f"{app_of}.{name.rpartition('.')[2]}"
            for each in ("quick", "heavy") if queue == "both" else (queue,):
                found.add((task, int(count) * seconds[unit], each))
    return found


def test_the_architecture_tells_of_every_sweep():
    swept = {(one["task"], one["schedule"], one["options"]["queue"]) for _, one in SCHEDULE}

    assert documented() == swept
