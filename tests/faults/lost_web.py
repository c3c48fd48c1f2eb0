"""R6: the web server dies during uploads and decisions; no row without its file, nothing half decided."""

import random
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from common.uploads import MAX_FILES_PER_STUDENT
from nss.models import Acuse
from nss.states import AcuseState
from school.models import Plantel
from school.states import Role
from students.actions.files import absolute
from students.actions.orphans import SHARES, delete_orphans
from students.models import Enrollment, StoredFile, Student, TimelineEntry
from students.states import Event
from tests.conftest import database_url, free_port
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, nss
from tests.faults.people import GONE, Answer, Browser, busy, form, session_of
from tests.faults.processes import portal, wait_until
from tests.samples import hostile

UPLOADERS = 2


class Uploader:
    """Students who one after the other send photos, each as many as the quota allows."""

    def __init__(self, port: int, stays: Iterable[Enrollment]) -> None:
        people = [(stay, Browser(port, session_of(stay.student.user))) for stay in stays]
        self._turns = iter(
            [(*person, n) for person in people for n in range(MAX_FILES_PER_STUDENT)]
        )
        self.confirmed: list[str] = []

    def upload(self) -> None:
        """Send a file that differs from the one before, again and again until there is an answer."""
        stay, browser, number = next(self._turns)
        page = hostile.saved(hostile.pdf(size=(612, 792 + number)))
        upload = SimpleUploadedFile("acuse.pdf", page, "application/pdf")
        key = f"photo-{number:02d}"
        body = form({"acuse": upload, "key": key})
        answer = _until_heard(lambda: browser.post(reverse("nss:upload"), body))
        if urlsplit(answer.location).path == reverse("nss:confirm"):
            self.confirmed.append(f"{stay.pk}:{key}")


class Reviewer:
    """Somebody who accepts one acuse after the other."""

    def __init__(self, port: int, plantel: Plantel, acuses: Iterable[Acuse]) -> None:
        self._browser = Browser(port, session_of(staff(Role.REVISOR, plantel)))
        self._waiting = list(acuses)
        self.confirmed: list[int] = []

    def accept(self) -> None:
        """Accept the next one, again and again until there is an answer."""
        if not self._waiting:
            sleep(0.05)
            return
        acuse = self._waiting.pop()
        path = reverse("nss:accept_acuse", args=[acuse.public_id])
        body = form({"nss": nss(1000 + acuse.pk)})
        answer = _until_heard(lambda: self._browser.post(path, body))
        if answer.is_kept:
            self.confirmed.append(acuse.pk)


def _until_heard(press: Callable[[], Answer]) -> Answer:
    """People press again when nothing comes back; the portal must take the second time for the first."""
    while (answer := press()).status == GONE:
        sleep(0.2)
    return answer


def lost_web(folder: Path, *, kills: int, seed: int) -> dict[str, float]:
    """Kill the web server so often while people upload and decide, then let the janitor work."""
    chance, plantel = random.Random(seed), PlantelFactory()
    port = free_port()
    variables = {"DATABASE_URL": database_url(), "BASE_URL": f"http://127.0.0.1:{port}"}
    uploaders = [Uploader(port, _stays(plantel, kills * 4)) for _ in range(UPLOADERS)]
    reviewer = Reviewer(port, plantel, [_acuse(plantel) for _ in range(kills * 10)])
    with portal(Path(settings.VAR), **variables) as processes:
        web = processes.web(port)
        with busy([*(uploader.upload for uploader in uploaders), reviewer.accept]):
            for _ in range(kills):
                _wait_for_work(uploaders)
                sleep(chance.uniform(0, 0.4))
                web.kill()
                web = processes.web(port)
    connection.close()
    return _count(uploaders, reviewer)


def _stays(plantel: Plantel, number: int) -> list[Enrollment]:
    return [EnrollmentFactory(confirmed=True, plantel=plantel) for _ in range(number)]


def _acuse(plantel: Plantel) -> Acuse:
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    absolute(acuse.file.path).parent.mkdir(parents=True, exist_ok=True)
    absolute(acuse.file.path).write_bytes(hostile.plain_pdf())
    return acuse


def _wait_for_work(uploaders: list[Uploader]) -> None:
    before = [len(uploader.confirmed) for uploader in uploaders]
    wait_until(
        lambda: any(len(each.confirmed) > n for each, n in zip(uploaders, before, strict=True)),
        "nothing was uploaded any more",
    )


def _count(uploaders: list[Uploader], reviewer: Reviewer) -> dict[str, float]:
    uploads = {key for uploader in uploaders for key in uploader.confirmed}
    keys = set(Acuse.objects.values_list("upload_key", flat=True))
    accepted = set(Acuse.objects.filter(state=AcuseState.ACCEPTED).values_list("pk", flat=True))
    entries = TimelineEntry.objects.filter(event=Event.ACUSE_ACCEPTED).count()
    proven = Student.objects.filter(nss__isnull=False).count()
    orphans = _without_row()
    tomorrow = timezone.now() + timedelta(hours=25)
    deleted = sum(delete_orphans(now=tomorrow + timedelta(hours=hour)) for hour in range(SHARES))
    return {
        "uploads": len(uploads),
        "uploads_missing": len(uploads - keys),
        "decisions": len(reviewer.confirmed),
        "decisions_missing": len(set(reviewer.confirmed) - accepted),
        "half_decided": abs(len(accepted) - entries) + abs(len(accepted) - proven),
        "rows_without_file": sum(
            not absolute(path).exists()
            for path in StoredFile.objects.values_list("path", flat=True)
        ),
        "files_without_row": orphans,
        "left_by_janitor": _without_row(),
        "deleted_by_janitor": deleted,
    }


def _without_row() -> int:
    root = Path(settings.MEDIA_ROOT)
    known = set(StoredFile.objects.values_list("path", flat=True))
    files = (file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
    return sum(file.removesuffix(".part").partition("-")[0] not in known for file in files)
