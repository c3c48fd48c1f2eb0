"""From «no lo necesito» to a sheet that waits for signatures: for one student, or for a whole selection."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from common.bulk import Among
from notices.actions import Draft, queue_many
from papers.actions import issue_papers, replace_paper
from papers.models import Paper
from papers.states import PaperKind
from renuncias.actions.errors import AlreadySigned, AnswersMissing, NobodyToIssue, StayNotOpen
from renuncias.actions.steps import ASKED, lock_stay, mark_ended, recipient_of
from renuncias.models import Renuncia
from renuncias.queries.answers import (
    Answers,
    answers_known,
    answers_of,
    final_answers,
    missing_answer,
)
from renuncias.queries.renuncias import hand_in_by, hand_in_place
from renuncias.queries.sheet import Day, day_of, digest_of, needs_guardian, printed_words
from renuncias.states import OPEN_RENUNCIA, RenunciaState
from school.actions.texts import keep_text_in_use
from school.models import TextVersion, User
from school.states import TextKind
from students import timeline
from students.access import is_open
from students.actions.clock import pause_clocks
from students.actions.reminders import look_again
from students.models import Enrollment, TimelineEntry
from students.queries.names import by_name
from students.states import EnrollmentState, Event, PauseReason

REPLACED = "Se pidió otra con datos distintos"


@dataclass(frozen=True)
class _Issue:
    """What all sheets of one plantel and ciclo share."""

    text: TextVersion
    day: Day
    hand_in_by: date
    by: User
    now: datetime


@transaction.atomic
def ask_renuncia(
    enrollment: Enrollment, answers: Mapping[str, Any], *, by: User, now: datetime
) -> Renuncia:
    """Issue the student's renuncia with these answers, for printing; the same answers again are the same one.

    Other answers replace the one that nobody signed yet. Raises AnswersMissing, AlreadySigned once the signed sheet
    was received, StayNotOpen for who left or opted out.
    """
    wanted = final_answers(answers)
    if lacking := missing_answer(wanted):
        raise AnswersMissing(*lacking)
    stay = lock_stay(enrollment)
    before = (
        Renuncia.objects.select_for_update(of=("self",))
        .filter(enrollment=stay, state__in=OPEN_RENUNCIA)
        .select_related("paper")
        .first()
    )
    if not is_open(stay):
        raise StayNotOpen
    if before is not None:
        if before.state != RenunciaState.ISSUED:
            raise AlreadySigned
        if answers_of(before) == wanted:
            return before
        mark_ended(before, RenunciaState.VOIDED, reason=REPLACED, by=by, now=now)
        replace_paper(before.paper, now=now)
    (renuncia,) = _issue([(stay, wanted)], by=by, now=now)
    return renuncia


@transaction.atomic
def issue_renuncias(
    enrollments: Sequence[Enrollment],
    *,
    by: User,
    now: datetime,
    answers: Answers | None = None,
) -> list[Renuncia]:
    """Issue a renuncia for each of these who is in the cover and has none open; by group and surname.

    The motive is the other cover that the student's data name; without one it is left for the pen. `answers` says
    another for all of them: `Answers()` leaves all to the pen. The number of statements does not grow with the
    selection. Raises NobodyToIssue.
    """
    keys = sorted(enrollment.pk for enrollment in enrollments)
    look_again(keys)
    stays = Enrollment.objects.filter(Among("pk", keys))
    list(stays.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    free = (
        stays.filter(state=EnrollmentState.ACTIVE)
        .exclude(renuncias__state__in=OPEN_RENUNCIA)
        .select_related("student", "plantel", "cycle", "data")
        .order_by(
            *("plantel__number", "cycle", "group"),
            *by_name(),
            "pk",
        )
    )
    wanted = [(stay, answers_known(stay) if answers is None else answers) for stay in free]
    issued = _issue(wanted, by=by, now=now)
    if not issued:
        raise NobodyToIssue
    return issued


def _issue(
    wanted: Iterable[tuple[Enrollment, Answers]], *, by: User, now: datetime
) -> list[Renuncia]:
    text = keep_text_in_use(TextKind.RENUNCIA, now=now)
    issued: list[Renuncia] = []
    for _, pairs in groupby(wanted, key=lambda pair: (pair[0].plantel_id, pair[0].cycle_id)):
        together = list(pairs)
        first = together[0][0]
        day = day_of(first, now=now)
        issue = _Issue(text, day, hand_in_by(first, today=day.today), by, now)
        papers = issue_papers(
            PaperKind.RENUNCIA,
            first.plantel,
            first.cycle,
            [f"enrollment:{stay.pk}" for stay, _ in together],
            text=text,
            by=by,
            now=now,
        )
        rows = [
            _row(stay, answers, paper, issue)
            for (stay, answers), paper in zip(together, papers, strict=True)
        ]
        issued += Renuncia.objects.bulk_create(rows, batch_size=1_000)
        _tell_asked(rows, issue)
    pause_clocks([one.enrollment_id for one in issued], PauseReason.RENUNCIA, now=now)
    timeline.record_many(
        TimelineEntry(
            enrollment_id=one.enrollment_id,
            event=Event.RENUNCIA_ISSUED,
            at=now,
            by=by,
            data={"folio": one.paper.folio},
        )
        for one in issued
    )
    return issued


def _row(stay: Enrollment, answers: Answers, paper: Paper, issue: _Issue) -> Renuncia:
    printed = printed_words(stay, answers, folio=paper.folio, day=issue.day)
    return Renuncia(
        enrollment=stay,
        plantel=stay.plantel,
        paper=paper,
        needs_guardian=needs_guardian(stay, today=issue.day.today),
        printed=printed,
        printed_sha256=digest_of(printed, issue.text.version),
        issued_at=issue.now,
        issued_by=issue.by,
        **answers.columns(),
    )


def _tell_asked(rows: Sequence[Renuncia], issue: _Issue) -> None:
    """M-17: where the signed sheet goes, until when, and who else signs it."""
    queue_many(
        (
            Draft(
                key=f"renuncia:{one.pk}:{ASKED}",
                message=ASKED,
                to=recipient_of(one.enrollment),
                plantel=one.plantel,
                about=f"enrollment:{one.enrollment_id}",
                context={
                    "place": hand_in_place(one.plantel),
                    "due_on": issue.hand_in_by.isoformat(),
                    "needs_guardian": one.needs_guardian,
                },
            )
            for one in rows
        ),
        now=issue.now,
    )
