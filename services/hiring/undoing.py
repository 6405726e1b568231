"""Taking a bulk action back, for a day: itself a deed that is written down.

What somebody changed since stays as it is. A decision is never taken out: a new one follows it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.hiring.pipeline import NO_DECISION
from domain.records import frozen
from models.accounts import Person
from models.hiring import Invitation
from models.selection import BulkAction, BulkLine, Candidacy
from services import journal
from services.actor import Actor
from services.errors import Conflict, Forbidden, NotFound
from services.hiring import access, candidacies
from services.hiring.candidacies import Verdict

UNDO_FOR = timedelta(hours=24)
FOR_GOOD = ("remind", "resend")
INVITATIONS = ("revoke", "extend")
UNDONE, NO_WORDS = "undone", "–"


@frozen
class ActionLine:
    """A bulk action that can still be taken back, until then."""

    id: int
    kind: str
    by: str
    count: int
    done_at: datetime
    until: datetime


@frozen
class Undone:
    """How many applications are as they were, and how many somebody has changed since."""

    restored: int
    kept: int


def actions(session: Session, position_id: int, now: datetime) -> tuple[ActionLine, ...]:
    """The bulk actions of a position that can be taken back, the newest first; one statement."""
    rows = session.execute(
        select(
            BulkAction.id,
            BulkAction.kind,
            Person.name,
            func.count(BulkLine.application_id),
            BulkAction.done_at,
        )
        .join(Person, Person.id == BulkAction.person_id)
        .join(BulkLine, BulkLine.action_id == BulkAction.id)
        .where(
            BulkAction.position_id == position_id,
            BulkAction.undone_at.is_(None),
            BulkAction.done_at > now - UNDO_FOR,
            BulkAction.kind.not_in(FOR_GOOD),
        )
        .group_by(BulkAction.id, BulkAction.kind, Person.name, BulkAction.done_at)
        .order_by(BulkAction.id.desc())
        .limit(5)
    )
    return tuple(ActionLine(*row, row[-1] + UNDO_FOR) for row in rows)


def undo(session: Session, actor: Actor, position_id: int, action_id: int, now: datetime) -> Undone:
    """Take a bulk action back, once; a repeat changes nothing.

    Raises NotFound, Forbidden for a manager and an invitation, Conflict when the day is over.
    """
    access.lock_position(session, actor, position_id)
    access.require_key(action_id)
    action = session.scalar(
        select(BulkAction).where(BulkAction.id == action_id, BulkAction.position_id == position_id)
    )
    if action is None:
        raise NotFound
    if action.kind in INVITATIONS and not actor.has("recruiter"):
        raise Forbidden
    if action.kind in FOR_GOOD or action.done_at <= now - UNDO_FOR:
        raise Conflict("This cannot be taken back any more.")
    if action.undone_at is not None:
        return Undone(0, 0)
    rows = session.execute(
        select(BulkLine.application_id, BulkLine.before).where(BulkLine.action_id == action_id)
    )
    before = {row.application_id: row.before for row in rows}
    candidacies.hold(session, before)
    restored = _restore(session, actor, action.kind, action.done_at, before, now)
    session.execute(
        update(BulkAction)
        .where(BulkAction.id == action_id)
        .values(undone_at=now, undone_by=actor.person_id)
    )
    journal.append(
        session, actor, "bulk.undone", "position", position_id, now,
        action=action_id, count=restored,
    )  # fmt: skip
    return Undone(restored, len(before) - restored)


def _restore(
    session: Session,
    actor: Actor,
    kind: str,
    done_at: datetime,
    before: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> int:
    """Bring back what is still as the action left it; how many."""
    match kind:
        case "review":
            there = session.scalars(
                select(Candidacy.application_id).where(
                    Candidacy.application_id.in_(before), Candidacy.review_at == done_at
                )
            ).all()
            candidacies.put(session, {one: {"review_at": None} for one in there})
            journal.append_all(session, actor, "application.review_left", "application", there, now)
            return len(there)
        case "revoke":
            there = session.scalars(
                update(Invitation)
                .where(Invitation.application_id.in_(before), Invitation.revoked_at == done_at)
                .values(revoked_at=None)
                .returning(Invitation.application_id)
            ).all()
            journal.append_all(session, actor, "invitation.restored", "application", there, now)
            return len(there)
        case "extend":
            return _days(session, actor, before, now)
        case _:
            return _decisions(session, actor, before, now)


def _days(
    session: Session, actor: Actor, before: Mapping[int, Mapping[str, Any]], now: datetime
) -> int:
    by_day: dict[tuple[str, str], list[int]] = {}
    for one, was in before.items():
        by_day.setdefault((was["was"], was["now"]), []).append(one)
    restored: list[int] = []
    for (earlier, set_to), ids in by_day.items():
        restored += session.scalars(
            update(Invitation)
            .where(
                Invitation.application_id.in_(ids),
                Invitation.expires_at == datetime.fromisoformat(set_to),
            )
            .values(expires_at=datetime.fromisoformat(earlier))
            .returning(Invitation.application_id)
        )
    journal.append_all(session, actor, "invitation.restored", "application", restored, now)
    return len(restored)


def _decisions(
    session: Session, actor: Actor, before: Mapping[int, Mapping[str, Any]], now: datetime
) -> int:
    """A new decision for each whose newest one is still that of the action."""
    last = candidacies.newest(session, before)
    verdicts = [
        Verdict(one, was["was"] or NO_DECISION, was["decision"])
        for one, was in before.items()
        if last[one][0] == was["decision"]
    ]
    candidacies.decide(session, actor, verdicts, UNDONE, NO_WORDS, now)
    return len(verdicts)
