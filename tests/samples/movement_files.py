"""Movement files written by hand from the table of positions, with nobody's data: what the writer has to equal."""

from collections.abc import Iterable

Stretch = tuple[int, int, str]
"""The first position, the last one, and what stands there."""


def line(stretches: Iterable[Stretch]) -> str:
    """Return the line, once each stretch is as long as its positions say and begins where the last one ended."""
    text = ""
    for first, last, part in stretches:
        assert (first, last) == (len(text) + 1, len(text) + len(part)), (first, last, part)
        text += part
    assert len(text) == 168
    return text


MUNOZ = line(
    [
        (1, 10, "Y541234532"),
        (11, 11, "7"),
        (12, 21, "2426081234"),
        (22, 22, "2"),
        (23, 49, "MUNOZ                      "),
        (50, 76, "DE LA CRUZ                 "),
        (77, 103, "JOSE ANGEL                 "),
        (104, 109, "031504"),
        (110, 115, "      "),
        (116, 116, "1"),
        (117, 117, "0"),
        (118, 118, "0"),
        (119, 126, "24082026"),
        (127, 129, "043"),
        (130, 131, "  "),
        (132, 133, "08"),
        (134, 138, "05417"),
        (139, 148, "26050148  "),
        (149, 149, " "),
        (150, 167, "MUCA080214HSRXRNA5"),
        (168, 168, "9"),
    ]
)
"""José Ángel Muñoz de la Cruz, whose clinic is known."""

OFARRILL = line(
    [
        (1, 10, "Y541234532"),
        (11, 11, "7"),
        (12, 21, "0326095678"),
        (22, 22, "8"),
        (23, 49, "OFARRILL                   "),
        (50, 76, "                           "),
        (77, 103, "MA ELENA                   "),
        (104, 109, "031504"),
        (110, 115, "      "),
        (116, 116, "1"),
        (117, 117, "0"),
        (118, 118, "0"),
        (119, 126, "01092026"),
        (127, 129, "000"),
        (130, 131, "  "),
        (132, 133, "08"),
        (134, 138, "05417"),
        (139, 148, "          "),
        (149, 149, " "),
        (150, 167, "OAXE091130MSRFXLA5"),
        (168, 168, "9"),
    ]
)
"""Ma. Elena O'Farrill, without second surname, clinic or matrícula."""

TWO_ALTAS = line(
    [
        (1, 13, "*************"),
        (14, 56, "                                           "),
        (57, 62, "000002"),
        (
            63,
            133,
            "                                                                       ",
        ),
        (134, 138, "05417"),
        (139, 167, "                             "),
        (168, 168, "9"),
    ]
)
"""The control record of the two altas."""

ALTAS = f"{MUNOZ}\r\n{OFARRILL}\r\n{TWO_ALTAS}\r\n".encode("ascii")

FINISHED = line(
    [
        (1, 10, "Y541234532"),
        (11, 11, "7"),
        (12, 21, "2426081234"),
        (22, 22, "2"),
        (23, 49, "MUNOZ                      "),
        (50, 76, "DE LA CRUZ                 "),
        (77, 103, "JOSE ANGEL                 "),
        (104, 118, "000000000000000"),
        (119, 126, "09072027"),
        (127, 131, "     "),
        (132, 133, "02"),
        (134, 138, "05417"),
        (139, 148, "26050148  "),
        (149, 149, "6"),
        (150, 167, "                  "),
        (168, 168, "9"),
    ]
)
"""José Ángel ends his bachillerato."""

ONE_BAJA = line(
    [
        (1, 13, "*************"),
        (14, 56, "                                           "),
        (57, 62, "000001"),
        (
            63,
            133,
            "                                                                       ",
        ),
        (134, 138, "05417"),
        (139, 167, "                             "),
        (168, 168, "9"),
    ]
)
"""The control record of the one baja."""

BAJAS = f"{FINISHED}\r\n{ONE_BAJA}\r\n".encode("ascii")
