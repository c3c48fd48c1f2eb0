"""Two planteles full of people, and everybody who may knock: the world of the crawling tests.

Plantel A is written in ordinary words. Every text about plantel B's people holds the CANARY: whoever of plantel A
reads it anywhere has found a leak (security T1).
"""

import zlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from PIL import Image

from affiliation.models import AnswerList, BatchFile
from affiliation.relation import REJECTED
from affiliation.states import BatchFileKind
from clinics.models import VigenciaCampaign
from clinics.states import VigenciaResult
from followup.actions.heartbeat import note_heartbeat
from followup.models import DailyRun, EscalationStep, StudentReport
from followup.oficio import FIELDS
from followup.states import ClimbStep, DailyJob, ReportKind, StepOutcome, WorkQueue
from notices.states import NoticeState
from nss.models import AcusePhoto
from nss.states import ReadingOutcome
from papers.actions import issue_papers
from papers.models import LotDownload, LotPaper, Paper, PrintJob, PrintPart
from papers.states import PaperKind
from renuncias.models import PileFile, PilePage, Renuncia, SignedPile
from renuncias.queries.answers import Answers
from renuncias.queries.sheet import day_of, printed_words
from renuncias.states import Motive, PageOutcome, PileState, RenunciaState
from school.actions.texts import keep_text_in_use
from school.middleware import mark_student_sign_in
from school.models import Plantel, User
from school.states import Role, TextKind
from students.access import FILE_REASONS as REASONS
from students.models import (
    AccessCode,
    AccessEntry,
    Baja,
    Declaration,
    Enrollment,
    Extension,
    NextLook,
    RosterImport,
)
from students.states import (
    BajaKind,
    CodeChannel,
    DeclarationKind,
    EnrollmentState,
    Event,
    FileKind,
    ImportState,
    Look,
)
from students.timeline import record
from tests.factories.affiliation import AltaOrderFactory, MovementFactory
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import (
    OficioFactory,
    OficioItemFactory,
    ReminderFactory,
    StudentReportFactory,
)
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory, ReadingFactory
from tests.factories.school import (
    TOTP_SECRET,
    NonWorkingDayFactory,
    PlantelFactory,
    UserFactory,
    staff,
)
from tests.factories.students import EnrollmentFactory, StoredFileFactory, StudentFactory

CANARY = "CANARX"
CANARY_DIGITS = "7770007770"
"""What stands where only digits may stand: telephones, and the front of an NSS."""
NOWHERE = "aaaaaaaaaaaaaaaaaaaaaa"
"""An id as long as ours that nothing has."""

PRINCIPALS = ("AN", "AL", "ALx", "RP", "RPB", "RV", "CO", "AD", "AD+", "AU", "EX", "SU")
KINDS = ("own", "same", "other", "none")


@dataclass
class World:
    """Everybody and everything: `users` by principal, `ids` by kind of object and whose it is."""

    folder: Path
    plantel_a: Plantel
    plantel_b: Plantel
    users: dict[str, User] = field(default_factory=dict)
    stays: dict[str, Enrollment] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    handlers: dict[str, ClientHandler] = field(default_factory=dict)

    def client(self, principal: str, **options: Any) -> Client:
        """Open a browser in which that principal is signed in, whatever became of earlier ones."""
        client = Client(**options)
        # Its middleware looks through all static files when it starts: once is enough.
        client.handler = self.handlers.setdefault(str(options), client.handler)
        for name, value in self.cookies.get(principal, {}).items():
            client.cookies[name] = value
        return client


