"""reading() and writing(): one place for transactions, and what they promise."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from models.base import db
from models.journal import JournalEntry
from services import journal
from services.actor import SYSTEM
from services.errors import Unavailable
from services.session import reading, writing

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_they_never_nest(app: Flask) -> None:
    with app.app_context(), reading() as session:
        session.execute(select(1))
        with pytest.raises(RuntimeError, match="do not nest"), writing():
            pass


def test_an_error_keeps_nothing(any_app: Flask) -> None:
    def count() -> int:
        with reading() as session:
            return session.scalar(select(func.count(JournalEntry.id))) or 0

    def fail_after_writing() -> None:
        with writing() as session:
            journal.append(session, SYSTEM, "test.event", "test", 1, NOW)
            raise ValueError("on purpose")

    with any_app.app_context():
        before = count()
        with pytest.raises(ValueError, match="on purpose"):
            fail_after_writing()
        assert count() == before


def test_writers_queue_and_none_fails(any_app: Flask) -> None:
    """Eight threads write fifty times each; every row is there and nobody met a busy database."""
    failures: list[Exception] = []

    def work() -> None:
        with any_app.app_context():
            for _ in range(50):
                try:
                    with writing() as session:
                        journal.append(session, SYSTEM, "test.queued", "test", 1, NOW)
                except Exception as error:
                    failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_app.app_context(), reading() as session:
        written = session.scalar(
            select(func.count(JournalEntry.id)).where(JournalEntry.event == "test.queued")
        )
    assert not failures
    assert written == 400


def test_sqlite_is_durable_and_forgets_what_is_deleted(app: Flask) -> None:
    """synchronous=FULL survives a power cut; secure_delete leaves no names in free pages."""
    with app.app_context(), reading() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_a_lost_database_is_unavailable_and_comes_back(app: Flask) -> None:
    """Work is refused while the file is away, and goes on without a restart when it is back."""
    path = app.extensions["threshold.settings"].sqlite_path
    away = path.with_suffix(".away")
    with app.app_context():
        db.engine.dispose()
        path.rename(away)
        path.mkdir()
        with pytest.raises(Unavailable), reading() as session:
            session.execute(select(1))
        path.rmdir()
        away.rename(path)
        with reading() as session:
            assert session.execute(select(1)).scalar() == 1
