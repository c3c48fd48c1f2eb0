"""students.identity: what a CURP and a NSS say, and whether they can be right."""

import re
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.mx import curp as stdnum_curp

from students.identity import (
    SEXES,
    STATES,
    Curp,
    CurpError,
    NssError,
    clean_curp,
    curp_check_digit,
    curp_matches_names,
    curp_name_letters,
    fold_curp,
    mask_nss,
    nss_birth_year_warning,
    nss_check_digit,
    nss_has_valid_digit,
    parse_curp,
    parse_nss,
    same_curp,
    suggest_curp,
)

ANA = "GOMA080214MSRMRNA5"
TODAY = date(2026, 8, 21)
LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CONSONANTS = st.sampled_from("BCDFGHJKLMNPQRSTVWXYZ")


@st.composite
def curps(draw: st.DrawFn, sexes: str = "HMX") -> str:
    """Any CURP that could have been assigned up to TODAY."""
    day = draw(st.dates(date(1930, 1, 1), TODAY))
    initials = "".join(draw(st.lists(LETTERS, min_size=4, max_size=4)))
    if initials in stdnum_curp._name_blacklist:
        initials = f"{initials[0]}X{initials[2:]}"
    homoclave = draw(st.sampled_from("0123456789" if day.year < 2000 else "ABCDEFGHIJ"))
    body = "".join(
        (
            initials,
            f"{day:%y%m%d}",
            draw(st.sampled_from(sexes)),
            draw(st.sampled_from(sorted(STATES))),
            *draw(st.lists(CONSONANTS, min_size=3, max_size=3)),
            homoclave,
        )
    )
    return body + curp_check_digit(body)


NSS_BODIES = st.from_regex(r"[0-9]{10}", fullmatch=True).filter(lambda body: body != "0" * 10)


def with_digit(first_17: str) -> str:
    return first_17 + curp_check_digit(first_17)


def test_python_stdnum_still_has_the_private_tables_we_build_on() -> None:
    assert len(stdnum_curp._name_blacklist) == 81
    assert set(STATES) == stdnum_curp._valid_states


@given(st.from_regex(r"[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z]", fullmatch=True))
def test_curp_check_digit_is_that_of_stdnum(first_17: str) -> None:
    assert curp_check_digit(first_17) == stdnum_curp.calc_check_digit(first_17)


@pytest.mark.parametrize(
    ("text", "birth_date", "sex", "state", "sentence"),
    [
        (
            "AAPR630321HDFLRC09",
            date(1963, 3, 21),
            "H",
            "DF",
            "Naciste el 21 de marzo de 1963, en la Ciudad de México. Sexo: hombre.",
        ),
        (
            "AAPR080321MDFLRCA8",
            date(2008, 3, 21),
            "M",
            "DF",
            "Naciste el 21 de marzo de 2008, en la Ciudad de México. Sexo: mujer.",
        ),
        (
            "AAPR080321XDFLRCA2",
            date(2008, 3, 21),
            "X",
            "DF",
            "Naciste el 21 de marzo de 2008, en la Ciudad de México. Sexo: no binario.",
        ),
        (
            "BASE090215MNERLLA6",
            date(2009, 2, 15),
            "M",
            "NE",
            "Naciste el 15 de febrero de 2009, en el extranjero. Sexo: mujer.",
        ),
        (
            "DUXO080910HJCRXMA4",
            date(2008, 9, 10),
            "H",
            "JC",
            "Naciste el 10 de septiembre de 2008, en Jalisco. Sexo: hombre.",
        ),
        (
            ANA,
            date(2008, 2, 14),
            "M",
            "SR",
            "Naciste el 14 de febrero de 2008, en Sonora. Sexo: mujer.",
        ),
    ],
)
def test_parse_curp_reads_what_it_says(
    text: str, birth_date: date, sex: str, state: str, sentence: str
) -> None:
    curp = parse_curp(text, today=TODAY)

    assert curp == Curp(value=text, birth_date=birth_date, sex=sex, state=state)
    assert curp.sentence == sentence


