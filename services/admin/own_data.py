"""Everything that is kept about a person, for themself: each street says what it keeps."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import journal
from services.accounts import keeping as accounts
from services.actor import Actor
from services.assessment import keeping as assessment
from services.competencies import keeping as competencies
from services.errors import NotFound
from services.hiring import keeping as hiring
from services.learning import keeping as learning
from services.marking import keeping as marking


def own_data(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the house keeps about the actor, ready for JSON; noted in the journal.

    Not in it: keys of questions, and what others wrote about the person for themselves.
    """
    me = actor.person_id
    if me is None:
        raise NotFound
    journal.append(session, actor, "own_data.downloaded", "person", me, now)
    return {
        "made_at": now.isoformat(),
        "person": accounts.told(session, me),
        "abilities": competencies.told(session, me),
        "attempts": assessment.told(session, me),
        "contests": marking.told(session, me),
        "learning": learning.told(session, me),
        "applications": hiring.told(session, me),
    }
