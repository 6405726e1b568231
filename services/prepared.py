"""Statements of the hot paths: compiled once per database, run without the toolkit's machinery.

Who is this, where were they, keep this answer: a handful of statements run on every request, and
building, caching and wrapping each run costs more than the database takes for it.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ColumnElement

Process = Callable[[Any], Any]


class Prepared:
    """One statement with named parameters; `run` gives its rows as named tuples.

    statement: a SELECT or an INSERT ... RETURNING, or a function that builds it for a dialect.
    columns: what a row holds, for names and types.
    """

    def __init__(
        self,
        statement: Executable | Callable[[str], Executable],
        columns: Sequence[ColumnElement[Any]],
    ) -> None:
        self.statement = statement
        self.columns = columns
        self.row: Callable[..., Any] = namedtuple(  # type: ignore[misc]  # names come at run time
            "Row", [column.name for column in columns]
        )
        self._for: dict[str, _Compiled] = {}

    def run(self, connection: Any, dialect: Dialect, parameters: Mapping[str, Any]) -> list[Any]:
        """The rows. connection: the driver's own, checked out by the caller."""
        compiled = self._for.get(dialect.name)
        if compiled is None:
            built = self.statement(dialect.name) if callable(self.statement) else self.statement
            compiled = self._for[dialect.name] = _Compiled(built, self.columns, dialect)
        cursor = connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.arguments(parameters))
            rows = cursor.fetchall()
        finally:
            cursor.close()
        if compiled.results:
            rows = [compiled.processed(row) for row in rows]
        return [self.row(*row) for row in rows]


class _Compiled:
    """A statement as one kind of database reads it."""

    def __init__(
        self, statement: Any, columns: Sequence[ColumnElement[Any]], dialect: Dialect
    ) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        # Positional for SQLite, by name for psycopg.
        self.order: list[str] | None = compiled.positiontup
        self.fixed = {k: v for k, v in compiled.params.items() if v is not None}
        self.binds: dict[str, Process] = {}
        for name, bind in compiled.binds.items():
            process = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if process is not None:
                self.binds[name] = process
        self.results: list[tuple[int, Process]] = []
        for number, column in enumerate(columns):
            process = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if process is not None:
                self.results.append((number, process))

    def arguments(self, parameters: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **parameters} if self.fixed else parameters
        if self.order is None:
            return {name: self._bound(name, value) for name, value in given.items()}
        return [self._bound(name, given[name]) for name in self.order]

    def _bound(self, name: str, value: Any) -> Any:
        process = self.binds.get(name)
        return value if process is None else process(value)

    def processed(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for number, process in self.results:
            values[number] = process(values[number])
        return values