def test_parse_curp_parts_of_the_code() -> None:
    curp = parse_curp("BASE090215MNERLLA6", today=TODAY)

    assert curp.initials == "BASE"
    assert curp.consonants == "RLL"
    assert curp.homoclave == "A"
    assert curp.state_name == "Nacido en el extranjero"
    assert curp.sex_name == "mujer"
    assert curp.tail == "…RLLA6"


@pytest.mark.parametrize(
    "text",
    [
        "goma080214msrmrna5",
        " GOMA080214 MSRMRN A5 ",
        "GOMA-080214-MSRMRN-A5",
        "GOMA–080214—MSRMRN_A5",
        "GOMA\u00a0080214\u200bMSRMRNA5\ufeff",
        "\tGOMA080214MSRMRNA5\r\n",
        "ＧＯＭＡ０８０２１４ＭＳＲＭＲＮＡ５",
    ],
)
def test_parse_curp_forgives_how_it_was_typed(text: str) -> None:
    assert parse_curp(text, today=TODAY).value == ANA


@pytest.mark.parametrize("letter", ["Ñ", "ñ", "n\u0303"])
def test_clean_curp_writes_x_where_the_name_has_n_with_tilde(letter: str) -> None:
    assert clean_curp(f"MU{letter}O080214") == "MUXO080214"


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        (None, "empty", "Escribe tu CURP"),
        ("", "empty", "Escribe tu CURP"),
        (" - ", "empty", "Escribe tu CURP"),
        (
            ANA[:-1],
            "length",
            "La CURP debe tener 18 letras y números; escribiste 17",
        ),
        (
            f"{ANA}0",
            "length",
            "La CURP debe tener 18 letras y números; escribiste 19",
        ),
        ("None", "length", "La CURP debe tener 18 letras y números; escribiste 4"),
        (
            "GOMA08021*MSRMRNA5",
            "characters",
            "Quita «*»: la CURP lleva solo letras y números",
        ),
        (
            "GOMA08021٤MSRMRNA5",
            "characters",
            "Quita «٤»: la CURP lleva solo letras y números",
        ),
        (
            "GOMA08O214MSRMRNA5",
            "characters",
            "Revisa tu CURP: en el lugar 7 va un número y escribiste «O». "
            "Suele pasar al confundir la letra O con el cero",
        ),
        (
            "G0MA080214MSRMRNA5",
            "characters",
            "Revisa tu CURP: en el lugar 2 va una letra y escribiste «0». "
            "Suele pasar al confundir la letra O con el cero",
        ),
        (
            "GOMA080214M5RMRNA5",
            "characters",
            "Revisa tu CURP: en el lugar 12 va una letra y escribiste «5»",
        ),
        (
            "PUTA080214MSRMRNA5",
            "word",
            "Revisa tu CURP: no puede empezar con esas cuatro letras; la segunda es una X",
        ),
        (
            "GOMA080230MSRMRNA5",
            "date",
            "Revisa tu CURP: la fecha 30 de febrero no existe",
        ),
        (
            "GOMA070229MSRMRNA5",
            "date",
            "Revisa tu CURP: la fecha 29 de febrero de 2007 no existe",
        ),
        ("GOMA080200MSRMRNA5", "date", "Revisa tu CURP: la fecha 0 de febrero no existe"),
        ("GOMA081314MSRMRNA5", "date", "Revisa tu CURP: el mes 13 no existe"),
        ("GOMA080014MSRMRNA5", "date", "Revisa tu CURP: el mes 00 no existe"),
        (
            "GOMA260822MSRMRNA5",
            "future",
            "Revisa tu CURP: la fecha 22 de agosto de 2026 todavía no llega",
        ),
        (
            "GOMA080214KSRMRNA5",
            "sex",
            "Revisa tu CURP: la letra 11 es H, M o X; escribiste K",
        ),
        (
            "GOMA080214MQOMRNA5",
            "state",
            "Revisa tu CURP: las letras 12 y 13 (QO) no son de ninguna entidad",
        ),
        (
            "GOMA080214MSRMRNA6",
            "check_digit",
            "Revisa tu CURP: el último número no corresponde. "
            "Suele pasar al confundir la letra O con el cero",
        ),
    ],
)
def test_parse_curp_says_what_is_wrong(text: str | None, code: str, sentence: str) -> None:
    with pytest.raises(CurpError) as raised:
        parse_curp(text, today=TODAY)

    assert (raised.value.code, raised.value.sentence) == (code, sentence)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("text", ["A" * 1_000_000, "ﷺ" * 200, "🙂" * 18, "\x00" * 18])
