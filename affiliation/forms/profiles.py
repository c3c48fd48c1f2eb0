"""How a registro patronal sends its movements. None of it is known to hold for students."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from affiliation import movement_file
from affiliation.models import Profile
from affiliation.movement_file import BAJAS, KEEP, LIST, REPLACE, STOP
from affiliation.queries.profiles import file_profile
from affiliation.states import MovementKind
from common.crispy import staff_helper

ASK = "Sin confirmar."
CAUSA = "causa_"


def _code(
    label: str, pattern: str, wanted: str, help_text: str = "", **options: Any
) -> forms.Field:
    """A code of a fixed shape; empty while nobody knows it."""
    message = f"«{label}»: {wanted}, o dejarlo vacío"
    return forms.RegexField(
        f"^{pattern}$",
        label=label,
        help_text=f"{help_text} {ASK}".strip(),
        required=False,
        error_messages={"invalid": message, "max_length": message},
        **options,
    )


def _choice(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    message = f"«{label}»: elegir una opción"
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=f"{help_text} {ASK}".strip(),
        widget=forms.RadioSelect,
        error_messages={"required": message, "invalid_choice": message},
    )


class ProfileForm(forms.Form):
    """The settings of affiliation.movement_file.Profile; what is empty stops the file, never the relation."""

    guia = _code("Guía", "[0-9]{5}", "escribir 5 números", "La da la Subdelegación.", max_length=5)
    salario = forms.DecimalField(
        label="Salario base, en pesos",
        help_text=f"De 0.00 a 9999.99; va en las altas. {ASK}",
        min_value=0,
        max_value=Decimal("9999.99"),
        decimal_places=2,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"),
            "«Salario base, en pesos»: escribir de 0.00 a 9999.99, o dejarlo vacío",
        ),
    )
    tipo_trabajador = _code(
        "Tipo de trabajador", "[1-9]", "escribir de 1 a 9", "1 es permanente.", max_length=1
    )
    tipo_salario = _code(
        "Tipo de salario", "[0-3]", "escribir de 0 a 3", "0 suele ser fijo.", max_length=1
    )
    jornada = _code(
        "Semana o jornada reducida", "[0-6]", "escribir de 0 a 6", "0 es normal.", max_length=1
    )
    umf_desconocida = _code(
        "Qué va mientras no se conoce la UMF",
        "[0-9]{3}",
        "escribir 3 números",
        "Por ejemplo 000.",
        max_length=3,
    )
    encoding = _choice("Codificación del archivo", [("ASCII", "ASCII"), ("CP1252", "Windows-1252")])
    enie = _choice("La Ñ", [(REPLACE, "Se escribe N"), (KEEP, "Se queda")])
    accents = _choice("Los acentos", [(REPLACE, "Se quitan"), (KEEP, "Se quedan")])
    changes = _choice(
        "Si cambia una letra",
        [
            (LIST, "Se muestra y se confirma antes de hacer el lote"),
            (STOP, "El estudiante no entra en el lote"),
        ],
    )
    line_ending = _choice("Fin de cada línea", [("CRLF", "CR y LF"), ("LF", "Solo LF")])
    filler = _choice(
        "Posiciones 110 a 115 de las altas", [("SPACES", "Espacios"), ("ZEROS", "Ceros")]
    )
    control_record = forms.BooleanField(
        label="Lleva el renglón de cifras de control", required=False, help_text=ASK
    )

    def __init__(self, data: Any = None, *, profile: Profile | None) -> None:
        super().__init__(data, initial=_initial(profile))
        for kind, name in BAJAS.items():
            self.fields[f"{CAUSA}{kind}"] = _code(
                f"Causa de baja: {name}",
                "[1-9Aa]",
                "escribir de 1 a 9, o A",
                max_length=1,
            )
        self.helper = staff_helper(submit="Guardar el perfil")
        self.helper.mark_optional = False  # what is empty stops the file

    def settings(self) -> dict[str, Any]:
        """Return the settings as a Profile keeps them."""
        said = dict(self.cleaned_data)
        causas = {kind: said.pop(f"{CAUSA}{kind}").upper() for kind in BAJAS}
        pesos = said.pop("salario")
        return said | {
            "salario": None if pesos is None else int(pesos * 100),
            "causas": {kind: causa for kind, causa in causas.items() if causa},
        }


def missing_in(registro_patronal: str, settings: Mapping[str, Any]) -> dict[str, list[str]]:
    """Tell, for altas and for bajas, why the movement file cannot be written yet."""
    how = file_profile(registro_patronal, settings)
    return {
        kind.label: [one.sentence for one in movement_file.profile_problems(how, kind.value)]
        for kind in MovementKind
    }


def _initial(profile: Profile | None) -> dict[str, Any]:
    blank = movement_file.Profile("", "", None, "", "", "", "")
    settings = profile.settings if profile else {}
    names = ("encoding", "enie", "accents", "changes", "line_ending", "filler", "control_record")
    defaults = {name: getattr(blank, name) for name in names}
    cents = settings.get("salario")
    return (
        defaults
        | settings
        | {"salario": None if cents is None else Decimal(cents) / 100}
        | {f"{CAUSA}{kind}": causa for kind, causa in settings.get("causas", {}).items()}
    )
