"""Whose attempt it is: loading and guarding are one call. Another's attempt is a missing one."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, is_late
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from services.actor import Actor
from services.errors import NotFound

GREATEST_ID = 2**63 - 1  # what a database key can be


@frozen
class OwnAttempt:
    """An attempt of the person who asks."""

    id: int
    person_id: int
    purpose: str
    form_key: str
    form_revision_id: int
    lang: str
    state: AttemptState
    lease: int
    limit_s: int | None
    started_at: datetime | None
    deadline: datetime | None
    ended_at: datetime | None
    seen_at: datetime | None
    paused_at: datetime | None

    def state_at(self, now: datetime) -> AttemptState:
        """The state that counts: an attempt past its time is over before anybody wrote so.

        In a break the clock stands still: only what ends the break can find the time to be over.
        """
        resting = self.paused_at is not None
        if self.state is AttemptState.RUNNING and not resting and is_late(now, self.deadline):
            return AttemptState.EXPIRED
        return self.state


_OWN = select(
    Attempt.id,
    Attempt.person_id,
    Attempt.purpose,
    Attempt.form_key,
    Attempt.form_revision_id,
    Attempt.lang,
    Attempt.state,
    Attempt.lease,
    Attempt.limit_s,
    Attempt.started_at,
    Attempt.deadline,
    Attempt.ended_at,
    Attempt.seen_at,
    Attempt.paused_at,
)


def own_attempt(
    session: Session, actor: Actor, attempt_id: int, *, lock: bool = False
) -> OwnAttempt:
    """The attempt, if it is the actor's; raises NotFound.

    lock: hold it until the transaction ends, so that its state cannot change meanwhile.
    """
    if actor.person_id is None or attempt_id > GREATEST_ID:
        raise NotFound
    statement = _OWN.where(Attempt.id == attempt_id, Attempt.person_id == actor.person_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    fields = row._asdict()
    return OwnAttempt(**{**fields, "state": AttemptState(fields["state"])})


@frozen
class Clock:
    """The clock of an attempt that is held until the transaction ends, whoever's it is."""

    id: int
    person_id: int
    form_revision_id: int
    state: AttemptState
    limit_s: int | None
    deadline: datetime | None
    paused_at: datetime | None

    def state_at(self, now: datetime) -> AttemptState:
        """See `OwnAttempt.state_at`."""
        resting = self.paused_at is not None
        if self.state is AttemptState.RUNNING and not resting and is_late(now, self.deadline):
            return AttemptState.EXPIRED
        return self.state

    def ends_after(self, seconds: int) -> datetime | None:
        """The deadline, so many seconds later; None without a clock."""
        return self.deadline + timedelta(seconds=seconds) if self.deadline else None


_CLOCK = select(
    Attempt.id,
    Attempt.person_id,
    Attempt.form_revision_id,
    Attempt.state,
    Attempt.limit_s,
    Attempt.deadline,
    Attempt.paused_at,
)


def clock_of(session: Session, attempt_id: int) -> Clock:
    """The clock of any attempt, held; the caller has guarded it. Raises NotFound."""
    return _clock(session, _CLOCK, attempt_id)


def learners_clock(session: Session, attempt_id: int) -> Clock:
    """The same for the attempts that trainers see: a member's, not a candidate's."""
    theirs = _CLOCK.join(Person, Person.id == Attempt.person_id).where(
        Person.kind == "member", Attempt.purpose != "hiring"
    )
    return _clock(session, theirs, attempt_id)


def _clock(session: Session, statement: Select[*tuple[Any, ...]], attempt_id: int) -> Clock:
    if attempt_id > GREATEST_ID:
        raise NotFound
    row = session.execute(
        statement.where(Attempt.id == attempt_id).with_for_update(key_share=True, of=Attempt.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    fields = row._asdict()
    return Clock(**{**fields, "state": AttemptState(fields["state"])})
