"""The rows of the demo, gathered in memory and written set by set: the number of statements grows by batches."""

import hashlib
import random
import secrets
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Model

from followup.models import Escalation, StudentReport
from notices.models import Notice
from notices.render import Words, preview_body, preview_subject, words_in_use
from notices.states import NoticeState
from nss.models import Acuse, NSSRequest, Reading
from papers.folio import folio_text
from papers.models import FolioCounter, Paper, PrintJob
from renuncias.models import Renuncia
from renuncias.queries.sheet import digest_of
from school.actions.texts import keep_text_in_use
from school.models import Plantel, User
from school.states import TextKind
from students.access_codes import ALPHABET, LENGTH
from students.actions.access_codes import hash_of
from students.actions.reminders import look_again
from students.models import (
    AccessCode,
    AccessEntry,
    Baja,
    ClockPause,
    Declaration,
    Enrollment,
    RosterImport,
    StoredFile,
    Student,
    StudentData,
    TimelineEntry,
)

BATCH = 2_000


@dataclass
class Folio:
    """A folio to be given when all are known, in the order of time; `places` are attributes and keys.

    The `period` of a paper is its ciclo; of a receipt, without one, the year.
    """

    series: str
    plantel: Plantel
    at: datetime
    places: list[tuple[Any, str]] = field(default_factory=list)
    period: str = ""

    def give(self, text: str) -> None:
        """Write it wherever it stands: into rows and into what the history says of them."""
        for place, name in self.places:
            if isinstance(place, dict):
                place[name] = text
            else:
                setattr(place, name, text)


@dataclass
class Code:
    """An activation code to be kept once its stay has a row."""

    stay: Enrollment
    channel: str
    at: datetime
    voided_at: datetime | None = None


@dataclass
class Mail:
    """A notice to be written once its stay has a row; `event` completes its key."""

    stay: Enrollment
    message: str
    event: str
    to_email: str
    at: datetime
    context: dict[str, Any]
    state: NoticeState = NoticeState.SENT


@dataclass
class Rows:
    """Everything that the lives of the students leave behind."""

    users: list[User] = field(default_factory=list)
    students: list[Student] = field(default_factory=list)
    stays: list[Enrollment] = field(default_factory=list)
    pauses: list[ClockPause] = field(default_factory=list)
    bajas: list[Baja] = field(default_factory=list)
    data: list[StudentData] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    requests: list[NSSRequest] = field(default_factory=list)
    acuses: list[Acuse] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    reports: list[StudentReport] = field(default_factory=list)
    cases: list[Escalation] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    renuncias: list[Renuncia] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)
    looks: list[AccessEntry] = field(default_factory=list)
    imports: list[RosterImport] = field(default_factory=list)
    jobs: list[PrintJob] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    folios: list[Folio] = field(default_factory=list)

    def save(self, *, now: datetime) -> None:
        """Write all of it, those first that others point at."""
        counters = self._number_folios()
        _create(self.users, self.students, self.stays, self.files, counters)
        self._fill_in_texts(now)
        for acuse in self.acuses:
            acuse.upload_key = f"{acuse.request.enrollment.pk}:{acuse.public_id}"
        for report in self.reports:
            report.upload_key = f"{report.enrollment.pk}:{report.public_id}"
        _create(self.pauses, self.bajas, self.data, self.declarations)
        _create(self.requests, self.acuses, self.readings)
        for roster in self.imports:
            roster.report["created"] = [stay.pk for stay in roster.report["created"]]
        for job in self.jobs:
            job.parameters["enrollments"] = [stay.pk for stay in job.parameters["enrollments"]]
        _create(self.reports, self.cases, self.looks, self.imports, self.jobs)
        for renuncia in self.renuncias:
            renuncia.paper.about = f"enrollment:{renuncia.enrollment.pk}"
        _create(self.papers, self.renuncias)
        _create(self.timeline, [_code(code) for code in self.codes])
        words = words_in_use({mail.message for mail in self.mails})
        _create([_notice(mail, words) for mail in self.mails])
        look_again(stay.pk for stay in self.stays)

    def _number_folios(self) -> list[FolioCounter]:
        """Give the folios of each series without gaps, and return the counters as they stand then."""
        last: dict[tuple[str, str, str], int] = defaultdict(int)
        planteles = {folio.plantel.number: folio.plantel for folio in self.folios}
        for folio in sorted(self.folios, key=lambda folio: folio.at):
            period = folio.period or f"{folio.at.astimezone(folio.plantel.zone):%y}"
            last[folio.series, folio.plantel.number, period] += 1
            number = last[folio.series, folio.plantel.number, period]
            folio.give(folio_text(folio.series, folio.plantel.number, period=period, number=number))
        return [
            FolioCounter(plantel=planteles[plantel], series=series, period=period, last=number)
            for (series, plantel, period), number in last.items()
        ]

    def _fill_in_texts(self, now: datetime) -> None:
        texts = {
            kind: keep_text_in_use(TextKind(kind), now=now)
            for kind in {declaration.kind for declaration in self.declarations}
        }
        for declaration in self.declarations:
            declaration.text = texts[declaration.kind]
        sheet = keep_text_in_use(TextKind.RENUNCIA, now=now)
        for renuncia in self.renuncias:
            renuncia.paper.text = sheet
            renuncia.printed_sha256 = digest_of(renuncia.printed, sheet.version)


