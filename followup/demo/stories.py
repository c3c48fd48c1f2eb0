"""How a student came to each stage, by each way: the verbs in their order."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import cast

from followup.demo import renuncias, verbs
from followup.demo.acuses import Holder
from followup.demo.lives import Face, Life, World
from followup.demo.people import Person
from followup.demo.plan import LOTS, Case, Lot, Way
from followup.demo.schools import DAYS_AGO, made_at
from followup.models import StudentReport
from followup.states import EscalationCause, ReportKind, Stage
from notices.states import NoticeState
from nss.states import NSSAnswer, ProofRoute, ReturnReason
from students.states import BajaKind

PDF_LAYOUTS = (
    *("whole_page", "text_only", "digit_apart", "grouped", "crowded", "columns", "stacked"),
    *("card", "sheet_with_card", "letter", "two_pages"),
)
PHOTO_LAYOUTS = ("whole_page", "card", "sheet_with_card")
PHOTOS_IN_REVIEW = (
    *("mild", "small", "noisy", "blurred") * 2,
    *("photo", "dark", "perspective"),  # the slowest to draw and to read
)
PHOTOS_ACCEPTED = ("noisy", "small", "blurred")
SHARE_OF_PHOTOS = 0.3
UNREAD_LAYOUTS = ("wrong_digit", "two_numbers")
OTHER_LAYOUTS = ("clinic_card", "payslip")

CASES = (
    (EscalationCause.UNSTATED, "", "La página me mandó a la Subdelegación al escribir mi CURP."),
    (EscalationCause.DATA_DIFFER, "Fecha de nacimiento", "El IMSS tiene otra fecha de nacimiento."),
    (EscalationCause.UNSTATED, "", "Dice «Acudir a la Subdelegación» y no me deja seguir."),
    (EscalationCause.OTHER, "", "Dice que mi trámite ya está en otra oficina."),
)
WRONG_ACUSE = (
    *(EscalationCause.DATA_DIFFER, "tu fecha de nacimiento"),
    "En el acuse sale mal tu fecha de nacimiento.",
)
TROUBLES = (
    (ReportKind.QUESTION, "", "¿Sirve el acuse que saqué el año pasado?"),
    (ReportKind.NO_MAIL, "", "No me llega el correo del IMSS, ya revisé Spam."),
    (ReportKind.ROSTER_DATA, "Grupo", "Me cambiaron de grupo la semana pasada."),
    (ReportKind.PAGE_FAILED, "", "La página del IMSS se quedó en blanco."),
    (ReportKind.HAS_NSS, "", "Mi mamá dice que ya tengo un NSS de cuando trabajé."),
    (ReportKind.QUESTION, "", "¿Qué hago si tengo ISSSTE por mi papá?"),
)
ANSWERS = {
    ReportKind.QUESTION: "Sí sirve, si trae tu nombre y tu CURP. Súbelo en «Mi trámite».",
    ReportKind.ROSTER_DATA: "Ya lo corregimos en la lista del plantel.",
    ReportKind.HAS_NSS: "Tráenos cualquier papel que lo diga y lo revisamos contigo.",
}
RETURN_WAYS = {
    Way.RETURNED_UNREADABLE: ReturnReason.UNREADABLE,
    Way.OTHER_DOCUMENT: ReturnReason.NOT_ACUSE,
    Way.OTHER_PERSON: ReturnReason.OTHER_PERSON,
    Way.RETURNED_DIFFERS: ReturnReason.NSS_DIFFERS,
    Way.RETURNED_INCOMPLETE: ReturnReason.INCOMPLETE,
    Way.RETURNED_OTHER: ReturnReason.OTHER,
    Way.UNREAD: ReturnReason.UNREADABLE,
}
OTHER_NOTE = "La hoja está doblada sobre tu nombre. Extiéndela y toma otra foto."

_QUEUED_TURN, _RETRIED_TURN, _FAILED_TURN = 1, 0, 1


def tell(world: World, case: Case) -> None:
    """Let one invented student live up to the stage of the plan."""
    _STORIES[case.stage](Life(world, case))


def holder_of(person: Person, issued_date: date) -> Holder:
    """Return the person as IMSS prints it: capitals, Ñ but no accents."""
    return Holder(
        nss=person.nss,
        curp=person.curp,
        given_names=_printed(person.given_names),
        first_surname=_printed(person.first_surname),
        second_surname=_printed(person.second_surname),
        issued_date=issued_date,
    )


def _not_started(life: Life) -> None:
    case, chance = life.case, life.chance
    is_late = not case.is_first and chance.random() < 0.3
    day = life.school.days.overdue(chance) if is_late else life.school.days.open(chance)
    life.enrol(day, has_curp=case.way != Way.NO_CURP)
    if case.way == Way.STARTED:
        verbs.enter(life)
        verbs.start_data(life, steps=chance.randint(1, 4))
    elif case.way == Way.ASKS:
        verbs.enter(life)
        _ask(life)


def _without_nss(life: Life) -> None:
    life.enrol(life.school.days.open(life.chance))
    is_retried = life.case.turn == _RETRIED_TURN
    verbs.confirm_data(life, state=NoticeState.RETRY if is_retried else NoticeState.SENT)
    if life.case.way == Way.ASKS:
        _ask(life)
    elif life.case.way == Way.REFUSED_FILE:
        acuse = verbs.upload(life, Face("whole_page", _own(life), is_damaged=True))
        verbs.refuse(life, acuse)


def _overdue(life: Life) -> None:
    life.enrol(life.school.days.overdue(life.chance))
    verbs.confirm_data(life)
    if life.case.way == Way.ASKS:
        _ask(life)


def _at_subdelegacion(life: Life) -> None:
    life.enrol(_day(life, 4, 20))
    verbs.confirm_data(life)
    is_of_reviewer = life.case.way == Way.WRONG_DATA
    cause, subject, text = WRONG_ACUSE if is_of_reviewer else CASES[life.case.turn % len(CASES)]
    if is_of_reviewer:
        acuse = verbs.upload(life, _face(life))
        verbs.send(life, acuse)
        verbs.give_back(life, acuse, ReturnReason.IMSS_DATA_WRONG, note=subject)
    verbs.report_case(life, cause, subject=subject, text=text, is_of_reviewer=is_of_reviewer)


def _nss_by_plantel(life: Life) -> None:
    life.enrol(_day(life, 10, 30))
    verbs.confirm_data(life)
    cause, subject, text = CASES[life.case.turn % len(CASES)]
    found = verbs.report_case(life, cause, subject=subject, text=text)
    verbs.register(life, ProofRoute.SUBDELEGACION)
    verbs.handle(life, found, "Ya tenemos tu NSS. Está en «Mi trámite».")


def _draft(life: Life) -> None:
    life.enrol(_day(life, 1, 6))
    verbs.confirm_data(life)
    verbs.upload(life, _face(life))


def _in_review(life: Life) -> None:
    life.enrol(_day(life, 2, 9))
    verbs.confirm_data(life)
    _earlier_tries(life)
    face, way = _face(life), life.case.way
    acuse = verbs.upload(life, face)
    verbs.send(life, acuse, is_own=way == Way.OTHER_PERSON)
    if way == Way.TYPED_NSS:
        verbs.answer(life, acuse, NSSAnswer.DIFFERENT, typed=_another_number(life))
    elif way == Way.UNREAD:
        verbs.answer(life, acuse, None, typed=life.person.nss)
    elif way in {Way.PLAIN, Way.SECOND_TRY} and not face.degradation:
        verbs.answer(life, acuse, NSSAnswer.SAME)


def _to_correct(life: Life) -> None:
    life.enrol(_day(life, 5, 14))
    verbs.confirm_data(life)
    acuse = verbs.upload(life, _face(life))
    reason = RETURN_WAYS[life.case.way]
    verbs.send(life, acuse, is_own=reason == ReturnReason.OTHER_PERSON)
    if reason == ReturnReason.NSS_DIFFERS:
        verbs.answer(life, acuse, NSSAnswer.DIFFERENT, typed=_another_number(life))
    note = OTHER_NOTE if reason == ReturnReason.OTHER else ""
    is_failed = life.case.turn == _FAILED_TURN
    state = NoticeState.FAILED if is_failed else NoticeState.SENT
    verbs.give_back(life, acuse, reason, note=note, state=state)


def _accepted(life: Life) -> None:
    """Accepted since the last batch was made, or else left in some batch on the way."""
    if life.case.lot:
        _ready_for_batch(life)
        return
    if life.case.way == Way.KNOWN_NSS:
        before = _earlier_stay(life)
        life.enrol(_day(life, 0, 2), student=before.student)
        verbs.confirm_data(life)
        return
    life.enrol(_day(life, 3, 7))
    verbs.confirm_data(life)
    if life.case.way == Way.WINDOW:
        life.clock.wait_until(made_at(life.school, Lot.DRAFT))
        verbs.register(life, ProofRoute.WINDOW)
        return
    _earlier_tries(life)
    acuse = verbs.upload(life, _face(life))
    verbs.send(life, acuse)
    life.clock.wait_until(made_at(life.school, Lot.DRAFT))
    is_queued = life.case.turn == _QUEUED_TURN
    verbs.accept(life, acuse, state=NoticeState.QUEUED if is_queued else NoticeState.SENT)


def _ready_for_batch(life: Life) -> None:
    """Up to the proven NSS, before the batch is made that takes the student along; followup.demo.insurance goes on."""
    lot = cast(Lot, life.case.lot)
    life.enrol(_day(life, DAYS_AGO[lot] + 3, 40), until=made_at(life.school, lot))
    verbs.confirm_data(life)
    if life.case.turn % 3 == 1:
        verbs.register(life, ProofRoute.WINDOW)
        return
    acuse = verbs.upload(life, _face(life))
    verbs.send(life, acuse)
    verbs.accept(life, acuse)


def _declining(life: Life) -> None:
    if life.case.lot:
        _ready_for_batch(life)
        return
    life.enrol(_day(life, 3, 12))
    verbs.confirm_data(life)
    renuncia = renuncias.ask(life)
    if life.case.way == Way.SIGNED:
        renuncias.receive(life, renuncia)


def _opted_out(life: Life) -> None:
    if life.case.lot:
        _ready_for_batch(life)
        return
    life.enrol(_day(life, 6, 30))
    verbs.confirm_data(life)
    renuncia = renuncias.ask(life)
    renuncias.receive(life, renuncia)
    renuncias.register(life, renuncia)


def _gone(life: Life) -> None:
    if life.case.lot:
        _ready_for_batch(life)
        return
    if life.case.way == Way.FINISHED:
        _earlier_stay(life)
        return
    life.enrol(_day(life, 12, 40))
    verbs.confirm_data(life)
    if life.case.way == Way.KNOWN_NSS:
        verbs.register(life, ProofRoute.WINDOW)
    is_for_good = life.case.turn % 2 == 1
    verbs.withdraw(life, BajaKind.DEFINITIVE if is_for_good else BajaKind.TEMPORARY)


def _earlier_stay(life: Life) -> Life:
    """A stay of the ciclo before, finished with a proven NSS; returns it."""
    before = Life(life.world, life.case, previous_cycle=True)
    before.enrol(before.cycle.starts_on + timedelta(days=3 + life.case.number % 5))
    verbs.confirm_data(before)
    verbs.register(before, ProofRoute.WINDOW)
    before.clock.wait_until(before.last_weeks)
    verbs.withdraw(before, BajaKind.FINISHED)
    return before


def _earlier_tries(life: Life) -> None:
    if life.case.way == Way.SECOND_TRY:
        first = verbs.upload(life, Face("clinic_card", _own(life)))
        verbs.send(life, first)
        verbs.give_back(life, first, ReturnReason.NOT_ACUSE)
    elif life.case.way == Way.REPLACED:
        first = verbs.upload(life, Face("text_only", _own(life)))
        verbs.send(life, first)
        verbs.replace(first)


def _ask(life: Life) -> None:
    """One of the reports that leave the stage as it is; the plantel answered every other question."""
    kind, subject, text = TROUBLES[life.case.turn % len(TROUBLES)]
    found: StudentReport = verbs.report(life, kind, subject=subject, text=text)
    if kind in ANSWERS and life.chance.random() < 0.5:
        verbs.handle(life, found, ANSWERS[kind])


def _face(life: Life) -> Face:
    """What is uploaded this time, as the way wants it."""
    case, chance = life.case, life.chance
    is_accepted = case.stage == Stage.S_06 or case.lot is not None
    is_photo = chance.random() < SHARE_OF_PHOTOS * (0.5 if is_accepted else 1)
    photos = PHOTOS_ACCEPTED if is_accepted else PHOTOS_IN_REVIEW
    degradation = chance.choice(photos) if is_photo else ""
    layout = chance.choice(PHOTO_LAYOUTS if is_photo else PDF_LAYOUTS)
    own = _own(life)
    match case.way:
        case Way.UNREAD:
            return Face(chance.choice(UNREAD_LAYOUTS), own)
        case Way.OTHER_DOCUMENT:
            return Face(chance.choice(OTHER_LAYOUTS), own)
        case Way.RETURNED_UNREADABLE:
            return Face("text_only", own, "dark")
        case Way.OTHER_PERSON:
            return Face(layout, _classmate(life), degradation)
        case Way.TAKEN_NSS:
            return Face(layout, _with_taken_number(life), degradation)
    return Face(layout, own, degradation)


def _own(life: Life) -> Holder:
    """The student on an acuse issued the same day, or months before in one case of twelve."""
    ago = 140 if life.chance.random() < 0.08 else 0
    return holder_of(life.person, life.clock.at.date() - timedelta(days=ago))


def _classmate(life: Life) -> Holder:
    world, number = life.world, life.case.number
    classmates = [one for one in world.classmates[life.case.plantel] if one != number]
    other = next((one for one in classmates if one > number), classmates[0])
    return holder_of(world.people[other], life.clock.at.date())


def _with_taken_number(life: Life) -> Holder:
    """The student's own acuse but for the number, which another student proved."""
    own = _own(life)
    return Holder(
        nss=_another_number(life),
        curp=own.curp,
        given_names=own.given_names,
        first_surname=own.first_surname,
        second_surname=own.second_surname,
        issued_date=own.issued_date,
    )


