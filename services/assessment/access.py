"""Whose attempt it is: loading and guarding are one call. Another's attempt is a missing one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, is_late
from models.assessment import Attempt
from services.actor import Actor
from services.errors import NotFound

GREATEST_ID = 2**63 - 1  # what a database key can be


@dataclass(frozen=True, slots=True)
class OwnAttempt:
    """An attempt of the person who asks."""

    id: int
    purpose: str
    form_key: str
    form_revision_id: int
    lang: str
    state: AttemptState
    lease: int
    limit_s: int | None
    deadline: datetime | None
    ended_at: datetime | None

    def state_at(self, now: datetime) -> AttemptState:
        """The state that counts: an attempt past its time is over before anybody wrote so."""
        if self.state is AttemptState.RUNNING and is_late(now, self.deadline):
            return AttemptState.EXPIRED
        return self.state


_OWN = select(
    Attempt.id,
    Attempt.purpose,
    Attempt.form_key,
    Attempt.form_revision_id,
    Attempt.lang,
    Attempt.state,
    Attempt.lease,
    Attempt.limit_s,
    Attempt.deadline,
    Attempt.ended_at,
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
