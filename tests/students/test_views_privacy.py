"""The aviso de privacidad: nine items, a version, and what is missing told to administration alone."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from school.models import TextVersion
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from students.queries.aviso import current_aviso, short_aviso
from tests.factories.school import staff

pytestmark = pytest.mark.django_db

NOTICE = reverse("students:privacy_notice")
PENDING = "Pendiente de llenar antes de abrir el portal"


def test_privacy_notice_has_the_nine_items_of_article_21(client):
    response = client.get(NOTICE)

    headings = re.findall(r"<h2 id=\"aviso-\d\">(\d)\. ([^<]+)</h2>", response.content.decode())
    assert [number for number, _ in headings] == [str(number) for number in range(1, 10)]
    assert "Versión 1, del lunes 23 de noviembre de 2026." in response.content.decode()
    assert "{{" not in response.content.decode()


def test_privacy_notice_sets_no_cookie(client):
    assert client.get(NOTICE).cookies == {}


def test_privacy_notice_of_a_later_version(client):
    fields = packaged_fields(TextKind.AVISO) | {
        "transparency_office": "Calle Uno 1, Hermosillo",
        "state_law": "la Ley 90",
        "authority": "la Autoridad Garante de Sonora",
    }
    TextVersion.objects.create(
        kind=TextKind.AVISO,
        version=3,
        fields=fields,
        created_at=datetime(2027, 1, 11, 18, tzinfo=UTC),
    )

    page = client.get(NOTICE).content.decode()

    assert "Versión 4, del lunes 11 de enero de 2027." in page
    assert "Calle Uno 1, Hermosillo" in page
    assert current_aviso().pending == ["domicilio del subsistema"]


def test_privacy_notice_tells_what_is_missing_to_administration_alone(client):
    stranger = client.get(NOTICE).content.decode()
    client.force_login(staff(Role.ADMIN))
    admin = client.get(NOTICE).content.decode()

    assert PENDING not in stranger
    assert PENDING in admin


def test_short_aviso_stands_before_the_first_capture(client):
    page = client.get(reverse("students:sign_in")).content.decode()

    assert [text for text in short_aviso() if text not in page] == []
    assert reverse("students:privacy_notice") in page
