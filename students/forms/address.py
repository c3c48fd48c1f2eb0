"""E-04: where the student lives. A postal code proposes, it never blocks."""

import re
from collections.abc import Mapping
from typing import Any, cast

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from common.crispy import fields_helper
from students.identity import STATES
from students.models import StudentData
from students.queries.places import places_of

CODE_LENGTH = 5
OTHER = "otra"
UNKNOWN_CODE = "No encontramos ese código postal. Revísalo o escribe tu domicilio completo"
_LOOKING = ("find", "free")
_ESTADOS = sorted(name for code, name in STATES.items() if code != "NE")


class AddressForm(forms.Form):
    """The postal code decides what is asked of the place: a list (known), plain text (unknown or «No es mi municipio»).

    Pressing «Buscar colonias» or «No es mi municipio» only looks: what was typed stays, nothing is refused. So does
    «Continuar» on a page that has no list yet.
    """

    postal_code = forms.CharField(
        label="Código postal",
        max_length=7,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={
            "required": "Escribe tu código postal",
            "max_length": "El código postal tiene 5 números",
        },
    )
    free_place = forms.BooleanField(required=False, widget=forms.HiddenInput)
    colonia = forms.ChoiceField(
        label="Colonia",
        error_messages={"required": "Elige tu colonia", "invalid_choice": "Elige tu colonia"},
    )
    other_colonia = forms.CharField(
        label="Escribe tu colonia",
        help_text="Solo si no aparece en la lista",
        max_length=120,
        required=False,
    )
    municipio = forms.CharField(
        label="Municipio o alcaldía",
        max_length=120,
        error_messages={"required": "Escribe tu municipio o alcaldía"},
    )
    estado = forms.ChoiceField(label="Estado", error_messages={"required": "Elige tu estado"})
    street = forms.CharField(
        label="Calle",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"required": "Escribe tu calle"},
    )
    exterior_number = forms.CharField(
        label="Número exterior",
        help_text="Si no tiene, escribe S/N",
        max_length=20,
        error_messages={"required": "Escribe el número de tu casa, o S/N si no tiene"},
    )
    interior_number = forms.CharField(label="Número interior", max_length=20, required=False)
    address_notes = forms.CharField(
        label="Referencias",
        help_text="Por ejemplo: entre qué calles está",
        max_length=200,
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any]
    ) -> None:
        if data is not None and _only_looks(data):
            typed = {name: data[name] for name in data}
            data, initial = None, {**initial, **typed, "free_place": "free" in typed}
        super().__init__(data, initial=dict(initial))
        self.code = digits_of(self["postal_code"].value())
        self.place = places_of(self.code) if len(self.code) == CODE_LENGTH else None
        is_complete = len(self.code) == CODE_LENGTH
        wants_free = self["free_place"].value() in {True, "True", "on", "1"}
        self.is_listed = self.place is not None and not wants_free
        self.is_free = is_complete and not self.is_listed
        self._shape()

    @property
    def status(self) -> str:
        """The line that is read out when the list arrives."""
        if self.place is not None:
            count = len(self.place.colonias)
            noun = "colonia" if count == 1 else "colonias"
            return f"Encontramos {count} {noun} en {self.place.municipio}, {self.place.estado}"
        if len(self.code) == CODE_LENGTH:
            return UNKNOWN_CODE
        return _count_sentence(self.code) if self.code and not self.is_bound else ""

    @property
    def answer(self) -> dict[str, str]:
        """What the action takes."""
        cleaned = self.cleaned_data
        listed = self.place if self.is_listed else None
        colonia = cleaned.get("colonia", OTHER)
        names = ("street", "exterior_number", "interior_number", "address_notes")
        return {
            "postal_code": cleaned["postal_code"],
            "colonia": cleaned["other_colonia"] if colonia == OTHER else colonia,
            "municipio": listed.municipio if listed else cleaned["municipio"],
            "estado": listed.estado if listed else cleaned["estado"],
            **{name: cleaned[name] for name in names},
        }

    def clean_postal_code(self) -> str:
        code = digits_of(self.cleaned_data["postal_code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError(_count_sentence(code))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wants_text = self.is_free or cleaned.get("colonia") == OTHER
        if wants_text and not cleaned.get("other_colonia"):
            self.add_error("other_colonia", "Escribe tu colonia")
        return cleaned

    def _shape(self) -> None:
        """Leaves only the fields that this postal code needs."""
        if self.is_listed and self.place is not None:
            self._list_colonias(self.place.colonias)
            unasked = ["municipio", "estado"]
        elif self.is_free:
            self.fields["other_colonia"].label = "Colonia"
            self.fields["other_colonia"].help_text = ""
            estados = _with(self.initial.get("estado"), _ESTADOS)
            self._choose("estado", ("", "Elige tu estado"), *((name, name) for name in estados))
            unasked = ["colonia"]
        else:
            unasked = ["colonia", "other_colonia", "municipio", "estado"]
        for name in unasked:
            del self.fields[name]
        self.fields["postal_code"].widget.attrs |= {
            "hx-get": reverse("students:find_places"),
            "hx-trigger": "input changed delay:300ms, early",
            "hx-target": "#lugar",
        }
        self.code_helper = _part("postal_code")
        self.place_helper = _part(
            *_present(self, "colonia", "other_colonia", "municipio", "estado")
        )
        self.street_helper = _part("street", "exterior_number", "interior_number", "address_notes")

    def _list_colonias(self, colonias: list[str]) -> None:
        named = [(name, name) for name in colonias]
        self._choose("colonia", ("", "Elige tu colonia"), *named, (OTHER, "Mi colonia no aparece"))
        kept = self.initial.get("colonia")
        if kept and kept != OTHER and kept not in colonias:
            self.initial = {**self.initial, "colonia": OTHER, "other_colonia": kept}

    def _choose(self, name: str, *choices: tuple[str, str]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def initial_address(data: StudentData | None) -> dict[str, Any]:
    """Return what the student gave before; a municipio of his own opens the plain fields again."""
    if data is None or not data.postal_code:
        return {}
    names = ("postal_code", "municipio", "estado", "street", "exterior_number")
    initial = {name: getattr(data, name) for name in (*names, "interior_number", "address_notes")}
    place = places_of(data.postal_code)
    is_own = place is not None and (place.municipio, place.estado) != (data.municipio, data.estado)
    colonia = (
        {"other_colonia": data.colonia} if place is None or is_own else {"colonia": data.colonia}
    )
    return {**initial, **colonia, "free_place": is_own}


def _only_looks(data: Mapping[str, Any]) -> bool:
    """A page that had no list yet asks for it, whatever button was pressed."""
    had_place = "colonia" in data or "other_colonia" in data
    is_complete = len(digits_of(data.get("postal_code"))) == CODE_LENGTH
    return any(name in data for name in _LOOKING) or (is_complete and not had_place)


def _part(*names: str) -> Any:
    helper = fields_helper(
        *(Field(name, wrapper_class=_WIDTHS.get(name, "")) for name in names),
        conditional=("other_colonia",),
    )
    helper.render_unmentioned_fields = False
    return helper


_WIDTHS = {"exterior_number": "input-medium", "interior_number": "input-medium"}


def _present(form: forms.Form, *names: str) -> list[str]:
    return [name for name in names if name in form.fields]


def _with(value: object, names: list[str]) -> list[str]:
    """The catalogue may write an estado in its own way: what is kept stays a choice."""
    return sorted({*names, *([str(value)] if value else [])})


def digits_of(value: object) -> str:
    """Return what was typed without anything but its digits."""
    return re.sub(r"\D", "", str(value or ""))


def _count_sentence(code: str) -> str:
    return f"El código postal tiene 5 números; escribiste {len(code)}"
