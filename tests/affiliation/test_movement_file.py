"""affiliation.movement_file: bytes that equal what was written by hand, nothing cut, nothing changed unseen."""

import unicodedata
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from affiliation.movement_file import (
    ALTA,
    BAJA,
    BAJAS,
    CAUSAS,
    CODECS,
    FILLERS,
    KEEP,
    LINE_ENDINGS,
    LIST,
    NAMES,
    REPLACE,
    STOP,
    CannotWrite,
    Change,
    Malformed,
    Movement,
    Problem,
    Profile,
    Record,
    changes,
    fits_key,
    problems,
    profile_problems,
    read,
    write,
)
from affiliation.queries.check import OPTED_OUT
from students.states import BajaKind
from tests.samples import movement_files

PROFILE = Profile(
    registro_patronal="Y5412345327",
    guia="05417",
    salario=31504,
    tipo_trabajador="1",
    tipo_salario="0",
    jornada="0",
    umf_desconocida="000",
    causas={
        "FINISHED": "6",
        "TEMPORARY": "2",
        "DEFINITIVE": "A",
        "TRANSFER": "1",
        "OPTED_OUT": "9",
    },
)
JOSE = Movement(
    kind=ALTA,
    nss="24260812342",
    first_surname="Muñoz",
    second_surname="de la  Cruz",
    given_names="José Ángel",
    curp="MUCA080214HSRXRNA5",
    date=date(2026, 8, 24),
    umf="043",
    worker_key="26050148",
    reference="R-1",
)
ELENA = Movement(
    kind=ALTA,
    nss="03260956788",
    first_surname="O’Farrill",
    second_surname="",
    given_names="Ma. Elena",
    curp="OAXE091130MSRFXLA5",
    date=date(2026, 9, 1),
    reference="R-2",
)
ANA = replace(JOSE, first_surname="Luna", second_surname="", given_names="Ana")
LEAVING = replace(JOSE, kind=BAJA, date=date(2027, 7, 9), baja_kind="FINISHED")
ALL_KEPT = replace(PROFILE, encoding="CP1252", enie=KEEP, accents=KEEP, signs=KEEP)


def only_line(movement: Movement, profile: Profile) -> str:
    """Return the one line of a file, as characters of its positions."""
    data = write([movement], replace(profile, control_record=False), movement.kind)
    return data.decode(CODECS[profile.encoding]).removesuffix(LINE_ENDINGS[profile.line_ending])


def codes(movement: Movement, profile: Profile = PROFILE) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems(movement, profile)]


def sentence(movement: Movement, profile: Profile = PROFILE) -> str:
    [problem] = problems(movement, profile)
    return problem.sentence


# By hand from the table.


def test_write_altas_equals_the_file_written_by_hand() -> None:
    assert write([JOSE, ELENA], PROFILE, ALTA) == movement_files.ALTAS


def test_write_bajas_equals_the_file_written_by_hand() -> None:
    assert write([LEAVING], PROFILE, BAJA) == movement_files.BAJAS


def test_read_altas_of_the_file_written_by_hand() -> None:
    jose = Record(
        kind="08",
        registro_patronal="Y5412345327",
        guia="05417",
        nss="24260812342",
        first_surname="MUNOZ",
        second_surname="DE LA CRUZ",
        given_names="JOSE ANGEL",
        date=date(2026, 8, 24),
        worker_key="26050148",
        salario=31504,
        tipo_trabajador="1",
        tipo_salario="0",
        jornada="0",
        umf="043",
        curp="MUCA080214HSRXRNA5",
    )
    elena = replace(
        jose,
        nss="03260956788",
        first_surname="OFARRILL",
        second_surname="",
        given_names="MA ELENA",
        date=date(2026, 9, 1),
        worker_key="",
        umf="000",
        curp="OAXE091130MSRFXLA5",
    )

    assert read(movement_files.ALTAS, PROFILE) == [jose, elena]


def test_read_bajas_of_the_file_written_by_hand() -> None:
    assert read(movement_files.BAJAS, PROFILE) == [
        Record(
            kind="02",
            registro_patronal="Y5412345327",
            guia="05417",
            nss="24260812342",
            first_surname="MUNOZ",
            second_surname="DE LA CRUZ",
            given_names="JOSE ANGEL",
            date=date(2027, 7, 9),
            worker_key="26050148",
            causa="6",
        )
    ]


