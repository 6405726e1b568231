"""Whether questions of the test are harder for one group than for equals in another (DIF).

Asked for here, worked out by services/hiring/harder_run.py in a process of its own.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from services.actor import Actor
from services.hiring import access
from services.measuring import working
from services.measuring.working import WorkLine

TASK = "fairness.dif"


def ask(session: Session, actor: Actor, now: datetime) -> int:
    """Ask for a look at the questions, for recruiters; raises Conflict while one is under way."""
    access.require_recruiter(actor)
    return working.ask(session, actor, TASK, "company", now)


def newest(session: Session) -> WorkLine | None:
    """The look that was asked for last. outcome: "looks", a list of what `harder_run.run` found."""
    return working.newest(session, TASK)
