"""How a student enters: by the plantel's code the first time, by a mailed code or link from then on.

Wrong, unknown, inactive and voided look alike and cost alike (security T2, T10). Attempts are counted before
they are made, and under limits that a whole school behind one address never meets (T11).
"""

import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from common.bulk import Among
from common.tokens import public_id
from notices.actions import Recipient, cancel, queue
from notices.models import Notice
from school.actions.limits import Limit, count_attempt, give_back_attempt
from school.actions.sessions import end_other_sessions
from school.actions.sign_in_limits import shared_limits
from school.models import User
from school.visitors import Visitor
from students import access_codes, timeline
from students.actions.access_codes import hash_of, void_codes
from students.actions.minting import hold_recipient
from students.actions.sign_in_limits import (
    guess_limits,
    lost_code_limits,
    mail_limits,
    mailed_code_limit,
    own_mail_limit,
)
from students.models import AccessCode, Enrollment, StudentData
from students.queries.roster_imports import ACTIVATION
from students.queries.sign_in import (
    data_of,
    date_to_tell,
    has_trusted_mailbox,
    live_codes,
    live_link,
    mailbox_of,
    stay_by_matricula,
    stays_by_roster_email,
)
from students.states import CodeChannel, Event

LIFE = timedelta(minutes=10)
WORTH_SENDING = timedelta(minutes=30)

_NOBODY = "0" * 64
_LINK_SCOPE = "sign-in-link"
log = logging.getLogger(__name__)


class SignInRefused(Exception):
    """The person does not enter; `sentence` says what to do."""

    sentence = (
        "La matrícula o el código no coinciden. Revisa que no confundas una letra con un número"
    )


class WrongMailedCode(SignInRefused):
    """Wrong, used, voided, late or of somebody else: the answer does not tell."""

    sentence = "El código no coincide o ya venció. Pide otro"


class TooManyAttempts(SignInRefused):
    """Guessing stops here for a while."""

    sentence = "Por seguridad, espera 15 minutos o pide ayuda en Control Escolar"


class TooManyMails(SignInRefused):
    """Three on-demand mails an hour are enough for anybody (security T26)."""

    sentence = (
        "Ya te mandamos 3 correos en la última hora. Revisa Spam o Promociones, o espera una hora"
    )


class OwnSessionNeeded(SignInRefused):
    """The link went to an address that nobody vouched for, so it confirms the address and opens nothing."""

    sentence = (
        "Este enlace solo confirma tu correo. "
        "Entra con tu código de activación y escribe ahí los 6 números del correo"
    )


def sign_in_with_code(matricula: str, code: str, *, visitor: Visitor, now: datetime) -> User:
    """Let a student in who knows the matrícula and a live code of the slip or of M-01.

    Who confirmed an e-mail and comes with a printed code has lost it, or the account: every other sign-in ends.
    Raises SignInRefused without telling what was wrong, TooManyAttempts at the sixth wrong one.
    """
    enrollment = stay_by_matricula(matricula)
    limits = guess_limits(matricula, enrollment, visitor)
    _count_guess(limits, enrollment, now=now)
    codes = live_codes(enrollment, now=now)
    channels = (CodeChannel.SLIP, CodeChannel.MAIL)
    fits = [_fits(code, enrollment, codes.get(channel), channel) for channel in channels]
    if enrollment is None or not any(fits):
        raise SignInRefused
    give_back_attempt(*limits, now=now)
    data = data_of(enrollment)
    if data and data.email_confirmed_at:
        end_other_sessions(enrollment.student.user, keep="")
    return _enter(enrollment, now=now)


def sign_in_with_mailed_code(matricula: str, code: str, *, visitor: Visitor, now: datetime) -> User:
    """Let a student in who read the six digits in a mail, and confirm the address.

    Raises WrongMailedCode without telling why, TooManyAttempts, OwnSessionNeeded.
    """
    enrollment = stay_by_matricula(matricula)
    limits = [*guess_limits(matricula, enrollment, visitor), mailed_code_limit(matricula)]
    _count_guess(limits, enrollment, now=now)
    secret = _fitting_secret(enrollment, code, now=now)
    give_back_attempt(*limits, now=now)
    return _use(secret, own=None, now=now)


