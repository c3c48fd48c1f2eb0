"""students.actions.postal_codes: the catalogue, loaded once and again."""

import gzip
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from students.actions.postal_codes import CATALOGUE, Loaded, load_postal_codes
from students.models import PostalCode

pytestmark = pytest.mark.django_db


def catalogue(folder: Path, codes: dict[str, list[int | str]]) -> Path:
    path = folder / "postal_codes.json.gz"
    content = {
        "source": "synthetic",
        "estados": ["Sonora", "Tabasco"],
        "municipios": [[0, "Hermosillo"], [1, "Centro"]],
        "codes": codes,
    }
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    return path


def test_load_postal_codes_writes_each_code_with_its_places(tmp_path: Path) -> None:
    path = catalogue(tmp_path, {"83000": [0, "Centro Norte", "Peñasco"], "86000": [1, "Centro"]})

    loaded = load_postal_codes(path)

    assert loaded == Loaded(total=2, added=2, changed=0)
    assert list(PostalCode.objects.order_by("code").values_list()) == [
        ("83000", "Sonora", "Hermosillo", ["Centro Norte", "Peñasco"]),
        ("86000", "Tabasco", "Centro", ["Centro"]),
    ]


def test_load_postal_codes_twice_writes_nothing(tmp_path: Path, django_assert_num_queries) -> None:
    path = catalogue(tmp_path, {"83000": [0, "Centro Norte"]})
    load_postal_codes(path)

    with django_assert_num_queries(3):  # one read inside a savepoint
        loaded = load_postal_codes(path)

    assert loaded == Loaded(total=1, added=0, changed=0)


def test_load_postal_codes_writes_what_changed_and_keeps_the_rest(tmp_path: Path) -> None:
    load_postal_codes(catalogue(tmp_path, {"83000": [0, "Centro"], "83010": [0, "Pitic"]}))

    loaded = load_postal_codes(
        catalogue(tmp_path, {"83000": [0, "Centro", "Nueva"], "86000": [1, "Centro"]})
    )

    assert loaded == Loaded(total=2, added=1, changed=1)
    assert list(PostalCode.objects.order_by("code").values_list("code", "colonias")) == [
        ("83000", ["Centro", "Nueva"]),
        ("83010", ["Pitic"]),
        ("86000", ["Centro"]),
    ]


def test_load_postal_codes_command_loads_the_packaged_catalogue() -> None:
    out = StringIO()

    call_command("load_postal_codes", stdout=out)

    assert out.getvalue() == "32333 códigos postales: 32333 nuevos, 0 cambiados\n"
    hermosillo = PostalCode.objects.get(pk="83000")
    assert (hermosillo.estado, hermosillo.municipio) == ("Sonora", "Hermosillo")
    assert hermosillo.colonias == ["Centro Norte", "Centro Oriente", "Hermosillo Centro"]


def test_packaged_catalogue_is_whole() -> None:
    with gzip.open(CATALOGUE, "rt", encoding="utf-8") as file:
        content = json.load(file)

    assert len(content["estados"]) == 32
    assert [code for code in content["codes"] if not re.fullmatch(r"[0-9]{5}", code)] == []
    assert [code for code, row in content["codes"].items() if len(row) < 2] == []
    assert list(content["codes"]) == sorted(content["codes"])
