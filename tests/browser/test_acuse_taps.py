"""From «Mi trámite» to the folio of the acuse: how many taps and how much time of one's own it takes (goal E1)."""

from playwright.sync_api import Page, expect

from followup.demo.acuses import Holder, draw_pdf
from nss.models import Acuse
from nss.states import AcuseState
from students.models import Student
from tests.browser.fingers import Fingers
from tests.factories.nss import read_well

MOST_TAPS, MOST_SECONDS = 7, 60


def file_of(student: Student, tmp_path) -> str:
    """Return where the sheet lies that IMSS mailed."""
    holder = Holder(
        nss="24260812342",
        curp=student.curp or "",
        given_names="MARIA GUADALUPE",
        first_surname="HERNANDEZ",
        second_surname="DE LA CRUZ",
        issued_date=student.enrollments.get().enrolled_on,
    )
    path = tmp_path / "acuse.pdf"
    path.write_bytes(draw_pdf(holder, "whole_page"))
    return str(path)


def test_from_my_steps_to_the_folio_within_e1(phone: Page, enter, tmp_path):
    enter(phone, "S-01")
    hand = Fingers(phone)
    phone.goto("/mi-tramite/")

    hand.follow("Ya tengo mi acuse: subirlo")
    hand.choose("Tu acuse", file_of(Student.objects.get(), tmp_path))
    phone.wait_for_url("**/mi-acuse/confirmar/**")
    read_well(Acuse.objects.get(), "24260812342")
    hand.tap("Sí, enviar mi acuse")
    hand.check("Sí")
    hand.tap("Continuar")
    expect(phone.get_by_role("heading", name="Recibimos tu acuse")).to_be_visible()

    acuse = Acuse.objects.get()
    assert (acuse.state, acuse.nss_answer) == (AcuseState.RECEIVED, "SAME")
    assert hand.taps <= MOST_TAPS
    assert hand.seconds <= MOST_SECONDS