# Round trip.

POLICY = st.sampled_from([KEEP, REPLACE])
PROFILES = st.builds(
    replace,
    st.just(PROFILE),
    salario=st.integers(0, 999_999),
    tipo_trabajador=st.sampled_from("123456789"),
    tipo_salario=st.sampled_from("0123"),
    jornada=st.sampled_from("0123456"),
    umf_desconocida=st.sampled_from(["000", "999"]),
    encoding=st.sampled_from(sorted(CODECS)),
    enie=POLICY,
    accents=POLICY,
    signs=POLICY,
    changes=st.sampled_from([LIST, STOP]),
    line_ending=st.sampled_from(sorted(LINE_ENDINGS)),
    control_record=st.booleans(),
    filler=st.sampled_from(sorted(FILLERS)),
)
USUAL_NAMES = st.lists(
    st.sampled_from(["Muñoz", "de la", "O'Farrill", "D’Ángelo", "PÉREZ-GIL", "Ma.", "Ñ", "Güemes"]),
    min_size=1,
    max_size=4,
).map(" ".join)


def movements(names: st.SearchStrategy[str]) -> st.SearchStrategy[Movement]:
    """Return movements of both kinds, whose names may not be such as can be written."""
    return st.builds(
        Movement,
        kind=st.sampled_from([ALTA, BAJA]),
        nss=st.integers(10**10, 10**11 - 1).map(str),
        first_surname=names,
        second_surname=st.just("") | names,
        given_names=names,
        curp=st.just(JOSE.curp),
        date=st.dates(),
        umf=st.none() | st.integers(0, 999).map("{:03}".format),
        worker_key=st.text("Aa0", max_size=10),
        baja_kind=st.sampled_from(sorted(BAJAS)),
    )


def expected(movement: Movement, profile: Profile) -> Record:
    """Say what a reader finds: the names in capitals, but for the changes that were listed."""
    listed = {change.field: change.after for change in changes(movement, profile)}
    names = {
        name: listed.get(name, in_capitals(text))
        for name, text in ((name, getattr(movement, name)) for name in NAMES)
    }
    of_kind: dict[str, Any] = {"causa": profile.causas[movement.baja_kind or ""]}
    if movement.kind == ALTA:
        of_kind = {
            "salario": profile.salario,
            "tipo_trabajador": profile.tipo_trabajador,
            "tipo_salario": profile.tipo_salario,
            "jornada": profile.jornada,
            "umf": movement.umf or profile.umf_desconocida,
            "curp": movement.curp,
        }
    return Record(
        kind=movement.kind,
        registro_patronal=profile.registro_patronal,
        guia=profile.guia,
        nss=movement.nss,
        date=movement.date,
        worker_key=movement.worker_key.upper(),
        **names,
        **of_kind,
    )


@given(movements(USUAL_NAMES), movements(st.text("AñÑéÜs' -.´", max_size=29)), PROFILES)
def test_read_returns_what_was_written(one: Movement, other: Movement, profile: Profile) -> None:
    assume(one.nss != other.nss)
    of_kind = [one, replace(other, kind=one.kind)]
    writable = [movement for movement in of_kind if not problems(movement, profile)]
    assume(writable)

    data = write(writable, profile, one.kind)

    assert read(data, profile) == [expected(movement, profile) for movement in writable]
    ending = LINE_ENDINGS[profile.line_ending].encode()
    assert len(data) == (len(writable) + profile.control_record) * (168 + len(ending))


@given(movements(USUAL_NAMES | st.text(max_size=40)), PROFILES)
def test_write_stops_exactly_at_problems(movement: Movement, profile: Profile) -> None:
    stopped = []

    try:
        write([movement], profile, movement.kind)
    except CannotWrite as error:
        stopped = [*error.problems]

    assert stopped == problems(movement, profile)


@given(USUAL_NAMES.filter(lambda name: len(name) <= 27))
def test_write_takes_usual_names_with_the_defaults(name: str) -> None:
    movement = replace(JOSE, first_surname=name, second_surname=name, given_names=name)

    [record] = read(write([movement], PROFILE, ALTA), PROFILE)

    assert record.first_surname == record.second_surname == record.given_names
    assert set(record.first_surname) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")


