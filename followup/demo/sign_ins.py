"""How to enter the demo: staff with password and current code, students with matrícula and activation code."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.urls import reverse

from followup.demo.guard import DemoRefused
from followup.demo.helpers import ROSTER, TO_SIGN_IN, folder, samples_of
from followup.demo.rows import activation_code
from followup.demo.schools import CLAVE, PASSWORD, STAFF_DOMAIN
from followup.queries.progress import progress
from followup.states import Stage
from school.models import Membership, User
from school.states import Role
from students.access_codes import grouped
from students.actions.access_codes import hash_of
from students.models import AccessCode, Enrollment
from students.states import CodeChannel

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from followup.queries.progress import StandingEnrollment

FIRST = "01"
SUPLENTE = "SUPLENTE"
ROLES = (*Role.values, SUPLENTE)
MOST_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class StudentSignIn:
    """One student whose slip still opens the account."""

    enrollment: Enrollment
    stage: str
    code: str

    @property
    def samples(self) -> list[Path]:
        """Acuses of this student to upload."""
        return samples_of(self.enrollment.matricula)


def staff_member(who: str) -> User:
    """Return the demo's person of that role in plantel 01, or of the subsystem, or with that e-mail.

    Raises DemoRefused when there is none: a real person's code is nobody else's business.
    """
    people = User.objects.filter(email__endswith=f"@{STAFF_DOMAIN}")
    found = people.filter(email=who).first() if "@" in who else _by_role(people, who.upper())
    if found is None:
        raise DemoRefused(
            f"Nadie de la demostración es «{who}». Escribir una función ({', '.join(ROLES)}) "
            "o el correo de una persona de la demostración."
        )
    return found


def current_code(user: User, *, at: float | None = None) -> str:
    """Return the code that the person's authenticator app shows at this moment (RFC 6238)."""
    totp = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = int(time.time() if at is None else at) // app_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(decrypt(totp.data["secret"]), counter))


def student_sign_ins(*, now: datetime) -> list[StudentSignIn]:
    """Return one student of each stage worth seeing who can still enter with the slip."""
    stays = progress(
        Enrollment.objects.filter(plantel__clave__startswith=CLAVE, plantel__number=FIRST)
        .select_related("student__user", "plantel")
        .order_by("matricula"),
        now=now,
    )
    return [found for stage in TO_SIGN_IN if (found := _first(stays.filter(stage=stage), stage))]


def lines(*, now: datetime) -> Iterator[str]:
    """Yield what a visitor needs, line by line."""
    base = settings.BASE_URL
    yield f"Personal: {base}{reverse('account_login')}"
    yield f"  Contraseña de todas y todos: {PASSWORD}"
    for role in ROLES:
        yield f"  {role:<12} {staff_member(role).email}"
    yield "  El código de 6 números de cada quien: manage.py demo --code FUNCIÓN (o correo)"
    yield f"Estudiantes: {base}{reverse('students:sign_in')}"
    for found in student_sign_ins(now=now):
        stage = Stage(found.stage).label
        matricula = found.enrollment.matricula
        yield f"  matrícula {matricula}   código {grouped(found.code)}   {stage}"
        if found.samples:
            yield f"    acuse para subir: {' · '.join(str(path) for path in found.samples)}"
    roster = folder() / f"{ROSTER}.xlsx"
    if roster.exists():
        yield f"Lista para importar: {roster}"


def _by_role(people: "QuerySet[User]", role: str) -> User | None:
    is_substitute = role == SUPLENTE
    memberships = Membership.objects.filter(
        user__in=people,
        role=Role.RESPONSABLE if is_substitute else role,
        is_substitute=is_substitute,
    )
    in_first = memberships.filter(plantel__number=FIRST) | memberships.filter(plantel=None)
    found = in_first.select_related("user").order_by("pk").first()
    return found.user if found else None


def _first(stays: "QuerySet[StandingEnrollment]", stage: str) -> StudentSignIn | None:
    """One whose slip still opens the account: whom files to upload were drawn for, else the first."""
    candidates = [found for stay in stays[:MOST_LOOKED_AT] if (found := _if_open(stay, stage))]
    return next((found for found in candidates if found.samples), next(iter(candidates), None))


def _if_open(stay: Enrollment, stage: str) -> StudentSignIn | None:
    code = activation_code(stay.student.user)
    live = AccessCode.objects.filter(
        enrollment=stay,
        channel=CodeChannel.SLIP,
        code_hmac=hash_of(code, stay.pk, CodeChannel.SLIP),
        voided_at__isnull=True,
    )
    is_open = stay.student.curp is not None and live.exists()
    return StudentSignIn(stay, stage, code) if is_open else None
