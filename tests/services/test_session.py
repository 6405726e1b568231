"""reading() and writing(): one place for transactions, and what they promise."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from models.base import db
from models.journal import JournalEntry
from services import journal
from services.actor import SYSTEM
from services.errors import Invalid, NotFound, Unavailable
from services.prepared import Prepared
from services.session import peek, reading, run, writing

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


def test_what_a_database_cannot_hold_is_refused(any_app: Flask) -> None:
    """PostgreSQL knows no NUL in a text: nothing has it (SQLite says so), and nothing keeps it."""
    column = JournalEntry.__table__.c.event
    by_event = select(column).where(column == bindparam("event"))
    prepared = Prepared(by_event, [column])
    nul = {"event": "\0"}
    looks = (
        lambda: peek(prepared, nul),
        lambda: _in_reading(lambda session: run(session, prepared, nul)),
        lambda: _in_reading(lambda session: session.execute(by_event, nul).all()),
    )
    with any_app.app_context():
        on_postgres = db.engine.dialect.name == "postgresql"
        for look in looks:
            if on_postgres:
                with pytest.raises(NotFound):
                    look()
            else:
                assert look() == []
        if on_postgres:
            with pytest.raises(Invalid), writing() as session:
                journal.append(session, SYSTEM, "test.\0", "test", 1, NOW)
        with reading() as session:  # the connection is as good as before
            assert session.scalar(select(1)) == 1


def _in_reading(look: Callable[[Session], Sequence[Any]]) -> Sequence[Any]:
    with reading() as session:
        return look(session)