# Settings where the sources disagree, or only the Subdelegación knows.


@pytest.mark.parametrize(
    ("changed", "name", "written"),
    [
        ({"enie": REPLACE}, "Muñoz Güemes", "MUNOZ GUEMES"),
        ({"encoding": "CP1252", "enie": KEEP}, "Muñoz Güemes", "MUÑOZ GUEMES"),
        ({"encoding": "CP1252", "accents": KEEP}, "Muñoz Güemes", "MUNOZ GÜEMES"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP}, "Muñoz Güemes", "MUÑOZ GÜEMES"),
        ({"enie": KEEP}, "Güemes", "GUEMES"),
        ({"accents": KEEP}, "Muñoz", "MUNOZ"),
        ({"signs": REPLACE}, "Ma. D'Oca-Gil", "MA DOCA GIL"),
        ({"signs": REPLACE}, "D’Oca O´Gil", "DOCA OGIL"),
        ({"signs": KEEP}, "Ma. D’Oca-Gil", "MA. D'OCA-GIL"),
        (
            {"encoding": "CP1252", "signs": KEEP, "accents": KEEP},
            "Ma. D’Oca-Gil",
            "MA. D'OCA-GIL",
        ),
        ({}, "Mun\u0303oz", "MUNOZ"),
        ({}, "  de\tla   Cruz ", "DE LA CRUZ"),
        ({}, "Strauß", "STRAUSS"),
    ],
)
def test_write_spells_names_as_the_profile_says(
    changed: dict[str, Any], name: str, written: str
) -> None:
    profile = replace(PROFILE, **changed)

    line = only_line(replace(ANA, first_surname=name), profile)

    assert line[22:49] == written.ljust(27)


def test_write_takes_one_byte_for_a_kept_enie() -> None:
    data = write([JOSE], ALL_KEPT, ALTA)

    assert data[22:27] == b"MU\xd1OZ"
    assert data[76:86] == b"JOS\xc9 \xc1NGEL"
    assert len(data) == 2 * 170


@pytest.mark.parametrize(
    ("changed", "name", "strange"),
    [
        ({"enie": KEEP}, "Muñoz", "«Ñ»"),
        ({"accents": KEEP}, "Pérez", "«É»"),
        ({}, "Łukasz", "«Ł»"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP}, "Łukasz", "«Ł»"),
        ({"encoding": "CP1252", "accents": KEEP}, "Mª José", "«ª»"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP, "signs": KEEP}, "Mª José", "«ª»"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP, "signs": KEEP}, "Luz 1º", "«1»"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP, "signs": KEEP}, "Luz º", "«º»"),
        ({"encoding": "CP1252", "enie": KEEP, "accents": KEEP, "signs": KEEP}, "Luz¨", "«¨»"),
        ({}, "Αna", "«Α»"),
        ({}, "Ana 2", "«2»"),
        ({}, "Ana, Luz", "«,»"),
        ({}, "Ana\x00", "un carácter que no se ve"),
        ({}, "Ana\u200b", "un carácter que no se ve"),
    ],
)
def test_problems_names_the_character_that_cannot_be_written(
    changed: dict[str, Any], name: str, strange: str
) -> None:
    movement = replace(ANA, given_names=name)

    found = problems(movement, replace(PROFILE, **changed))

    assert found == [
        Problem(
            "given_names",
            "LETTERS",
            f"El archivo no admite {strange} en el nombre. Escribirlo, como está en el acuse, en la lista del plantel "
            "e importar la lista otra vez, o pedir a la administración que cambie en el perfil del registro patronal "
            "cómo van la Ñ y los acentos",
            "R-1",
        )
    ]


def test_changes_lists_every_name_that_changes() -> None:
    assert changes(JOSE, PROFILE) == [
        Change("first_surname", "MUÑOZ", "MUNOZ"),
        Change("given_names", "JOSÉ ÁNGEL", "JOSE ANGEL"),
    ]
    assert str(changes(ELENA, PROFILE)[0]) == "O’FARRILL → OFARRILL"


def test_changes_is_empty_when_all_is_kept() -> None:
    assert changes(JOSE, ALL_KEPT) == []
    assert changes(replace(ELENA, first_surname="O'Farrill-Gil"), ALL_KEPT) == []


