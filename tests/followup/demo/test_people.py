"""followup.demo.people: invented persons whose numbers pass every check."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from time import process_time

import pytest

from followup.demo import names
from followup.demo import people as people_module
from followup.demo.people import Person, Population
from students.identity import curp_matches_names, nss_birth_year_warning, parse_curp, parse_nss

TODAY = date(2026, 8, 21)


@dataclass
class Place:
    code: str
    municipio: str
    estado: str = "Sonora"
    colonias: list[str] = field(default_factory=lambda: ["Centro", "Las Peñas"])


PLACES = [Place("83000", "Hermosillo"), Place("85000", "Cajeme", colonias=["Obregón"])]


def invent(count: int, *, seed: int = 1, today: date = TODAY) -> list[Person]:
    return Population(seed=seed, today=today).people(count, places=PLACES, born_in="SR")


def age_on(day: date, birth_date: date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return invent(3_000)


def test_people_have_a_valid_curp_that_fits_what_is_said_of_them(people: list[Person]) -> None:
    for person in people:
        curp = parse_curp(person.curp, today=TODAY)
        assert (curp.birth_date, curp.sex) == (person.birth_date, person.sex)
        name = (person.given_names, person.first_surname, person.second_surname)
        assert curp_matches_names(curp, *name) == []


def test_people_have_a_valid_nss_of_their_year(people: list[Person]) -> None:
    for person in people:
        assert parse_nss(person.nss) == person.nss
        assert nss_birth_year_warning(person.nss, person.birth_date) is None


def test_people_are_all_different(people: list[Person]) -> None:
    for field_name in ("curp", "nss", "email", "phone"):
        assert len({getattr(person, field_name) for person in people}) == len(people)


def test_people_are_of_upper_secondary_age(people: list[Person]) -> None:
    assert {age_on(TODAY, person.birth_date) for person in people} == {14, 15, 16, 17, 18, 19}


def test_people_carry_every_kind_of_name_that_breaks_programs(people: list[Person]) -> None:
    assert any("ñ" in person.first_surname.lower() for person in people)
    assert any("á" in person.given_names.lower() for person in people)
    assert any(person.first_surname in names.TWO_PART for person in people)
    assert any(not person.second_surname for person in people)
    assert any(len(person.given_names) > 30 for person in people)
    assert {person.sex for person in people} == {"H", "M", "X"}


def test_people_are_mostly_born_in_their_state_and_some_abroad(people: list[Person]) -> None:
    states = Counter(parse_curp(person.curp, today=TODAY).state for person in people)

    assert 0.8 < states["SR"] / len(people) < 0.9
    assert states["NE"] > 0


def test_people_live_at_the_given_places_and_can_be_reached_by_nobody(
    people: list[Person],
) -> None:
    homes = {(person.address.postal_code, person.address.colonia) for person in people}

    assert homes == {("83000", "Centro"), ("83000", "Las Peñas"), ("85000", "Obregón")}
    assert {person.email.partition("@")[2] for person in people} == {"correo.example"}
    assert all(person.email.isascii() and len(person.phone) == 10 for person in people)


def test_people_fit_the_columns_of_the_database(people: list[Person]) -> None:
    assert max(len(person.given_names) for person in people) <= 80
    assert max(len(person.first_surname) for person in people) <= 60


def test_people_of_one_seed_are_always_the_same() -> None:
    shuffled = Population(seed=7, today=TODAY).people(50, places=PLACES[::-1], born_in="SR")

    assert shuffled == invent(50, seed=7)
    assert invent(50, seed=7) != invent(50, seed=8)


def test_people_of_two_planteles_are_different_persons() -> None:
    population = Population(seed=1, today=TODAY)
    first = population.people(500, places=PLACES, born_in="SR")
    second = population.people(500, places=PLACES, born_in="BC")

    assert {person.curp for person in first} & {person.curp for person in second} == set()
    assert {person.email for person in first} & {person.email for person in second} == set()


def test_people_on_a_leap_day_keep_their_age() -> None:
    leap_day = date(2028, 2, 29)

    ages = {age_on(leap_day, person.birth_date) for person in invent(500, today=leap_day)}

    assert ages == {14, 15, 16, 17, 18, 19}


def test_people_need_a_place_to_live() -> None:
    with pytest.raises(ValueError, match="live somewhere"):
        Population(seed=1, today=TODAY).people(1, places=[], born_in="SR")


def test_people_are_refused_when_one_day_has_too_many_namesakes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people_module, "HOMOCLAVES", "A")
    monkeypatch.setattr(names, "SURNAMES", ("Gómez",))
    monkeypatch.setattr(names, "TWO_PART", ("Gómez",))

    with pytest.raises(ValueError, match="namesakes"):
        invent(50_000)


def test_people_for_a_demo_are_invented_in_a_moment() -> None:
    started = process_time()

    invent(1_200)

    assert process_time() - started < 1
