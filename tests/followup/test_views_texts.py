"""A-08 on the screen: who reads, who edits, what is shown before it is saved, and how one goes back."""

import html
import re
from datetime import date

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from followup.queries.mail_previews import mail_preview
from followup.views.texts import KINDS
from notices.models import Notice
from notices.render import render_mail
from school.models import TextVersion
from school.queries.texts import current_text, packaged_fields
from school.states import DayCount, Role, TextKind
from school.text_parts import parts_of, typed_of
from school.text_parts.mails import MAILS, has_link
from students.models import Enrollment
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, StudentFactory

pytestmark = pytest.mark.django_db

FORMATS = {
    "renuncia": ("title", "RENUNCIA AL SEGURO"),
    "citatorio": ("body", "Venga el {{fecha}} a {{lugar}}."),
    "oficio": ("closing", "Atentamente, {{contacto}}."),
}
"""A field of each format, and something else for it to say."""
QUERIES = {"renuncia": 10, "citatorio": 8, "oficio": 9}


def url(name, *args) -> str:
    return reverse(f"followup:{name}", args=args)


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def sheet_in(response) -> str:
    """The sheet that the page frames."""
    (framed,) = re.findall(r'<iframe [^>]*srcdoc="([^"]*)"', response.content.decode())
    return html.unescape(framed)


@pytest.fixture
def admin(client):
    """Sign in somebody of the administration who just proved who it is."""
    user = staff(Role.ADMIN, name="Rosa Valenzuela")
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return user


def typed(slug, **changes):
    kind = KINDS[slug]
    fields = packaged_fields(kind)
    now = {part.name: typed_of(fields, part) for part in parts_of(kind, fields)}
    return now | {"based_on": "0"} | changes


@pytest.mark.parametrize("slug", [slug for slug in KINDS if slug != "recordatorios"])
def test_a_saved_text_is_a_new_version_in_use(client, admin, slug):
    kind = KINDS[slug]
    fields = packaged_fields(kind)
    first = next(part for part in parts_of(kind, fields) if not part.must_say)

    saved = client.post(
        url("edit_text", slug), typed(slug, **{first.name: typed_of(fields, first) + " Hoy"})
    )

    new = TextVersion.objects.get(kind=kind, version=1)
    assert saved.url == url("text", slug)
    assert typed_of(new.fields, first).endswith(" Hoy")
    assert "Versión 2 guardada y en uso." in text(client.get(saved.url))


def test_the_guide_follows_with_its_day_of_review(client, admin):
    client.post(url("edit_text", "guia"), typed("guia", lead="Ahora se hace así."))

    page = text(client.get(url("guide")))

    today = timezone.localdate()
    assert "Ahora se hace así." in page
    assert f"Revisada el {today.day} de " in page


def test_the_preview_is_the_students_page_and_saves_nothing(client, admin):
    page = client.post(url("edit_text", "guia"), typed("guia", lead="Ahora se hace así.", ver="1"))

    assert "followup/guide.html" in [one.name for one in page.templates]
    assert "Vista previa: así se verá. Todavía no está guardado." in text(page)
    assert "Ahora se hace así." in text(page)
    assert not TextVersion.objects.filter(kind=TextKind.GUIA, version=1).exists()


@pytest.mark.parametrize("slug", KINDS)
def test_every_text_has_a_preview(client, admin, slug):
    fresh = client.post(url("edit_text", slug), typed(slug, ver="1"))
    first = client.get(url("text_version", slug, 1))

    assert (fresh.status_code, first.status_code) == (200, 200)
    assert "{{" not in (sheet_in(fresh) if slug in FORMATS else fresh.content.decode())
    assert "Versión 1 de este texto." in text(first)


@pytest.mark.parametrize("kind", MAILS)
def test_every_paragraph_of_a_mail_is_seen(admin, kind):
    row = current_text(kind)

    seen = mail_preview(row, by=admin)

    body = row.fields["body"]
    said = len(body.split("\n\n")) + (0 if has_link(body) else 2)
    assert len(seen.paragraphs) == said


def test_version_that_is_looked_at_leads_back_to_its_text(client, admin):
    page = client.get(url("text_version", "guia", 1)).content.decode()

    assert re.findall(r'<a class="back-link" href="([^"]+)"', page) == [url("text", "guia")]


def test_what_the_law_asks_for_is_asked_for_at_its_field(client, admin):
    page = client.post(
        url("edit_text", "aviso"), typed("aviso", sections__6__paragraphs="A nadie.")
    )

    assert "Escribir también «IMSS»: este texto no puede ir sin eso" in text(page)
    assert "A nadie." in page.content.decode()
    assert not TextVersion.objects.exists()


