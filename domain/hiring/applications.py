"""Where an application stands, as one word that a recruiter reads in a list."""

import datetime as dt
from enum import StrEnum

from domain.assessment.attempts import AttemptState, is_late
from domain.records import frozen


class Stage(StrEnum):
    """In the order in which an application goes through them; expired and revoked end it."""

    INVITED = "invited"
    OPENED = "opened"
    STARTED = "started"
    FINISHED = "finished"
    EXPIRED = "expired"
    REVOKED = "revoked"


@frozen
class Facts:
    """What is kept of an application and its invitation; times are aware, in UTC.

    deadline: when the time of a running attempt is over.
    """

    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    consented_at: dt.datetime | None
    started_at: dt.datetime | None
    attempt_state: str
    deadline: dt.datetime | None


def stage(facts: Facts, now: dt.datetime) -> Stage:
    """Where an application stands now.

    Expiry and revocation stop a start and nothing else: a running attempt is started and an ended
    one finished, whatever became of the invitation. A running attempt past its deadline is read as
    finished before anybody writes that down.
    """
    if facts.started_at is not None:
        running = facts.attempt_state == AttemptState.RUNNING and not is_late(now, facts.deadline)
        return Stage.STARTED if running else Stage.FINISHED
    if facts.revoked_at is not None:
        return Stage.REVOKED
    if facts.expires_at <= now or facts.attempt_state == AttemptState.EXPIRED:
        return Stage.EXPIRED
    return Stage.INVITED if facts.consented_at is None else Stage.OPENED


def kept_until(ended_at: dt.datetime, retention_days: int) -> dt.datetime:
    """Until when the answers and the candidate's own report are kept."""
    return ended_at + dt.timedelta(days=retention_days)