def test_parse_curp_refuses_hostile_text_at_once(text: str) -> None:
    with pytest.raises(CurpError) as raised:
        parse_curp(text, today=TODAY)

    assert raised.value.code in {"length", "characters"}


def test_parse_curp_counts_every_character_of_a_huge_text() -> None:
    with pytest.raises(CurpError, match=r"escribiste 1000000$"):
        parse_curp("A" * 1_000_000, today=TODAY)


def test_parse_curp_the_homoclave_gives_the_century() -> None:
    assert parse_curp(with_digit("GOMA080214MSRMRN0"), today=TODAY).birth_date.year == 1908
    assert parse_curp(with_digit("GOMA080214MSRMRNA"), today=TODAY).birth_date.year == 2008


def test_parse_curp_without_today_still_refuses_the_future() -> None:
    with pytest.raises(CurpError, match="todavía no llega"):
        parse_curp("GOMA990214MSRMRNA5")


@given(curps(sexes="HM"))
def test_parse_curp_agrees_with_stdnum_for_h_and_m(text: str) -> None:
    curp = parse_curp(text, today=TODAY)

    assert curp.value == stdnum_curp.validate(text)
    assert curp.birth_date == stdnum_curp.get_birth_date(text)
    assert {"H": "M", "M": "F"}[curp.sex] == stdnum_curp.get_gender(text)


@given(
    curps(sexes="HM"), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
)
def test_parse_curp_refuses_what_stdnum_refuses(text: str, at: int, char: str) -> None:
    changed = f"{text[:at]}{char}{text[at + 1 :]}"

    if not stdnum_curp.is_valid(changed) and changed[10] != "X":
        with pytest.raises(CurpError):
            parse_curp(changed, today=TODAY)


@given(st.text(max_size=60))
def test_parse_curp_reads_or_refuses_any_text(text: str) -> None:
    with suppress(CurpError):
        assert re.fullmatch(r"[A-Z0-9]{18}", parse_curp(text, today=TODAY).value)


@given(curps())
def test_parse_curp_is_the_same_however_it_is_spaced(text: str) -> None:
    spaced = f" {text[:4].lower()}-{text[4:10]} {text[10:]}\n"

    assert parse_curp(spaced, today=TODAY) == parse_curp(text, today=TODAY)


@pytest.mark.parametrize("sex", sorted(SEXES))
def test_parse_curp_accepts_every_sex(sex: str) -> None:
    assert parse_curp(with_digit(f"GOMA080214{sex}SRMRNA"), today=TODAY).sex == sex


@pytest.mark.parametrize(
    ("given_names", "first", "second", "letters"),
    [
        ("Ricardo", "Alamán", "Pérez", ("AAPR", "LRC")),
        ("Ana", "Gómez", "Martínez", ("GOMA", "MRN")),
        ("María Fernanda", "Núñez", "Peña", ("NUPF", "XXR")),
        ("José Luis", "Ñáñez", "", ("XAXL", "XXS")),
        ("Ma. del Carmen", "De la Cruz", "Díaz de León", ("CUDC", "RZR")),
        ("María", "Von Der Heide", "O", ("HEOM", "DXR")),
        ("José", "Ek", "Uc", ("EXUJ", "KCS")),
        ("Adán", "Puente", "Téllez", ("PXTA", "NLD")),
        ("Íñigo", "Güereña", "Ibáñez", ("GUII", "RBX")),
        ("María de los Ángeles", "de la O", "Y", ("OXYA", "XXN")),
        ("", "", "", ("XXXX", "XXX")),
    ],
)
def test_curp_name_letters_follow_the_instructivo(
    given_names: str, first: str, second: str, letters: tuple[str, str]
) -> None:
    assert curp_name_letters(given_names, first, second) == letters


