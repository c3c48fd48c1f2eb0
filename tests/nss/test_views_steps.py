"""The student's pages, from the file to the receipt, without a line of JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nss.actions.reading import read_acuse
from nss.models import Acuse
from nss.states import AcuseState, NSSAnswer, RequestState, ReturnReason
from school.models import User
from school.states import Role
from students.models import AccessEntry, Enrollment, Student
from students.states import FileState
from tests.factories.nss import (
    AcuseFactory,
    NSSRequestFactory,
    ReadingFactory,
    draw_page,
    read,
    read_well,
)
from tests.factories.nss import add_photo as join_photo
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss
from tests.nss.test_actions_upload import photo
from tests.samples import hostile

pytestmark = pytest.mark.django_db
UPLOAD, CONFIRM, READING = reverse("nss:upload"), reverse("nss:confirm"), reverse("nss:reading")
ADD = reverse("nss:add_photo")


@pytest.fixture
def enrollment():
    return EnrollmentFactory(confirmed=True, plantel=PlantelFactory(number="05"))


@pytest.fixture
def student(client, enrollment):
    client.force_login(enrollment.student.user)
    return enrollment.student.user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_upload_then_send_then_receipt(client, student, enrollment):
    uploaded = client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})
    shown = client.get(CONFIRM)
    sent = client.post(CONFIRM)

    acuse = Acuse.objects.get()
    receipt = client.get(sent.url)
    assert uploaded.url == CONFIRM
    assert "¿Se lee tu NSS y tu CURP?" in words(shown)
    assert sent.url == reverse("nss:sent", args=[acuse.public_id])
    assert "A26-05-000001" not in uploaded.content.decode()
    assert acuse.folio in words(receipt)
    assert enrollment.data.email in words(receipt)


def test_upload_twice_gives_the_same_page_and_one_row(client, student):
    first = client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})
    second = client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Acuse.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Elige tu acuse"),
        (b"", "El archivo está vacío. Descárgalo otra vez y súbelo"),
        (b"GIF89a", "El archivo debe ser PDF, JPG, PNG o HEIC"),
    ],
)
def test_upload_refusals_are_said_on_the_page(client, student, content, sentence):
    data = {"key": "key-00001"}
    if content is not None:
        upload = photo()
        upload.file.seek(0)
        upload.file.truncate()
        upload.file.write(content)
        upload.file.seek(0)
        upload.size = len(content)
        data["acuse"] = upload

    page = client.post(UPLOAD, data)

    assert page.status_code == 200
    assert sentence in words(page)
    assert "<title>Error: Sube tu acuse" in words(page)


def many(count: int, line: str) -> bytes:
    """Give a multipart body of so many parts."""
    part = f'--b\r\nContent-Disposition: form-data; name="{line}\r\n\r\nx\r\n'
    return part.encode() * count + b"--b--\r\n"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x", "multipart/form-data", 400),
        (many(200, 'acuse"; filename="a.jpg"'), "multipart/form-data; boundary=b", 400),
        (many(2_000, 'key"'), "multipart/form-data; boundary=b", 400),
        (hostile.jpeg(), "image/jpeg", 200),
        (b"--b\r\nContent-Disposition: form", "multipart/form-data; boundary=b", 200),
    ],
    ids=["no boundary", "200 files", "2,000 fields", "no form", "cut"],
)
def test_upload_of_a_malformed_request_stores_nothing(
    client, student, own_folders, body, content_type, status
):  # N2
    answer = client.post(UPLOAD, data=body, content_type=content_type)

    kept = [path for path in (own_folders / "files").rglob("*") if path.is_file()]
    assert (answer.status_code, Acuse.objects.count(), kept) == (status, 0, [])


def test_upload_is_for_students_only(client, enrollment):
    client.force_login(staff(Role.RESPONSABLE, enrollment.plantel))

    assert client.get(UPLOAD).status_code == 404


def test_upload_when_the_nss_is_proven_goes_home(client, student, enrollment):
    NSSRequestFactory(enrollment=enrollment, state=RequestState.PROVEN, proven_at=NOW)

    answer = client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})

    assert answer.url == reverse("followup:my_steps")


def test_upload_sets_nothing_but_the_file(client, student, enrollment):
    """T15: fields of the model that the form does not have stay as they are."""
    other = PlantelFactory()
    names = {
        field.name for model in (Acuse, Enrollment, Student, User) for field in model._meta.fields
    }
    extra = dict.fromkeys(names - {"key"}, "1")
    extra |= {"state": "ACCEPTED", "plantel": other.pk, "is_staff": "1", "nss": nss(1)}

    client.post(UPLOAD, extra | {"acuse": photo(), "key": "key-00001"})
    client.post(CONFIRM, extra)

    acuse = Acuse.objects.get()
    enrollment.refresh_from_db()
    student.refresh_from_db()
    assert (acuse.state, acuse.nss, acuse.reviewed_at) == (AcuseState.RECEIVED, None, None)
    assert (enrollment.plantel_id != other.pk, enrollment.student.nss) == (True, None)
    assert (student.is_staff, acuse.created_by) == (False, student)


# Several photos of one sheet -----------------------------------------------------------------------
def test_add_photo_from_confirm_and_back(client, student):
    client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})
    offered = client.get(CONFIRM)
    form = client.get(ADD)

    added = client.post(ADD, {"acuse": photo(90), "key": "key-00002"})

    page = client.get(added.url)
    assert ADD in words(offered)
    assert "Agrega otra foto de la misma hoja" in words(form)
    assert "Tus 2 fotos llegaron. <strong>Aún no las envías.</strong>" in words(page)
    assert "Empezar de nuevo con otra" in words(page)
    assert Acuse.objects.get().more_photos.count() == 1


def test_add_photo_is_not_offered_beyond_three_nor_to_a_pdf(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    of_a_pdf = words(client.get(CONFIRM))
    join_photo(draft)
    of_two = words(client.get(CONFIRM))
    join_photo(draft)
    of_three = words(client.get(CONFIRM))

    assert [ADD in page for page in (of_a_pdf, of_two, of_three)] == [False, True, False]
    assert client.get(ADD).url == CONFIRM


def test_add_photo_refusals_are_said_on_the_page(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    join_photo(draft)
    pdf = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf())

    of_a_pdf = client.post(ADD, {"acuse": pdf, "key": "key-00001"})
    of_nothing = client.post(ADD, {"key": "key-00002"})
    join_photo(draft)
    of_a_fourth = client.post(ADD, {"acuse": photo(), "key": "key-00003"})

    assert "Aquí va otra foto: JPG, PNG o HEIC" in words(of_a_pdf)
    assert "Elige la foto" in words(of_nothing)
    assert "Ya son 3 fotos, el máximo" in words(of_a_fourth)
    assert (draft.more_photos.count(), enrollment.files.count()) == (2, 3)


def test_confirm_shows_each_photo_with_its_own_hint(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    draw_page(draft)
    join_photo(draft)
    ReadingFactory(acuse=draft, photos=2, checks={"photos": {"1": [], "2": ["dark", "blurred"]}})

    page = words(client.get(CONFIRM))

    assert [f"<figcaption>Foto {n}</figcaption>" in page for n in (1, 2, 3)] == [True, True, False]
    assert "Foto 2: se ve oscura, se ve movida" in page
    assert "Foto 1:" not in page
    assert "hx-get" not in page


def test_confirm_waits_for_the_photo_that_joined(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    draw_page(draft)
    read_well(draft, nss(1))
    join_photo(draft, is_drawn=False)

    page = words(client.get(CONFIRM))

    assert "Estamos preparando la vista previa" in page
    assert "hx-get" in page


def test_confirm_names_the_photo_that_could_not_be_opened(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    draw_page(draft)
    more = join_photo(draft, is_drawn=False).file
    more.state, more.refusal = FileState.REFUSED, "IMAGE_DAMAGED"
    more.save()

    page = words(client.get(CONFIRM))

    assert "No pudimos abrir la foto 2. Las demás sí llegaron" in page


def test_student_sees_the_second_photo_and_nobody_else_does(client, student, enrollment):
    draft = AcuseFactory(request__enrollment=enrollment, draft=True)
    file = join_photo(draft).file
    address = reverse("students:file", args=[file.public_id, 1])
    other = EnrollmentFactory(confirmed=True)

    own = client.get(address).status_code
    client.force_login(other.student.user)

    assert (own, client.get(address).status_code) == (200, 404)


def test_sent_waits_for_the_photo_that_was_not_read_yet(client, student, enrollment):
    sent = AcuseFactory(request__enrollment=enrollment)
    read(sent)
    join_photo(sent, is_drawn=False)

    page = words(client.get(reverse("nss:sent", args=[sent.public_id])))

    assert "Estamos leyendo tu NSS" in page


def test_confirm_without_a_file_asks_for_one(client, student):
    assert client.get(CONFIRM).url == UPLOAD


def test_confirm_refused_file_says_why(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment, state=AcuseState.REFUSED)
    acuse.file.state, acuse.file.refusal = FileState.REFUSED, "PDF_ENCRYPTED"
    acuse.file.save()

    page = client.get(CONFIRM)

    assert "El PDF tiene contraseña. Súbelo sin contraseña o mándanos una foto" in words(page)


def test_send_of_a_refused_file_says_why_again(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment, state=AcuseState.REFUSED)

    assert client.post(CONFIRM).url == CONFIRM
    acuse.refresh_from_db()
    assert acuse.state == AcuseState.REFUSED


def test_confirm_waits_for_the_picture_without_blocking(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment, draft=True)
    acuse.file.state = FileState.QUARANTINED
    acuse.file.save()

    page = client.get(CONFIRM)

    assert "Estamos preparando la vista previa" in words(page)
    assert "Sí, enviar mi acuse" in words(page)


def test_confirm_after_the_reader_shows_page_and_hints(client, student):
    client.post(UPLOAD, {"acuse": photo(), "key": "key-00001"})
    acuse = Acuse.objects.get()
    read_acuse(acuse, now=NOW)

    page = client.get(CONFIRM)

    assert reverse("students:file", args=[acuse.file.public_id, 1]) in words(page)
    assert "Se ve en blanco" in words(page)


def test_confirm_stops_asking_after_fifteen_seconds(client, student, enrollment):
    AcuseFactory(request__enrollment=enrollment, draft=True, file__state=FileState.QUARANTINED)

    first = client.get(CONFIRM, headers={"HX-Request": "true"})
    last = client.get(CONFIRM, {"vuelta": "7"}, headers={"HX-Request": "true"})

    assert "hx-get" in words(first)
    assert "hx-get" not in words(last)


def test_confirm_interrupts_when_it_reads_another_person(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment, draft=True)
    other = StudentFactory()
    read(acuse, nss=nss(1), curp=other.curp, names="LUIS PÉREZ OCHOA")

    page = client.get(CONFIRM)
    client.post(CONFIRM, {"es_mio": "1"})

    acuse.refresh_from_db()
    assert "Este acuse parece de otra persona" in words(page)
    assert f"…{other.curp[-5:]}" in words(page)
    assert other.curp not in words(page)
    assert (acuse.state, acuse.is_claimed_own) == (AcuseState.RECEIVED, True)


def test_confirm_goes_on_to_the_number_when_it_is_read(client, student, enrollment):
    read_well(AcuseFactory(request__enrollment=enrollment, draft=True), nss(1))

    assert client.post(CONFIRM).url == READING


def test_reading_same_number(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read_well(acuse, "24260812342")

    page = client.get(READING)
    answer = client.post(READING, {"answer": "SAME"})

    acuse.refresh_from_db()
    assert "24 26 08 1234 2" in words(page)
    assert answer.url == reverse("nss:sent", args=[acuse.public_id])
    assert acuse.nss_answer == NSSAnswer.SAME


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Elige si es el mismo número que ves en tu acuse"),
        ({"answer": "DIFFERENT"}, "Escribe el NSS que ves en tu acuse"),
        (
            {"answer": "DIFFERENT", "typed_nss": "2426081234"},
            "El NSS tiene 11 números; escribiste 10",
        ),
        (
            {"answer": "DIFFERENT", "typed_nss": "24260812343"},
            "Revisa el NSS: el último número no corresponde con los demás",
        ),
    ],
)
def test_reading_says_what_is_missing(client, student, enrollment, data, sentence):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read_well(acuse, nss(1))

    page = client.post(READING, data or {"answer": ""})

    assert sentence in words(page)


def test_reading_shows_the_strip_with_the_number(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    draw_page(acuse)
    read_well(acuse, nss(1))

    page = client.get(READING)

    assert 'viewBox="59.5 187 391 121"' in words(page)


def test_reading_another_number(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read_well(acuse, nss(1))

    client.post(READING, {"answer": "DIFFERENT", "typed_nss": nss(2)})

    acuse.refresh_from_db()
    assert (acuse.nss_answer, acuse.typed_nss) == (NSSAnswer.DIFFERENT, nss(2))


def test_reading_not_read_is_typed(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read(acuse)

    page = client.get(READING)
    client.post(READING, {"typed_nss": nss(2)})

    acuse.refresh_from_db()
    assert "No alcanzamos a leerlo" in words(page)
    assert (acuse.nss_answer, acuse.typed_nss) == ("", nss(2))


def test_reading_may_be_left_to_the_plantel(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read(acuse)

    client.post(READING, {"no_lo_encuentro": "1"})

    acuse.refresh_from_db()
    assert acuse.nss_answer == NSSAnswer.UNKNOWN


def test_reading_number_of_another_student_says_no_details(client, student, enrollment):
    holder = StudentFactory(nss=nss(2), given_names="Zenobia")
    read_well(AcuseFactory(request__enrollment=enrollment), nss(2))

    answer = client.post(READING, {"answer": "SAME"}, follow=True)

    assert "Tu plantel va a revisar este número contigo" in words(answer)
    assert holder.given_names not in words(answer)


def test_reading_of_another_person_after_sending(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    read(acuse, nss=nss(1), curp=StudentFactory().curp, names="LUIS PÉREZ OCHOA")

    page = client.get(READING)
    client.post(READING, {"es_mio": "1"})

    acuse.refresh_from_db()
    assert "Este acuse parece de otra persona" in words(page)
    assert acuse.is_claimed_own is True


def test_reading_waits_on_the_receipt(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)

    assert client.get(READING).url == reverse("nss:sent", args=[acuse.public_id])


def test_reading_typed_again_after_it_did_not_match(client, student, enrollment):
    acuse = AcuseFactory(
        request__enrollment=enrollment,
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.NSS_DIFFERS,
        typed_nss=nss(1),
    )

    page = client.get(READING)
    client.post(READING, {"typed_nss": nss(2)})

    acuse.refresh_from_db()
    assert "no hace falta otra foto" in words(page)
    assert (acuse.state, acuse.typed_nss) == (AcuseState.RECEIVED, nss(2))


def test_receipt_asks_when_the_reading_arrives(client, student, enrollment):
    acuse = AcuseFactory(request__enrollment=enrollment)
    address = reverse("nss:sent", args=[acuse.public_id])

    before = client.get(address, headers={"HX-Request": "true"})
    read_well(acuse, nss(1))
    after = client.get(address, headers={"HX-Request": "true"})

    assert "hx-get" in words(before)
    assert "Leímos un NSS en tu acuse" in words(after)
    assert nss(1) not in words(after)


def test_receipt_of_another_student_does_not_exist(client, student):
    other = AcuseFactory()

    assert client.get(reverse("nss:sent", args=[other.public_id])).status_code == 404


def test_own_pages_write_no_access_entry(client, student, enrollment):
    read_well(AcuseFactory(request__enrollment=enrollment), nss(1))

    client.get(READING)

    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_upload_before_the_data_leads_to_the_data(client, method):
    client.force_login(EnrollmentFactory().student.user)
    data = {"acuse": photo(), "key": "key-00001"} if method == "post" else {}

    answer = getattr(client, method)(UPLOAD, data, follow=True)

    assert answer.redirect_chain[0][0] == reverse("students:continue_data")
    assert "Primero confirma tus datos; después sube tu acuse" in words(answer)
    assert Acuse.objects.count() == 0


def test_send_before_the_data_leads_to_the_data(client):
    stay = EnrollmentFactory()
    AcuseFactory(request__enrollment=stay, draft=True)
    client.force_login(stay.student.user)

    answer = client.post(CONFIRM)

    assert answer.url == reverse("students:continue_data")


def test_send_of_a_version_that_another_tab_replaced_is_looked_at_first(
    client, student, enrollment
):
    request = NSSRequestFactory(enrollment=enrollment)
    seen = AcuseFactory(request=request, state=AcuseState.REPLACED, folio=None)
    newer = AcuseFactory(request=request, draft=True)

    refused = client.post(CONFIRM, {"acuse": seen.public_id})
    shown = client.get(CONFIRM)
    sent = client.post(CONFIRM, {"acuse": newer.public_id})

    assert refused.url == CONFIRM
    assert "Subiste otro archivo después" in words(shown)
    assert f'name="acuse" value="{newer.public_id}"' in words(shown)
    assert sent.url == reverse("nss:sent", args=[newer.public_id])
