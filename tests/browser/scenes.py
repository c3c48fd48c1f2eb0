"""Who looks, and at what: one small set-up for each kind of person and each stage of the trámite.

A scene is written into the empty database of one test. `args` names what an address takes: «acuse», «report», …
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone

from affiliation.actions.answer_lists import keep_list
from affiliation.actions.answers import answer_movements
from affiliation.relation import APPLIED, REJECTED, Answer
from clinics.actions import report_vigencia
from clinics.models import VigenciaCampaign
from clinics.states import VigenciaResult
from common.uploads.refusals import Refusal
from followup.queries.health import MEMORY
from followup.states import EscalationState, ItemOutcome, ReportKind, Stage
from notices.actions import note_silence
from notices.models import Notice
from notices.states import NoticeState
from nss.models import Acuse
from nss.queries.reading import WEEK
from nss.states import AcuseState, ProofRoute, ReadingOutcome, RequestState, ReturnReason
from papers.actions import issue_papers, queue_lot, replace_paper, revoke_paper
from papers.models import LotDownload, Paper, PrintJob
from papers.states import PaperKind, PaperState, PrintState
from renuncias.actions import void_renuncia
from renuncias.actions.piles import discard_page, fail_pile, finish_pile
from renuncias.models import Renuncia
from renuncias.queries.answers import Question
from renuncias.states import Institution, Kinship, Motive
from school.actions.texts import publish_text
from school.models import Plantel, SchoolCycle, User
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from students.access import FILE_REASONS
from students.actions.clock import pause_clocks
from students.actions.transfers import transfer_student
from students.models import Baja, Enrollment, PostalCode, RosterImport, StudentData
from students.states import (
    BajaKind,
    EnrollmentState,
    Event,
    FileKind,
    ImportState,
    OtherCover,
    PauseReason,
)
from students.timeline import record
from tests.factories.affiliation import (
    AltaOrderFactory,
    MovementFactory,
    ProfileFactory,
    insurable,
    made,
    sent,
)
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import OficioFactory, OficioItemFactory, StudentReportFactory
from tests.factories.notices import NoticeFactory, bounced
from tests.factories.nss import (
    AcuseFactory,
    NSSRequestFactory,
    ReadingFactory,
    add_photo,
    draw_page,
    read,
    read_well,
)
from tests.factories.piles import a_pile, expected, kept, link_of
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import (
    PASSWORD,
    MembershipFactory,
    NonWorkingDayFactory,
    PlantelFactory,
    SchoolCycleFactory,
    staff,
)
from tests.factories.students import (
    EnrollmentFactory,
    StoredFileFactory,
    StudentFactory,
    curp,
    leave,
    nss,
)


@dataclass
class Scene:
    """Who is signed in, what the session holds besides, and what the addresses take."""

    user: User | None = None
    is_student: bool = False
    session: dict[str, Any] = field(default_factory=dict)
    args: dict[str, tuple[str, ...]] = field(default_factory=dict)


def build(name: str) -> Scene:
    """Write the scene of that name into the database."""
    today = timezone.localdate()
    SchoolCycleFactory(
        name="2026-B",
        starts_on=today - timedelta(days=90),
        ends_on=today + timedelta(days=90),
    )
    PostalCode.objects.create(
        code="83000", estado="Sonora", municipio="Hermosillo", colonias=["Centro", "Las Granjas"]
    )
    return SCENES[name]()


# Students ----------------------------------------------------------------------------------------
def a_plantel() -> Plantel:
    """Return a plantel with a person to ask, a free day and everything that a footer shows."""
    plantel = PlantelFactory(
        clave="26ECB0005X", number="05", name="Hermosillo", whatsapp="6621234567"
    )
    NonWorkingDayFactory(plantel=plantel, date=timezone.localdate() + timedelta(days=9))
    MembershipFactory(
        plantel=plantel,
        user__name="Laura Ríos Valenzuela",
        user__email="laura.rios@correo.example",
        position="Responsable de afiliación",
    )
    return plantel


def a_stay(**fields: Any) -> Enrollment:
    """Return a student with confirmed data, a history and a deadline some days from now."""
    today = timezone.localdate()
    values = {
        "plantel": fields.pop("plantel", None) or a_plantel(),
        "confirmed": True,
        "matricula": "26050148",
        "student__given_names": "María Guadalupe",
        "student__first_surname": "Hernández",
        "student__second_surname": "de la Cruz",
        "enrolled_on": today - timedelta(days=3),
        "acuse_due_on": today + timedelta(days=2),
    }
    stay = EnrollmentFactory(**values | fields)
    record(stay, Event.DATA_CONFIRMED, by=stay.student.user, at=timezone.now(), data={})
    return stay


def an_acuse(stay: Enrollment, **fields: Any) -> Acuse:
    """Return an acuse with the picture of its page."""
    acuse: Acuse = AcuseFactory(request__enrollment=stay, **fields)
    draw_page(acuse)
    return acuse


def a_report(stay: Enrollment, **fields: Any) -> str:
    """Return the id of a report of the student."""
    values = {"folio": "R26-05-000031", "created_at": timezone.now()}
    return StudentReportFactory(enrollment=stay, **values | fields).public_id


def _proven(route: ProofRoute) -> Enrollment:
    stay = a_stay(student__nss=nss(7))
    NSSRequestFactory(
        enrollment=stay, state=RequestState.PROVEN, route=route, proven_at=timezone.now()
    )
    return stay


def _reported() -> Enrollment:
    stay = a_stay()
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
    a_report(stay, kind=ReportKind.SUBDELEGACION, text="")
    pause_clocks([stay.pk], PauseReason.SUBDELEGACION, now=timezone.now())
    return stay


def _returned(reason: ReturnReason) -> Enrollment:
    stay = a_stay()
    an_acuse(stay, state=AcuseState.RETURNED, return_reason=reason)
    return stay


def _in_review() -> Enrollment:
    stay = a_stay()
    an_acuse(stay, sent_at=timezone.now(), review_due_on=timezone.localdate() + timedelta(days=3))
    pause_clocks([stay.pk], PauseReason.REVIEW, now=timezone.now())
    return stay


def _confirming() -> Enrollment:
    stay = a_stay()
    stay.data.confirmed_at = None
    stay.data.save()
    return stay


def _unconfirmed_email() -> Enrollment:
    stay = a_stay()
    stay.data.email_confirmed_at = None
    stay.data.save()
    return stay


def _draft() -> Enrollment:
    stay = a_stay()
    an_acuse(stay, draft=True)
    return stay


def _draft_of_two_photos() -> Enrollment:
    """The second one is dark and moved, the first one too small to read everything."""
    stay = _draft()
    acuse = Acuse.objects.select_related("file").get()
    add_photo(acuse)
    troubles = {"1": ["small"], "2": ["dark", "blurred"]}
    ReadingFactory(acuse=acuse, photos=2, outcome="UNREADABLE", checks={"photos": troubles})
    return stay


def _draft_of_somebody_else() -> Enrollment:
    stay = _draft()
    read(Acuse.objects.get(), nss=nss(1), curp=StudentFactory().curp, names="LUIS PÉREZ OCHOA")
    return stay


def _number_read() -> Enrollment:
    stay = _in_review()
    read_well(Acuse.objects.get(), nss(1))
    return stay


def _number_not_read() -> Enrollment:
    stay = _in_review()
    read(Acuse.objects.get())
    return stay


def _without_curp() -> Enrollment:
    stay = a_stay(confirmed=False)
    stay.student.curp = None
    stay.student.save()
    return stay


def _left() -> Enrollment:
    stay = a_stay()
    by = staff(Role.RESPONSABLE, stay.plantel)
    leave(stay, by=by, now=timezone.now(), kind=BajaKind.TEMPORARY)
    return stay


def _declining() -> Enrollment:
    answers = {"institution": Institution.ISSSTE, "kinship": Kinship.MOTHER, "holder": "Rosa Cruz"}
    renuncia = issued(a_stay(), motive=Motive.OTHER_INSTITUTION, **answers)
    Renuncia.objects.update(needs_guardian=True)
    return renuncia.enrollment


def _declining_for_another_reason() -> Enrollment:
    note = "Vivo en otro país la mayor parte del año"
    return issued(a_stay(), motive=Motive.OTHER, motive_note=note).enrollment


def _at_imss(**movement: Any) -> Enrollment:
    """A student whose alta stands in a batch, `sent` or `applied`."""
    return MovementFactory(enrollment=_proven(ProofRoute.ACUSE), **movement).enrollment


def _with_clinic(stay: Enrollment | None = None) -> Enrollment:
    stay = stay or _at_imss(applied=True)
    UMFFactory(
        plantel=stay.plantel, number=37, name="Centro", address="Calle Juárez 12, Hermosillo"
    )
    carnet = StoredFileFactory(enrollment=stay, kind=FileKind.JPEG)
    return UMFRegistrationFactory(
        enrollment=stay, registered=True, consultorio="4", carnet=carnet
    ).enrollment


def _not_consulted() -> Enrollment:
    stay = _with_clinic()
    report_vigencia(stay, VigenciaResult.NOT_CONSULTED, by=stay.student.user, now=timezone.now())
    return stay


def _said(result: VigenciaResult, *, has_constancia: bool = False) -> Enrollment:
    stay = _with_clinic()
    reading = {"has_right": False, "umf": 37, "issued_on": "2026-08-20", "is_own": True}
    VigenciaCheckFactory(
        enrollment=stay,
        result=result,
        reported_at=timezone.now(),
        constancia=StoredFileFactory(enrollment=stay) if has_constancia else None,
        reading=reading if has_constancia else None,
    )
    return stay


STAYS: dict[str, Callable[[], Enrollment]] = {
    Stage.S_00: lambda: a_stay(confirmed=False),
    Stage.S_01: a_stay,
    Stage.S_01V: lambda: a_stay(acuse_due_on=timezone.localdate() - timedelta(days=2)),
    Stage.S_02: _reported,
    Stage.S_03: lambda: _proven(ProofRoute.SUBDELEGACION),
    Stage.S_04: _in_review,
    Stage.S_04B: _draft,
    Stage.S_05: lambda: _returned(ReturnReason.UNREADABLE),
    Stage.S_06: lambda: _proven(ProofRoute.ACUSE),
    Stage.S_07: lambda: _at_imss(sent=True),
    Stage.S_08: lambda: _at_imss(applied=True),
    Stage.S_09: lambda: UMFRegistrationFactory(enrollment=_at_imss(applied=True)).enrollment,
    Stage.S_10: lambda: _with_clinic(),
    Stage.S_11: lambda: _said(VigenciaResult.BY_SCHOOL),
    Stage.S_12: lambda: _said(VigenciaResult.NONE),
    Stage.S_13A: _declining,
    Stage.S_13: lambda: registered(a_stay()).enrollment,
    Stage.S_14: _left,
    "signed renuncia": lambda: signed(a_stay()).enrollment,
    "renuncia for another reason": _declining_for_another_reason,
    "vigencia by other": lambda: _said(VigenciaResult.BY_OTHER),
    "vigencia not consulted": _not_consulted,
    "constancia that differs": lambda: _said(VigenciaResult.BY_SCHOOL, has_constancia=True),
    "without CURP": _without_curp,
    "confirming": _confirming,
    "e-mail to confirm": _unconfirmed_email,
    "acuse of somebody else": _draft_of_somebody_else,
    "two photos": _draft_of_two_photos,
    "number read": _number_read,
    "number not read": _number_not_read,
    "only the number": lambda: _returned(ReturnReason.NSS_DIFFERS),
}


def _student(make: Callable[[], Enrollment]) -> Scene:
    stay = make()
    args = {"report": (a_report(stay, folio="R26-05-000032", subject="Otro dato"),)}
    questions = {f"question {word}": (word,) for word in Question}
    sent = Acuse.objects.filter(folio__isnull=False).first()
    if sent is not None:
        args["acuse"] = (sent.public_id,)
    return Scene(user=stay.student.user, is_student=True, args=args | questions)


# Control Escolar ---------------------------------------------------------------------------------
def _staff(role: Role) -> Scene:
    """A plantel at work: something in every list, and one of each kind to open."""
    plantel = a_plantel()
    where = None if role in {Role.ADMIN, Role.AUDITOR} else plantel
    user = staff(role, where, name="Rosa Elena Valenzuela Félix", email="rosa@correo.example")
    scene = Scene(user=user, args={"plantel": (plantel.clave,)})
    scene.args |= {
        f"print {kind}": (kind,) for kind in ("renuncias", "citatorios", "listas", "guia")
    }
    scene.args |= {"cycle": (SchoolCycle.objects.values_list("name", flat=True)[0],)}
    scene.args |= {"guide": ("guia",), "aviso": ("aviso",), "first reasons": ("motivos", "1")}
    scene.args |= {"format": ("oficio",), "first format": ("renuncia", "1")}
    scene.args |= {"mail": ("m-05",), "first mail": ("m-05", "1"), "second mail": ("m-05", "2")}
    _edited_mail()
    _batches(scene, plantel)
    _acuses(scene, plantel)
    _reports(scene, plantel)
    _oficios(scene, plantel)
    _overdue(scene, plantel)
    _notices(scene, plantel)
    _papers(scene, plantel)
    _rosters(scene, plantel)
    _clinics(scene, plantel)
    if role == Role.RESPONSABLE:
        _bajas(scene, plantel)
        _declined(scene, plantel)
        _piles(scene, user)
    return scene


def _edited_mail() -> None:
    """The mail to who is overdue, in a second version."""
    fields = packaged_fields(TextKind.M_05) | {"subject": "Aún puedes subir tu acuse"}
    editor = staff(Role.ADMIN, name="Irma Leyva")
    publish_text(TextKind.M_05, fields, based_on=0, by=editor, now=timezone.now())


def _acuses(scene: Scene, plantel: Plantel) -> None:
    matching, differing, unread, decided = (
        an_acuse(
            a_stay(plantel=plantel, matricula=f"2605015{number}"),
            sent_at=timezone.now(),
            review_due_on=timezone.localdate() + timedelta(days=1),
        )
        for number in range(4)
    )
    read_well(matching, nss(20))
    read(differing, nss=nss(21), curp=curp(4000), names="LUIS PÉREZ OCHOA", issued="2020-01-01")
    read(unread)
    decided.state, decided.reviewed_by, decided.reviewed_at = (
        AcuseState.ACCEPTED,
        scene.user,
        timezone.now() - timedelta(hours=2),
    )
    decided.nss = nss(22)
    decided.save()
    decided.request.state, decided.request.route = RequestState.PROVEN, ProofRoute.ACUSE
    decided.request.proven_at = timezone.now()
    decided.request.save()
    student = decided.request.enrollment.student
    student.nss = nss(22)
    student.save()
    waiting = a_stay(plantel=plantel, matricula="26050160", group="102")
    a_stay(plantel=plantel, matricula="26050161", group="102", confirmed=False)
    scene.args |= {
        "matching acuse": (matching.public_id,),
        "differing acuse": (differing.public_id,),
        "unread acuse": (unread.public_id,),
        "decided acuse": (decided.public_id,),
        "enrollment": (waiting.public_id,),
        "enrollment with NSS": (decided.request.enrollment.public_id,),
    }


def _declined(scene: Scene, plantel: Plantel) -> None:
    """A renuncia in each state; the signed one was filled in by hand."""
    makers = {"ISSUED": issued, "SIGNED": signed, "ACCEPTED": registered, "VOIDED": issued}
    for number, (state, make) in enumerate(makers.items()):
        stay = a_stay(plantel=plantel, matricula=f"2605019{number}", group="104")
        scene.args[f"renuncia {state}"] = (make(stay).public_id,)
    Renuncia.objects.filter(state="SIGNED").update(motive="", needs_guardian=True)
    voided = Renuncia.objects.get(public_id=scene.args["renuncia VOIDED"][0])
    assert scene.user is not None
    void_renuncia(voided, reason="Se capturó a otra persona", by=scene.user, now=timezone.now())


def _reports(scene: Scene, plantel: Plantel) -> None:
    case = NSSRequestFactory(
        enrollment=a_stay(plantel=plantel, matricula="26050170"),
        state=RequestState.AT_SUBDELEGACION,
    )
    asking = a_stay(plantel=plantel, matricula="26050171")
    scene.args |= {
        "case": (a_report(case.enrollment, kind=ReportKind.SUBDELEGACION, text=""),),
        "question": (a_report(asking, folio="R26-05-000040"),),
    }


def _oficios(scene: Scene, plantel: Plantel) -> None:
    """An oficio to be delivered, and one of whose two answers one came."""
    states = {"oficio": EscalationState.IN_OFICIO, "delivered oficio": EscalationState.DELIVERED}
    for number, (name, state) in enumerate(states.items()):
        stay = a_stay(plantel=plantel, matricula=f"2605017{number + 4}")
        NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
        a_report(
            stay,
            folio=f"SUB26-05-{number:04d}",
            kind=ReportKind.SUBDELEGACION,
            text="",
            case__state=state,
        )
        oficio = OficioFactory(plantel=plantel, created_at=timezone.now())
        OficioItemFactory(oficio=oficio, escalation=stay.reports.get().escalation)
        scene.args[name] = (oficio.public_id,)
    oficio.delivered_at, oficio.delivered_by = timezone.now(), oficio.created_by
    oficio.save()
    answered = a_stay(plantel=plantel, matricula="26050176")
    NSSRequestFactory(enrollment=answered, state=RequestState.AT_SUBDELEGACION)
    a_report(answered, folio="SUB26-05-0002", kind=ReportKind.SUBDELEGACION, text="")
    OficioItemFactory(
        oficio=oficio,
        escalation=answered.reports.get().escalation,
        outcome=ItemOutcome.MISSING,
        note="acta de nacimiento certificada",
        answered_at=timezone.now(),
        answered_by=oficio.created_by,
    )


def _clinics(scene: Scene, plantel: Plantel) -> None:
    """Insured students at each step: to be opened, asked, registered, with a NO that waits and a constancia."""
    stays = [
        MovementFactory(
            applied=True, enrollment=a_stay(plantel=plantel, matricula=f"2605021{number}")
        ).enrollment
        for number in range(5)
    ]
    UMFRegistrationFactory(enrollment=stays[1])
    for stay in stays[2:]:
        _with_clinic(stay)
    AltaOrderFactory(enrollment=stays[3])
    for stay, result in ((stays[3], VigenciaResult.NONE), (stays[4], VigenciaResult.BY_SCHOOL)):
        VigenciaCheckFactory(
            enrollment=stay,
            result=result,
            reported_at=timezone.now() - timedelta(days=4),
            constancia=StoredFileFactory(enrollment=stay),
            reading={"has_right": False, "umf": 37, "issued_on": "2026-08-20", "is_own": False},
        )
    VigenciaCampaign.objects.create(
        plantel=plantel,
        students=412,
        asked_at=timezone.now() - timedelta(days=120),
        asked_by=stays[1].umf_registration.opened_by,
    )
    scene.args |= {
        "insured": (stays[0].public_id,),
        "registered": (stays[2].public_id,),
        "umf": (plantel.clave, 37),
    }


def _batches(scene: Scene, plantel: Plantel) -> None:
    """A batch to be sent from which somebody left, one that IMSS half answered, and who waits for the next.

    Of the batch to be sent another changed the name; of the answered one a list was read and not registered.
    """
    plantel.registro_patronal = ProfileFactory().registro_patronal
    plantel.save()
    by = staff(Role.RESPONSABLE, plantel, name="Laura Ríos Valenzuela")
    now = timezone.now()
    names = ("Muñoz", "Ibáñez", "Peñúñuri")

    def some(first: int) -> list[Enrollment]:
        return [
            insurable(plantel, matricula=f"2605{first + at}", student__first_surname=name)
            for at, name in enumerate(names)
        ]

    some(300)
    answered = sent(plantel, by, now=now)
    applied, rejected, _ = answered.movements.order_by("pk")
    said = [
        Answer(applied.reference, APPLIED),
        Answer(rejected.reference, REJECTED, "El nombre no coincide con el del NSS"),
    ]
    answer_movements(answered, said, by=by, now=now)
    keep_list(
        answered,
        [
            Answer(answered.movements.get(position=3).reference, REJECTED, "La CURP no existe"),
            Answer(applied.reference, REJECTED, "El NSS es de otra persona"),
            Answer("L-05-2026-999-0001", APPLIED),
        ],
        by=scene.user,
        now=now,
    )
    leaving, renamed, _ = some(310)
    draft = made(plantel, by, now=now)
    leaving.state = EnrollmentState.WITHDRAWN
    leaving.save()
    renamed.student.given_names = "María José"
    renamed.student.save()
    lacking = some(320)[0]
    lacking.data.street = ""
    lacking.data.save()
    scene.args |= {
        "batch": (draft.public_id,),
        "sent batch": (answered.public_id,),
        "registro": (plantel.registro_patronal,),
        "altas": ("altas",),
        "bajas": ("bajas",),
    }


def _overdue(scene: Scene, plantel: Plantel) -> None:
    """Four who are late: with an e-mail and attempts, a mobile alone, neither, and a file left unconfirmed."""
    late = {
        "acuse_due_on": timezone.localdate() - timedelta(days=4),
        "group": "103",
        "plantel": plantel,
    }
    written = a_stay(matricula="26050180", **late)
    for number in range(2):
        a_report(written, folio=f"INT-{number}", kind=ReportKind.PAGE_FAILED)
    NoticeFactory(
        about=f"enrollment:{written.pk}",
        plantel=plantel,
        message="M-02",
        key="aviso:vencido",
        state=NoticeState.FAILED,
        created_at=timezone.now() - timedelta(days=3),
    )
    for number, phone in enumerate(("6621234567", ""), start=1):
        a_stay(
            matricula=f"2605018{number}",
            confirmed=False,
            roster_email="",
            roster_phone=phone,
            **late,
        )
    an_acuse(a_stay(matricula="26050183", **late), draft=True)
    scene.args["overdue"] = (written.public_id,)
    for stay in (
        a_stay(matricula="26050184", confirmed=False, roster_phone="", **late),
        a_stay(matricula="26050185", plantel=plantel),
    ):
        bounced(stay, bounced_at=timezone.now() - timedelta(days=1))


def _notices(scene: Scene, plantel: Plantel) -> None:
    for state in NoticeState:
        notice = NoticeFactory(
            plantel=plantel,
            state=state,
            subject="Tu acuse está aceptado",
            body="Hola, Ana",
            error="El buzón no existe" if state == NoticeState.FAILED else "",
            created_at=timezone.now(),
        )
        scene.args[f"notice {state}"] = (notice.public_id,)


def _papers(scene: Scene, plantel: Plantel) -> None:
    for state in PrintState:
        job = PrintJob.objects.create(
            plantel=plantel,
            kind=PaperKind.SLIPS,
            title="Códigos de activación: 101, 102",
            parameters={"groups": ["101"]},
            state=state,
            created_by=scene.user,
            created_at=timezone.now(),
            sheets_total=12,
            sheets_done=12 if state == PrintState.READY else 4,
            path="ab/hojas",
            ready_at=timezone.now() if state == PrintState.READY else None,
            expires_at=timezone.now() + timedelta(hours=1),
            error="La impresora de hojas se detuvo" if state == PrintState.FAILED else "",
        )
        scene.args[f"print {state}"] = (job.public_id,)
    assert scene.user is not None
    lots = zip(PrintState, _renuncias(plantel, scene.user, count=len(PrintState)), strict=True)
    for state, paper in lots:
        _lot(scene, paper, state)
    covered = a_stay(plantel=plantel, matricula="26050105", group="105")
    StudentData.objects.filter(enrollment=covered).update(other_cover=OtherCover.IMSS_FAMILY)
    scene.args |= _verifiable(plantel, scene.user)


def _renuncias(plantel: Plantel, by: User, *, count: int) -> list[Paper]:
    cycle, abouts = SchoolCycleFactory(), ["enrollment:1"] * count
    return issue_papers(
        PaperKind.RENUNCIA, plantel, cycle, abouts, text=None, by=by, now=timezone.now()
    )


def _verifiable(plantel: Plantel, by: User) -> dict[str, tuple[str, ...]]:
    """A sheet in each state that `/verifica/` tells."""
    papers = _renuncias(plantel, by, count=len(PaperState))
    replace_paper(papers[1], now=timezone.now())
    revoke_paper(papers[2], now=timezone.now())
    return {f"paper {s}": (paper.token,) for s, paper in zip(PaperState, papers, strict=True)}


def _lot(scene: Scene, paper: Paper, state: PrintState) -> None:
    assert scene.user is not None
    job = queue_lot(
        paper.plantel,
        PaperKind.RENUNCIA,
        [paper],
        title="Renuncias: grupos 101, 102",
        by=scene.user,
        now=timezone.now(),
    )
    is_ready = state == PrintState.READY
    job.state, job.path = state, "ab/lote" if is_ready else ""
    job.error = "No se pudo imprimir" if state == PrintState.FAILED else ""
    job.expires_at = timezone.now() + timedelta(days=7) if is_ready else None
    job.save()
    if is_ready:
        LotDownload.objects.create(job=job, by=scene.user, at=timezone.now())
    scene.args[f"lot {state}"] = (job.public_id,)


def _piles(scene: Scene, by: User) -> None:
    """Signed sheets that are being read, that were read and wait for a person, and that do not open."""
    plantel, now = by.memberships.get().plantel, timezone.now()
    filed, missing = expected(plantel), expected(plantel)
    papers = [filed.paper, missing.paper]
    lot = queue_lot(plantel, PaperKind.RENUNCIA, papers, title="Renuncias: 101", by=by, now=now)
    reading, read, failed = a_pile(by, 84), a_pile(by, 5, lot=lot), a_pile(by)
    kept(reading)
    kept(read, link_of(filed))
    kept(read)
    kept(read, is_blank=True)
    kept(read, trouble="PDF_DAMAGED")
    discard_page(kept(read), by=by, now=now)
    finish_pile(read, now=now)
    fail_pile(failed, "PDF_ENCRYPTED", now=now)
    scene.args |= {
        "pile that is read": (reading.public_id,),
        "pile": (read.public_id,),
        "pile that failed": (failed.public_id,),
        "filed sheet": (read.public_id, 1),
        "loose sheet": (read.public_id, 2),
        "sheet that does not open": (read.public_id, 4),
        "discarded sheet": (read.public_id, 5),
    }


FINDINGS = [
    {
        "line": line,
        "field": "curp",
        "value": "GOMA08O214MSRMRNA5",
        "problem": "Tiene letra O donde va cero",
        "remedy": "Revisar la CURP en el acta de nacimiento",
        "fix": "GOMA080214MSRMRNA5",
        "blocks": line % 2 == 0,
    }
    for line in range(2, 8)
]
CHANGE = {
    "line": 9,
    "name": "Hernández de la Cruz, María Guadalupe",
    "matricula": "26050148",
    "differences": [["Grupo", "101", "102"], ["Correo", "", "maria.hernandez@correo.example"]],
}


def _bajas(scene: Scene, plantel: Plantel) -> None:
    """A baja temporal and a traslado, registered at different moments, and one that is no mistake any more."""
    assert scene.user is not None
    now, there = timezone.now(), PlantelFactory(clave="26ECB9006X", number="06", name="Guaymas")
    for kind, group in ((BajaKind.TEMPORARY, "601"), (BajaKind.DEFINITIVE, "602")):
        stay = EnrollmentFactory(plantel=plantel, group=group, semester="6")
        leave(stay, by=scene.user, now=now, kind=kind, note="Se mudó con su familia")
        scene.args[f"baja {kind}"] = (stay.public_id,)
    Baja.objects.filter(kind=BajaKind.DEFINITIVE).update(at=now - timedelta(days=31))
    moving = EnrollmentFactory(plantel=plantel, group="601", semester="6")
    transfer_student(
        moving,
        plantel=there,
        group="602",
        matricula=moving.matricula,
        on_date=moving.enrolled_on,
        by=scene.user,
        now=now - timedelta(minutes=1),
    )
    scene.args["baja TRANSFER"] = (moving.public_id,)
    staying = {"group": "601", "semester": "6", "acuse_due_on": None}
    EnrollmentFactory.create_batch(2, plantel=plantel, first_signed_in_at=now, **staying)


def _rosters(scene: Scene, plantel: Plantel) -> None:
    names = ("Matrícula", "Nombre", "Primer apellido", "Grupo", "CURP")
    fields = ("matricula", "given_names", "first_surname", "group", "curp")
    missing = list(plantel.enrollments.filter(state=EnrollmentState.ACTIVE)[:2])
    withdrawn = EnrollmentFactory(
        plantel=plantel, cycle=missing[0].cycle, state=EnrollmentState.WITHDRAWN
    )
    for number, state in enumerate(ImportState):
        roster = RosterImport.objects.create(
            folio=f"L26-05-{number:06d}",
            plantel=plantel,
            cycle=plantel.enrollments.first().cycle,
            file=StoredFileFactory(
                enrollment=None,
                plantel=plantel,
                uploaded_by=scene.user,
                kind=FileKind.XLSX,
                original_name="lista de nuevo ingreso.xlsx",
            ),
            state=state,
            failure=Refusal.ARCHIVE_DAMAGED if state == ImportState.FAILED else "",
            columns=[
                {"index": place, "header": header, "samples": ["26050148"], "field": fields[place]}
                for place, header in enumerate(names)
            ],
            matching={"columns": {name: place for place, name in enumerate(fields)}},
            report={
                "sheet": "Alumnos",
                "rows": 9,
                "notes": ["La matrícula venía como número"],
                "counts": {"new": 4, "changed": 1, "same": 1, "bad": 3, "missing": 3, "marked": 1},
                "findings": FINDINGS,
                "changes": [CHANGE],
                "bad_rows": [[9, ["26050148"]]],
                "missing": [stay.pk for stay in missing],
                "marked": {missing[0].pk: "TEMPORARY"},
                "withdrawn": [withdrawn.pk],
            },
            created_at=timezone.now(),
            created_by=scene.user,
            imported_at=timezone.now() if state == ImportState.IMPORTED else None,
            undone_at=timezone.now() if state == ImportState.UNDONE else None,
            undone_by=scene.user if state == ImportState.UNDONE else None,
        )
        scene.args[f"roster {state}"] = (roster.public_id,)


def _proved(scene: Scene) -> Scene:
    """The same, having just proved again who it is and written why each file is opened."""
    assert scene.user is not None
    until = datetime(2100, 1, 1, tzinfo=UTC).isoformat()
    scene.session |= {
        FILE_REASONS: {
            stay.public_id: {"until": until, "reason": "Revisión de un caso"}
            for stay in Enrollment.objects.all()
        },
        AUTHENTICATION_METHODS_SESSION_KEY: [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ],
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(scene.user.pk),
    }
    return scene


def _first_day() -> Scene:
    """A plantel in which nothing has happened yet."""
    plantel = a_plantel()
    user = staff(Role.RESPONSABLE, plantel, name="Rosa Elena Valenzuela Félix")
    return Scene(user=user, args={"plantel": (plantel.clave,), "altas": ("altas",)})


def _in_trouble(role: Role) -> Scene:
    """No clock ticks, the relay is silent, a mail came back and the machine reads less than it did."""
    now = timezone.now()
    scene = _staff(role)
    note_silence(now=now - timedelta(minutes=12))
    Notice.objects.filter(state=NoticeState.FAILED).update(
        created_at=now, error="El buzón no recibe correo (550)"
    )
    acuse = Acuse.objects.all()[0]
    for outcome, at in ((ReadingOutcome.UNREADABLE, now), (ReadingOutcome.READ, now - 2 * WEEK)):
        for photos in range(20):
            ReadingFactory(
                acuse=acuse, engine=outcome, outcome=outcome, photos=photos, created_at=at
            )
    MEMORY.until = 0
    return scene


def _without_second_factor() -> Scene:
    return _proved(Scene(user=MembershipFactory(plantel=a_plantel()).user))


def _with_password() -> Scene:
    """A member of staff with a password and recovery codes, who has just proved who it is."""
    scene = _first_day()
    assert scene.user is not None
    scene.user.set_password(PASSWORD)
    scene.user.save()
    RecoveryCodes.activate(scene.user)
    return _proved(scene)


def _visitor() -> Scene:
    plantel = a_plantel()
    user = staff(Role.RESPONSABLE, plantel, email="laura@correo.example")
    user.set_password(PASSWORD)
    user.save()
    key = default_token_generator.make_token(user)
    return Scene(
        args={
            "valid link": (user_pk_to_url_str(user), key),
            "old link": (user_pk_to_url_str(user), "vencido"),
            **_verifiable(plantel, user),
        }
    )


SCENES: dict[str, Callable[[], Scene]] = {
    "visitor": _visitor,
    **{name: lambda make=make: _student(make) for name, make in STAYS.items()},
    "responsable": lambda: _staff(Role.RESPONSABLE),
    "revisor": lambda: _staff(Role.REVISOR),
    "consulta": lambda: _staff(Role.CONSULTA),
    "auditor": lambda: _staff(Role.AUDITOR),
    "administrator": lambda: _staff(Role.ADMIN),
    "administrator in trouble": lambda: _in_trouble(Role.ADMIN),
    "responsable in trouble": lambda: _in_trouble(Role.RESPONSABLE),
    "administrator with reason": lambda: _proved(_staff(Role.ADMIN)),
    "first day": _first_day,
    "without second factor": _without_second_factor,
    "with password": _with_password,
}
STUDENTS = tuple(STAYS)