def sign_in_with_link(
    token: str, *, own: Enrollment | None, visitor: Visitor, now: datetime
) -> User:
    """Let a student in who pressed the button behind a mailed link, and confirm the address.

    `own` is the stay of who is signed in already. Raises WrongMailedCode, TooManyAttempts, OwnSessionNeeded.
    """
    _count_guess(shared_limits(visitor), None, now=now)
    hashes = [
        access_codes.code_hmac(token, key=key, scope=_LINK_SCOPE)
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    secret = live_link(hashes, now=now)
    if secret is None:
        raise WrongMailedCode
    give_back_attempt(*shared_limits(visitor), now=now)
    return _use(secret, own=own, now=now)


def confirm_email(enrollment: Enrollment, code: str, *, visitor: Visitor, now: datetime) -> None:
    """Confirm the address of a student who is signed in and read the six digits there.

    Raises WrongMailedCode or TooManyAttempts.
    """
    limits = guess_limits(enrollment.matricula, enrollment, visitor)
    _count_guess(limits, enrollment, now=now)
    secret = _fitting_secret(enrollment, code, now=now)
    give_back_attempt(*limits, now=now)
    _use(secret, own=enrollment, now=now)


def request_sign_in(matricula: str, *, visitor: Visitor, now: datetime) -> None:
    """Queue the mail with which a student enters, or a row of the same cost that nobody gets.

    Nothing tells whether the matrícula exists. Over three an hour it writes nothing and says the same.
    """
    enrollment = stay_by_matricula(matricula)
    if not count_attempt(*mail_limits(matricula, enrollment, visitor), now=now):
        return
    if enrollment is None or not has_trusted_mailbox(enrollment):
        _queue_for_nobody(now=now)
    else:
        _queue_sign_in(enrollment, now=now)


def request_email_code(enrollment: Enrollment, *, now: datetime) -> None:
    """Send a student who is signed in a fresh code to the address given; raises TooManyMails."""
    if not count_attempt(own_mail_limit(enrollment), now=now):
        raise TooManyMails
    _queue_sign_in(enrollment, now=now)


def request_lost_code(email: str, *, visitor: Visitor, now: datetime) -> None:
    """Send a new code to the e-mail of the inscripción, or write a row of the same cost.

    Who has confirmed an address gets the sign-in mail there instead: activation codes are over.
    """
    if not count_attempt(*lost_code_limits(email, visitor), now=now):
        return
    stays = stays_by_roster_email(email)
    for enrollment in stays:
        data = data_of(enrollment)
        if data and data.email_confirmed_at:
            _queue_sign_in(enrollment, now=now)
        else:
            queue_activation(enrollment, now=now)
    if not stays:
        _queue_for_nobody(now=now)


@transaction.atomic
def mint_sign_in_secret(notice: Notice, *, now: datetime) -> dict[str, str]:
    """Make the six digits and the link of one M-00 at its delivery; the earlier ones die.

    Returns `code` and `fragment`. Only hashes are kept, for ten minutes. A mail to an address that the student
    has left gets a pair that opens nothing. Raises NotYet while somebody else holds the stay.
    """
    code, token = f"{secrets.randbelow(10**6):06d}", public_id()
    enrollment = hold_recipient(notice, now=now)
    if enrollment and mailbox_of(enrollment).casefold() == notice.to_email.casefold():
        void_sign_in_codes([enrollment.pk], now=now)
        AccessCode.objects.create(
            enrollment=enrollment,
            channel=CodeChannel.SIGN_IN,
            code_hmac=hash_of(code, enrollment.pk, CodeChannel.SIGN_IN),
            link_hmac=access_codes.code_hmac(token, key=settings.SECRET_KEY, scope=_LINK_SCOPE),
            created_at=now,
            expires_at=now + LIFE,
        )
    return {"code": code, "fragment": token}


@transaction.atomic
def void_sign_in_codes(stays: Collection[int], *, now: datetime) -> None:
    """End the six digits and the link that are on their way to these students."""
    AccessCode.objects.filter(
        Among("enrollment", stays), channel=CodeChannel.SIGN_IN, voided_at__isnull=True
    ).update(voided_at=now)


def queue_activation(enrollment: Enrollment, *, now: datetime) -> None:
    """Queue M-01 with a code of its own to the address of the inscripción."""
    due_on = date_to_tell(enrollment, now=now)
    queue(
        f"activation:{public_id()}",
        ACTIVATION,
        to=Recipient(enrollment.roster_email, enrollment.student.full_name),
        plantel=enrollment.plantel,
        about=about_of(enrollment),
        context={
            "enrollment": enrollment.pk,
            "first_name": enrollment.student.first_name,
            "due_on": due_on.isoformat() if due_on else "",
        },
        now=now,
    )


def about_of(enrollment: Enrollment) -> str:
    """Return how notices name the stay."""
    return f"enrollment:{enrollment.pk}"


@transaction.atomic
def _use(secret: AccessCode, *, own: Enrollment | None, now: datetime) -> User:
    """Once and once only: the row is locked, so of two tries at the same moment one finds it used.

    The stay is locked before it, as whoever voids its codes does.
    """
    enrollment = (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("student__user", "plantel", "data")
        .get(pk=secret.enrollment_id)
    )
    locked = AccessCode.objects.select_for_update(of=("self",)).get(pk=secret.pk)
    if locked.voided_at or not enrollment.student.user.is_active:
        raise WrongMailedCode
    if own != enrollment and not has_trusted_mailbox(enrollment):
        raise OwnSessionNeeded
    locked.voided_at = now
    locked.save(update_fields=["voided_at"])
    _confirm_mailbox(enrollment, now=now)
    return _enter(enrollment, now=now)


def _confirm_mailbox(enrollment: Enrollment, *, now: datetime) -> None:
    data = StudentData.objects.select_for_update().filter(enrollment=enrollment).first()
    if data is None or not data.email:
        return
    void_codes(enrollment, now=now)  # also one reprinted for who found the way back to the mailbox
    cancel(about_of(enrollment), messages=[ACTIVATION])
    if data.email_confirmed_at:
        return
    data.email_confirmed_at = now
    data.save(update_fields=["email_confirmed_at"])
    timeline.record(enrollment, Event.EMAIL_CONFIRMED, by=enrollment.student.user, at=now)


@transaction.atomic
def _enter(enrollment: Enrollment, *, now: datetime) -> User:
    user: User = enrollment.student.user
    is_first = Enrollment.objects.filter(pk=enrollment.pk, first_signed_in_at__isnull=True).update(
        first_signed_in_at=now
    )
    if is_first:
        timeline.record(enrollment, Event.SIGNED_IN_FIRST, by=user, at=now)
    return user


def _fitting_secret(enrollment: Enrollment | None, code: str, *, now: datetime) -> AccessCode:
    secret = live_codes(enrollment, now=now).get(CodeChannel.SIGN_IN)
    if not _fits(code, enrollment, secret, CodeChannel.SIGN_IN) or secret is None:
        raise WrongMailedCode
    return secret


def _fits(
    code: str, enrollment: Enrollment | None, stored: AccessCode | None, channel: CodeChannel
) -> bool:
    """Compares with nobody's hash when there is none, so that absence costs the same."""
    stay = enrollment.pk if enrollment else 0
    wanted = stored.code_hmac if stored else _NOBODY
    keys = ("", *settings.SECRET_KEY_FALLBACKS)
    fits = [access_codes.same_hmac(hash_of(code, stay, channel, key=key), wanted) for key in keys]
    return any(fits)


def _queue_sign_in(enrollment: Enrollment, *, now: datetime) -> None:
    queue(
        f"sign-in:{public_id()}",
        "M-00",
        to=Recipient(mailbox_of(enrollment), enrollment.student.full_name),
        plantel=enrollment.plantel,
        about=about_of(enrollment),
        context={"enrollment": enrollment.pk},
        now=now,
        expires_at=now + WORTH_SENDING,
    )


def _queue_for_nobody(*, now: datetime) -> None:
    """The same insert for an unknown person, already past its time: the sweep cancels it unsent."""
    queue(
        f"sign-in:{public_id()}",
        "M-00",
        to=Recipient("nadie@correo.invalid", "Nadie"),
        plantel=None,
        about="enrollment:0",
        context={"enrollment": 0},
        now=now,
        expires_at=now,
    )


def _count_guess(limits: list[Limit], enrollment: Enrollment | None, *, now: datetime) -> None:
    if not count_attempt(*limits, now=now):
        log.warning(
            "sign-in stopped after too many attempts (stay %s)", enrollment and enrollment.pk
        )
        raise TooManyAttempts
