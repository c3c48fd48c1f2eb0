"""What each editable text consists of, and what no version may lack."""

from copy import deepcopy

import pytest

from nss.states import ReturnReason
from school.queries.texts import packaged_fields
from school.states import TextKind
from school.text_parts import (
    MOST_QUESTIONS,
    SPARE_QUESTIONS,
    faults,
    parts_of,
    typed_of,
    with_typed,
    without_blanks,
)
from students.states import OtherCover

GUIDE, AVISO = TextKind.GUIA, TextKind.AVISO


def typed(kind):
    fields = packaged_fields(kind)
    return {part.name: typed_of(fields, part) for part in parts_of(kind, fields)}


def after(kind, **changes):
    return with_typed(kind, packaged_fields(kind), typed(kind) | changes)


@pytest.mark.parametrize("kind", TextKind)
def test_packaged_texts_lack_nothing(kind):
    assert faults(kind, packaged_fields(kind)) == {}


@pytest.mark.parametrize("kind", TextKind)
def test_typing_what_is_there_changes_nothing(kind):
    before = deepcopy(packaged_fields(kind))

    assert without_blanks(with_typed(kind, packaged_fields(kind), typed(kind))) == before
    assert packaged_fields(kind) == before


def test_with_typed_keeps_what_is_not_on_the_screen():
    new = after(GUIDE, steps__items__3__text="Escribe tus datos.")

    assert new["steps"]["items"][3] == {
        "text": "Escribe tus datos.",
        "copies": True,
    }


def test_with_typed_leaves_what_was_not_typed():
    before = packaged_fields(GUIDE)

    new = with_typed(GUIDE, before, {"needs__items": "Tu CURP"})

    assert new == before | {"needs": before["needs"] | {"items": ["Tu CURP"]}}


def test_with_typed_reads_a_list_line_by_line():
    new = after(GUIDE, needs__items=" Tu CURP \n\n  Tu correo\n")

    assert new["needs"]["items"] == ["Tu CURP", "Tu correo"]


def test_the_guide_keeps_its_seven_steps():
    missing = {f"steps__items__{at}__text" for at in range(7)}

    found = faults(GUIDE, after(GUIDE, **dict.fromkeys(missing, "")))

    assert set(found) == missing
    assert found["steps__items__6__text"] == "Escribir «Paso 7»"


@pytest.mark.parametrize(
    ("part", "words", "sentence"),
    [
        (
            "subdelegacion__text",
            "Pregunta en tu plantel.",
            "Escribir también «No vayas a la Subdelegación»: este texto no puede ir sin eso",
        ),
        (
            "remember__text",
            "Presenta tu acuse.",
            "Escribir también «tres días»: este texto no puede ir sin eso",
        ),
        (
            "steps__url",
            "https://imss.gob.mx.example/",
            "Escribir una dirección de imss.gob.mx que empiece con https://",
        ),
        (
            "steps__url",
            "http://www.imss.gob.mx/",
            "Escribir una dirección de imss.gob.mx que empiece con https://",
        ),
        ("lead", "{{nombre}}, es gratis", "Aquí no se conoce {{nombre}}. Quitarlo"),
        ("lead", "a" * 1001, "Acortarlo: caben 1000 letras"),
        ("questions__0__answer", "", "Escribir la pregunta y su respuesta"),
        ("services__items", "", "Escribir «Servicios»"),
        ("right__heading", "", "Escribir «Título» de «El derecho»"),
    ],
)
def test_the_guide_keeps_what_matters(part, words, sentence):
    assert faults(GUIDE, after(GUIDE, **{part: words})) == {part: sentence}


def test_no_vayas_may_be_bold():
    new = after(GUIDE, subdelegacion__text="**No vayas** a la Subdelegación. Repórtalo.")

    assert faults(GUIDE, new) == {}


def test_questions_come_and_go():
    asked = len(packaged_fields(GUIDE)["questions"])
    new = after(
        GUIDE,
        questions__0__question="",
        questions__0__answer="",
        **{f"questions__{asked}__question": "¿Y si no?", f"questions__{asked}__answer": "Avisa."},
    )

    assert faults(GUIDE, new) == {}
    assert len(without_blanks(new)["questions"]) == asked
    assert without_blanks(new)["questions"][-1] == {"question": "¿Y si no?", "answer": "Avisa."}


def test_there_are_spare_questions_up_to_a_limit():
    fields = packaged_fields(GUIDE)
    many = fields | {"questions": [{"question": "¿?", "answer": "!"}] * MOST_QUESTIONS}
    count = [
        sum(part.name.endswith("__question") for part in parts_of(GUIDE, one))
        for one in (fields, many)
    ]

    assert count == [len(fields["questions"]) + SPARE_QUESTIONS, MOST_QUESTIONS]


def test_the_aviso_keeps_its_nine_items():
    missing = {f"sections__{at}__{name}" for at in range(9) for name in ("heading", "paragraphs")}

    assert set(faults(AVISO, after(AVISO, **dict.fromkeys(missing, "")))) == missing


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (0, "{{subsistema}}"),
        (0, "{{domicilio}}"),
        (2, "{{ley_estatal}}"),
        (4, "{{autoridad}}"),
        (5, "{{unidad}}"),
        (6, "IMSS"),
    ],
)
def test_the_items_of_the_aviso_keep_their_subject(at, words):
    part = f"sections__{at}__paragraphs"
    new = after(AVISO, **{part: typed(AVISO)[part].replace(words, "nadie")})

    assert set(faults(AVISO, new)) == {part}


def test_an_unknown_variable_is_told_the_known_ones():
    new = after(AVISO, sections__8__closing="Lo dice {{ director }}.")

    assert faults(AVISO, new) == {
        "sections__8__closing": (
            "Aquí no se conoce {{director}}. Se puede usar {{subsistema}}, {{domicilio}}, {{unidad}}, "
            "{{ley_estatal}}, {{autoridad}}"
        )
    }


@pytest.mark.parametrize(
    ("kind", "part", "words"),
    [
        (TextKind.MANIFESTACION, "statement", "Bajo protesta de decir verdad, no tengo otro."),
        (TextKind.MANIFESTACION, "statement", "Declaro que {{cobertura}}"),
        (TextKind.MOTIVOS, "OTHER__reason", "Otro motivo."),
        (TextKind.MOTIVOS, "IMSS_DATA_WRONG__reason", "Un dato sale mal."),
        (TextKind.MOTIVOS, "UNREADABLE__remedy", ""),
        (TextKind.IDENTIDAD, "subsystem", ""),
        (TextKind.OFICIO, "body", "Le solicito el NSS de los estudiantes de la lista."),
        (TextKind.OFICIO, "closing", "Queda a sus órdenes {{nombre}}."),
        (TextKind.OFICIO, "addressed_to", ""),
    ],
)
def test_the_other_texts_keep_theirs(kind, part, words):
    assert set(faults(kind, after(kind, **{part: words}))) == {part}


def test_reasons_and_covers_are_all_on_the_screen():
    reasons = {part.path[0] for part in parts_of(TextKind.MOTIVOS, {})}
    covers = {
        part.path[-1] for part in parts_of(TextKind.MANIFESTACION, {}) if part.path[0] == "covers"
    }

    assert reasons == set(ReturnReason)
    assert covers == set(OtherCover)
