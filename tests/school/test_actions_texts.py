"""A text is only ever added to: who published which version, and what is refused."""

from datetime import UTC, datetime

import pytest

from school.actions.texts import (
    SameText,
    TextLacks,
    TextMoved,
    keep_text_in_use,
    publish_text,
    restore_text,
)
from school.models import TextVersion
from school.queries.texts import current_text, packaged_fields, versions_of
from school.states import Role, TextKind
from tests.factories.school import staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)  # still 30 November in Mexico
GUIDE = TextKind.GUIA


@pytest.fixture
def admin():
    return staff(Role.ADMIN)


def with_lead(lead):
    return packaged_fields(GUIDE) | {"lead": lead}


def publish(admin, lead, *, based_on=0):
    return publish_text(GUIDE, with_lead(lead), based_on=based_on, by=admin, now=NOW)


def test_publish_text_adds_a_version_and_keeps_the_old_one(admin):
    new = publish(admin, "Es gratis.")

    assert current_text(GUIDE) == new
    assert (new.version, new.created_by, new.created_at) == (1, admin, NOW)
    assert new.fields == with_lead("Es gratis.") | {"reviewed_on": "2026-11-30"}
    assert TextVersion.objects.get(version=0).fields == packaged_fields(GUIDE)


def test_publish_text_of_a_text_without_review_date_adds_none(admin):
    fields = packaged_fields(TextKind.IDENTIDAD) | {"address": "Calle Rosales 1"}

    new = publish_text(TextKind.IDENTIDAD, fields, based_on=0, by=admin, now=NOW)

    assert new.fields == fields


def test_publish_text_over_somebody_elses_is_refused(admin):
    publish(admin, "Es gratis.")

    with pytest.raises(TextMoved):
        publish(admin, "Cuesta nada.")
    assert current_text(GUIDE).fields["lead"] == "Es gratis."


def test_publish_text_without_a_change_is_refused(admin):
    with pytest.raises(SameText):
        publish(admin, packaged_fields(GUIDE)["lead"])


def test_publish_text_that_lacks_something_is_refused(admin):
    with pytest.raises(TextLacks) as refused:
        publish(admin, "")

    assert refused.value.sentence == "Escribir «Entrada»"
    assert not TextVersion.objects.filter(version=1).exists()


def test_restore_text_says_the_old_again_in_a_new_version(admin):
    publish(admin, "Es gratis.")
    first = versions_of(GUIDE)[-1]

    new = restore_text(first, by=admin, now=NOW)

    assert (new.version, new.fields["lead"]) == (2, packaged_fields(GUIDE)["lead"])
    assert [one.version for one in versions_of(GUIDE)] == [2, 1, 0]


def test_restore_text_in_use_is_refused(admin):
    with pytest.raises(SameText):
        restore_text(current_text(GUIDE), by=admin, now=NOW)


def test_restore_text_that_lacks_what_is_asked_today_is_refused(admin):
    keep_text_in_use(GUIDE, now=NOW)
    old = TextVersion.objects.create(kind=GUIDE, version=1, fields=with_lead(""), created_at=NOW)
    publish(admin, "Es gratis.", based_on=1)

    with pytest.raises(TextLacks):
        restore_text(old, by=admin, now=NOW)


def test_versions_of_shows_the_packaged_one_before_its_first_use():
    found = versions_of(TextKind.AVISO)

    assert [(one.version, one.pk) for one in found] == [(0, None)]
    assert not TextVersion.objects.exists()


def test_versions_of_shows_the_packaged_one_below_others(admin):
    TextVersion.objects.create(kind=GUIDE, version=1, fields=with_lead("Sí."), created_at=NOW)

    assert [one.version for one in versions_of(GUIDE)] == [1, 0]
