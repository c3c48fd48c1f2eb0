"""The constancia: added, read by the machine, and every way in which either can end."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinics.actions import attach_constancia, read_constancia
from clinics.actions.constancias import NOTHING_READ
from clinics.actions.errors import ConstanciaNotAsked
from clinics.models import VigenciaCheck
from clinics.queries.constancias import (
    ConstanciaRead,
    constancia_read,
    constancias_to_read,
    may_attach,
)
from clinics.states import VigenciaResult
from clinics.tasks import read_constancias
from common.uploads import Limits
from common.uploads.runner import _slot
from followup.demo.canvas import scan_to_pdf
from students.actions.files import UploadRefused, absolute
from students.models import TimelineEntry
from students.states import Event, FileState
from tests.factories.clinics import VigenciaCheckFactory
from tests.factories.students import NOW, StoredFileFactory
from tests.samples import hostile
from tests.samples.constancias import constancia_pdf, constancia_picture

pytestmark = pytest.mark.django_db


def jpeg(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.convert("RGB").save(content, "JPEG")
    return content.getvalue()


def attached(check: VigenciaCheck, content: bytes, name: str = "vigencia.pdf") -> VigenciaCheck:
    """Give the check with that constancia, as the sweep reads it."""
    upload = SimpleUploadedFile(name, content)
    attach_constancia(check, upload=upload, by=check.enrollment.student.user, now=NOW)
    return fresh(check)


def fresh(check: VigenciaCheck) -> VigenciaCheck:
    rows = VigenciaCheck.objects.select_related("constancia", "enrollment__student")
    return rows.get(pk=check.pk)


def curp_of(check: VigenciaCheck) -> str:
    return check.enrollment.student.curp


@pytest.fixture
def check():
    return VigenciaCheckFactory()


def test_attach_constancia_keeps_it_and_waits_for_the_reader(check):
    kept = attached(check, hostile.plain_pdf())

    assert (kept.constancia.state, kept.constancia.enrollment, kept.reading) == (
        FileState.QUARANTINED,
        check.enrollment,
        None,
    )
    assert list(constancias_to_read()) == [kept]
    assert TimelineEntry.objects.get(event=Event.CONSTANCIA_ATTACHED).enrollment == check.enrollment


def test_attach_constancia_twice_is_refused(check):
    kept = attached(check, hostile.plain_pdf())

    with pytest.raises(ConstanciaNotAsked):
        attached(kept, hostile.plain_pdf(2))


def test_attach_constancia_by_two_windows_keeps_the_first(check):
    twin = fresh(check)
    attached(check, hostile.plain_pdf())

    with pytest.raises(ConstanciaNotAsked):
        attached(twin, hostile.plain_pdf(2))


def test_attach_constancia_after_one_that_did_not_open(check):
    check.constancia = StoredFileFactory(enrollment=check.enrollment, state=FileState.REFUSED)
    check.reading = NOTHING_READ
    check.save()

    kept = attached(check, hostile.plain_pdf())

    assert (kept.constancia.state, kept.reading) == (FileState.QUARANTINED, None)


def test_attach_constancia_refuses_what_is_no_document(check):
    with pytest.raises(UploadRefused):
        attached(check, b"hola")


@pytest.mark.parametrize(
    "values", [{"is_current": False}, {"result": VigenciaResult.NOT_CONSULTED}]
)
def test_attach_constancia_belongs_to_what_counts(values):
    check = VigenciaCheckFactory(**values)

    assert not may_attach(check)
    with pytest.raises(ConstanciaNotAsked):
        attached(check, hostile.plain_pdf())


def test_read_constancia_reads_the_text_of_a_pdf_and_keeps_no_curp(check):
    kept = attached(check, constancia_pdf(curp_of(check)))

    read = read_constancia(kept)

    assert read.reading == {
        "has_right": True,
        "umf": 37,
        "issued_on": "2026-09-14",
        "is_own": True,
    }
    assert fresh(check).constancia.state == FileState.READY
    assert list(constancias_to_read()) == []


def test_read_constancia_reads_a_photo(check):
    picture = jpeg(constancia_picture(curp_of(check), right="NO"))

    read = read_constancia(attached(check, picture, "vigencia.jpg"))

    assert (read.reading["has_right"], read.reading["umf"]) == (False, 37)


def test_read_constancia_reads_a_scan_without_text(check):
    scan = scan_to_pdf([jpeg(constancia_picture(curp_of(check)))])

    assert read_constancia(attached(check, scan)).reading["has_right"] is True


def test_read_constancia_names_somebody_else(check):
    read = read_constancia(attached(check, constancia_pdf("LOPL080101HSRPRSA3")))

    assert read.reading["is_own"] is False


def test_read_constancia_twice_reads_once(check):
    read = read_constancia(attached(check, constancia_pdf()))

    assert read_constancia(fresh(check)) == read


def test_read_constancia_by_a_second_worker_keeps_what_the_first_read(check):
    kept = attached(check, constancia_pdf(curp_of(check)))
    slow = fresh(check)
    read_constancia(kept)
    absolute(slow.constancia.path).write_bytes(constancia_pdf(curp_of(check), right="NO"))

    assert read_constancia(slow).reading["has_right"] is True


def test_read_constancia_refuses_a_file_that_breaks_a_rule(check):
    kept = attached(check, hostile.plain_pdf())
    absolute(kept.constancia.path).write_bytes(b"%PDF-1.4 nada")

    read = read_constancia(kept)

    assert (read.reading, fresh(check).constancia.state) == (NOTHING_READ, FileState.REFUSED)


def test_read_constancia_leaves_what_the_general_sweep_refused(check):
    kept = attached(check, hostile.plain_pdf())
    kept.constancia.state = FileState.REFUSED
    kept.constancia.save()

    assert read_constancia(kept).reading == NOTHING_READ


def test_read_constancia_draws_what_killed_the_reader_twice(check):
    kept = attached(check, constancia_pdf())
    kept.attempts = 3

    read = read_constancia(kept)

    assert (read.reading, fresh(check).constancia.state) == (NOTHING_READ, FileState.READY)


def test_read_constancia_whose_reader_died_is_tried_again(check, monkeypatch):
    monkeypatch.setattr("clinics.actions.constancias.LIMITS", Limits(wall_seconds=0.01))
    kept = attached(check, constancia_pdf())

    assert read_constancia(kept) is None
    assert list(constancias_to_read()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_read_constancias_takes_one_up_once():
    kept = attached(VigenciaCheckFactory(), constancia_pdf())

    assert (read_constancias(), read_constancias()) == (1, 0)
    assert fresh(kept).reading["has_right"] is True


@pytest.mark.django_db(transaction=True)
def test_read_constancias_gives_back_what_found_no_slot(monkeypatch):
    monkeypatch.setattr("clinics.actions.constancias.SLOT_SECONDS", 0.1)
    kept = attached(VigenciaCheckFactory(), constancia_pdf())

    with _slot(0), _slot(0):
        handled = read_constancias()

    assert handled == 1
    assert (fresh(kept).reading, fresh(kept).lease_until, fresh(kept).attempts) == (None, None, 0)


@pytest.mark.django_db(transaction=True)
def test_read_constancias_without_work_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_constancias() == 0


@pytest.mark.parametrize(
    ("result", "has_right", "contradicts", "right"),
    [
        (VigenciaResult.BY_SCHOOL, True, False, "SÍ"),
        (VigenciaResult.BY_SCHOOL, False, True, "NO"),
        (VigenciaResult.NONE, True, True, "SÍ"),
        (VigenciaResult.NONE, None, False, ""),
    ],
)
def test_constancia_read_says_when_it_differs_from_what_was_said(
    result, has_right, contradicts, right
):
    reading = {"has_right": has_right, "umf": None, "issued_on": None, "is_own": None}
    check = VigenciaCheck(result=result, reading=reading)

    assert constancia_read(check) == ConstanciaRead(right, contradicts, None, None, False)


@pytest.mark.parametrize("reading", [None, NOTHING_READ])
def test_constancia_read_is_nothing_where_nothing_was_read(reading):
    check = VigenciaCheck(reading=reading)

    assert constancia_read(check) is None
