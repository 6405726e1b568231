"""Handing in: an attempt ends once, and is scored in the transaction that ends it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from models.assessment import Attempt
from services import journal
from services.actor import Actor
from services.assessment.access import own_attempt
from services.assessment.expiry import expire
from services.assessment.scoring import score
from services.errors import Conflict
from services.session import changed_rows


def submit(session: Session, actor: Actor, attempt_id: int, now: datetime) -> AttemptState:
    """End the actor's attempt and give back how it ended; a repeat gives the first outcome.

    After the deadline it ends as expired, with the answers as they stand.
    Raises NotFound for another's attempt, and Conflict for one that has not begun or is resting.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.paused_at is not None:
        raise Conflict("You are taking a break. End it first.")
    state = attempt.state_at(now)
    if state is AttemptState.CREATED:
        raise Conflict("This attempt has not begun yet.")
    if state is AttemptState.EXPIRED:
        expire(session, attempt_id, now)
        return state
    ended = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.RUNNING)
        .values(state=AttemptState.SUBMITTED, ended_at=now, open_key=None)
    )
    if changed_rows(ended):
        score(session, attempt_id, now)
        journal.append(session, actor, "attempt.submitted", "attempt", attempt_id, now)
    return AttemptState.SUBMITTED