def build(folder: Path) -> World:
    """Write both planteles into the database, their files under the folder, and sign everybody in."""
    world = World(folder, _plantel("A"), _plantel("B"))
    for kind in KINDS:
        for target in (
            "enrollment acuse file evidence report notice oficio batch "
            "case roster print_job lot paper renuncia pile sheet plantel reset insured carnet"
        ).split():
            world.ids.setdefault(target, {})[kind] = NOWHERE
    _people(world)
    for number, (kind, plantel, owner) in enumerate(
        (
            ("own", world.plantel_a, world.users["RP"]),
            ("same", world.plantel_a, world.users["RP2"]),
            ("other", world.plantel_b, world.users["RPB"]),
        )
    ):
        _stay(world, kind, plantel, number)
        _baja(world, kind, owner)
        _papers(world, kind, plantel, owner)
        _pile(world, kind, plantel, owner)
        _renuncia(world, kind, plantel, owner)
        _lot(world, kind, plantel, owner)
        _batch(world, kind, plantel, owner)
        _insured(world, kind, plantel, number + 5)
    world.ids["batch kind"] = {"own": "altas", "none": NOWHERE}
    world.ids["registro"] = {"own": world.plantel_a.registro_patronal, "none": NOWHERE}
    world.ids["plantel"] |= {"own": world.plantel_a.clave, "other": world.plantel_b.clave}
    world.ids["cycle"] = {"own": world.stays["own"].cycle.name, "none": NOWHERE}
    world.ids["question"] = {"own": "titular", "none": NOWHERE}
    world.ids["text"] = {"own": "guia", "none": NOWHERE}
    world.ids["format"] = {"own": "oficio", "none": NOWHERE}
    world.ids["print kind"] = {"own": "listas", "none": NOWHERE}
    world.users |= {
        "AL": world.stays["own"].student.user,
        "ALx": world.stays["other"].student.user,
    }
    _sign_in(world)
    for queue in WorkQueue:
        note_heartbeat(
            queue, now=timezone.now() + timedelta(hours=1)
        )  # for as long as the module runs
    return world


def _plantel(letter: str) -> Plantel:
    secret = CANARY if letter == "B" else "TEXTO-A"
    plantel = PlantelFactory(
        clave=f"26ECB000{letter}X",
        number="01" if letter == "A" else "02",
        name=f"Prueba {letter}",
        address=f"{secret} domicilio",
        email=f"plantel-{letter.lower()}@correo.example",
        registro_patronal=f"{secret}-P",
    )
    NonWorkingDayFactory(plantel=plantel, reason=f"{secret} motivo")
    return plantel


def _people(world: World) -> None:
    a, b = world.plantel_a, world.plantel_b
    world.users = {
        "RP": staff(Role.RESPONSABLE, a, name="Laura Responsable"),
        "RP2": staff(Role.RESPONSABLE, a, name="Luis Suplente"),
        "RPB": staff(
            Role.RESPONSABLE,
            b,
            name="Berta Responsable",
            email=f"{CANARY.lower()}@correo.example",
        ),
        "RV": staff(Role.REVISOR, a, name="Rita Revisora"),
        "CO": staff(Role.CONSULTA, a, name="Carlos Consulta"),
        "AD": staff(Role.ADMIN, name="Ada Administradora"),
        "AU": staff(Role.AUDITOR, name="Aurelio Auditor"),
        "EX": staff(Role.RESPONSABLE, a, name="Eva Exresponsable"),
        "SU": UserFactory(name="Soledad Técnica", is_superuser=True, is_staff=True),
    }
    world.users["AD+"] = world.users["AD"]
    TOTP.activate(world.users["SU"], TOTP_SECRET)
    world.users["RPB"].memberships.update(position=f"{CANARY} cargo")
    world.users["RP"].memberships.update(position="Jefa de Control Escolar")


def _words(kind: str, number: int) -> tuple[str, str]:
    """What stands in the texts about somebody, and in the numbers."""
    return (CANARY, CANARY_DIGITS) if kind == "other" else (f"TEXTO-{kind}", f"662000000{number}")


def _enrol(kind: str, plantel: Plantel, number: int) -> Enrollment:
    """One student with all that a school and she herself say of her."""
    word, digits = _words(kind, number)
    student = StudentFactory(
        curp=f"{CANARY}080214MSRAA{number}A"[:18]
        if kind == "other"
        else f"GOMA080214MSRXX{number}A1",
        nss=f"{digits}{number}",
        given_names=f"{word} Ana",
        first_surname=f"{word}",
        second_surname=f"{word}",
        user__username=f"{word}-usuario-{number}",
        user__name=f"{word} Ana",
    )
    stay = EnrollmentFactory(
        student=student,
        plantel=plantel,
        confirmed=True,
        matricula=f"{word}{number}",
        group=f"{word}-1"[:12],
        shift=f"{word} turno",
        roster_email=f"{word.lower()}@correo.example",
        roster_phone=digits,
        declared_nss=f"{digits}9",
        first_signed_in_at=timezone.now(),
    )
    type(stay.data).objects.filter(pk=stay.data.pk).update(
        email=f"{word.lower()}.correo@correo.example",
        phone=digits,
        guardian_contact=f"{word.lower()}.tutora@correo.example",
        colonia=f"{word} colonia",
        municipio=f"{word} municipio",
        estado=f"{word} estado",
        street=f"{word} calle",
        exterior_number=f"{word} 1",
        interior_number=f"{word} 2",
        address_notes=f"{word} referencias",
    )
    return Enrollment.objects.get(pk=stay.pk)


