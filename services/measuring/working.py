"""Heavy work that somebody watches: asked for here, carried out by a job, shown while it lasts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.measuring import Work
from services import journal, outbox
from services.actor import Actor
from services.errors import Conflict
from services.session import changed_rows

OPEN = ("waiting", "running")
LOST_AFTER = timedelta(hours=2)


@frozen
class WorkLine:
    """How far some work is. outcome: numbers, or the kind of error under "failed"."""

    id: int
    state: str
    done: int
    total: int
    asked_at: datetime
    ended_at: datetime | None
    outcome: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


_LINE = (Work.id, Work.state, Work.done, Work.total, Work.asked_at, Work.ended_at, Work.outcome)


def ask(
    session: Session,
    actor: Actor,
    task: str,
    about: str,
    now: datetime,
    *,
    each: bool = False,
    **outcome: int,
) -> int:
    """Leave work for a job and give back its number; the caller has asked whether the actor may.

    outcome: what is known of it already. Raises Conflict while the same work is under way, with
    `each` the same about the same; work that nobody has finished after LOST_AFTER is taken for
    lost.
    """
    session.execute(
        update(Work)
        .where(Work.task == task, Work.state.in_(OPEN), Work.asked_at < now - LOST_AFTER)
        .values(state="failed", ended_at=now, outcome={"failed": "lost"})
    )
    alike = select(Work.id).where(Work.task == task, Work.state.in_(OPEN))
    if each:
        alike = alike.where(Work.about == about)
    if session.scalar(alike.limit(1)) is not None:
        raise Conflict("This work is under way.")
    work_id = session.execute(
        insert(Work)
        .values(
            task=task,
            about=about,
            state="waiting",
            done=0,
            total=0,
            asked_by=actor.person_id,
            asked_at=now,
            outcome=outcome,
        )
        .returning(Work.id)
    ).scalar_one()
    outbox.ask(session, task, now, work_id=work_id)
    journal.append(session, actor, f"{task.partition('.')[0]}.asked", "work", work_id, now)
    return int(work_id)


def newest(session: Session, task: str, *abouts: str) -> WorkLine | None:
    """The work of this kind, about one of these things if any are named, that came last."""
    asked = select(*_LINE).where(Work.task == task)
    if abouts:
        asked = asked.where(Work.about.in_(abouts))
    row = session.execute(asked.order_by(Work.id.desc()).limit(1)).one_or_none()
    return WorkLine(*row) if row else None


def take(session: Session, work_id: int) -> bool:
    """Begin, or begin again what another process left; False for work that has ended."""
    taken = session.execute(
        update(Work).where(Work.id == work_id, Work.state.in_(OPEN)).values(state="running", done=0)
    )
    return bool(changed_rows(taken))


def progress(session: Session, work_id: int, done: int, total: int) -> None:
    """Say how far the work is."""
    session.execute(update(Work).where(Work.id == work_id).values(done=done, total=total))


def end(
    session: Session, work_id: int, state: str, outcome: Mapping[str, Any], at: datetime
) -> bool:
    """Close the work as done or failed, once; what its outcome held before is kept."""
    held = session.scalar(select(Work.outcome).where(Work.id == work_id)) or {}
    ended = session.execute(
        update(Work)
        .where(Work.id == work_id, Work.state == "running")
        .values(state=state, ended_at=at, outcome={**held, **outcome})
    )
    return bool(changed_rows(ended))
