"""Who is overdue: many reminded by mail with one press, one by WhatsApp; files left unconfirmed go into review."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common.quiet_hours import end_of_quiet
from followup.actions.errors import WhatsAppNotPossible
from followup.models import Reminder
from followup.queries.overdue import (
    NoticePlan,
    OverdueFilter,
    mail_of,
    may_write,
    notice_plans,
    overdue_stays,
    whatsapp_url,
)
from followup.states import ReminderChannel, ReminderKind, ReminderOutcome, ReminderStep
from notices.actions import Draft, Recipient, queue_many
from nss.actions.errors import NSSRefusal
from nss.actions.steps import about
from nss.actions.upload import take_draft
from nss.models import Acuse
from school.models import Plantel, User
from students import timeline
from students.actions.reminders import hold_stays
from students.models import Enrollment, TimelineEntry
from students.states import Event

if TYPE_CHECKING:
    from followup.queries.reach import ReachableStay


@transaction.atomic
def notify_overdue(
    planteles: Iterable[Plantel], wanted: OverdueFilter, *, by: User, now: datetime
) -> NoticePlan:
    """Write to every overdue student with an e-mail whom nobody has reminded today, or to those of a group.

    Returns how many were written to, and who is left for WhatsApp, for paper and for tomorrow. Of two presses, two
    persons or a press and the sweep the second finds who was told and leaves them out. Between 20:00 and 7:00 the
    mails wait for seven, and count for the day on which they leave.
    """
    stays = overdue_stays(planteles, wanted.whom, now=now)
    to_tell = stays.filter(channel=ReminderChannel.MAIL, told_by=None)
    hold_stays(to_tell.order_by("pk").values_list("pk", flat=True))
    plan = sum(notice_plans(stays).values(), NoticePlan())
    told = list(to_tell)
    reminders = Reminder.objects.bulk_create(
        [_line(stay, ReminderChannel.MAIL, by=by, now=now) for stay in told], batch_size=1_000
    )
    queue_many(
        (_draft(stay, line, now=now) for stay, line in zip(told, reminders, strict=True)), now=now
    )
    timeline.record_many(
        TimelineEntry(enrollment=stay, event=Event.OVERDUE_NOTIFIED, by=by, at=now) for stay in told
    )
    return plan


@transaction.atomic
def open_whatsapp(enrollment: Enrollment, *, by: User, now: datetime) -> str:
    """Write down that WhatsApp was opened, which uses up the day's one reminder, and return its address.

    Whether the person then sends the words nobody knows. Opened again on the same day it is written down once.
    Raises WhatsAppNotPossible when the student is not overdue, has no number, or was written to today.
    """
    hold_stays([enrollment.pk])
    found = overdue_stays([enrollment.plantel], OverdueFilter(), now=now)
    stay = found.filter(pk=enrollment.pk).first()
    if stay is None:
        raise WhatsAppNotPossible("Ya no tiene el plazo vencido: no hace falta escribirle")
    if not stay.whatsapp:
        raise WhatsAppNotPossible("No dio un celular, o no aceptó que le escriban por WhatsApp")
    if not may_write(stay):
        raise WhatsAppNotPossible("Ya se le avisó hoy por correo. Escribirle mañana")
    if stay.told_by is None:
        _line(stay, ReminderChannel.WHATSAPP, by=by, now=now).save(force_insert=True)
        timeline.record(stay, Event.WHATSAPP_OPENED, by=by, at=now)
    return whatsapp_url(stay, by=by)


def take_overdue_drafts(
    planteles: Iterable[Plantel], wanted: OverdueFilter, *, by: User, now: datetime
) -> int:
    """Put the files that the overdue left unconfirmed into review, one by one, and return how many.

    Each stands for itself: one that its student confirms or replaces meanwhile is left out and holds up no other.
    """
    with_draft = replace(wanted.whom, has_draft=True)
    found = overdue_stays(planteles, with_draft, now=now).values_list("draft", flat=True)
    taken = 0
    for draft in Acuse.objects.filter(public_id__in=list(found)).order_by("pk"):
        with suppress(NSSRefusal):
            take_draft(draft, by=by, now=now)
            taken += 1
    return taken


def _line(stay: "ReachableStay", channel: ReminderChannel, *, by: User, now: datetime) -> Reminder:
    """What the ledger says of one student told by hand."""
    is_mail = channel == ReminderChannel.MAIL
    day = end_of_quiet(now, stay.plantel.zone) if is_mail else now
    return Reminder(
        enrollment=stay,
        kind=ReminderKind.MANUAL,
        step=ReminderStep.ONCE,
        round_on=_day(stay, day),
        outcome=ReminderOutcome.TOLD,
        channel=channel,
        message=mail_of(stay).message if is_mail else "",
        day=_day(stay, day),
        created_at=now,
        created_by=by,
    )


def _day(stay: "ReachableStay", moment: datetime) -> date:
    return moment.astimezone(stay.plantel.zone).date()


def _draft(stay: "ReachableStay", line: Reminder, *, now: datetime) -> Draft:
    mail = mail_of(stay)
    return Draft(
        key=line.notice_key,
        message=mail.message,
        to=Recipient(email=mail.to_email, name=mail.to_name),
        plantel=stay.plantel,
        about=about(stay),
        context=mail.context,
        not_before=end_of_quiet(now, stay.plantel.zone),
    )
