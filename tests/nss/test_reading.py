"""Acuses read by the machine: the action, its sweep, and the command."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from common.uploads.runner import _slot
from followup.demo.acuses import Holder, draw_pdf, draw_photo
from followup.queries.progress import standing_of
from followup.states import Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.reading import read_acuse
from nss.models import Acuse, Reading
from nss.queries.reading import acuses_to_read
from nss.states import AcuseState, ReadingOutcome
from nss.tasks import read_acuses
from students.actions.files import absolute
from students.models import StoredFile, TimelineEntry
from students.states import Event, FileState
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, ReadingFactory
from tests.factories.students import NOW, StudentFactory
from tests.samples import hostile

NSS = "24260812342"


def acuse_with(content: bytes, *, draft: bool = False, kind: str = "PDF") -> Acuse:
    """This will give an acuse whose file waits in quarantine with these bytes."""
    acuse = AcuseFactory(draft=draft)
    StoredFile.objects.filter(pk=acuse.file_id).update(
        state=FileState.QUARANTINED, kind=kind, pages=0
    )
    path = absolute(acuse.file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return fresh(acuse)


def fresh(acuse: Acuse) -> Acuse:
    """This will give the row as it is now."""
    return Acuse.objects.select_related("file", "request__enrollment__student").get(pk=acuse.pk)


def holder(curp: str, **names: str) -> Holder:
    """This will give the person of the factories, as IMSS prints her."""
    whole = {"given_names": "ANA", "first_surname": "GÓMEZ", "second_surname": "MARTÍNEZ"} | names
    return Holder(nss=NSS, curp=curp, issued_date=date(2026, 8, 12), **whole)


def own_acuse(layout: str = "text_only", **options: bool) -> Acuse:
    """This will give an acuse made out to the student who sent it."""
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
def test_read_acuse_waits_when_no_child_is_free(settings, tmp_path, monkeypatch):
    settings.CHILD_SLOTS_ROOT = tmp_path / "slots"
    monkeypatch.setattr("nss.actions.reading.SLOT_SECONDS", 0.1)
    acuse = own_acuse()
    held_until = NOW + timedelta(seconds=90)
    Acuse.objects.filter(pk=acuse.pk).update(lease_until=held_until, attempts=1)

    with _slot(0), _slot(0):
        reading = read_acuse(fresh(acuse), now=NOW, held_until=held_until)

    assert reading is None
    assert (fresh(acuse).lease_until, fresh(acuse).attempts) == (None, 0)


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
def test_read_acuses_without_work_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_acuses() == 0


# The command -------------------------------------------------------------------------------------
def answers(*paths: Path) -> list[dict[str, object]]:
    """This will run the command and take its lines."""
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


def test_read_acuse_command_for_people_prints_a_plain_line(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(draw_pdf(holder("GOMA080214MSRBCDA7"), "grouped"))
    output = StringIO()

    call_command("read_acuse", str(path), stdout=output)

    assert output.getvalue().split("\t")[1:4] == ["READ", "", NSS]
