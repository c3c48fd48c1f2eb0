"""The embedded broker loses, doubles and halves no message."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from imss_afiliacion.celery import app
from imss_afiliacion.file_broker import Channel, Transport

WRITERS, MESSAGES, EXCHANGES = 4, 250, 100


def channel(folder: Path) -> Channel:
    """Open the broker in a folder."""
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    opened: Channel = Connection(transport=Transport, transport_options=options).channel()
    return opened


def write(folder: Path, writer: int) -> None:
    """Put messages, each long enough to be seen half written."""
    broker = channel(folder)
    for number in range(MESSAGES):
        broker._put("heavy", {"id": f"{writer}-{number}", "body": "x" * 20_000})


def read(folder: Path, count: int) -> list[str]:
    """Take messages until that many came."""
    broker, ids = channel(folder), []
    while len(ids) < count:
        try:
            ids.append(broker._get("heavy")["id"])
        except Empty:
            continue
    return ids


def test_messages_of_several_writers_arrive_whole_and_once(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write, args=(tmp_path, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()

    ids = read(tmp_path, WRITERS * MESSAGES)

    for writer in writers:
        writer.join()
    assert sorted(ids) == sorted(f"{w}-{n}" for w in range(WRITERS) for n in range(MESSAGES))
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_message_that_another_worker_took_is_passed_over(tmp_path, monkeypatch):
    slow, fast = channel(tmp_path), channel(tmp_path)
    slow._put("heavy", {"id": "first"})
    listed = [path.name for path in tmp_path.iterdir()]
    assert fast._get("heavy") == {"id": "first"}

    monkeypatch.setattr("imss_afiliacion.file_broker.os.listdir", lambda folder: listed)

    with pytest.raises(Empty):
        slow._get("heavy")


def test_queues_do_not_mix(tmp_path):
    broker = channel(tmp_path)
    broker._put("quick", {"id": "mail"})

    with pytest.raises(Empty):
        broker._get("heavy")
    assert broker._get("quick") == {"id": "mail"}


def bind(folder: Path, worker: str, start: Barrier) -> None:
    """Bind a queue in each exchange, all workers in the same instant, as when the portal starts."""
    broker = channel(folder)
    for number in range(EXCHANGES):
        start.wait()
        broker._queue_bind(f"exchange-{number}", worker, "", worker)


def test_queues_that_several_workers_bind_at_once_are_all_bound(tmp_path):
    (tmp_path / "control").mkdir()
    context = multiprocessing.get_context("fork")
    start, names = (
        context.Barrier(WRITERS, timeout=30),
        [f"worker-{number}" for number in range(WRITERS)],
    )
    workers = [context.Process(target=bind, args=(tmp_path, name, start)) for name in names]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0] * WRITERS
    tables = [channel(tmp_path).get_table(f"exchange-{number}") for number in range(EXCHANGES)]
    assert [sorted(row.queue for row in table) for table in tables] == [names] * EXCHANGES


def test_queue_that_is_bound_again_stands_in_the_table_once(tmp_path):
    (tmp_path / "control").mkdir()
    broker = channel(tmp_path)
    broker._queue_bind("quick", "quick", "", "quick")

    broker._queue_bind("quick", "quick", "", "quick")

    assert [row.queue for row in broker.get_table("quick")] == ["quick"]


def test_worker_uses_it():
    with app.connection_for_write("filesystem://localhost") as connection:
        assert isinstance(connection.transport, Transport)
