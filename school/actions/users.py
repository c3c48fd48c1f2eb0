"""Writes to people's own settings."""

from django.db import transaction

from school.models import User


@transaction.atomic
def switch_shortcuts(user: User) -> bool:
    """This will turn the keyboard shortcuts of a member of staff on or off; returns how they are now."""
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    locked.has_shortcuts = not locked.has_shortcuts
    locked.save(update_fields=["has_shortcuts"])
    return locked.has_shortcuts
