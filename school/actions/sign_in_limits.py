"""How often the staff's password may be tried: tight for one account from one place, wide for an address (T11)."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from common.addresses import network_of
from school.actions.limits import Limit
from school.models import User
from school.visitors import Visitor

WAIT = timedelta(minutes=15)


def password_limits(login: str, visitor: Visitor) -> list[Limit]:
    """Return what bounds the guessing of one account's password.

    A device that was in before has a count of its own, so that nobody in the same office can lock its owner out.
    """
    account = User.objects.normalize_email(login)
    staff = User.objects.exclude(email="")
    owner = staff.filter(email=account).values_list("pk", flat=True).first()
    if owner and visitor.device and visitor.device_of == owner:
        return [Limit(f"password:device:{visitor.device}", 5, WAIT)]
    return [
        Limit(f"password:{blurred(account)}:{network_of(visitor.address)}", 5, WAIT),
        *shared_limits(visitor),
    ]


def shared_limits(visitor: Visitor) -> list[Limit]:
    """Return the limits that everybody behind an address shares, students and staff alike."""
    return [
        Limit(f"address:{visitor.address}", 1_000, WAIT),
        Limit("everybody", 20_000, WAIT),
    ]


def blurred(text: str) -> str:
    """Return what stands for a matrícula or an e-mail in a counter: the same each time, and no name."""
    return salted_hmac("school.sign_in", text, algorithm="sha256").hexdigest()[:40]
