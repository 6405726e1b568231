"""The one place where transactions begin and end.

`reading()` and `writing()` never nest. On SQLite `writing()` queues on a file lock and then begins
IMMEDIATE: writers wait in turn instead of failing busy. Nothing else in the house names
`db.session`.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Engine, Executable, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from models.base import db
from services.errors import Unavailable

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 10000",
    "foreign_keys = ON",
    "secure_delete = ON",
    "mmap_size = 268435456",
    "cache_size = -65536",
)
AWAY = (OperationalError, InterfaceError, PoolTimeout)
BEGIN_MODE = "sqlite_begin"  # "", "IMMEDIATE", or None for no transaction at all


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
        mode = connection.get_execution_options().get(BEGIN_MODE, "")
        if mode is not None:
            connection.connection.dbapi_connection.execute(f"BEGIN {mode}")


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads; whatever it did is rolled back at the end."""
    session = _fresh()
    try:
        yield session
    except AWAY as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    finally:
        _end(session)


def peek(statement: Executable, parameters: dict[str, Any]) -> Sequence[Any]:
    """The rows of one prepared statement that is its own transaction.

    For what every page asks (who is this, where were they): a session around a single SELECT costs
    more than the SELECT.
    """
    try:
        with _without_begin(db.engine).connect() as connection:
            return connection.execute(statement, parameters).all()
    except AWAY as error:
        raise Unavailable(str(error.__class__.__name__)) from error


@cache
def _without_begin(engine: Engine) -> Engine:
    return engine.execution_options(**{BEGIN_MODE: None})


@contextmanager
def writing() -> Iterator[Session]:
    """A session whose changes are committed when the block ends well, and all dropped if not."""
    session = _fresh()
    sqlite = db.engine.dialect.name == "sqlite"
    try:
        with _turn() if sqlite else nullcontext():
            if sqlite:
                session.connection(execution_options={BEGIN_MODE: "IMMEDIATE"})
            yield session
            session.commit()
    except AWAY as error:
        raise Unavailable(str(error.__class__.__name__)) from error
    finally:
        _end(session)


def _fresh() -> Session:
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a transaction is open: reading() and writing() do not nest")
    return session


def _end(session: Session) -> None:
    try:
        session.rollback()
    except AWAY:
        session.invalidate()  # the server went away: the connection is not worth keeping
    db.session.remove()


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for this process's turn to write."""
    path: Path = current_app.extensions["threshold.settings"].sqlite_path
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
