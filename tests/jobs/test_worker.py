"""From the outbox to the queue to the deed: each at least once, none lost, none doubled."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from jobs import sweeping, worker
from jobs.queue import open_queue
from jobs.worker import AGAIN_AFTER_S, Pump, carry_out
from models.accounts import FailedCheck
from models.journal import OutboxEntry
from services import outbox
from services.admin import backups
from services.session import reading, writing


def ask(task: str = "note", **data: int) -> int:
    """Leave one entry in the outbox and give back its id."""
    with writing() as session:
        outbox.ask(session, task, datetime.now(UTC), **data)
        return session.scalars(select(OutboxEntry.id).order_by(OutboxEntry.id.desc())).first() or 0


def entry(entry_id: int) -> Any:
    with reading() as session:
        return session.execute(
            select(
                OutboxEntry.done_at, OutboxEntry.error, OutboxEntry.tries, OutboxEntry.due_at
            ).where(OutboxEntry.id == entry_id)
        ).one()


@pytest.fixture
def deeds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A task "note" that writes down what it gets, and one, "fail", that cannot be done."""
    noted: list[Mapping[str, Any]] = []

    def fail(data: Mapping[str, Any]) -> None:
        raise OSError("lin@beilun.example could not be reached")

    monkeypatch.setitem(worker.TASKS, "note", noted.append)
    monkeypatch.setitem(worker.TASKS, "fail", fail)
    with app.app_context():
        yield noted


def test_a_due_entry_is_carried_out_once_however_often_its_message_comes(deeds: Any) -> None:
    entry_id = ask(person_id=7)
    for _ in range(3):
        carry_out(entry_id, "note", {"person_id": 7})
    assert deeds == [{"person_id": 7}]
    assert entry(entry_id).done_at is not None


def test_what_fails_is_kept_by_its_kind_and_tried_later(deeds: Any) -> None:
    entry_id = ask("fail")
    carry_out(entry_id, "fail", {})
    kept = entry(entry_id)
    assert (kept.done_at, kept.error, kept.tries) == (None, "OSError", 1)
    assert kept.due_at > datetime.now(UTC)


def test_a_long_backup_is_not_begun_a_second_time_meanwhile(
    deeds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[int] = []

    def slow(data: Mapping[str, Any]) -> None:
        with reading() as session:
            later = datetime.now(UTC) + timedelta(minutes=50)
            others.extend(work.id for work in outbox.waiting(session, later))

    monkeypatch.setitem(worker.TASKS, "backup.create", slow)
    monkeypatch.setitem(worker.TASKS, "slow", slow)
    carry_out(ask("backup.create"), "backup.create", {})
    assert others == []
    slow_mail = ask("slow")
    carry_out(slow_mail, "slow", {})
    assert others == [slow_mail], "what takes a moment is taken for lost sooner"


def test_an_unknown_task_is_not_lost(deeds: Any) -> None:
    entry_id = ask("unheard.of")
    carry_out(entry_id, "unheard.of", {})
    assert entry(entry_id).error == "KeyError"


def test_the_pump_sends_one_message_and_another_when_that_is_lost(deeds: Any) -> None:
    messages: list[Any] = []
    pump = Pump(lambda *message: messages.append(message))
    entry_id = ask(person_id=7)
    now = datetime.now(UTC)
    assert [pump.move(now, 0.0), pump.move(now, 1.0)] == [1, 0]
    assert messages == [(entry_id, "note", {"person_id": 7})]
    assert pump.move(now, AGAIN_AFTER_S) == 1


def test_the_pump_sends_again_as_soon_as_a_message_has_arrived(deeds: Any) -> None:
    pump = Pump(lambda *message: None)
    entry_id = ask("fail")
    assert pump.move(datetime.now(UTC), 0.0) == 1
    carry_out(entry_id, "fail", {})
    pump.arrived(entry_id)
    assert pump.move(datetime.now(UTC), 1.0) == 0  # not due yet
    assert pump.move(datetime.now(UTC) + timedelta(minutes=1), 2.0) == 1


def test_a_queue_that_is_away_loses_nothing(deeds: Any) -> None:
    away = True

    def enqueue(*message: Any) -> None:
        if away:
            raise ConnectionError

    pump = Pump(enqueue)
    ask()
    with pytest.raises(ConnectionError):
        pump.move(datetime.now(UTC), 0.0)
    away = False
    assert pump.move(datetime.now(UTC), 1.0) == 1


def test_work_is_given_up_after_some_tries(deeds: Any) -> None:
    entry_id = ask("fail")
    with writing() as session:
        session.execute(OutboxEntry.__table__.update().values(tries=outbox.TRIES))
    assert Pump(lambda *message: None).move(datetime.now(UTC), 0.0) == 0
    assert entry(entry_id).done_at is None


def test_the_queue_takes_signed_messages_only(app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["threshold.settings"]
    queue = open_queue(settings)
    task = queue.task()(lambda entry_id: None)
    task(7)
    raw = queue.storage.dequeue()
    assert queue.deserialize_task(raw).args == (7,)
    with pytest.raises(ValueError, match=r"[Ss]ignature"):
        queue.deserialize_task(raw[:-1] + bytes([raw[-1] ^ 1]))
    queue.storage.close()


def test_the_sweeper_forgets_old_failed_checks(app: Flask) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        with writing() as session:
            session.execute(insert(FailedCheck).values(key="0" * 64, window=1, failures=3))
        sweeping.sweep(now)
        with reading() as session:
            assert session.scalars(select(FailedCheck)).all() == []


def test_the_sweeper_drops_backups_after_thirty_days(app: Flask) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        folder = backups.folder_of(app.extensions["threshold.settings"].instance)
        folder.mkdir(parents=True, exist_ok=True)
        young, old = (
            folder / (now - timedelta(days=days)).strftime(backups.NAME) for days in (29, 31)
        )
        young.touch()
        old.touch()
        sweeping.sweep(now)
    assert (young.exists(), old.exists()) == (True, False)
    young.unlink()
