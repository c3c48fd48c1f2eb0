"""What the student gives about himself: a draft kept at each step, confirmed once, corrected afterwards."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from notices.actions import Recipient, queue
from school.actions.sessions import end_other_sessions
from school.actions.texts import keep_text_in_use
from school.models import User
from school.states import TextKind
from students import timeline
from students.access import is_open
from students.actions.mailboxes import leave_mailboxes
from students.actions.reminders import look_again
from students.actions.sign_in import about_of
from students.identity import parse_curp
from students.models import Declaration, Enrollment, Student, StudentData
from students.queries.data import Step, has_curp_of_another, label_of, manifestacion, next_step
from students.queries.sign_in import date_to_tell
from students.states import DeclarationKind, Event

FRESH = timedelta(minutes=10)

_NAMES_ONLY = frozenset(("guardian_contact", "other_cover"))
"""Fields whose content is too sensitive for the history (class A): it says that they changed, not from what."""


class DataRefused(Exception):
    """The data cannot be taken; `field` is where the sentence belongs, empty for the whole page."""

    field = ""
    sentence = ""

    def __init__(self) -> None:
        super().__init__(self.sentence)


class DataClosed(DataRefused):
    """The stay is over or opted out: only the school changes its data."""

    sentence = "Aquí ya no se pueden cambiar tus datos. Pide el cambio a Control Escolar"


class DataAtIMSS(DataRefused):
    """The data went to IMSS with the student's alta: what is changed now would differ from what was sent."""

    sentence = "Tu plantel ya mandó estos datos al IMSS. Pide el cambio a Control Escolar"


class DataIncomplete(DataRefused):
    """A question has no answer yet."""

    sentence = "Falta un paso. Complétalo y vuelve a confirmar"


class AlreadyConfirmed(DataRefused):
    """The data were confirmed before, perhaps by the first tap of two."""

    sentence = "Ya confirmaste tus datos"


class CurpDiffers(DataRefused):
    """The plantel's list holds another CURP."""

    field = "curp"

    def __init__(self, known: str) -> None:
        self.sentence = (
            f"Esta CURP no es la que tiene tu plantel (termina en {parse_curp(known).tail}). "
            "Si la tuya está bien, elige “Algo está mal”"
        )
        super().__init__()


class CurpTaken(DataRefused):
    """Another person has it; nothing tells who."""

    field = "curp"
    sentence = "Otra persona ya usa esta CURP. Avisa a Control Escolar"


class EmailUnchanged(DataRefused):
    """The address is the one there is."""

    field = "email"
    sentence = "Ese es el correo que ya tenemos. Escribe el nuevo"


class FreshSignInNeeded(DataRefused):
    """A confirmed address changes only right after its owner proved to read it (security T2)."""

    sentence = "Para cambiar tu correo, primero escribe el código que mandamos al que tienes ahora"


@transaction.atomic
def confirm_person(enrollment: Enrollment, *, curp: str | None = None, now: datetime) -> None:
    """Write down «Sí, son míos», with the CURP if the roster lacked it.

    Raises CurpDiffers, CurpTaken, DataClosed.
    """
    _, data = _lock(enrollment, now=now)
    if curp:
        _give_curp(enrollment, curp)
    data.is_person_confirmed = True
    data.updated_at = now
    data.save(update_fields=["is_person_confirmed", "updated_at"])


@transaction.atomic
def give_contact(
    enrollment: Enrollment,
    *,
    email: str | None = None,
    phone: str,
    accepts_whatsapp: bool,
    guardian_contact: str,
    by: User,
    now: datetime,
) -> None:
    """Keep how to reach the student; no e-mail leaves the one there is. Raises DataClosed.

    A confirmed e-mail changes by change_email alone: raises FreshSignInNeeded.
    """
    stay, data = _lock(enrollment, now=now)
    fields: dict[str, Any] = {
        "phone": phone,
        "accepts_whatsapp": accepts_whatsapp,
        "guardian_contact": guardian_contact,
    }
    if email is not None and email != data.email:
        if data.email_confirmed_at:
            raise FreshSignInNeeded
        leave_mailboxes({stay: email}, now=now)
        fields["email"] = email
    _save(stay, data, fields, by=by, now=now)


@transaction.atomic
def give_address(
    enrollment: Enrollment,
    *,
    postal_code: str,
    colonia: str,
    municipio: str,
    estado: str,
    street: str,
    exterior_number: str,
    interior_number: str,
    address_notes: str,
    by: User,
    now: datetime,
) -> None:
    """Keep where the student lives. Raises DataClosed, DataAtIMSS."""
    fields = {
        "postal_code": postal_code,
        "colonia": colonia,
        "municipio": municipio,
        "estado": estado,
        "street": street,
        "exterior_number": exterior_number,
        "interior_number": interior_number,
        "address_notes": address_notes,
    }
    stay, data = _lock_unsent(enrollment, now=now)
    _save(stay, data, fields, by=by, now=now)


@transaction.atomic
def give_other_cover(enrollment: Enrollment, *, other_cover: str, by: User, now: datetime) -> None:
    """Keep whether there is other cover; once confirmed, a change is declared anew.

    Raises DataClosed, DataAtIMSS.
    """
    stay, data = _lock_unsent(enrollment, now=now)
    is_changed = data.other_cover != other_cover
    _save(stay, data, {"other_cover": other_cover}, by=by, now=now)
    if data.confirmed_at and is_changed:
        _declare(stay, TextKind.MANIFESTACION, statement=manifestacion(other_cover), now=now)


