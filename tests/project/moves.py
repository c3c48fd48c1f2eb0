"""T16: a machine that posts anything as anybody, in any order, and looks after each step what became of it.

Only listed moves happen, each leaves its one line of history, and who may not changes nothing. The suite walks a
few hundred steps (test_moves.py), `script/bench moves` ten thousand.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import time_machine
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from affiliation.models import AltaOrder, Batch, Movement
from affiliation.relation import APPLIED, REJECTED
from affiliation.states import BATCH_MOVES, MOVEMENT_MOVES, BatchState, MovementKind, MovementState
from clinics.queries.insured import is_insured, registration_of
from clinics.tasks import ask_vigencia_again, bring_back_vigencias
from followup.models import Escalation, Oficio, StudentReport
from followup.states import ESCALATION_MOVES, EscalationState
from nss.models import Acuse, NSSRequest
from nss.states import ACUSE_MOVES, REQUEST_MOVES, AcuseState, RequestState, ReturnReason
from renuncias.models import PilePage, Renuncia
from renuncias.states import PAGE_MOVES, RENUNCIA_MOVES, PageOutcome, RenunciaState
from school.models import Subdelegacion, User
from school.states import Role
from students.models import Enrollment, Student, TimelineEntry
from students.states import CLOSED_ENROLLMENT, ENROLLMENT_MOVES, EnrollmentState
from tests.factories.affiliation import checked
from tests.factories.nss import AcuseFactory, NSSRequestFactory, read, read_well
from tests.factories.piles import a_pile, kept
from tests.factories.school import (
    PlantelFactory,
    SchoolCycleFactory,
    SubdelegacionFactory,
    staff,
)
from tests.factories.students import EnrollmentFactory, nss
from tests.project.insured import VERBS as OF_CLINICS
from tests.project.insured import check_clinics, next_verb, typed_for
from tests.project.knock import undone
from tests.project.verbs import (
    ANSWERS,
    BAJAS,
    BATCHES,
    CASES,
    ERRANDS,
    IN_AN_OFICIO,
    MOVES,
    RENUNCIAS,
    VERBS,
)

PEOPLE = (
    "student",
    "classmate",
    "responsable",
    "revisor",
    "consulta",
    "foreigner",
    "admin",
    "auditor",
)
WHY = "Se revisó otra vez con el estudiante"
NOBODYS = "aaaaaaaaaaaaaaaaaaaaaa"


@dataclass(frozen=True)
class Standing:
    """Where everything of the student stands, and how long the history is.

    `cases` are the state and the round of each, `asked` those with a row of an oficio that waits for its answer,
    `batches` those the student goes in, `movements` the state of each and whether it was corrected, `checks` what came
    out and whether it counts.
    """

    acuses: dict[int, str]
    request: str
    stay: str
    number: str | None
    cases: dict[int, tuple[str, int]]
    asked: tuple[int, ...]
    renuncias: dict[int, str]
    pages: dict[int, str]
    events: tuple[str, ...]
    reports: int
    batches: dict[int, str]
    movements: dict[int, tuple[str, bool]]
    is_at_imss: bool
    is_alta_ordered: bool
    clinic: str
    opens_on: str
    checks: dict[int, tuple[str, bool]]


def everybody() -> tuple[Enrollment, dict[str, User]]:
    """Write a student into the database, and everybody who might post something about her."""
    today = timezone.localdate()
    SchoolCycleFactory(starts_on=today - timedelta(days=90), ends_on=today + timedelta(days=90))
    plantel = PlantelFactory(subdelegacion=SubdelegacionFactory())
    stay = EnrollmentFactory(confirmed=True, plantel=plantel, enrolled_on=today)
    return stay, {
        "student": stay.student.user,
        "classmate": EnrollmentFactory(confirmed=True, plantel=plantel).student.user,
        "responsable": staff(Role.RESPONSABLE, plantel),
        "revisor": staff(Role.REVISOR, plantel),
        "consulta": staff(Role.CONSULTA, plantel),
        "foreigner": staff(Role.RESPONSABLE, PlantelFactory()),
        "admin": staff(Role.ADMIN),
        "auditor": staff(Role.AUDITOR),
    }


class Moves(RuleBasedStateMachine):
    """One student, a scanned sheet, everybody who might post something, and the clock; over all runs `steps` counts.

    `done` are the verbs that changed something.
    """

    steps = 0
    moved = 0
    reached: set[str] = set()
    cases_reached: set[str] = set()
    pages_reached: set[str] = set()
    clinics_reached: set[str] = set()
    done: set[str] = set()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(undone())
        now = timezone.now().replace(microsecond=0)
        self.clock = self.stack.enter_context(time_machine.travel(now, tick=False))
        self.stay, self.people = everybody()
        self.number = nss(self.stay.pk % 10_000)
        self.page = kept(a_pile(self.people["responsable"], now=now))

    def teardown(self) -> None:
        self.stack.close()

    @rule(seconds=st.sampled_from([1, 9, 11, 120]))
    def time_passes(self, seconds: int) -> None:
        """The ten seconds in which a decision is taken back without a reason go by, or not."""
        self.clock.shift(seconds)

    @rule(is_good=st.booleans())
    def a_file_is_drawn(self, is_good: bool) -> None:
        """A draft, as an upload leaves it once it was read; the former one makes room."""
        request = NSSRequestFactory(enrollment=self.stay)
        if request.state == RequestState.PROVEN:
            return
        request.acuses.filter(state=AcuseState.DRAFT).update(state=AcuseState.REPLACED)
        draft = AcuseFactory(request=request, draft=True)
        if is_good:
            read_well(draft, self.number)
        else:
            read(draft)

    @rule(
        who=st.sampled_from(PEOPLE),
        verb=st.sampled_from(sorted(VERBS)),
        answer=st.sampled_from(["SAME", "DIFFERENT", "UNKNOWN"]),
        reason=st.sampled_from([*ReturnReason.values, WHY]),
    )
    def post(self, who: str, verb: str, answer: str, reason: str) -> None:
        """Anybody posts anything."""
        before = self.standing()
        status = self.send(who, verb, answer, reason)
        after = self.standing()
        type(self).steps += 1
        self.check(who, verb, status, before, after)

    @rule(at_once=st.booleans())
    def the_way_out(self, at_once: bool) -> None:
        """Whoever declines does so on paper, one step after the other."""
        state = self.stay.renuncias.values_list("state", flat=True).first()
        verbs = {RenunciaState.ISSUED: "receive_many" if at_once else "receive"}
        verbs |= {RenunciaState.SIGNED: "accept", RenunciaState.ACCEPTED: "revoke"}
        self.post("responsable", f"renuncias:{verbs.get(state, 'of_student')}", "SAME", WHY)

    @rule(files=st.booleans())
    def the_sheet(self, files: bool) -> None:
        """A scanned sheet is filed by hand and taken back, or discarded and brought back."""
        state = self.stay.renuncias.values_list("state", flat=True).first()
        outcome = PilePage.objects.values_list("outcome", flat=True).get(pk=self.page.pk)
        if outcome == PageOutcome.SET_ASIDE:
            verb = "restore_page"
        elif state == RenunciaState.ISSUED:
            verb = "file_page" if files else "discard_page"
        else:
            verb = "undo" if state == RenunciaState.SIGNED else "of_student"
        self.post("responsable", f"renuncias:{verb}", "SAME", WHY)

    @rule(answer=st.sampled_from(sorted(ANSWERS)), goes_on=st.booleans())
    def the_errand(self, answer: str, goes_on: bool) -> None:
        """What the page of IMSS refused is asked of the Subdelegación, and answered there; or a step is taken back.

        Three steps forward at once, or one back.
        """
        forward = {
            "": "report_subdelegacion",
            EscalationState.REPORTED: "classify_case",
            EscalationState.READY: "make_oficio",
            EscalationState.IN_OFICIO: "deliver_oficio",
            EscalationState.DELIVERED: "register_answers",
        }
        back = {
            EscalationState.IN_OFICIO: "cancel_oficio",
            EscalationState.READY: "classify_case" if answer == "UNKNOWN" else "undo_answer",
            EscalationState.RESOLVED: "undo_answer",
            EscalationState.DISMISSED: "undo_answer",
        }
        for _ in range(3 if goes_on else 1):
            case = self.cases().last()
            state = case.state if case and (case.is_open or not goes_on) else ""
            verb = forward[state] if goes_on else (forward | back)[state]
            self.post("responsable" if state else "student", f"followup:{verb}", answer, WHY)

    @rule(decides=st.sampled_from(["responsable", "revisor"]), accepts=st.booleans())
    def the_ordinary_way(self, decides: str, accepts: bool) -> None:
        """What is due is done by who does it, so that the walk comes far."""
        newest = self.acuses().first()
        state = newest.state if newest else ""
        if self.standing().stay == EnrollmentState.WITHDRAWN:
            self.post("responsable", "students:reinstate_student", "SAME", WHY)
        elif state == AcuseState.DRAFT:
            self.post("student", "nss:confirm", "SAME", WHY)
        elif state == AcuseState.RECEIVED:
            verb = "nss:accept_acuse" if accepts else "nss:return_acuse"
            self.post(decides, verb, "SAME", "UNREADABLE")
        elif state in {AcuseState.ACCEPTED, AcuseState.RETURNED} and not accepts:
            self.post(decides, "nss:undo_review", "SAME", WHY)
        else:
            self.a_file_is_drawn(accepts)

    @rule(applies=st.booleans())
    def the_batch(self, applies: bool) -> None:
        """Who is ready goes to IMSS, and IMSS answers; what it rejects is corrected. Two steps of that at once."""
        for _ in range(2):
            movement = self.movements().last()
            if movement is None and self.standing().request != RequestState.PROVEN:
                self.the_ordinary_way("responsable", accepts=True)
                continue
            verb = "make_batch"
            if movement and movement.state == MovementState.IN_BATCH:
                is_draft = movement.batch.state == BatchState.DRAFT
                verb = "send_batch" if is_draft else "answer_movements"
            elif movement and movement.state == MovementState.REJECTED:
                verb = "make_batch" if movement.corrected_at else "correct_movement"
            self.post("responsable", f"affiliation:{verb}", "SAME" if applies else "DIFFERENT", WHY)

    @rule(answer=st.sampled_from(sorted(ANSWERS)), goes_on=st.booleans())
    def the_clinic(self, answer: str, goes_on: bool) -> None:
        """Who is insured registers in a clinic and says what IMSS answers; or a step is taken back."""
        if not is_insured(self.stay):
            self.the_batch(applies=True)
        for _ in range(3 if is_insured(self.stay) else 0):
            here = self.standing()
            who, verb = next_verb(here, goes_on=goes_on, today=self.today())
            self.post(who, f"clinics:{verb}", answer, WHY)

    @rule()
    def a_minute_passes(self) -> None:
        """What IMSS answered about a repeated alta closes the NO that had ordered it, or brings it back."""
        self.clock.shift(60)
        for sweep in (ask_vigencia_again, bring_back_vigencias):
            before = self.standing()
            sweep()
            after = self.standing()
            written = after.events[len(before.events) :]
            check_clinics(sweep.name, self.stay, before, after, written)

    def send(self, who: str, verb: str, answer: str, reason: str) -> int:
        client = Client()
        client.force_login(self.people[who])
        kind, _ = VERBS[verb]
        path = reverse(verb, args=self.ids_of(kind) if kind else [])
        typed = {
            **dict.fromkeys(("nss", "nss_again", "typed_nss"), self.number),
            **dict.fromkeys(("reason", "override_reason", "data_wrong"), reason),
            "note": WHY,
            "text": WHY,
            "answer": answer,
            "confirmado": "1",
            "confirmar": "1",
            "kind": "TEMPORARY",
            "on_date": self.today().isoformat(),
            "is_previewed": "on",
            "subject": "CURP",
            "other_cover": "NONE",
            "phone": "6621234567",
            "motive": "IMSS_WORK" if reason == WHY else "IMSS_FAMILY",
            "happened_on": timezone.localdate().isoformat(),
        }
        if verb == "followup:answer_report":
            typed["answer"] = WHY
        if verb == "followup:classify_case":
            typed["cause"] = "OTHER" if answer == "UNKNOWN" else "UNSTATED"
        folio = self.folio()
        office = Subdelegacion.objects.values_list("pk", flat=True).get()
        typed |= {"subdelegacion": str(office), "cases": folio, "hacer": "1"}
        typed[f"{ANSWERS[answer]}-{folio}"] = self.number if answer == "SAME" else WHY
        if verb == "affiliation:make_batch":
            typed |= self.looked_at()
        if verb == "affiliation:answer_movements":
            typed |= {"whose": "todos", "result": APPLIED if answer == "SAME" else REJECTED}
        if verb in OF_CLINICS:
            typed |= typed_for(verb, answer, self.stay, self.standing(), self.today())
        typed["renuncia"] = typed["elegida"] = self.id_of("renuncia")
        newest = self.acuses().first()
        if newest:
            typed |= {"version": str(newest.version), "acuse": newest.public_id}
        return client.post(path, typed).status_code

    def ids_of(self, kind: str) -> list[str | int]:
        if kind == "page":
            return [self.page.pile.public_id, self.page.number]
        if kind == "answer":
            return [self.id_of("oficio"), self.folio()]
        if kind == "kind":
            return [self.kind()[0]]
        if kind in {"batch", "movement"}:
            movement = self.movements().last()
            named = [movement.batch.public_id, movement.position] if movement else [NOBODYS, 1]
            return named[:1] if kind == "batch" else named
        return [self.id_of(kind)]

    def kind(self) -> tuple[str, MovementKind]:
        is_open = self.standing().stay == EnrollmentState.ACTIVE
        return ("altas", MovementKind.ALTA) if is_open else ("bajas", MovementKind.BAJA)

    def looked_at(self) -> dict[str, str]:
        """What the form of the revisión previa holds."""
        found = checked(self.stay.plantel, self.kind()[1], now=timezone.now())
        return {"seen": found.seen, "effective_on": found.effective_on.isoformat()}

    def today(self) -> date:
        return timezone.localdate(timezone=self.stay.plantel.zone)

    def movements(self):
        found = Movement.objects.filter(enrollment=self.stay).select_related("batch")
        return found.order_by("pk")

    def folio(self) -> str:
        """The reference of the newest case."""
        return self.cases().values_list("report__folio", flat=True).last() or "R26-00-000000"

    def id_of(self, kind: str) -> str:
        found = {
            "acuse": self.acuses().first(),
            "stay": self.stay,
            "report": StudentReport.objects.filter(enrollment=self.stay).first(),
            "oficio": Oficio.objects.filter(
                items__escalation__report__enrollment=self.stay
            ).first(),
            "renuncia": Renuncia.objects.filter(enrollment=self.stay).first(),
        }[kind]
        return found.public_id if found else NOBODYS

    def acuses(self):
        return Acuse.objects.filter(request__enrollment=self.stay).order_by("-version")

    def cases(self):
        return Escalation.objects.filter(report__enrollment=self.stay).order_by("pk")

    def standing(self) -> Standing:
        request = NSSRequest.objects.filter(enrollment=self.stay).first()
        entries = TimelineEntry.objects.filter(enrollment=self.stay).order_by("pk")
        step = registration_of(self.stay)
        return Standing(
            acuses=dict(self.acuses().values_list("pk", "state")),
            request=request.state if request else "",
            stay=Enrollment.objects.get(pk=self.stay.pk).state,
            number=Student.objects.get(pk=self.stay.student_id).nss,
            cases={case.pk: (case.state, case.round) for case in self.cases()},
            asked=tuple(
                self.cases()
                .filter(items__answered_at=None, items__withdrawn_at=None, items__isnull=False)
                .values_list("pk", flat=True)
            ),
            renuncias=dict(self.stay.renuncias.values_list("pk", "state")),
            pages=dict(PilePage.objects.filter(pk=self.page.pk).values_list("pk", "outcome")),
            events=tuple(entries.values_list("event", flat=True)),
            reports=StudentReport.objects.filter(enrollment=self.stay).count(),
            batches=dict(
                Batch.objects.filter(movements__enrollment=self.stay).values_list("pk", "state")
            ),
            movements={
                one.pk: (one.state, one.corrected_at is not None) for one in self.movements()
            },
            is_at_imss=Enrollment.objects.get(pk=self.stay.pk).sent_to_imss_at is not None,
            is_alta_ordered=AltaOrder.objects.filter(
                Q(movement=None) | Q(movement__state=MovementState.IN_BATCH), enrollment=self.stay
            ).exists(),
            clinic=step.state if step else "",
            opens_on=step.opens_on.isoformat() if step else "",
            checks={
                one.pk: (one.result, one.is_current) for one in self.stay.vigencia_checks.all()
            },
        )

    def check(self, who: str, verb: str, status: int, before: Standing, after: Standing) -> None:
        """What must hold after any step."""
        said = f"{who} {verb}: {status}"
        assert status < 500, said
        moved = {pk for pk, state in before.acuses.items() if after.acuses[pk] != state}
        for pk in moved:
            assert after.acuses[pk] in ACUSE_MOVES[before.acuses[pk]], said
        if before.request and after.request != before.request:
            assert after.request in REQUEST_MOVES[before.request], said
        if after.stay != before.stay:
            assert after.stay in ENROLLMENT_MOVES[before.stay], said
        has_left = (before.stay in CLOSED_ENROLLMENT) != (after.stay in CLOSED_ENROLLMENT)
        bajas = [one for one in after.events[len(before.events) :] if one in BAJAS]
        assert len(bajas) == has_left, f"{said}: {bajas}"
        assert after.events[: len(before.events)] == before.events, said
        written = after.events[len(before.events) :]
        has_moved = bool(moved) or (after.request != before.request and bool(before.request))
        if has_moved:
            lines = [one for one in written if one in MOVES]
            if not moved and not lines:
                lines = [one for one in written if one in CASES]
            assert len(lines) == 1, f"{said}: {written}"
            type(self).moved += 1
        self.check_renuncias(said, before, after, written)
        self.check_cases(said, before, after, written)
        self.check_batches(said, before, after, written)
        check_clinics(said, self.stay, before, after, written)
        if who not in VERBS[verb][1] and not (who == "classmate" and not VERBS[verb][0]):
            assert after == before, said
        if who == "classmate":
            assert after == before, said
        assert (after.number is not None) == (after.request == RequestState.PROVEN), said
        self.reached.update(after.acuses.values(), [after.request], after.renuncias.values())
        self.cases_reached.update(state for state, _ in after.cases.values())
        self.pages_reached.update(after.pages.values())
        self.clinics_reached.update([after.clinic], (one for one, _ in after.checks.values()))
        self.done.update({verb} if after != before else ())

    def check_batches(
        self, said: str, before: Standing, after: Standing, written: tuple[str, ...]
    ) -> None:
        """Batch and movement move as their tables say, with a line; the data stay as they are while IMSS has them."""
        for pk, state in before.batches.items():
            assert after.batches[pk] in {state, *BATCH_MOVES[state]}, said
        for pk, (state, _) in before.movements.items():
            assert after.movements[pk][0] in {state, *MOVEMENT_MOVES[state]}, said
        has_moved = (before.batches, before.movements) != (after.batches, after.movements)
        assert has_moved == any(one in BATCHES for one in written), f"{said}: {written}"
        altas = self.movements().filter(kind=MovementKind.ALTA)
        at_imss = altas.filter(state=MovementState.IN_BATCH) | altas.filter(is_in_force=True)
        assert after.is_at_imss == at_imss.exists(), said
        self.reached.update(after.batches.values(), (one for one, _ in after.movements.values()))

    def check_renuncias(
        self, said: str, before: Standing, after: Standing, written: tuple[str, ...]
    ) -> None:
        """A renuncia moves as its table says, with one line, a sheet as its own; who opted out has one registered.

        Who renounced and left keeps it.
        """
        moved = {pk for pk, state in before.renuncias.items() if after.renuncias[pk] != state}
        for pk in moved:
            assert after.renuncias[pk] in RENUNCIA_MOVES[before.renuncias[pk]], said
        if moved or len(after.renuncias) > len(before.renuncias):
            assert len([one for one in written if one in RENUNCIAS]) == 1, f"{said}: {written}"
        for pk, outcome in before.pages.items():
            assert after.pages[pk] in {outcome, *PAGE_MOVES[outcome]}, said
        is_registered = RenunciaState.ACCEPTED in after.renuncias.values()
        if after.stay not in CLOSED_ENROLLMENT:
            assert (after.stay == EnrollmentState.OPTED_OUT) == is_registered, said

    def check_cases(
        self, said: str, before: Standing, after: Standing, written: tuple[str, ...]
    ) -> None:
        """A case moves as its table says, with one line; what stands in an oficio has one row there that waits."""
        moved = {pk for pk, place in before.cases.items() if after.cases[pk] != place}
        for pk in moved:
            (was, _), (state, _) = before.cases[pk], after.cases[pk]
            assert state in {was, *ESCALATION_MOVES[was]}, said
        if moved:
            lines = [one for one in written if one in ERRANDS]
            assert (len(moved), len(lines)) == (1, 1), f"{said}: {written}"
        standing = [pk for pk, (state, _) in after.cases.items() if state in IN_AN_OFICIO]
        assert standing == list(after.asked), said
