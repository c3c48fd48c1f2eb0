"""E-13 «Descargar comprobante»: ordered, drawn by the worker, handed out once, always under one folio."""

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse

from nss.actions.receipts import order_receipt
from nss.queries.receipts import receipt_of
from nss.tasks import GAVE_UP, print_receipts
from papers.models import Paper, PrintJob
from tests.factories.nss import AcuseFactory
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def acuse(settings, time_machine):
    settings.BASE_URL = "https://afiliacion.example"
    time_machine.move_to(NOW, tick=False)
    stay = EnrollmentFactory(
        confirmed=True,
        student__given_names="María Ñandú",
        student__nss=nss(1),
        plantel__number="05",
    )
    return AcuseFactory(request__enrollment=stay, folio="A26-05-000148", sent_at=NOW)


@pytest.fixture
def student(client, acuse):
    user = acuse.request.enrollment.student.user
    client.force_login(user)
    return user


def url(name: str, acuse) -> str:
    return reverse(f"nss:{name}", args=[acuse.public_id])


def test_a_receipt_is_ordered_drawn_and_handed_out_once(client, student, acuse):
    client.post(url("order_receipt", acuse))
    client.post(url("order_receipt", acuse))
    waiting = client.get(url("order_receipt", acuse)).content.decode()
    drawn = [print_receipts(), print_receipts()]
    ready = client.get(url("order_receipt", acuse)).content.decode()
    first, second = (client.post(url("download_receipt", acuse)) for _ in range(2))

    assert "Estamos preparando tu PDF" in waiting
    assert drawn == [True, False]
    assert "Tu PDF está listo" in ready
    assert first["Content-Disposition"] == 'attachment; filename="comprobante-A26-05-000148.pdf"'
    assert (second.status_code, second["Location"]) == (302, url("order_receipt", acuse))
    assert_reads_well(first.content, acuse)


def assert_reads_well(pdf: bytes, acuse) -> None:
    (page,) = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_range().split())
    paper, stay = Paper.objects.get(), acuse.request.enrollment
    shown = [
        "María Ñandú Gómez Martínez",
        stay.matricula,
        "A26-05-000148",
        "viernes 21 de agosto de 2026, 10:00",
        paper.folio,
        f"{paper.code[:4]} {paper.code[4:]}",
        "Hoja 1 de 1",
    ]
    assert page.get_size() == (612.0, 792.0)
    assert [word for word in shown if word not in words] == []
    assert [word for word in (stay.student.curp, nss(1)) if word in words.replace(" ", "")] == []
    codes = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
    assert [code.text for code in codes] == [f"https://afiliacion.example/verifica/{paper.token}/"]


def test_order_receipt_again_is_a_reprint_under_its_folio(acuse, client, student):
    sheets = []
    for _ in range(3):
        order_receipt(acuse, now=NOW)
        print_receipts()
        (page,) = pypdfium2.PdfDocument(client.post(url("download_receipt", acuse)).content)
        sheets.append(page.get_textpage().get_text_range())

    (paper,) = Paper.objects.all()
    assert (paper.folio, paper.reprints) == ("K26B-05-0001", 2)
    assert ["Reimpresión" in words for words in sheets] == [False, True, True]
    assert "Reimpresión 2" in sheets[2]


def test_receipt_of_asks_for_no_review_date(acuse):
    acuse.review_due_on = None

    assert receipt_of(acuse).review_due == ""


def test_the_page_asks_again_until_the_receipt_is_ready(client, student, acuse):
    order_receipt(acuse, now=NOW)

    waiting = client.get(url("order_receipt", acuse), headers={"HX-Request": "true"})
    print_receipts()
    ready = client.get(url("order_receipt", acuse), headers={"HX-Request": "true"})

    assert 'id="espera"' in waiting.content.decode()
    assert (ready.status_code, ready["HX-Refresh"]) == (204, "true")


def test_a_receipt_that_is_not_ready_is_not_handed_out(client, student, acuse):
    order_receipt(acuse, now=NOW)

    asked = client.post(url("download_receipt", acuse), follow=True).content.decode()

    assert "Tu PDF ya se borró o aún no está listo. Pídelo otra vez." in asked


def test_a_receipt_that_kills_its_worker_is_given_up(client, student, acuse, time_machine):
    order_receipt(acuse, now=NOW)
    PrintJob.objects.update(attempts=3)

    print_receipts()

    assert GAVE_UP in client.get(url("order_receipt", acuse)).content.decode()


def test_the_receipt_of_another_student_does_not_exist(client, acuse):
    order_receipt(acuse, now=NOW)
    print_receipts()
    classmate = EnrollmentFactory(plantel=acuse.plantel)
    client.force_login(classmate.student.user)

    answers = [
        client.get(url("order_receipt", acuse)),
        client.post(url("order_receipt", acuse)),
        client.post(url("download_receipt", acuse)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_sent_leads_to_the_receipt(client, student, acuse):
    page = client.get(reverse("nss:sent", args=[acuse.public_id])).content.decode()

    assert f'href="{url("order_receipt", acuse)}"' in page
    assert "Descargar comprobante (PDF)" in page
