"""Reads of who may enter, and where a student's mail goes."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from students.access import OPEN_FIRST
from students.models import AccessCode, Enrollment, StudentData
from students.states import OPEN_ENROLLMENT, CodeChannel


def stay_by_matricula(typed: str) -> Enrollment | None:
    """Return the stay that signs in with a matrícula: the open one, or else the last that had it.

    None for an unknown matrícula and for who may not sign in any more.
    """
    return _may_enter().filter(matricula=clean_matricula(typed)).order_by(OPEN_FIRST, "-pk").first()


def stays_by_roster_email(email: str) -> list[Enrollment]:
    """Return the open stays that the roster gave this e-mail: three at most, as brothers may share it."""
    stays = _may_enter().filter(roster_email__iexact=email, state__in=OPEN_ENROLLMENT)
    return list(stays.order_by("-pk")[:3])


def clean_matricula(typed: str) -> str:
    """Return what was typed as the roster keeps a matrícula: in capitals, without spaces."""
    return "".join(typed.split()).upper()


def data_of(enrollment: Enrollment) -> StudentData | None:
    """Return what the student gave so far; None before the first step."""
    return getattr(enrollment, "data", None)


def mailbox_of(enrollment: Enrollment) -> str:
    """Return where mail to the student goes: the address given, or else the roster's."""
    data = data_of(enrollment)
    return (data.email if data else "") or enrollment.roster_email


def phone_of(enrollment: Enrollment) -> str:
    """Return the number at which the student is called: the one given, or else the roster's."""
    data = data_of(enrollment)
    return (data.phone if data else "") or enrollment.roster_phone


def has_trusted_mailbox(enrollment: Enrollment) -> bool:
    """Tell whether a mail may open the account: the plantel or a code vouched for the address.

    An address that the student alone typed may belong to a stranger, if one letter is wrong.
    """
    data = data_of(enrollment)
    mailbox = mailbox_of(enrollment)
    is_confirmed = data is not None and data.email_confirmed_at is not None
    is_of_roster = mailbox.casefold() == enrollment.roster_email.casefold()
    return bool(mailbox) and (is_confirmed or is_of_roster)


def live_codes(enrollment: Enrollment | None, *, now: datetime) -> dict[str, AccessCode]:
    """Return the codes that still open the stay, by channel; asks the same of nobody as of somebody."""
    stay = enrollment.pk if enrollment else 0
    codes = AccessCode.objects.filter(enrollment=stay, voided_at__isnull=True)
    return {code.channel: code for code in codes.filter(_not_expired(now))}


def live_link(hashes: list[str], *, now: datetime) -> AccessCode | None:
    """Return the live sign-in whose link has one of these hashes."""
    links = AccessCode.objects.filter(
        channel=CodeChannel.SIGN_IN, link_hmac__in=hashes, voided_at__isnull=True
    )
    return links.filter(_not_expired(now)).first()


def date_to_tell(enrollment: Enrollment, *, now: datetime) -> date | None:
    """Return the date to tell for the acuse, never earlier than one told before.

    None while the clock stands, once the date has passed in the plantel, and for whom no acuse is asked.
    """
    if enrollment.acuse_due_on is None or enrollment.student.nss:
        return None
    due_on = max(filter(None, [enrollment.acuse_due_on, enrollment.told_due_on]))
    return due_on if due_on >= now.astimezone(enrollment.plantel.zone).date() else None


def _may_enter() -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(student__user__is_active=True).select_related(
        "student__user", "plantel", "data"
    )


def _not_expired(now: datetime) -> Q:
    return Q(expires_at__isnull=True) | Q(expires_at__gt=now)
