"""From «Mi trámite» to the folio of the acuse: how many taps it takes (goal E1)."""

from playwright.sync_api import Page, expect

from followup.demo.acuses import Holder, draw_pdf
from nss.models import Acuse
from nss.states import AcuseState
from students.models import Student
from tests.factories.nss import read_well

MOST_TAPS = 7
CHOICES_OF_A_FILE = 3
"""The field, then the folder and the file in the phone's own window."""


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
    phone.goto("/mi-tramite/")

    phone.get_by_role("link", name="Ya tengo mi acuse: subirlo").first.click()
    taps = 1
    phone.get_by_label("Tu acuse").set_input_files(file_of(Student.objects.get(), tmp_path))
    taps += CHOICES_OF_A_FILE
    phone.wait_for_url("**/mi-acuse/confirmar/**")
    read_well(Acuse.objects.get(), "24260812342")
    phone.get_by_role("button", name="Sí, enviar mi acuse").click()
    phone.get_by_label("Sí", exact=True).check()
    phone.get_by_role("button", name="Continuar").click()
    taps += 3
    expect(phone.get_by_role("heading", name="Recibimos tu acuse")).to_be_visible()

    acuse = Acuse.objects.get()
    assert (acuse.state, acuse.nss_answer) == (AcuseState.RECEIVED, "SAME")
    assert taps <= MOST_TAPS
