"""T1: nobody of plantel A reads a word about the people of plantel B: no page, list, search, file, header or mail."""

import re
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from notices.models import Notice
from notices.render import render_mail
from tests.project.access_matrix import PAGES
from tests.project.knock import body, knock
from tests.project.test_access_matrix import path_of
from tests.project.world import CANARY, CANARY_DIGITS

pytestmark = pytest.mark.django_db

FOUND = re.compile(f"{CANARY}|{CANARY_DIGITS}", re.IGNORECASE)
TO_PLANTEL = {
    "students.Student": "enrollments__plantel",
    "students.Enrollment": "plantel",
    "students.StudentData": "enrollment__plantel",
    "students.Declaration": "enrollment__plantel",
    "students.AccessCode": "enrollment__plantel",
    "students.AccessEntry": "enrollment__plantel",
    "students.TimelineEntry": "enrollment__plantel",
    "students.StoredFile": "plantel",
    "students.Baja": "enrollment__plantel",
    "students.ClockPause": "enrollment__plantel",
    "students.Extension": "enrollment__plantel",
    "students.NextLook": "enrollment__plantel",
    "students.RosterImport": "plantel",
    "nss.NSSRequest": "enrollment__plantel",
    "nss.Acuse": "request__enrollment__plantel",
    "nss.AcusePhoto": "acuse__request__enrollment__plantel",
    "nss.Reading": "acuse__request__enrollment__plantel",
    "followup.StudentReport": "enrollment__plantel",
    "followup.Escalation": "plantel",
    "followup.EscalationStep": "escalation__plantel",
    "followup.Oficio": "plantel",
    "followup.OficioItem": "oficio__plantel",
    "followup.Reminder": "enrollment__plantel",
    "followup.DailyRun": "plantel",
    "affiliation.Batch": "plantel",
    "affiliation.BatchFile": "batch__plantel",
    "affiliation.Movement": "batch__plantel",
    "affiliation.AnswerList": "batch__plantel",
    "affiliation.AltaOrder": "enrollment__plantel",
    "clinics.UMF": "plantel",
    "clinics.UMFRegistration": "plantel",
    "clinics.VigenciaCheck": "plantel",
    "clinics.VigenciaCampaign": "plantel",
    "notices.Notice": "plantel",
    "papers.PrintJob": "plantel",
    "papers.PrintPart": "job__plantel",
    "papers.Paper": "plantel",
    "papers.LotPaper": "job__plantel",
    "papers.LotDownload": "job__plantel",
    "renuncias.Renuncia": "plantel",
    "renuncias.SignedPile": "plantel",
    "renuncias.PileFile": "pile__plantel",
    "renuncias.PilePage": "pile__plantel",
    "school.NonWorkingDay": "plantel",
    "school.Membership": "plantel",
}
"""How each table about people leads to their plantel."""
COMMON = {
    "school.User",  # the canary stands in B's accounts that are not public contacts
    "school.Plantel",  # who is who in each plantel is on the public help page
    *("school.Subdelegacion", "school.SchoolCycle", "school.TextVersion", "school.RateCounter"),
    *("school.LoginSession", "followup.Heartbeat", "notices.RelaySilence"),
    "students.PostalCode",
    "students.AccessSeal",
    "papers.FolioCounter",
    "affiliation.Profile",
}
"""Tables that are about nobody, or about what the portal itself tells everybody."""
SHORT = 6
"""Letters of the canary: a shorter text cannot hold it."""
OWN_WORDS = {"public_id", "message", "about"}
"""Random ids, the key of the mail's text, and the number of the stay that it is about."""
PUBLIC_WORDS = {
    ("papers.Paper", "folio"),
    ("papers.Paper", "token"),
    ("papers.PrintJob", "folio"),
}
"""What a sheet and `/verifica/` tell whoever holds it; only lots have a folio."""
STAFF_A = ("RP", "RV", "CO")
TABS = ("ver=documentos", "ver=historial", "ver=mensajes")
QUERIES: dict[str, tuple[str, ...]] = {
    "followup:student_file": TABS,
    "followup:students": ("paso=S-04", "paso=sin-entrar", f"grupo={CANARY}-1", "pagina=2"),
    "followup:overdue": (
        "canal=correo",
        "canal=citatorio",
        f"grupo={CANARY}-1",
        "pagina=2",
        "archivo=sin-confirmar",
    ),
    "followup:notify_overdue": (f"grupo={CANARY}-1",),
    "followup:reports": ("tipo=preguntas", "tipo=intentos", "tipo=atendidos"),
    "followup:escalations": ("estado=completos", "estado=cerrados", "pagina=2"),
    "notices:list": ("estado=FAILED", "estado=SENT", "pagina=2"),
    "nss:review": ("cola=diferencia", "plantel=26ECB000BX", f"grupo={CANARY}-1"),
    "nss:review_end": ("cola=sin-leer", "plantel=26ECB000BX", "hecho={acuse}"),
    "nss:review_acuse": ("cola=coincide&plantel=26ECB000BX", "hecho={acuse}"),
    "renuncias:list": ("estado=canceladas", f"grupo={CANARY}-1", "pagina=2"),
    "renuncias:issue": ("plantel=26ECB000BX&otro=1", f"grupo={CANARY}-1&plantel=26ECB000BX"),
    "students:show_roster_import": ("ver=errores", "ver=avisos", "ver=cambios"),
    "affiliation:batches": ("pagina=2",),
    "affiliation:check_batch": ("plantel=02", "plantel=01&ver=listos", "pagina=2"),
    "affiliation:show_batch": ("estado=rechazados", "pagina=2"),
    "affiliation:review_answers": ("ver=rechazos", "pagina=2"),
    "clinics:clinics": ("estado=registradas", "estado=sin-abrir", f"grupo={CANARY}-1", "pagina=2"),
    "clinics:open_clinics": ("plantel=26ECB000BX", f"plantel=26ECB000AX&grupo={CANARY}-1"),
    "clinics:move_openings": ("plantel=26ECB000BX", f"plantel=26ECB000AX&grupo={CANARY}-1"),
    "clinics:vigencias": ("estado=sin-contestar", f"grupo={CANARY}-1", "pagina=2"),
    "clinics:ask_vigencia": ("plantel=26ECB000BX",),
    "renuncias:piles": ("pagina=2",),
    "renuncias:show_pile": ("pagina=2",),
    "students:bajas": ("pagina=2",),
    "students:withdraw_students": (f"grupo={CANARY}-1", f"grupo={CANARY}-1&plantel=26ECB000BX"),
    "students:print_slips": ("plantel=02", "plantel=01"),
}
"""What the lists and tabs let one ask for; `{acuse}` is the acuse of plantel B."""


