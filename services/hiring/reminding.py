"""Reminders of invitations that nobody used: by the position's rules, or by hand.

The row of a reminder is its key: whoever inserts it asks for the mail, in the same transaction, so
that two sweepers ask once. It stops when the candidate began, the invitation ended or was taken
back, and while the address is known to be refused.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.hiring.reminding import BEFORE, BY_HAND, LATE, SILENCE, Due, due
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Invitation, InvitationReminder, Position
from services import journal, outbox
from services.actor import Actor
from services.assessment.inserting import InsertOnce
from services.errors import Conflict, Invalid
from services.hiring import access

MOST_AT_ONCE = 200
DAY = timedelta(days=1)
_insert = InsertOnce(
    InvitationReminder,
    InvitationReminder.__table__.c.invitation_id,
    ("invitation_id", "rule", "due_on", "asked_at"),
)


@frozen
class Reminder:
    """What is due for one invitation; two rules that name one day make one mail."""

    invitation_id: int
    application_id: int
    due: tuple[Due, ...]


def due_now(session: Session, now: datetime) -> list[Reminder]:
    """Reminders that the rules make due now and nobody has asked for; up to MOST_AT_ONCE.

    Only reads, so that the sweeper holds no lock while it looks.
    """
    windows = _windows(session, now)
    found: list[Reminder] = []
    after = 0
    while windows and len(found) < MOST_AT_ONCE:
        rows = session.execute(
            select(
                Invitation.id,
                Invitation.created_at,
                Invitation.expires_at,
                Invitation.application_id,
                Position.reminders,
            )
            .join(Application, Application.id == Invitation.application_id)
            .join(Attempt, Attempt.id == Application.attempt_id)
            .join(Person, Person.id == Application.person_id)
            .join(Position, Position.id == Application.position_id)
            .where(Invitation.id > after, *_waiting(now), or_(*windows))
            .order_by(Invitation.id)
            .limit(MOST_AT_ONCE)
        ).all()
        known = _known(session, [row.id for row in rows])
        for row in rows:
            rules = due(row.reminders, row.created_at, row.expires_at, now)
            fresh = tuple(one for one in rules if (row.id, one.rule, one.due_on) not in known)
            if fresh:
                found.append(Reminder(row.id, row.application_id, fresh))
        if len(rows) < MOST_AT_ONCE:
            break
        after = rows[-1].id
    return found


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Invitations that a reminder may be about."""
    return (
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
        Invitation.refused_at.is_(None),
        Attempt.started_at.is_(None),
        Person.email.is_not(None),
    )


def _windows(session: Session, now: datetime) -> list[ColumnElement[bool]]:
    """One condition for each rule of the open positions: when an invitation is near its day."""
    positions: dict[tuple[str, int], list[int]] = {}
    for row in session.execute(
        select(Position.id, Position.reminders).where(Position.state == "open")
    ):
        for rule in (BEFORE, SILENCE):
            for days in row.reminders.get(rule, ()):
                positions.setdefault((rule, int(days)), []).append(row.id)
    windows = []
    for (rule, days), ids in positions.items():
        shift = timedelta(days=days if rule == BEFORE else -days)
        moment = Invitation.expires_at if rule == BEFORE else Invitation.created_at
        near = moment.between(now + shift - LATE - DAY, now + shift + DAY)
        windows.append(and_(Application.position_id.in_(ids), near))
    return windows


def _known(session: Session, invitation_ids: list[int]) -> set[tuple[int, str, date]]:
    rows = session.execute(
        select(
            InvitationReminder.invitation_id, InvitationReminder.rule, InvitationReminder.due_on
        ).where(InvitationReminder.invitation_id.in_(invitation_ids))
    )
    return {(row[0], row[1], row[2]) for row in rows}


def ask(session: Session, reminders: Iterable[Reminder], now: datetime) -> int:
    """Ask for the mails, each once whoever else asks at the same time; how many that is."""
    asked = 0
    reminders = list(reminders)
    by_hand = set(
        session.scalars(
            select(InvitationReminder.invitation_id).where(
                InvitationReminder.invitation_id.in_([one.invitation_id for one in reminders]),
                reminded_by_hand(now),
            )
        )
    )
    for reminder in reminders:
        fresh = [
            _insert(
                session,
                invitation_id=reminder.invitation_id,
                rule=one.rule,
                due_on=one.due_on,
                asked_at=now,
            )
            for one in reminder.due
        ]
        # Reminded by hand today: the rule is kept by that mail, and no second one follows.
        if any(fresh) and reminder.invitation_id not in by_hand:
            outbox.ask(session, "mail.reminder", now, invitation_id=reminder.invitation_id)
            asked += 1
    return asked


def reminded_by_hand(now: datetime) -> ColumnElement[bool]:
    """Rows of reminders that somebody sent by hand today."""
    return and_(InvitationReminder.rule == BY_HAND, InvitationReminder.due_on == now.date())


def note_by_hand(session: Session, invitation_ids: list[int], now: datetime) -> list[int]:
    """Note reminders by hand for many; gives back those that nobody has sent today."""
    return [
        one
        for one in invitation_ids
        if _insert(session, invitation_id=one, rule=BY_HAND, due_on=now.date(), asked_at=now)
        is not None
    ]


def remind(session: Session, actor: Actor, application_id: int, now: datetime) -> bool:
    """Remind one candidate by hand, once a day at most; False where today's is out already.

    Raises Invalid without an address, and Conflict where nothing waits: begun, ended, taken back.
    """
    access.require_recruiter(actor)
    found = access.application(session, actor, application_id)
    if found.email is None:
        raise Invalid(fields={"by_mail": "this candidate has no mail address"})
    over = found.revoked_at is not None or found.expires_at <= now
    if over or found.started_at is not None:
        raise Conflict(
            "There is nothing to remind of: the assessment has begun, or the link ended."
        )
    if not note_by_hand(session, [found.invitation_id], now):
        return False
    outbox.ask(session, "mail.reminder", now, invitation_id=found.invitation_id)
    journal.append(session, actor, "invitation.reminded", "application", application_id, now)
    return True
