"""One sheet of a format as it would be printed, about nobody: in PDF by the worker, as HTML beside the form of A-07."""

from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html_join

from common.pdf import render_pdf
from followup.models import Oficio
from followup.queries.text_previews import PRINTED
from followup.render import citatorios, oficio
from papers.models import LotPaper, Paper, PrintJob
from papers.states import PaperKind
from renuncias import render as renuncia
from school.models import Plantel, SchoolCycle, Subdelegacion, TextVersion
from school.queries.planteles import contact_of
from school.states import TextKind
from students.models import Enrollment, Student

STYLESHEETS = {
    TextKind.RENUNCIA: renuncia.STYLESHEETS,
    TextKind.CITATORIO: ("paper.css",),
    TextKind.OFICIO: ("paper.css",),
}
"""What each format is drawn with, under static/css/print/."""
ON_SCREEN = "on_screen.css"
A_ROW = {
    "name": "Ana Gómez Martínez",
    "curp": PRINTED["curp"],
    "birth_date": PRINTED["birth_date"],
    "birth_place": "Sonora",
    "address": "Calle Reforma 12, Centro, 83000, Hermosillo, Sonora",
    "email": PRINTED["contact"],
}


def draw_format(job: PrintJob, *, now: datetime) -> bytes:
    """Draw the sample that the job's parameters hold: which format, its version and its words."""
    text = TextVersion(
        kind=job.parameters["kind"],
        version=job.parameters["version"],
        fields=job.parameters["fields"],
    )
    if text.kind == TextKind.RENUNCIA:
        return renuncia.draw_sample(job, text, PRINTED)
    return render_pdf(_page(text, job, now=now), stylesheets=STYLESHEETS[TextKind(text.kind)])


def sheet_of_format(text: TextVersion, plantel: Plantel | None, *, now: datetime) -> str:
    """Write the sheet of a version that nobody may have saved yet, as a document to be framed in a page.

    It is the document that is printed, with the stylesheet that makes a screen show it as a sheet. Without a plantel
    it is one of an invented plantel.
    """
    kind = TextKind(text.kind)
    job = PrintJob(
        plantel=plantel or _some_plantel(),
        kind=PaperKind.SAMPLE,
        title=kind.label,
        sheets_total=1,
    )
    page = _page(text, job, now=now)
    links = format_html_join(
        "",
        '<link rel="stylesheet" href="{}">',
        ((static(f"css/print/{name}"),) for name in (*STYLESHEETS[kind], ON_SCREEN)),
    )
    return page.replace("</head>", f"{links}</head>", 1)


def _page(text: TextVersion, job: PrintJob, *, now: datetime) -> str:
    if text.kind == TextKind.RENUNCIA:
        return renuncia.sample_page(job, text, PRINTED)
    paper = Paper(
        text=text,
        cycle=SchoolCycle(name=PRINTED["cycle"]),
        token=renuncia.NO_TOKEN,
        code=renuncia.NO_TOKEN,
        folio=renuncia.NO_TOKEN,
        issued_at=now,
    )
    place = LotPaper(paper=paper, position=0)
    context: dict[str, Any] = {"title": job.title, "plantel": job.plantel}
    if text.kind == TextKind.OFICIO:
        return render_to_string(oficio.TEMPLATE, context | {"letters": [_letter(place, job)]})
    stay = Enrollment(
        student=Student(given_names="Ana", first_surname="Gómez", second_surname="Martínez"),
        group=PRINTED["group"],
        acuse_due_on=date(2026, 8, 27),
    )
    sheets = [citatorios.citatorio(place, stay, job)]
    return render_to_string(citatorios.TEMPLATE, context | {"sheets": sheets})


def _letter(place: LotPaper, job: PrintJob) -> oficio.Letter:
    plantel = job.plantel
    office = plantel.subdelegacion or Subdelegacion(name="Subdelegación Hermosillo del IMSS")
    about = Oficio(plantel=plantel, subdelegacion=office)
    responsable = contact_of(plantel).name if plantel.pk else "Rosa Elena Valenzuela Félix"
    rows = [("SUB26-05-0031", A_ROW)]
    return oficio.letter(place, about, rows, job, responsable=responsable)


def _some_plantel() -> Plantel:
    return Plantel(
        number="05",
        name="Hermosillo",
        address="Calle Reforma 12, Hermosillo, Sonora",
        room="Control Escolar, edificio A",
        hours="8:00 a 15:00",
        email="plantel05@correo.example",
    )
