"""The student's own pages: who is signed in, and for which stay."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from school.models import User
from students.models import Enrollment
from students.states import EnrollmentState

View = Callable[..., HttpResponse]


def own_enrollment(user: User) -> Enrollment | None:
    """This will return the student's open stay, or the last one; None for who is no student."""
    return (
        Enrollment.objects.filter(student__user=user)
        .select_related("student", "plantel", "cycle", "data")
        .order_by("-enrolled_on", "-pk")
        .first()
    )


def student_page(view: View) -> View:
    """This will guard a view of the student's own and hand it the stay as `enrollment`; 404 for anybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        enrollment = own_enrollment(request.user)  # type: ignore[arg-type]
        if enrollment is None:
            raise Http404
        return view(request, enrollment, *args, **kwargs)

    return guarded


def is_open(enrollment: Enrollment) -> bool:
    """This will tell whether the stay still lets the student act."""
    return enrollment.state == EnrollmentState.ACTIVE
