"""How the rows call themselves."""

import pytest

from clinics.models import VigenciaCampaign
from clinics.states import VigenciaResult
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db


def test_rows_say_what_they_are():
    assert str(UMFFactory()) == "UMF 37"
    assert str(UMFRegistrationFactory()) == "falta registrarse en su clínica"
    assert str(VigenciaCheckFactory(result=VigenciaResult.NONE)) == "NO"
    assert str(VigenciaCampaign(asked_at=NOW)) == "campaña de vigencia 2026-08-21"
