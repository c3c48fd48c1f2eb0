"""What stops a movement or a profile, and what changes on the way to the file; no CURP and no NSS in a sentence."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from affiliation.movement_file.names import Spelling, spelling
from affiliation.movement_file.parts import (
    ALTA,
    BAJA,
    BAJAS,
    CAUSAS,
    CODECS,
    FILLERS,
    KEEP,
    LINE_ENDINGS,
    LIST,
    LONGEST_KEY,
    LONGEST_NAME,
    NAMES,
    REPLACE,
    STOP,
    Change,
    Movement,
    Problem,
    Profile,
)

_Fault = tuple[str, str, str]
"""The field, code and sentence of a Problem."""

_Shapes = Mapping[str, tuple[Callable[[str], object], str]]
"""By field: what it looks like, and what to do when it does not."""

_BY_HAND: Final = "registrar este movimiento directamente en IDSE y sacarlo del lote"
_IN_LIST: Final = "en la lista del plantel e importar la lista otra vez"
_IN_PROFILE: Final = "Corregirlo en el perfil del registro patronal"
_PROFILE: Final[_Shapes] = {
    "registro_patronal": (
        re.compile("[A-Z0-9]{10}[0-9]").fullmatch,
        f"El registro patronal lleva 11 letras y números, sin guiones. {_IN_PROFILE}",
    ),
    "guia": (
        re.compile("[0-9]{5}").fullmatch,
        "La guía lleva 5 números. Escribir la que dio la Subdelegación en el perfil del registro patronal",
    ),
}
_PROFILE_OF_ALTAS: Final[_Shapes] = {
    **_PROFILE,
    "tipo_trabajador": (
        re.compile("[1-9]").fullmatch,
        f"El tipo de trabajador va de 1 a 9. {_IN_PROFILE}",
    ),
    "tipo_salario": (
        re.compile("[0-3]").fullmatch,
        f"El tipo de salario va de 0 a 3. {_IN_PROFILE}",
    ),
    "jornada": (re.compile("[0-6]").fullmatch, f"La semana o jornada va de 0 a 6. {_IN_PROFILE}"),
    "umf_desconocida": (
        re.compile("[0-9]{3}").fullmatch,
        f"El valor que va mientras no se conoce la UMF lleva 3 números. {_IN_PROFILE}",
    ),
}
_CHOICES: Final = {
    "encoding": ("la codificación", tuple(CODECS)),
    "enie": ("cómo va la Ñ", (KEEP, REPLACE)),
    "accents": ("cómo van los acentos", (KEEP, REPLACE)),
    "signs": ("cómo van los signos", (KEEP, REPLACE)),
    "changes": ("qué se hace con las letras que cambian", (STOP, LIST)),
    "line_ending": ("el fin de línea", tuple(LINE_ENDINGS)),
    "filler": ("el relleno", tuple(FILLERS)),
}
"""By setting: what it decides, and the values it can have."""
_CAUSA: Final = f"Las causas de baja van de 1 a 9, o A. {_IN_PROFILE}"
_SALARIO: Final = f"El salario va de 0.00 a 9999.99 pesos. {_IN_PROFILE}"
_BAJA: Final[_Shapes] = {
    "nss": (
        re.compile("(?!0{11})[0-9]{11}").fullmatch,
        "El NSS lleva 11 números, no todos ceros. Corregirlo con el acuse a la vista",
    ),
}
_ALTA: Final[_Shapes] = {
    **_BAJA,
    "curp": (
        re.compile("[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z][0-9]").fullmatch,
        f"La CURP no está completa. Corregirla {_IN_LIST}",
    ),
    "umf": (
        re.compile("[0-9]{3}").fullmatch,
        "La UMF lleva 3 números, con ceros al principio. Corregirla",
    ),
}
_KEY: Final = re.compile("[A-Za-z0-9]{0,10}")


def fits_key(text: str) -> bool:
    """Return whether a text can be the clave del trabajador: up to ten letters and digits, none of them changed."""
    return _KEY.fullmatch(text) is not None


def changes(movement: Movement, profile: Profile) -> list[Change]:
    """Return the names that are written with other characters, such as «MUÑOZ → MUNOZ»."""
    return [
        Change(name, one.before, one.text)
        for name in NAMES
        if (one := spelling(getattr(movement, name), profile)).is_changed
    ]


def problems(movement: Movement, profile: Profile) -> list[Problem]:
    """Return why this movement cannot be written with this profile; [] if it can."""
    faults = _misshapen(movement, _ALTA if movement.kind == ALTA else _BAJA)
    for name in NAMES:
        faults += _name_faults(name, spelling(getattr(movement, name), profile), profile.changes)
    if not fits_key(movement.worker_key):
        faults.append(_key_fault(movement.worker_key))
    if movement.kind == BAJA:
        faults += _causa_faults(movement.baja_kind, profile.causas)
    return [Problem(*fault, reference=movement.reference) for fault in faults]


def profile_problems(profile: Profile, kind: str) -> list[Problem]:
    """Return why no movement of this kind can be written with this profile; [] if some can."""
    faults = [
        (field, "UNKNOWN", f"El perfil de envío no dice bien {decides}. {_IN_PROFILE}")
        for field, (decides, values) in _CHOICES.items()
        if getattr(profile, field) not in values
    ]
    faults += _misshapen(profile, _PROFILE_OF_ALTAS if kind == ALTA else _PROFILE)
    if kind == ALTA and (profile.salario is None or not 0 <= profile.salario <= 999_999):
        faults.append(("salario", "SHAPE", _SALARIO))
    if kind == BAJA and not set(filter(None, profile.causas.values())) <= CAUSAS:
        faults.append(("causas", "SHAPE", _CAUSA))
    return [Problem(*fault) for fault in faults]


def _misshapen(subject: Movement | Profile, shapes: _Shapes) -> list[_Fault]:
    faults = []
    for field, (fits, sentence) in shapes.items():
        value = getattr(subject, field)
        is_unknown_clinic = value is None and field == "umf"
        if not is_unknown_clinic and not fits(value or ""):
            faults.append((field, "SHAPE", sentence))
    return faults


def _name_faults(field: str, one: Spelling, changes: str) -> list[_Fault]:
    text, faults = one.text, []
    if not text and field != "second_surname":
        sentence = f"Falta {NAMES[field]}. Escribirlo {_IN_LIST}"
        faults.append((field, "MISSING", sentence))
    if len(text) > LONGEST_NAME:
        faults.append((field, "LONG", _too_long(NAMES[field], len(text), LONGEST_NAME)))
    if one.strange:
        shown = f"«{one.strange}»" if one.strange.isprintable() else "un carácter que no se ve"
        sentence = (
            f"El archivo no admite {shown} en {NAMES[field]}. Escribirlo, como está en el acuse, {_IN_LIST}, o pedir a "
            "la administración que cambie en el perfil del registro patronal cómo van la Ñ y los acentos"
        )
        faults.append((field, "LETTERS", sentence))
    if one.is_changed and changes == STOP:
        sentence = (
            f"En {NAMES[field]} cambian caracteres: {one.before} → {text}. Pedir a la administración que lo permita en "
            f"el perfil del registro patronal, o {_BY_HAND}"
        )
        faults.append((field, "CHANGED", sentence))
    return faults


def _key_fault(key: str) -> _Fault:
    if len(key) > LONGEST_KEY:
        return "worker_key", "LONG", _too_long("la clave del trabajador", len(key), LONGEST_KEY)
    sentence = "La clave del trabajador lleva letras sin acento y números. Corregirla"
    return "worker_key", "LETTERS", sentence


def _too_long(label: str, length: int, longest: int) -> str:
    label = f"{label[0].upper()}{label[1:]}"
    return (
        f"{label} tiene {length} letras y caben {longest}; no se corta. Si sobra algo, quitarlo {_IN_LIST}; si no, "
        f"{_BY_HAND}"
    )


def _causa_faults(baja_kind: str | None, causas: Mapping[str, str]) -> Iterator[_Fault]:
    if baja_kind not in BAJAS:
        yield "baja_kind", "MISSING", f"Falta decir por qué causa baja: {', '.join(BAJAS.values())}"
    elif causas.get(baja_kind) not in CAUSAS:
        sentence = (
            f"Falta la causa que usa el IMSS para «{BAJAS[baja_kind]}». Preguntarla en la Subdelegación y pedir a la "
            "administración que la escriba en el perfil del registro patronal"
        )
        yield "baja_kind", "CAUSA", sentence
