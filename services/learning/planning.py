"""A learning plan for somebody new: modules by day, one after the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.learning import Assignment
from services import journal
from services.actor import Actor

EACH_TAKES = timedelta(days=14)


def plan(
    session: Session, actor: Actor, person_id: int, modules: Sequence[str], now: datetime
) -> None:
    """Assign modules to a new learner in their order, two weeks each. The caller guards."""
    for place, key in enumerate(modules, start=1):
        due_on = (now + place * EACH_TAKES).date()
        session.execute(
            insert(Assignment).values(
                person_id=person_id,
                module_key=key,
                due_on=due_on,
                assigned_by=actor.person_id,
                assigned_at=now,
            )
        )
        about = {"module": key, "due_on": due_on.isoformat()}
        journal.append(session, actor, "module.assigned", "person", person_id, now, **about)
