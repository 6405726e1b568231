"""Signs of life of a page, every ten seconds; a drop of the line between two of them is credited.

The server measures, by its own clock. Saves are signs of life too, by the time that they came.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import GRACE, AttemptState, remaining_seconds
from domain.assessment.clocks import DROP_S, drop_credit
from domain.records import frozen
from models.assessment import Answer, Attempt
from services.actor import Actor
from services.assessment.access import GREATEST_ID, clock_of, own_attempt
from services.assessment.breaks import end_if_over
from services.assessment.expiry import expire
from services.assessment.grants import DROP, grant, granted
from services.errors import Conflict, Invalid, NotFound
from services.prepared import Prepared
from services.session import keep


class Heard(StrEnum):
    """alive: go on. stale: another device has the attempt. over: it has ended. resting: a break."""

    ALIVE = "alive"
    STALE = "stale"
    OVER = "over"
    RESTING = "resting"


@frozen
class Beat:
    """What a page is told: the seconds of its whole clock, and those just credited for a drop."""

    heard: Heard
    seconds_left: int | None
    credited_s: int = 0


# The usual beat is one statement: it runs, under this lease, and was heard of a moment ago.
_attempt = Attempt.__table__.c
_ALIVE = Prepared(
    update(Attempt.__table__)  # type: ignore[arg-type]  # the plain table of a mapped class
    .where(
        _attempt.id == bindparam("attempt"),
        _attempt.person_id == bindparam("person"),
        _attempt.lease == bindparam("held"),
        _attempt.state == AttemptState.RUNNING.value,
        _attempt.paused_at.is_(None),
        _attempt.seen_at > bindparam("recently"),
        _attempt.deadline.is_(None) | (_attempt.deadline >= bindparam("latest")),
    )
    .values(seen_at=bindparam("now"))
    .returning(_attempt.deadline),
    [_attempt.deadline],
)


def beat(
    session: Session, actor: Actor, attempt_id: int, lease: int, now: datetime, away_s: int = 0
) -> Beat:
    """Note a sign of life; credit the drop that it ends.

    away_s: for how long the page was out of sight since its last sign, as it says: no drop.

    Raises NotFound for another's attempt, Conflict before the start, and Invalid for a lease that
    was never given.
    """
    if actor.person_id is None or attempt_id > GREATEST_ID:
        raise NotFound
    told = {
        "attempt": attempt_id,
        "person": actor.person_id,
        "held": lease,
        "recently": now - timedelta(seconds=DROP_S),
        "latest": now - GRACE,
        "now": now,
    }
    if rows := keep(session, _ALIVE, told):
        return Beat(Heard.ALIVE, remaining_seconds(now, rows[0].deadline))
    return _with_care(session, actor, attempt_id, lease, now, away_s)


def _with_care(
    session: Session, actor: Actor, attempt_id: int, lease: int, now: datetime, away_s: int
) -> Beat:
    """The first beat, a drop, a break, an older window, the end."""
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state is AttemptState.CREATED:
        raise Conflict("This attempt has not begun yet.")
    if lease > attempt.lease:
        raise Invalid(fields={"lease": "was not given yet; reload the page"})
    rested = attempt.paused_at is not None
    if rested:
        if not end_if_over(session, attempt_id, now):
            return Beat(
                Heard.RESTING, remaining_seconds(attempt.paused_at or now, attempt.deadline)
            )
        attempt = own_attempt(session, actor, attempt_id)
    if attempt.state_at(now) is not AttemptState.RUNNING:
        if not rested:
            expire(session, attempt_id, now)
        return Beat(Heard.OVER, 0)
    if lease < attempt.lease:
        return Beat(Heard.STALE, remaining_seconds(now, attempt.deadline))
    credited = 0
    if attempt.seen_at is not None and attempt.deadline is not None:
        credited = _credit(session, actor, attempt_id, attempt.seen_at, now, away_s)
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(seen_at=now))
    left = remaining_seconds(now, attempt.deadline)
    return Beat(Heard.ALIVE, None if left is None else left + credited, credited)


def _credit(
    session: Session,
    actor: Actor,
    attempt_id: int,
    seen_at: datetime,
    now: datetime,
    away_s: int,
) -> int:
    """Give back the seconds that the line was away since the page was last heard of."""
    saves = session.scalars(
        select(Answer.received_at).where(
            Answer.attempt_id == attempt_id, Answer.received_at > seen_at
        )
    )
    signs = [seen_at, *(sign for sign in saves if sign < now), now]
    seconds = drop_credit(signs, granted(session, attempt_id, DROP)[1], away_s)
    if seconds:
        grant(session, actor, clock_of(session, attempt_id), DROP, seconds, now)
    return seconds