@pytest.mark.parametrize("apostrophe", "`´‘’")
def test_changes_lists_an_apostrophe_that_becomes_the_straight_one(apostrophe: str) -> None:
    movement = replace(ELENA, first_surname=f"O{apostrophe}Farrill")

    found = changes(movement, ALL_KEPT)

    assert found == [Change("first_surname", f"O{apostrophe}FARRILL", "O'FARRILL")]
    assert only_line(movement, ALL_KEPT)[22:49] == "O'FARRILL".ljust(27)


@pytest.mark.parametrize("sign", "'-.`´‘’")
def test_changes_lists_every_sign_that_does_not_stand_in_the_file(sign: str) -> None:
    movement = replace(ANA, given_names=f"Ana{sign}Luz")

    [found] = changes(movement, PROFILE)

    assert found.before == f"ANA{sign}LUZ"
    assert only_line(movement, PROFILE)[76:103] == found.after.ljust(27)


def in_capitals(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name.upper()).split())


@given(
    st.text("aÑñéÜ -.'`´‘’ªº¨·²ß\x00\xad") | st.text(),
    PROFILES,
)
def test_write_puts_capitals_alone_and_lists_what_changed(name: str, profile: Profile) -> None:
    movement = replace(ANA, given_names=f"A{name}")
    assume(not problems(movement, profile))

    written = only_line(movement, profile)[76:103].rstrip()

    letters = written.translate(dict.fromkeys(map(ord, " -.'" if profile.signs == KEEP else " ")))
    assert letters.isalpha()
    assert letters.isupper()
    assert written == in_capitals(f"A{name}") or [written] == [
        change.after for change in changes(movement, profile)
    ]


def test_problems_stops_at_changes_when_set() -> None:
    found = problems(JOSE, replace(PROFILE, changes=STOP))

    assert [(problem.field, problem.code) for problem in found] == [
        ("first_surname", "CHANGED"),
        ("given_names", "CHANGED"),
    ]
    assert found[0].sentence == (
        "En el primer apellido cambian caracteres: MUÑOZ → MUNOZ. Pedir a la administración que lo permita en el "
        "perfil del registro patronal, o registrar este movimiento directamente en IDSE y sacarlo del lote"
    )


def test_problems_lets_changes_pass_when_they_are_listed() -> None:
    assert problems(JOSE, replace(PROFILE, changes=LIST)) == []


def test_problems_lets_capitals_and_spaces_pass_when_changes_stop() -> None:
    movement = replace(JOSE, first_surname=" luna  rey ", given_names="Ana")

    assert problems(movement, replace(PROFILE, changes=STOP)) == []


@pytest.mark.parametrize(("name", "ending"), sorted(LINE_ENDINGS.items()))
def test_write_ends_every_line_as_the_profile_says(name: str, ending: str) -> None:
    data = write([JOSE, ELENA], replace(PROFILE, line_ending=name), ALTA)

    assert data == movement_files.ALTAS.replace(b"\r\n", ending.encode())


def test_write_leaves_the_control_record_out_when_set() -> None:
    profile = replace(PROFILE, control_record=False)

    data = write([LEAVING], profile, BAJA)

    assert data == f"{movement_files.FINISHED}\r\n".encode()
    assert len(read(data, profile)) == 1


@pytest.mark.parametrize(
    ("changed", "first", "last", "written"),
    [
        ({"salario": 0}, 104, 109, "000000"),
        ({"salario": 999_999}, 104, 109, "999999"),
        ({"filler": "SPACES"}, 110, 115, "      "),
        ({"filler": "ZEROS"}, 110, 115, "000000"),
        ({"tipo_trabajador": "2"}, 116, 116, "2"),
        ({"tipo_salario": "3"}, 117, 117, "3"),
        ({"jornada": "6"}, 118, 118, "6"),
        ({"umf_desconocida": "999"}, 127, 129, "999"),
        ({"guia": "98765"}, 134, 138, "98765"),
        ({"registro_patronal": "A9900000329"}, 1, 11, "A9900000329"),
    ],
)
def test_write_puts_a_setting_in_its_positions(
    changed: dict[str, Any], first: int, last: int, written: str
) -> None:
    line = only_line(ELENA, replace(PROFILE, **changed))

    assert line[first - 1 : last] == written
    assert line[: first - 1] == movement_files.OFARRILL[: first - 1]
    assert line[last:] == movement_files.OFARRILL[last:]


