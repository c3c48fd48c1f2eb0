"""The migration that writes the staff's e-mail in small letters."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from school.models import User
from tests.factories.school import UserFactory

pytestmark = pytest.mark.django_db
migration = import_module("school.migrations.0014_email_in_small_letters")
CONSTRAINT = next(
    one for one in User._meta.constraints if one.name == "school_user_email_in_small_letters"
)


def test_write_small_leaves_students_alone():
    with transaction.atomic(), connection.schema_editor() as editor:
        editor.remove_constraint(User, CONSTRAINT)
    laura = UserFactory(email="Laura@Correo.example")
    student = UserFactory(email="", username="e-0A")

    migration.write_small(apps, None)

    laura.refresh_from_db()
    student.refresh_from_db()
    assert (laura.email, laura.username) == ("laura@correo.example", "laura@correo.example")
    assert (student.email, student.username) == ("", "e-0A")
