"""A list of clinics, as schools keep it."""

import pytest

from clinics.umf_file import UMFRow, WrongRow, read_umfs, umf_number


@pytest.mark.parametrize("text", ["37", " 037 ", "UMF 37", "umf37", "U.M.F. No. 37", "UMF Num. 37"])
def test_umf_number_forgives_how_people_write(text):
    assert umf_number(text) == 37


@pytest.mark.parametrize("text", ["", "0", "1000", "37 bis", "Hermosillo", "3.7"])
def test_umf_number_refuses_what_is_none(text):
    assert umf_number(text) is None


def test_read_umfs_knows_columns_by_their_names():
    rows, wrong = read_umfs(
        ["Domicilio", "No. de UMF", "Clínica"], [2], [["Calle 1", ["n", "37"], "Centro"]]
    )

    assert (rows, wrong) == ([UMFRow(37, "Centro", "Calle 1")], [])


def test_read_umfs_finds_a_header_among_the_rows():
    rows, wrong = read_umfs(
        [], [1, 2, 3], [["Clínicas de la zona"], ["UMF", "Dirección"], ["37", "Calle 1"]]
    )

    assert (rows, wrong) == ([UMFRow(37, "", "Calle 1")], [])


def test_read_umfs_takes_number_name_and_address_where_nothing_is_named():
    rows, _ = read_umfs([], [1, 2], [["37", "Centro", "Calle 1"], ["5"]])

    assert rows == [UMFRow(37, "Centro", "Calle 1"), UMFRow(5)]


def test_read_umfs_says_what_is_wrong_with_each_row():
    rows, wrong = read_umfs(["Número"], [2, 3, 4, 5], [["37"], [""], ["Norte"], ["UMF 37"]])

    assert rows == [UMFRow(37)]
    assert wrong == [
        WrongRow(3, "Falta el número. Escribir el de la UMF, por ejemplo 37"),
        WrongRow(4, "«Norte» no es un número de UMF. Escribir un número del 1 al 999"),
        WrongRow(5, "La UMF 37 ya viene antes en la lista. Dejar solo una"),
    ]


def test_read_umfs_cuts_nothing_that_does_not_fit():
    headers = ["Número", "Nombre", "Domicilio"]
    rows = [["37", "a" * 121, ""], ["38", "a" * 120, "b" * 251], ["39", "a" * 120, "b" * 250]]

    found, wrong = read_umfs(headers, [2, 3, 4], rows)

    assert found == [UMFRow(39, "a" * 120, "b" * 250)]
    assert wrong == [
        WrongRow(2, "El nombre tiene más de 120 letras. Acortarlo"),
        WrongRow(3, "El domicilio tiene más de 250 letras. Acortarlo"),
    ]