def random_id(chance: random.Random) -> str:
    """Return what common.tokens.public_id returns, but repeatable."""
    return urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")


def random_path(chance: random.Random) -> str:
    """Return where a file of the demo lies below the uploads, shaped as theirs."""
    token = chance.randbytes(16).hex()
    return f"{token[:2]}/{token}"


def student_user(chance: random.Random, joined: datetime) -> User:
    """Return the account of a student: nothing that could be typed opens it."""
    return User(
        username=f"e-{chance.randbytes(12).hex()}",
        password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30),
        date_joined=joined,
    )


def activation_code(user: User) -> str:
    """Return the code of a student's slip: the same for the same account, so that it can be printed again."""
    digest = hashlib.sha256(f"activation {user.username}".encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def _create(*kinds: Iterable[Model]) -> None:
    for rows in map(list, kinds):
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def _code(code: Code) -> AccessCode:
    secret = activation_code(code.stay.student.user)
    return AccessCode(
        enrollment=code.stay,
        channel=code.channel,
        code_hmac=hash_of(secret, code.stay.pk, code.channel),
        created_at=code.at,
        voided_at=code.voided_at,
    )


def _notice(mail: Mail, words: Words) -> Notice:
    about = f"enrollment:{mail.stay.pk}"
    context = {**mail.context, "enrollment": mail.stay.pk}
    notice = Notice(
        key=f"{about}:{mail.event}",
        message=mail.message,
        about=about,
        plantel=mail.stay.plantel,
        to_email=mail.to_email,
        to_name=mail.stay.student.full_name,
        context=context,
        state=mail.state,
        created_at=mail.at,
        not_before=mail.at,
    )
    if mail.state != NoticeState.QUEUED:
        _try(notice, words)
    return notice


def _try(notice: Notice, words: Words) -> None:
    """What a try to deliver it left behind."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    notice.message_id = f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{domain}>"
    notice.subject, notice.body = preview_subject(notice, words), preview_body(notice, words)
    notice.text_version = words.texts[notice.message].version
    notice.attempts = 1
    if notice.state == NoticeState.SENT:
        notice.sent_at = notice.created_at
    elif notice.state == NoticeState.FAILED:
        notice.error, notice.bounced_at = "El buzón no recibe correo (550)", notice.created_at
    else:
        notice.error = "451 4.3.0 El servidor de correo está ocupado"
