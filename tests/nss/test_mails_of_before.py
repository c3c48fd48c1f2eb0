"""The migration that tells the mails of before which acuse arrived."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from notices.models import Notice
from notices.render import link_of
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory

pytestmark = pytest.mark.django_db
migration = import_module("nss.migrations.0002_mails_name_the_acuse")


def test_name_acuses_by_their_folios(monkeypatch):
    monkeypatch.setattr(migration, "A_PAGE", 1)
    acuses = [AcuseFactory(folio=f"A26-05-{number:06d}") for number in (1, 2)]
    before = [NoticeFactory(message="M-06", context={"folio": one.folio}) for one in acuses]
    newer = NoticeFactory(message="M-06", context={"folio": "A26-05-000001", "acuse": "x"})
    other = NoticeFactory(message="M-08", context={"folio": "A26-05-000001"})
    unknown = NoticeFactory(message="M-06", context={"folio": "A26-05-000009"})

    migration.name_acuses(apps, None)

    links = [link_of(Notice.objects.get(pk=one.pk), {}) for one in before]
    paths = [reverse("nss:sent", args=[one.public_id]) for one in acuses]
    assert [link.endswith(path) for link, path in zip(links, paths, strict=True)] == [True, True]
    for one in (newer, other, unknown):
        context = one.context
        one.refresh_from_db()
        assert one.context == context
