"""`manage.py import_roster`: the wizard's rules, an exit status, and nothing written by half."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.uploads.runner import _slot
from school.models import Plantel, SchoolCycle
from students.actions.roster import NoCycle
from students.management.commands import import_roster
from students.models import Enrollment
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.students.roster_files import ANA, HEADERS, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

WRONG = ["26050149", "Luis", "Peña", "", "101", "GOMAO80214MSRMRNA5"]


@pytest.fixture(autouse=True)
def plantel(time_machine) -> Plantel:
    time_machine.move_to(datetime(2026, 8, 21, 18, 0, tzinfo=UTC), tick=True)
    SchoolCycleFactory()
    return PlantelFactory(clave="26ECB0005X", number="05")


@pytest.fixture
def write(tmp_path: Path):
    def write_(data: bytes, name: str = "lista.xlsx") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write_


def run(path: str, *options: str) -> None:
    call_command("import_roster", path, "--plantel", "26ECB0005X", *options)


def test_import_roster_command(write, capsys) -> None:
    run(write(xlsx_bytes([HEADERS, ANA])))

    assert capsys.readouterr().out.splitlines() == [
        "1 nuevos · 0 cambian · 0 iguales · 0 con error",
        "Folio P26-05-0001: 1 nuevos, 0 cambiados, 0 iguales",
    ]
    stay = Enrollment.objects.get()
    assert (stay.matricula, stay.acuse_due_on) == (ANA[0], date(2026, 8, 26))


def test_import_roster_command_twice(write, capsys) -> None:
    path = write(csv_bytes([HEADERS, ANA], encoding="cp1252", sign=";"), "lista.csv")
    run(path)

    run(path)

    assert (
        capsys.readouterr().out.splitlines()[-1]
        == "Folio P26-05-0002: 0 nuevos, 0 cambiados, 1 iguales"
    )


def test_import_roster_command_leaves_bajas_to_a_person(write, capsys) -> None:
    gone = ["26050149", "", "", "", "", "", "baja temporal"]
    run(write(xlsx_bytes([[*HEADERS, "Situación"], [*ANA, "activo"], gone])))

    assert capsys.readouterr().out.splitlines() == [
        "1 nuevos · 0 cambian · 0 iguales · 0 con error",
        "1 vienen como baja: registrarlas en el portal",
        "Folio P26-05-0001: 1 nuevos, 0 cambiados, 0 iguales",
    ]


def test_import_roster_command_dry_run(write, capsys) -> None:
    run(write(xlsx_bytes([HEADERS, ANA])), "--dry-run")

    assert capsys.readouterr().out == "1 nuevos · 0 cambian · 0 iguales · 0 con error\n"
    assert Enrollment.objects.count() == 0


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_import_roster_command_with_errors_writes_nothing(write, capsys, options) -> None:
    with pytest.raises(CommandError, match="1 filas con error") as caught:
        run(write(xlsx_bytes([HEADERS, ANA, WRONG])), *options)

    assert caught.value.returncode == 1
    assert "Error · Fila 3 · CURP · GOMAO80214MSRMRNA5 · En el lugar 5" in capsys.readouterr().err
    assert Enrollment.objects.count() == 0


def test_import_roster_command_only_the_right_rows(write) -> None:
    run(write(xlsx_bytes([HEADERS, ANA, WRONG])), "--skip-errors")

    assert Enrollment.objects.get().matricula == ANA[0]


def test_import_roster_command_more_rows_than_the_web(write) -> None:
    rows = [HEADERS, *([f"26{n:06d}", "Ana", "Gómez", "", "101", ""] for n in range(5_001))]

    run(write(csv_bytes(rows), "lista.csv"))

    assert Enrollment.objects.count() == 5_001


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "El archivo está vacío"),
        (
            xlsx_bytes([["Nombre completo", "Grupo"], ["Ana Gómez", "101"]]),
            "No encontramos la columna de: Matrícula",
        ),
    ],
)
def test_import_roster_command_unreadable(write, data, sentence) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(write(data))


def test_import_roster_command_no_cycle(write) -> None:
    SchoolCycle.objects.all().delete()

    with pytest.raises(CommandError) as caught:
        run(write(xlsx_bytes([HEADERS, ANA])))

    assert str(caught.value) == NoCycle.sentence


def test_import_roster_command_other_files_are_being_read(write) -> None:
    with _slot(0), _slot(0), pytest.raises(CommandError) as caught:
        run(write(xlsx_bytes([HEADERS, ANA])))

    assert str(caught.value) == "Otros archivos se están leyendo; intentar en un minuto"


def test_import_roster_command_a_file_that_kills_its_reader(write, monkeypatch) -> None:
    monkeypatch.setattr(import_roster, "LIMITS", replace(import_roster.LIMITS, wall_seconds=0))

    with pytest.raises(CommandError) as caught:
        run(write(xlsx_bytes([HEADERS, ANA])))

    assert str(caught.value) == "El archivo no se pudo leer (TIMEOUT)"


def test_import_roster_command_no_file() -> None:
    with pytest.raises(CommandError, match="No existe el archivo"):
        run("/no/existe.xlsx")


def test_import_roster_command_unknown_plantel(write) -> None:
    with pytest.raises(CommandError, match="No hay ningún plantel activo con la clave X"):
        call_command("import_roster", write(xlsx_bytes([HEADERS, ANA])), "--plantel", "X")
