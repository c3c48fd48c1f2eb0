"""Leaving a mailbox: no secret that is on its way there opens anything, every other mail follows the student."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from common.bulk import Among
from notices.actions import cancel_many, readdress
from students.actions.access_codes import void_mail_codes
from students.actions.sign_in import about_of, void_sign_in_codes
from students.models import Enrollment
from students.queries.roster_imports import ACTIVATION
from students.queries.sign_in import data_of, mailbox_of

SECRETS = ("M-00", ACTIVATION)
OF_THE_FORMER = (*SECRETS, "M-23")


@transaction.atomic
def leave_mailboxes(new: Mapping[Enrollment, str], *, now: datetime) -> None:
    """End every secret on its way to the addresses there are; other mails go to the new ones, if any.

    So do those that failed, once they are sent again. `new` holds the coming address of each stay, and is called
    before it is written. A fixed number of statements.
    """
    void_sign_in_codes([stay.pk for stay in new], now=now)
    cancel_many([about_of(stay) for stay in new], messages=SECRETS)
    moves = {about_of(stay): (mailbox_of(stay), email) for stay, email in new.items()}
    readdress({about: move for about, move in moves.items() if all(move)}, but=OF_THE_FORMER)


@transaction.atomic
def follow_roster(emails: Mapping[int, str], *, now: datetime) -> None:
    """Do so for the stays to which a list gives other addresses, before they are written.

    A code that was mailed to the former one opens nothing any more. Who gave an e-mail of his own keeps it.
    """
    void_mail_codes(emails, now=now)
    stays = Enrollment.objects.filter(Among("pk", emails)).select_related("data")
    new = {stay: emails[stay.pk] for stay in stays if not _has_own(stay)}
    leave_mailboxes(new, now=now)


def _has_own(stay: Enrollment) -> bool:
    data = data_of(stay)
    return bool(data and data.email)
