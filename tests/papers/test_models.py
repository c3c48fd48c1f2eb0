"""The rows as the admin's pages name them."""

from papers.models import FolioCounter, PrintJob
from papers.states import PrintState


def test_rows_name_themselves():
    job = PrintJob(title="Códigos de activación: grupo 101", state=PrintState.READY)
    counter = FolioCounter(series="A", period="26", last=17)

    assert [str(job), str(counter)] == ["Códigos de activación: grupo 101 listo", "A26 17"]