@transaction.atomic
def confirm_data(enrollment: Enrollment, *, by: User, now: datetime) -> None:
    """Close the draft: declarations, history, and M-02 with the date for the acuse.

    Raises DataIncomplete, AlreadyConfirmed, DataClosed.
    """
    look_again([enrollment.pk])
    stay, data = _lock(enrollment, now=now)
    stay.data = data
    if data.confirmed_at:
        raise AlreadyConfirmed
    if next_step(stay) is not Step.CONFIRM:
        raise DataIncomplete
    data.confirmed_at = data.updated_at = now
    data.save(update_fields=["confirmed_at", "updated_at"])
    due_on = date_to_tell(stay, now=now)
    stay.told_due_on = due_on or stay.told_due_on
    stay.save(update_fields=["told_due_on"])
    _declare(stay, TextKind.AVISO, statement="", now=now)
    _declare(stay, TextKind.MANIFESTACION, statement=manifestacion(data.other_cover), now=now)
    timeline.record(stay, Event.DATA_CONFIRMED, by=by, at=now)
    queue(
        f"{about_of(stay)}:data-confirmed",
        "M-02",
        to=Recipient(data.email, stay.student.full_name),
        plantel=stay.plantel,
        about=about_of(stay),
        context={"due_on": due_on.isoformat() if due_on else ""},
        now=now,
    )


@transaction.atomic
def change_email(
    enrollment: Enrollment,
    *,
    email: str,
    is_fresh: bool,
    by: User,
    now: datetime,
    keep_session: str = "",
) -> None:
    """Put another address in place of the one there is, to be confirmed anew.

    A confirmed one is told of the change, and the student is signed out everywhere but in `keep_session`.
    `is_fresh`: the person proved to be the owner within FRESH. Raises EmailUnchanged, FreshSignInNeeded, DataClosed.
    """
    stay, data = _lock(enrollment, now=now)
    if email == data.email:
        raise EmailUnchanged
    if data.email_confirmed_at and not is_fresh:
        raise FreshSignInNeeded
    if data.email_confirmed_at:
        leave_confirmed_mailbox(stay, data, now=now, keep_session=keep_session)
    leave_mailboxes({stay: email}, now=now)
    _save(stay, data, {"email": email, "email_confirmed_at": None}, by=by, now=now)


def leave_confirmed_mailbox(
    stay: Enrollment, data: StudentData, *, now: datetime, keep_session: str = ""
) -> None:
    """Tell the address that was confirmed that it is left, and end every sign-in but `keep_session`."""
    queue(
        f"{about_of(stay)}:email-left:{now.isoformat()}",
        "M-23",
        to=Recipient(data.email, stay.student.full_name),
        plantel=stay.plantel,
        about=about_of(stay),
        context={},
        now=now,
    )
    end_other_sessions(stay.student.user, keep=keep_session)


@transaction.atomic
def accept_aviso(enrollment: Enrollment, *, now: datetime) -> Declaration:
    """Write down that the student was shown the aviso in use; twice is once."""
    stay = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    text = keep_text_in_use(TextKind.AVISO, now=now)
    accepted = Declaration.objects.filter(enrollment=stay, text=text).first()
    return accepted or _declare(stay, TextKind.AVISO, statement="", now=now)


def _lock(enrollment: Enrollment, *, now: datetime) -> tuple[Enrollment, StudentData]:
    stay = (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("student", "plantel")
        .get(pk=enrollment.pk)
    )
    if not is_open(stay):
        raise DataClosed
    data, _ = StudentData.objects.select_for_update().get_or_create(
        enrollment=stay, defaults={"updated_at": now}
    )
    return stay, data


def _lock_unsent(enrollment: Enrollment, *, now: datetime) -> tuple[Enrollment, StudentData]:
    stay, data = _lock(enrollment, now=now)
    if stay.sent_to_imss_at:
        raise DataAtIMSS
    return stay, data


def _save(
    stay: Enrollment, data: StudentData, fields: dict[str, Any], *, by: User, now: datetime
) -> None:
    before = {name: getattr(data, name) for name in fields}
    changed = [name for name, value in fields.items() if before[name] != value]
    for name in changed:
        setattr(data, name, fields[name])
    data.updated_at = now
    data.save(update_fields=[*changed, "updated_at"])
    shown = [name for name in changed if name != "email_confirmed_at"]
    if data.confirmed_at and shown:
        changes = [change_of(name, before[name], fields[name]) for name in shown]
        timeline.record(stay, Event.DATA_CORRECTED, by=by, at=now, data={"changes": changes})


def change_of(name: str, before: object, after: object) -> dict[str, object]:
    """Return how the history keeps one changed field of the data."""
    label = label_of(name)
    if name in _NAMES_ONLY:
        return {"field": label}
    return {"field": label, "before": before, "after": after}


def _give_curp(enrollment: Enrollment, curp: str) -> None:
    student = Student.objects.select_for_update(of=("self",)).get(pk=enrollment.student_id)
    if student.curp and student.curp != curp:
        raise CurpDiffers(student.curp)
    if has_curp_of_another(student, curp):
        raise CurpTaken
    student.curp = curp
    try:
        with transaction.atomic():
            student.save(update_fields=["curp"])
    except IntegrityError:
        raise CurpTaken from None


def _declare(stay: Enrollment, kind: TextKind, *, statement: str, now: datetime) -> Declaration:
    return Declaration.objects.create(
        enrollment=stay,
        kind=DeclarationKind(kind.value),
        text=keep_text_in_use(kind, now=now),
        statement=statement,
        at=now,
    )
