"""Who declined in the demo: the sheet, the signatures, the registration; each leaves the rows of its action."""

from datetime import datetime

from followup.demo.lives import Life
from followup.demo.rows import Folio, random_id
from papers.folio import ALPHABET, CODE_LENGTH, period_of
from papers.models import Paper
from papers.states import SERIES, PaperKind
from renuncias.models import Renuncia
from renuncias.queries.answers import Answers, answers_known, final_answers
from renuncias.queries.renuncias import hand_in_place
from renuncias.queries.sheet import Day, needs_guardian, printed_words
from renuncias.states import Institution, Kinship, Motive, RenunciaState
from students.states import EnrollmentState, Event, PauseReason

_INSTITUTIONS = (Institution.ISSSTE, Institution.PRIVATE, Institution.PEMEX)


def ask(life: Life) -> Renuncia:
    """The student asks for the sheet."""
    at = life.clock.wait(2, 40)
    today = at.astimezone(life.school.plantel.zone).date()
    answers = _answers(life)
    day = Day(today, life.school.responsable.name)
    renuncia = Renuncia(
        public_id=random_id(life.chance),
        enrollment=life.stay,
        plantel=life.stay.plantel,
        paper=_paper(life, at),
        needs_guardian=needs_guardian(life.stay, today=today),
        printed=printed_words(life.stay, answers, folio="", day=day),
        issued_at=at,
        issued_by=life.user,
        **answers.columns(),
    )
    life.rows.renuncias.append(renuncia)
    life.pause(PauseReason.RENUNCIA, at)
    said = {"folio": ""}
    life.record(Event.RENUNCIA_ISSUED, at, by=life.user, data=said)
    places = [(renuncia.paper, "folio"), (renuncia.printed, "folio"), (said, "folio")]
    series, period = SERIES[PaperKind.RENUNCIA], period_of(life.cycle.name)
    folio = Folio(series, life.school.plantel, at, places, period)
    life.folios[renuncia.public_id] = folio
    life.rows.folios.append(folio)
    context = {
        "place": hand_in_place(life.stay.plantel),
        "due_on": life.school.days.deadline(today).isoformat(),
        "needs_guardian": renuncia.needs_guardian,
    }
    life.mail("M-17", "renuncia-asked", at, context)
    return renuncia


def receive(life: Life, renuncia: Renuncia) -> None:
    """The signed sheet comes back to the window."""
    at = life.clock.wait_for_office(4, 60, life.school.calendar)
    renuncia.state, renuncia.signed_at = RenunciaState.SIGNED, at
    renuncia.signed_by = life.school.responsable
    _record(life, renuncia, Event.RENUNCIA_RECEIVED, at)


def register(life: Life, renuncia: Renuncia) -> None:
    """Control Escolar registers it: the student is out of the cover."""
    at = life.clock.wait_for_office(1, 30, life.school.calendar)
    renuncia.state, renuncia.accepted_at = RenunciaState.ACCEPTED, at
    renuncia.accepted_by = life.school.responsable
    life.stay.state = EnrollmentState.OPTED_OUT
    life.record(Event.OPTED_OUT, at, by=life.school.responsable)
    _record(life, renuncia, Event.RENUNCIA_ACCEPTED, at)
    life.mail("M-18", "renuncia-registered", at, {})


def _answers(life: Life) -> Answers:
    """What the data said of another cover, or else an institution."""
    known = answers_known(life.stay)
    more = {
        "motive": known.motive or Motive.OTHER_INSTITUTION,
        "institution": _INSTITUTIONS[life.case.turn % len(_INSTITUTIONS)],
        "kinship": Kinship.MOTHER if life.case.turn % 2 else Kinship.FATHER,
    }
    return final_answers(more)


def _paper(life: Life, at: datetime) -> Paper:
    paper = Paper(
        kind=PaperKind.RENUNCIA,
        plantel=life.stay.plantel,
        cycle=life.cycle,
        token=random_id(life.chance),
        code="".join(life.chance.choices(ALPHABET, k=CODE_LENGTH)),
        issued_at=at,
        issued_by=life.user,
    )
    life.rows.papers.append(paper)
    return paper


def _record(life: Life, renuncia: Renuncia, event: Event, at: datetime) -> None:
    said = {"folio": ""}
    life.folios[renuncia.public_id].places.append((said, "folio"))
    life.record(event, at, by=life.school.responsable, data=said)