@pytest.mark.parametrize(
    ("baja_kind", "causa"),
    [
        ("FINISHED", "6"),
        ("TEMPORARY", "2"),
        ("DEFINITIVE", "A"),
        ("TRANSFER", "1"),
        ("OPTED_OUT", "9"),
    ],
)
def test_write_puts_the_causa_of_the_profile(baja_kind: str, causa: str) -> None:
    line = only_line(replace(LEAVING, baja_kind=baja_kind), PROFILE)

    assert line == f"{movement_files.FINISHED[:148]}{causa}{movement_files.FINISHED[149:]}"


def test_bajas_are_those_of_the_students_and_the_renuncia() -> None:
    assert {**dict(BajaKind.choices), OPTED_OUT: "renuncia al seguro"} == BAJAS


# Nothing is cut.


@pytest.mark.parametrize(
    ("field", "label"), [(name, f"{label[0].upper()}{label[1:]}") for name, label in NAMES.items()]
)
def test_problems_stops_at_a_name_of_28_letters(field: str, label: str) -> None:
    fits, does_not = replace(JOSE, **{field: "Ñ" * 27}), replace(JOSE, **{field: "Ñ" * 28})

    assert problems(fits, PROFILE) == []
    assert problems(does_not, PROFILE) == [
        Problem(
            field,
            "LONG",
            f"{label} tiene 28 letras y caben 27; no se corta. Si sobra algo, quitarlo en la lista del plantel e "
            "importar la lista otra vez; si no, registrar este movimiento directamente en IDSE y sacarlo del lote",
            "R-1",
        )
    ]
    with pytest.raises(CannotWrite):
        write([does_not], PROFILE, ALTA)


def test_problems_counts_the_letters_that_are_written() -> None:
    assert codes(replace(JOSE, given_names="A" * 26 + "ß")) == [("given_names", "LONG")]
    assert codes(replace(JOSE, given_names="A" * 27 + ".")) == []


def test_problems_stops_at_a_long_worker_key() -> None:
    assert codes(replace(JOSE, worker_key="1234567890")) == []
    assert sentence(replace(JOSE, worker_key="12345678901")) == (
        "La clave del trabajador tiene 11 letras y caben 10; no se corta. Si sobra algo, quitarlo en la lista "
        "del plantel e importar la lista otra vez; si no, registrar este movimiento directamente en IDSE y sacarlo "
        "del lote"
    )


@pytest.mark.parametrize(
    ("text", "fits"),
    [("", True), ("ab12", True), ("1234567890", True), ("12345678901", False), ("1-2", False)],
)
def test_fits_key_of_ten_letters_and_digits(text: str, fits: bool) -> None:
    assert fits_key(text) is fits


@pytest.mark.parametrize("movement", [JOSE, LEAVING])
def test_write_puts_the_worker_key_in_capitals(movement: Movement) -> None:
    line = only_line(replace(movement, worker_key="ab12"), PROFILE)

    assert line[138:148] == "AB12      "


# What cannot be right.


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"nss": "2426081234"}, ("nss", "SHAPE")),
        ({"nss": "242608123422"}, ("nss", "SHAPE")),
        ({"nss": "2426081234A"}, ("nss", "SHAPE")),
        ({"nss": "00000000000"}, ("nss", "SHAPE")),
        ({"nss": "٢٤٢٦٠٨١٢٣٤٢"}, ("nss", "SHAPE")),
        ({"nss": None}, ("nss", "SHAPE")),
        ({"curp": "MUCA080214HSRXRNA"}, ("curp", "SHAPE")),
        ({"curp": ""}, ("curp", "SHAPE")),
        ({"umf": "43"}, ("umf", "SHAPE")),
        ({"umf": ""}, ("umf", "SHAPE")),
        ({"first_surname": " "}, ("first_surname", "MISSING")),
        ({"given_names": "-"}, ("given_names", "MISSING")),
        ({"worker_key": "26-148"}, ("worker_key", "LETTERS")),
        ({"worker_key": "AÑO1"}, ("worker_key", "LETTERS")),
        ({"worker_key": "ß"}, ("worker_key", "LETTERS")),
        ({"worker_key": "12\n"}, ("worker_key", "LETTERS")),
        ({"worker_key": " 1"}, ("worker_key", "LETTERS")),
    ],
)
def test_problems_of_an_alta(change: dict[str, Any], problem: tuple[str, str]) -> None:
    assert codes(replace(JOSE, **change)) == [problem]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"nss": "2426081234"}, [("nss", "SHAPE")]),
        ({"baja_kind": None}, [("baja_kind", "MISSING")]),
        ({"baja_kind": "OTHER"}, [("baja_kind", "MISSING")]),
        ({"curp": "", "umf": "43"}, []),  # a baja carries neither
    ],
)
def test_problems_of_a_baja(change: dict[str, Any], problem: list[tuple[str, str]]) -> None:
    assert codes(replace(LEAVING, **change)) == problem


