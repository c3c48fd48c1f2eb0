"""The stay whose mail carries a secret, held while the secret is made at the mail's delivery."""

from datetime import datetime, timedelta

from notices.actions import NotYet
from notices.models import Notice
from students.models import Enrollment

SOON = timedelta(seconds=15)


def hold_recipient(notice: Notice, *, now: datetime) -> Enrollment | None:
    """Lock the stay that the mail is for and return it, None if there is none.

    It waits for nobody: who delivers holds notices, and who holds a stay may be about to stop them. Raises NotYet
    while somebody holds it.
    """
    stays = Enrollment.objects.select_related("data").filter(pk=notice.context["enrollment"])
    held = stays.select_for_update(of=("self",), skip_locked=True).first()
    if held is None and stays.exists():
        raise NotYet(now + SOON)
    return held
