"""Breaks: the clock stands still while the questions are out of sight.

A break ends when the person goes on, or by itself when its minutes are over: then whoever comes
first writes its end, the person's next request or the sweeper.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.assessment.clocks import break_seconds, is_break_over
from models.assessment import Attempt
from services import journal
from services.actor import SYSTEM, Actor
from services.assessment.access import Clock, clock_of, own_attempt
from services.assessment.grants import BREAK, grant, granted
from services.assessment.rules import rules_of
from services.errors import Conflict

BATCH = 200


def start(session: Session, actor: Actor, attempt_id: int, now: datetime) -> None:
    """Begin a break; a repeat changes nothing. Raises NotFound, and Conflict where none is left."""
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state_at(now) is not AttemptState.RUNNING or attempt.deadline is None:
        raise Conflict("No clock runs that a break could stop.")
    if attempt.paused_at is not None:
        return
    if granted(session, attempt_id, BREAK)[0] >= rules_of(session, attempt.form_revision_id).breaks:
        raise Conflict("All breaks are taken.")
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(paused_at=now))
    journal.append(session, actor, "attempt.paused", "attempt", attempt_id, now)


def end(session: Session, actor: Actor, attempt_id: int, now: datetime) -> None:
    """Go on after a break; a repeat changes nothing. Raises NotFound for another's attempt."""
    own_attempt(session, actor, attempt_id, lock=True)
    _end(session, actor, clock_of(session, attempt_id), now)


def end_if_over(session: Session, attempt_id: int, now: datetime) -> bool:
    """End the break of an attempt that the caller holds, if its minutes are over.

    It writes to the journal, so whoever finds the time to be over now leaves the end to others.
    """
    clock = clock_of(session, attempt_id)
    if clock.paused_at is None or not _is_over(session, clock, now):
        return False
    _end(session, SYSTEM, clock, now)
    return True


def end_due(session: Session, now: datetime) -> int:
    """End up to BATCH breaks whose minutes are over; how many it was."""
    resting = session.scalars(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.RUNNING, Attempt.paused_at.is_not(None))
        .order_by(Attempt.id)
        .limit(BATCH)
        # All are held before the first is written: nothing is waited for under the journal's lock.
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    return sum(end_if_over(session, attempt_id, now) for attempt_id in resting)


def _is_over(session: Session, clock: Clock, now: datetime) -> bool:
    assert clock.paused_at is not None  # the callers ask those that rest only
    minutes = rules_of(session, clock.form_revision_id).break_minutes
    return is_break_over(clock.paused_at, now, minutes)


def _end(session: Session, actor: Actor, clock: Clock, now: datetime) -> None:
    if clock.paused_at is None or clock.state is not AttemptState.RUNNING:
        return
    minutes = rules_of(session, clock.form_revision_id).break_minutes
    seconds = break_seconds(clock.paused_at, now, minutes)
    # The break is over: the silence of the page during it was no drop of the line.
    session.execute(
        update(Attempt).where(Attempt.id == clock.id).values(paused_at=None, seen_at=now)
    )
    grant(session, actor, clock, BREAK, seconds, now, since=clock.paused_at)
