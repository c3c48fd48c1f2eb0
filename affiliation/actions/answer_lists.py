"""What a relation that came back answers: read and kept to be looked at, then registered as it was seen."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from affiliation.actions.answers import lock_sent, note_answers
from affiliation.actions.errors import BatchRefused
from affiliation.models import AnswerList, Batch
from affiliation.queries.answers import answers_of, reply_to
from affiliation.relation import Answer, answers_in
from school.models import User
from students.actions.tables import read_table_of

MOST_ROWS = 20_000
NO_LIST = "No hay ninguna lista por registrar: ya se registró, o falta subirla"
OTHER_REPLY = (
    "Mientras se revisaba la lista cambió lo que haría: alguien registró o deshizo respuestas, o subió otra. Abajo "
    "está como quedó: revisarla y registrarla otra vez"
)


def read_answers(upload: UploadedFile) -> list[Answer]:
    """Read the answers out of a relation that came back; nothing is kept of the file.

    Raises UploadRefused for a file that is no relation of ours to read, NoColumn, NoSlot when the machine is busy.
    """
    table = read_table_of(upload, max_rows=MOST_ROWS)
    return answers_in(table.headers, table.rows)


@transaction.atomic
def keep_list(batch: Batch, answers: Iterable[Answer], *, by: User, now: datetime) -> AnswerList:
    """Keep what a list says until the same person registers it, in place of an earlier one."""
    said = [[one.reference, one.result, one.reason] for one in answers]
    kept, _ = AnswerList.objects.update_or_create(
        batch=batch, read_by=by, defaults={"answers": said, "read_at": now}
    )
    return kept


@transaction.atomic
def drop_list(batch: Batch, *, by: User) -> None:
    """Forget what the person's list says, as when it is the wrong one; a second time changes nothing."""
    AnswerList.objects.filter(batch=batch, read_by=by).delete()


@transaction.atomic
def register_list(batch: Batch, *, seen: str, by: User, now: datetime) -> int:
    """Note the new answers of the person's list, as they were looked at, and return how many.

    `seen` is the Reply.seen of the page. Raises BatchRefused before the batch is sent, when there is no list, and when
    it would do something else by now.
    """
    batch = lock_sent(batch)
    kept = (
        AnswerList.objects.select_for_update(of=("self",)).filter(batch=batch, read_by=by).first()
    )
    if kept is None:
        raise BatchRefused(NO_LIST)
    reply = reply_to(batch, answers_of(kept))
    if reply.seen != seen:
        raise BatchRefused(OTHER_REPLY)
    note_answers(batch, reply.new, by=by, now=now)
    kept.delete()
    return len(reply.new)
