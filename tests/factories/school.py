"""Synthetic planteles and staff."""

from datetime import date
from typing import Any

import factory
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from school.models import Membership, NonWorkingDay, Plantel, SchoolCycle, Subdelegacion, User
from school.states import Role


class SubdelegacionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subdelegacion

    name = factory.Sequence(lambda n: f"Subdelegación {n}")


class PlantelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plantel

    clave = factory.Sequence(lambda n: f"26ECB{n:04d}X")
    number = factory.Sequence(lambda n: f"{10 + n}")  # tests name those below
    name = factory.Sequence(lambda n: f"Prueba {n}")
    room = "Control Escolar, edificio A"
    hours = "8:00–15:00"
    email = factory.LazyAttribute(lambda o: f"plantel{o.number}@correo.example")
    time_zone = "America/Mexico_City"


class SchoolCycleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolCycle
        django_get_or_create = ("name",)

    name = "2026-B"
    starts_on = date(2026, 8, 17)
    ends_on = date(2027, 1, 29)


class NonWorkingDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NonWorkingDay

    plantel = factory.SubFactory(PlantelFactory)
    date = date(2026, 8, 24)
    reason = "Contingencia"


class UserFactory(factory.django.DjangoModelFactory):
    """A person without a role; staff come from MembershipFactory."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Persona {n}")
    email = factory.Sequence(lambda n: f"persona{n}@correo.example")
    username = factory.LazyAttribute(lambda o: o.email)
    password = factory.LazyFunction(lambda: make_password(None))


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    plantel = factory.SubFactory(PlantelFactory)
    role = Role.RESPONSABLE


TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "una frase larga y conocida"


def staff(role: Role, plantel: Plantel | None = None, **user: Any) -> User:
    """Return a member of staff with that role, in that plantel (none for ADMIN and AUDITOR), second factor on."""
    person: User = MembershipFactory(role=role, plantel=plantel, user=UserFactory(**user)).user
    TOTP.activate(person, TOTP_SECRET)
    return person
