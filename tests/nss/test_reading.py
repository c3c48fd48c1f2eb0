"""Acuses read by the machine: the action, its sweep, and the command."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from common.uploads import Limits
from common.uploads.runner import _slot
from followup.demo.acuses import Holder, draw_pdf, draw_photo
from followup.queries.progress import standing_of
from followup.states import Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.reading import read_acuse
from nss.models import Acuse, Reading
from nss.queries.acuses import files_of, reading_of
from nss.queries.question import quality_hints
from nss.queries.reading import acuses_to_read
from nss.states import AcuseState, ReadingOutcome
from nss.tasks import read_acuses
from students.actions.clock import keep_deadline
from students.actions.files import absolute
from students.models import Enrollment, StoredFile, TimelineEntry
from students.states import Event, FileState
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, ReadingFactory, add_photo
from tests.factories.students import NOW, StudentFactory
from tests.samples import hostile, hostile_pictures

NSS = "24260812342"


def acuse_with(content: bytes, *, draft: bool = False, kind: str = "PDF") -> Acuse:
    """Give an acuse whose file waits in quarantine with these bytes."""
    acuse = AcuseFactory(draft=draft)
    StoredFile.objects.filter(pk=acuse.file_id).update(
        state=FileState.QUARANTINED, kind=kind, pages=0
    )
    path = absolute(acuse.file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return fresh(acuse)


def fresh(acuse: Acuse) -> Acuse:
    """Give the row as it is now."""
    return Acuse.objects.select_related("file", "request__enrollment__student").get(pk=acuse.pk)


def holder(curp: str, **names: str) -> Holder:
    """Give the person of the factories, as IMSS prints her."""
    whole = {"given_names": "ANA", "first_surname": "GÓMEZ", "second_surname": "MARTÍNEZ"} | names
    return Holder(nss=NSS, curp=curp, issued_date=date(2026, 8, 12), **whole)


def own_acuse(layout: str = "text_only", **options: bool) -> Acuse:
    """Give an acuse made out to the student who sent it."""
    acuse = acuse_with(b"", **options)
    curp = acuse.request.enrollment.student.curp
    absolute(acuse.file.path).write_bytes(draw_pdf(holder(curp), layout))
    return acuse


# The action --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_read_acuse_keeps_values_places_and_pictures():
    acuse = own_acuse()

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert reading.outcome == ReadingOutcome.READ
    assert reading.fields["nss"]["value"] == NSS
    assert reading.fields["nss"]["source"] == "text"
    left, top, right, bottom = reading.fields["nss"]["box"]
    assert 0.35 < left < right < 0.7
    assert 0.15 < top < bottom < 0.25
    assert reading.fields["issued_date"]["value"] == "2026-08-12"
    assert reading.checks["compared"]["curp"]["match"] == "EXACT"
    assert reading.checks["compared"]["names"]["match"] == "EXACT"
    assert reading.checks["compared"]["is_other_person"] is False
    file = fresh(acuse).file
    assert (file.state, file.pages) == (FileState.READY, 1)
    assert absolute(file.derivative_pages[0]).is_file()


@pytest.mark.django_db
def test_read_acuse_twice_reads_once():
    acuse = own_acuse()

    first = read_acuse(acuse, now=NOW)
    again = read_acuse(fresh(acuse), now=NOW + timedelta(hours=1))

    assert first == again
    assert Reading.objects.count() == 1


@pytest.mark.django_db
def test_read_acuse_leaves_the_state_of_the_acuse_alone():
    acuse = own_acuse(draft=True)

    read_acuse(acuse, now=NOW)

    assert fresh(acuse).state == AcuseState.DRAFT
    assert fresh(acuse).lease_until is None


@pytest.mark.django_db
def test_read_acuse_of_somebody_else_says_so():
    other = StudentFactory()
    names = {"given_names": "XIMENA", "first_surname": "QUIROZ", "second_surname": "WONG"}
    acuse = acuse_with(draw_pdf(holder(other.curp, **names), "text_only"))

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert reading.checks["compared"]["is_other_person"] is True
    assert fresh(acuse).state == AcuseState.RECEIVED


@pytest.mark.django_db
def test_read_acuse_of_another_document_is_unreadable():
    reading = read_acuse(own_acuse("clinic_card"), now=NOW)

    assert reading is not None
    assert (reading.outcome, reading.code) == (ReadingOutcome.UNREADABLE, "OTHER_DOCUMENT")
    assert reading.fields["nss"]["value"] is None
    assert reading.checks["looks_like"] == "CARNET"


@pytest.mark.django_db
@pytest.mark.parametrize("draft", [True, False])
def test_read_acuse_refuses_a_file_that_breaks_a_rule(draft):
    acuse = acuse_with(hostile.script_direct(), draft=draft)

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert (reading.outcome, reading.code) == (ReadingOutcome.REJECTED, "PDF_ACTIVE")
    assert fresh(acuse).state == AcuseState.REFUSED
    assert fresh(acuse).file.state == FileState.REFUSED
    events = TimelineEntry.objects.filter(event=Event.ACUSE_REFUSED)
    assert [entry.data for entry in events] == [{"version": 1, "code": "PDF_ACTIVE"}]


@pytest.mark.django_db
@pytest.mark.parametrize(("draft", "told"), [(True, []), (False, ["M-08"])])
def test_read_acuse_tells_of_a_refused_file_that_was_sent(draft, told):
    acuse = acuse_with(hostile.script_direct(), draft=draft)
    enrollment = acuse.request.enrollment
    promised = NoticeFactory(message="M-06", about=f"enrollment:{enrollment.pk}")

    read_acuse(acuse, now=NOW)

    promised.refresh_from_db()
    queued = Notice.objects.exclude(pk=promised.pk)
    assert [notice.message for notice in queued] == told
    assert promised.state == (NoticeState.CANCELLED if told else NoticeState.QUEUED)
    assert all("no abre" in notice.context["reason"] for notice in queued)
    assert standing_of(enrollment, now=NOW).stage == (Stage.S_05 if told else Stage.S_01)


@pytest.mark.django_db
def test_read_acuse_gives_who_sent_a_refused_file_late_two_days_to_send_another():
    acuse = acuse_with(hostile.script_direct())
    late = date(2026, 8, 18)
    enrollment = acuse.request.enrollment
    Enrollment.objects.filter(pk=enrollment.pk).update(enrolled_on=late - timedelta(days=5))
    keep_deadline(enrollment)

    read_acuse(acuse, now=NOW)

    told = Notice.objects.get(message="M-08").context["due_on"]
    enrollment.refresh_from_db()
    assert (told, enrollment.acuse_due_on) == ("2026-08-25", date(2026, 8, 25))


@pytest.mark.django_db
def test_read_acuse_of_one_already_decided_only_notes_the_reading():
    acuse = acuse_with(hostile.script_direct())
    Acuse.objects.filter(pk=acuse.pk).update(state=AcuseState.REPLACED)

    read_acuse(fresh(acuse), now=NOW)

    assert fresh(acuse).state == AcuseState.REPLACED
    assert TimelineEntry.objects.count() == 0


@pytest.mark.django_db
def test_read_acuse_after_two_dead_children_is_only_drawn():
    acuse = own_acuse()
    Acuse.objects.filter(pk=acuse.pk).update(attempts=3)

    reading = read_acuse(fresh(acuse), now=NOW)

    assert reading is not None
    assert (reading.outcome, reading.code) == (ReadingOutcome.UNREADABLE, "READER_FAILED")
    assert fresh(acuse).file.state == FileState.READY


@pytest.mark.django_db
def test_read_acuse_after_two_dead_children_is_refused_when_it_cannot_be_drawn():
    acuse = acuse_with(hostile.jpeg()[:900], kind="JPEG")
    Acuse.objects.filter(pk=acuse.pk).update(attempts=3)

    reading = read_acuse(fresh(acuse), now=NOW)

    assert reading is not None
    assert reading.code == "IMAGE_DAMAGED"
    assert fresh(acuse).state == AcuseState.REFUSED


@pytest.mark.django_db
def test_read_acuse_whose_child_dies_stays_waiting(monkeypatch):
    monkeypatch.setattr("nss.actions.reading.LIMITS", Limits(wall_seconds=0))
    acuse = own_acuse()

    reading = read_acuse(acuse, now=NOW)

    assert reading is None
    assert list(acuses_to_read()) == [acuse]


# Several photos ------------------------------------------------------------------------------------
def photos_of(*contents: bytes, draft: bool = True) -> Acuse:
    """Give an acuse of these photos, all in quarantine."""
    acuse = acuse_with(contents[0], kind="JPEG", draft=draft)
    for content in contents[1:]:
        more = add_photo(acuse, is_drawn=False).file
        more.state, more.pages = FileState.QUARANTINED, 0
        more.save()
        absolute(more.path).parent.mkdir(parents=True, exist_ok=True)
        absolute(more.path).write_bytes(content)
    return fresh(acuse)


def own_photo(acuse_curp: str = "GOMA080214MSRBCDA7", degradation: str = "mild") -> bytes:
    """Give the photo of a sheet."""
    return draw_photo(holder(acuse_curp), "text_only", degradation)


@pytest.mark.django_db
def test_read_acuse_of_two_photos_takes_what_the_better_one_shows():
    poor = hostile.jpeg(Image.new("RGB", (900, 1200), (40, 40, 40)))
    acuse = photos_of(poor, own_photo())

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert (reading.outcome, reading.photos) == (ReadingOutcome.READ, 2)
    assert (reading.fields["nss"]["value"], reading.fields["nss"]["page"]) == (NSS, 2)
    assert reading.checks["photos"] == {"1": ["dark", "blank"], "2": []}
    assert reading.checks["blank"] is False
    files = files_of(fresh(acuse))
    assert [(file.state, len(file.derivative_pages)) for file in files] == [
        (FileState.READY, 1)
    ] * 2


@pytest.mark.django_db
def test_read_acuse_of_two_sheets_is_not_sure():
    other = replace(holder("GOMA080214MSRBCDA7"), nss="92250823454")
    acuse = photos_of(own_photo(), draw_photo(other, "text_only", "mild"))

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert (reading.outcome, reading.code) == (ReadingOutcome.UNREADABLE, "NSS_TWO_VALUES")
    assert reading.fields["nss"]["value"] is None


@pytest.mark.django_db
def test_read_acuse_again_when_a_photo_joins():
    acuse = photos_of(hostile.jpeg(Image.new("RGB", (900, 1200), "white")))
    first = read_acuse(acuse, now=NOW)
    more = add_photo(acuse, is_drawn=False).file
    more.state = FileState.QUARANTINED
    more.save()
    absolute(more.path).parent.mkdir(parents=True, exist_ok=True)
    absolute(more.path).write_bytes(own_photo())

    waiting = list(acuses_to_read())
    second = read_acuse(fresh(acuse), now=NOW + timedelta(minutes=1))
    again = read_acuse(fresh(acuse), now=NOW + timedelta(minutes=2))

    assert first is not None
    assert second is not None
    assert waiting == [acuse]
    assert (first.outcome, second.outcome) == (ReadingOutcome.UNREADABLE, ReadingOutcome.READ)
    assert again == second == reading_of(acuse)
    assert list(acuses_to_read()) == []


@pytest.mark.django_db
def test_read_acuse_leaves_out_a_photo_that_breaks_a_rule():
    acuse = photos_of(own_photo(), hostile.jpeg()[:900], draft=False)

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert reading.fields["nss"]["value"] == NSS
    assert [file.state for file in files_of(fresh(acuse))] == [FileState.READY, FileState.REFUSED]
    assert fresh(acuse).state == AcuseState.RECEIVED


@pytest.mark.django_db
def test_read_acuse_of_a_third_photo_after_a_refused_one():
    acuse = photos_of(hostile.jpeg(), hostile.jpeg()[:900])
    read_acuse(acuse, now=NOW)
    more = add_photo(acuse, is_drawn=False).file
    more.state = FileState.QUARANTINED
    more.save()
    absolute(more.path).parent.mkdir(parents=True, exist_ok=True)
    absolute(more.path).write_bytes(own_photo())

    reading = read_acuse(fresh(acuse), now=NOW)

    assert reading is not None
    assert (reading.fields["nss"]["value"], reading.fields["nss"]["page"]) == (NSS, 3)
    states = [file.state for file in files_of(fresh(acuse))]
    assert states == [FileState.READY, FileState.REFUSED, FileState.READY]


@pytest.mark.django_db
def test_read_acuse_whose_photos_all_break_a_rule_is_refused():
    acuse = photos_of(hostile.jpeg()[:900], hostile.png_of(12_000, 12_000))

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert reading.outcome == ReadingOutcome.REJECTED
    assert fresh(acuse).state == AcuseState.REFUSED
    assert {file.state for file in files_of(fresh(acuse))} == {FileState.REFUSED}


@pytest.mark.django_db
def test_read_acuse_of_photos_that_kill_the_reader_are_drawn():
    acuse = photos_of(hostile.jpeg(), hostile.jpeg()[:900])
    Acuse.objects.filter(pk=acuse.pk).update(attempts=3)

    reading = read_acuse(fresh(acuse), now=NOW)

    assert reading is not None
    assert (reading.code, reading.photos) == ("READER_FAILED", 2)
    assert [file.state for file in files_of(fresh(acuse))] == [FileState.READY, FileState.REFUSED]
    assert fresh(acuse).attempts == 0


@pytest.mark.django_db
def test_read_acuse_of_a_heic():
    image = Image.open(io.BytesIO(own_photo()))
    acuse = acuse_with(hostile_pictures.heic(image), kind="HEIC")

    reading = read_acuse(acuse, now=NOW)

    assert reading is not None
    assert reading.fields["nss"]["value"] == NSS
    assert fresh(acuse).file.state == FileState.READY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("degradation", "hints"),
    [
        ("clean", []),
        ("photo", []),
        ("dark", ["Se ve oscura"]),
        ("blurred", ["Se ve movida"]),
    ],
)
def test_read_acuse_warns_of_dark_and_moved_photos_only(degradation, hints):
    reading = read_acuse(photos_of(own_photo(degradation=degradation)), now=NOW)

    assert quality_hints(reading) == hints


# The query and the sweep -------------------------------------------------------------------------
@pytest.mark.django_db
def test_acuses_to_read_are_drafts_and_sent_ones_without_a_reading():
    draft, sent = AcuseFactory(draft=True), AcuseFactory()
    ReadingFactory()
    AcuseFactory(state=AcuseState.REPLACED)

    assert set(acuses_to_read()) == {draft, sent}


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_acuses_to_read_is_one_query(rows, django_assert_num_queries):
    AcuseFactory.create_batch(rows)

    with django_assert_num_queries(1):
        assert len(acuses_to_read()) == rows


@pytest.mark.django_db(transaction=True)
def test_read_acuses_twice_reads_once():
    own_acuse()

    handled = [read_acuses(), read_acuses()]

    assert handled == [1, 0]
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_read_acuses_gives_the_lease_back_when_no_child_is_free(monkeypatch):
    monkeypatch.setattr("nss.actions.reading.SLOT_SECONDS", 0.1)
    acuse = own_acuse()

    with _slot(0), _slot(0):
        handled = read_acuses()

    assert handled == 1
    assert list(acuses_to_read()) == [acuse]
    assert (fresh(acuse).lease_until, fresh(acuse).attempts) == (None, 0)


@pytest.mark.django_db(transaction=True)
def test_read_acuses_without_work_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_acuses() == 0


# The command -------------------------------------------------------------------------------------
def answers(*paths: Path) -> list[dict[str, object]]:
    """Run the command and take its lines."""
    output = StringIO()
    call_command("read_acuse", *map(str, paths), "--json", stdout=output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_read_acuse_command_prints_one_object_a_line(tmp_path):
    good, active, none = (tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf"))
    person = holder("GOMA080214MSRBCDA7")
    good.write_bytes(draw_pdf(person, "crowded"))
    active.write_bytes(hostile.script_direct())

    found = answers(good, active, none)

    assert [answer["file"] for answer in found] == [str(good), str(active), str(none)]
    assert [answer["status"] for answer in found] == ["READ", "REJECTED", "REJECTED"]
    assert [answer["code"] for answer in found] == ["", "PDF_ACTIVE", "NO_FILE"]
    assert found[0]["nss"] == NSS
    assert found[0]["names"] == "ANA GÓMEZ MARTÍNEZ"
    assert found[0]["issued_date"] == "2026-08-12"
    assert found[0]["source"]["nss"] == "text"
    wanted = "file status code nss curp names issued_date source checks".split()
    assert all(list(answer) == wanted for answer in found)
    assert found[1]["nss"] is None


def test_read_acuse_command_takes_empty_and_foreign_files(tmp_path):
    empty, text = tmp_path / "vacío.pdf", tmp_path / "nota.txt"
    empty.write_bytes(b"")
    text.write_text("hola")

    assert [answer["code"] for answer in answers(empty, text)] == ["EMPTY", "TYPE_NOT_ALLOWED"]


def test_read_acuse_command_reads_a_photo_by_ocr(tmp_path):
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(draw_photo(holder("GOMA080214MSRBCDA7"), "text_only", "mild"))

    answer = answers(photo)[0]

    assert (answer["status"], answer["nss"]) == ("READ", NSS)
    assert answer["source"]["nss"] == "ocr"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (hostile.jpeg(), "UNREADABLE", "READER_FAILED"),
        (hostile.jpeg()[:900], "REJECTED", "IMAGE_DAMAGED"),
    ],
    ids=["the reader alone dies of it", "no child can draw it"],
)
def test_read_acuse_command_of_a_file_that_kills_the_reader(
    content, status, code, tmp_path, monkeypatch
):
    monkeypatch.setattr("nss.management.commands.read_acuse.LIMITS", Limits(wall_seconds=0))
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(content)

    answer = answers(photo)[0]

    assert (answer["status"], answer["code"]) == (status, code)


def test_read_acuse_command_gives_up_when_no_child_is_free(tmp_path, monkeypatch):
    monkeypatch.setattr("nss.management.commands.read_acuse.SLOT_SECONDS", 0.1)
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(hostile.jpeg())

    with _slot(0), _slot(0), pytest.raises(CommandError, match="try again later"):
        answers(photo)


def test_read_acuse_command_for_people_prints_a_plain_line(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(draw_pdf(holder("GOMA080214MSRBCDA7"), "grouped"))
    output = StringIO()

    call_command("read_acuse", str(path), stdout=output)

    assert output.getvalue().split("\t")[1:4] == ["READ", "", NSS]
