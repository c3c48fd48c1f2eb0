"""What the rows of the catalogues are called, and what their fields refuse."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from school.models import (
    Membership,
    NonWorkingDay,
    Plantel,
    RateCounter,
    SchoolCycle,
    Subdelegacion,
    TextVersion,
    User,
)
from school.models.plantel import check_time_zone
from school.states import PlantelKind, Role, TextKind

AT = datetime(2026, 8, 21, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Subdelegacion(name="Norte"), "Norte"),
        (Plantel(number="05", name="Prueba"), "Plantel 05 Prueba"),
        (Plantel(number="90", name="Prueba", kind=PlantelKind.CENTRO), "Centro 90 Prueba"),
        (SchoolCycle(name="2026-B"), "2026-B"),
        (NonWorkingDay(date=date(2026, 8, 24), reason="Contingencia"), "24/08/2026 Contingencia"),
        (User(name="Eva Ruiz", username="eva@correo.example"), "Eva Ruiz"),
        (User(username="e-0123"), "e-0123"),
        (Membership(role=Role.REVISOR, user=User(name="Eva Ruiz")), "revisor: Eva Ruiz"),
        (TextVersion(kind=TextKind.GUIA, version=1), "guía para obtener el NSS v2"),
        (RateCounter(key="password:x", window_start=AT, count=3), "2026-08-21 18:05 3"),
    ],
)
def test_a_row_is_called(row: Model, name: str) -> None:
    assert str(row) == name


def test_check_time_zone_takes_names_of_the_database_alone() -> None:
    check_time_zone("America/Tijuana")

    with pytest.raises(ValidationError) as caught:
        check_time_zone("Tijuana")

    assert caught.value.messages == [
        "Elegir una zona horaria de la lista, por ejemplo America/Mexico_City"
    ]
