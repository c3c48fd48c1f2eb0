"""C-06: a batch from the revisión previa to its last answer, as the responsable goes about it."""

import io
import re
import time
from datetime import date, timedelta

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from affiliation.actions.answer_lists import NO_LIST, OTHER_REPLY, keep_list
from affiliation.actions.answers import answer_movements
from affiliation.actions.batches import OTHER_LIST, discard_batch
from affiliation.actions.work import drop_alta_order, order_alta_again
from affiliation.models import AnswerList, Batch, Movement
from affiliation.queries.answers import OTHER_ANSWER, STRANGER
from affiliation.queries.frozen import content_of
from affiliation.relation import APPLIED, COLUMNS, REJECTED, Answer
from affiliation.states import BatchFileKind, BatchState, MovementKind, MovementState
from common.transitions import TransitionNotAllowed
from common.uploads.runner import _slot
from school.states import Role
from students.models import AccessEntry, Baja, Enrollment, Student
from students.states import BajaKind, EnrollmentState, Look
from students.views.tables import BUSY
from tests.factories.affiliation import (
    BatchFactory,
    MovementFactory,
    ProfileFactory,
    insurable,
    made,
    sent,
)
from tests.factories.nss import AcuseFactory
from tests.factories.school import MembershipFactory, PlantelFactory, staff

pytestmark = pytest.mark.django_db
REGISTRO = "Y5412345324"
LIST = reverse("affiliation:batches")
ALTAS = reverse("affiliation:check_batch", args=["altas"])
NEEDS_FOLIO = "Escribir el folio que dio el IMSS; si no se ha mandado, volver a hacer el lote"


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05", registro_patronal=REGISTRO)


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def client(by):
    return signed_in(by)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def today():
    return timezone.localdate()


def a_batch(plantel, by):
    return made(plantel, by, now=timezone.now())


def a_sent_batch(plantel, by):
    return sent(plantel, by, now=timezone.now())


def url(name, batch, *more):
    return reverse(f"affiliation:{name}", args=[batch.public_id, *more])


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).split())


def said(page):
    return [str(message) for message in page.context["messages"]]


def form_of(page):
    """What the form of the page sends when nothing in it is touched."""
    return {name: page.context["form"].initial[name] for name in ("seen", "effective_on")}


def make(client, page, **more):
    return client.post(page.context["make_url"], form_of(page) | more, follow=True)


def leave(stay, on_date=None):
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)
    return Baja.objects.create(
        enrollment=stay,
        kind=BajaKind.DEFINITIVE,
        on_date=on_date or today(),
        at=timezone.now(),
        by=stay.student.user,
    )


def answered(batch, *cells):
    """The relation of a batch as it comes back, with result and reason of its rows."""
    book = load_workbook(io.BytesIO(content_of(batch.files.get(kind=BatchFileKind.XLSX))))
    for at, (result, reason) in enumerate(cells, start=2):
        book.active.cell(at, len(COLUMNS) - 1, result)
        book.active.cell(at, len(COLUMNS), reason)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("relacion.xlsx", buffer.getvalue())


# The revisión previa -----------------------------------------------------------------------------
def test_check_batch_warns_of_what_goes_into_the_files_otherwise(client, plantel):
    ProfileFactory()
    doubtful = {"student__nss": "24260800019", "student__first_surname": "Dudosa"}
    insurable(plantel, matricula="26-1", **doubtful)
    insurable(plantel)

    page = client.get(ALTAS).content.decode()

    assert page.count("Confirmarlo con el acuse a la vista") == 1
    assert page.count(">Dudosa Martínez, Ana</a></li>") == 1
    assert page.count("movimientos de 1 estudiante:") == 1


def test_check_batch_warns_of_nothing_where_all_is_as_it_should_be(client, plantel):
    ProfileFactory()
    insurable(plantel)

    page = client.get(ALTAS).content.decode()

    assert "Confirmarlo con el acuse" not in page
    assert "clave del trabajador" not in page


def without_curp(plantel):
    insurable(plantel, student__curp=None)


def with_a_long_name(plantel):
    insurable(plantel, student__given_names="Ana " * 9)


def without_address(plantel):
    stay = insurable(plantel)
    stay.data.street = ""
    stay.data.save()


