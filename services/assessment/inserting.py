"""INSERT that does nothing where a UNIQUE rule already holds the row, for both databases."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


class InsertOnce:
    """A statement prepared once per dialect; gives back `returning`, or None for a repeat.

    With `columns` and `source` it inserts what the SELECT gives, and nothing where that is empty.
    """

    def __init__(
        self,
        model: type[Base],
        returning: ColumnElement[int],
        columns: Sequence[str] = (),
        source: Select[Any] | None = None,
    ) -> None:
        table = cast(Table, model.__table__)  # the plain table: no object graph on the hot path
        self._by_dialect: dict[str, Executable] = {}
        for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
            statement = dialect.insert(table)
            if source is not None:
                statement = statement.from_select(columns, source)
            self._by_dialect[name] = statement.on_conflict_do_nothing().returning(returning)

    def __call__(self, session: Session, **values: Any) -> int | None:
        """Insert one row. On PostgreSQL it waits for another transaction with the same key."""
        connection = session.connection()
        statement = self._by_dialect[connection.dialect.name]
        found: int | None = connection.execute(statement, values).scalar_one_or_none()
        return found
