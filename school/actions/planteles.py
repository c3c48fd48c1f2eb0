"""Writes to the catalogue of planteles."""

from datetime import datetime

from django.db import transaction

from school.models import Plantel, User


@transaction.atomic
def set_direction_email(plantel: Plantel, *, email: str, by: User, now: datetime) -> Plantel:
    """Write down where dirección gets its counts; "" for nowhere. Its history keeps who did it."""
    locked = Plantel.objects.select_for_update(of=("self",), no_key=True).get(pk=plantel.pk)
    locked.direction_email = email
    who_and_when = {"_history_user": by, "_history_date": now}  # read by simple_history
    for name, value in who_and_when.items():
        setattr(locked, name, value)
    locked.save(update_fields=["direction_email"])
    return locked
