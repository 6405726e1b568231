"""Times of keeping: who is due is told of, and then erased, with nobody having to think of it.

An application is kept for as many days as its candidate agreed to, from the end of the attempt;
one that was never begun, for as many from the end of its invitation. Each step is one conditional
INSERT, so two sweepers at once do it once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.accounts import Erasure, Person
from models.assessment import Attempt
from models.hiring import Application, Invitation, Position
from services import journal, outbox
from services.actor import SYSTEM
from services.admin.erasing import ask_in_time

TOLD_BEFORE = timedelta(days=14)
AT_ONCE = 200  # people in one transaction: the sweeper comes again in half a minute

_DAYS = func.coalesce(Application.retention_days, Position.retention_days)


def sweep(session: Session, now: datetime, left_after_days: int) -> int:
    """Tell of what is due soon and ask for what is due; how many are to be erased.

    left_after_days: after how many days members who were shut out go; 0 keeps them.
    """
    tell(session, now)
    return erase_due(session, now) + erase_left(session, now, left_after_days)


def erase_due(session: Session, now: datetime) -> int:
    """Ask for every candidate whose time of keeping is over."""
    due = _due(session, now, Erasure.asked_at.is_(None))
    return sum(ask_in_time(session, SYSTEM, row.person_id, "retention", now) for row in due)


def erase_left(session: Session, now: datetime, days: int) -> int:
    """Ask for members who were shut out so many days ago; 0 keeps them until an admin asks."""
    if not days:
        return 0
    left = session.scalars(
        select(Person.id)
        .outerjoin(Erasure, Erasure.person_id == Person.id)
        .where(
            Person.kind == "member",
            Person.erased_at.is_(None),
            Person.disabled_at <= now - timedelta(days=days),
            Erasure.asked_at.is_(None),
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    ).all()
    return sum(ask_in_time(session, SYSTEM, person_id, "left", now) for person_id in left)


def tell(session: Session, now: datetime) -> int:
    """Have recruiters told of applications that go within fourteen days; how many are new.

    Whole days are looked ahead, so that a position makes one mail a day at most.
    """
    until = datetime.combine(now.date() + TOLD_BEFORE, time.max, now.tzinfo)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    positions: dict[int, int] = {}
    for row in _due(session, until, Erasure.person_id.is_(None)):
        first = session.execute(
            dialect.insert(Erasure)
            .values(person_id=row.person_id, told_at=now)
            .on_conflict_do_nothing(index_elements=["person_id"])
            .returning(Erasure.person_id)
        ).all()
        if first:
            positions[row.position_id] = positions.get(row.position_id, 0) + 1
            journal.append(session, SYSTEM, "retention.told", "application", row.id, now)
    for position_id in sorted(positions):
        outbox.ask(session, "mail.retention", now, position_id=position_id)
    return sum(positions.values())


def _due(session: Session, now: datetime, still: ColumnElement[bool]) -> Iterator[Any]:
    """Applications whose time is over at `now`: one statement for each length of time in use."""
    lengths: Sequence[int] = session.scalars(
        select(_DAYS).select_from(Application).join(Position).distinct()
    ).all()
    left = AT_ONCE
    for days in sorted(lengths):
        rows = session.execute(
            select(Application.id, Application.person_id, Application.position_id)
            .join(Position, Position.id == Application.position_id)
            .join(Attempt, Attempt.id == Application.attempt_id)
            .join(Invitation, Invitation.application_id == Application.id)
            .join(Person, Person.id == Application.person_id)
            .outerjoin(Erasure, Erasure.person_id == Application.person_id)
            .where(
                literal(days) == _DAYS,
                _over(now - timedelta(days=days)),
                Person.kind == "candidate",
                Person.erased_at.is_(None),
                still,
            )
            .order_by(Application.id)
            .limit(left)
        ).all()
        left -= len(rows)
        yield from rows
        if left <= 0:
            return


def _over(since: datetime) -> ColumnElement[bool]:
    """Ended, or never begun and invited no longer, at least since then."""
    never = Attempt.started_at.is_(None)
    return or_(
        and_(Attempt.started_at.is_not(None), Attempt.ended_at <= since),
        and_(never, or_(Invitation.expires_at <= since, Invitation.revoked_at <= since)),
    )
