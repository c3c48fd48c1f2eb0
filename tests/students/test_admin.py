"""The side door: superusers look, nobody changes, and what must be logged is not there."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from tests.factories.school import UserFactory
from tests.factories.students import StudentDataFactory

HIDDEN = {
    *("curp", "nss", "declared_nss", "code_hmac", "link_hmac", "path", "original_name"),
    *("email", "phone", "guardian_contact", "street", "postal_code", "other_cover", "statement"),
    *("roster_email", "roster_phone", "report", "data"),
}

ADMINS = [one for one in admin.site._registry.values() if one.model._meta.app_label == "students"]


@pytest.mark.django_db
@pytest.mark.parametrize("one", ADMINS, ids=lambda one: one.model.__name__)
def test_admin_only_looks_and_hides_what_must_be_logged(one):
    request = RequestFactory().get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    shown = one.get_fields(request, one.model())

    assert [one.has_add_permission(request), one.has_change_permission(request)] == [False] * 2
    assert one.has_delete_permission(request) is False
    assert HIDDEN.isdisjoint({*shown, *one.list_display})


@pytest.mark.django_db
@pytest.mark.parametrize("one", ADMINS, ids=lambda one: one.model.__name__)
def test_admin_pages_open(one, rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    StudentDataFactory()

    listed = one.changelist_view(request).render()
    row = one.model.objects.first()
    shown = one.changeform_view(request, str(row.pk)).render() if row else listed

    assert (listed.status_code, shown.status_code) == (200, 200)
