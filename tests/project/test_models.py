"""Foreign keys look back along the street; names and migrations are in order."""

import ast

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import ForeignKey, Model, OneToOneField

from tests.project.source import STREET, calls, product_files

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def own_models() -> list[type[Model]]:
    """List our models, tables of history left out."""
    return [
        model
        for app in STREET
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    ]


def test_foreign_keys_look_back():
    forward = [
        f"{field.model.__name__}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField)
        and field.related_model._meta.app_label in STREET
        and STREET.index(field.related_model._meta.app_label) < STREET.index(model._meta.app_label)
    ]

    assert forward == []


def test_foreign_keys_name_the_class():
    by_string = [
        f"{path}:{call.lineno} {ast.literal_eval(call.args[0])}"
        for path in product_files()
        for name, call in calls(path)
        if name in RELATIONS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value != "self"
    ]

    assert by_string == []


def test_constraints_and_indexes_carry_app_and_model():
    misnamed = [
        f"{model._meta.label}: {rule.name}"
        for model in own_models()
        for rule in (*model._meta.constraints, *model._meta.indexes)
        if not rule.name.startswith(f"{model._meta.app_label}_")
    ]

    assert misnamed == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
