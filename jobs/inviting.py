"""Invitations: reminders that are due, tables of candidates, tables nobody came back to."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.hiring import importing, reminding
from services.session import reading, writing

LASTS = timedelta(minutes=10)


def sweep(now: datetime) -> None:
    """Ask for reminders that are due, and drop tables that were read and never used."""
    with reading() as session:
        due = reminding.due_now(session, now)
    if due:
        with writing() as session:
            reminding.ask(session, due, now)
    with reading() as session:
        stale = importing.stale(session, now)
    if stale:
        with writing() as session:
            importing.drop_stale(session, stale, now)


def invite_rows(data: Mapping[str, Any]) -> None:
    """Invite the rows of a table, a piece in each transaction, until none is left."""
    import_id = int(data["import_id"])
    while True:
        with writing() as session:
            if not importing.invite_some(session, import_id, datetime.now(UTC)):
                return


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {"invitations.import": invite_rows}
