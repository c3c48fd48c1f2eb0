"""Where the planteles of the demo stand and who works there: five told by hand, more for a large school system."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from followup.demo import names
from school.states import PlantelKind

STUDENTS_EACH = 2_500
"""How many students a plantel has before another one opens."""

MOST_SITES = 99
"""The number of a plantel has two digits here, as in the matrículas."""


@dataclass(frozen=True, slots=True)
class Site:
    """What one plantel is like; `municipio` is where its students live, `born_in` where most were born."""

    name: str
    municipio: str
    estado: str
    born_in: str
    subdelegacion: int
    responsable: str
    suplente: str
    revisores: tuple[str, ...]
    consulta: str
    time_zone: str = "America/Hermosillo"
    kind: PlantelKind = PlantelKind.PLANTEL


SITES = (
    Site(
        *("Cerro de la Campana", "Hermosillo", "Sonora", "SR", 0),
        *("Laura Méndez Ríos", "Óscar Peralta Luna"),
        ("Teresa Ibarra Soto", "Iván Córdova Félix"),
        "Marcela Ochoa Vega",
    ),
    Site(
        *("Bahía de Kino", "Hermosillo", "Sonora", "SR", 0),
        *("Rubén Escalante Mora", "Nadia Bojórquez Cruz"),
        ("Elena Quiroz Tapia", "Hugo Valdez Arce"),
        "Silvia Noriega Paz",
    ),
    Site(
        *("Los Nogales", "Nogales", "Sonora", "SR", 1),
        *("Graciela Montaño Lugo", "Saúl Figueroa Nava"),
        ("Berenice Leyva Ruiz", "Tomás Gastélum Díaz"),
        "Adriana Cota Robles",
    ),
    Site(
        *("Playas del Pacífico", "Tijuana", "Baja California", "BC", 2),
        *("Francisco Arellano Sáenz", "Paloma Castro Meza"),
        ("Irene Zamora Gil", "Mauricio Beltrán Osuna"),
        "Julia Carrasco Pons",
        time_zone="America/Tijuana",
    ),
    Site(
        *("Educación Abierta Sonora", "Cajeme", "Sonora", "SR", 0),
        *("Patricia Olvera Salas", "Gerardo Munguía Lara"),
        ("Lucía Armenta Polo", "Emilio Villa Trejo"),
        "Rosario Durán Icaza",
        kind=PlantelKind.CENTRO,
    ),
)

QUARTERS = ("Centro", "Norte", "Sur", "Oriente", "Poniente")
MUNICIPIOS = (
    *(("Ensenada", "Baja California"), ("Agua Prieta", "Sonora"), ("Caborca", "Sonora")),
    *(("Mexicali", "Baja California"), ("Cajeme", "Sonora"), ("Cananea", "Sonora")),
    *(("Tecate", "Baja California"), ("Empalme", "Sonora"), ("Etchojoa", "Sonora")),
    *(("Tijuana", "Baja California"), ("Guaymas", "Sonora"), ("Hermosillo", "Sonora")),
    *(("Huatabampo", "Sonora"), ("Magdalena", "Sonora"), ("Moctezuma", "Sonora")),
    *(("Navojoa", "Sonora"), ("Nogales", "Sonora"), ("Puerto Peñasco", "Sonora")),
    ("San Luis Río Colorado", "Sonora"),
)


def count_sites(students: int) -> int:
    """Return how many planteles so many students need: never fewer than those told by hand."""
    return min(MOST_SITES, max(len(SITES), -(-students // STUDENTS_EACH)))


def sites(students: int) -> list[Site]:
    """Return the planteles of a demo with so many students; the first five are always the same."""
    return [*SITES, *islice(_further(), count_sites(students) - len(SITES))]


def _further() -> Iterator[Site]:
    """Yield planteles that only a large demo has, always in the same order."""
    for quarter, (municipio, estado) in product(QUARTERS, MUNICIPIOS):
        chance = random.Random(f"{municipio} {quarter}")  # noqa: S311 -- repeatable
        is_coast = estado == "Baja California"
        yield Site(
            f"{municipio} {quarter}",
            municipio,
            estado,
            "BC" if is_coast else "SR",
            2 if is_coast else chance.randrange(2),
            responsable=_somebody(chance),
            suplente=_somebody(chance),
            revisores=(_somebody(chance), _somebody(chance)),
            consulta=_somebody(chance),
            time_zone="America/Tijuana" if is_coast else "America/Hermosillo",
        )


def _somebody(chance: random.Random) -> str:
    given = chance.choice(names.GIVEN[chance.choice("MH")])
    return f"{given} {chance.choice(names.SURNAMES)} {chance.choice(names.SURNAMES)}"
