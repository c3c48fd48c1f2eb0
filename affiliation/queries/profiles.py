"""How a registro patronal sends its movements."""

from collections.abc import Mapping
from typing import Any

from affiliation import movement_file
from affiliation.models import Profile
from school.models import Plantel


def profile_of(registro_patronal: str) -> Profile | None:
    """Return the profile of that registro patronal, None while nobody has filled it in."""
    return Profile.objects.filter(registro_patronal=registro_patronal).first()


def file_profile(registro_patronal: str, settings: Mapping[str, Any]) -> movement_file.Profile:
    """Return the settings as affiliation.movement_file takes them."""
    return movement_file.Profile(registro_patronal=registro_patronal, **settings)


def registros() -> dict[str, list[Plantel]]:
    """Return every registro patronal of an active plantel, with its planteles."""
    found: dict[str, list[Plantel]] = {}
    for plantel in Plantel.objects.filter(is_active=True).exclude(registro_patronal=""):
        found.setdefault(plantel.registro_patronal, []).append(plantel)
    return dict(sorted(found.items()))
