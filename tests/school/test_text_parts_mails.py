"""What keeps every mail short, honest and without secrets."""

import pytest

from school.queries.texts import packaged_fields, texts_in_use
from school.states import TextKind
from school.text_parts import faults, with_typed
from school.text_parts.changes import Change, Piece, changes
from school.text_parts.mails import EXAMPLES, MAILS, has_link, length_of

OVERDUE, CODE = TextKind.M_05, TextKind.M_01


def mail(kind=OVERDUE, **typed):
    return with_typed(kind, packaged_fields(kind), typed)


@pytest.mark.parametrize("kind", MAILS)
def test_each_variable_of_a_mail_has_an_example(kind):
    assert set(MAILS[kind].variables) <= set(EXAMPLES)


@pytest.mark.parametrize(
    ("part", "words", "sentence"),
    [
        ("body", "Tu CURP es {{curp}}.", "Quitar {{curp}}: un correo nunca lleva CURP ni NSS"),
        ("subject", "Tu {{ NSS }}", "Quitar {{ NSS }}: un correo nunca lleva CURP ni NSS"),
        (
            "body",
            "Tu número es 24260812342.",
            "Quitar la CURP o el NSS: un correo nunca los lleva",
        ),
        (
            "body",
            "Eres GOMA080214MSRMRNA5.",
            "Quitar la CURP o el NSS: un correo nunca los lleva",
        ),
        ("body", "Súbelo, por  favor.", "Quitar «por favor»: el portal no habla así"),
        ("subject", "Correo inválido", "Quitar «inválido»: el portal no habla así"),
        (
            "body",
            "Entra a https://imss.example",
            "Quitar la dirección: un correo lleva un solo enlace, y lo pone {{enlace}}",
        ),
        (
            "body",
            "{% if fecha %}Hoy{% endif %}",
            "Quitar las llaves que sobran: una variable se escribe {{así}}",
        ),
        (
            "body",
            "Hola, {{nombre|safe}}",
            "Quitar las llaves que sobran: una variable se escribe {{así}}",
        ),
        ("body", "{{enlace}}\n\n{{ enlace }}", "Dejar un solo {{enlace}}"),
        (
            "body",
            "Súbelo aquí: {{enlace}}",
            "Poner {{enlace}} en un párrafo suyo: ahí va el botón",
        ),
        ("subject", "a" * 61, "Acortarlo: son 61 letras y caben 60"),
        ("body", "a " * 121, "Acortarlo: son 121 palabras y caben 120"),
        (
            "subject",
            "Entra en {{enlace}}",
            "Aquí no se conoce {{enlace}}. Se puede usar {{nombre}}, {{plantel}}, {{fecha}}",
        ),
        (
            "body",
            "Folio {{folio}}",
            "Aquí no se conoce {{folio}}. Se puede usar {{enlace}}, {{nombre}}, {{plantel}}, {{fecha}}",
        ),
        ("subject", "", "Escribir «Asunto»"),
    ],
)
def test_a_mail_is_refused(part, words, sentence):
    assert faults(OVERDUE, mail(**{part: words})) == {part: sentence}


def test_the_activation_mail_keeps_its_code():
    found = faults(CODE, mail(CODE, body="Entra con tu matrícula."))

    assert found == {"body": "Escribir también «{{codigo}}»: este texto no puede ir sin eso"}


def test_a_mail_may_leave_its_link_to_the_portal():
    new = mail(body="Súbelo hoy.")

    assert faults(OVERDUE, new) == {}
    assert not has_link(new["body"])


def test_a_mail_keeps_its_paragraphs():
    new = mail(body="  Uno.  \n\n\n\nDos\n tres.\n\n")

    assert new["body"] == "Uno.\n\nDos\ntres."


def test_length_of_counts_what_is_read():
    fields = {"subject": "{{plantel}}", "body": "Tienes hasta el {{fecha}}.\n\n{{enlace}}"}

    assert length_of(fields) == (len("Plantel 05 Hermosillo"), 8)


def test_changes_tell_words_that_went_and_words_that_came():
    old, new = packaged_fields(OVERDUE), mail(subject="Aún puedes subir tu acuse hoy")

    assert changes(OVERDUE, old, new) == [
        Change(
            "El correo",
            "Asunto",
            (
                Piece("Todavía", is_old=True),
                Piece("Aún", is_new=True),
                Piece(" puedes subir tu acuse"),
                Piece(" hoy", is_new=True),
            ),
        )
    ]


def test_changes_tell_of_parts_that_only_one_version_has():
    old = packaged_fields(TextKind.GUIA)
    new = old | {"questions": old["questions"][:-1]}

    found = changes(TextKind.GUIA, old, new)

    assert [change.pieces[0].is_old for change in found] == [True, True]


@pytest.mark.django_db
def test_texts_in_use_are_read_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = texts_in_use({TextKind.GUIA, OVERDUE})

    assert {kind: text.version for kind, text in found.items()} == {TextKind.GUIA: 0, OVERDUE: 0}