def test_who_saved_in_between_is_not_overwritten(client, admin):
    client.post(url("edit_text", "guia"), typed("guia", lead="Primero."))

    late = client.post(url("edit_text", "guia"), typed("guia", lead="Después."))

    assert "Otra persona guardó una versión mientras editabas" in text(late)
    assert "Después." in late.content.decode()
    assert TextVersion.objects.filter(kind=TextKind.GUIA).count() == 2


def test_going_back_is_a_new_version_too(client, admin):
    client.post(url("edit_text", "guia"), typed("guia", lead="Ahora se hace así."))

    client.post(url("restore_text", "guia", 1))
    page = text(client.get(url("text", "guia")))

    assert "Versión 3 en uso: dice lo mismo que la 1." in page
    assert "Rosa Valenzuela" in page
    assert "Ahora se hace así." not in text(client.get(url("guide")))
    assert "Ahora se hace así." in text(client.get(url("text_version", "guia", 2)))


def test_going_back_to_what_is_in_use_says_so(client, admin):
    client.post(url("restore_text", "guia", 1))

    assert "No hay cambios" in text(client.get(url("text", "guia")))


@pytest.mark.parametrize(
    "role", [Role.RESPONSABLE, Role.REVISOR, Role.CONSULTA, Role.ADMIN, Role.AUDITOR]
)
def test_all_who_work_here_read_and_administration_edits(client, role):
    where = None if role in {Role.ADMIN, Role.AUDITOR} else PlantelFactory()
    client.force_login(staff(role, where))

    reads = [client.get(url(*one)).status_code for one in (("texts",), ("text", "guia"))]
    may_edit = url("edit_text", "guia") in client.get(url("text", "guia")).content.decode()
    edits = client.get(url("edit_text", "guia")).status_code
    restores = client.post(url("restore_text", "guia", 1)).status_code

    assert reads == [200, 200]
    assert may_edit is (role == Role.ADMIN)
    assert (edits, restores) == ((302, 302) if role == Role.ADMIN else (403, 403))
    assert not TextVersion.objects.exists()


@pytest.mark.parametrize("slug", ["GUIA", "otro", "1"])
def test_a_text_that_does_not_exist(client, admin, slug):
    addresses = [url("text", slug), url("edit_text", slug), url("text_version", slug, 1)]

    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]


def test_a_version_that_does_not_exist(client, admin):
    assert client.get(url("text_version", "guia", 2)).status_code == 404
    assert client.post(url("restore_text", "guia", 2)).status_code == 404


@pytest.mark.parametrize("versions", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    client, admin, versions, django_assert_num_queries
):
    for number in range(versions):
        client.post(
            url("edit_text", "guia"), typed("guia", lead=f"Texto {number}.", based_on=str(number))
        )
    client.get(url("text", "guia"))

    with django_assert_num_queries(7):
        client.get(url("text", "guia"))


# A-05 ------------------------------------------------------------------------------------------
def test_a_mail_is_seen_with_the_dates_of_a_real_student_and_a_covered_name(client, admin):
    person = StudentFactory(given_names="Ana Sofía", first_surname="Gómez", second_surname="Ruiz")
    stay = EnrollmentFactory(student=person)
    Enrollment.objects.filter(pk=stay.pk).update(acuse_due_on=date(2026, 9, 30))

    page = text(client.get(url("text_version", "m-03", 1)))

    assert "El miércoles vence tu plazo para el acuse" in page
    assert "El plazo termina el miércoles 30 de septiembre." in page
    assert "Para: A•• S•••• G•••• R•••" in page
    assert "Gómez" not in page
    assert "Asunto: 41 letras de 60." in page


def test_a_mail_is_seen_with_examples_without_students(client, admin):
    page = text(client.get(url("text_version", "m-01", 1)))

    assert "Con datos de ejemplo." in page
    assert "Hola, Ana:" in page


def test_the_page_of_a_mail_lists_its_variables(client, admin):
    page = text(client.get(url("edit_text", "m-05")))

    assert "{{fecha}} jueves 27 de agosto" in page
    assert "Ahora: 29 letras en el asunto y 24 palabras en el cuerpo." in page
    assert "Enviar prueba a mi correo" in page


def test_a_mail_that_may_not_be_saved_says_why_at_its_field(client, admin):
    page = text(client.post(url("edit_text", "m-05"), typed("m-05", body="Tu NSS: {{nss}}")))

    assert "Quitar {{nss}}: un correo nunca lleva CURP ni NSS" in page
    assert not TextVersion.objects.exists()


def test_a_test_goes_to_ones_own_mailbox_and_saves_nothing(client, admin):
    typed_now = typed("m-09", body="Ya está, {{nombre}}.", prueba="1")

    page = client.post(url("edit_text", "m-09"), typed_now)

    mail = render_mail(Notice.objects.get(message="M-25", to_email=admin.email), {})
    assert "La prueba va en camino a" in text(page)
    assert mail.subject == "Prueba: Tu acuse está aceptado"
    assert mail.text.startswith(
        "Ya está, Ana.\n\nVer mi trámite:\n\n[aquí va el botón con el enlace]\n\nVer los textos:"
    )
    assert not TextVersion.objects.exists()