def with_the_number_of_another(plantel):
    stay = insurable(plantel)
    AcuseFactory(request__enrollment__plantel=plantel, typed_nss=stay.student.nss)


def rejected(plantel):
    MovementFactory(enrollment=insurable(plantel), rejected=True)


def out_today(plantel):
    baja = {"kind": MovementKind.BAJA, "applied": True, "effective_on": today()}
    MovementFactory(enrollment=insurable(plantel), **baja)


def out_before_the_alta(plantel):
    MovementFactory(enrollment=insurable(plantel), applied=True, effective_on=today())
    leave(Enrollment.objects.get(), today() - timedelta(days=1))


def out_with_a_long_name(plantel):
    stay = insurable(plantel, student__given_names="Ana " * 9)
    MovementFactory(enrollment=stay, applied=True, effective_on=today() - timedelta(days=9))
    leave(stay)


@pytest.mark.parametrize(
    ("trouble", "kind", "means"),
    [
        (without_curp, "altas", 'name="curp"'),
        (with_a_long_name, "altas", 'type="file" name="file"'),
        (without_address, "altas", 'name="street"'),
        (with_the_number_of_another, "altas", ">Aceptar"),
        (rejected, "altas", "Marcar como corregido"),
        (out_today, "altas", 'type="date" name="fecha"'),
        (out_before_the_alta, "bajas", "Deshacer la baja"),
        (out_with_a_long_name, "bajas", "Deshacer la baja"),
    ],
)
def test_check_batch_leads_each_problem_to_the_means_to_mend_it(
    client, plantel, trouble, kind, means
):
    ProfileFactory()
    trouble(plantel)
    page = client.get(reverse("affiliation:check_batch", args=[kind]))
    assert page.context["check"].with_problems == 1

    link = re.search('<div class="row-actions">.*?href="([^"]+)"', page.content.decode(), re.S)[1]
    mending = page if link.startswith("#") else client.get(link, follow=True)

    assert mending.status_code == 200
    assert means in mending.content.decode()
    assert not link.startswith("#") or f'id="{link[1:]}"' in mending.content.decode()


@pytest.mark.parametrize("is_admin", [True, False])
def test_check_batch_leads_to_the_profile_whom_it_is_for(client, plantel, by, is_admin):
    profile = ProfileFactory()
    profile.settings["changes"] = "STOP"
    profile.save()
    insurable(plantel, student__first_surname="Muñoz", student__second_surname="Ruiz")
    if is_admin:
        MembershipFactory(user=by, role=Role.ADMIN, plantel=None)
    address = reverse("affiliation:edit_profile", args=[REGISTRO])

    text = client.get(ALTAS).content.decode()

    assert (address in text) is is_admin
    assert ("Lo hace la administración" in text) is not is_admin


# The list ----------------------------------------------------------------------------------------
def test_list_batches_says_who_waits_where_and_what_was_rejected(client, plantel, by):
    insurable(plantel)
    movement = MovementFactory(enrollment=insurable(plantel), rejected=True)
    MovementFactory(enrollment=leave(insurable(plantel)).enrollment, applied=True)
    MovementFactory(rejected=True)

    page = client.get(LIST)

    assert [(one.plantel, one.altas, one.bajas) for one in page.context["to_send"]] == [
        (plantel, 2, 1)
    ]
    assert list(page.context["rejected"]) == [movement]
    assert [one.plantel for one in page.context["page_obj"]] == [plantel, plantel]
    assert page.context["counts"] == []


@pytest.mark.parametrize(("shown", "is_said"), [(2, True), (3, False)])
def test_list_batches_says_how_many_rejected_are_not_shown(
    client, plantel, monkeypatch, shown, is_said
):
    monkeypatch.setattr("affiliation.views.batches.PAGE", shown)
    movements = [MovementFactory(enrollment=insurable(plantel), rejected=True) for _ in range(3)]

    page = client.get(LIST)

    assert list(page.context["rejected"]) == movements[:shown]
    assert ("Se muestran los primeros 2 de 3." in page.content.decode()) is is_said


def test_list_batches_with_nothing_yet_says_so(client):
    page = client.get(LIST)

    assert "Todavía no hay lotes" in page.content.decode()


