"""The virus scanner: a real daemon that finds one virus, is killed and frozen, and every door while nobody answers."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clinics.states import Turno, VigenciaResult
from common.uploads import Refusal, Refused
from common.uploads.antivirus import check_viruses, is_scanner_heard
from followup.actions.heartbeat import note_heartbeat
from followup.queries.health import MEMORY, SCANNER
from followup.states import WorkQueue
from nss.models import Acuse
from school.models import User
from school.states import Role
from students.actions.files import absolute
from students.models import StoredFile
from tests.conftest import free_port
from tests.factories.affiliation import MovementFactory, insurable, sent
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, StoredFileFactory
from tests.faults.scanner import Clamd, clamd, stranger
from tests.followup.test_views_oficios import delivered
from tests.samples import hostile

pytestmark = pytest.mark.django_db

TO_STUDENTS = "No pudimos revisar el archivo. Intenta más tarde"
TO_STAFF = "No pudimos revisar el archivo. Intentar más tarde"
VIRUS = "Este archivo tiene un virus y no lo guardamos"
SILENT = "El antivirus no responde"


@pytest.fixture(scope="module")
def running() -> Iterator[Clamd]:
    """Start one daemon for the tests that leave it alone."""
    with clamd() as daemon:
        yield daemon


@pytest.fixture
def scanner(running: Clamd, settings) -> Clamd:
    """Have that daemon look at every upload."""
    settings.CLAMD_ADDRESS = running.address
    return running


@pytest.fixture
def no_scanner(settings) -> None:
    """Name a daemon that nobody started."""
    settings.CLAMD_ADDRESS = f"127.0.0.1:{free_port()}"


def verdict(*parts: bytes) -> str:
    """Name what becomes of a file in so many parts."""
    try:
        check_viruses(parts)
    except Refused as refused:
        return refused.code.value
    return "CLEAN"


# The daemon --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([hostile.eicar()], "VIRUS"),
        ([hostile.eicar()[:30], b"", hostile.eicar()[30:]], "VIRUS"),
        ([hostile.virus()], "VIRUS"),  # P28
        ([hostile.plain_pdf()], "CLEAN"),
        ([hostile.jpeg()], "CLEAN"),
        ([bytes(2**20)] * 3, "NOT_SCANNED"),
    ],
    ids="alone in-parts in-a-pdf clean-pdf clean-photo larger-than-it-takes".split(),
)
def test_check_viruses_asks_the_daemon(scanner, parts, found):
    assert verdict(*parts) == found


def test_check_viruses_asks_over_a_socket(scanner, settings):
    settings.CLAMD_ADDRESS = scanner.socket_address

    assert (verdict(hostile.eicar()), verdict(b"hola")) == ("VIRUS", "CLEAN")
    assert is_scanner_heard()


def test_check_viruses_without_a_scanner_looks_at_nothing(settings):
    settings.CLAMD_ADDRESS = ""

    assert verdict(hostile.eicar()) == "CLEAN"


def test_daemon_that_dies_and_comes_back(settings):
    with clamd() as daemon:
        settings.CLAMD_ADDRESS = daemon.address
        daemon.process.kill()
        dead = verdict(b"hola"), is_scanner_heard()
        daemon.start()
        back = verdict(b"hola"), is_scanner_heard()

    assert (dead, back) == (("NOT_SCANNED", False), ("CLEAN", True))


def test_daemon_that_freezes_is_given_up(settings):
    settings.CLAMD_TIMEOUT = 1
    with clamd() as daemon:
        daemon.process.freeze()
        settings.CLAMD_ADDRESS = daemon.socket_address
        small = verdict(b"hola")
        settings.CLAMD_ADDRESS = daemon.address
        large = verdict(bytes(2**23))

        assert (small, large, is_scanner_heard()) == ("NOT_SCANNED", "NOT_SCANNED", False)


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"\0", b"hola\0", b"OK\0", b"stream: OK", b"stream: OK \0"),
        *(b"xstream: OK\0", b"STREAM: OK\0", b"stream:  FOUND\0", b"stream: OK\n\0", b"a" * 5_000),
        b"INSTREAM size limit exceeded. ERROR\0",
    ],
)
def test_check_viruses_takes_one_word_only(settings, answer):
    with stranger(answer) as someone:
        settings.CLAMD_ADDRESS = someone.address

        assert verdict(b"hola") == "NOT_SCANNED"


@pytest.mark.parametrize("answer", [b"", b"hola\0", b"PONG PONG\0"])
def test_is_scanner_heard_takes_one_word_only(settings, answer):
    with stranger(answer) as someone:
        settings.CLAMD_ADDRESS = someone.address

        assert not is_scanner_heard()


def test_check_viruses_gives_up_a_daemon_that_speaks_too_slowly(settings):
    settings.CLAMD_TIMEOUT = 1
    with stranger(b"stream: OK\0", pause=0.2) as someone:
        settings.CLAMD_ADDRESS = someone.address

        assert verdict(b"hola") == "NOT_SCANNED"


def test_check_viruses_gives_up_when_the_time_is_over_before_the_end(scanner, settings):
    settings.CLAMD_TIMEOUT = 0.5

    def slowly() -> Iterator[bytes]:
        for letter in (b"h", b"o", b"l", b"a"):
            time.sleep(0.3)
            yield letter

    with pytest.raises(Refused) as refused:
        check_viruses(slowly())

    assert refused.value.code == Refusal.NOT_SCANNED


def test_log_names_the_virus_and_what_went_wrong_and_no_file(scanner, settings, caplog):
    caplog.set_level(logging.WARNING)
    verdict(hostile.eicar())
    settings.CLAMD_ADDRESS = f"127.0.0.1:{free_port()}"
    verdict(b"hola")
    with stranger(b"stream: busy ERROR\0") as someone:
        settings.CLAMD_ADDRESS = someone.address
        verdict(b"hola")

    assert [record.getMessage() for record in caplog.records] == [
        "a virus was refused: Eicar-Test.UNOFFICIAL",
        "the virus scanner gave no answer: ConnectionRefusedError",
        "the virus scanner did not look: stream: busy ERROR",
    ]


# The doors ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Door:
    """Somebody before a form with a file: where it goes, what else is typed, and how its refusal speaks."""

    person: User
    path: str
    field: str
    name: str = "acuse.pdf"
    typed: dict[str, str] = field(default_factory=dict)
    later: str = TO_STUDENTS

    def take(self, client, content: bytes):
        """Send the form with that file."""
        client.force_login(self.person)
        return client.post(
            self.path, self.typed | {self.field: SimpleUploadedFile(self.name, content)}
        )


CSV, JPG = "lista.csv", "foto.jpg"
CLINIC = {"number": "37", "turno": Turno.MORNING.value, "consultorio": "4"}


def acuse() -> Door:
    person = EnrollmentFactory(confirmed=True).student.user
    return Door(person, reverse("nss:upload"), "acuse", typed={"key": "key-00001"})


def another_photo() -> Door:
    draft = AcuseFactory(draft=True, file=StoredFileFactory(kind="JPEG"))
    person = draft.request.enrollment.student.user
    return Door(person, reverse("nss:add_photo"), "acuse", JPG, {"key": "key-00002"})


def acuse_at_the_window() -> Door:
    stay = EnrollmentFactory()
    path = reverse("nss:upload_for_student", args=[stay.public_id])
    person = staff(Role.RESPONSABLE, stay.plantel)
    return Door(person, path, "acuse", typed={"key": "key-00003"}, later=TO_STAFF)


def evidence() -> Door:
    person = EnrollmentFactory(confirmed=True).student.user
    path = reverse("followup:report_subdelegacion")
    return Door(person, path, "evidence", typed={"happened_on": "2026-08-21"})


def carnet() -> Door:
    person = UMFRegistrationFactory().enrollment.student.user
    return Door(person, reverse("clinics:own_clinic"), "carnet", JPG, CLINIC)


def carnet_at_the_window() -> Door:
    stay = MovementFactory(applied=True, enrollment=EnrollmentFactory(confirmed=True)).enrollment
    path = reverse("clinics:register_for_student", args=[stay.public_id])
    return Door(staff(Role.RESPONSABLE, stay.plantel), path, "carnet", JPG, CLINIC, TO_STAFF)


def constancia() -> Door:
    stay = UMFRegistrationFactory(registered=True).enrollment
    VigenciaCheckFactory(enrollment=stay, result=VigenciaResult.NONE)
    return Door(stay.student.user, reverse("clinics:attach_constancia"), "constancia")


def roster() -> Door:
    SchoolCycleFactory()
    person = staff(Role.RESPONSABLE, PlantelFactory())
    return Door(person, reverse("students:import_roster"), "file", CSV, later=TO_STAFF)


def clinics_of_a_plantel() -> Door:
    plantel = PlantelFactory()
    typed = {"plantel": plantel.clave}
    path = reverse("clinics:import_umfs")
    return Door(staff(Role.RESPONSABLE, plantel), path, "lista", CSV, typed, TO_STAFF)


def pile() -> Door:
    person = staff(Role.RESPONSABLE, PlantelFactory())
    return Door(person, reverse("renuncias:upload_pile"), "sheets", later=TO_STAFF)


def answers_of_imss() -> Door:
    plantel = PlantelFactory(registro_patronal="Y5412345324")
    person = staff(Role.RESPONSABLE, plantel)
    insurable(plantel)
    batch = sent(plantel, person, now=timezone.now())
    path = reverse("affiliation:import_answers", args=[batch.public_id])
    return Door(person, path, "file", CSV, later=TO_STAFF)


def answers_to_an_oficio() -> Door:
    oficio = delivered(PlantelFactory())
    path = reverse("followup:import_answers", args=[oficio.public_id])
    person = staff(Role.RESPONSABLE, oficio.plantel)
    return Door(person, path, "file", CSV, later=TO_STAFF)


DOORS = (
    *(acuse, another_photo, acuse_at_the_window, evidence, carnet, carnet_at_the_window),
    *(constancia, roster, clinics_of_a_plantel, pile, answers_of_imss, answers_to_an_oficio),
)
CLEAN = {CSV: b"Nombre;Grupo\nAna;101\n", JPG: hostile.jpeg(), "acuse.pdf": hostile.plain_pdf()}
INFECTED = {
    CSV: b"Nombre;Grupo\n" + hostile.eicar(),
    JPG: hostile.jpeg() + hostile.eicar(),
    "acuse.pdf": hostile.virus(),
}


def assert_refused(door: Door, client, content: bytes, sentence: str, folder: Path) -> None:
    """Hold that the file is refused with that sentence, nothing of it kept and nothing typed lost."""
    before = set(StoredFile.objects.values_list("pk", flat=True))

    answer = door.take(client, content)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert [value for value in door.typed.values() if f'value="{value}"' not in page] == []
    assert set(StoredFile.objects.values_list("pk", flat=True)) == before
    assert [path for path in (folder / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("make", DOORS)
def test_every_door_refuses_a_virus(client, scanner, own_folders, make):
    door = make()

    assert_refused(door, client, INFECTED[door.name], VIRUS, own_folders)


@pytest.mark.parametrize("make", DOORS)
def test_every_door_waits_for_the_scanner(client, no_scanner, own_folders, make):
    door = make()

    assert_refused(door, client, CLEAN[door.name], door.later, own_folders)


def test_door_keeps_what_is_clean(client, scanner):
    answer = acuse().take(client, hostile.plain_pdf())

    assert answer.status_code == 302
    assert absolute(Acuse.objects.get().file.path).read_bytes() == hostile.plain_pdf()


def test_door_without_a_scanner_keeps_whatever_is_well_made(client):
    acuse().take(client, hostile.virus())

    assert absolute(Acuse.objects.get().file.path).read_bytes() == hostile.virus()


# What the staff are told -------------------------------------------------------------------------
@pytest.fixture
def workers() -> None:
    """Have the workers heard, and this process forget what it saw."""
    for queue in WorkQueue:
        note_heartbeat(queue, now=timezone.now())
    MEMORY.until = SCANNER.until = 0


def page_of(client, person: User, name: str) -> str:
    client.force_login(person)
    page: str = client.get(reverse(name)).content.decode()
    return page


def system(client) -> str:
    return page_of(client, staff(Role.AUDITOR), "followup:system_health")


def test_system_says_that_the_scanner_looks(client, workers, scanner):
    page = system(client)

    assert "<dd>Revisa cada archivo que se sube</dd>" in page
    assert "Todo funciona." in page


def test_system_says_that_the_scanner_does_not_answer_and_what_to_do(client, workers, no_scanner):
    page = system(client)

    assert "<dd><strong>No responde</strong>: no se recibe ningún archivo</dd>" in page
    assert f"<strong>{SILENT}.</strong>" in page
    assert "si escucha donde dice CLAMD_ADDRESS" in page


def test_system_says_that_there_is_no_scanner(client, workers):
    page = system(client)

    assert "<dt>Antivirus</dt><dd>No está configurado</dd>" in page
    assert "Todo funciona." in page


def test_banner_tells_the_staff_until_the_scanner_is_back(client, workers, settings, no_scanner):
    person = staff(Role.RESPONSABLE, PlantelFactory())

    told = page_of(client, person, "followup:today")
    with stranger(b"PONG\0") as someone:
        settings.CLAMD_ADDRESS = someone.address
        MEMORY.until = SCANNER.until = 0
        calm = page_of(client, person, "followup:today")

    assert f"{SILENT}." in told
    assert "a quien sube uno se le pide intentarlo más tarde" in told
    assert SILENT not in calm


def test_scanner_is_asked_once_a_minute_and_never_for_a_student(client, workers, settings):
    member = staff(Role.RESPONSABLE, PlantelFactory())
    student = EnrollmentFactory(confirmed=True).student.user
    with stranger(b"PONG\0") as someone:
        settings.CLAMD_ADDRESS = someone.address
        page_of(client, student, "followup:my_steps")
        for_a_student = someone.asked
        for _ in range(3):
            MEMORY.until = 0
            page_of(client, member, "followup:today")

    assert (for_a_student, someone.asked) == (0, 1)
