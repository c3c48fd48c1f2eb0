"""The rows as the admin's pages name them."""

import pytest

from tests.factories.nss import AcuseFactory, NSSRequestFactory, ReadingFactory, add_photo


@pytest.mark.django_db
def test_rows_name_themselves():
    acuse = AcuseFactory(folio="A26-05-000001")

    rows = [NSSRequestFactory(), acuse, AcuseFactory(draft=True), add_photo(acuse)]

    names = ["falta probar el NSS", "A26-05-000001 en revisión", "acuse sin confirmar", "foto 2"]
    assert [str(row) for row in rows] == names
    assert str(ReadingFactory()) == "1 leído"