@pytest.mark.parametrize("role", [Role.CONSULTA, Role.ADMIN])
def test_list_batches_tells_others_only_how_many(plantel, by, role):
    MovementFactory(enrollment=insurable(plantel))
    other = signed_in(staff(role, plantel if role == Role.CONSULTA else None))

    page = other.get(LIST)

    (row,) = page.context["counts"]
    assert (row.plantel, row.batches, row.waiting, row.applied, row.rejected) == (
        *(plantel, 1, 1, 0, 0),
    )
    assert list(page.context["page_obj"]) == []
    assert ("Perfiles de envío" in page.content.decode()) is (role == Role.ADMIN)


def test_list_batches_tells_the_auditor_what_and_who_and_the_digest(plantel, by):
    insurable(plantel)
    batch = a_batch(plantel, by)
    auditor = signed_in(staff(Role.AUDITOR))

    page = auditor.get(LIST)

    text = page.content.decode()
    assert list(page.context["page_obj"]) == [batch]
    assert batch.folio in text
    assert batch.files.first().sha256[:8] in text
    assert url("show_batch", batch) not in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_batches_asks_the_same_however_many(
    client, plantel, by, count, django_assert_num_queries
):
    for _ in range(count):
        MovementFactory(enrollment=insurable(plantel), rejected=True)
        insurable(plantel)
        a_batch(plantel, by)
    client.get(LIST)

    with django_assert_num_queries(17):
        client.get(LIST)


# Looked at beforehand and made -------------------------------------------------------------------
def test_review_batch_counts_who_is_ready_and_who_has_problems(client, plantel):
    ready, lacking = insurable(plantel), insurable(plantel)
    lacking.data.street = ""
    lacking.data.save()

    page = client.get(ALTAS)

    text = page.content.decode()
    assert "<strong>1</strong> listo · <strong>1</strong> con problemas" in text
    assert [one.student.pk for one in page.context["page_obj"]] == [lacking.pk]
    assert reverse("followup:student_file", args=[lacking.public_id]) in text

    page = client.get(ALTAS, {"ver": "listos"})
    assert [one.student.pk for one in page.context["page_obj"]] == [ready.pk]


@pytest.mark.parametrize("kind", ["altas", "bajas"])
def test_review_batch_of_nobody_says_so(client, kind):
    page = client.get(reverse("affiliation:check_batch", args=[kind]))

    assert f"Nadie espera {'un alta' if kind == 'altas' else 'una baja'}" in page.content.decode()


def test_review_batch_of_another_kind_does_not_exist(client):
    assert client.get(reverse("affiliation:check_batch", args=["otras"])).status_code == 404


def test_review_batch_takes_the_day_and_the_plantel_that_are_asked(client, plantel, by):
    other = PlantelFactory(number="06")
    day = today() - timedelta(days=1)

    page = client.get(ALTAS, {"fecha": day.isoformat()})
    assert page.context["check"].effective_on == day
    assert client.get(ALTAS, {"fecha": "ayer"}).context["check"].effective_on == today()
    assert client.get(ALTAS, {"plantel": other.number}).status_code == 404


def test_review_batch_leads_to_the_acuses_that_give_the_same_number(client, plantel):
    stay = insurable(plantel)
    AcuseFactory(request__enrollment__plantel=plantel, typed_nss=stay.student.nss)

    assert reverse("nss:review") in client.get(ALTAS).content.decode()


def test_make_makes_the_batch_that_was_looked_at(client, plantel):
    insurable(plantel)

    page = make(client, client.get(ALTAS))

    batch = Batch.objects.get()
    assert page.redirect_chain == [(url("show_batch", batch), 302)]
    assert said(page) == [f"Lote {batch.folio} hecho. Falta mandarlo al IMSS."]
    assert batch.effective_on == today()


def test_make_asks_to_confirm_the_letters_that_change(client, plantel):
    ProfileFactory()
    insurable(plantel, student__first_surname="Muñoz")
    looked = client.get(ALTAS)

    page = make(client, looked)

    assert "MUÑOZ → MUNOZ" in page.content.decode()
    assert page.context["form"].errors == {
        "confirmed": ["Marcar que se revisaron las letras que cambian"]
    }
    assert f'action="{ALTAS}"' in page.content.decode()
    assert not Batch.objects.exists()

    make(client, looked, confirmed="on")
    assert Batch.objects.get().changes[0][1:] == ["MUÑOZ", "MUNOZ"]


