"""INSERT that does nothing where a UNIQUE rule already holds the row, for both databases."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


class InsertOnce:
    """A statement prepared once per dialect; gives back `returning`, or None for a repeat."""

    def __init__(self, model: type[Base], returning: ColumnElement[int]) -> None:
        table = cast(Table, model.__table__)  # the plain table: no object graph on the hot path
        self._by_dialect: dict[str, Executable] = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing().returning(returning),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing().returning(returning),
        }

    def __call__(self, session: Session, **values: Any) -> int | None:
        """Insert one row. On PostgreSQL it waits for another transaction with the same key."""
        statement = self._by_dialect[session.get_bind().dialect.name]
        found: int | None = session.execute(statement, values).scalar_one_or_none()
        return found
