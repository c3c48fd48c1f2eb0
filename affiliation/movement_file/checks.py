"""What stops a movement or a profile, and what changes on the way to the file; no CURP and no NSS in a sentence."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from affiliation.movement_file.names import capitals, is_plain, spelled, stranger
from affiliation.movement_file.parts import (
    ALTA,
    BAJA,
    BAJAS,
    LONGEST_KEY,
    LONGEST_NAME,
    NAMES,
    STOP,
    Change,
    Movement,
    Problem,
    Profile,
)

_Fault = tuple[str, str, str]
"""The field, code and sentence of a Problem."""

_Shapes = Mapping[str, tuple[re.Pattern[str], str]]
"""By field: what it looks like, and what to do when it does not."""

_BY_HAND: Final = "registrar este movimiento directamente en IDSE y sacarlo del lote"
_IN_PROFILE: Final = "Corregirlo en el perfil del registro patronal"
_PROFILE: Final[_Shapes] = {
    "registro_patronal": (
        re.compile("[A-Z0-9]{10}[0-9]"),
        f"El registro patronal lleva 11 letras y números, sin guiones. {_IN_PROFILE}",
    ),
    "guia": (
        re.compile("[0-9]{5}"),
        "La guía lleva 5 números. Escribir la que dio la Subdelegación en el perfil del registro patronal",
    ),
}
_PROFILE_OF_ALTAS: Final[_Shapes] = {
    **_PROFILE,
    "tipo_trabajador": (
        re.compile("[0-9]"),
        f"El tipo de trabajador es un número de una cifra. {_IN_PROFILE}",
    ),
    "tipo_salario": (re.compile("[0-3]"), f"El tipo de salario va de 0 a 3. {_IN_PROFILE}"),
    "jornada": (re.compile("[0-6]"), f"La semana o jornada va de 0 a 6. {_IN_PROFILE}"),
    "umf_desconocida": (
        re.compile("[0-9]{3}"),
        f"El valor que va mientras no se conoce la UMF lleva 3 números. {_IN_PROFILE}",
    ),
}
_SALARIO: Final = f"El salario va de 0.00 a 9999.99 pesos. {_IN_PROFILE}"
_BAJA: Final[_Shapes] = {
    "nss": (
        re.compile("[0-9]{11}"),
        "El NSS no tiene 11 números. Corregirlo con el acuse a la vista",
    ),
}
_ALTA: Final[_Shapes] = {
    **_BAJA,
    "curp": (
        re.compile("[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z][0-9]"),
        "La CURP no está completa. Corregirla en los datos del estudiante",
    ),
    "umf": (re.compile("[0-9]{3}"), "La UMF lleva 3 números, con ceros al principio. Corregirla"),
}
_KEY: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?|")
_CAUSA: Final = re.compile("[0-9A-Z]")


def changes(movement: Movement, profile: Profile) -> list[Change]:
    """Return the names that are written with other characters, such as «MUÑOZ → MUNOZ»."""
    found = []
    for name in NAMES:
        text = getattr(movement, name)
        if not is_plain(text) and (before := capitals(text)) != (after := spelled(text, profile)):
            found.append(Change(name, before, after))
    return found


def problems(movement: Movement, profile: Profile) -> list[Problem]:
    """Return why this movement cannot be written with this profile; [] if it can."""
    faults = list(_misshapen(movement, _ALTA if movement.kind == ALTA else _BAJA))
    for name in NAMES:
        text = getattr(movement, name)
        if not is_plain(text) or len(text) > LONGEST_NAME:
            faults += _name_faults(name, text, profile)
    key = movement.worker_key
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        faults.append(_key_fault(key))
    if movement.kind == BAJA:
        faults += _causa_faults(movement.baja_kind, profile.causas)
    return [Problem(*fault, reference=movement.reference) for fault in faults]


def profile_problems(profile: Profile, kind: str) -> list[Problem]:
    """Return why no movement of this kind can be written with this profile; [] if some can."""
    faults = list(_misshapen(profile, _PROFILE_OF_ALTAS if kind == ALTA else _PROFILE))
    if kind == ALTA and (profile.salario is None or not 0 <= profile.salario <= 999_999):
        faults.append(("salario", "SHAPE", _SALARIO))
    return [Problem(*fault) for fault in faults]


def _misshapen(subject: Movement | Profile, shapes: _Shapes) -> Iterator[_Fault]:
    for field, (shape, sentence) in shapes.items():
        value = getattr(subject, field)
        if value is not None and not shape.fullmatch(value):  # the clinic alone may not be known
            yield field, "SHAPE", sentence


def _name_faults(field: str, name: str, profile: Profile) -> Iterator[_Fault]:
    label, text = NAMES[field], spelled(name, profile)
    if not text and field != "second_surname":
        yield field, "MISSING", f"Falta {label}. Escribirlo en los datos del estudiante"
    if len(text) > LONGEST_NAME:
        yield field, "LONG", _too_long(label, len(text), LONGEST_NAME)
    if strange := stranger(text, profile.encoding):
        shown = f"«{strange}»" if strange.isprintable() else "un carácter que no se ve"
        sentence = (
            f"El archivo no admite {shown} en {label}. Escribirlo como está en el acuse, o cambiar en el perfil "
            "del registro patronal cómo van la Ñ y los acentos"
        )
        yield field, "LETTERS", sentence
    if profile.changes == STOP and text != (before := capitals(name)):
        sentence = (
            f"En {label} cambian letras: {before} → {text}. Permitirlo en el perfil del registro patronal, o "
            f"{_BY_HAND}"
        )
        yield field, "CHANGED", sentence


def _key_fault(key: str) -> _Fault:
    if len(key) > LONGEST_KEY:
        return "worker_key", "LONG", _too_long("la clave del trabajador", len(key), LONGEST_KEY)
    sentence = "La clave del trabajador lleva letras sin acento, números y guiones. Corregirla"
    return "worker_key", "LETTERS", sentence


def _too_long(label: str, length: int, longest: int) -> str:
    label = f"{label[0].upper()}{label[1:]}"
    return f"{label} tiene {length} letras y caben {longest}; no se corta. Revisarlo, o {_BY_HAND}"


def _causa_faults(baja_kind: str | None, causas: Mapping[str, str]) -> Iterator[_Fault]:
    if baja_kind not in BAJAS:
        yield "baja_kind", "MISSING", f"Falta decir por qué causa baja: {', '.join(BAJAS.values())}"
    elif not _CAUSA.fullmatch(causas.get(baja_kind, "")):
        sentence = (
            f"Falta la causa que usa el IMSS para «{BAJAS[baja_kind]}». Preguntarla en la Subdelegación y "
            "escribirla en el perfil del registro patronal"
        )
        yield "baja_kind", "CAUSA", sentence
