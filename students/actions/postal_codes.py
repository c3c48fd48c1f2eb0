"""Keep the catalogue of postal codes."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from students.models import PostalCode

CATALOGUE = Path(__file__).parent.parent / "catalogues" / "postal_codes.json.gz"
BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in codes."""

    total: int
    added: int
    changed: int


@transaction.atomic
def load_postal_codes(path: Path = CATALOGUE) -> Loaded:
    """Write the codes of a catalogue that are new or different; loading it again writes nothing.

    Codes that the catalogue does not hold stay: addresses may still carry them. The file is what
    script/build-postal-codes makes.
    """
    places = {place.code: place for place in _read(path)}
    rows = PostalCode.objects.values_list("code", "estado", "municipio", "colonias")
    known = {code: content for code, *content in rows}
    wanted = [place for place in places.values() if known.get(place.code) != _content(place)]
    PostalCode.objects.bulk_create(
        wanted,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["estado", "municipio", "colonias"],
    )
    added = sum(place.code not in known for place in wanted)
    return Loaded(total=len(places), added=added, changed=len(wanted) - added)


def _content(place: PostalCode) -> list[object]:
    return [place.estado, place.municipio, place.colonias]


def _read(path: Path) -> Iterator[PostalCode]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        catalogue = json.load(file)
    for code, (number, *colonias) in catalogue["codes"].items():
        estado, municipio = catalogue["municipios"][number]
        yield PostalCode(
            code=code,
            estado=catalogue["estados"][estado],
            municipio=municipio,
            colonias=colonias,
        )
