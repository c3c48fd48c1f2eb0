"""Files without a row: what a process leaves that died between writing and its transaction."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from papers.models import PrintJob, PrintPart
from students.models import StoredFile

KEPT = timedelta(hours=24)
SHARES = 24


def delete_orphans(*, now: datetime) -> int:
    """Delete the files older than a day that no row names, and return how many.

    Each hour takes another share of the 256 folders, so that a day goes through all of them and no run is
    long. Pictures of pages and halves of interrupted writes share the fate of their original.
    """
    root = Path(settings.MEDIA_ROOT)
    folders = [root / f"{number:02x}" for number in range(now.hour, 256, SHARES)]
    return sum(_clean(folder, now=now) for folder in folders if folder.is_dir())


def _clean(folder: Path, *, now: datetime) -> int:
    limit = (now - KEPT).timestamp()
    old = [file for file in folder.iterdir() if file.is_file() and file.stat().st_mtime < limit]
    if not old:
        return 0
    known = _paths_in(folder.name)
    orphans = [file for file in old if _original(file) not in known]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def _original(file: Path) -> str:
    """The path under which a row names the file, of which it may be a page or a half."""
    return f"{file.parent.name}/{file.name.removesuffix('.part').partition('-')[0]}"


def _paths_in(folder: str) -> set[str]:
    return {
        path
        for model in (StoredFile, PrintJob, PrintPart)
        for path in model.objects.filter(path__startswith=f"{folder}/").values_list(
            "path", flat=True
        )
    }