@pytest.mark.parametrize(
    ("given_names", "first", "second", "warnings"),
    [
        ("Ana", "Gómez", "Martínez", []),
        ("ANA", "GOMEZ", "MARTINEZ", []),
        ("María Ana", "Gómez", "Martínez", []),
        (
            "Luisa",
            "Gómez",
            "Martínez",
            ["La CURP no corresponde con el nombre: revisa cuál está mal escrito"],
        ),
        (
            "Ana",
            "Gutiérrez",
            "Martínez",
            ["La CURP no corresponde con el primer apellido: revisa cuál está mal escrito"],
        ),
        (
            "Ana",
            "Gómez",
            "",
            ["La CURP no corresponde con el segundo apellido: revisa cuál está mal escrito"],
        ),
        (
            "Ana",
            "Martínez",
            "Gómez",
            ["Los apellidos parecen estar al revés: la CURP los trae en el otro orden"],
        ),
        ("Ana", "G'omez", "Mar-tínez", []),
    ],
)
def test_curp_matches_names_warns_of_each_part(
    given_names: str, first: str, second: str, warnings: list[str]
) -> None:
    curp = parse_curp(ANA, today=TODAY)

    assert curp_matches_names(curp, given_names, first, second) == warnings


def test_curp_matches_names_knows_the_x_of_an_inconvenient_word() -> None:
    curp = parse_curp(with_digit("PXTA080214MSRNLDA"), today=TODAY)

    assert curp_matches_names(curp, "Adán", "Puente", "Téllez") == []
    assert curp_matches_names(curp, "Edna", "Puente", "Téllez") == [
        "La CURP no corresponde con el nombre: revisa cuál está mal escrito"
    ]


def test_fold_curp_puts_letters_and_digits_where_they_belong() -> None:
    assert fold_curp("60MAO8O2I4M5RMRNAS") == "GOMA080214MSRMRNA5"
    assert fold_curp("GOMA08") == "GOMA08"


@given(curps())
def test_fold_curp_leaves_a_right_one_alone(text: str) -> None:
    assert fold_curp(text) == text


@pytest.mark.parametrize(
    "read", [ANA, "60MAO8O2I4M5RMRNAS", "GOMA080214MSRMRN45", "goma 080214 msrmrna5"]
)
def test_same_curp_forgives_what_a_reader_confuses(read: str) -> None:
    assert same_curp(read, ANA) is True


@pytest.mark.parametrize(
    ("read", "known"),
    [
        ("GOMA080214HSRMRNA5", ANA),
        ("GOMA080215MSRMRNA5", ANA),
        (with_digit("GOMA080214MSRMRNB"), ANA),
        (with_digit("GOML080214MSRMRSA"), ANA),
        ("GOMA080214MSRMRNA", ANA),
        ("", ANA),
        (None, ANA),
        ("GOMA080214MSRMRNA6", "GOMA080214MSRMRNA6"),
        ("", ""),
    ],
)
def test_same_curp_does_not_confirm_somebody_else(read: str | None, known: str) -> None:
    assert same_curp(read, known) is False


@pytest.mark.parametrize(
    "text",
    ["GOMA08O214MSRMRNA5", "G0MA080214MSRMRNA5", "GOMA0802I4M5RMRNAS", "GOMA080214MSRMRN45"],
)
def test_suggest_curp_repairs_look_alikes(text: str) -> None:
    assert suggest_curp(text, today=TODAY) == ANA


@pytest.mark.parametrize(
    "text", [ANA, "GOMA080215MSRMRNA5", "GOMA0802", "", None, "GOMA08O215MSRMRNA5"]
)
def test_suggest_curp_has_nothing_to_offer(text: str | None) -> None:
    assert suggest_curp(text, today=TODAY) is None


def test_suggest_curp_does_not_choose_between_two_centuries() -> None:
    # O and 0 in place 17 give the same check digit: only the person knows the century.
    ambiguous = with_digit("GOMA080214MSRMRNO").replace("GOMA08", "GOMAO8")

    assert suggest_curp(ambiguous, today=TODAY) is None


@given(curps(), st.integers(0, 17))
def test_suggest_curp_only_offers_valid_ones(text: str, at: int) -> None:
    confused = {"0": "O", "1": "I", "5": "S", "O": "0", "I": "1", "S": "5"}.get(text[at], text[at])
    misread = f"{text[:at]}{confused}{text[at + 1 :]}"

    suggestion = suggest_curp(misread, today=TODAY)

    assert suggestion is None or parse_curp(suggestion, today=TODAY).value == suggestion


