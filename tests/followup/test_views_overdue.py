"""C-07: who sees the list and its telephones, the preview, one press, WhatsApp and «Dar prórroga»."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from followup.models import Reminder
from followup.queries.overdue import NoticePlan, OverdueFilter
from followup.states import ReportKind
from notices.models import Notice
from nss.actions.steps import about
from nss.models import Acuse
from nss.states import AcuseState
from papers.models import Paper, PrintJob
from school.states import Role
from students.models import Extension
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import MembershipFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

WHY = "Estuvo en el hospital esta semana"


@pytest.fixture
def plantel():
    today = timezone.localdate()
    SchoolCycleFactory(starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=90))
    return PlantelFactory(number="5A", name="Hermosillo")


@pytest.fixture
def stay(plantel):
    """A student without e-mail whose deadline passed four days ago."""
    return late(plantel, roster_email="", roster_phone="6621234567", group="102")


def late(plantel, **fields):
    due_on = timezone.localdate() - timedelta(days=4)
    values = {"acuse_due_on": due_on, "enrolled_on": due_on - timedelta(days=7)}
    return EnrollmentFactory(plantel=plantel, **(values | fields))


def sign_in(client, role, plantel):
    user = staff(role, plantel, name="Laura Ríos")
    client.force_login(user)
    return user


def url(name, thing=None, query="") -> str:
    return reverse(f"followup:{name}", args=[thing.public_id] if thing else []) + query


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize(
    ("role", "phone", "buttons"),
    [(Role.RESPONSABLE, True, True), (Role.REVISOR, True, False), (Role.CONSULTA, False, False)],
)
def test_list_shows_telephones_and_buttons_by_role(client, plantel, stay, role, phone, buttons):
    sign_in(client, role, plantel)

    page = client.get(url("overdue"))

    assert stay.student.list_name in text(page)
    assert ("662 123 4567" in text(page)) is phone
    assert (url("open_whatsapp", stay) in page.content.decode()) is buttons
    assert (url("extend_deadline", stay) in page.content.decode()) is buttons
    assert stay.student.curp not in page.content.decode()


def test_list_offers_no_whatsapp_to_who_did_not_agree(client, plantel, stay):
    StudentDataFactory(enrollment=stay, email="", phone="6629876543", accepts_whatsapp=False)
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("overdue"))

    assert "662 987 6543" in text(page)
    assert url("open_whatsapp", stay) not in page.content.decode()


def test_list_of_a_group_and_channel(client, plantel, stay):
    other = late(plantel, group="101", student__first_surname="Zúñiga")
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("overdue", query="?grupo=102&canal=whatsapp"))
    nonsense = client.get(url("overdue", query="?grupo=999&canal=paloma"))

    assert other.student.list_name not in text(page)
    assert page.context["wanted"] == OverdueFilter(group="102", channel="whatsapp")
    assert page.content.decode().count("Quitar filtro") == 2
    assert "2 estudiantes con plazo vencido" in text(nonsense)


def test_list_of_one_student_from_the_file_leads_to_each_way_of_telling(client, plantel):
    other = late(plantel, student__first_surname="Zúñiga")
    chosen = late(plantel, roster_phone="6621234567")
    sign_in(client, Role.RESPONSABLE, plantel)
    one = f"?estudiante={chosen.public_id}"

    file = client.get(url("student_file", chosen)).content.decode()
    page = client.get(url("overdue", query=one))

    body = page.content.decode()
    ways = [f'"{url(name)}{one}"' for name in ("notify_overdue", "summon_overdue")]
    assert f'"{url("overdue")}{one}"' in file
    assert other.student.list_name not in text(page)
    assert all(way in body for way in [*ways, f'"{url("open_whatsapp", chosen)}"'])


def test_one_student_of_the_list_is_told_and_cited_alone(client, plantel, stay):
    chosen = late(plantel)
    sign_in(client, Role.RESPONSABLE, plantel)
    one = f"?estudiante={chosen.public_id}"

    told = client.post(url("notify_overdue", query=one))
    client.post(url("summon_overdue", query=one))

    assert told.url == f"{url('overdue')}{one}"
    assert Reminder.objects.get().enrollment == chosen
    assert Paper.objects.get().about == about(chosen)


@pytest.mark.parametrize(("role", "days"), [(Role.REVISOR, -4), (Role.RESPONSABLE, 4)])
def test_file_of_who_is_in_time_or_may_not_be_told_offers_no_notice(client, plantel, role, days):
    stay = late(plantel, acuse_due_on=timezone.localdate() + timedelta(days=days))
    sign_in(client, role, plantel)

    assert "?estudiante=" not in client.get(url("student_file", stay)).content.decode()


@pytest.fixture
def drafts(plantel):
    """Two files left unconfirmed past the deadline, in two groups."""
    return [
        AcuseFactory(request__enrollment=late(plantel, group=group, confirmed=True), draft=True)
        for group in ("101", "102")
    ]


@pytest.mark.parametrize(("role", "buttons"), [(Role.RESPONSABLE, True), (Role.REVISOR, False)])
def test_list_tells_of_files_left_unconfirmed(client, plantel, stay, drafts, role, buttons):
    sign_in(client, role, plantel)

    page = client.get(url("overdue"))
    narrowed = client.get(url("overdue", query="?archivo=sin-confirmar"))

    take = [url("take_drafts"), *(reverse("nss:take_draft", args=[d.public_id]) for d in drafts)]
    assert "2 con archivo sin confirmar: ver quiénes." in text(page)
    assert [path in page.content.decode() for path in take] == [buttons] * 3
    assert "2 estudiantes con plazo vencido" in text(narrowed)
    assert "ver quiénes" not in text(narrowed)
    assert narrowed.context["wanted"] == OverdueFilter(has_draft=True)
    assert "2 con archivo sin confirmar" in text(client.get(url("today")))


def test_list_of_nobody_with_a_file(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = text(client.get(url("overdue", query="?archivo=sin-confirmar")))

    assert "Nadie en este filtro" in page
    assert "con archivo sin confirmar:" not in page


def test_take_drafts_of_a_group_and_then_of_all(client, plantel, stay, drafts):
    sign_in(client, Role.RESPONSABLE, plantel)

    first = client.post(url("take_drafts", query="?grupo=101"))
    states = list(Acuse.objects.order_by("pk").values_list("state", flat=True))
    rest = text(client.post(url("take_drafts"), follow=True))
    again = text(client.post(url("take_drafts"), follow=True))

    assert first["Location"] == url("overdue", query="?grupo=101")
    assert states == [AcuseState.RECEIVED, AcuseState.DRAFT]
    assert "1 archivo ya está en revisión." in rest
    assert "Ya no hay archivos sin confirmar" in again
    assert Notice.objects.filter(message="M-06").count() == 2


def test_list_without_anybody(client, plantel):
    sign_in(client, Role.RESPONSABLE, plantel)

    assert "Nadie tiene el plazo vencido" in text(client.get(url("overdue")))
    assert "Ningún correo por mandar" in text(client.get(url("notify_overdue")))


def test_list_of_a_filter_without_anybody(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    assert "Nadie en este filtro" in text(client.get(url("overdue", query="?canal=citatorio")))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client, plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        StudentReportFactory(enrollment=late(plantel), kind=ReportKind.PAGE_FAILED)
    sign_in(client, Role.RESPONSABLE, plantel)
    client.get(url("overdue"))

    with django_assert_num_queries(18):
        client.get(url("overdue"))


def test_preview_shows_the_first_mail_and_counts(client, plantel, stay):
    first = late(plantel, acuse_due_on=timezone.localdate() - timedelta(days=9))
    late(plantel)
    late(plantel, roster_email="")
    sign_in(client, Role.RESPONSABLE, plantel)

    answer = client.get(url("notify_overdue"))

    page = text(answer)
    assert answer.context["plan"] == NoticePlan(mail=2, whatsapp=1, paper=1)
    assert f"Para: {first.student.full_name}, " in page
    assert "Asunto: Todavía puedes subir tu acuse" in page
    assert "pero aún lo recibimos" in page
    assert "Mandar los 2 correos" in page
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", ["overdue", "notify_overdue"])
def test_one_press_prints_for_exactly_those_whom_no_mail_reaches(client, plantel, stay, name):
    summoned = [late(plantel, roster_email=""), late(plantel, roster_email="", group="103")]
    late(plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url(name)).content.decode()
    answer = client.post(url("summon_overdue"))

    job = PrintJob.objects.get()
    assert "Imprimir 2 citatorios" in page
    assert f'action="{url("summon_overdue")}"' in page
    assert answer.url == reverse("papers:show_print_job", args=[job.public_id])
    assert set(Paper.objects.values_list("about", flat=True)) == {about(one) for one in summoned}


def test_one_press_prints_for_a_group(client, plantel):
    summoned = late(plantel, roster_email="", group="103")
    late(plantel, roster_email="")
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("overdue", query="?grupo=103")).content.decode()
    client.post(url("summon_overdue", query="?grupo=103"))

    assert "Imprimir 1 citatorio<" in page
    assert Paper.objects.get().about == about(summoned)


def test_one_press_prints_a_lot_a_plantel(client, plantel):
    other = PlantelFactory()
    for place in (plantel, other):
        late(place, roster_email="")
    user = sign_in(client, Role.RESPONSABLE, plantel)
    MembershipFactory(user=user, plantel=other, role=Role.RESPONSABLE)

    answer = client.post(url("summon_overdue"))

    assert answer.url == reverse("papers:print_jobs")
    assert set(PrintJob.objects.values_list("plantel", flat=True)) == {plantel.pk, other.pk}


def test_one_press_prints_for_nobody(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("overdue")).content.decode()
    answer = client.post(url("summon_overdue"), follow=True)

    assert url("summon_overdue") not in page
    assert "no hay a quién imprimirle" in text(answer)
    assert not PrintJob.objects.exists()


def test_one_press_sends_and_says_what_became_of_it(client, plantel, stay):
    late(plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    first = text(client.post(url("notify_overdue"), follow=True))
    second = text(client.post(url("notify_overdue"), follow=True))

    assert "Falta avisar a 1 por WhatsApp." in first
    assert "No se mandó ningún correo. A 1 estudiante ya se le había avisado hoy." in second
    assert Reminder.objects.count() == Notice.objects.count() == 1


def test_one_press_for_a_group_comes_back_to_it(client, plantel, stay):
    late(plantel, group="101")
    sign_in(client, Role.RESPONSABLE, plantel)

    answer = client.post(url("notify_overdue", query="?grupo=102"))

    assert answer["Location"] == url("overdue", query="?grupo=102")
    assert not Notice.objects.exists()


def test_whatsapp_leads_on_by_its_own_header(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.post(url("open_whatsapp", stay))

    assert page["Refresh"].startswith("0; url=https://wa.me/526621234567?text=Hola%2C%20Ana.")
    assert "Falta enviarlo desde WhatsApp" in text(page)
    assert Reminder.objects.count() == 1


def test_whatsapp_refused_says_why(client, plantel):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.post(url("open_whatsapp", late(plantel)), follow=True)

    assert "No dio un celular" in text(page)


def test_extension_is_given_and_seen_by_the_student(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)

    page = client.post(
        url("extend_deadline", stay), {"due_on": day.isoformat(), "reason": WHY}, follow=True
    )

    assert "Ya lo ve en «Mi trámite»" in text(page)
    assert Extension.objects.get().due_on == day
    client.force_login(stay.student.user)
    own = text(client.get(reverse("followup:my_steps")))
    assert "prórroga hasta el" in own
    assert WHY not in own


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Escribir el día hasta el que tendrá plazo"),
        ({"due_on": "mañana", "reason": WHY}, "Escribir el día hasta el que tendrá plazo"),
        ({"due_on": "2020-01-01", "reason": WHY}, "Elegir hoy o un día que aún no pasa"),
        ({"due_on": "2099-01-02", "reason": "corto"}, "Escribir el motivo con 15 letras o más"),
        ({"due_on": "2099-01-02", "reason": "corto" + " " * 20}, "con 15 letras o más"),
        ({"due_on": "2099-01-02", "reason": "x" * 201}, "en 200 letras o menos"),
    ],
)
def test_extension_refused_says_why(client, plantel, stay, posted, said):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.post(url("extend_deadline", stay), posted)

    assert said in text(page)
    assert not Extension.objects.exists()


def test_extension_is_not_offered_when_the_clock_does_not_run(client, plantel, stay):
    type(stay).objects.filter(pk=stay.pk).update(state="WITHDRAWN")
    sign_in(client, Role.RESPONSABLE, plantel)

    assert "Su plazo no corre ahora" in text(client.get(url("extend_deadline", stay)))
    assert "Dar prórroga" not in text(client.get(url("student_file", stay)))


def test_student_file_says_what_was_tried_and_offers_more_time(client, plantel, stay):
    for _ in range(2):
        StudentReportFactory(enrollment=stay, kind=ReportKind.PAGE_FAILED)
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("student_file", stay))

    assert "Intentó 2 veces; el IMSS no abrió." in text(page)
    assert url("extend_deadline", stay) in page.content.decode()


@pytest.mark.parametrize(
    ("role", "button"), [(Role.RESPONSABLE, "Avisarles"), (Role.CONSULTA, "Ver la lista")]
)
def test_today_leads_to_the_list(client, plantel, stay, role, button):
    sign_in(client, role, plantel)

    page = client.get(url("today"))

    assert f'href="{url("overdue")}">{button}</a>' in page.content.decode()
