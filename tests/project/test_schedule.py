"""The clock: every sweep exists, has a queue, and its ticks die before they pile up."""

import pytest
from django.conf import settings

from imss_afiliacion.celery import app

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
