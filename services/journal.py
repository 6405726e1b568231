"""What happened, appended in the transaction that made it happen.

The audit page, and later webhooks and notifications, read this. Entries hold ids only.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from models.journal import JournalEntry
from services.actor import Actor

# One number for the whole house: on PostgreSQL ids must commit in the order they were given.
JOURNAL_LOCK = 7_071_984


def append(
    session: Session,
    actor: Actor,
    event: str,
    object_kind: str,
    object_id: int,
    at: datetime,
    **data: int | str | bool | list[int] | None,
) -> None:
    """Note one event, for example `append(s, actor, "attempt.submitted", "attempt", 7, now)`."""
    append_all(session, actor, event, object_kind, [object_id], at, **data)


def append_all(
    session: Session,
    actor: Actor,
    event: str,
    object_kind: str,
    object_ids: Iterable[int],
    at: datetime,
    **data: int | str | bool | list[int] | None,
) -> None:
    """Note the same event for each of many objects, in one statement."""
    rows = [
        {
            "at": at,
            "actor_id": actor.person_id,
            "event": event,
            "object_kind": object_kind,
            "object_id": object_id,
            "data": data,
            "request_id": actor.request_id,
        }
        for object_id in object_ids
    ]
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": JOURNAL_LOCK})
    session.execute(insert(JournalEntry), rows)
