"""followup.demo.load: what the demo leaves is what living through it would have left."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from affiliation.models import AltaOrder, Batch, Movement, Profile
from affiliation.movement_file.parts import LONGEST_NAME
from affiliation.queries.frozen import content_of
from affiliation.states import BatchFileKind, BatchState, MovementKind, MovementState
from clinics.models import UMFRegistration, VigenciaCampaign, VigenciaCheck
from clinics.states import RegistrationState, VigenciaResult
from followup.actions.reminders import remind_students
from followup.demo.agenda import MESSAGES
from followup.demo.clinic_steps import UMFS
from followup.demo.drawing import Drawing
from followup.demo.guard import NOT_EMPTY
from followup.demo.helpers import TO_SIGN_IN
from followup.demo.load import _as_if_read, _seated
from followup.demo.plan import FEWEST, Lot, Way, cases
from followup.demo.schools import ADMIN, AUDITOR, PASSWORD
from followup.demo.sign_ins import current_code, staff_member, student_sign_ins
from followup.demo.sites import SITES
from followup.ladder import next_look
from followup.models import Escalation, StudentReport
from followup.queries.escalations import cases_to_ask
from followup.queries.progress import progress
from followup.queries.today_insurance import insurance_rows
from followup.states import EscalationState, ReportKind, Stage
from notices.models import Notice
from notices.states import NoticeState
from nss.extraction.result import ENGINE
from nss.models import Acuse, Reading
from nss.queries.deadlines import review_promised
from nss.queries.queue import Part, review_queue
from nss.queries.reading import acuses_to_read
from nss.states import AcuseState, RequestState
from papers.actions import take_folio
from papers.models import FolioCounter, PrintJob
from renuncias.models import Renuncia
from renuncias.queries.sheet import digest_of
from renuncias.states import RenunciaState
from school.access import Ability
from school.models import Membership, Plantel, SchoolCycle, User
from school.states import PlantelKind, Role
from students.actions.sign_in import SignInRefused, sign_in_with_code
from students.actions.sign_in_limits import Visitor
from students.identity import nss_has_valid_digit, parse_curp
from students.models import (
    AccessCode,
    Baja,
    ClockPause,
    Enrollment,
    NextLook,
    RosterImport,
    StoredFile,
    Student,
)
from students.queries.deadlines import acuse_deadline
from students.roster_file import check_rows, guess_columns
from students.roster_file.table import read_table
from students.states import (
    CLOSED_ENROLLMENT,
    BajaKind,
    CodeChannel,
    FileState,
    ImportState,
    PauseReason,
)
from tests.factories.school import PlantelFactory, staff
from tests.followup.demo.conftest import NOW, SEED, TODAY, LoadedDemo, sha256, snapshot
from tests.followup.demo.test_drawing import HOLDER
from tests.followup.test_actions_reminders import facts as reminder_facts

VISITOR = Visitor("203.0.113.7")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return str(refused.value)


def plan():
    return cases(FEWEST, seed=SEED, year=TODAY.year)


# The school system -------------------------------------------------------------------------------
def test_planteles_are_five_of_the_wanted_kinds(demo: LoadedDemo):
    zones = Counter(Plantel.objects.values_list("time_zone", flat=True))

    assert zones == {"America/Hermosillo": 4, "America/Tijuana": 1}
    assert Plantel.objects.filter(kind=PlantelKind.CENTRO).count() == 1
    assert Plantel.objects.filter(clave__startswith="26DEM").count() == len(SITES) == 5


def test_cycles_are_the_one_of_today_and_the_one_before(demo: LoadedDemo):
    previous, current = SchoolCycle.objects.order_by("starts_on")

    assert current.starts_on <= TODAY <= current.ends_on
    assert previous.ends_on == current.starts_on - timedelta(days=1)


def test_staff_have_every_role_in_every_plantel_and_both_factors(demo: LoadedDemo):
    roles = {
        plantel.clave: Counter(plantel.memberships.values_list("role", flat=True))
        for plantel in Plantel.objects.all()
    }
    usual = {Role.RESPONSABLE: 2, Role.REVISOR: 2, Role.CONSULTA: 1}

    assert roles.pop("26DEM0002B") == {**usual, Role.REVISOR: 3}
    assert list(roles.values()) == [usual] * 4
    assert Membership.objects.filter(plantel=None).count() == 2
    staff = User.objects.filter(memberships__isnull=False).distinct()
    types = staff.annotate(factors=Count("authenticator", distinct=True))
    assert {user.factors for user in types} == {2}
    assert staff.annotate(n=Count("memberships")).filter(n=2).count() == 1
    kept = Authenticator.objects.values_list("data", flat=True)
    secrets = [data.get("secret") or data["seed"] for data in kept]
    assert {secret[:5] for secret in secrets} == {"gAAAA"}  # a Fernet token


def test_staff_enter_with_the_known_password(demo: LoadedDemo, rf):
    for email in (ADMIN, AUDITOR, "consulta.04@personal.example"):
        user = authenticate(rf.post("/"), email=email, password=PASSWORD)
        assert user == User.objects.get(email=email)


# Students ----------------------------------------------------------------------------------------
def test_every_acuse_stands_in_the_plantel_of_its_stay(demo: LoadedDemo):
    elsewhere = Acuse.objects.exclude(plantel=F("request__enrollment__plantel"))

    assert list(elsewhere) == []


def test_every_student_stands_in_the_planned_stage(demo: LoadedDemo):
    stays = progress(Enrollment.objects.order_by("pk"), now=NOW)
    stage = {stay.matricula: stay.stage for stay in stays}

    planned = {case.matricula: case.stage for case in plan()}
    earlier = {f"25{case.matricula[2:]}" for case in plan() if case.way == Way.FINISHED}
    missing = planned.keys() - stage.keys()
    assert {matricula: stage[matricula] for matricula in planned.keys() - missing} == {
        matricula: planned[matricula] for matricula in planned.keys() - missing
    }
    assert {f"25{matricula[2:]}" for matricula in missing} == earlier
    assert {stage[matricula] for matricula in earlier} == {Stage.S_14}
    assert set(stage.values()) == set(Stage)


def test_no_name_in_a_batch_is_too_long_for_the_movement_file():
    short, other = SimpleNamespace(longest=LONGEST_NAME), SimpleNamespace(longest=4)
    long = SimpleNamespace(longest=LONGEST_NAME + 1)
    in_batch, waits = SimpleNamespace(lot=Lot.FIRST), SimpleNamespace(lot=None)

    seated = _seated([short, long, long, other], [in_batch, in_batch, waits, waits])

    assert seated == [short, other, long, long]


def test_every_curp_and_nss_is_valid(demo: LoadedDemo):
    students = Student.objects.all()

    curps = [student.curp for student in students if student.curp]
    numbers = [student.nss for student in students if student.nss]
    assert [parse_curp(curp, today=TODAY).value for curp in curps] == curps
    assert all(nss_has_valid_digit(nss) for nss in numbers)
    without = sum(case.way == Way.NO_CURP for case in plan())
    assert (len(students), len(curps)) == (FEWEST, FEWEST - without)
    assert len(numbers) > 15


def test_cached_deadlines_equal_the_function(demo: LoadedDemo):
    stays = Enrollment.objects.select_related("plantel", "cycle")

    assert {stay.matricula: stay.acuse_due_on for stay in stays} == {
        stay.matricula: acuse_deadline(stay).date for stay in stays
    }
    running = [stay for stay in stays if stay.acuse_due_on]
    assert not [s for s in running if s.told_due_on and s.told_due_on > s.acuse_due_on]


def test_clocks_stand_while_somebody_else_has_the_ball(demo: LoadedDemo):
    paused = ClockPause.objects.filter(ended_at__isnull=True)
    reasons = {
        PauseReason.REVIEW: Q(nss_request__acuses__state=AcuseState.RECEIVED),
        PauseReason.SUBDELEGACION: Q(nss_request__state=RequestState.AT_SUBDELEGACION),
        PauseReason.RENUNCIA: Q(renuncias__state__in=["ISSUED", "SIGNED", "ACCEPTED"]),
        PauseReason.WITHDRAWN: Q(state__in=CLOSED_ENROLLMENT),
    }

    found = {
        reason: set(paused.filter(reason=reason).values_list("enrollment", flat=True))
        for reason in reasons
    }
    assert found == {
        reason: set(Enrollment.objects.filter(facts).values_list("pk", flat=True))
        for reason, facts in reasons.items()
    }
    assert all(found.values())
    standing = Enrollment.objects.filter(acuse_due_on=None).values_list("pk", flat=True)
    assert set(standing) == set(paused.values_list("enrollment", flat=True))


def test_who_reported_a_case_was_told_and_its_oficio_may_be_made(demo: LoadedDemo):
    cases = Escalation.objects.values_list("report__folio", "state")
    folios = Notice.objects.filter(message="M-10").values_list("context__folio", flat=True)
    obtained = Notice.objects.filter(message="M-11").count()

    states = Counter(state for _, state in cases)
    assert set(folios) == {folio for folio, _ in cases}
    assert len(cases_to_ask(Escalation.objects.all())) == states[EscalationState.READY] > 0
    assert obtained == states[EscalationState.RESOLVED] > 0


def test_cached_moments_of_the_next_reminder_equal_the_function(demo: LoadedDemo):
    now = NOW.replace(hour=16)
    told = remind_students(now=now).noted

    looks = dict(NextLook.objects.values_list("pk", "at"))
    expected = {}
    for stay in Enrollment.objects.all():
        known, zone = reminder_facts(stay, now)
        expected[stay.pk] = next_look(known, now, zone)
    assert told > 20
    assert looks == {pk: at for pk, at in expected.items() if at is not None}


def test_deadlines_spread_around_today(demo: LoadedDemo):
    waiting = Enrollment.objects.filter(nss_request=None, acuse_due_on__isnull=False)

    due = Counter(waiting.values_list("acuse_due_on", flat=True))
    assert due[TODAY] > 0
    assert due[date(2026, 8, 27)] > 0
    assert min(due) < TODAY


def test_acuses_are_promised_a_review_by_the_real_rule(demo: LoadedDemo):
    sent = Acuse.objects.exclude(sent_at=None).select_related(
        "request__enrollment__plantel", "request__enrollment__cycle"
    )

    assert [acuse.review_due_on for acuse in sent] == [
        review_promised(
            acuse.request.enrollment,
            received_on=acuse.sent_at.astimezone(acuse.request.enrollment.plantel.zone).date(),
        )
        for acuse in sent
    ]


def test_nothing_happened_after_the_evening_before(demo: LoadedDemo):
    end = NOW.replace(hour=0)

    assert not Enrollment.objects.filter(Q(created_at__gte=end) | Q(timeline__at__gte=end)).exists()
    assert not Notice.objects.filter(created_at__gte=end).exists()


# Files and readings ------------------------------------------------------------------------------
def test_files_lie_where_their_rows_say_with_the_same_hash(demo: LoadedDemo):
    root = demo.folder / "files"

    for file in StoredFile.objects.all():
        assert (sha256(root / file.path), (root / file.path).stat().st_size) == (
            file.sha256,
            file.size,
        )
        assert all((root / name).exists() for name in file.derivative_pages)
    kept = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    files = StoredFile.objects.all()
    assert kept == {file.path for file in files} | {p for f in files for p in f.derivative_pages}


def test_readable_acuses_show_their_own_student(demo: LoadedDemo):
    readings = Reading.objects.filter(acuse__state=AcuseState.ACCEPTED, outcome="READ")

    for reading in readings.select_related("acuse__request__enrollment__student"):
        student = reading.acuse.request.enrollment.student
        assert reading.fields["nss"]["value"] == student.nss
        assert reading.fields["curp"]["value"] == student.curp
    assert readings.exists()


def test_no_acuse_waits_for_the_reader(demo: LoadedDemo):
    assert not acuses_to_read().exists()
    assert set(Reading.objects.values_list("engine", flat=True)) == {ENGINE}


def test_refused_files_say_why(demo: LoadedDemo):
    refused = StoredFile.objects.filter(state=FileState.REFUSED)

    assert set(refused.values_list("refusal", "acuse__state")) == {
        ("PDF_DAMAGED", AcuseState.REFUSED)
    }


def test_review_queue_has_its_three_parts(demo: LoadedDemo):
    parts = Counter()
    for user in User.objects.filter(email__startswith="revisor-1"):
        parts += Counter(acuse.part for acuse in review_queue(user))

    assert set(parts) == set(Part.values)


# From the batch to the vigencia ------------------------------------------------------------------
def test_batches_stand_in_every_state_with_their_files(demo: LoadedDemo):
    batches = Batch.objects.prefetch_related("files")

    kinds = Counter(batches.values_list("kind", "state"))
    assert {state for kind, state in kinds if kind == MovementKind.ALTA} == set(BatchState)
    assert (MovementKind.BAJA, BatchState.SENT) in kinds
    for batch in batches:
        has_profile = Profile.objects.filter(registro_patronal=batch.registro_patronal).exists()
        wanted = set(BatchFileKind) - (set() if has_profile else {BatchFileKind.MOVEMENTS})
        assert {file.kind for file in batch.files.all()} == wanted
        for file in batch.files.all():
            assert hashlib.sha256(content_of(file)).hexdigest() == file.sha256
    assert Profile.objects.count() == Plantel.objects.count() - 1


def test_batches_are_answered_once_nothing_waits_in_them(demo: LoadedDemo):
    waiting = Batch.objects.filter(movements__state=MovementState.IN_BATCH).distinct()
    open_batches = Batch.objects.filter(state__in=[BatchState.DRAFT, BatchState.SENT])

    assert set(waiting) == set(open_batches)
    folios = Batch.objects.filter(plantel__number="01").order_by("made_at")
    assert list(folios.values_list("folio", flat=True)) == [
        f"L-01-2026-{number:03d}" for number in range(1, folios.count() + 1)
    ]


def test_cached_facts_of_imss_equal_the_movements(demo: LoadedDemo):
    waits = Q(kind=MovementKind.ALTA, state=MovementState.IN_BATCH)
    at_imss = Movement.objects.filter(waits | Q(is_in_force=True))
    in_force = Movement.objects.filter(is_in_force=True)

    assert set(Enrollment.objects.exclude(sent_to_imss_at=None)) == {
        one.enrollment for one in at_imss.select_related("enrollment")
    }
    insured = Counter(in_force.values_list("enrollment__student", flat=True))
    assert set(insured.values()) == {1}
    ended = Movement.objects.filter(kind=MovementKind.BAJA, state=MovementState.APPLIED)
    assert ended.exists()
    assert not in_force.filter(enrollment__in=ended.values("enrollment")).exists()


def test_rejected_movements_wait_or_were_corrected(demo: LoadedDemo):
    rejected = Movement.objects.filter(state=MovementState.REJECTED)

    assert rejected.filter(corrected_at=None).exists()
    sent_again = Exists(
        Movement.objects.filter(enrollment=OuterRef("enrollment"), pk__gt=OuterRef("pk"))
    )
    corrected = rejected.exclude(corrected_at=None)
    assert {bool(one.again) for one in corrected.annotate(again=sent_again)} == {True, False}
    assert not rejected.filter(rejection="").exists()


def test_the_step_of_the_clinic_is_open_registered_or_opens_on_a_date(demo: LoadedDemo):
    steps = UMFRegistration.objects.values_list("state", "opens_on")

    assert {(state, opens_on > TODAY) for state, opens_on in steps} == {
        (RegistrationState.INVITED, False),
        (RegistrationState.INVITED, True),
        (RegistrationState.REGISTERED, False),
    }
    assert {plantel.umfs.count() for plantel in Plantel.objects.all()} == {len(UMFS)}


def test_vigencias_have_every_result_and_a_campaign(demo: LoadedDemo):
    current = VigenciaCheck.objects.filter(is_current=True)

    assert set(current.values_list("result", flat=True)) == set(VigenciaResult)
    assert current.filter(is_sure=False).exists()
    assert VigenciaCheck.objects.exclude(repaired_at=None).exists()
    campaign = VigenciaCampaign.objects.get()
    assert (campaign.plantel.number, campaign.students) == ("01", 3)
    assert {order.movement_id is None for order in AltaOrder.objects.all()} == {True, False}
    not_vigente = current.filter(result=VigenciaResult.NONE).values("enrollment")
    assert set(AltaOrder.objects.values_list("enrollment", flat=True)) == {
        one["enrollment"] for one in not_vigente
    }


def test_bajas_are_of_every_kind_and_some_go_to_imss(demo: LoadedDemo):
    bajas = Baja.objects.all()

    assert set(bajas.values_list("kind", flat=True)) == set(BajaKind)
    closed = Enrollment.objects.filter(state__in=CLOSED_ENROLLMENT)
    assert set(bajas.values_list("enrollment", flat=True)) == set(
        closed.values_list("pk", flat=True)
    )
    (moved,) = Enrollment.objects.exclude(moved_from=None)
    assert moved.plantel != moved.moved_from.enrollment.plantel
    left = bajas.exclude(enrollment__movements=None)
    assert {baja.movements.exists() for baja in left} == {True, False}


def test_hoy_of_the_responsable_has_each_row_of_the_insurance(demo: LoadedDemo):
    plantel = Plantel.objects.get(number="01")

    rows = insurance_rows({Ability.SEE_CLINICS: [plantel], Ability.AFFILIATE: [plantel]})

    assert [row.calm for row in rows if not row.count] == []
    assert len(rows) == 6


def test_mails_of_the_insurance_are_told_at_their_time(demo: LoadedDemo):
    told = Notice.objects.filter(message__in=MESSAGES)

    assert set(told.values_list("message", flat=True)) == set(MESSAGES)
    sent = told.filter(state=NoticeState.SENT)
    assert not sent.exclude(sent_at=F("not_before")).exists()
    late = told.filter(state=NoticeState.QUEUED, not_before__lt=NOW.replace(hour=0))
    assert not late.exists()


# What is around them -----------------------------------------------------------------------------
def test_folios_have_no_gaps_and_go_on(demo: LoadedDemo):
    acuses = Acuse.objects.exclude(folio=None).order_by("sent_at")
    folios = [acuse.folio for acuse in acuses.filter(request__enrollment__plantel__number="01")]

    assert folios == [f"A26-01-{number:06d}" for number in range(1, len(folios) + 1)]
    counter = FolioCounter.objects.get(plantel__number="01", series="A", period="26")
    assert counter.last == len(folios)
    assert take_folio("A", counter.plantel, year=2026) == f"A26-01-{len(folios) + 1:06d}"


def test_renuncias_have_their_papers_and_words(demo: LoadedDemo):
    renuncias = Renuncia.objects.select_related("paper__text", "enrollment").order_by(
        "paper__folio"
    )
    states = {one.state for one in renuncias}

    assert states == {RenunciaState.ISSUED, RenunciaState.SIGNED, RenunciaState.ACCEPTED}
    for one in renuncias:
        assert one.paper.about == f"enrollment:{one.enrollment_id}"
        assert one.printed["folio"] == one.paper.folio
        assert one.printed_sha256 == digest_of(one.printed, one.paper.text.version)
    folios = [one.paper.folio for one in renuncias if one.plantel.number == "01"]
    assert folios == [f"R26B-01-{number:05d}" for number in range(1, len(folios) + 1)]


def test_reports_are_open_and_handled(demo: LoadedDemo):
    kinds = set(StudentReport.objects.values_list("kind", flat=True))

    assert {ReportKind.SUBDELEGACION, ReportKind.WRONG_DATA} <= kinds
    assert StudentReport.objects.filter(handled_at=None).exists()
    assert StudentReport.objects.exclude(handled_at=None).exists()


def test_notices_are_sent_waiting_and_failed(demo: LoadedDemo):
    states = Counter(Notice.objects.values_list("state", flat=True))

    assert states.keys() == set(NoticeState) - {NoticeState.SENDING}
    unsaid = [NoticeState.QUEUED, NoticeState.PAUSED, NoticeState.CANCELLED]
    told = Notice.objects.exclude(state__in=unsaid)
    assert not told.filter(body="").exists()
    assert not Notice.objects.filter(body__regex=r"[A-Z]{4}[0-9]{6}|[0-9]{11}").exists()


def test_rosters_hold_who_came_in_with_them(demo: LoadedDemo):
    rosters = RosterImport.objects.all()

    assert {roster.state for roster in rosters} == {ImportState.IMPORTED}
    listed = Enrollment.objects.filter(moved_from=None)
    assert sum(len(roster.report["created"]) for roster in rosters) == listed.count()
    for roster in rosters.select_related("file"):
        content = (demo.folder / "files" / roster.file.path).read_bytes()
        table = read_table(content, max_rows=5_000)
        assert [row[0] for row in table.rows] == list(
            Enrollment.objects.filter(pk__in=roster.report["created"])
            .order_by("matricula")
            .values_list("matricula", flat=True)
        )
        assert (
            check_rows(table.lines, table.rows, roster.matching["columns"], today=TODAY).findings
            == []
        )


def test_slips_were_printed_and_are_gone(demo: LoadedDemo):
    assert set(PrintJob.objects.values_list("path", "error")) == {("", "")}
    assert PrintJob.objects.count() == RosterImport.objects.count()


# To try it ---------------------------------------------------------------------------------------
def test_listed_students_enter_with_their_code(demo: LoadedDemo):
    listed = student_sign_ins(now=NOW)

    assert [found.stage for found in listed] == list(TO_SIGN_IN)
    for found in listed:
        user = sign_in_with_code(found.enrollment.matricula, found.code, visitor=VISITOR, now=NOW)
        assert user == found.enrollment.student.user


def test_listed_students_have_an_acuse_of_their_own_to_upload(demo: LoadedDemo):
    fresh = student_sign_ins(now=NOW)[0]

    assert [path.name for path in fresh.samples] == [
        f"acuse-{fresh.enrollment.matricula}.pdf",
        f"acuse-{fresh.enrollment.matricula}.jpg",
    ]


def test_listed_students_are_others_once_their_code_is_void(demo: LoadedDemo):
    first = student_sign_ins(now=NOW)[0]
    AccessCode.objects.filter(enrollment=first.enrollment, channel=CodeChannel.SLIP).update(
        voided_at=NOW
    )

    second = student_sign_ins(now=NOW)[0]

    assert (second.stage, second.enrollment == first.enrollment) == (first.stage, False)


def test_codes_are_over_for_who_confirmed_the_mail(demo: LoadedDemo):
    confirmed = Enrollment.objects.exclude(data__email_confirmed_at=None)

    assert confirmed.exists()
    assert not AccessCode.objects.filter(enrollment__in=confirmed, voided_at=None).exists()


def test_a_wrong_code_opens_nothing(demo: LoadedDemo):
    found = student_sign_ins(now=NOW)[0]

    with pytest.raises(SignInRefused):
        sign_in_with_code(found.enrollment.matricula, "AAAA AAAA", visitor=VISITOR, now=NOW)


@pytest.mark.parametrize("name", ["padron-plantel-01.xlsx", "padron-plantel-01.csv"])
def test_the_new_roster_has_an_error_of_each_kind(demo: LoadedDemo, name: str):
    table = read_table((demo.folder / "demo" / name).read_bytes(), max_rows=5_000)
    columns = {
        column.field: column.index
        for column in guess_columns(table.headers, table.rows)
        if column.field
    }

    checked = check_rows(table.lines, table.rows, columns, today=TODAY)

    blocked = {finding.field for finding in checked.findings if finding.blocks}
    assert {"curp", "group", "matricula", "first_surname"} <= blocked
    assert len(table.rows) == 42
    assert len(checked.rows) > 30


def test_the_same_seed_and_day_give_the_same_demo(demo: LoadedDemo):
    after = snapshot()

    for name, rows in demo.before.items():
        assert after[name] == rows, name


def test_shared_readings_show_the_values_of_the_own_file():
    sample = {
        "nss": {"value": "1", "source": "text", "page": 1, "box": None},
        "curp": {"value": None, "source": "ocr", "page": 1, "box": None},
        "names": None,
        "issued_date": {"value": "2020-01-01", "source": "text", "page": 1, "box": None},
        "curps_seen": [],
    }

    reading = _as_if_read(sample, Drawing("aa/one", "card", HOLDER, 1))

    assert reading == {
        "nss": {"value": HOLDER.nss, "source": "text", "page": 1, "box": None},
        "curp": {"value": None, "source": "ocr", "page": 1, "box": None},
        "names": None,
        "issued_date": {"value": "2026-08-20", "source": "text", "page": 1, "box": None},
        "curps_seen": [],
    }


# The command, once the demo is there ---------------------------------------------------------------
def test_demo_run_again_changes_nothing(demo: LoadedDemo):
    before = snapshot()

    said = run()

    assert said == "La demostración ya está cargada; no se cambió nada.\n"
    assert run("--if-empty") == ""
    assert snapshot() == before


def test_demo_is_refused_where_a_plantel_joined_it(demo: LoadedDemo):
    PlantelFactory(number="77")

    assert refusal() == NOT_EMPTY
    assert "Estudiantes" in run("--sign-ins")


@pytest.mark.parametrize("role", [*Role.values, "suplente"])
def test_code_is_one_that_the_portal_accepts(demo: LoadedDemo, role: str):
    code = run("--code", role).strip()

    user = staff_member(role)
    totp = TOTP(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP))
    assert totp.validate_code(code)


def test_code_opens_the_staff_pages(demo: LoadedDemo, client):
    email = "responsable.01@personal.example"
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})

    response = client.post(reverse("mfa_authenticate"), {"code": run("--code", email).strip()})

    assert response.url == reverse("followup:today")


def test_code_of_the_standard(demo: LoadedDemo):
    user = User.objects.get(email="administracion@personal.example")

    assert current_code(user, at=59) == current_code(user, at=31) != current_code(user, at=60)


def test_code_of_a_real_person_is_refused(demo: LoadedDemo):
    real = staff(Role.ADMIN, email="admin@correo.example")

    assert refusal("--code", real.email).startswith("Nadie de la demostración es «admin@")
    assert refusal("--code", "nadie").startswith("Nadie de la demostración es «nadie»")


def test_sign_ins_say_what_a_visitor_needs(demo: LoadedDemo, settings):
    said = run("--sign-ins")

    listed = student_sign_ins(now=NOW)
    assert f"{settings.BASE_URL}/personal/entrar/" in said
    assert PASSWORD in said
    assert "padron-plantel-01.xlsx" in said
    assert all(
        f"matrícula {found.enrollment.matricula}   código {found.code[:4]} {found.code[4:]}" in said
        for found in listed
        if found.samples
    )
