"""Forty thousand movements written by the product and checked field by field by the reader of the layout.

The reader (`layout.py`) was written from IMSS's table by hands that never saw the writer.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.luhn import calc_check_digit as luhn_digit
from stdnum.mx.curp import calc_check_digit as curp_digit

from affiliation.movement_file import BAJAS, CannotWrite, Movement, Profile, write
from tests.affiliation.layout import ALTA, BAJA, faults, read_altas, read_bajas

MANY = 20_000
RP, GUIA = "Y5432109321", "01400"
CAUSAS = dict(zip(BAJAS, "26A41", strict=True))

# As a person writes it, and as it stands in the file where only ASCII may stand.
SURNAMES = {
    "Hernández": "HERNANDEZ",
    "Muñoz": "MUNOZ",
    "Núñez": "NUNEZ",
    "Ibáñez": "IBANEZ",
    "Ñandú": "NANDU",
    "Argüelles": "ARGUELLES",
    "GÜEMES": "GUEMES",
    "De la Peña": "DE LA PENA",
    "De los Ángeles": "DE LOS ANGELES",
    "Del Río": "DEL RIO",
    "Montes de Oca": "MONTES DE OCA",
    "Ponce de León": "PONCE DE LEON",
    "Fernández de Córdoba y Ñuño": "FERNANDEZ DE CORDOBA Y NUNO",  # 27 letters: it just fits
    "Wu": "WU",
    "O": "O",
    "Sánchez": "SANCHEZ",
    "López": "LOPEZ",
    "Chí": "CHI",
    "Xóchihua": "XOCHIHUA",
    "Zúñiga": "ZUNIGA",
}
GIVEN_NAMES = {
    "José María Guadalupe Martín": "JOSE MARIA GUADALUPE MARTIN",  # 27 letters
    "María del Carmen": "MARIA DEL CARMEN",
    "Begoña": "BEGONA",
    "Íñigo": "INIGO",
    "Ana": "ANA",
    "Ángel de Jesús": "ANGEL DE JESUS",
    "Óscar": "OSCAR",
    "ÚRSULA": "URSULA",
    "Sofía": "SOFIA",
    "Inés": "INES",
    "Itzel Xochiquétzal": "ITZEL XOCHIQUETZAL",
    "Raúl": "RAUL",
}


def profile(**changes) -> Profile:
    return Profile(
        **{
            "registro_patronal": RP,
            "guia": GUIA,
            "salario": 31804,
            "tipo_trabajador": "1",
            "tipo_salario": "0",
            "jornada": "0",
            "umf_desconocida": "000",
            "causas": CAUSAS,
        }
        | changes
    )


def nss(chance: random.Random) -> str:
    front = f"{chance.randrange(1, 10**10):010}"
    return front + luhn_digit(front)


def curp(chance: random.Random) -> str:
    born = date(2008, 1, 1) + timedelta(days=chance.randrange(1400))
    consonants = "".join(chance.choices("BCDFGHJKLMNPQRSTVWXYZ", k=3))
    state = chance.choice(["AS", "DF", "MC", "NE", "SR", "YN"])
    front = f"GOMA{born:%y%m%d}{chance.choice('HMX')}{state}{consonants}{chance.choice('AB')}"
    return front + str(curp_digit(front))


def movements(kind: str, count: int) -> list[Movement]:
    """Return synthetic movements, the same at every call; one in eight has one surname."""
    chance = random.Random(kind)
    return [
        Movement(
            kind=kind,
            nss=nss(chance),
            first_surname=chance.choice(list(SURNAMES)),
            second_surname="" if n % 8 == 0 else chance.choice(list(SURNAMES)),
            given_names=chance.choice(list(GIVEN_NAMES)),
            curp=curp(chance),
            date=date(2024, 2, 28) + timedelta(days=chance.randrange(1000)),
            umf=chance.choice([None, "001", "045", "227"]) if kind == ALTA else None,
            worker_key=chance.choice([f"{n:010}", f"A{n}", f"{n}B"]),
            baja_kind=chance.choice(list(BAJAS)) if kind == BAJA else None,
            reference=str(n),
        )
        for n in range(count)
    ]


def common_fields(movement: Movement, plain) -> dict[str, str]:
    return {
        "registro_patronal": "Y543210932",
        "digito_registro_patronal": "1",
        "nss": movement.nss[:10],
        "digito_nss": movement.nss[10],
        "primer_apellido": plain(movement.first_surname),
        "segundo_apellido": plain(movement.second_surname),
        "nombres": plain(movement.given_names),
        "fecha_movimiento": f"{movement.date.day:02}{movement.date.month:02}{movement.date.year}",
        "tipo_movimiento": movement.kind,
        "guia": GUIA,
        "clave_trabajador": movement.worker_key,
        "identificador": "9",
    }


def alta_fields(movement: Movement, plain) -> dict[str, str]:
    return common_fields(movement, plain) | {
        "salario_base": "031804",
        "filler_110": "",
        "tipo_trabajador": "1",
        "tipo_salario": "0",
        "jornada": "0",
        "umf": movement.umf or "000",
        "filler_130": "",
        "filler_149": "",
        "curp": movement.curp,
    }


def baja_fields(movement: Movement, plain) -> dict[str, str]:
    return common_fields(movement, plain) | {
        "zeros_104": "0" * 15,
        "filler_127": "",
        "causa_baja": CAUSAS[movement.baja_kind],
        "filler_150": "",
    }


KINDS = [(ALTA, read_altas, alta_fields), (BAJA, read_bajas, baja_fields)]


def plain(name: str) -> str:
    return {"": "", **SURNAMES, **GIVEN_NAMES}[name]


@pytest.mark.parametrize(("kind", "read", "fields"), KINDS)
def test_write_twenty_thousand_movements_without_a_fault(kind, read, fields):
    put_in = movements(kind, MANY)

    data = write(put_in, profile(), kind)

    assert faults(data, kind=kind, rp=RP, guia=GUIA, control=True) == []
    assert len(data) == (MANY + 1) * 170
    assert [
        (movement.reference, line)
        for movement, line in zip(put_in, read(data), strict=True)
        if line != fields(movement, plain)
    ] == []


@pytest.mark.parametrize(("kind", "read", "fields"), KINDS)
def test_write_keeps_accents_and_leaves_the_control_record_out_where_the_profile_says_so(
    kind, read, fields
):
    put_in = movements(kind, 500)

    data = write(
        put_in, profile(encoding="CP1252", enie="KEEP", accents="KEEP", control_record=False), kind
    )

    assert faults(data, kind=kind, rp=RP, guia=GUIA, control=False, encoding="cp1252") == []
    assert len(data) == 500 * 170
    assert read(data) == [fields(movement, str.upper) for movement in put_in]


def test_write_differs_only_in_the_line_ending_and_the_filler_the_profile_names():
    put_in = movements(ALTA, 50)
    usual = write(put_in, profile(), ALTA).decode().splitlines()

    unix = write(put_in, profile(line_ending="LF"), ALTA).decode()
    zeros = write(put_in, profile(filler="ZEROS"), ALTA).decode().splitlines()

    assert unix == "".join(line + "\n" for line in usual)
    assert zeros[:-1] == [line[:109] + "000000" + line[115:] for line in usual[:-1]]
    assert zeros[-1] == usual[-1]


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Mn", "Zs"]), max_size=30)
LATIN = st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x24F), max_size=30)
SPANISH = st.text("aÁbéÍñÑoüz ", max_size=30)
NAME = LETTERS | LATIN | SPANISH


@settings(max_examples=300, deadline=None)
@given(NAME, NAME, NAME, st.sampled_from([ALTA, BAJA]))
def test_write_refuses_a_name_or_writes_it_without_a_fault(first, second, given, kind):
    named = replace(
        movements(kind, 1)[0], first_surname=first, second_surname=second, given_names=given
    )

    try:
        data = write([named], profile(), kind)
    except CannotWrite:
        return

    assert faults(data, kind=kind, rp=RP, guia=GUIA, control=True) == []