def test_the_fourth_test_in_an_hour_is_refused(client, admin):
    for _ in range(4):
        page = client.post(url("edit_text", "m-09"), typed("m-09", prueba="1"))

    assert "Ya se mandaron 3 pruebas en la última hora." in text(page)
    assert Notice.objects.filter(message="M-25").count() == 3


def test_a_test_needs_a_mailbox(client, admin):
    type(admin).objects.filter(pk=admin.pk).update(email="")

    page = client.post(url("edit_text", "m-09"), typed("m-09", prueba="1"))

    assert "Tu cuenta no tiene correo." in text(page)
    assert not Notice.objects.exists()


def test_what_changed_is_told_word_by_word(client, admin):
    client.post(url("edit_text", "m-09"), typed("m-09", subject="Tu acuse quedó aceptado"))

    second = client.get(url("text_changes", "m-09", 2)).content.decode()
    first = text(client.get(url("text_changes", "m-09", 1)))

    assert '<del><span class="visually-hidden">Decía: </span>está</del>' in second
    assert '<ins><span class="visually-hidden">Dice: </span>quedó</ins>' in second
    assert "Es la primera versión" in first
    assert client.get(url("text_changes", "m-09", 3)).status_code == 404


def test_the_list_of_texts_costs_the_same_with_one_and_three_edited(
    client, admin, django_assert_num_queries
):
    client.get(url("texts"))
    for slug in ("m-09", "m-05", "guia"):
        first = "lead" if slug == "guia" else "subject"
        client.post(url("edit_text", slug), typed(slug, **{first: "Otra cosa"}))
        client.get(url("text", slug))

        with django_assert_num_queries(7):
            client.get(url("texts"))


def test_the_table_of_reminders_is_edited_as_a_text(client, admin):
    more = {"steps__3__offset": "5", "steps__3__message": "M-05"}

    saved = client.post(url("edit_text", "recordatorios"), typed("recordatorios", **more))

    steps = current_text(TextKind.ESCALERA).fields["steps"]
    assert saved.url == url("text", "recordatorios")
    assert [(one["key"], one["offset"]) for one in steps][2:] == [("OVERDUE", "1"), ("V1-3", "5")]


def test_the_table_of_reminders_speaks_of_no_asterisks(client, admin):
    page = text(client.get(url("edit_text", "recordatorios")))

    assert "negritas" not in page


def test_a_table_of_reminders_that_is_wrong_says_why_at_its_field(client, admin):
    wrong = typed("recordatorios", steps__1__offset="")

    page = text(client.post(url("edit_text", "recordatorios"), wrong))

    assert "Conservar el aviso del día del plazo" in page
    assert not TextVersion.objects.exists()


def test_the_table_of_reminders_is_seen_as_the_days_of_some_student(client, admin):
    cycle = SchoolCycleFactory(acuse_day_count=DayCount.NATURAL)
    stay = EnrollmentFactory(cycle=cycle)
    Enrollment.objects.filter(pk=stay.pk).update(acuse_due_on=date(2026, 8, 23))
    natural = text(client.get(url("text_version", "recordatorios", 1)))
    type(cycle).objects.update(acuse_day_count=DayCount.BUSINESS)
    Enrollment.objects.filter(pk=stay.pk).update(acuse_due_on=date(2026, 8, 21))

    business = text(client.get(url("text_version", "recordatorios", 1)))

    assert "vence el domingo 23 de agosto" in natural
    assert "Sábado 22 de agosto: mañana vence tu plazo, con copia" in natural
    assert "Lunes 24 de agosto: todavía puedes subir tu acuse" in natural
    assert "Jueves 20 de agosto: mañana vence tu plazo, con copia" in business
    assert "Lunes 24 de agosto: todavía puedes" in business


def test_the_table_of_reminders_is_seen_without_students(client, admin):
    page = text(client.get(url("text_version", "recordatorios", 1)))

    assert "Ana: vence el miércoles 26 de agosto" in page
    assert "Jueves 27 de agosto: todavía puedes subir tu acuse" in page


# A-07 ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", FORMATS)
def test_the_sheet_in_use_stands_beside_the_form_of_a_format(client, admin, slug):
    page = client.get(url("edit_text", slug))

    assert "Así sale la versión en uso, con datos de muestra." in text(page)
    assert f"Formato de {slug} v1 (vigente 2026-B)" in sheet_in(page)
    assert f'hx-post="{url("preview_format", slug)}"' in page.content.decode()
    assert "htmx" in page.content.decode().partition("</head>")[0]


