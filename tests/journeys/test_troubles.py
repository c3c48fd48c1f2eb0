"""What goes wrong on the way, and how it ends well."""

import dataclasses
import re
from datetime import date, datetime, time

from playwright.sync_api import expect

from common.templatetags.ui import grouped_nss
from followup.actions.reminders import remind_students
from followup.models import Reminder
from nss.models import NSSRequest
from nss.states import ProofRoute
from school.models import Plantel
from students.actions.reminders import look_again
from students.models import Student
from tests.factories.school import SubdelegacionFactory
from tests.journeys import steps
from tests.journeys.world import ANA, RICARDO, enrol, write_acuse


def test_returned_corrected_and_accepted(open_page, worker, world, smtp_sink, tmp_path):
    phone, desk = open_page(360, 640), open_page(1280, 800)
    steps.arrive_as(phone, enrol(world, ANA).student.user)
    steps.arrive_as(desk, world.responsable)

    steps.send_acuse(phone, write_acuse(tmp_path / "otro.pdf", ANA, layout="clinic_card"))
    steps.open_review(desk)
    steps.return_acuse(desk, "No es el acuse")
    mail = steps.wait_for_mail(phone, smtp_sink, ANA.email, "Tu acuse necesita un cambio")
    assert "El archivo es otro documento." in mail
    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="Tu acuse necesita un cambio")).to_be_visible()
    phone.get_by_role("link", name="Subir otro archivo").click()
    steps.send_acuse(phone, write_acuse(tmp_path / "acuse.pdf", ANA))
    steps.confirm_read_nss(phone, ANA)
    steps.open_review(desk)
    steps.press(desk, "Aceptar")

    steps.wait_for_mail(phone, smtp_sink, ANA.email, "Tu acuse está aceptado")
    assert Student.objects.get(curp=ANA.curp).nss == ANA.nss


def test_a_second_student_with_the_same_nss(open_page, worker, world, tmp_path):
    phone, desk = open_page(360, 640), open_page(1280, 800)
    Student.objects.filter(pk=enrol(world, ANA).student.pk).update(nss=ANA.nss)
    steps.arrive_as(phone, enrol(world, RICARDO).student.user)
    steps.arrive_as(desk, world.responsable)

    steps.send_acuse(phone, write_acuse(tmp_path / "acuse.pdf", RICARDO, nss=ANA.nss))
    steps.confirm_read_nss(phone, dataclasses.replace(RICARDO, nss=ANA.nss))
    expect(phone.get_by_text("Tu plantel va a revisar este número contigo").first).to_be_visible()
    assert ANA.first_surname not in phone.content()
    steps.open_review(desk)
    expect(desk.get_by_text("Este NSS ya lo tiene otra persona").first).to_be_visible()
    steps.press(desk, "Aceptar")

    expect(desk.get_by_text("Revisar los dos acuses antes de aceptarlo").first).to_be_visible()
    assert Student.objects.get(curp=RICARDO.curp).nss is None


def test_an_acuse_of_another_person(open_page, worker, world, tmp_path):
    phone = open_page(360, 640)
    steps.arrive_as(phone, enrol(world, ANA).student.user)

    phone.goto("/mi-acuse/subir/")
    phone.get_by_label("Tu acuse").set_input_files(write_acuse(tmp_path / "suyo.pdf", RICARDO))
    if phone.get_by_role("button", name="Subir archivo").is_visible():
        steps.press(phone, "Subir archivo")
    expect(phone).to_have_url(re.compile("/mi-acuse/confirmar/"))
    steps.wait_for_worker(phone, "Este acuse parece de otra persona")
    phone.goto("/mi-acuse/confirmar/")
    expect(phone.get_by_role("heading", name="Este acuse parece de otra persona")).to_be_visible()
    expect(phone.get_by_text("…MRNA5").first).to_be_visible()
    assert RICARDO.curp not in phone.content()
    phone.get_by_role("link", name="Cambiar el archivo").click()
    steps.send_acuse(phone, write_acuse(tmp_path / "propio.pdf", ANA))

    steps.confirm_read_nss(phone, ANA)


def test_no_vayas_a_la_subdelegacion(open_page, worker, world, smtp_sink, tmp_path):
    office = SubdelegacionFactory(name="Hermosillo")
    phone, desk = open_page(360, 640), open_page(1280, 800)
    stay, classmate = enrol(world, ANA), enrol(world, RICARDO)
    steps.arrive_as(phone, stay.student.user)
    steps.arrive_as(desk, world.responsable)

    phone.goto("/ayuda/")
    phone.get_by_label("Me salió «Acudir a la Subdelegación»").check()
    steps.press(phone, "Continuar")
    expect(phone.get_by_role("heading", name="No vayas a la Subdelegación")).to_be_visible()
    phone.get_by_role("link", name="Reportar a mi plantel").click()
    steps.press(phone, "Reportar a mi plantel")
    expect(phone.get_by_role("heading", name="Tu plantel ya tiene tu reporte")).to_be_visible()
    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="Tu plantel está pidiendo tu NSS")).to_be_visible()

    desk.goto("/seguimiento/hoy/")
    expect(desk.get_by_text("Subdelegación").first).to_be_visible()
    desk.goto("/seguimiento/subdelegacion/")
    desk.get_by_role("link", name="Hacer oficio").click()
    desk.get_by_label("Subdelegación", exact=True).select_option(label=str(office))
    steps.press(desk, "Ver cómo queda")
    expect(desk.get_by_text(ANA.curp[:4]).first).to_be_visible()
    steps.press(desk, "Hacer el oficio")
    steps.press(desk, "Marcar como entregado")
    look_again([stay.pk, classmate.pk])
    remind_students(now=_noon_of(classmate.acuse_due_on, world.plantel))
    answered = steps.answer_list(desk, tmp_path, {"NSS": ANA.nss})
    desk.get_by_label("Lista con las respuestas").set_input_files(answered)
    steps.press(desk, "Leer las respuestas")
    expect(desk.get_by_text("Se registra el NSS y se le avisa").first).to_be_visible()
    steps.press(desk, "Registrar las respuestas")

    phone.reload()
    expect(phone.get_by_role("heading", name="Ya tenemos tu NSS")).to_be_visible()
    expect(phone.get_by_text(grouped_nss(ANA.nss)).first).to_be_visible()
    steps.wait_for_mail(phone, smtp_sink, ANA.email, "Ya tenemos tu NSS")
    assert NSSRequest.objects.get().route == ProofRoute.SUBDELEGACION
    assert set(Reminder.objects.values_list("enrollment", flat=True)) == {classmate.pk}


def _noon_of(day: date, plantel: Plantel) -> datetime:
    """When whoever still owes an acuse on its last day is reminded."""
    return datetime.combine(day, time(12), plantel.zone)
