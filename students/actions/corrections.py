"""What Control Escolar corrects for a student: how to reach him, where he lives, and his CURP.

The plantel vouches for an address that it types as for one of its list: a mail there lets the student in, and the
student confirms it by entering (security T2). The one there was is told, if it had been confirmed.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from school.models import User
from students import timeline
from students.actions.access_codes import void_mail_codes
from students.actions.data import change_of, leave_confirmed_mailbox
from students.actions.mailboxes import leave_mailboxes
from students.actions.sign_in import queue_activation
from students.actions.summaries import revoke_summaries
from students.models import Enrollment, Student, StudentData
from students.queries.data import has_curp_of_another
from students.queries.sign_in import mailbox_of, phone_of
from students.states import OPEN_ENROLLMENT, Event


class CorrectionRefused(Exception):
    """Nothing was corrected; `sentence` says why."""

    sentence = ""


class StayOver(CorrectionRefused):
    """Who left is written to no more."""

    sentence = "Ya causó baja: sus datos quedan como estaban"


class NothingChanged(CorrectionRefused):
    """Everything stands like that already, perhaps by the first press of two."""

    sentence = "Así está ya registrado: no hay nada que guardar"


class CurpSentToIMSS(CorrectionRefused):
    """A batch has the CURP, or IMSS applied it already, in whichever stay of the person."""

    sentence = (
        "Su CURP ya va en un lote para el IMSS. Antes de cambiarla, descartar el lote o esperar "
        "la respuesta del IMSS"
    )


class CurpOfAnother(CorrectionRefused):
    """Somebody else has it, in whichever plantel."""

    sentence = "Otra persona ya tiene esa CURP. Compararla con su acta de nacimiento"


@transaction.atomic
def correct_contact(
    enrollment: Enrollment, *, email: str, phone: str, by: User, now: datetime
) -> None:
    """Put right where the student is written to and called, both what the list and what the student said.

    A new address is to be confirmed anew, and a code that was mailed to the former one opens nothing any more; who
    never entered gets another there. Raises StayOver, NothingChanged.
    """
    stay, data = _lock(enrollment)
    before = {"email": mailbox_of(stay), "phone": phone_of(stay)}
    after = {"email": email, "phone": phone}
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        raise NothingChanged
    if "email" in changed:
        _leave_mailbox(stay, data, email=email, now=now)
    for name in changed:
        setattr(stay, f"roster_{name}", after[name])
    stay.save(update_fields=[f"roster_{name}" for name in changed])
    if data and data.email:
        data.email, data.phone, data.updated_at = email, phone, now
        data.save(update_fields=["email", "email_confirmed_at", "phone", "updated_at"])
    changes = [change_of(name, before[name], after[name]) for name in changed]
    timeline.record(stay, Event.CONTACT_CORRECTED, by=by, at=now, data={"changes": changes})
    if "email" in changed and email and stay.first_signed_in_at is None:
        queue_activation(stay, now=now)


@transaction.atomic
def correct_address(enrollment: Enrollment, *, by: User, now: datetime, **address: str) -> None:
    """Put right where the student lives; `address` are fields of StudentData.

    What went to IMSS stays as it went. Raises StayOver, NothingChanged.
    """
    stay, data = _lock(enrollment)
    data = data or StudentData(enrollment=stay)
    changed = {name: value for name, value in address.items() if getattr(data, name) != value}
    if not changed:
        raise NothingChanged
    changes = [change_of(name, getattr(data, name), value) for name, value in changed.items()]
    for name, value in changed.items():
        setattr(data, name, value)
    data.updated_at = now
    data.save()
    timeline.record(stay, Event.ADDRESS_CORRECTED, by=by, at=now, data={"changes": changes})


@transaction.atomic
def correct_curp(enrollment: Enrollment, *, curp: str, by: User, now: datetime) -> None:
    """Put right the CURP, by the birth certificate; once the NSS is proven no list changes it any more.

    The history keeps how both end; a summary that names the old one is revoked. Raises StayOver, NothingChanged,
    CurpSentToIMSS, CurpOfAnother.
    """
    stay, _ = _lock(enrollment)
    person = Student.objects.select_for_update(of=("self",)).get(pk=stay.student_id)
    if person.curp == curp:
        raise NothingChanged
    if Enrollment.objects.filter(student=person, sent_to_imss_at__isnull=False).exists():
        raise CurpSentToIMSS
    before = person.curp or ""
    _give_curp(person, curp)
    revoke_summaries(stay, now=now)
    change = {"field": "CURP", "before": before and f"…{before[-5:]}", "after": f"…{curp[-5:]}"}
    timeline.record(stay, Event.CURP_CORRECTED, by=by, at=now, data={"changes": [change]})


def _give_curp(person: Student, curp: str) -> None:
    """The constraint decides between two at the same moment."""
    if has_curp_of_another(person, curp):
        raise CurpOfAnother
    person.curp = curp
    try:
        with transaction.atomic():
            person.save(update_fields=["curp"])
    except IntegrityError:
        raise CurpOfAnother from None


def _lock(enrollment: Enrollment) -> tuple[Enrollment, StudentData | None]:
    stay = (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("student__user", "plantel")
        .get(pk=enrollment.pk)
    )
    if stay.state not in OPEN_ENROLLMENT:
        raise StayOver
    data = StudentData.objects.select_for_update().filter(enrollment=stay).first()
    if data:
        stay.data = data
    return stay, data


def _leave_mailbox(
    stay: Enrollment, data: StudentData | None, *, email: str, now: datetime
) -> None:
    if data and data.email_confirmed_at:
        leave_confirmed_mailbox(stay, data, now=now)
        data.email_confirmed_at = None
    leave_mailboxes({stay: email}, now=now)
    void_mail_codes([stay.pk], now=now)
