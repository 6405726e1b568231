"""INSERT that does nothing where a UNIQUE rule already holds the row, for both databases."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Select, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base
from services.prepared import Prepared
from services.session import keep, run

DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


class InsertOnce:
    """A statement prepared once per database; gives back `returning`, or None for a repeat.

    columns: what is inserted, given by name, or what `source` selects; nothing is inserted where
    the source is empty.
    """

    def __init__(
        self,
        model: type[Base],
        returning: ColumnElement[int],
        columns: Sequence[str],
        source: Select[Any] | None = None,
    ) -> None:
        table = cast(Table, model.__table__)  # the plain table: no object graph on the hot path

        def build(dialect: str) -> Executable:
            statement = DIALECTS[dialect].insert(table)
            if source is None:
                statement = statement.values({name: bindparam(name) for name in columns})
            else:
                statement = statement.from_select(columns, source)
            finished: Executable = statement.on_conflict_do_nothing().returning(returning)
            return finished

        self.statement = Prepared(build, [returning])

    def __call__(self, session: Session, **values: Any) -> int | None:
        """Insert one row. On PostgreSQL it waits for another transaction with the same key."""
        rows = run(session, self.statement, values)
        return int(rows[0][0]) if rows else None

    def alone(self, session: Session, **values: Any) -> int | None:
        """The same as a transaction of its own: committed when this gives back an id."""
        rows = keep(session, self.statement, values)
        return int(rows[0][0]) if rows else None
