"""The one place where transactions begin and end.

`reading()` and `writing()` never nest. On SQLite `writing()` queues on a file lock and then begins
IMMEDIATE: writers wait in turn instead of failing busy. Nothing else in the house names
`db.session`.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import current_app, g, has_app_context
from sqlalchemy import CursorResult, Engine, Result, event
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from models.base import db
from services.errors import Invalid, NotFound, ServiceError, Unavailable
from services.prepared import Prepared

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 10000",
    "foreign_keys = ON",
    "secure_delete = ON",
    "mmap_size = 268435456",
    "cache_size = -16384",  # KiB a connection; what is mapped above needs no second copy
)
# One transaction at a time in each application context, which is one request.
OPEN, TURN = "threshold_open", "threshold_turn"
AWAY = (OperationalError, InterfaceError, PoolTimeout)


def prepare_engine(engine: Engine) -> None:
    """Give each SQLite connection its pragmas, and us the say over BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # pysqlite must not begin by itself
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        turn: _Turn | None = g.get(TURN) if has_app_context() else None
        if turn is not None:
            turn.take()
        mode = "BEGIN" if turn is None else "BEGIN IMMEDIATE"
        connection.connection.dbapi_connection.execute(mode)


def changed_rows(done: Result[Any]) -> int:
    """How many rows an INSERT, UPDATE or DELETE changed, which only its kind of result knows."""
    return cast("CursorResult[Any]", done).rowcount


class _Turn:
    """This process's turn to write on SQLite: taken just before BEGIN, given back after COMMIT."""

    def __init__(self, database: Path) -> None:
        self.path = f"{database}.lock"
        self.handle: int | None = None

    def take(self) -> None:
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_EX)

    def give_back(self) -> None:
        if self.handle is not None:
            os.close(self.handle)  # which frees the lock
            self.handle = None


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads; whatever it did is rolled back at the end.

    To ask for what the database cannot hold (a NUL on PostgreSQL) is NotFound.
    """
    with _session(NotFound) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session whose changes are committed when the block ends well, and all dropped if not.

    The transaction begins with the block's first statement, IMMEDIATE on SQLite. What the database
    cannot hold is Invalid.
    """
    with _session(Invalid) as session:
        turn = None
        if db.engine.dialect.name == "sqlite":
            turn = _Turn(current_app.extensions["threshold.settings"].sqlite_path)
        setattr(g, TURN, turn)
        try:
            yield session
            session.commit()
        finally:
            setattr(g, TURN, None)
            if turn:
                turn.give_back()


@contextmanager
def alone() -> Iterator[Any]:
    """SQLite's own connection outside any transaction, with the turn to write: to rebuild the file.

    Gives None on PostgreSQL, whose server looks after its files itself.
    """
    engine = db.engine
    if engine.dialect.name != "sqlite":
        yield None
        return
    turn = _Turn(current_app.extensions["threshold.settings"].sqlite_path)
    turn.take()
    try:
        connection = engine.raw_connection()
        try:
            yield connection.driver_connection
        finally:
            connection.close()
    except _driver_errors(engine) as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    finally:
        turn.give_back()


@contextmanager
def _session(unfit: type[ServiceError]) -> Iterator[Session]:
    if g.get(OPEN):
        raise RuntimeError("a transaction is open: reading() and writing() do not nest")
    setattr(g, OPEN, True)
    session = db.session()
    try:
        yield session
    except AWAY as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    except (DataError, db.engine.dialect.loaded_dbapi.DataError) as error:
        raise unfit from error
    finally:
        setattr(g, OPEN, False)
        _end(session)


def peek(statement: Prepared, parameters: Mapping[str, Any]) -> list[Any]:
    """The rows of one prepared SELECT that is its own transaction.

    For what every page asks (who is this, where were they): a session around a single SELECT costs
    more than the SELECT. Where a transaction has begun it sees what that has done so far.
    """
    if g.get(OPEN) and (session := db.session()).in_transaction():
        return run(session, statement, parameters)
    engine = db.engine
    try:
        connection = engine.raw_connection()
        try:
            return statement.run(connection, engine.dialect, parameters)
        finally:
            connection.close()
    except AWAY as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    except _driver_errors(engine) as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    except engine.dialect.loaded_dbapi.DataError as error:
        raise NotFound from error


def run(session: Session, statement: Prepared, parameters: Mapping[str, Any]) -> list[Any]:
    """The rows of one prepared statement within the session's transaction."""
    connection = session.connection()
    try:
        return statement.run(connection.connection, connection.dialect, parameters)
    except _driver_errors(connection.engine) as error:
        raise Unavailable(str(error.__class__.__name__)) from error


def keep(session: Session, statement: Prepared, parameters: Mapping[str, Any]) -> list[Any]:
    """The rows of one prepared INSERT that is its own transaction, committed when this returns.

    For a block of `writing()` that has nothing else to do, as an autosave has. Where a transaction
    has begun the statement becomes part of it.
    """
    if session.in_transaction():
        return run(session, statement, parameters)
    engine, turn = db.engine, g.get(TURN)
    connection = engine.raw_connection()
    try:
        if turn is not None:
            turn.take()
            connection.cursor().execute("BEGIN IMMEDIATE")
        rows = statement.run(connection, engine.dialect, parameters)
        connection.commit()
        return rows
    except _driver_errors(engine) as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    finally:
        if turn is not None:
            turn.give_back()
        connection.close()


@cache
def _driver_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """What the driver itself raises when the database is away or busy."""
    driver: Any = engine.dialect.loaded_dbapi
    return (driver.OperationalError, driver.InterfaceError)


def _end(session: Session) -> None:
    try:
        session.rollback()
    except AWAY:
        session.invalidate()  # the server went away: the connection is not worth keeping
    db.session.remove()