@pytest.mark.parametrize(
    "text",
    [
        "24260812342",
        "24 26 08 1234 2",
        "2426081234-2",
        "2426081234 -2",
        " 24.26.08.1234.2\n",
        "２４２６０８１２３４２",
        "2426081234\u20112",
    ],
)
def test_parse_nss_forgives_how_it_was_typed(text: str) -> None:
    assert parse_nss(text) == "24260812342"


@pytest.mark.parametrize("nss", ["02250800014", "92250823454", "46240801236", "24260812342"])
def test_parse_nss_accepts_the_worked_examples(nss: str) -> None:
    assert parse_nss(nss) == nss


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        (None, "empty", "Escribe tu NSS"),
        ("  ", "empty", "Escribe tu NSS"),
        ("2426081234", "length", "El NSS tiene 11 números; escribiste 10"),
        ("242608123420", "length", "El NSS tiene 11 números; escribiste 12"),
        (
            "2426O812342",
            "characters",
            "El NSS lleva solo números; escribiste «O». Cópialo de tu acuse",
        ),
        (
            "٢٤٢٦٠٨١٢٣٤٢",
            "characters",
            "El NSS lleva solo números; escribiste «٢». Cópialo de tu acuse",
        ),
        (
            "00000000000",
            "zeros",
            "Revisa el NSS: no puede tener solo ceros. Cópialo de tu acuse",
        ),
        (
            "24260812343",
            "check_digit",
            "Revisa el NSS: el último número no corresponde con los demás",
        ),
    ],
)
def test_parse_nss_says_what_is_wrong(text: str | None, code: str, sentence: str) -> None:
    with pytest.raises(NssError) as raised:
        parse_nss(text)

    assert (raised.value.code, raised.value.sentence) == (code, sentence)


def test_parse_nss_override_accepts_another_check_digit_and_nothing_else() -> None:
    assert parse_nss("24260812343", check_digit=False) == "24260812343"
    with pytest.raises(NssError, match="ceros"):
        parse_nss("00000000000", check_digit=False)


def test_parse_nss_refuses_a_huge_text_at_once() -> None:
    with pytest.raises(NssError, match=r"escribiste 1000000$"):
        parse_nss("1" * 1_000_000)


@given(NSS_BODIES)
def test_parse_nss_accepts_the_luhn_digit_and_no_other(body: str) -> None:
    nss = body + nss_check_digit(body)

    others = [f"{body}{digit}" for digit in "0123456789" if f"{body}{digit}" != nss]

    assert parse_nss(nss) == nss
    assert luhn.is_valid(nss)
    assert [nss_has_valid_digit(other) for other in others] == [False] * 9


@given(NSS_BODIES, st.integers(0, 10), st.integers(1, 9))
def test_nss_has_valid_digit_notices_any_single_wrong_digit(body: str, at: int, by: int) -> None:
    nss = body + nss_check_digit(body)

    wrong = f"{nss[:at]}{(int(nss[at]) + by) % 10}{nss[at + 1 :]}"

    assert nss_has_valid_digit(wrong) is False


@given(st.text(max_size=40))
def test_parse_nss_reads_or_refuses_any_text(text: str) -> None:
    with suppress(NssError):
        assert re.fullmatch(r"[0-9]{11}", parse_nss(text))


@pytest.mark.parametrize("text", ["", "2426081234", "２４２６０８１２３４２", "2426081234A"])
def test_nss_has_valid_digit_of_anything_else_is_false(text: str) -> None:
    assert nss_has_valid_digit(text) is False


def test_mask_nss_keeps_the_last_four() -> None:
    assert mask_nss("24260812342") == "•••••••2342"
    assert mask_nss(None) == ""
    assert mask_nss("") == ""


def test_nss_birth_year_warning_compares_digits_five_and_six() -> None:
    assert nss_birth_year_warning("24260812342", date(2008, 2, 14)) is None
    assert nss_birth_year_warning("24260812342", date(2009, 2, 14)) == (
        "El NSS trae el año de nacimiento 08 y la CURP dice 2009: comprobar que sea de este estudiante"
    )
