"""The school system of the demo: planteles, ciclos, days off, and who works where."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from string import ascii_uppercase

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password

from followup.demo.moments import EnrolmentDays
from followup.demo.plan import Lot
from followup.demo.sites import Site
from school.calendar import Calendar
from school.models import Membership, NonWorkingDay, Plantel, SchoolCycle, Subdelegacion, User
from school.states import DayCount, Role
from students.deadlines import Rule

CLAVE = "26DEM"
"""Every plantel of a demo has a clave that starts like this; no real one does."""

PASSWORD = "demostracion 2026 sin datos"
"""Known to everybody, and only ever in a demo."""

STAFF_DOMAIN = "personal.example"
ADMIN, AUDITOR = f"administracion@{STAFF_DOMAIN}", f"auditoria@{STAFF_DOMAIN}"

DAYS_AGO = {Lot.FIRST: 16, Lot.SECOND: 11, Lot.DISCARDED: 6, Lot.SENT: 5, Lot.DRAFT: 3}
"""How many working days ago each batch of altas was made."""

SUBDELEGACIONES = (
    ("Subdelegación Hermosillo", "Boulevard de los Ejemplos 100, Hermosillo, Sonora"),
    ("Subdelegación Nogales", "Avenida de los Ejemplos 20, Nogales, Sonora"),
    ("Subdelegación Tijuana", "Paseo de los Ejemplos 300, Tijuana, Baja California"),
)


@dataclass
class School:
    """One plantel with its people and its clock; rows not saved yet."""

    site: Site
    plantel: Plantel
    days_off: dict[date, str]
    days: EnrolmentDays
    people: dict[str, User] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The plantel's working days."""
        return self.days.calendar

    @property
    def responsable(self) -> User:
        """Who loads rosters and asks for NSS at the Subdelegación."""
        return self.people["responsable"]

    def moment(self, working_days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment of a past working day by the plantel's clock."""
        day = self.days.ago(working_days_ago)
        return datetime.combine(day, time(hour, minute), self.plantel.zone)

    @property
    def revisores(self) -> list[User]:
        """Who reviews acuses."""
        return [self.people["revisor-1"], self.people["revisor-2"]]


@dataclass
class System:
    """The whole school system; `previous` and `current` are its ciclos."""

    subdelegaciones: list[Subdelegacion]
    previous: SchoolCycle
    current: SchoolCycle
    schools: list[School]
    memberships: list[Membership]
    seed: int

    def save(self) -> None:
        """Write it: row by row, as administration would, so that each row has its history."""
        for row in [*self.subdelegaciones, self.previous, self.current]:
            row.save()
        for school in self.schools:
            school.plantel.save()
            for day, reason in school.days_off.items():
                NonWorkingDay(plantel=school.plantel, date=day, reason=reason).save()
        for membership in self.memberships:
            user = membership.user
            if user._state.adding:
                user.save()
                Authenticator.objects.bulk_create(_second_factor(user, seed=self.seed))
            membership.save()


def build_system(places: Sequence[Site], *, seed: int, today: date) -> System:
    """Return the planteles and their people, ready to be saved."""
    subdelegaciones = [Subdelegacion(name=name, address=place) for name, place in SUBDELEGACIONES]
    previous, current = _cycles(today)
    rule = Rule(current.acuse_days, current.acuse_day_count == DayCount.BUSINESS)
    schools = []
    for index, site in enumerate(places):
        off = _days_off(index, today)
        days = EnrolmentDays(Calendar(off), rule, today=today)
        plantel = _plantel(index, site, subdelegaciones[site.subdelegacion])
        schools.append(School(site, plantel, off, days))
    return System(subdelegaciones, previous, current, schools, _staff(schools), seed)


def made_at(school: School, lot: Lot) -> datetime:
    """Return when the plantel made that batch."""
    return school.moment(DAYS_AGO[lot], 10, 30)


def totp_secret(email: str, *, seed: int) -> str:
    """Return the base32 secret of one person's second factor; the same seed gives the same."""
    digest = hashlib.sha256(f"totp {seed} {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def _plantel(index: int, site: Site, subdelegacion: Subdelegacion) -> Plantel:
    number = f"{index + 1:02d}"
    return Plantel(
        clave=f"{CLAVE}{index + 1:04d}{ascii_uppercase[index % 26]}",
        number=number,
        name=site.name,
        kind=site.kind,
        address=f"Calle del Ejemplo {index + 1}, {site.municipio}, {site.estado}",
        room="Control Escolar, edificio A, planta baja",
        hours="lunes a viernes, 8:00–15:00",
        email=f"plantel{number}@{STAFF_DOMAIN}",
        direction_email=f"direccion{number}@{STAFF_DOMAIN}" if index % 5 != 4 else "",
        whatsapp=f"55000099{number}",
        time_zone=site.time_zone,
        subdelegacion=subdelegacion,
        registro_patronal=f"Z99{index + 1:05d}32{index % 10}",
    )


def _cycles(today: date) -> tuple[SchoolCycle, SchoolCycle]:
    """Return the half-year before and the one in which today lies: A from February, B from August."""
    current = _half_year(today)
    previous = _half_year(current.starts_on - timedelta(days=1))
    previous.acuse_days, previous.acuse_day_count = 5, DayCount.NATURAL
    return previous, current


def _half_year(day: date) -> SchoolCycle:
    if 2 <= day.month <= 7:
        year, starts_on, ends_on = day.year, date(day.year, 2, 1), date(day.year, 7, 31)
        return SchoolCycle(name=f"{year}-A", starts_on=starts_on, ends_on=ends_on)
    year = day.year if day.month > 1 else day.year - 1
    return SchoolCycle(name=f"{year}-B", starts_on=date(year, 8, 1), ends_on=date(year + 1, 1, 31))


def _days_off(index: int, today: date) -> dict[date, str]:
    """Return a plantel's own days: one behind it and two ahead, not the same in all planteles."""
    return {
        today - timedelta(days=9 + index): "Suspensión por mantenimiento",
        today + timedelta(days=12 + index): "Aniversario del plantel",
        today + timedelta(days=30): "Consejo técnico",
    }


def _staff(schools: list[School]) -> list[Membership]:
    password = make_password(PASSWORD)
    found = [
        Membership(user=_user(ADMIN, "Verónica Salcido Haro", password), role=Role.ADMIN),
        Membership(user=_user(AUDITOR, "Ernesto Palma Rojo", password), role=Role.AUDITOR),
    ]
    for school in schools:
        found += _staff_of(school, password)
    # One person reviews in two planteles.
    shared = schools[0].people["revisor-2"]
    found.append(Membership(user=shared, plantel=schools[1].plantel, role=Role.REVISOR))
    return found


def _staff_of(school: School, password: str) -> list[Membership]:
    site, plantel = school.site, school.plantel
    posts = [
        ("responsable", site.responsable, Role.RESPONSABLE, "Jefa o jefe de Control Escolar"),
        ("suplente", site.suplente, Role.RESPONSABLE, "Suplencia"),
        ("revisor-1", site.revisores[0], Role.REVISOR, "Auxiliar de Control Escolar"),
        ("revisor-2", site.revisores[1], Role.REVISOR, "Auxiliar de Control Escolar"),
        ("consulta", site.consulta, Role.CONSULTA, "Dirección"),
    ]
    found = []
    for post, name, role, position in posts:
        email = f"{post}.{plantel.number}@{STAFF_DOMAIN}"
        user = school.people[post] = _user(email, name, password)
        is_substitute = post == "suplente"
        found.append(
            Membership(
                user=user,
                plantel=plantel,
                role=role,
                is_substitute=is_substitute,
                position=position,
            )
        )
    return found


def _user(email: str, name: str, password: str) -> User:
    return User(username=email, email=email, name=name, password=password)


def _second_factor(user: User, *, seed: int) -> list[Authenticator]:
    """Return an enrolled app and ten recovery codes, encrypted as the portal encrypts them."""
    recovery = hashlib.sha256(f"recovery {seed} {user.email}".encode()).hexdigest()
    return [
        Authenticator(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": encrypt(totp_secret(user.email, seed=seed))},
        ),
        Authenticator(
            user=user,
            type=Authenticator.Type.RECOVERY_CODES,
            data={"seed": encrypt(recovery), "used_mask": 0},
        ),
    ]