def test_make_of_a_list_that_changed_shows_the_new_one(client, plantel):
    insurable(plantel)
    looked = client.get(ALTAS)
    insurable(plantel)

    page = make(client, looked)

    assert said(page) == [OTHER_LIST]
    assert len(page.context["check"].ready) == 2
    make(client, page)
    assert Batch.objects.get().movements.count() == 2


def test_make_twice_makes_one_batch(client, plantel):
    insurable(plantel)
    looked = client.get(ALTAS)
    make(client, looked)

    page = make(client, looked)

    assert said(page) == [OTHER_LIST]
    assert Batch.objects.count() == 1


def test_make_without_a_day_takes_nobody_by_surprise(client, plantel):
    insurable(plantel)
    looked = client.get(ALTAS)

    page = client.post(looked.context["make_url"], {"seen": "x", "effective_on": "hoy"})

    assert (page.status_code, Batch.objects.count()) == (200, 0)


def test_make_of_bajas_makes_a_batch_of_bajas(client, plantel):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    leave(stay)

    make(client, client.get(reverse("affiliation:check_batch", args=["bajas"])))

    assert Batch.objects.get(state=BatchState.DRAFT).kind == MovementKind.BAJA


# One batch ---------------------------------------------------------------------------------------
def test_show_batch_names_its_files_and_what_is_to_be_done(client, plantel, by):
    ProfileFactory()
    insurable(plantel)
    batch = a_batch(plantel, by)

    page = client.get(url("show_batch", batch))

    text = page.content.decode()
    assert [word for word, _ in page.context["files"]] == ["xlsx", "csv", "movimientos"]
    assert "Estructura general del IMSS; validar un lote de prueba con su Subdelegación." in text
    assert url("send_batch", batch) in text
    assert url("answer_movements", batch) not in text


def test_show_batch_of_another_plantel_does_not_exist(client):
    batch = MovementFactory().batch

    assert client.get(url("show_batch", batch)).status_code == 404


@pytest.mark.parametrize(
    ("state", "count"), [("", 2), ("en-espera", 1), ("rechazados", 1), ("aplicados", 0)]
)
def test_show_batch_shows_the_movements_that_are_asked(client, plantel, by, state, count):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    first = batch.movements.first()
    reject = [Answer(first.reference, REJECTED, "El NSS no existe")]
    answer_movements(batch, reject, by=by, now=timezone.now())

    page = client.get(url("show_batch", batch), {"estado": state})

    assert page.context["page_obj"].paginator.count == count


def test_show_batch_names_who_should_be_in_it_no_more_and_makes_it_again(client, plantel, by):
    stay = insurable(plantel)
    insurable(plantel)
    batch = a_batch(plantel, by)
    leave(stay)

    page = client.get(url("show_batch", batch))

    assert [one.enrollment for one in page.context["gone"]] == [stay]
    page = client.post(url("send_batch", batch))
    assert page.context["send_form"].errors == {"imss_folio": [NEEDS_FOLIO]}

    page = client.post(url("remake_batch", batch), follow=True)
    again = Batch.objects.get(state=BatchState.DRAFT)
    assert said(page) == [f"Lote {again.folio} hecho en lugar del anterior."]
    assert page.redirect_chain == [(url("show_batch", again), 302)]


def test_show_batch_says_who_needs_no_second_alta(client, plantel, by):
    stay = MovementFactory(enrollment=insurable(plantel), applied=True).enrollment
    order_alta_again(stay, reason="Su vigencia salió NO", by=by, now=timezone.now())
    batch = a_batch(plantel, by)
    drop_alta_order(stay)

    page = client.get(url("show_batch", batch))

    assert f"{stay.student.list_name}</a>: ya está asegurado" in page.content.decode()


def test_show_batch_names_who_changed_since(client, plantel, by):
    stay = insurable(plantel)
    batch = a_batch(plantel, by)
    Student.objects.filter(pk=stay.student_id).update(given_names="Anabel")

    page = client.get(url("show_batch", batch))

    text = page.content.decode()
    assert [one.told for one in page.context["outdated"]] == ["Gómez Martínez, Anabel (Nombre(s))"]
    assert "Cambió después de hacer el lote: 1 estudiante<" in text
    assert url("remake_batch", batch) in text
    page = client.post(url("send_batch", batch))
    assert page.context["send_form"].errors == {"imss_folio": [NEEDS_FOLIO]}


