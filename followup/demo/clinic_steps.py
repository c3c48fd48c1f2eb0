"""The clinic and the vigencia in the demo: the step opened, the clinics registered, what IMSS said of the vigencia."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from clinics.actions import (
    ask_vigencia,
    open_clinics,
    register_clinic,
    register_clinic_for_student,
    repair_vigencia,
    report_vigencia,
    save_umf,
)
from clinics.models import VigenciaCheck
from clinics.queries.registrations import ClinicReport, Selection
from clinics.states import Turno, VigenciaResult
from clinics.umf_file import UMFRow
from followup.demo.agenda import Agenda
from followup.demo.lives import World
from followup.demo.plan import Case, Way
from followup.demo.schools import School
from followup.states import Stage
from students.models import Enrollment

UMFS = ((2, "Centro"), (14, "Norte"), (37, "Sur"), (65, "Poniente"))
OPENED = (Stage.S_09, Stage.S_10, Stage.S_11, Stage.S_12)
REGISTERED = OPENED[1:]
OPENS_IN = timedelta(days=6)
CAMPAIGN_AGO = 4
"""Only the first plantel asked everybody again: what was said before counts no more there."""
SAID = {
    Way.BY_OTHER: (VigenciaResult.BY_OTHER, True),
    Way.UNSURE: (VigenciaResult.BY_SCHOOL, False),
}
YES = (VigenciaResult.BY_SCHOOL, True)
NO = (VigenciaResult.NONE, True)


def plan_clinics(world: World, school: School, cases: Sequence[Case], agenda: Agenda) -> None:
    """Fill the plantel's catalogue, and put into the agenda what it and its insured students do."""
    for number, name in UMFS:
        row = UMFRow(number, f"UMF {number} {name}", f"Avenida del Ejemplo {number}, {name}")
        save_umf(school.plantel, row)
    first = [case for case in cases if case.stage in OPENED]
    later = [case for case in cases if case.way == Way.OPENS_LATER]
    leaving = [case for case in cases if case.way == Way.BAJA_TO_SEND]
    openings = ((first, 10, timedelta(0)), (leaving, 3, OPENS_IN), (later, 2, OPENS_IN))
    for chosen, ago, opens_in in openings:
        if chosen:
            stays = [world.stays[case.number] for case in chosen]
            agenda.add(school.moment(ago, 9, 30), partial(_open, school, stays, opens_in))
    for case in first:
        _plan_student(world, school, case, agenda)
    if school is world.system.schools[0]:
        agenda.add(school.moment(CAMPAIGN_AGO, 12), partial(_ask, school))


def _open(school: School, stays: list[Enrollment], opens_in: timedelta, now: datetime) -> None:
    today = now.astimezone(school.plantel.zone).date()
    today = max(today, school.days.today) if opens_in else today
    open_clinics(stays, opens_on=today + opens_in, by=school.responsable, now=now)


def _ask(school: School, now: datetime) -> None:
    ask_vigencia(Selection(school.plantel), by=school.responsable, now=now)


def _plan_student(world: World, school: School, case: Case, agenda: Agenda) -> None:
    if case.stage not in REGISTERED:
        return
    chance = world.chance(case, "clinic")
    stay = world.stays[case.number]
    report = ClinicReport(
        chance.choice(UMFS)[0], chance.choice(list(Turno)), str(chance.randint(1, 24))
    )
    hour, minute = chance.randint(9, 13), chance.randint(0, 59)
    registered_at = school.moment(chance.choice((9, 8)), hour, minute)
    is_at_window = case.way == Way.AT_WINDOW
    agenda.add(registered_at, partial(_register, school, stay, report, is_at_window))
    for ago, said in _reports(case, is_asked_again=school is world.system.schools[0]):
        at = school.moment(ago, chance.randint(15, 19), chance.randint(0, 59))
        agenda.add(at, partial(_report, stay, *said))
    if case.way == Way.REPAIRED:
        agenda.add(school.moment(5, 10, minute), partial(_repair, school, stay))


def _reports(case: Case, *, is_asked_again: bool) -> list[tuple[int, tuple[VigenciaResult, bool]]]:
    """What the student says of the vigencia, and so many working days ago."""
    if case.stage == Stage.S_12:
        return [(7 if case.way == Way.SENT_AGAIN else 3, NO)]
    if case.way == Way.UNABLE:
        return [(2, (VigenciaResult.NOT_CONSULTED, True))]
    found = [(7, NO)] if case.way == Way.REPAIRED else []
    if case.stage == Stage.S_11:
        said = SAID.get(case.way, YES)
        if not found:
            found.append((6, said))
        if is_asked_again or case.way == Way.REPAIRED:
            found.append((2, said))
    return found


def _register(
    school: School, stay: Enrollment, report: ClinicReport, is_at_window: bool, now: datetime
) -> None:
    if is_at_window:
        register_clinic_for_student(stay, report, by=school.responsable, now=now)
    else:
        register_clinic(stay, report, by=stay.student.user, now=now)


def _report(stay: Enrollment, result: VigenciaResult, is_sure: bool, now: datetime) -> None:
    report_vigencia(stay, result, is_sure=is_sure, by=stay.student.user, now=now)


def _repair(school: School, stay: Enrollment, now: datetime) -> None:
    check = VigenciaCheck.objects.get(enrollment=stay, is_current=True)
    repair_vigencia(check, by=school.responsable, now=now)
