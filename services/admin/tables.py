"""All tables as they stand in the database, whatever form it has: their rows out, and in again.

They are reflected and not taken from the models: a backup before a migration sees the older form.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.types import Date, DateTime

Row = list[Any]
BOOKKEEPING = "alembic_version"  # the manifest says it, and migrating writes it
BATCH = 1000
INDEXES = "fts_"  # the indexes of the search follow their table by triggers


def reflect(connection: Connection) -> list[Table]:
    """Every table, what is pointed at first; not the bookkeeping, nor the indexes of the search."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: not name.startswith(INDEXES))
    return [table for table in metadata.sorted_tables if table.name != BOOKKEEPING]


def holds_rows(connection: Connection) -> bool:
    """Whether there is a row in any table."""
    return any(
        connection.execute(select(1).select_from(table).limit(1)).first()
        for table in reflect(connection)
    )


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """The rows in the order of their keys, ready for JSON; they are fetched in batches."""
    statement = select(table).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=BATCH).execute(statement)
    return ([_plain(value) for value in row] for row in found)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)  # SQLite has no zones
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def fill(
    connection: Connection, table: Table, columns: tuple[str, ...], given: Iterable[Row]
) -> int:
    """Insert rows whose values stand in the order of `columns`; gives back how many."""
    kinds = [table.columns[name] for name in columns]
    rows, count = iter(given), 0
    while batch := list(islice(rows, BATCH)):
        values = [
            {column.name: _typed(column, value) for column, value in zip(kinds, row, strict=True)}
            for row in batch
        ]
        connection.execute(insert(table), values)
        count += len(batch)
    _set_sequences(connection, table)
    return count


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _set_sequences(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count on after the highest key that was put in."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        name = connection.scalar(
            text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)"),
            {"table": table.name, "column": column.name},
        )
        highest = connection.scalar(select(func.max(column)))
        if name and highest:
            connection.execute(select(func.setval(name, highest)))
