"""Attempts whose time is over: written by the sweeper, or by the next POST that meets one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import GRACE, AttemptState
from models.assessment import Attempt
from services import journal
from services.actor import SYSTEM
from services.assessment.scoring import score
from services.session import changed_rows

BATCH = 50


def expire(session: Session, attempt_id: int, now: datetime) -> bool:
    """End one attempt that is past its deadline and score it as it stands; False for a repeat."""
    return bool(_expire(session, [attempt_id], now))


def expire_due(session: Session, now: datetime) -> int:
    """End up to BATCH attempts that are past their deadline; how many it was."""
    due = session.scalars(
        select(Attempt.id)
        .where(*_due(now))
        .order_by(Attempt.deadline)
        .limit(BATCH)
        # Whoever is at work on an attempt just now will end it.
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    return _expire(session, due, now)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Past the deadline; in a break the clock stands still until `breaks` has written its end."""
    return (
        Attempt.state == AttemptState.RUNNING,
        Attempt.paused_at.is_(None),
        Attempt.deadline < now - GRACE,
    )


def _expire(session: Session, attempt_ids: Sequence[int], now: datetime) -> int:
    ended = [attempt_id for attempt_id in attempt_ids if _end(session, attempt_id, now)]
    for attempt_id in ended:
        score(session, attempt_id, now)
    # The journal last: its lock is the whole house's, and nothing is waited for under it.
    for attempt_id in ended:
        journal.append(session, SYSTEM, "attempt.expired", "attempt", attempt_id, now)
    return len(ended)


def _end(session: Session, attempt_id: int, now: datetime) -> bool:
    ended = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, *_due(now))
        .values(state=AttemptState.EXPIRED, ended_at=Attempt.deadline, open_key=None)
    )
    return bool(changed_rows(ended))
