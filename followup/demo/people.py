"""Invented persons for the demo: names put together by chance, numbers that pass every check.

Nobody real is described: given names and surnames are common Mexican ones drawn apart, mail goes
to a reserved domain, and telephone numbers start with digits that are not assigned.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from common.search import normalise
from followup.demo import names
from students.identity import STATES, curp_check_digit, curp_name_letters, nss_check_digit

YOUNGEST, OLDEST = 14, 19
HOMOCLAVES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Place(Protocol):
    """A postal code with its places, such as a row of students.PostalCode."""

    code: str
    estado: str
    municipio: str
    colonias: list[str]


@dataclass(frozen=True, slots=True)
class Address:
    """Where an invented person lives: a real postal code, an invented street."""

    postal_code: str
    colonia: str
    municipio: str
    estado: str
    street: str
    exterior_number: str
    interior_number: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person with a valid CURP and NSS."""

    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date
    curp: str
    nss: str
    email: str
    phone: str
    address: Address

    @property
    def longest(self) -> int:
        """How many letters the longest of the names has."""
        return max(map(len, (self.given_names, self.first_surname, self.second_surname)))


class Population:
    """Invents persons, all different; the same seed and calls give the same persons."""

    def __init__(self, *, seed: int, today: date) -> None:
        self._chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret  # nosec B311
        self._today = today
        self._curps: set[str] = set()
        self._nss: set[str] = set()

    def people(self, count: int, *, places: Sequence[Place], born_in: str) -> list[Person]:
        """Return `count` more persons of 14 to 19 years who live in `places`.

        Most were born in the state of code `born_in`, some elsewhere, a few abroad. Raises
        ValueError without places.
        """
        if not places:
            raise ValueError("somebody must live somewhere")
        ordered = sorted(places, key=lambda place: place.code)
        return [self._person(ordered, born_in) for _ in range(count)]

    def _person(self, places: Sequence[Place], born_in: str) -> Person:
        chance = self._chance
        sex = chance.choices("MHX", weights=(100, 100, 1))[0]
        given_names = chance.choice(names.GIVEN[sex])
        first = self._surname()
        second = "" if chance.random() < 0.03 else self._surname()
        birth_date = self._birth_date()
        born = born_in if chance.random() < 0.85 else chance.choice(sorted(STATES))
        curp = self._curp(given_names, first, second, f"{birth_date:%y%m%d}{sex}{born}")
        number = len(self._curps)
        mailbox = f"{normalise(given_names)} {normalise(first)}".replace(" ", ".")
        return Person(
            given_names=given_names,
            first_surname=first,
            second_surname=second,
            sex=sex,
            birth_date=birth_date,
            curp=curp,
            nss=self._number(birth_date),
            email=f"{mailbox}.{number}@correo.example",
            phone=f"5500{number:06d}",
            address=self._address(chance.choice(places)),
        )

    def _surname(self) -> str:
        chance = self._chance
        return chance.choice(names.TWO_PART if chance.random() < 0.05 else names.SURNAMES)

    def _birth_date(self) -> date:
        latest = _years_before(self._today, YOUNGEST)
        earliest = _years_before(self._today, OLDEST + 1) + timedelta(days=1)
        return earliest + timedelta(days=self._chance.randint(0, (latest - earliest).days))

    def _curp(self, given_names: str, first: str, second: str, birth: str) -> str:
        initials, consonants = curp_name_letters(given_names, first, second)
        for homoclave in HOMOCLAVES:
            front = f"{initials}{birth}{consonants}{homoclave}"
            curp = f"{front}{curp_check_digit(front)}"
            if curp not in self._curps:
                self._curps.add(curp)
                return curp
        raise ValueError("too many namesakes were born on one day: invent fewer persons")

    def _number(self, birth_date: date) -> str:
        chance = self._chance
        while True:
            inscribed = self._today.year - chance.randint(0, 2)
            office, folio = chance.randint(1, 97), chance.randint(1, 9999)
            front = f"{office:02d}{inscribed % 100:02d}{birth_date:%y}{folio:04d}"
            if front not in self._nss:
                self._nss.add(front)
                return f"{front}{nss_check_digit(front)}"

    def _address(self, place: Place) -> Address:
        chance = self._chance
        return Address(
            postal_code=place.code,
            colonia=chance.choice(place.colonias),
            municipio=place.municipio,
            estado=place.estado,
            street=chance.choice(names.STREETS),
            exterior_number=str(chance.randint(1, 980)),
            interior_number=str(chance.randint(1, 40)) if chance.random() < 0.2 else "",
        )


def _years_before(day: date, years: int) -> date:
    """Return the same day `years` earlier; 28 February where there is no 29th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)