def test_show_batch_says_that_the_profile_changed(client, plantel, by):
    insurable(plantel)
    batch = a_batch(plantel, by)
    plantel.registro_patronal = "Y5412345999"
    plantel.save()

    text = client.get(url("show_batch", batch)).content.decode()

    assert "Cambió el registro patronal o su perfil de envío" in text
    assert url("remake_batch", batch) in text


def test_show_batch_that_imss_has_already_takes_its_folio(client, plantel, by):
    stay = insurable(plantel)
    batch = a_batch(plantel, by)
    assert "Folio del IMSS (opcional)" in text_of(client.get(url("show_batch", batch)))
    leave(stay)

    page = client.get(url("show_batch", batch))

    assert "¿Ya se mandó así al IMSS? Escribir el folio que dio" in page.content.decode()
    assert "Folio del IMSS (opcional)" not in text_of(page)
    assert page.content.decode().count(url("send_batch", batch)) == 1
    page = client.post(url("send_batch", batch), {"imss_folio": "A1"}, follow=True)
    assert said(page) == [
        f"Lote {batch.folio} enviado. Cuando el IMSS responda, registrar aquí sus respuestas."
    ]
    assert "folio del IMSS A1" in page.content.decode()
    assert "¿Ya se mandó así al IMSS?" not in page.content.decode()


def test_show_batch_lists_the_first_of_many_that_changed(client, plantel, by):
    for _ in range(51):
        insurable(plantel)
    batch = a_batch(plantel, by)
    Student.objects.update(given_names="Anabel")

    text = client.get(url("show_batch", batch)).content.decode()

    assert text.count("</a>: Nombre(s)</li>") == 50
    assert "Se muestran los primeros 50." in text


@pytest.mark.parametrize("count", [1, 3])
def test_show_batch_asks_the_same_however_many(
    client, plantel, by, count, django_assert_num_queries
):
    for _ in range(count):
        insurable(plantel)
    batch = a_batch(plantel, by)
    client.get(url("show_batch", batch))

    with django_assert_num_queries(19):
        client.get(url("show_batch", batch))


def test_download_batch_file_asks_who_it_is_and_writes_it_down(client, plantel, by):
    stay = insurable(plantel)
    batch = a_batch(plantel, by)
    address = url("download_batch_file", batch, "csv")

    asked = client.get(address)
    assert asked.url == reverse("mfa_reauthenticate", query={"next": address})

    prove(client)
    page = client.get(address)
    assert page.content == content_of(batch.files.get(kind=BatchFileKind.CSV))
    assert page["Content-Disposition"] == f'attachment; filename="{batch.folio}.csv"'
    look = AccessEntry.objects.get()
    assert (look.enrollment, look.look, look.by) == (stay, Look.BATCH_FILE, by)


@pytest.mark.parametrize("what", ["movimientos", "otro"])
def test_download_batch_file_that_there_is_not(client, plantel, by, what):
    insurable(plantel)
    prove(client)

    page = client.get(url("download_batch_file", a_batch(plantel, by), what))

    assert (page.status_code, AccessEntry.objects.count()) == (404, 0)


