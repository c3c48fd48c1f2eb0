"""The rows as the admin's pages name them."""

from datetime import UTC, datetime

from papers.models import (
    FolioCounter,
    LotDownload,
    LotPaper,
    Paper,
    PrintJob,
    PrintPart,
)
from papers.states import PrintState


def test_rows_name_themselves():
    job = PrintJob(title="Códigos de activación: grupo 101", state=PrintState.READY)
    counter = FolioCounter(series="A", period="26", last=17)

    assert [str(job), str(counter)] == ["Códigos de activación: grupo 101 listo", "A26 17"]


def test_papers_and_lots_name_themselves():
    job = PrintJob(title="Citatorios", folio="IM26-05-0004", state=PrintState.READY)
    rows = [
        Paper(folio="C26B-05-0001"),
        PrintPart(job=job, number=2),
        LotPaper(position=7),
        LotDownload(at=datetime(2026, 8, 21, 16, 0, tzinfo=UTC)),
    ]

    assert [str(row) for row in rows] == [
        "C26B-05-0001 auténtico",
        "Citatorios listo 2",
        "7",
        "2026-08-21 16:00",
    ]