@pytest.mark.parametrize("slug", FORMATS)
def test_the_sheet_follows_what_is_typed_and_nothing_is_saved(client, admin, slug):
    PlantelFactory(number="05", name="Hermosillo")
    name, words = FORMATS[slug]

    part = client.post(url("preview_format", slug), typed(slug, **{name: words}))

    said = words.replace("{{fecha}}", "jueves 27 de agosto de 2026")
    said = said.replace("{{lugar}}", "Control Escolar, edificio A")
    said = said.replace(
        "{{contacto}}", "Control Escolar, responsable de afiliación, plantel05@correo.example"
    )
    assert text(part) == "Así sale lo que está escrito. Todavía no está guardado."
    assert said in sheet_in(part)
    assert f"Formato de {slug} v2 (vigente 2026-B)" in sheet_in(part)
    assert '<div id="vista-previa-hoja" hx-swap-oob="true">' in part.content.decode()
    assert not TextVersion.objects.exists()


def test_a_fault_is_named_with_its_field_and_the_last_good_sheet_stays(client, admin):
    part = client.post(url("preview_format", "citatorio"), typed("citatorio", body="Venga."))

    page = part.content.decode()
    assert text(part) == (
        "La hoja no cambia hasta corregir: "
        "Texto: Escribir también «{{fecha}}»: este texto no puede ir sin eso"
    )
    assert '<a href="#id_body">Texto</a>' in page
    assert "iframe" not in page
    assert "vista-previa-hoja" not in page


def test_what_somebody_types_into_a_format_is_text_in_its_sheet(client, admin):
    forged = '"></iframe><script>alert(1)</script>'

    part = client.post(url("preview_format", "oficio"), typed("oficio", closing=forged))

    assert "<script" not in part.content.decode()
    assert "<script" not in sheet_in(part)
    assert html.escape(forged) in sheet_in(part)


@pytest.mark.parametrize("slug", ["guia", "m-05", "otro"])
def test_what_is_no_format_has_no_sheet(client, admin, slug):
    assert client.post(url("preview_format", slug), {}).status_code == 404


def test_the_sheet_is_followed_without_proving_again_who_one_is(client):
    client.force_login(staff(Role.ADMIN))

    part = client.post(url("preview_format", "oficio"), typed("oficio", closing="Saludos."))
    page = client.post(url("edit_text", "oficio"), typed("oficio", closing="Saludos."))

    assert "Saludos." in sheet_in(part)
    assert page.status_code == 302
    assert not TextVersion.objects.exists()


def test_without_javascript_the_button_shows_the_sheet_beside_what_was_typed(client, admin):
    page = client.post(
        url("edit_text", "oficio"), typed("oficio", closing="Saludos cordiales.", ver="1")
    )

    button = re.findall(r'<button [^>]*form="formato"[^>]*>', page.content.decode())
    assert len(button) == 1
    assert 'formaction="#vista-previa" name="ver"' in button[0]
    assert "Saludos cordiales.</textarea>" in page.content.decode()
    assert "Saludos cordiales." in sheet_in(page)
    assert "Así sale lo que está escrito. Todavía no está guardado." in text(page)
    assert not TextVersion.objects.exists()


def test_without_javascript_a_fault_shows_the_sheet_in_use(client, admin):
    page = client.post(url("edit_text", "oficio"), typed("oficio", body="Hola.", ver="1"))

    assert "La hoja no cambia hasta corregir: Lo que se pide: Escribir también «NSS»" in text(page)
    assert "Hola.</textarea>" in page.content.decode()
    assert "Le solicito el número de seguridad social" in sheet_in(page)


def test_an_old_version_of_a_format_is_seen_as_its_sheet(client, admin):
    client.post(url("edit_text", "oficio"), typed("oficio", closing="Saludos cordiales."))

    first, second = (client.get(url("text_version", "oficio", number)) for number in (1, 2))

    assert "Queda a sus órdenes" in sheet_in(first)
    assert "Saludos cordiales." in sheet_in(second)
    assert "Formato de oficio v2 (vigente 2026-B)" in sheet_in(second)


def test_the_page_of_a_format_lists_its_variables(client, admin):
    page = text(client.get(url("edit_text", "oficio")))

    assert "Este formato conoce: {{plantel}} Plantel 05 Hermosillo" in page
    assert "{{subdelegacion}} Subdelegación Hermosillo del IMSS" in page
    assert "letras en el asunto" not in page


@pytest.mark.parametrize("slug", FORMATS)
def test_the_sheet_costs_the_same_with_one_and_three_planteles(client, admin, slug):
    counts = []
    for _ in (1, 3):
        PlantelFactory.create_batch(2)
        client.post(url("preview_format", slug), typed(slug))
        with CaptureQueriesContext(connection) as asked:
            client.post(url("preview_format", slug), typed(slug))
        counts.append(len(asked))

    assert counts == [QUERIES[slug]] * 2
