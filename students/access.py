"""The student's own pages: who is signed in, and for which stay; and why the subsystem's people look at it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse

from common.prepared import Given, Prepared
from school.models import User
from school.queries.planteles import Contact, contact_of
from students.models import Enrollment
from students.states import OPEN_ENROLLMENT, EnrollmentState

View = Callable[..., HttpResponse]

OWN_STAY, OWN_CONTACT = "own_stay", "own_contact"
FILE_REASONS = "file_reasons"
REASON_LASTS = timedelta(minutes=30)
OPEN_FIRST = Case(
    When(state__in=OPEN_ENROLLMENT, then=Value(0)), default=Value(1), output_field=IntegerField()
)
"""An order of stays: what is over comes after what is open."""


def own_stays(user: User | Given) -> QuerySet[Enrollment]:
    """Return the student's stays, the open or last one first."""
    return Enrollment.objects.filter(student__user=user).order_by(OPEN_FIRST, "-enrolled_on", "-pk")


_OWN = Prepared(
    lambda: own_stays(Given("user")).select_related("student", "plantel", "cycle", "data")[:1]
)


def own_enrollment(user: User) -> Enrollment | None:
    """Return the student's open stay, or the last one; None for who is no student."""
    return _OWN.first(user=user.pk)


def own_stay(
    request: HttpRequest, read: Callable[[User], Enrollment | None] = own_enrollment
) -> Enrollment | None:
    """Return `own_enrollment` of who asks, read once in a request: the page and its frame both need it.

    A page that needs more of it reads it its own way, first.
    """
    known = vars(request)
    if OWN_STAY not in known:
        known[OWN_STAY] = read(request.user)  # type: ignore[arg-type]
    found: Enrollment | None = known[OWN_STAY]
    return found


def own_contact(request: HttpRequest, enrollment: Enrollment) -> Contact:
    """Return whom the student of `own_stay` asks, read once in a request likewise."""
    known = vars(request)
    if OWN_CONTACT not in known:
        known[OWN_CONTACT] = contact_of(enrollment.plantel)
    found: Contact = known[OWN_CONTACT]
    return found


def student_page(view: View) -> View:
    """Guard a view of the student's own and hand it the stay as `enrollment`; 404 for anybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        enrollment = own_stay(request)
        if enrollment is None:
            raise Http404
        return view(request, enrollment, *args, **kwargs)

    return guarded


def is_open(enrollment: Enrollment) -> bool:
    """Tell whether the stay still lets the student act."""
    return enrollment.state == EnrollmentState.ACTIVE


def remember_reason(request: HttpRequest, public_id: str, reason: str, *, now: datetime) -> None:
    """Let the person see that stay for half an hour of this login session."""
    reasons = dict(request.session.get(FILE_REASONS, {}))
    reasons[public_id] = {"until": (now + REASON_LASTS).isoformat(), "reason": reason}
    request.session[FILE_REASONS] = reasons


def reason_given(request: HttpRequest, public_id: str, *, now: datetime) -> str:
    """Return the reason that the person wrote for that stay, "" when there is none or its time is over."""
    given = request.session.get(FILE_REASONS, {}).get(public_id)
    if not given or datetime.fromisoformat(given["until"]) < now:
        return ""
    return str(given["reason"])