def _stay(world: World, kind: str, plantel: Plantel, number: int) -> None:
    """One student with everything that a student can have: data, acuse in review, report, codes, history."""
    (word, digits), now = _words(kind, number), timezone.now()
    stay = world.stays[kind] = _enrol(kind, plantel, number)
    world.ids["enrollment"][kind] = stay.public_id
    _declarations(stay, word, now)
    _acuse(world, kind, stay, word, digits)
    _report(world, kind, stay, word)
    _notice(world, kind, stay, word)


def _baja(world: World, kind: str, by: User) -> None:
    """The student came back after a baja temporal."""
    now = timezone.now()
    Baja.objects.create(
        enrollment=world.stays[kind],
        kind=BajaKind.TEMPORARY,
        left_from=EnrollmentState.ACTIVE,
        on_date=now.date(),
        note=f"{CANARY if kind == 'other' else f'TEXTO-{kind}'} nota",
        at=now,
        by=by,
        ended_at=now,
        ended_by=by,
    )


def _declarations(stay: Enrollment, word: str, now: datetime) -> None:
    for declared in (DeclarationKind.AVISO, DeclarationKind.MANIFESTACION):
        text = keep_text_in_use(TextKind(declared), now=now)
        Declaration.objects.create(
            enrollment=stay, kind=declared, text=text, at=now, statement=f"{word} declaración"
        )
    AccessCode.objects.create(
        enrollment=stay,
        channel=CodeChannel.SLIP,
        code_hmac=f"{word}-hmac",
        link_hmac=f"{word}-enlace",
        created_at=now,
    )


def _file(world: World, stay: Enrollment | None, word: str, **values: Any) -> Any:
    """A file that was found harmless, with its bytes and the safe picture of its page."""
    stored = StoredFileFactory(enrollment=stay, original_name=f"{word} hoja.pdf", **values)
    stored.path = f"{word}/{stored.pk}"
    stored.refusal = f"{word} rechazo"
    stored.sha256 = f"{word}-{stored.pk}"
    stored.derivative_pages = [f"{stored.path}-1"]
    stored.save()
    original = world.folder / stored.path
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(f"%PDF-1.7 {word}".encode())
    Image.new("RGB", (60, 80)).save(
        world.folder / stored.derivative_pages[0], "JPEG", comment=word.encode()
    )
    return stored


def _acuse(world: World, kind: str, stay: Enrollment, word: str, digits: str) -> None:
    acuse = AcuseFactory(
        request=NSSRequestFactory(enrollment=stay, override_reason=f"{word} por qué"),
        file=_file(world, stay, word),
        folio=f"{word}-F",
        upload_key=f"{word}-clave",
        typed_nss=f"{digits}8",
        nss=f"{digits}7",
        return_note=f"{word} explicación",
        review_due_on=date(2026, 8, 25),
    )
    AcusePhoto.objects.create(
        acuse=acuse, file=_file(world, stay, word), number=2, upload_key=f"{word}-foto"
    )
    place = {"page": 1, "box": [0.1, 0.1, 0.9, 0.2], "source": "text"}
    ReadingFactory(
        acuse=acuse,
        engine=f"{word}-lector",
        photos=2,
        code=f"{word}-código",
        outcome=ReadingOutcome.READ,
        fields={
            "nss": {"value": f"{digits}8", **place},
            "curp": {"value": f"{word}080214MSRXXX", **place},
            "names": {"value": f"{word} NOMBRES", **place},
            "issued_date": {"value": "2026-08-20", **place},
        },
        checks={"compared": {}, "note": word},
    )
    world.ids["acuse"][kind] = acuse.public_id
    world.ids["file"][kind] = acuse.file.public_id


