"""Every decision about who may do what, where. The table is the access matrix in code.

Rights are read from the database in each request, so a role that is taken away is gone at once. What lies
outside a person's planteles does not exist for that person (404); a function that the role lacks is refused
(403). A student has no Membership and so no ability here: the student's own pages are in students/access.py.
"""

from collections.abc import Callable, Iterable
from enum import Enum, auto
from functools import wraps
from operator import attrgetter

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from common.prepared import Given, Prepared
from school.models import Membership, Plantel, User
from school.states import Role


class Ability(Enum):
    """One thing that a member of staff may or may not do."""

    SEE_TODAY = auto()
    SEE_STUDENTS = auto()
    OPEN_STUDENT_FILE = auto()
    SEE_STUDENT_FILE_WITH_REASON = auto()
    SEE_ADDRESS = auto()
    SEE_FULL_NSS = auto()
    SEE_DOCUMENT = auto()
    SEE_EVIDENCE = auto()
    OPEN_ORIGINAL = auto()
    UPLOAD_FOR_STUDENT = auto()
    REGISTER_NSS = auto()
    REVIEW_ACUSE = auto()
    SEE_REPORTS = auto()
    HANDLE_REPORT = auto()
    IMPORT_ROSTER = auto()
    PRINT_CODES = auto()
    SEE_PRINT_JOBS = auto()
    PRINT_PAPERS = auto()
    REGISTER_RENUNCIA = auto()
    SEE_NOTICES = auto()
    NOTIFY_STUDENTS = auto()
    EXTEND_DEADLINE = auto()
    CORRECT_DATA = auto()
    COUNT_RENUNCIAS = auto()
    SEE_CATALOGUES = auto()
    EDIT_TEXTS = auto()
    EDIT_CALENDARS = auto()
    EDIT_PLANTELES = auto()
    SEE_HEALTH = auto()
    COUNT_BATCHES = auto()
    AUDIT_BATCHES = auto()
    AFFILIATE = auto()
    EDIT_PROFILES = auto()
    WITHDRAW_STUDENT = auto()
    SEE_CLINICS = auto()
    OPEN_CLINICS = auto()


_REVISOR = {
    Ability.SEE_TODAY,
    Ability.SEE_STUDENTS,
    Ability.OPEN_STUDENT_FILE,
    Ability.SEE_ADDRESS,
    Ability.SEE_FULL_NSS,
    Ability.SEE_DOCUMENT,
    Ability.OPEN_ORIGINAL,
    Ability.REVIEW_ACUSE,
    Ability.SEE_REPORTS,
    Ability.SEE_CATALOGUES,
}
ABILITIES: dict[str, set[Ability]] = {
    Role.RESPONSABLE: _REVISOR
    | {
        Ability.SEE_EVIDENCE,
        Ability.UPLOAD_FOR_STUDENT,
        Ability.REGISTER_NSS,
        Ability.HANDLE_REPORT,
        Ability.IMPORT_ROSTER,
        Ability.PRINT_CODES,
        Ability.SEE_PRINT_JOBS,
        Ability.PRINT_PAPERS,
        Ability.REGISTER_RENUNCIA,
        Ability.SEE_NOTICES,
        Ability.NOTIFY_STUDENTS,
        Ability.EXTEND_DEADLINE,
        Ability.CORRECT_DATA,
        Ability.COUNT_RENUNCIAS,
        Ability.COUNT_BATCHES,
        Ability.AFFILIATE,
        Ability.WITHDRAW_STUDENT,
        Ability.SEE_CLINICS,
        Ability.OPEN_CLINICS,
    },
    Role.REVISOR: _REVISOR | {Ability.SEE_CLINICS},
    Role.CONSULTA: {
        Ability.COUNT_BATCHES,
        Ability.SEE_CLINICS,
        Ability.SEE_TODAY,
        Ability.SEE_STUDENTS,
        Ability.OPEN_STUDENT_FILE,
        Ability.SEE_DOCUMENT,
        Ability.SEE_REPORTS,
        Ability.SEE_CATALOGUES,
    },
    Role.ADMIN: {
        Ability.SEE_TODAY,
        Ability.OPEN_STUDENT_FILE,
        Ability.SEE_STUDENT_FILE_WITH_REASON,
        Ability.IMPORT_ROSTER,
        Ability.SEE_PRINT_JOBS,
        Ability.PRINT_PAPERS,
        Ability.COUNT_RENUNCIAS,
        Ability.COUNT_BATCHES,
        Ability.EDIT_PROFILES,
        Ability.SEE_CATALOGUES,
        Ability.EDIT_TEXTS,
        Ability.EDIT_CALENDARS,
        Ability.EDIT_PLANTELES,
        Ability.SEE_HEALTH,
    },
    Role.AUDITOR: {
        Ability.SEE_TODAY,
        Ability.COUNT_BATCHES,
        Ability.AUDIT_BATCHES,
        Ability.SEE_PRINT_JOBS,
        Ability.SEE_CATALOGUES,
        Ability.SEE_HEALTH,
    },
}
UNSEEN: dict[str, set[Ability]] = {
    Role.RESPONSABLE: {Ability.SEE_HEALTH},
    Role.REVISOR: {Ability.IMPORT_ROSTER, Ability.SEE_HEALTH},
    Role.CONSULTA: {Ability.IMPORT_ROSTER, Ability.SEE_HEALTH},
    Role.AUDITOR: {Ability.SEE_STUDENTS, Ability.OPEN_STUDENT_FILE},
}
"""What does not even exist for a role (404, «—» in the matrix); anything else that it lacks is refused (403, «✗»)."""