def prove(client):
    """As if the person had just typed the password again."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()


def test_send_undo_and_discard_lead_back_to_the_batch(client, plantel, by):
    insurable(plantel)
    batch = a_batch(plantel, by)

    page = client.post(url("send_batch", batch), {"imss_folio": "IDSE-77"}, follow=True)
    batch.refresh_from_db()
    assert (batch.state, batch.imss_folio) == (BatchState.SENT, "IDSE-77")
    assert "folio del IMSS IDSE-77" in page.content.decode()

    page = client.post(url("undo_sending", batch), follow=True)
    assert said(page) == [f"El lote {batch.folio} está otra vez por enviar."]

    page = client.post(url("discard_batch", batch), follow=True)
    assert said(page) == [f"Lote {batch.folio} descartado. Sus estudiantes esperan el siguiente."]

    page = client.post(url("discard_batch", batch), follow=True)
    assert said(page) == [TransitionNotAllowed.sentence]


def test_show_batch_says_which_other_batch_has_the_same_folio_of_imss(client, plantel, by):
    first, second, third = (BatchFactory(plantel=plantel, sent=True, made_by=by) for _ in range(3))
    BatchFactory(sent=True, imss_folio="IDSE-77")
    Batch.objects.filter(pk=first.pk).update(imss_folio="IDSE-77")
    Batch.objects.filter(pk=second.pk).update(imss_folio="idse-77")

    pages = [client.get(url("show_batch", batch)) for batch in (first, second, third)]

    assert [list(page.context["same_folio"]) for page in pages] == [[second], [first], []]
    assert f'está en <a href="{url("show_batch", second)}">{second.folio}</a>' in (
        pages[0].content.decode()
    )
    assert "El mismo folio del IMSS" not in pages[2].content.decode()


def test_send_with_a_folio_too_long_says_so(client, plantel, by):
    insurable(plantel)
    batch = a_batch(plantel, by)

    page = client.post(url("send_batch", batch), {"imss_folio": "7" * 41})

    assert page.context["send_form"].errors == {
        "imss_folio": ["Escribir el folio en 40 letras o menos"]
    }
    assert page.content.decode().count("Escribir el folio en 40 letras o menos") == 2


# Answers -----------------------------------------------------------------------------------------
def test_answer_registers_what_was_ticked(client, plantel, by):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    first, second = batch.movements.order_by("pk")
    typed = {
        "movements": [first.reference],
        "whose": "marcados",
        "result": REJECTED,
        "reason": "El NSS no existe",
    }

    page = client.post(url("answer_movements", batch), typed, follow=True)

    first.refresh_from_db()
    second.refresh_from_db()
    assert said(page) == [f"1 respuesta registrada en el lote {batch.folio}."]
    assert (first.state, first.rejection, second.state) == (
        *(MovementState.REJECTED, "El NSS no existe", MovementState.IN_BATCH),
    )


def test_answer_registers_all_that_wait(client, plantel, by):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)

    page = client.post(
        url("answer_movements", batch), {"whose": "todos", "result": APPLIED}, follow=True
    )

    assert said(page) == [f"2 respuestas registradas en el lote {batch.folio}."]
    assert page.context["batch"].state == BatchState.ANSWERED


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {},
            {
                "whose": ["Elegir de quiénes es la respuesta"],
                "result": [f"Elegir {APPLIED} o {REJECTED}"],
            },
        ),
        (
            {"whose": "marcados", "result": APPLIED},
            {"whose": ["Marcar al menos a un estudiante de la tabla"]},
        ),
        (
            {"whose": "todos", "result": REJECTED},
            {"reason": ["Escribir el motivo con el que lo rechazó el IMSS"]},
        ),
        (
            {"whose": "todos", "result": REJECTED, "reason": "a" * 301},
            {"reason": ["Escribir el motivo en 300 letras o menos"]},
        ),
        (
            {"whose": "marcados", "result": APPLIED, "movements": ["otro"]},
            {"movements": ["Marcar movimientos que esperan respuesta"]},
        ),
    ],
)
def test_answer_says_what_is_missing(client, plantel, by, typed, errors):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)

    page = client.post(url("answer_movements", batch), typed)

    assert page.context["form"].errors == errors
    assert batch.movements.get().state == MovementState.IN_BATCH


def test_answer_keeps_the_ticks_of_what_was_refused(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    reference = batch.movements.get().reference

    page = client.post(
        url("answer_movements", batch), {"whose": "marcados", "movements": [reference]}
    )

    assert page.context["ticked"] == [reference]


def test_answer_that_is_refused_leaves_links_that_lead_to_the_batch(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)

    page = client.post(f"{url('answer_movements', batch)}?estado=en-espera", {"whose": "marcados"})

    text = page.content.decode()
    assert f'href="{url("show_batch", batch)}?estado=rechazados#movimientos"' in text
    assert f'action="{url("answer_movements", batch)}?estado=en-espera"' in text


def test_import_answers_shows_first_and_registers_then(client, plantel, by):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    file = answered(batch, ("Aplicado", None), ("Rechazado", "El NSS no existe"))

    page = client.post(url("import_answers", batch), {"file": file}, follow=True)

    reply = page.context["reply"]
    assert page.redirect_chain == [(url("review_answers", batch), 302)]
    assert (reply.applied, len(reply.rejections), reply.findings) == (1, 1, [])
    assert set(batch.movements.values_list("state", flat=True)) == {MovementState.IN_BATCH}
    assert url("review_answers", batch) in client.get(url("show_batch", batch)).content.decode()

    page = client.post(url("register_answers", batch), {"seen": reply.seen}, follow=True)
    assert said(page) == [f"2 respuestas registradas en el lote {batch.folio}."]
    assert list(batch.movements.order_by("pk").values_list("state", "rejection")) == [
        (MovementState.APPLIED, ""),
        (MovementState.REJECTED, "El NSS no existe"),
    ]
    assert not AnswerList.objects.exists()


def test_import_answers_leaves_out_what_cannot_be_and_says_why(client, plantel, by):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    other = insurable(plantel)
    MovementFactory(enrollment=other)
    file = answered(batch, ("Aplicado", None), ("en trámite", None))
    book = load_workbook(file)
    book.active.append(["L-99-2026-001-0001", *[None] * 10, "Aplicado"])
    buffer = io.BytesIO()
    book.save(buffer)
    file = SimpleUploadedFile("r.xlsx", buffer.getvalue())

    page = client.post(url("import_answers", batch), {"file": file}, follow=True)

    reply = page.context["reply"]
    assert (list(reply.new), reply.is_clean) == ([batch.movements.first().reference], False)
    assert [one.sentence for one in page.context["page_obj"]] == [
        "No se entiende «en trámite». Escribir Aplicado o Rechazado",
        STRANGER,
    ]


def test_import_answers_without_anything_new_says_so(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)

    page = client.post(url("import_answers", batch), {"file": answered(batch)}, follow=True)

    assert "La lista no trae ninguna respuesta nueva" in page.content.decode()


def test_review_answers_shows_what_is_to_be_looked_at_or_the_rejections(client, plantel, by):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    one, two = batch.movements.values_list("reference", flat=True)
    said_so = [Answer(one, REJECTED, "El NSS no existe"), Answer(two, "en trámite")]
    keep_list(batch, said_so, by=by, now=timezone.now())

    first = client.get(url("review_answers", batch))
    rejections = client.get(url("review_answers", batch), {"ver": "rechazos"})

    assert [row.reference for row in first.context["page_obj"]] == [two]
    assert [row.reference for row in rejections.context["page_obj"]] == [one]
    assert "Rechazos (1)" in first.content.decode()


def test_review_answers_of_a_list_that_says_otherwise_than_a_colleague_registered(
    client, plantel, by
):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    reference = batch.movements.get().reference
    laura = staff(Role.RESPONSABLE, plantel)
    reject = [Answer(reference, REJECTED, "El NSS no existe")]
    keep_list(batch, reject, by=by, now=timezone.now())
    answer_movements(batch, [Answer(reference, APPLIED)], by=laura, now=timezone.now())

    text = client.get(url("show_batch", batch)).content.decode()
    page = client.get(url("review_answers", batch))

    assert "Una lista dice otra cosa" in text
    assert url("review_answers", batch) in text
    assert [(row.reference, row.sentence) for row in page.context["page_obj"]] == [
        (reference, OTHER_ANSWER)
    ]
    other = signed_in(laura).get(url("show_batch", batch)).content.decode()
    assert "Una lista dice otra cosa" not in other


def test_review_answers_without_a_list_leads_to_the_batch(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    other = staff(Role.RESPONSABLE, plantel)
    keep_list(batch, [], by=other, now=timezone.now())

    page = client.get(url("review_answers", batch), follow=True)

    assert page.redirect_chain == [(url("show_batch", batch), 302)]
    assert said(page) == [NO_LIST]


def test_drop_answers_forgets_the_list_and_changes_nothing_else(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    keep_list(batch, [Answer(batch.movements.get().reference, APPLIED)], by=by, now=timezone.now())
    review = client.get(url("review_answers", batch)).content.decode()

    page = client.post(url("drop_answers", batch), follow=True)

    assert url("drop_answers", batch) in review
    assert page.redirect_chain == [(url("show_batch", batch), 302)]
    assert said(page) == [f"Lista descartada. Las respuestas del lote {batch.folio} no cambian."]
    assert batch.movements.get().state == MovementState.IN_BATCH
    assert not batch.answer_lists.exists()


def test_register_answers_twice_registers_once_and_says_so(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    reference = batch.movements.get().reference
    keep_list(batch, [Answer(reference, APPLIED)], by=by, now=timezone.now())
    seen = client.get(url("review_answers", batch)).context["reply"].seen
    client.post(url("register_answers", batch), {"seen": seen}, follow=True)

    page = client.post(url("register_answers", batch), {"seen": seen}, follow=True)

    assert said(page) == [NO_LIST]
    assert batch.movements.get().state == MovementState.APPLIED


def test_register_answers_of_a_list_that_would_do_something_else_shows_it_again(
    client, plantel, by
):
    insurable(plantel), insurable(plantel)
    batch = a_sent_batch(plantel, by)
    one, two = batch.movements.values_list("reference", flat=True)
    keep_list(batch, [Answer(one, APPLIED), Answer(two, APPLIED)], by=by, now=timezone.now())
    seen = client.get(url("review_answers", batch)).context["reply"].seen
    reject = [Answer(two, REJECTED, "El NSS no existe")]
    answer_movements(batch, reject, by=by, now=timezone.now())

    page = client.post(url("register_answers", batch), {"seen": seen}, follow=True)

    assert said(page) == [OTHER_REPLY]
    assert page.redirect_chain == [(url("review_answers", batch), 302)]
    assert list(page.context["reply"].new) == [one]
    assert batch.movements.get(position=1).state == MovementState.IN_BATCH


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (b"Nombre,Matricula,Grupo\nAna,26050148,101\n", "El archivo no trae la columna"),
        (b"%PDF-1.4", "El archivo debe ser XLSX o CSV"),
        (None, "Elegir el archivo"),
    ],
)
def test_import_answers_of_another_file_says_what_to_upload(client, plantel, by, content, start):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)
    sent_file = {"file": SimpleUploadedFile("r.csv", content)} if content else {}

    page = client.post(url("import_answers", batch), sent_file)

    assert page.context["file_form"].errors["file"][0].startswith(start)


def test_import_answers_while_the_portal_reads_other_files_says_so(client, plantel, by):
    insurable(plantel)
    batch = a_sent_batch(plantel, by)

    with _slot(0), _slot(0):
        page = client.post(url("import_answers", batch), {"file": answered(batch)})

    assert page.context["file_form"].errors["file"] == [BUSY]


def test_undo_and_correct_act_on_one_movement(client, plantel, by):
    stay = insurable(plantel)
    batch = a_sent_batch(plantel, by)
    movement = batch.movements.get()
    reject = [Answer(movement.reference, REJECTED, "El NSS no existe")]
    answer_movements(batch, reject, by=by, now=timezone.now())

    page = client.post(url("correct_movement", batch, 1), follow=True)
    assert said(page) == [f"{stay.student.full_name} va en el siguiente lote."]
    assert [one.student.pk for one in page.context["check"].ready] == [stay.pk]

    page = client.post(url("correct_movement", batch, 1), follow=True)
    assert said(page) == [TransitionNotAllowed.sentence]

    page = client.post(url("undo_answer", batch, 1), follow=True)
    assert said(page) == [f"{stay.student.full_name} espera otra vez la respuesta del IMSS."]
    assert page.redirect_chain == [(url("show_batch", batch), 302)]
    assert client.post(url("undo_answer", batch, 9)).status_code == 404


def test_correct_a_baja_leads_to_the_bajas(client, plantel, by):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    leave(stay)
    movement = MovementFactory(enrollment=stay, kind=MovementKind.BAJA, rejected=True)

    page = client.post(url("correct_movement", movement.batch, 1), follow=True)

    assert page.redirect_chain == [
        (f"{reverse('affiliation:check_batch', args=['bajas'])}?plantel=05", 302)
    ]


def test_discarded_batch_is_still_looked_at(client, plantel, by):
    insurable(plantel)
    batch = discard_batch(a_batch(plantel, by), by=by, now=timezone.now())

    page = client.get(url("show_batch", batch))

    assert "Descartado el" in page.content.decode()
    assert Movement.objects.get().state == MovementState.DROPPED