@pytest.mark.parametrize("causas", [{}, {"FINISHED": ""}, {"FINISHED": None}, {"FINISHED": "0"}])
def test_problems_asks_for_the_causa_that_is_not_mapped(causas: dict[str, Any]) -> None:
    assert sentence(LEAVING, replace(PROFILE, causas=causas)) == (
        "Falta la causa que usa el IMSS para «egreso». Preguntarla en la Subdelegación y pedir a la administración "
        "que la escriba en el perfil del registro patronal"
    )


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"registro_patronal": "Y54-12345-32-7"}, [ALTA, BAJA]),
        ({"registro_patronal": "Y541234532"}, [ALTA, BAJA]),
        ({"registro_patronal": "Y541234532X"}, [ALTA, BAJA]),
        ({"guia": "5417"}, [ALTA, BAJA]),
        ({"salario": None}, [ALTA]),
        ({"salario": -1}, [ALTA]),
        ({"salario": 1_000_000}, [ALTA]),
        ({"tipo_trabajador": "0"}, [ALTA]),
        ({"tipo_salario": "4"}, [ALTA]),
        ({"jornada": "7"}, [ALTA]),
        ({"jornada": ""}, [ALTA]),
        ({"umf_desconocida": "S/N"}, [ALTA]),
        ({"causas": {"FINISHED": "6", "TRANSFER": "0"}}, [BAJA]),
        ({"causas": {"FINISHED": "66"}}, [BAJA]),
        ({"causas": {"FINISHED": "a"}}, [BAJA]),
        ({"causas": {"FINISHED": "B"}}, [BAJA]),
    ],
)
def test_profile_problems_by_kind(change: dict[str, Any], kinds: list[str]) -> None:
    profile = replace(PROFILE, **change)

    found = {kind: profile_problems(profile, kind) for kind in (ALTA, BAJA)}

    assert {
        kind: [(problem.field, problem.code, problem.reference) for problem in problems]
        for kind, problems in found.items()
    } == {kind: [(*change, "SHAPE", "")] if kind in kinds else [] for kind in (ALTA, BAJA)}


def test_profile_problems_lets_every_causa_of_imss_pass_and_one_that_is_missing() -> None:
    for causa in [*CAUSAS, "", None]:
        profile = replace(PROFILE, causas={"FINISHED": causa})

        assert profile_problems(profile, BAJA) == []

    assert sorted(CAUSAS) == [*"123456789A"]


@pytest.mark.parametrize(
    ("setting", "value", "decides"),
    [
        ("encoding", "UTF-8", "la codificación"),
        ("encoding", ["ASCII"], "la codificación"),
        ("enie", "", "cómo va la Ñ"),
        ("accents", None, "cómo van los acentos"),
        ("signs", "keep", "cómo van los signos"),
        ("changes", KEEP, "qué se hace con las letras que cambian"),
        ("line_ending", "CR", "el fin de línea"),
        ("filler", "BLANKS", "el relleno"),
    ],
)
@pytest.mark.parametrize("movement", [JOSE, LEAVING])
def test_write_raises_for_a_setting_that_is_not_known(
    movement: Movement, setting: str, value: Any, decides: str
) -> None:
    profile = replace(PROFILE, **{setting: value})

    with pytest.raises(CannotWrite) as stopped:
        write([movement, replace(movement, nss="1")], profile, movement.kind)

    assert stopped.value.problems == (
        Problem(
            setting,
            "UNKNOWN",
            f"El perfil de envío no dice bien {decides}. Corregirlo en el perfil del registro patronal",
        ),
    )