View = Callable[..., HttpResponse]

MEMBERSHIPS = "_memberships"
_OF_USER = Prepared(
    lambda: (
        Membership.objects.filter(user=Given("user"))
        .exclude(plantel__is_active=False)
        .select_related("plantel")
    )
)


class SignedInRequest(HttpRequest):
    """What a view behind the sign-in is given: somebody is known, and whether htmx asks for a part of the page."""

    user: User
    htmx: HtmxDetails


def roles_held(user: User | AnonymousUser) -> list[tuple[str, int | None]]:
    """Return each role that counts now with the id of its plantel, None for all of them."""
    return [(one.role, one.plantel_id) for one in _memberships(user)]


def _memberships(user: User | AnonymousUser) -> list[Membership]:
    """The roles of an active user in active planteles, read once for one `user`, that is, once in a request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, MEMBERSHIPS):
        setattr(user, MEMBERSHIPS, _OF_USER.rows(user=user.pk))
    held: list[Membership] = getattr(user, MEMBERSHIPS)
    return held


def is_staff_member(user: User | AnonymousUser) -> bool:
    """Tell whether the person works here, in any role."""
    return bool(roles_held(user))


def is_technician(request: HttpRequest) -> bool:
    """Tell whether Django's admin is open to the visitor: to superusers alone.

    Raises Http404 for everybody else who is signed in (security T25).
    """
    if request.user.is_authenticated and not request.user.is_superuser:
        raise Http404
    return request.user.is_authenticated


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Tell whether the person works here and has not enrolled a second factor yet."""
    works_here = user.is_authenticated and (user.is_superuser or is_staff_member(user))
    return works_here and not is_mfa_enabled(user)


def roles_of(user: User | AnonymousUser, plantel: Plantel | None = None) -> set[str]:
    """Return the person's roles in that plantel, or anywhere when none is given."""
    return {
        role
        for role, place in roles_held(user)
        if plantel is None or place is None or place == plantel.pk
    }


def abilities_of(user: User | AnonymousUser, plantel: Plantel | None = None) -> set[Ability]:
    """Return what the person may do in that plantel, or anywhere when none is given."""
    return {ability for role in roles_of(user, plantel) for ability in ABILITIES[role]}


def planteles_with(user: User | AnonymousUser, ability: Ability) -> QuerySet[Plantel]:
    """Return the planteles in which the person has the ability."""
    places = [place for role, place in roles_held(user) if ability in ABILITIES[role]]
    if None in places:
        return Plantel.objects.filter(is_active=True)
    return Plantel.objects.filter(pk__in=filter(None, places))


def plantel_list(user: User | AnonymousUser, ability: Ability) -> list[Plantel]:
    """Return `planteles_with`, read: those of who works in some planteles came with the roles."""
    places = {one.plantel for one in _memberships(user) if ability in ABILITIES[one.role]}
    if None in places:
        return list(Plantel.objects.filter(is_active=True))
    return sorted(filter(None, places), key=attrgetter("number"))


def planteles_by_ability(
    held: Iterable[tuple[str, int | None]], planteles: Iterable[Plantel]
) -> dict[Ability, list[Plantel]]:
    """Tell what may be done where among the planteles; what may be done nowhere is left out."""
    roles, found = list(held), dict[Ability, list[Plantel]]()
    for plantel in planteles:
        here = {role for role, place in roles if place is None or place == plantel.pk}
        for ability in {ability for role in here for ability in ABILITIES[role]}:
            found.setdefault(ability, []).append(plantel)
    return found


def may(user: User | AnonymousUser, ability: Ability, plantel: Plantel) -> bool:
    """Tell whether the person has the ability in that plantel."""
    return ability in abilities_of(user, plantel)


def require(user: User | AnonymousUser, ability: Ability, plantel: Plantel | None = None) -> None:
    """Let the person through, or raise Http404 for what does not exist to them, else PermissionDenied.

    It does not exist to who has no role there, and to whose every role it is UNSEEN.
    """
    roles = roles_of(user, plantel)
    if any(ability in ABILITIES[role] for role in roles):
        return
    if all(ability in UNSEEN.get(role, set()) for role in roles):
        raise Http404
    raise PermissionDenied


def staff_account(view: View) -> View:
    """Guard a page about the account of who works here: for students it does not exist (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not user.is_superuser and not is_staff_member(user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def fresh_for(*roles: Role) -> Callable[[View], View]:
    """Ask these roles to prove again who they are when that is older than ten minutes (matrix «+2»)."""

    def guard(view: View) -> View:
        again = reauthentication_required(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            is_asked = not roles_of(request.user).isdisjoint(roles)
            return (again if is_asked else view)(request, *args, **kwargs)

        return guarded

    return guard


def staff_page(ability: Ability) -> Callable[[View], View]:
    """Guard a view: 404 for who does not work here, 403 for whose roles lack the ability."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            require(request.user, ability)
            return view(request, *args, **kwargs)

        guarded.login_url = "account_login"  # type: ignore[attr-defined]
        return guarded

    return guard
