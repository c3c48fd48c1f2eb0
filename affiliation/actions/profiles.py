"""How a registro patronal sends its movements: written by the administration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from affiliation.models import Profile
from school.models import User


@transaction.atomic
def save_profile(
    registro_patronal: str, settings: Mapping[str, Any], *, by: User, now: datetime
) -> Profile:
    """Keep the settings with which the next batches are made; the former ones stay in the history."""
    profile, _ = Profile.objects.select_for_update(of=("self",)).get_or_create(
        registro_patronal=registro_patronal, defaults={"settings": {}, "updated_at": now}
    )
    who_and_when = {"_history_user": by, "_history_date": now}  # read by simple_history
    for name, value in {"settings": dict(settings), "updated_at": now, **who_and_when}.items():
        setattr(profile, name, value)
    profile.save(update_fields=["settings", "updated_at"])
    return profile
