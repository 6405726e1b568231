"""Questions that a person wants to see again before handing in. A note to oneself: no journal."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from models.assessment import AttemptFlag, AttemptItem
from services.actor import Actor
from services.assessment.access import own_attempt
from services.assessment.inserting import InsertOnce
from services.errors import Conflict, NotFound

_insert = InsertOnce(AttemptFlag, AttemptFlag.__table__.c.position, ("attempt_id", "position"))


def flag(
    session: Session, actor: Actor, attempt_id: int, position: int, on: bool, now: datetime
) -> None:
    """Flag a question or take the flag away; a repeat changes nothing.

    Raises NotFound for another's attempt or a missing question, Conflict when it is over.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state_at(now) is not AttemptState.RUNNING:
        raise Conflict("This attempt is over.")
    known = session.scalar(
        select(AttemptItem.position).where(
            AttemptItem.attempt_id == attempt_id, AttemptItem.position == position
        )
    )
    if known is None:
        raise NotFound
    if on:
        _insert(session, attempt_id=attempt_id, position=position)
    else:
        session.execute(
            delete(AttemptFlag).where(
                AttemptFlag.attempt_id == attempt_id, AttemptFlag.position == position
            )
        )
