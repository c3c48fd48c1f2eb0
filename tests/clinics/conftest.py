"""The plantel of the tests of pages, on a Friday, and how they read one."""

import re

import pytest
import time_machine
from django.utils.html import strip_tags

from school.states import Role
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

_ENDS = re.compile(r"</(?:dt|dd|td|th|caption|li|p|legend|label|option|h1|h2)>|<br>")


@pytest.fixture
def friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def laura(client, plantel):
    person = staff(Role.RESPONSABLE, plantel)
    client.force_login(person)
    return person


def shown(response) -> str:
    """Give what a page says, cell by cell."""
    assert response.status_code == 200, response
    return " ".join(strip_tags(_ENDS.sub(" ", response.content.decode())).split())
