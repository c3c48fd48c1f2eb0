"""What may be tried about the clinic and the vigencia of a student (moves.py), and what must hold after it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from clinics.queries.insured import is_insured
from clinics.states import REGISTRATION_MOVES, VIGENTE, RegistrationState, Turno, VigenciaResult
from students.models import Enrollment
from students.states import Event

if TYPE_CHECKING:
    from tests.project.moves import Standing

CLINICS = {
    Event.CLINIC_OPENED,
    Event.CLINIC_MOVED,
    Event.CLINIC_WITHDRAWN,
    Event.CLINIC_REGISTERED,
    Event.CLINIC_UNDONE,
}
"""The lines that stand for a move of the clinic step, or of its day."""
VIGENCIAS = {
    Event.VIGENCIA_REPORTED,
    Event.VIGENCIA_REPAIRED,
    Event.VIGENCIA_REOPENED,
    Event.VIGENCIA_ASKED,
}
"""The lines that stand for a vigencia that is said, or counts no more; one that is asked may not have been said."""
STUDENT, RESPONSABLE = {"student"}, {"responsable"}
VERBS: dict[str, tuple[str, set[str]]] = {
    "clinics:own_clinic": ("", STUDENT),
    "clinics:correct_own_clinic": ("", STUDENT),
    "clinics:own_vigencia": ("", STUDENT),
    "clinics:open_clinics": ("", RESPONSABLE),
    "clinics:move_openings": ("", RESPONSABLE),
    "clinics:withdraw_openings": ("", RESPONSABLE),
    "clinics:ask_vigencia": ("", RESPONSABLE),
    "clinics:register_for_student": ("stay", RESPONSABLE),
    "clinics:undo_registration": ("stay", RESPONSABLE),
    "clinics:repair_vigencia": ("stay", RESPONSABLE),
}
_FROM = {"": {RegistrationState.INVITED, RegistrationState.REGISTERED}}
_TO = {RegistrationState.INVITED: {""}}


def typed_for(
    verb: str, answer: str, stay: Enrollment, here: "Standing", today: date
) -> dict[str, str]:
    """Return what the forms of these pages hold; `answer` is one of three."""
    said = {
        "SAME": {"cover": VigenciaResult.BY_SCHOOL},
        "DIFFERENT": {"result": VigenciaResult.NONE},
        "UNKNOWN": {"result": VigenciaResult.NOT_CONSULTED},
    }
    tomorrow = (today + timedelta(days=1)).isoformat()
    days = {"clinics:open_clinics": {"dia": "" if answer == "SAME" else tomorrow}}
    days["clinics:move_openings"] = {
        "fecha": here.opens_on,
        "dia": tomorrow if here.opens_on == today.isoformat() else today.isoformat(),
    }
    days["clinics:withdraw_openings"] = {"fecha": here.opens_on}
    return {
        "plantel": stay.plantel.clave,
        "number": "37",
        "turno": Turno.MORNING,
        "consulta": str(max(here.checks, default="")),
        **(said[answer] if verb == "clinics:own_vigencia" else {}),
        **days.get(verb, {}),
    }


def next_verb(here: "Standing", *, goes_on: bool, today: date) -> tuple[str, str]:
    """Return what an insured student, or the plantel, does next; or what takes a step back."""
    counts = {result for result, is_current in here.checks.values() if is_current}
    if not here.clinic:
        return "responsable", "open_clinics" if goes_on else "register_for_student"
    if here.clinic == RegistrationState.INVITED:
        if here.opens_on > today.isoformat():
            return "responsable", "move_openings"
        return ("student", "own_clinic") if goes_on else ("responsable", "withdraw_openings")
    if counts == {VigenciaResult.NONE} and goes_on:
        return "responsable", "repair_vigencia"
    if not counts or goes_on:
        return "student", "own_vigencia"
    return "responsable", "ask_vigencia" if counts & set(VIGENTE) else "undo_registration"


def check_clinics(
    said: str, stay: Enrollment, before: "Standing", after: "Standing", written: Collection[str]
) -> None:
    """The clinic and the vigencia move as their tables say, with one line each, of who is insured alone."""
    was, now = (before.clinic, before.opens_on), (after.clinic, after.opens_on)
    if after.clinic != before.clinic:
        allowed = _FROM.get(before.clinic) or REGISTRATION_MOVES[RegistrationState(before.clinic)]
        assert after.clinic in allowed | _TO.get(before.clinic, set()), said
    lines = [one for one in written if one in CLINICS]
    assert len(lines) == (was != now), f"{said}: {written}"
    lines += (vigencias := [one for one in written if one in VIGENCIAS])
    has_changed = before.checks != after.checks
    assert has_changed <= (len(vigencias) == 1), f"{said}: {written}"
    assert has_changed or set(vigencias) <= {Event.VIGENCIA_ASKED}, f"{said}: {written}"
    _check_vigencias(said, before, after, vigencias)
    if set(lines) - {Event.VIGENCIA_REOPENED}:
        assert is_insured(stay), said


def _check_vigencias(
    said: str, before: "Standing", after: "Standing", vigencias: Collection[str]
) -> None:
    """What was said stays said; one counts at most, and none counts again but a NO whose alta was taken back."""
    for pk, (result, was_current) in before.checks.items():
        assert after.checks[pk][0] == result, said
        comes_back = after.checks[pk][1] and not was_current
        assert comes_back <= (Event.VIGENCIA_REOPENED in vigencias), said
        assert not comes_back or result == VigenciaResult.NONE, said
    assert sum(is_current for _, is_current in after.checks.values()) <= 1, said
    new = [after.checks[pk] for pk in after.checks.keys() - before.checks.keys()]
    assert [is_current for _, is_current in new] == [True] * len(new), said
    if any(result in VIGENTE for result, _ in new):
        assert after.clinic == RegistrationState.REGISTERED, said
    if any(result == VigenciaResult.NONE for result, _ in new):
        assert after.is_alta_ordered, said
