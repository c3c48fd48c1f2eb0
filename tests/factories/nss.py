"""Synthetic NSS requests and acuses."""

import factory
from PIL import Image

from nss.extraction.compare import Known, compare
from nss.extraction.result import AcuseReading, FieldRead, Outcome
from nss.models import Acuse, AcusePhoto, NSSRequest, Reading
from nss.states import AcuseState, ReadingOutcome, ReturnReason
from students.actions.files import absolute
from students.models import ClockPause, StoredFile
from students.states import FileKind, PauseReason
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory


class NSSRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NSSRequest
        django_get_or_create = ("enrollment",)

    enrollment = factory.SubFactory(EnrollmentFactory, confirmed=True)
    created_at = NOW


class AcuseFactory(factory.django.DjangoModelFactory):
    """An acuse in review."""

    class Meta:
        model = Acuse
        skip_postgeneration_save = True

    request = factory.SubFactory(NSSRequestFactory)
    plantel = factory.SelfAttribute("request.enrollment.plantel")
    file = factory.SubFactory(
        StoredFileFactory, enrollment=factory.SelfAttribute("..request.enrollment")
    )
    version = factory.LazyAttribute(lambda o: o.request.acuses.count() + 1)
    state = AcuseState.RECEIVED
    created_at = NOW
    created_by = factory.LazyAttribute(lambda o: o.request.enrollment.student.user)
    folio = factory.Sequence(lambda n: f"A26-05-{n:06d}")
    sent_at = NOW

    class Params:
        draft = factory.Trait(state=AcuseState.DRAFT, folio=None, sent_at=None)

    @factory.post_generation
    def pause(self, create, extracted, **kwargs):
        """Stop the student's clock from the sending up to the review, as the actions do."""
        is_return = (
            self.state == AcuseState.RETURNED and self.return_reason != ReturnReason.IMSS_DATA_WRONG
        )
        if self.state == AcuseState.RECEIVED or (is_return and self.reviewed_at):
            ClockPause.objects.bulk_create(
                [
                    ClockPause(
                        enrollment=self.request.enrollment,
                        reason=PauseReason.REVIEW,
                        started_at=min(filter(None, [self.sent_at or NOW, self.reviewed_at])),
                        ended_at=self.reviewed_at if is_return else None,
                        is_return=is_return,
                    )
                ],
                ignore_conflicts=True,
            )


class ReadingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reading

    acuse = factory.SubFactory(AcuseFactory)
    engine = "1"
    outcome = ReadingOutcome.READ
    created_at = NOW


def read(
    acuse: Acuse, *, nss: str = "", curp: str = "", names: str = "", issued: str = ""
) -> Reading:
    """Return a reading of the acuse that saw these values, compared with its student as the reader does."""
    values = {"nss": nss, "curp": curp, "names": names, "issued_date": issued}
    fields = {
        name: FieldRead(value, "text", 1, (0.1, 0.2, 0.5, 0.25)) if value else None
        for name, value in values.items()
    }
    seen = AcuseReading(Outcome.READ if nss else Outcome.UNREADABLE, **fields)
    student = acuse.request.enrollment.student
    known = Known(curp=student.curp or "", names=student.full_name, nss=acuse.typed_nss or "")
    return ReadingFactory(
        acuse=acuse,
        outcome=seen.outcome,
        fields={name: seen.as_json()[name] for name in values},
        checks={"compared": compare(seen, known).as_json()},
    )


def read_well(acuse: Acuse, nss: str) -> Reading:
    """Return a reading in which everything is the student's own."""
    student = acuse.request.enrollment.student
    return read(acuse, nss=nss, curp=student.curp, names=student.full_name.upper())


def draw_page(acuse: Acuse) -> None:
    """Put the safe picture of one page where the acuse's file says it is."""
    _draw(acuse.file)


def add_photo(acuse: Acuse, *, is_drawn: bool = True) -> AcusePhoto:
    """Turn the acuse's file into a photo and put one more, drawn too, beside it."""
    acuse.file.kind = FileKind.JPEG
    acuse.file.save(update_fields=["kind"])
    number = acuse.more_photos.count() + 2
    stay = acuse.request.enrollment
    file = StoredFileFactory(enrollment=stay, kind=FileKind.JPEG)
    if is_drawn:
        _draw(file)
    return AcusePhoto.objects.create(
        acuse=acuse, file=file, number=number, upload_key=f"{acuse.pk}:photo-{number}"
    )


def _draw(file: StoredFile) -> None:
    name = f"{file.path}-01"
    path = absolute(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (850, 1100), "white").save(path, "JPEG")
    file.derivative_pages = [name]
    file.save(update_fields=["derivative_pages"])
