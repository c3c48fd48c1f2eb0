"""Whether the portal's parts are alive, and what it means for people when one is not.

The broker is never asked (docs/adr/0001): a heartbeat that arrives tells of clock, broker, worker and database.
"""

import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings

from common.uploads.antivirus import is_scanner_heard
from followup.models import Heartbeat
from followup.queries.sweeps import Waiting, waiting_rows
from followup.states import WorkQueue
from notices.queries import Failed, failed_lately, relay_silence
from nss.queries.reading import Reader, how_it_reads

LAST_BACKUP = "last_backup"
"""The file under VAR_DIR that whoever makes the backup touches when it is done (docs/operations.md)."""

BACKUP_EVERY = timedelta(hours=26)
"""A day, and two hours for a backup that took longer."""


@dataclass(frozen=True)
class Trouble:
    """Something that is down: what, since when where that is known, what works meanwhile, and how to mend it."""

    what: str
    meanwhile: str
    remedy: str
    since: datetime | None = None


@dataclass(frozen=True)
class Disk:
    """How full the disk of VAR_DIR is, as `df` counts."""

    free: int
    percent: int

    @property
    def is_full(self) -> bool:
        """Whether it is so full that uploads will soon be refused."""
        return self.percent >= settings.DISK_FULL_AT


@dataclass(frozen=True)
class Queue:
    """A queue of the background work and when its worker was last heard, None for never."""

    label: str
    heard_at: datetime | None
    is_silent: bool


@dataclass(frozen=True)
class Health:
    """A-12: everything that somebody who looks after the portal wants to know."""

    troubles: Sequence[Trouble]
    queues: Sequence[Queue]
    waiting: Sequence[Waiting]
    failed: Sequence[Failed]
    reader: Reader
    backup_at: datetime | None
    is_backup_old: bool
    disk: Disk
    is_scanner_heard: bool | None
    """None where no virus scanner is configured."""


def heartbeats() -> dict[str, datetime]:
    """Return when a worker of each queue was last heard; a queue that never was is not in it."""
    return dict(Heartbeat.objects.values_list("queue", "at"))


def silent_queues(heard: dict[str, datetime], *, now: datetime) -> list[WorkQueue]:
    """Return the queues of which nothing was heard for longer than SILENT_AFTER."""
    since = now - settings.SILENT_AFTER
    return [one for one in WorkQueue if one not in heard or heard[one] < since]


def is_alive(*, now: datetime) -> bool:
    """Tell whether a worker of each queue was heard lately: one query over two rows."""
    return not silent_queues(heartbeats(), now=now)


def troubles(heard: dict[str, datetime], *, now: datetime) -> list[Trouble]:
    """Return what is down, the widest first: one query, and now and then a word with the scanner."""
    found = []
    silent = silent_queues(heard, now=now)
    if silent:
        first = min((heard[one] for one in silent if one in heard), default=None)
        found.append(Trouble(*_SILENT[tuple(silent)], since=first))
    if SCANNER.is_heard() is False:
        found.append(Trouble(*_SCANNER))
    relay = relay_silence(now=now)
    if relay is not None:
        found.append(Trouble(*_RELAY, since=relay.since))
    disk = disk_now()
    if disk.is_full:
        found.append(Trouble(f"El disco está al {disk.percent} %", *_DISK))
    return found


def disk_now() -> Disk:
    """Measure the disk on which uploads are kept."""
    usage = shutil.disk_usage(settings.VAR)
    return Disk(usage.free, 100 * usage.used // (usage.used + usage.free))


def last_backup() -> datetime | None:
    """Return when a backup was last said to be done, None for never."""
    file = Path(settings.VAR, LAST_BACKUP)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def health(*, now: datetime) -> Health:
    """Gather everything in a fixed number of queries."""
    heard, backup_at = heartbeats(), last_backup()
    silent = silent_queues(heard, now=now)
    return Health(
        troubles=troubles(heard, now=now),
        queues=[Queue(one.label, heard.get(one), one in silent) for one in WorkQueue],
        waiting=waiting_rows(now=now),
        failed=failed_lately(now=now),
        reader=how_it_reads(now=now),
        backup_at=backup_at,
        is_backup_old=backup_at is not None and backup_at < now - BACKUP_EVERY,
        disk=disk_now(),
        is_scanner_heard=SCANNER.is_heard(),
    )


@dataclass
class Scanner:
    """What this process last heard of the virus scanner, which only the pages of the staff ask for a sign of life."""

    _heard: bool = True
    until: float = -math.inf
    """When it is asked again, by the clock of this process; who comes meanwhile does not wait for the answer."""

    def is_heard(self) -> bool | None:
        """Tell whether it answered a fifth of SILENT_AFTER ago at most: a minute. None: there is none."""
        if not settings.CLAMD_ADDRESS:
            return None
        if monotonic() >= self.until:
            self.until = monotonic() + settings.SILENT_AFTER.total_seconds() / 5
            self._heard = is_scanner_heard()
        return self._heard


SCANNER = Scanner()


@dataclass
class Memory:
    """What this process saw last, so that not every page of the staff asks: two queries each half minute."""

    known: Sequence[Trouble] = ()
    until: float = -math.inf
    """When the next page asks, by the clock of this process."""

    def troubles(self, *, now: datetime) -> Sequence[Trouble]:
        """Return what is down, as it was a tenth of SILENT_AFTER ago at most."""
        if monotonic() >= self.until:
            self.known = troubles(heartbeats(), now=now)
            self.until = monotonic() + settings.SILENT_AFTER.total_seconds() / 10
        return self.known


MEMORY = Memory()

_SILENT = {
    (WorkQueue.QUICK, WorkQueue.HEAVY): (
        "El trabajo de fondo está detenido",
        "Los avisos por correo, la lectura de acuses y las impresiones esperan. Entrar, consultar y revisar "
        "funciona; lo que suben los estudiantes se guarda y se atiende después.",
        "Ver en el servidor si corren Redis, el reloj y los dos trabajadores, e iniciar lo que falte. Al volver, "
        "todo sigue solo.",
    ),
    (WorkQueue.QUICK,): (
        "Los avisos por correo están detenidos",
        "También los recordatorios; salen en cuanto vuelva el servicio. Lo demás funciona; lo que suben los "
        "estudiantes se guarda.",
        "Ver en el servidor si corre el trabajador de la cola «quick», e iniciarlo.",
    ),
    (WorkQueue.HEAVY,): (
        "La lectura de acuses y las impresiones están detenidas",
        "También la importación de listas. Lo demás funciona; lo que suben los estudiantes se guarda y se lee "
        "después.",
        "Ver en el servidor si corre el trabajador de la cola «heavy», e iniciarlo.",
    ),
}
_SCANNER = (
    "El antivirus no responde",
    "Mientras tanto no se recibe ningún archivo: a quien sube uno se le pide intentarlo más tarde. Lo demás funciona.",
    "Ver en el servidor si corre clamd y si escucha donde dice CLAMD_ADDRESS. Al volver, los archivos se reciben otra "
    "vez.",
)
_RELAY = (
    "El servidor de correo no responde",
    "Los avisos por correo están detenidos y saldrán solos; lo que suben los estudiantes se guarda.",
    "Ver si responde el servidor de correo y si su contraseña sigue vigente (EMAIL_URL). Los avisos se "
    "reintentan durante 48 horas.",
)
_DISK = (
    "Lo que se sube aún se guarda; si el disco se llena, el portal deja de recibir archivos.",
    "Liberar espacio o ampliar el disco donde está VAR_DIR.",
)
