"""C-07: whose deadline has passed, how each can be reached, what was tried and what was said last."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from common.dates import join_words, weekday_date
from common.texts import counted
from followup.models import Reminder
from followup.queries.attempts import attempts_by_stay
from followup.queries.reach import Reachable, reachable
from followup.queries.reminders import DRAFT_MESSAGE, OVERDUE_MESSAGE
from followup.queries.students import stays_in
from followup.states import ReminderChannel, Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.models import Acuse
from nss.states import AcuseState
from school.access import Ability
from school.models import Plantel, User
from students.models import Enrollment
from students.queries.names import by_name

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from followup.queries.reach import ReachableStay

CHANNELS = {
    "correo": ReminderChannel.MAIL,
    "whatsapp": ReminderChannel.WHATSAPP,
    "citatorio": ReminderChannel.PAPER,
}
"""What `?canal=` may say; anything else filters nothing."""
DRAFT = "sin-confirmar"
"""What `?archivo=` may say, likewise."""
CHANNEL_LABELS = {
    ReminderChannel.MAIL: "Correo",
    ReminderChannel.WHATSAPP: "Solo WhatsApp",
    ReminderChannel.PAPER: "Citatorio impreso",
}
_NO_NOTICE = ("M-00",)
"""Mails that a student asked for: they are no word of ours."""


class Overdue(Reachable):
    """What `overdue_stays` adds to a stay: `draft`, the public id of a file that waits to be confirmed, or None."""

    draft: str | None


if TYPE_CHECKING:
    OverdueStay = WithAnnotations[Enrollment, Overdue]


@dataclass(frozen=True)
class OverdueFilter:
    """What the list is narrowed to; empty fields narrow nothing.

    `channel` is a key of CHANNELS, `student` the public id of one stay.
    """

    group: str = ""
    channel: str = ""
    has_draft: bool = False
    student: str = ""

    @property
    def whom(self) -> "OverdueFilter":
        """Who is told at once: the group or the student, however each is reached."""
        return OverdueFilter(group=self.group, student=self.student)


@dataclass(frozen=True)
class NoticePlan:
    """How many would be told by each channel, and how many were told today already and are left out.

    `drafts` of all of them have a file that waits to be confirmed.
    """

    mail: int = 0
    whatsapp: int = 0
    paper: int = 0
    told: int = 0
    drafts: int = 0

    @property
    def left(self) -> int:
        """Whom nobody has told anything today."""
        return self.mail + self.whatsapp + self.paper

    def __add__(self, other: "NoticePlan") -> "NoticePlan":
        return NoticePlan(
            self.mail + other.mail,
            self.whatsapp + other.whatsapp,
            self.paper + other.paper,
            self.told + other.told,
            self.drafts + other.drafts,
        )


@dataclass(frozen=True)
class LastNotice:
    """The last thing said to a student: when, what, and what became of it when that is worth a word."""

    at: datetime
    words: str
    state: str = ""
    has_failed: bool = False


@dataclass(frozen=True)
class OverdueRow:
    """One line of the list. `phone` is empty for who may not see it; `may` says which buttons stand there.

    `draft` is the public id of the file that the person may take, empty without one.
    """

    stay: "OverdueStay"
    days_late: int
    channel: str
    last: LastNotice | None
    attempts: str
    phone: str
    may_write: bool
    may_extend: bool
    draft: str


def overdue_stays(
    planteles: Iterable[Plantel], wanted: OverdueFilter, *, now: datetime
) -> "QuerySet[OverdueStay]":
    """Return whose deadline has passed while the ball is theirs, the longest overdue first."""
    drafts = Acuse.objects.filter(request__enrollment=OuterRef("pk"), state=AcuseState.DRAFT)
    stays = reachable(stays_in(planteles, now=now).filter(is_overdue=True)).annotate(
        draft=Subquery(drafts.values("public_id")[:1])
    )
    if wanted.group:
        stays = stays.filter(group=wanted.group)
    if wanted.student:
        stays = stays.filter(public_id=wanted.student)
    if wanted.has_draft:
        stays = stays.filter(draft__isnull=False)
    if wanted.channel:
        stays = stays.filter(channel=CHANNELS[wanted.channel])
    return stays.order_by("due_on", "plantel__number", "group", *by_name(), "pk")


def notice_plans(stays: "QuerySet[OverdueStay]") -> dict[int, NoticePlan]:
    """Count by plantel (id) who would be told how, in one query."""
    counts = {
        channel.name.lower(): Count("pk", filter=Q(channel=channel, told_by=None))
        for channel in CHANNEL_LABELS
    }
    rows = (
        stays.select_related(None)
        .order_by()
        .values("plantel")
        .annotate(
            **counts,
            told=Count("pk", filter=~Q(told_by=None)),
            drafts=Count("pk", filter=~Q(draft=None)),
        )
        .values_list("plantel", *counts, "told", "drafts")
    )
    return {plantel: NoticePlan(*figures) for plantel, *figures in rows}


def overdue_rows(
    stays: "Iterable[OverdueStay]", where: Mapping[Ability, Iterable[Plantel]]
) -> list[OverdueRow]:
    """Add to some stays of `overdue_stays` what the list says of each, in three queries.

    `where` says in which planteles the person may do what (school.access.planteles_by_ability).
    """
    stays = list(stays)
    ids = [stay.pk for stay in stays]
    attempts, last = attempts_by_stay(ids), _last_notices(ids)
    allowed = {
        ability: {one.pk for one in where.get(ability, ())}
        for ability in (
            *(Ability.SEE_ADDRESS, Ability.NOTIFY_STUDENTS),
            *(Ability.EXTEND_DEADLINE, Ability.UPLOAD_FOR_STUDENT),
        )
    }
    return [
        OverdueRow(
            stay=stay,
            days_late=(stay.local_day - due_on).days,
            channel=CHANNEL_LABELS[ReminderChannel(stay.channel)],
            last=last.get(stay.pk),
            attempts=attempts.get(stay.pk, ""),
            phone=_grouped(stay.phone) if stay.plantel_id in allowed[Ability.SEE_ADDRESS] else "",
            may_write=stay.plantel_id in allowed[Ability.NOTIFY_STUDENTS] and may_write(stay),
            may_extend=stay.plantel_id in allowed[Ability.EXTEND_DEADLINE],
            draft=(stay.draft or "")
            if stay.plantel_id in allowed[Ability.UPLOAD_FOR_STUDENT]
            else "",
        )
        for stay in stays
        if (due_on := stay.due_on)
    ]


def result_in_words(plan: NoticePlan, leaves_at: datetime | None) -> str:
    """Say what one press did: «Se avisó por correo a 19 estudiantes. Falta avisar a 8 por WhatsApp.».

    `leaves_at` is when mails leave that wait for the morning, on the plantel's own clock; None for at once.
    """
    mailed = f"Se avisó por correo a {counted(plan.mail, 'estudiante')}."
    if leaves_at:
        day = weekday_date(leaves_at.date())
        mailed = f"El correo a {counted(plan.mail, 'estudiante')} sale el {day} a las {leaves_at:%-H:%M}."
    said = [mailed if plan.mail else "No se mandó ningún correo."]
    if plan.told:
        whom = "ya se le" if plan.told == 1 else "ya se les"
        said.append(f"A {counted(plan.told, 'estudiante')} {whom} había avisado hoy.")
    by_hand = {"por WhatsApp": plan.whatsapp, "con citatorio impreso": plan.paper}
    rest = [f"a {count} {how}" for how, count in by_hand.items() if count]
    if rest:
        said.append(f"Falta avisar {join_words(rest)}.")
    return " ".join(said)


def taken_in_words(count: int) -> str:
    """Say what «Tomar los N archivos» did."""
    if count == 0:
        return "Ya no hay archivos sin confirmar: los estudiantes los enviaron, o alguien los tomó antes."
    files = "1 archivo ya está" if count == 1 else f"{count} archivos ya están"
    return f"{files} en revisión. A cada estudiante se le avisa por correo."


def mail_of(stay: "ReachableStay") -> Notice:
    """Return the mail that the student gets, not saved: what the preview shows and the outbox takes."""
    is_draft = stay.stage == Stage.S_04B
    return Notice(
        message=DRAFT_MESSAGE if is_draft else OVERDUE_MESSAGE,
        to_email=stay.email,
        to_name=stay.student.full_name,
        plantel=stay.plantel,
        context={} if is_draft else {"due_on": stay.due_on.isoformat() if stay.due_on else ""},
    )


def may_write(stay: "ReachableStay") -> bool:
    """Tell whether WhatsApp may be opened: there is a number, and no mail was sent today."""
    return bool(stay.whatsapp) and stay.told_by in {None, ReminderChannel.WHATSAPP}


def whatsapp_url(stay: "ReachableStay", *, by: User) -> str:
    """Return the address that opens WhatsApp with the words written; the person sends them.

    No CURP and no NSS: the words pass through somebody else's hands.
    """
    day = weekday_date(stay.due_on or stay.local_day)
    missing = "confirmar" if stay.stage == Stage.S_04B else "subir"
    sentences = (
        f"Hola, {stay.student.first_name}.",
        f"Soy {by.name} de Control Escolar, {stay.plantel}."
        if by.name
        else f"Te escribimos de Control Escolar, {stay.plantel}.",
        f"Te falta {missing} tu acuse del IMSS; venció el {day}, pero aún lo recibimos.",
        f"Hazlo aquí: {settings.BASE_URL}{reverse('followup:my_steps')}",
    )
    return f"https://wa.me/52{stay.whatsapp}?text={quote(' '.join(sentences))}"


def _grouped(phone: str) -> str:
    """«662 123 4567»: a number that can be dialled from the page."""
    return f"{phone[:3]} {phone[3:6]} {phone[6:]}".strip()


def _last_notices(stays: Collection[int]) -> dict[int, LastNotice]:
    """What was said last to each stay, by mail or through an opened WhatsApp, in two queries."""
    found: dict[int, LastNotice] = {}
    mails = (
        Notice.objects.filter(about__in=[f"enrollment:{pk}" for pk in stays])
        .exclude(state=NoticeState.CANCELLED)
        .exclude(message__in=_NO_NOTICE)
        .order_by("created_at", "pk")
    )
    for mail in mails.only("about", "message", "state", "created_at", "sent_at", "not_before"):
        is_told = mail.state == NoticeState.SENT
        found[int(mail.about.removeprefix("enrollment:"))] = LastNotice(
            at=mail.sent_at or max(mail.created_at, mail.not_before),
            words=f"Correo: {mail.label}",
            state="" if is_told else mail.get_state_display(),
            has_failed=mail.state == NoticeState.FAILED,
        )
    opened = Reminder.objects.filter(enrollment__in=stays, channel=ReminderChannel.WHATSAPP)
    for stay, at in opened.order_by("created_at").values_list("enrollment", "created_at"):
        if stay not in found or found[stay].at <= at:
            found[stay] = LastNotice(at=at, words="Se abrió WhatsApp")
    return found
