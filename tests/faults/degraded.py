"""R18: Redis, relay, worker or virus scanner off, the disk nearly full: students go on, and the staff are told.

Without the scanner no file is taken, and whoever sends one reads it; everything else is as ever.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from notices.states import NoticeState
from nss.models import Acuse
from school.states import Role
from students.actions.access_codes import issue_codes
from students.actions.files import absolute
from students.models import Enrollment
from students.states import CodeChannel
from tests.conftest import database_url, free_port
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory
from tests.faults.people import Answer, Browser, session_of
from tests.faults.processes import Portal, Redis, portal, redis, wait_until
from tests.faults.relay import Mood, Relay
from tests.faults.scanner import Clamd, clamd
from tests.samples import hostile

SILENT_AFTER = "3"
"""Seconds instead of five minutes, so that nobody waits so long."""

BANNERS = ALL, READING, MAIL, DISK, SCANNER = (
    "El trabajo de fondo está detenido",
    "La lectura de acuses y las impresiones están detenidas",
    "El servidor de correo no responde",
    "El disco está al",
    "El antivirus no responde",
)
"""What the banner begins with."""

NOT_SCANNED = "No pudimos revisar el archivo. Intenta más tarde"


@dataclass
class School:
    """The running portal and its people."""

    processes: Portal
    broker: Redis
    relay: Relay
    scanner: Clamd
    port: int

    def __post_init__(self) -> None:
        self.plantel = PlantelFactory()
        self.member = session_of(staff(Role.RESPONSABLE, self.plantel))
        self.heavy = self.processes.worker("heavy", queue="heavy")
        self.processes.worker("quick")
        self.processes.beat("clock", app="tests.faults.hurried")

    @contextmanager
    def without_redis(self) -> Iterator[int]:
        """Nobody can be asked to do anything."""
        self.broker.process.kill()
        yield self.port
        self.broker.start()

    @contextmanager
    def without_reader(self) -> Iterator[int]:
        """The heavy worker is gone."""
        self.heavy.kill()
        yield self.port
        self.heavy = self.processes.worker("heavy", queue="heavy")

    @contextmanager
    def without_relay(self) -> Iterator[int]:
        """No mail leaves."""
        self.relay.become(Mood.REFUSES)
        yield self.port
        self.relay.become(Mood.TAKES)

    @contextmanager
    def without_scanner(self) -> Iterator[int]:
        """Nobody looks at files."""
        self.scanner.process.kill()
        yield self.port
        self.scanner.start()

    @contextmanager
    def without_space(self) -> Iterator[int]:
        """A second web server, to which any disk is too full."""
        port = free_port()
        self.processes.environment["DISK_FULL_AT"] = "0"
        server = self.processes.web(port)
        yield port
        server.stop()

    def shows(self, port: int, what: str) -> bool:
        """Whether the staff are told, or are no longer told, within two minutes."""
        with suppress(TimeoutError):
            wait_until(lambda: what in self._today(port), what)
            return True
        return False

    def is_calm(self, what: str) -> bool:
        """Whether the staff are no longer told."""
        with suppress(TimeoutError):
            wait_until(lambda: what not in self._today(self.port), what)
            return True
        return False

    def _today(self, port: int) -> str:
        return Browser(port, self.member).get(reverse("followup:today")).text


def degraded(folder: Path, *, rounds: int, seed: int) -> dict[str, float]:
    """Switch off each in turn, so many times, while a student comes in and sends an acuse."""
    relay, port = Relay(free_port(), folder / "relay.journal", seed=seed), free_port()
    relay.start()
    figures = Counter[str]()
    with (
        redis(folder / "redis") as broker,
        clamd() as scanner,
        portal(
            Path(settings.VAR),
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL=f"smtp://127.0.0.1:{relay.port}",
            BASE_URL=f"http://127.0.0.1:{port}",
            CLAMD_ADDRESS=scanner.address,
            SILENT_AFTER=SILENT_AFTER,
            NOTICE_WAITS="1,2",
        ) as processes,
    ):
        processes.web(port)
        school = School(processes, broker, relay, scanner, port)
        for _ in range(rounds):
            for off, what in (
                (school.without_redis, ALL),
                (school.without_reader, READING),
                (school.without_relay, MAIL),
                (school.without_scanner, SCANNER),
                (school.without_space, DISK),
            ):
                figures.update(_go_through(school, off, what))
        figures["uploads_unread"] = _unread()
        figures["mails_waiting"] = _waiting()
    relay.stop()
    taken = Counter(address for _, address in relay.journal.taken)
    figures["mails_double"] = sum(times - 1 for times in taken.values())
    return dict(figures)


def _go_through(school: School, off: Callable, what: str) -> dict[str, int]:
    """One outage: the staff are told, a student does what she came for, and afterwards nobody is told any more."""
    stay = EnrollmentFactory(confirmed=True, plantel=school.plantel)
    now = timezone.now()
    NoticeFactory(
        plantel=school.plantel,
        to_email=f"ana{stay.pk}@correo.example",
        created_at=now,
        not_before=now,
    )
    with off() as port:
        is_told = school.shows(port, what)
        figures = _visit(port, stay, is_scanned=what != SCANNER)
    return figures | {
        "outages": 1,
        "banners_missing": int(not is_told),
        "banners_left": int(not school.is_calm(what)),
    }


def _visit(port: int, stay: Enrollment, *, is_scanned: bool) -> dict[str, int]:
    """The student signs in with the code of her slip, reads where she stands and sends her acuse."""
    code = issue_codes([stay], CodeChannel.SLIP, by=None, now=timezone.now())[stay.pk]
    door = Browser(port, "").post(
        reverse("students:sign_in"), {"matricula": stay.matricula, "code": code}
    )
    student = Browser(port, _session(door))
    page = student.get(reverse("followup:my_steps"))
    pdf = hostile.saved(hostile.pdf(size=(612, 792 + stay.pk % 1000)))
    sent = student.post(
        reverse("nss:upload"),
        {
            "acuse": SimpleUploadedFile("acuse.pdf", pdf, "application/pdf"),
            "key": f"acuse-{stay.pk:04d}",
        },
    )
    is_sent = urlsplit(sent.location).path == reverse("nss:confirm")
    is_refused = NOT_SCANNED in sent.text and not Acuse.objects.filter(request__enrollment=stay)
    return {
        "sign_ins_failed": int(door.status != 302),
        "pages_failed": int(page.status != 200 or stay.student.given_names not in page.text),
        "students_alarmed": int(any(word in page.text for word in BANNERS)),
        "uploads_lost": int(is_scanned and not (is_sent and _is_kept(stay, pdf))),
        "uploads_unscanned": int(not is_scanned and not is_refused),
    }


def _session(door: Answer) -> str:
    cookies = SimpleCookie[str]()
    for header in door.headers.get_all("Set-Cookie", []):
        cookies.load(header)
    cookie = cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def _is_kept(stay: Enrollment, pdf: bytes) -> bool:
    """Whether the very bytes lie in quarantine, named by their row."""
    acuse = Acuse.objects.filter(request__enrollment=stay).select_related("file").first()
    digest = sha256(pdf).hexdigest()
    return (
        acuse is not None
        and acuse.file.sha256
        == digest
        == sha256(absolute(acuse.file.path).read_bytes()).hexdigest()
    )


def _unread() -> int:
    """How many acuses the machine did not come to within two minutes."""
    unread = Acuse.objects.filter(readings=None)
    with suppress(TimeoutError):
        wait_until(lambda: not unread.exists(), "some were not read")
    return unread.count()


def _waiting() -> int:
    """How many mails did not leave within two minutes."""
    waiting = Notice.objects.exclude(state=NoticeState.SENT).filter(to_email__startswith="ana")
    with suppress(TimeoutError):
        wait_until(lambda: not waiting.exists(), "some did not leave")
    return waiting.count()