def _report(world: World, kind: str, stay: Enrollment, word: str) -> None:
    evidence = _file(world, stay, word)
    report = StudentReport.objects.create(
        folio=f"{word}-R",
        enrollment=stay,
        kind=ReportKind.QUESTION,
        subject=f"{word} asunto",
        text=f"{word} pregunta",
        answer=f"{word} respuesta",
        evidence=evidence,
        upload_key=f"{word}-reporte",
        created_at=timezone.now(),
    )
    world.ids["report"][kind] = report.public_id
    case = StudentReportFactory(
        folio=f"{word}-S",
        enrollment=stay,
        kind=ReportKind.SUBDELEGACION,
        subject=f"{word} asunto",
        text=f"{word} caso",
        answer=f"{word} respuesta",
        upload_key=f"{word}-caso",
        created_at=timezone.now(),
        case__missing=f"{word} documento",
    )
    world.ids["case"][kind] = case.public_id
    world.ids["evidence"][kind] = evidence.public_id
    EscalationStep.objects.create(
        escalation=case.escalation,
        round=1,
        step=ClimbStep.RESPONSABLE,
        outcome=StepOutcome.TOLD,
        created_at=timezone.now(),
    )
    _oficio(world, kind, case, word)


def _oficio(world: World, kind: str, case: StudentReport, word: str) -> None:
    """An oficio to be delivered, with a row that was taken out of it again."""
    oficio = OficioFactory(plantel=case.enrollment.plantel, created_by=world.users["RP"])
    OficioItemFactory(
        oficio=oficio,
        escalation=case.escalation,
        row={name: f"{word} {name}" for name in FIELDS},
        note=f"{word} nota",
        withdrawn_at=timezone.now(),
    )
    Paper.objects.filter(pk=oficio.paper_id).update(code=word[:8])
    world.ids["oficio"][kind] = oficio.public_id


def _notice(world: World, kind: str, stay: Enrollment, word: str) -> None:
    now, by = timezone.now(), stay.student.user
    notice = NoticeFactory(
        key=f"{word}:aviso",
        about=f"enrollment:{stay.pk}",
        plantel=stay.plantel,
        to_email=f"{word.lower()}.aviso@correo.example",
        corrected_email=f"{word.lower()}.corregido@correo.example",
        to_name=f"{word} Ana",
        context={"note": word},
        state=NoticeState.FAILED,
        message_id=f"<{word}@correo.example>",
        subject=f"{word} asunto",
        body=f"{word} cuerpo",
        error=f"{word} error",
    )
    record(stay, Event.REPORT_SENT, by=by, at=now, data={"subject": f"{word} asunto"})
    AccessEntry.objects.create(
        enrollment=stay, by=world.users["RP"], at=now, look=Look.DOCUMENT, reason=f"{word} motivo"
    )
    Extension.objects.create(
        enrollment=stay,
        due_on=date(2026, 8, 26),
        reason=f"{word} prórroga",
        given_at=now,
        given_by=world.users["RP"],
    )
    ReminderFactory(enrollment=stay)
    NextLook.objects.get_or_create(enrollment=stay, defaults={"at": now})
    DailyRun.objects.get_or_create(
        job=DailyJob.STAFF_MAIL, plantel=stay.plantel, day=now.date(), defaults={"created_at": now}
    )
    world.ids["notice"][kind] = notice.public_id


def _batch(world: World, kind: str, plantel: Plantel, owner: User) -> None:
    """A batch that IMSS rejected, with its frozen relation; the alta is to be sent again."""
    word = CANARY if kind == "other" else f"TEXTO-{kind}"
    movement = MovementFactory(
        enrollment=world.stays[kind],
        rejected=True,
        rejection=f"{word} motivo",
        reference=f"{word}-L-0001",
        batch__made_by=owner,
        batch__sent=True,
        batch__folio=f"{word}-L",
        batch__registro_patronal=plantel.registro_patronal,
        batch__imss_folio=f"{word}-IMSS",
        batch__settings={"guia": word},
        batch__changes=[[f"{word}-L-0001", word, word]],
    )
    BatchFile.objects.create(
        batch=movement.batch,
        kind=BatchFileKind.CSV,
        name=f"{word}-L.csv",
        content=zlib.compress(word.encode()),
        sha256=f"{word}-SHA",
        size=len(word),
    )
    AnswerList.objects.create(
        batch=movement.batch,
        answers=[[f"{word}-L-0001", REJECTED, f"{word} razón"]],
        read_at=timezone.now(),
        read_by=owner,
    )
    AltaOrderFactory(enrollment=world.stays[kind], reason=f"{word} orden", ordered_by=owner)
    world.ids["batch"][kind] = movement.batch.public_id


