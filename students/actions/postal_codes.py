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
    wanted = dict(_read(path))
    rows = PostalCode.objects.values_list("code", "estado", "municipio", "colonias")
    known = {code: tuple(content) for code, *content in rows}
    different = {code: content for code, content in wanted.items() if known.get(code) != content}
    PostalCode.objects.bulk_create(
        [
            PostalCode(code=code, estado=estado, municipio=municipio, colonias=colonias)
            for code, (estado, municipio, colonias) in different.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["estado", "municipio", "colonias"],
    )
    added = len(different.keys() - known.keys())
    return Loaded(total=len(wanted), added=added, changed=len(different) - added)


def _read(path: Path) -> Iterator[tuple[str, tuple[str, str, list[str]]]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        catalogue = json.load(file)
    for code, (number, *colonias) in catalogue["codes"].items():
        estado, municipio = catalogue["municipios"][number]
        yield code, (catalogue["estados"][estado], municipio, colonias)
