"""Work for the job process, written with the change that asks for it.

A web process never talks to the queue: it leaves a row here, and the job process drains it. So a
mail is sent if, and only if, the change that calls for it was committed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.journal import OutboxEntry
from services.session import changed_rows

TRIES = 8
CLAIMED_FOR = timedelta(minutes=1)


@frozen
class Work:
    """One waiting entry: the task's name and the ids it is about."""

    id: int
    task: str
    data: dict[str, Any]


def ask(session: Session, task: str, at: datetime, **data: int | str) -> None:
    """Leave work for the jobs; `data` holds ids and words, never names or secrets."""
    ask_all(session, task, at, [data])


def ask_all(
    session: Session, task: str, at: datetime, each: Sequence[Mapping[str, int | str]]
) -> None:
    """Leave the same work for each of many, in one statement."""
    rows = [
        {"task": task, "data": dict(data), "created_at": at, "due_at": at, "tries": 0}
        for data in each
    ]
    if rows:
        session.execute(insert(OutboxEntry), rows)


def waiting(session: Session, at: datetime, limit: int = 50) -> list[Work]:
    """The entries that are due, oldest first."""
    rows = session.execute(
        select(OutboxEntry.id, OutboxEntry.task, OutboxEntry.data)
        .where(
            OutboxEntry.done_at.is_(None),
            OutboxEntry.due_at <= at,
            OutboxEntry.tries < TRIES,
        )
        .order_by(OutboxEntry.id)
        .limit(limit)
    )
    return [Work(*row) for row in rows]


def claim(session: Session, entry_id: int, at: datetime, held: timedelta = CLAIMED_FOR) -> bool:
    """Take one entry; False when another worker has it.

    held: how long its work may take; after that it is taken for lost, and done again.
    """
    result = session.execute(
        update(OutboxEntry)
        .where(
            OutboxEntry.id == entry_id,
            OutboxEntry.done_at.is_(None),
            OutboxEntry.due_at <= at,
        )
        .values(tries=OutboxEntry.tries + 1, due_at=at + held)
    )
    return bool(changed_rows(result))


def done(session: Session, entry_id: int, at: datetime) -> None:
    """Mark an entry as carried out."""
    session.execute(
        update(OutboxEntry).where(OutboxEntry.id == entry_id).values(done_at=at, error=None)
    )


def failed(session: Session, entry_id: int, error: str, at: datetime) -> None:
    """Keep the kind of error and try again later, each time after twice as long."""
    tries = session.scalar(select(OutboxEntry.tries).where(OutboxEntry.id == entry_id)) or 1
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.id == entry_id)
        .values(error=error[:200], due_at=at + timedelta(seconds=10 * 2**tries))
    )
