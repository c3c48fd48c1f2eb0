"""Writes to people's own settings and accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from school.actions.sessions import end_other_sessions
from school.models import User


@transaction.atomic
def switch_shortcuts(user: User) -> bool:
    """Turn the keyboard shortcuts of a member of staff on or off; returns how they are now."""
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    locked.has_shortcuts = not locked.has_shortcuts
    locked.save(update_fields=["has_shortcuts"])
    return locked.has_shortcuts


@transaction.atomic
def close_account(user: User) -> None:
    """End every way in of a member of staff: sign-ins, password and links under way (security T23).

    Whoever comes back sets a new password through «Poner o cambiar la contraseña». Closing twice is closing once.
    """
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    locked.is_active = False
    locked.set_unusable_password()  # the link to a new one is bound to the one there was
    locked.save(update_fields=["is_active", "password"])
    end_other_sessions(locked, keep="")


def forget_addresses(user: User) -> None:
    """End the sign-in by any e-mail but the account's own: allauth keeps each that once was."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()


@transaction.atomic
def reset_second_factor(user: User) -> bool:
    """Take the second factor of a member of staff who lost it, with every sign-in: the next one enrols anew.

    Returns whether there was one.
    """
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    taken, _ = Authenticator.objects.filter(user=locked).delete()
    if taken:
        end_other_sessions(locked, keep="")
    return bool(taken)


@transaction.atomic
def renew_second_factors() -> int:
    """Encrypt what the second factors keep with today's SECRET_KEY; returns how many they are.

    So that the key before it may leave SECRET_KEY_FALLBACKS. All or none: raises InvalidToken where no key fits.
    """
    kept = Authenticator.objects.select_for_update(of=("self",)).order_by("pk")
    for factor in kept:
        for name in _ENCRYPTED & factor.data.keys():
            factor.data[name] = encrypt(decrypt(factor.data[name]))
        factor.save(update_fields=["data"])
    return len(kept)


_ENCRYPTED = {"secret", "seed"}
"""What allauth encrypts of a code app and of recovery codes."""
