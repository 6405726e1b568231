"""The SQL statements of a page: counted, so that no list grows with its rows unnoticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import event

from models.base import db
from services.prepared import Prepared

NOT_COUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the application's database inside the block."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(statement)

    run = Prepared.run

    def noted(self: Prepared, connection: Any, dialect: Any, parameters: Any) -> Any:
        rows = run(self, connection, dialect, parameters)
        sent.append(self._for[dialect.name].sql)  # these pass the toolkit, and its events, by
        return rows

    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(Prepared, "run", noted):
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def written(app: Flask) -> Iterator[list[str]]:
    """Collect the statements inside the block that change something, once it has ended."""
    changing: list[str] = []
    with counted(app) as sent:
        yield changing
    changing += [s for s in sent if not s.lstrip().upper().startswith(("SELECT", "WITH"))]