def test_write_raises_for_a_nss_that_goes_twice() -> None:
    again = replace(ELENA, nss=JOSE.nss)

    with pytest.raises(CannotWrite) as stopped:
        write([JOSE, ANA, ELENA, again], PROFILE, ALTA)

    assert [(one.field, one.code, one.reference) for one in stopped.value.problems] == [
        ("nss", "TWICE", "R-1"),
        ("nss", "TWICE", "R-2"),
    ]


def test_profile_problems_is_empty_for_every_spelling() -> None:
    for encoding, enie, accents in product(CODECS, (KEEP, REPLACE), (KEEP, REPLACE)):
        profile = replace(PROFILE, encoding=encoding, enie=enie, accents=accents)

        assert profile_problems(profile, ALTA) == []


def test_write_raises_with_all_problems_at_once() -> None:
    profile = replace(PROFILE, guia="1")

    with pytest.raises(CannotWrite) as stopped:
        write([JOSE, replace(ELENA, nss="1"), replace(LEAVING, curp="")], profile, ALTA)

    assert [(one.field, one.code, one.reference) for one in stopped.value.problems] == [
        ("guia", "SHAPE", ""),
        ("nss", "SHAPE", "R-2"),
        ("kind", "OTHER", "R-1"),
        ("nss", "TWICE", "R-1"),
    ]
    assert stopped.value.sentence == "El archivo no se hizo. Datos por corregir: 4"
    assert str(stopped.value) == stopped.value.sentence


@pytest.mark.parametrize("count", [0, 1_000_000])
def test_write_raises_for_what_the_control_record_does_not_count(count: int) -> None:
    with pytest.raises(CannotWrite) as stopped:
        write([JOSE] * count, PROFILE, ALTA)

    assert [problem.code for problem in stopped.value.problems] == ["COUNT"]


@given(movements(USUAL_NAMES), PROFILES)
def test_problems_says_no_nss_and_no_curp(movement: Movement, profile: Profile) -> None:
    broken = replace(movement, nss=f"{movement.nss}0", curp=f"{movement.curp}0")

    told = " ".join(problem.sentence for problem in problems(broken, profile))

    assert movement.nss not in told
    assert movement.curp not in told


# Reading what is not of the structure.


def alta_file(position: int, text: str) -> bytes:
    """Return the file of altas with other characters from a position of its second line on."""
    line = movement_files.OFARRILL
    line = f"{line[: position - 1]}{text}{line[position - 1 + len(text) :]}"
    return movement_files.ALTAS.replace(movement_files.OFARRILL.encode(), line.encode("cp1252"))


@pytest.mark.parametrize(
    ("position", "text", "reason"),
    [
        (1, "y", "se espera el registro patronal, 11 letras y números"),
        (12, "X", "se espera el NSS, 11 números"),
        (23, " ", "se espera el primer apellido"),
        (50, " X", "se espera el segundo apellido, o espacios"),
        (77, " ", "se espera el nombre"),
        (104, " ", "se espera el salario, 6 números"),
        (110, "0", "se espera el relleno, 6 espacios o 6 ceros"),
        (116, "0", "se espera el tipo de trabajador, de 1 a 9"),
        (117, "4", "se espera el tipo de salario, de 0 a 3"),
        (118, "7", "se espera la semana o jornada, de 0 a 6"),
        (119, "0", None),
        (119, "31", "la fecha no existe"),
        (119, "A", "se espera la fecha, DDMMAAAA"),
        (127, " ", "se espera la UMF, 3 números"),
        (130, "0", "se espera el relleno, 2 espacios"),
        (132, "07", "se espera el movimiento 08 o 02"),
        (132, "02", "se espera el movimiento 08, como en la línea 1"),
        (134, "A", "se espera la guía, 5 números"),
        (139, " X", "se espera la clave del trabajador, o espacios"),
        (139, "a", "se espera la clave del trabajador, o espacios"),
        (149, "6", "se espera el relleno, un espacio"),
        (150, "1", "se espera la CURP, 18 letras y números"),
        (168, "8", "se espera el número 9"),
        (30, "\t", "hay un carácter de control"),
        (30, "Ñ", "hay un carácter de otra codificación"),
    ],
)
def test_read_names_line_and_position(position: int, text: str, reason: str | None) -> None:
    data = alta_file(position, text)
    if reason is None:
        assert len(read(data, PROFILE)) == 2
        return

    with pytest.raises(Malformed) as stopped:
        read(data, PROFILE)

    assert (stopped.value.line, stopped.value.position) == (2, position)
    assert stopped.value.sentence == f"Línea 2, posición {position}: {reason}"