def own_models() -> list[type[models.Model]]:
    """List the tables of the portal's own apps; histories repeat them."""
    ours = {
        "school",
        "students",
        "nss",
        "followup",
        "notices",
        "papers",
        "renuncias",
        "affiliation",
        "clinics",
    }
    return [
        m
        for m in apps.get_models()
        if m._meta.app_label in ours and m.__name__[:10] != "Historical"
    ]


def holds_words(one: models.Field) -> bool:
    """Tell whether a person's words can stand in the field, long enough to hold the canary."""
    if isinstance(one, models.JSONField):
        return True
    if not isinstance(one, models.CharField | models.TextField) or one.choices:
        return False
    return one.name not in OWN_WORDS and (one.max_length or 999) >= SHORT


def test_every_table_is_about_a_plantel_or_about_nobody():
    assert {m._meta.label for m in own_models()} == set(TO_PLANTEL) | COMMON


@pytest.mark.parametrize("label", TO_PLANTEL)
def test_every_text_of_plantel_b_holds_the_canary(world, label):
    model = apps.get_model(label)
    rows = model.objects.filter(**{TO_PLANTEL[label]: world.plantel_b})

    silent = [
        one.name
        for one in model._meta.concrete_fields
        if holds_words(one)
        and (label, one.name) not in PUBLIC_WORDS
        and not all(FOUND.search(str(value)) for value in rows.values_list(one.name, flat=True))
    ]

    assert rows.exists()
    assert silent == []


@pytest.mark.parametrize("person", STAFF_A)
def test_no_list_or_tab_tells_of_plantel_b(world, person):
    """The pages without a query are read by test_access_matrix, for everybody and for every kind of thing."""
    leaks = []
    for page in (page for page in PAGES if page.name in QUERIES):
        for query in QUERIES[page.name]:
            asked = query.format(acuse=world.ids["acuse"]["other"])
            path = f"{path_of(page, 'own', world)}?{asked}"
            text = knock(world.client(person), "GET", path).text
            if FOUND.search(text.replace(asked, "").replace(quote(asked), "")):
                leaks.append(path)

    assert leaks == []


@pytest.mark.parametrize("person", STAFF_A)
def test_no_search_finds_somebody_of_plantel_b(world, person):
    stay = world.stays["other"]
    typed = [
        *(CANARY, stay.matricula, stay.student.curp, stay.student.nss, stay.student.nss[-4:]),
        *(stay.roster_email, stay.roster_phone, stay.data.email, stay.student.full_name),
        *(f"{CANARY}-F", f"{CANARY}-R", "A"),
    ]

    found = []
    for text in typed:
        answer = knock(world.client(person), "POST", reverse("followup:search"), data={"q": text})
        shown = answer.text.replace(f'value="{text}"', "").replace(f"«{text}»", "")
        if answer.outcome != "200" or FOUND.search(shown):
            found.append(text)

    assert found == []


def test_no_mail_to_plantel_a_tells_of_plantel_b(world):
    mails = [
        render_mail(notice, {"code": "ABCD-EFGH", "fragment": "x"})
        for notice in Notice.objects.filter(plantel=world.plantel_a)
    ]

    assert len(mails) == 2
    assert [mail for mail in mails if FOUND.search(f"{mail.subject}{mail.text}{mail.html}")] == []


def test_own_people_do_read_the_canary(world):
    page = knock(world.client("RPB"), "GET", reverse("followup:students"))

    assert FOUND.search(page.text)
    assert body(page.response)
