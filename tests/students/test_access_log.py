"""T32: the log of who looked at what is sealed, and a change of it is found and named."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from common.logs import mask
from school.states import Role
from students.actions import access_log
from students.actions.access_log import seal_looks
from students.actions.looks import record_look
from students.models import AccessEntry, AccessSeal
from students.queries.access_log import verify_access_log
from students.seals import heard, spoken
from students.states import Look
from students.tasks import seal_access_log
from tests.factories.school import PlantelFactory, UserFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db


def looks(count: int, **fields) -> list[AccessEntry]:
    """Write that many looks of one person at one student."""
    stay = EnrollmentFactory()
    by = staff(Role.RESPONSABLE, stay.plantel)
    values = {"look": Look.DOCUMENT, "reason": "Revisión de un caso"} | fields
    entries = [
        AccessEntry(enrollment=stay, by=by, at=NOW + timedelta(seconds=n), **values)
        for n in range(count)
    ]
    return AccessEntry.objects.bulk_create(entries, batch_size=1_000)


@pytest.fixture
def sealed(monkeypatch) -> list[AccessEntry]:
    """Nine looks under three seals."""
    monkeypatch.setattr(access_log, "BATCH", 3)
    entries = looks(9)
    for _ in range(3):
        seal_looks(now=NOW)
    return entries


def verify(*arguments: str) -> str:
    """Return what the command says."""
    output = StringIO()
    call_command("verify_access_log", *arguments, stdout=output)
    return output.getvalue()


def broken(*arguments: str) -> str:
    """Return what the command finds broken."""
    with pytest.raises(CommandError) as refusal:
        verify(*arguments)
    return str(refusal.value)


def test_look_at_a_sheet_of_nobody_is_sealed_with_the_others():
    file = StoredFileFactory(enrollment=None, plantel=PlantelFactory(), uploaded_by=UserFactory())
    record_look(None, Look.DOCUMENT, by=file.uploaded_by, now=NOW, file=file)

    seal_looks(now=NOW)

    assert "1 seals over 1 looks are intact." in verify()


def test_look_at_nothing_is_no_look():
    with pytest.raises(IntegrityError, match="students_accessentry_at_something"):
        record_look(None, Look.DOCUMENT, by=UserFactory(), now=NOW)


def test_seal_looks_without_a_look():
    assert seal_looks(now=NOW) is None
    assert "0 seals over 0 looks are intact." in verify()


def test_seal_looks_binds_each_batch_to_the_one_before(sealed):
    first, second, third = AccessSeal.objects.order_by("number")

    assert [first.previous, second.previous] == ["0" * 64, first.digest]
    assert [seal.number for seal in (first, second, third)] == [1, 2, 3]
    assert [[pk for pk, _ in seal.rows] for seal in (first, second, third)] == [
        [entry.pk for entry in sealed[at : at + 3]] for at in (0, 3, 6)
    ]
    assert "3 seals over 9 looks are intact." in verify()


def test_seal_looks_writes_the_seal_into_the_log_as_it_can_be_noted(caplog):
    looks(2)

    with caplog.at_level(logging.INFO, logger="students.actions.access_log"):
        seal = seal_looks(now=NOW)

    said = re.search(r"sealed (\S+) \(2 looks\)", mask(caplog.text))[1]
    assert heard(said) == (1, seal.digest)


def test_seal_looks_takes_a_look_that_was_committed_late(sealed):
    AccessEntry.objects.filter(pk=sealed[0].pk - 1).delete()
    late = AccessEntry(
        pk=sealed[0].pk - 1,
        enrollment=sealed[0].enrollment,
        by=sealed[0].by,
        at=NOW - timedelta(hours=1),
        look=Look.FULL_NSS,
    )
    late.save(force_insert=True)

    seal = seal_looks(now=NOW)

    assert [pk for pk, _ in seal.rows] == [late.pk]
    assert verify_access_log().broken == ""


def test_seal_looks_costs_the_same_for_one_and_three(django_assert_num_queries):
    seal_looks(now=NOW)
    for count in (1, 3):
        looks(count)
        with django_assert_num_queries(6):
            seal_looks(now=NOW)


def test_seal_access_log_twice_seals_once():
    looks(access_log.BATCH + 1)

    assert [seal_access_log() for _ in range(2)] == [2, 0]
    assert verify_access_log().looks == access_log.BATCH + 1


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "Otro motivo"},
        {"at": NOW},
        {"look": Look.STUDENT_FILE},
        {"seal": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_verify_names_the_row_that_was_changed(sealed, change):
    AccessEntry.objects.filter(pk=sealed[4].pk).update(**change)

    assert f"row {sealed[4].pk} was changed, seal 2 of 2026-08-21 16:00 UTC" in broken()
    assert "1 seals over 3 looks before it are intact." in broken()


def test_verify_names_the_row_that_somebody_else_is_blamed_for(sealed):
    other = staff(Role.RESPONSABLE, sealed[0].enrollment.plantel)
    AccessEntry.objects.filter(pk=sealed[4].pk).update(by=other)

    assert f"row {sealed[4].pk} was changed" in broken()


def test_verify_names_the_row_that_was_removed(sealed):
    AccessEntry.objects.filter(pk=sealed[8].pk).delete()

    assert f"row {sealed[8].pk} was removed, seal 3" in broken()


def test_verify_names_the_row_that_was_added(sealed):
    (added,) = looks(1)
    AccessEntry.objects.filter(pk=added.pk).update(seal=AccessSeal.objects.get(number=1))

    assert f"row {added.pk} was added, seal 1" in broken()


def test_verify_finds_a_row_whose_digest_was_forged_with_it(sealed):
    AccessEntry.objects.filter(pk=sealed[4].pk).delete()
    seal = AccessSeal.objects.get(number=2)
    seal.rows = [row for row in seal.rows if row[0] != sealed[4].pk]
    seal.save()

    assert "seal 2 was changed" in broken()


@pytest.mark.parametrize(("number", "found"), [(1, "seal 1 is missing"), (2, "seal 2 is missing")])
def test_verify_finds_a_seal_that_was_removed(sealed, number, found):
    AccessEntry.objects.filter(seal__number=number).delete()
    AccessSeal.objects.filter(number=number).delete()

    assert found in broken()


def test_verify_finds_a_seal_that_was_replaced_under_another_key(sealed, settings):
    settings.ACCESS_LOG_KEY, own = "another", settings.ACCESS_LOG_KEY
    AccessEntry.objects.filter(seal__number=3).update(seal=None)
    AccessSeal.objects.filter(number=3).delete()
    seal_looks(now=NOW)
    settings.ACCESS_LOG_KEY = own

    assert f"row {sealed[6].pk} was changed, seal 3" in broken()


def test_verify_finds_a_chain_whose_middle_was_exchanged(sealed):
    AccessSeal.objects.filter(number=2).update(previous="f" * 64)

    assert "seal 2 was replaced" in broken()


def test_verify_with_a_noted_seal_finds_that_the_end_was_cut_off(sealed):
    third = AccessSeal.objects.get(number=3)
    noted = spoken(3, third.digest)
    assert "3 seals over 9 looks are intact." in verify("--anchor", noted)

    AccessEntry.objects.filter(seal=third).delete()
    third.delete()

    assert "2 seals over 6 looks are intact." in verify()
    assert "seal 3 is missing: the end of the log was cut off" in broken("--anchor", noted)


def test_verify_with_a_noted_seal_finds_that_it_was_written_anew(sealed):
    assert "seal 3 is another than was noted" in broken("--anchor", f"3:{'a' * 64}")


@pytest.mark.parametrize("anchor", ["", "3", "x:1", f"3:{'g' * 64}", "3:abc"])
def test_verify_refuses_an_anchor_that_is_none(anchor):
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        verify(f"--anchor={anchor}")


def test_verify_says_what_still_waits(sealed):
    looks(2)

    assert "2 looks wait for their seal." in verify()


def test_verify_finds_one_row_of_ten_thousand(monkeypatch):
    monkeypatch.setattr(access_log, "BATCH", 1_000)
    entries = looks(10_000, reason="")
    while seal_looks(now=NOW):
        pass
    AccessEntry.objects.filter(pk=entries[7_777].pk).update(reason="x")

    assert f"row {entries[7_777].pk} was changed" in verify_access_log().broken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [True, False], ids=["first seal", "later seal"])
def test_seal_looks_by_eight_at_once_is_one_chain(first):
    looks(1)
    if not first:
        seal_looks(now=NOW)
    looks(40)
    start = Barrier(8)

    def seal(_: int) -> int:
        try:
            start.wait()
            found = seal_looks(now=NOW)
            return len(found.rows) if found else 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(seal, range(8)))

    assert taken == [0] * 7 + [41 if first else 40]
    assert verify_access_log().looks == 41


@pytest.mark.django_db(transaction=True)
def test_seal_looks_leaves_a_late_look_when_another_took_the_number():
    looks(1)

    def faster():
        seal_looks(now=NOW)
        looks(1)

    with just_before('FROM "students_accessentry"', faster):
        seal = seal_looks(now=NOW)

    verdict = verify_access_log()
    assert seal is None
    assert (verdict.seals, verdict.looks, verdict.waiting, verdict.broken) == (1, 1, 1, "")


def test_a_look_after_the_seal_is_sealed_with_the_next(sealed):
    stay = sealed[0].enrollment
    record_look(stay, Look.FULL_NSS, by=sealed[0].by, now=NOW)

    seal = seal_looks(now=NOW)

    assert (seal.number, len(seal.rows)) == (4, 1)
    assert verify_access_log().waiting == 0
