"""What the frame of every page says: whose portal it is, whom to ask, and where the staff may go."""

from collections import Counter
from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from common.bulk import Among
from common.prepared import Given, Prepared
from followup.models import StudentReport
from followup.queries.health import MEMORY
from followup.queries.reports import STILL_ASKED
from followup.states import ATTEMPT_KINDS, CASE_KINDS
from nss.models import Acuse
from nss.queries.queue import WAITING
from renuncias.queries.lists import waiting_by_plantel
from school.access import ABILITIES, Ability, plantel_list, planteles_by_ability, roles_held
from school.models import Plantel, User
from school.queries.planteles import Contact
from school.queries.scope import SESSION_KEY
from school.queries.texts import current_text
from school.states import TextKind
from students.access import own_contact, own_stay
from students.models import Enrollment

ALL_PLANTELES = "Todos los planteles"

NAV: tuple[tuple[Ability, str, str, str, tuple[str, ...]], ...] = (
    (Ability.SEE_TODAY, "Hoy", "followup:today", "house-door", ("/seguimiento/hoy/",)),
    (Ability.REVIEW_ACUSE, "Revisar", "nss:review", "ui-checks", ("/acuses/",)),
    (
        Ability.SEE_STUDENTS,
        "Estudiantes",
        "followup:students",
        "people",
        ("/seguimiento/lista/", "/seguimiento/alumnos/", "/seguimiento/buscar/"),
    ),
    (
        Ability.SEE_STUDENTS,
        "Vencidos",
        "followup:overdue",
        "hourglass-split",
        ("/seguimiento/vencidos/",),
    ),
    (
        Ability.SEE_REPORTS,
        "Subdelegación",
        "followup:escalations",
        "hospital",
        ("/seguimiento/subdelegacion/",),
    ),
    (Ability.SEE_REPORTS, "Reportes", "followup:reports", "flag", ("/seguimiento/reportes/",)),
    (Ability.COUNT_BATCHES, "Afiliación", "affiliation:batches", "send", ("/lotes/",)),
    (Ability.SEE_CLINICS, "Clínica", "clinics:clinics", "card-text", ("/umf/",)),
    (Ability.COUNT_RENUNCIAS, "Renuncias", "renuncias:list", "file-earmark-text", ("/renuncias/",)),
    (Ability.SEE_NOTICES, "Avisos", "notices:list", "envelope", ("/avisos/",)),
    (
        Ability.IMPORT_ROSTER,
        "Importar",
        "students:import_roster",
        "upload",
        ("/alumnos/importar/",),
    ),
    (
        Ability.WITHDRAW_STUDENT,
        "Bajas",
        "students:bajas",
        "box-arrow-right",
        ("/alumnos/bajas/", "/alumnos/egreso/"),
    ),
    (
        Ability.SEE_PRINT_JOBS,
        "Imprimir",
        "papers:print_jobs",
        "printer",
        ("/alumnos/codigos/", "/papeles/", "/seguimiento/imprimir/"),
    ),
    (Ability.EDIT_TEXTS, "Textos", "followup:texts", "pencil", ("/seguimiento/textos/",)),
    (
        Ability.SEE_CATALOGUES,
        "Planteles",
        "school:planteles",
        "building",
        (
            "/plantel/",
            "/seguimiento/calendario/",
            "/seguimiento/ciclos/",
            "/seguimiento/simulador/",
        ),
    ),
    (
        Ability.SEE_HEALTH,
        "Sistema",
        "followup:system_health",
        "shield-check",
        ("/seguimiento/sistema/",),
    ),
)
"""The staff's sections: who sees them, their name, address, icon, and where they are the current one."""

