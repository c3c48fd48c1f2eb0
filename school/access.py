"""Every decision about who may do what, where. The table is the access matrix in code.

Rights are read from the database in each request, so a role that is taken away is gone at once. What lies
outside a person's planteles does not exist for that person (404); a function that the role lacks is refused
(403). A student has no Membership and so no ability here: the student's own pages are in students/access.py.
"""

from collections.abc import Callable, Iterable
from enum import Enum, auto
from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

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
    SEE_NOTICES = auto()
    NOTIFY_STUDENTS = auto()
    EXTEND_DEADLINE = auto()
    SEE_CATALOGUES = auto()
    EDIT_TEXTS = auto()


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
        Ability.SEE_NOTICES,
        Ability.NOTIFY_STUDENTS,
        Ability.EXTEND_DEADLINE,
    },
    Role.REVISOR: _REVISOR,
    Role.CONSULTA: {
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
        Ability.SEE_CATALOGUES,
        Ability.EDIT_TEXTS,
    },
    Role.AUDITOR: {Ability.SEE_TODAY, Ability.SEE_CATALOGUES},
}
UNSEEN: dict[str, set[Ability]] = {
    Role.REVISOR: {Ability.IMPORT_ROSTER},
    Role.CONSULTA: {Ability.IMPORT_ROSTER},
    Role.AUDITOR: {Ability.SEE_STUDENTS, Ability.OPEN_STUDENT_FILE},
}
"""What does not even exist for a role (404, «—» in the matrix); anything else that it lacks is refused (403, «✗»)."""

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """What a view behind the sign-in is given: somebody is known, and whether htmx asks for a part of the page."""

    user: User
    htmx: HtmxDetails


def memberships_of(user: User | AnonymousUser) -> QuerySet[Membership]:
    """This will return the roles that count now: of an active user, in active planteles."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(user=user).exclude(plantel__is_active=False)


def is_staff_member(user: User | AnonymousUser) -> bool:
    """This will tell whether the person works here, in any role."""
    return memberships_of(user).exists()


def is_technician(request: HttpRequest) -> bool:
    """This will tell whether Django's admin is open to the visitor: to superusers alone.

    Raises Http404 for everybody else who is signed in (security T25).
    """
    if request.user.is_authenticated and not request.user.is_superuser:
        raise Http404
    return request.user.is_authenticated


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """This will tell whether the person works here and has not enrolled a second factor yet."""
    if not user.is_authenticated or is_mfa_enabled(user):
        return False
    return user.is_superuser or is_staff_member(user)


def roles_of(user: User | AnonymousUser, plantel: Plantel | None = None) -> set[str]:
    """This will return the person's roles in that plantel, or anywhere when none is given."""
    rows = memberships_of(user)
    if plantel is not None:
        rows = rows.filter(plantel=plantel) | rows.filter(plantel__isnull=True)
    return set(rows.values_list("role", flat=True))


def abilities_of(user: User | AnonymousUser, plantel: Plantel | None = None) -> set[Ability]:
    """This will return what the person may do in that plantel, or anywhere when none is given."""
    return {ability for role in roles_of(user, plantel) for ability in ABILITIES[role]}


def planteles_with(user: User | AnonymousUser, ability: Ability) -> QuerySet[Plantel]:
    """This will return the planteles in which the person has the ability."""
    roles = [role for role, abilities in ABILITIES.items() if ability in abilities]
    rows = memberships_of(user).filter(role__in=roles)
    if rows.filter(plantel__isnull=True).exists():
        return Plantel.objects.filter(is_active=True)
    return Plantel.objects.filter(pk__in=rows.values("plantel"))


def roles_held(user: User | AnonymousUser) -> list[tuple[str, int | None]]:
    """This will return each role of the person with the id of its plantel, None for all of them."""
    return list(memberships_of(user).values_list("role", "plantel"))


def planteles_by_ability(
    held: Iterable[tuple[str, int | None]], planteles: Iterable[Plantel]
) -> dict[Ability, list[Plantel]]:
    """This will tell what may be done where among the planteles; what may be done nowhere is left out."""
    roles, found = list(held), dict[Ability, list[Plantel]]()
    for plantel in planteles:
        here = {role for role, place in roles if place is None or place == plantel.pk}
        for ability in {ability for role in here for ability in ABILITIES[role]}:
            found.setdefault(ability, []).append(plantel)
    return found


def may(user: User | AnonymousUser, ability: Ability, plantel: Plantel) -> bool:
    """This will tell whether the person has the ability in that plantel."""
    return ability in abilities_of(user, plantel)


def require(user: User | AnonymousUser, ability: Ability, plantel: Plantel | None = None) -> None:
    """This will let the person through, or raise Http404 for what does not exist to them, else PermissionDenied.

    It does not exist to who has no role there, and to whose every role it is UNSEEN.
    """
    roles = roles_of(user, plantel)
    if any(ability in ABILITIES[role] for role in roles):
        return
    if all(ability in UNSEEN.get(role, set()) for role in roles):
        raise Http404
    raise PermissionDenied


def staff_account(view: View) -> View:
    """This will guard a page about the account of who works here: for students it does not exist (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not user.is_superuser and not is_staff_member(user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def fresh_for(*roles: Role) -> Callable[[View], View]:
    """This will ask these roles to prove again who they are when that is older than ten minutes (matrix «+2»)."""

    def guard(view: View) -> View:
        again = reauthentication_required(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            asked = memberships_of(request.user).filter(role__in=roles).exists()
            return (again if asked else view)(request, *args, **kwargs)

        return guarded

    return guard


def staff_page(ability: Ability) -> Callable[[View], View]:
    """This will guard a view: 404 for who does not work here, 403 for whose roles lack the ability."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            require(request.user, ability)
            return view(request, *args, **kwargs)

        guarded.login_url = "account_login"  # type: ignore[attr-defined]
        return guarded

    return guard