@pytest.mark.parametrize("causa", [" ", "0", "B"])
def test_read_names_a_causa_that_is_none(causa: str) -> None:
    data = movement_files.BAJAS.replace(b"6                  9", f"{causa}{'':18}9".encode())

    with pytest.raises(
        Malformed, match=r"^Línea 1, posición 149: se espera la causa de baja, de 1 a 9 o A$"
    ):
        read(data, PROFILE)


def test_read_names_the_place_in_a_baja() -> None:
    data = movement_files.BAJAS.replace(b"6                  9", b"6MUCA080214HSRXRNA59")

    with pytest.raises(
        Malformed, match=r"^Línea 1, posición 150: se espera el relleno, 18 espacios$"
    ):
        read(data, PROFILE)


CONTROL = movement_files.TWO_ALTAS


@pytest.mark.parametrize(
    ("control", "position", "reason"),
    [
        (f"-{CONTROL[1:]}", 1, "se espera la marca de las cifras de control, 13 asteriscos"),
        (f"{CONTROL[:13]}-{CONTROL[14:]}", 14, "se espera el relleno, 43 espacios"),
        (f"{CONTROL[:56]}      {CONTROL[62:]}", 57, "se espera el total de movimientos, 6 números"),
        (CONTROL.replace("000002", "000003"), 57, "dice 3 movimientos y hay 2"),
        (f"{CONTROL[:100]}-{CONTROL[101:]}", 63, "se espera el relleno, 71 espacios"),
        (CONTROL.replace("05417", "05418"), 134, "no es la guía de los movimientos"),
        (f"{CONTROL[:167]}8", 168, "se espera el número 9"),
    ],
)
def test_read_checks_the_control_record(control: str, position: int, reason: str) -> None:
    data = movement_files.ALTAS.replace(CONTROL.encode(), control.encode())

    with pytest.raises(Malformed) as stopped:
        read(data, PROFILE)

    assert stopped.value.sentence == f"Línea 3, posición {position}: {reason}"


@pytest.mark.parametrize(
    ("data", "changed", "place"),
    [
        (b"", {}, "Línea 1, posición 1: se espera un movimiento y no hay ninguno"),
        (
            f"{CONTROL}\r\n".encode(),
            {},
            "Línea 1, posición 1: se espera un movimiento y no hay ninguno",
        ),
        (movement_files.ALTAS[:-2], {}, "Línea 3, posición 169: se espera el fin de línea"),
        (movement_files.ALTAS[:200], {}, "Línea 2, posición 31: se espera el fin de línea"),
        (
            movement_files.ALTAS.replace(b"  9\r\n", b" 9\r\n"),
            {},
            "Línea 3, posición 168: la línea acaba antes de 168 posiciones",
        ),
        (
            movement_files.ALTAS.replace(b"A59", b"A599", 1),
            {},
            "Línea 1, posición 169: se espera el fin de línea del perfil",
        ),
        (
            movement_files.ALTAS,
            {"line_ending": "LF"},
            "Línea 1, posición 169: se espera el fin de línea del perfil",
        ),
        (
            movement_files.ALTAS.replace(b"\r", b""),
            {},
            "Línea 1, posición 169: se espera el fin de línea del perfil",
        ),
        (
            movement_files.ALTAS,
            {"control_record": False},
            "Línea 3, posición 132: se espera el movimiento 08 o 02",
        ),
        (
            "".join(
                f"{line}\r\n" for line in (movement_files.MUNOZ, movement_files.OFARRILL)
            ).encode(),
            {},
            "Línea 2, posición 1: se espera la marca de las cifras de control, 13 asteriscos",
        ),
        (
            write([JOSE], ALL_KEPT, ALTA),
            {},
            "Línea 1, posición 25: hay un carácter de otra codificación",
        ),
    ],
)
def test_read_refuses_another_shape(data: bytes, changed: dict[str, Any], place: str) -> None:
    with pytest.raises(Malformed) as stopped:
        read(data, replace(PROFILE, **changed))

    assert str(stopped.value) == place
