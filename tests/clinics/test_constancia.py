"""What the text of a constancia says."""

from datetime import date

import pytest

from clinics.constancia import Constancia, from_json, read_constancia
from nss.extraction.words import plain

CURP = "GOMA080214MSRMRNA5"


def said(*texts: str) -> Constancia:
    return read_constancia([plain(text) for text in texts])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Con derecho al servicio médico: SI", True),
        ("Con derecho al servicio médico: SÍ", True),
        ("CON DERECHO A SERVICIO MEDICO NO", False),
        ("Con derecho al servicio médico\nNO", False),
        ("Con derecho al servicio médico: S1", True),
        ("Con derecho al servicio médico: N0", False),
        ("Con derecho al servicio médico: Sl", True),
        ("CAN DERECHO AL SERVICIO MEDICO: NO", False),
        ("CON: DERECHO AL SERVICIO MEDICO: SI", True),
        ("Sin derecho al servicio médico: SI", None),
        ("Sin derecho al servicio médico", None),
        ("Con derecho al servicio médico: SIN DATO", None),
        ("Con derecho al servicio médico: SI\nCon derecho al servicio médico: NO", None),
        ("Semanas cotizadas: SI", None),
        ("", None),
    ],
)
def test_read_constancia_takes_the_right_beside_its_label(text, right):
    assert said(text).has_right is right


@pytest.mark.parametrize(
    ("text", "umf"),
    [
        ("UMF 37", 37),
        ("U.M.F. No. 037", 37),
        ("Unidad de Medicina Familiar: 5", 5),
        ("UMF 37 y UMF 37", 37),
        ("UMF 37, antes UMF 12", None),
        ("Consultorio 4", None),
    ],
)
def test_read_constancia_takes_the_clinic_when_there_is_one(text, umf):
    assert said(text).umf == umf


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14/09/2026", date(2026, 9, 14)),
        ("14-09-2026", date(2026, 9, 14)),
        ("a 14 de septiembre de 2026", date(2026, 9, 14)),
        ("14/09/2026, vigente desde 01/08/2026", date(2026, 9, 14)),
        ("31/02/2026", None),
        ("14 de agostp de 2026", None),
    ],
)
def test_read_constancia_takes_the_newest_day_that_exists(text, day):
    assert said(text).issued_on == day


def test_read_constancia_agrees_over_several_looks():
    found = said("Con derecho al servicio médico: SI", "UMF 37", "UMF 37 14/09/2026")

    assert found == Constancia(True, 37, date(2026, 9, 14))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"CURP {CURP}", True),
        ("CURP GOMA080214MSRMRNAS", True),
        ("CURP LOPL080101HSRPRSA3", False),
        ("sin CURP", None),
    ],
)
def test_names_compares_the_curp_as_it_may_have_been_misread(text, own):
    assert said(text).names(CURP) is own
    assert said(text).names(None) is None


def test_from_json_gives_the_reading_back():
    whole = said(f"CURP {CURP} UMF 37 Con derecho al servicio médico: NO 14/09/2026")

    assert from_json(whole.as_json()) == whole
    assert from_json(Constancia().as_json()) == Constancia()