def _insured(world: World, kind: str, plantel: Plantel, number: int) -> None:
    """One more student, whom IMSS insures: with a clinic, a carnet, a NO and its constancia."""
    word, _ = _words(kind, number)
    stay, by = _enrol(kind, plantel, number), world.users["RP"]
    MovementFactory(
        enrollment=stay,
        applied=True,
        rejection=f"{word} motivo",
        reference=f"{word}-A-{number}",
        batch__made_by=by,
        batch__folio=f"{word}-A-{number}",
        batch__registro_patronal=plantel.registro_patronal,
        batch__imss_folio=f"{word}-IMSS",
        batch__settings={"guia": word},
        batch__changes=[[word, word, word]],
    )
    umf = UMFFactory(plantel=plantel, name=f"{word} clínica", address=f"{word} domicilio")
    carnet, constancia = _file(world, stay, word), _file(world, stay, word)
    UMFRegistrationFactory(
        enrollment=stay,
        registered=True,
        umf=umf,
        consultorio=word[:10],
        carnet=carnet,
        opened_by=by,
    )
    VigenciaCheckFactory(
        enrollment=stay,
        result=VigenciaResult.NONE,
        constancia=constancia,
        reading={"has_right": True, "umf": 37, "issued_on": None, "is_own": True, "note": word},
    )
    VigenciaCampaign.objects.create(
        plantel=plantel, group=f"{word}-1"[:12], students=1, asked_at=timezone.now(), asked_by=by
    )
    world.ids["insured"][kind], world.ids["carnet"][kind] = stay.public_id, carnet.public_id


def _papers(world: World, kind: str, plantel: Plantel, owner: User) -> None:
    """A roster that waits for «Importar», and sheets in line for the printer; both are their owner's."""
    word, stay = CANARY if kind == "other" else f"TEXTO-{kind}", world.stays[kind]
    finding = {
        "line": 2,
        "field": "matricula",
        "value": f"{word} valor",
        "problem": f"{word} problema",
        "remedy": f"{word} remedio",
        "fix": f"{word} propuesta",
        "blocks": True,
    }
    change = {
        "line": 3,
        "name": f"{word}, Ana",
        "matricula": f"{word}3",
        "differences": [["Grupo", f"{word} antes", f"{word} después"]],
    }
    roster = RosterImport.objects.create(
        folio=f"{word}-L",
        plantel=plantel,
        cycle=stay.cycle,
        file=StoredFileFactory(
            enrollment=None,
            plantel=plantel,
            uploaded_by=owner,
            kind=FileKind.XLSX,
            original_name=f"{word} lista.xlsx",
            path=f"{word}-lista",
            sha256=f"{word}-lista",
            refusal=f"{word}-lista",
            derivative_pages=[f"{word}-lista"],
        ),
        state=ImportState.CHECKED,
        failure=f"{word} falla",
        columns=[{"index": 0, "header": f"{word} columna", "samples": [word], "field": "curp"}],
        matching={"columns": {"curp": 0}, "note": word},
        report={
            "sheet": f"{word} hoja",
            "rows": 2,
            "notes": [f"{word} nota"],
            "counts": {"new": 1, "changed": 1, "same": 0, "bad": 1},
            "findings": [finding],
            "changes": [change],
            "bad_rows": [[2, [f"{word} celda"]]],
        },
        created_at=timezone.now(),
        created_by=owner,
    )
    job = PrintJob.objects.create(
        plantel=plantel,
        kind=PaperKind.SLIPS,
        title=f"{word} título",
        parameters={"groups": [f"{word}-1"]},
        created_by=owner,
        created_at=timezone.now(),
        path=f"{word}-pdf",
        error=f"{word} error",
    )
    world.ids["roster"][kind] = roster.public_id
    world.ids["print_job"][kind] = job.public_id


