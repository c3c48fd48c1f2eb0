"""What was read against what is known."""

import pytest

from nss.extraction.compare import (
    Known,
    Match,
    compare,
    compare_curp,
    compare_names,
    compare_nss,
    differing,
)
from nss.extraction.result import AcuseReading, FieldRead, Outcome, from_json

CURP = "PENA080321MDFRXNA8"
TWIN = "PENL080321MDFRXSA7"
KNOWN = Known(curp=CURP, names="Ana Sofía Pérez Núñez", nss="24260812342")


def reading(
    nss: str | None = "24260812342",
    curp: str | None = CURP,
    names: str | None = "ANA SOFÍA PÉREZ NÚÑEZ",
    seen: tuple[str, ...] = (),
) -> AcuseReading:
    """Give a reading with these values."""

    def field(value: str | None) -> FieldRead | None:
        return FieldRead(value, "text", 1, (0.1, 0.1, 0.2, 0.2)) if value else None

    return AcuseReading(
        Outcome.READ, nss=field(nss), curp=field(curp), names=field(names), curps_seen=seen
    )


def test_compare_of_the_own_acuse():
    found = compare(reading(), KNOWN)

    matches = (found.nss.match, found.curp.match, found.names.match)
    assert matches == (Match.EXACT, Match.EXACT, Match.EXACT)
    assert found.is_other_person is False


def test_compare_of_somebody_else():
    other = reading(curp="QUWX090512MSRRNMA7", names="XIMENA QUIROZ WONG")

    found = compare(other, KNOWN)

    assert found.curp.match is Match.DIFFERENT
    assert found.is_other_person is True


def test_compare_of_a_twin_is_different():
    found = compare(reading(curp=TWIN, names="LUZ SOFÍA PÉREZ NÚÑEZ"), KNOWN)

    assert found.curp.match is Match.DIFFERENT
    assert found.curp.marks


def test_compare_without_curp_goes_by_names_far_apart():
    far = compare(reading(curp=None, names="XIMENA QUIROZ WONG"), KNOWN)
    near = compare(reading(curp=None, names="ANA SOFIA PEREZ NUNES"), KNOWN)

    assert far.is_other_person is True
    assert near.is_other_person is False


def test_compare_with_nothing_read_is_unknown():
    found = compare(reading(None, None, None), KNOWN)

    matches = {found.nss.match, found.curp.match, found.names.match}
    assert matches == {Match.UNKNOWN}
    assert found.is_other_person is False


@pytest.mark.parametrize(
    "misread", ["PENAO8O321MDFRXNA8", "PENA08032IMDFRXNA8", "PENA0B0321MDFRXNAB"]
)
def test_compare_curp_folds_what_ocr_confuses(misread):
    found = compare_curp("", (misread,), CURP)

    assert found.match is Match.FOLDED
    assert found.read == misread
    marked = "".join(misread[start:end] for start, end in found.marks)
    assert set(marked) <= set("OIB")


def test_compare_curp_never_confirms_a_real_difference():
    assert compare_curp("", (TWIN,), CURP).match is Match.UNKNOWN
    assert compare_curp(TWIN, (), CURP).match is Match.DIFFERENT


def test_compare_curp_with_an_unknown_student():
    assert compare_curp(CURP, (), "").match is Match.UNKNOWN


def test_compare_nss_marks_the_digits_that_differ():
    found = compare_nss("24260812342", "24260817342")

    assert found.match is Match.DIFFERENT
    assert found.marks == ((7, 8),)


@pytest.mark.parametrize(
    ("read", "match"),
    [
        ("PÉREZ NÚÑEZ ANA SOFÍA", Match.EXACT),
        ("ANA SOFIA PEREZ NUNEZ", Match.EXACT),
        ("ANA SOFIA PEREZ NUNES", Match.CLOSE),
        ("XIMENA QUIROZ", Match.DIFFERENT),
        ("", Match.UNKNOWN),
    ],
)
def test_compare_names(read, match):
    assert compare_names(read, KNOWN.names).match is match


def test_differing_of_equal_texts_is_nothing():
    assert differing("abc", "abc") == ()


def test_a_reading_survives_json():
    whole = reading(seen=("PENA",))

    assert from_json(whole.as_json()) == whole