_WAITING: dict[Ability, tuple[str, Prepared[Any]]] = {
    Ability.REVIEW_ACUSE: (
        "nss:review",
        Prepared(
            lambda: (
                Acuse.objects.filter(Among("plantel", Given("planteles")), **WAITING)
                .order_by()
                .values_list("plantel")
                .annotate(Count("pk"))
            )
        ),
    ),
    Ability.SEE_REPORTS: (
        "followup:reports",
        Prepared(
            lambda: (
                StudentReport.objects.filter(
                    Among("enrollment__plantel", Given("planteles")), STILL_ASKED, handled_at=None
                )
                .exclude(kind__in=ATTEMPT_KINDS)
                .order_by()
                .values_list("kind")
                .annotate(Count("pk"))
            )
        ),
    ),
    Ability.REGISTER_RENUNCIA: (
        "renuncias:list",
        Prepared(
            lambda: waiting_by_plantel(Plantel.objects.filter(Among("pk", Given("planteles"))))
        ),
    ),
}
_SECTIONS = dict.fromkeys(CASE_KINDS, "followup:escalations")
"""Where the rows of one kind wait, when not in the section of their ability."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add the frame's variables of docs/ui.md to every page; visitors cost one query."""
    context: dict[str, Any] = {
        "subsystem_name": current_text(TextKind.IDENTIDAD).fields["subsystem"]
    }
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return context
    held = roles_held(user)
    if held:
        return context | _staff(request, user, held)
    enrollment = own_stay(request)
    if enrollment is not None:
        context["contact"] = _contact(own_contact(request, enrollment), enrollment)
    return context


def _contact(contact: Contact, enrollment: Enrollment) -> dict[str, str] | None:
    """Whom the student asks; None while the plantel has no responsable."""
    if not contact.name:
        return None
    words = (
        f"Hola, soy {enrollment.student.full_name}, matrícula {enrollment.matricula}. "
        "Tengo una duda de mi afiliación."
    )
    url = f"https://wa.me/52{contact.whatsapp}?text={quote(words)}" if contact.whatsapp else ""
    return {
        "name": contact.name,
        "room": contact.room,
        "hours": contact.hours,
        "email": contact.email,
        "whatsapp_url": url,
    }


def _staff(request: HttpRequest, user: User, held: list[tuple[str, int | None]]) -> dict[str, Any]:
    abilities = {ability for role, _ in held for ability in ABILITIES[role]}
    planteles = plantel_list(user, Ability.SEE_TODAY)
    chosen = request.session.get(SESSION_KEY)
    current = next((one for one in planteles if one.clave == chosen), None)
    scope = [current] if current else planteles
    counts = _counts(planteles_by_ability(held, scope))
    return {
        "staff_nav": [
            {
                "label": label,
                "url": reverse(name),
                "icon": icon,
                "count": counts.get(name, 0),
                "is_current": request.path.startswith(prefixes),
            }
            for ability, label, name, icon, prefixes in NAV
            if ability in abilities
        ],
        "troubles": MEMORY.troubles(now=timezone.now()),
        "health_url": reverse("followup:system_health") if Ability.SEE_HEALTH in abilities else "",
        "plantel_name": _name(scope, current),
        "may_search": Ability.OPEN_STUDENT_FILE in abilities,
        "keys_url": reverse("school:switch_shortcuts"),
        "keys_on": user.has_shortcuts,
        "plantel_switch": _switch(planteles, current) if len(planteles) > 1 else None,
    }


def _counts(where: dict[Ability, list[Plantel]]) -> Counter[str]:
    """How much waits behind some of the sections: one query each, none for who may not see it."""
    counts = Counter[str]()
    for ability, (section, waiting) in _WAITING.items():
        if ability in where:
            planteles = [one.pk for one in where[ability]]
            for kind, count in waiting.rows(planteles=planteles):
                counts[_SECTIONS.get(kind, section)] += count
    return counts


def _name(scope: list[Plantel], current: Plantel | None) -> str:
    if current or len(scope) == 1:
        return str(current or scope[0])
    return ALL_PLANTELES if scope else ""


def _switch(planteles: list[Plantel], current: Plantel | None) -> dict[str, Any]:
    options = [{"value": "", "label": ALL_PLANTELES, "is_current": current is None}]
    options += [
        {"value": one.clave, "label": str(one), "is_current": one == current} for one in planteles
    ]
    return {"url": reverse("followup:choose_plantel"), "options": options}