def _lot(world: World, kind: str, plantel: Plantel, owner: User) -> None:
    """A lot of one sheet; its folio and token are what `/verifica/` tells anybody."""
    word, stay, now = (
        CANARY if kind == "other" else f"TEXTO-{kind}",
        world.stays[kind],
        timezone.now(),
    )
    job = PrintJob.objects.create(
        plantel=plantel,
        kind=PaperKind.CITATORIO,
        folio=f"{word}-IM",
        title=f"{word} lote",
        parameters={"papers": word, "is_own": False},
        created_by=owner,
        created_at=now,
        path=f"{word}-lote",
        error=f"{word} error",
    )
    (paper,) = issue_papers(
        PaperKind.CITATORIO,
        plantel,
        stay.cycle,
        [f"enrollment:{stay.pk}"],
        text=None,
        by=owner,
        now=now,
    )
    Paper.objects.filter(pk=paper.pk).update(code=word[:8])
    LotPaper.objects.create(job=job, paper=paper, position=0)
    PrintPart.objects.create(job=job, number=1, start=0, stop=1, path=f"{word}-parte")
    LotDownload.objects.create(job=job, by=owner, at=now)
    world.ids["lot"][kind] = job.public_id
    world.ids["paper"][kind] = paper.token


def _renuncia(world: World, kind: str, plantel: Plantel, owner: User) -> None:
    """A renuncia that was called off, so that the student's trámite goes on."""
    word = CANARY if kind == "other" else f"TEXTO-{kind}"
    stay, now = world.stays[kind], timezone.now()
    (paper,) = issue_papers(
        PaperKind.RENUNCIA,
        plantel,
        stay.cycle,
        [f"enrollment:{stay.pk}"],
        text=keep_text_in_use(TextKind.RENUNCIA, now=now),
        by=owner,
        now=now,
    )
    Paper.objects.filter(pk=paper.pk).update(code=word[:8])
    answers = Answers(Motive.OTHER, f"{word} motivo", "", f"{word} institución", f"{word} titular")
    printed = printed_words(stay, answers, folio=paper.folio, day=day_of(stay, now=now))
    renuncia = Renuncia.objects.create(
        enrollment=stay,
        plantel=plantel,
        paper=paper,
        state=RenunciaState.VOIDED,
        needs_guardian=False,
        printed=printed,
        printed_sha256=f"{word}-huella",
        issued_at=now,
        issued_by=owner,
        ended_at=now,
        ended_by=owner,
        end_reason=f"{word} por qué",
        **answers.columns() | {"policy_number": f"{word} póliza"},
    )
    world.ids["renuncia"][kind] = renuncia.public_id


def _pile(world: World, kind: str, plantel: Plantel, owner: User) -> None:
    """Signed sheets that were scanned, of which one could not be filed."""
    word, now = CANARY if kind == "other" else f"TEXTO-{kind}", timezone.now()
    pile = SignedPile.objects.create(
        plantel=plantel,
        sha256=f"{word}-pila",
        sheets_total=1,
        state=PileState.FILED,
        failure=f"{word} falla",
        created_at=now,
        created_by=owner,
        read_at=now,
    )
    file, sheet = (_file(world, None, word, plantel=plantel, uploaded_by=owner) for _ in range(2))
    PileFile.objects.create(pile=pile, number=1, file=file)
    PilePage.objects.create(
        pile=pile, number=1, read_as=PageOutcome.NO_QR, outcome=PageOutcome.NO_QR, file=sheet
    )
    world.ids["pile"][kind], world.ids["sheet"][kind] = pile.public_id, sheet.public_id


def _sign_in(world: World) -> None:
    for principal in PRINCIPALS:
        client = Client()
        if principal != "AN":
            client.force_login(world.users[principal])
            session = client.session
            if principal in {"AL", "ALx"}:
                mark_student_sign_in(session, now=timezone.now())
            if principal == "AD+":
                session.update(_proof(world))
            session.save()
        world.cookies[principal] = {name: morsel.value for name, morsel in client.cookies.items()}
    User.objects.filter(pk=world.users["EX"].pk).update(is_active=False)


def _proof(world: World) -> dict[str, Any]:
    """What the session of an administrator holds who has just proved who it is and written why."""
    until = datetime(2100, 1, 1, tzinfo=UTC)
    records = [{"method": "password", "at": until.timestamp(), "reauthenticated": True}]
    return {
        REASONS: {
            world.ids["enrollment"][kind]: {
                "until": until.isoformat(),
                "reason": "Revisión de un caso",
            }
            for kind in ("own", "same", "other")
        },
        AUTHENTICATION_METHODS_SESSION_KEY: records,
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(world.users["AD"].pk),
    }