def _another_number(life: Life) -> str:
    """A number that another student proved, of the same plantel where there is one."""
    mates = set(life.world.classmates[life.case.plantel])
    accepted = [one for one in life.world.accepted if one in mates] or life.world.accepted
    return life.world.people[accepted[life.case.turn % len(accepted)]].nss


def _day(life: Life, latest: int, earliest: int) -> date:
    return life.school.days.between(life.chance, latest, earliest)


def _printed(name: str) -> str:
    letters = (
        letter if letter == "Ñ" else unicodedata.normalize("NFD", letter)[0]
        for letter in unicodedata.normalize("NFC", name.upper())
    )
    return "".join(letters)


_STORIES: dict[Stage, Callable[[Life], None]] = {
    Stage.S_00: _not_started,
    Stage.S_01: _without_nss,
    Stage.S_01V: _overdue,
    Stage.S_02: _at_subdelegacion,
    Stage.S_03: _nss_by_plantel,
    Stage.S_04B: _draft,
    Stage.S_04: _in_review,
    Stage.S_05: _to_correct,
    Stage.S_06: _accepted,
    **dict.fromkeys(LOTS, _ready_for_batch),
    Stage.S_13A: _declining,
    Stage.S_13: _opted_out,
    Stage.S_14: _gone,
}
