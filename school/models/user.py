"""Who signs in, and what a person may do in which plantel."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from school.models.plantel import Plantel
from school.states import PLANTEL_ROLES, SUBSYSTEM_ROLES, Role


class PeopleManager(UserManager["User"]):
    """Makes people; every way of making or changing one passes `normalize_email`."""

    use_in_migrations = False

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address in small letters, as the sign-in looks for it."""
        return (email or "").strip().lower()


class User(AbstractUser):
    """One person who signs in: staff by e-mail and password, students by their own codes.

    Staff use their e-mail as username. A student's username is random, the password unusable and the e-mail
    empty: the e-mail of a student is a datum of the trámite, never a way into the staff's sign-in.
    """

    # unique=True would add a second index, for texts that begin alike: nobody looks for those.
    username = models.CharField(
        "usuario", max_length=150, validators=[AbstractUser.username_validator]
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("nombre", max_length=150, blank=True)
    email = models.EmailField("correo", blank=True)
    has_shortcuts = models.BooleanField("atajos de teclado activados", default=True)

    REQUIRED_FIELDS = ["email"]

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        verbose_name = "usuario"
        verbose_name_plural = "usuarios"
        constraints = [
            models.UniqueConstraint(fields=["username"], name="school_user_username_once"),
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="school_user_email_once"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="school_user_email_in_small_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Membership(models.Model):
    """A role: in one plantel for its people, in the whole subsystem for administration and audit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    plantel = models.ForeignKey(
        Plantel, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    role = models.CharField("función", max_length=12, choices=Role.choices)
    is_substitute = models.BooleanField("suplente", default=False)
    position = models.CharField("cargo", max_length=80, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "función"
        verbose_name_plural = "funciones"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "plantel", "role"], name="school_membership_once_in_plantel"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(plantel__isnull=True),
                name="school_membership_once_in_subsystem",
            ),
            models.CheckConstraint(
                condition=Q(plantel__isnull=False, role__in=PLANTEL_ROLES)
                | Q(plantel__isnull=True, role__in=SUBSYSTEM_ROLES),
                name="school_membership_plantel_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"
