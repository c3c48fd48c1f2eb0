"""How often who may try: tight for one account from one place, wide for a school behind one address (T11)."""

from datetime import timedelta

from common.addresses import network_of
from school.actions.limits import Limit
from school.actions.sign_in_limits import WAIT, blurred, shared_limits
from school.visitors import Visitor
from students.models import Enrollment
from students.queries.sign_in import clean_matricula

_MAIL_WINDOW = timedelta(hours=1)


def guess_limits(matricula: str, enrollment: Enrollment | None, visitor: Visitor) -> list[Limit]:
    """Return what bounds the guessing of one account's code.

    A device that was in before has a count of its own, so that nobody can lock its owner out.
    """
    account = _account(matricula, enrollment, visitor)
    if account.startswith("device:"):
        return [Limit(f"code:{account}", 5, WAIT)]
    network = network_of(visitor.address)
    return [Limit(f"code:{account}:{network}", 5, WAIT), *shared_limits(visitor)]


def mailed_code_limit(matricula: str) -> Limit:
    """Return what bounds the guessing of six digits from many places at once."""
    return Limit(f"mailed:{blurred(clean_matricula(matricula))}", 20, WAIT)


def mail_limits(matricula: str, enrollment: Enrollment | None, visitor: Visitor) -> list[Limit]:
    """Return what bounds the mails on demand: three an hour (T26)."""
    account = _account(matricula, enrollment, visitor)
    return [Limit(f"mail:{account}", 3, _MAIL_WINDOW), *shared_limits(visitor)]


def lost_code_limits(email: str, visitor: Visitor) -> list[Limit]:
    """Return what bounds the mails to an address that a stranger typed."""
    return [Limit(f"mail:{blurred(email.casefold())}", 3, _MAIL_WINDOW), *shared_limits(visitor)]


def own_mail_limit(enrollment: Enrollment) -> Limit:
    """Return what bounds the mails that a student asks for while signed in."""
    return Limit(f"mail:user:{enrollment.student.user_id}", 3, _MAIL_WINDOW)


def _account(matricula: str, enrollment: Enrollment | None, visitor: Visitor) -> str:
    if enrollment and visitor.device and visitor.device_of == enrollment.student.user_id:
        return f"device:{visitor.device}"
    return blurred(clean_matricula(matricula))
