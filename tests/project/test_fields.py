"""T15: whatever else is posted with a form, nothing but its own fields is written.

The extra fields are taken from Model._meta of every table of the portal: each posted name is one that some row
has, and where a reference or a state could be forged the value is the one that a forger wants.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model

from affiliation.models import Batch, Movement
from clinics.models import UMFRegistration, VigenciaCheck
from followup.models import Escalation, Oficio, StudentReport
from nss.models import Acuse, NSSRequest
from nss.states import AcuseState, RequestState
from papers.models import Paper
from renuncias.models import Renuncia
from school.models import Membership, Plantel, User
from students.models import Baja, Enrollment, Student
from tests.project.access_matrix import PAGES, Page
from tests.project.knock import undone
from tests.project.source import STREET
from tests.project.test_access_matrix import path_of
from tests.project.world import World

pytestmark = pytest.mark.django_db

FORGED, FORGED_NSS, FORGED_DAY = "FORJADO", "24260843210", "2020-01-01"
"""Its last digit is wrong: no honest way leads to it either."""
PERSONS = ("AL", "RP", "CO", "AD+")
POSTED = [page for page in PAGES if any(method == "POST" for method, _ in page.answers)]

KEPT: dict[type[Model], tuple[str, ...]] = {
    User: ("username", "name", "email", "password", "is_staff", "is_superuser", "is_active"),
    Membership: ("user_id", "plantel_id", "role"),
    Plantel: ("clave", "name", "is_active", "registro_patronal"),
    Student: ("user_id", "curp", "nss", "given_names", "first_surname", "search_name"),
    Enrollment: (
        *("public_id", "student_id", "plantel_id", "cycle_id", "matricula", "group", "state"),
        *("enrolled_on", "declared_nss", "roster_email", "first_signed_in_at"),
    ),
    NSSRequest: ("enrollment_id", "proven_at", "proven_by_id", "route"),
    Acuse: ("public_id", "request_id", "file_id", "version", "folio", "created_by_id", "nss"),
}
"""What no request of these persons may change by naming it: who somebody is, where, in which state, with which NSS."""
OWNED: dict[type[Model], tuple[str, ...]] = {
    Renuncia: ("public_id", "enrollment_id", "plantel_id", "paper_id", "printed"),
    Paper: ("plantel_id", "kind", "folio", "token", "code"),
    Batch: ("public_id", "plantel_id", "folio", "kind", "registro_patronal", "effective_on"),
    Movement: ("batch_id", "enrollment_id", "reference", "kind", "baja_id"),
    UMFRegistration: ("enrollment_id",),
    VigenciaCheck: ("enrollment_id",),
    StudentReport: ("public_id", "enrollment_id", "folio", "kind"),
    Escalation: ("report_id", "plantel_id"),
    Oficio: ("public_id", "plantel_id", "paper_id"),
    Baja: ("enrollment_id", "kind", "on_date", "moved_to_id"),
}
"""What honest requests add rows to; of those that are there, whose they are and what they say stays."""


def forged_fields(world: World) -> dict[str, str]:
    """Make one value for each field of each table, as a forger would send it."""
    fields = {
        name: _value(one)
        for label in STREET
        for model in apps.get_app_config(label).get_models()
        for one in model._meta.concrete_fields
        for name in (one.name, one.attname)
    }
    return fields | {
        "state": AcuseState.ACCEPTED,
        "role": "ADMIN",
        "enrollment": str(world.stays["other"].pk),
        "student": str(world.stays["other"].student_id),
        "user": str(world.users["RPB"].pk),
        "plantel": str(world.plantel_b.pk),
        "plantel_id": str(world.plantel_b.pk),
    }


def _value(one: models.Field) -> str:
    if isinstance(one, models.BooleanField | models.IntegerField | models.ForeignKey):
        return "1"
    if isinstance(one, models.DateField):
        return FORGED_DAY
    if isinstance(one, models.EmailField):
        return "forjado@correo.example"
    return FORGED_NSS if "nss" in one.name else FORGED


def kept() -> dict[str, list[Any]]:
    """Read everything that must stay as it is."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list("pk", *names))
        for model, names in KEPT.items()
    }


def owned() -> dict[tuple[str, int], tuple[Any, ...]]:
    """Read whose each row is that others may stand beside."""
    return {
        (model._meta.label, pk): values
        for model, names in OWNED.items()
        for pk, *values in model.objects.values_list("pk", *names)
    }


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("page", POSTED, ids=lambda page: page.name)
def test_forged_fields_change_nothing(world, page: Page, person):
    before, whose = kept(), owned()
    with undone():
        world.client(person).post(path_of(page, "own", world), forged_fields(world))

        after = owned()
        assert kept() == before
        assert {key: after.get(key, values) for key, values in whose.items()} == whose
        assert not Enrollment.objects.filter(acuse_due_on=FORGED_DAY).exists()
        assert not Acuse.objects.filter(state=AcuseState.ACCEPTED).exists()
        assert not NSSRequest.objects.filter(state=RequestState.PROVEN).exists()
