"""Access codes: made at print or mail time, one live code per channel, only keyed hashes kept."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from common.bulk import Among
from notices.actions import Draft, NothingToTell, Recipient, queue_many
from notices.models import Notice
from papers.actions import queue_print_job
from papers.models import PrintJob
from papers.states import PaperKind
from school.models import Plantel, User
from students import access_codes, timeline
from students.actions.minting import hold_recipient
from students.models import AccessCode, Enrollment, RosterImport, TimelineEntry
from students.queries.access_codes import slips_wanted, wants_mail_code
from students.queries.roster_imports import ACTIVATION, to_activate
from students.queries.sign_in import date_to_tell
from students.states import CodeChannel, Event

SLIPS_PER_SHEET = 10
SLIPS_PER_JOB = 1_000  # 100 sheets: drawn well within a worker's time limit


class NoSlips(Exception):
    """Nobody in the choice needs a slip."""

    sentence = (
        "En esos grupos nadie necesita hoja: ya tienen una o ya confirmaron su correo. "
        "Para reimprimir, marcar la casilla de abajo"
    )


class MayNotEnter(Exception):
    """The student's account is closed, so no code would open it."""

    sentence = (
        "Esta cuenta está cerrada y ningún código la abre. Pedir a administración que la reabra"
    )


def hash_of(code: str, enrollment_id: int, channel: str, *, key: str = "") -> str:
    """Return the hash under which a code of that stay and channel is stored.

    `key` is an earlier SECRET_KEY under which it may have been stored.
    """
    return access_codes.code_hmac(
        code, key=key or settings.SECRET_KEY, scope=f"access-code:{channel}:{enrollment_id}"
    )


@transaction.atomic
def issue_codes(
    enrollments: Sequence[Enrollment], channel: CodeChannel, *, by: User | None, now: datetime
) -> dict[int, str]:
    """Give each stay a new code on the channel and return them by id; earlier ones die.

    The stays are locked, so of two print jobs the later one's codes live. Three statements for all of them.
    """
    ids = sorted(enrollment.pk for enrollment in enrollments)
    list(Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    AccessCode.objects.filter(enrollment__in=ids, channel=channel, voided_at__isnull=True).update(
        voided_at=now
    )
    codes = {pk: access_codes.new_code() for pk in ids}
    AccessCode.objects.bulk_create(
        AccessCode(
            enrollment_id=pk,
            channel=channel,
            code_hmac=hash_of(code, pk, channel),
            created_at=now,
        )
        for pk, code in codes.items()
    )
    timeline.record_many(
        TimelineEntry(
            enrollment_id=pk, event=Event.CODE_ISSUED, at=now, by=by, data={"channel": channel}
        )
        for pk in ids
    )
    return codes


@transaction.atomic
def void_codes(enrollment: Enrollment, *, now: datetime) -> None:
    """End every activation code of a stay: the e-mail is confirmed and takes their place."""
    AccessCode.objects.filter(
        enrollment=enrollment,
        channel__in=[CodeChannel.SLIP, CodeChannel.MAIL],
        voided_at__isnull=True,
    ).update(voided_at=now)


@transaction.atomic
def void_mail_codes(stays: Collection[int], *, now: datetime) -> None:
    """End the activation codes that were mailed to these students; those on paper live on."""
    AccessCode.objects.filter(
        Among("enrollment", stays), channel=CodeChannel.MAIL, voided_at__isnull=True
    ).update(voided_at=now)


@transaction.atomic
def mint_mail_code(notice: Notice, *, now: datetime) -> dict[str, str]:
    """Make the code of one M-01 at its delivery; a second delivery voids the first one's code.

    Raises NothingToTell for who confirmed an address meanwhile, whose account is closed, and when the list gives
    another address by now; NotYet while somebody else holds the stay.
    """
    enrollment = hold_recipient(notice, now=now)
    if enrollment is None or notice.to_email.casefold() != enrollment.roster_email.casefold():
        raise NothingToTell
    if not wants_mail_code(enrollment):
        raise NothingToTell
    codes = issue_codes([enrollment], CodeChannel.MAIL, by=None, now=now)
    return {"code": access_codes.grouped(codes[enrollment.pk])}


@transaction.atomic
def queue_slips(
    plantel: Plantel, groups: Iterable[str], *, reprint: bool, by: User, now: datetime
) -> list[PrintJob]:
    """Order the slips of whole groups, ten a sheet, as one job or several of 100 sheets.

    Without `reprint` only those get one who have no live slip. Raises NoSlips. The codes are made when the
    worker draws: until then the old slips work.
    """
    wanted = slips_wanted(plantel, groups, reprint=reprint)
    stays = list(wanted.values_list("pk", "group"))
    if not stays:
        raise NoSlips
    parts = [stays[at : at + SLIPS_PER_JOB] for at in range(0, len(stays), SLIPS_PER_JOB)]
    return [
        queue_print_job(
            plantel,
            PaperKind.SLIPS,
            title=_title(sorted({group for _, group in part}), number, len(parts)),
            parameters={"enrollments": [pk for pk, _ in part]},
            sheets=sheets_of([group for _, group in part]),
            by=by,
            now=now,
        )
        for number, part in enumerate(parts, start=1)
    ]


def sheets_of(groups: Sequence[str]) -> int:
    """Return how many sheets the slips fill; each group begins a new one."""
    return sum(-(-groups.count(group) // SLIPS_PER_SHEET) for group in set(groups))


def _title(groups: Sequence[str], number: int, parts: int) -> str:
    names = ", ".join(group or "sin grupo" for group in groups)
    noun = "grupo" if len(groups) == 1 else "grupos"
    names = f"{noun} {names}" if len(names) <= 60 else f"{len(groups)} grupos"
    part = f" ({number} de {parts})" if parts > 1 else ""
    return f"Códigos de activación: {names}{part}"


@transaction.atomic
def reissue_slip_code(enrollment: Enrollment, *, by: User, now: datetime) -> PrintJob:
    """Order one student's slip again; the earlier one dies when it is drawn.

    Also for who confirmed an e-mail: it is the way back of who lost that mailbox (security T2). Raises
    MayNotEnter for a closed account.
    """
    if not enrollment.student.user.is_active:
        raise MayNotEnter
    return queue_print_job(
        enrollment.plantel,
        PaperKind.SLIPS,
        title=f"Código de activación: matrícula {enrollment.matricula}",
        parameters={"enrollments": [enrollment.pk]},
        sheets=1,
        by=by,
        now=now,
    )


@transaction.atomic
def send_activation_codes(roster_import: RosterImport, *, now: datetime) -> int:
    """Queue M-01 for the students of an import who can be written to; returns how many.

    Twice is once: who was told is not told again, and the key names the stay and the import.
    """
    stays = to_activate(roster_import)
    return queue_many([_activation(stay, roster_import, now=now) for stay in stays], now=now)


def _activation(stay: Enrollment, roster_import: RosterImport, *, now: datetime) -> Draft:
    due_on = date_to_tell(stay, now=now)
    return Draft(
        f"enrollment:{stay.pk}:activation:{roster_import.pk}",
        ACTIVATION,
        to=Recipient(stay.roster_email, stay.student.full_name),
        plantel=stay.plantel,
        about=f"enrollment:{stay.pk}",
        context={
            "enrollment": stay.pk,
            "first_name": stay.student.first_name,
            "due_on": due_on.isoformat() if due_on else "",
        },
    )
