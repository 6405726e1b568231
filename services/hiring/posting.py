"""The job's side of a letter: handed to the mail server once, and what came of it written down.

That it is about to be handed over is committed before the mail server hears a word. A job that
dies in between leaves that line as the newest one, and whoever takes the work up sends nothing: a
person decides whether it goes again. It then carries the same number (Message-ID), so that mail
servers and readers know a second copy for what it is.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from config import Settings
from domain.hiring import posting
from domain.records import frozen
from gateways.mail import Message
from models.accounts import FreeText, Person
from models.hiring import Application
from models.journal import JournalEntry
from models.selection import Letter
from services import journal
from services.actor import SYSTEM
from services.mailing import Undeliverable, deliver
from services.session import writing


@frozen
class Happened:
    """The newest thing that happened to a letter."""

    event: str
    at: datetime


def newest(session: Session, application_id: int, decision_id: int) -> Happened | None:
    """What happened last to the letter about a decision; None before anything did."""
    rows = session.execute(
        select(JournalEntry.event, JournalEntry.at, JournalEntry.data)
        .where(
            JournalEntry.object_kind == "application",
            JournalEntry.object_id == application_id,
            JournalEntry.event.in_(posting.EVENTS),
        )
        .order_by(JournalEntry.id.desc())
    )
    for row in rows:
        if (row.data or {}).get("decision") == decision_id:
            return Happened(row.event, row.at)
    return None


def post(letter_id: int, settings: Settings, clock: Callable[[], datetime]) -> bool:
    """Send a letter, unless it was handed over before; opens its own transactions.

    Whether it went out. A mail server that takes nothing now raises as ever, for another try.
    """
    with writing() as session:
        message = hand_over(session, letter_id, clock())
    if message is None:
        return False
    try:
        deliver(settings, message)
    except Undeliverable as error:
        with writing() as session:
            _note(session, letter_id, posting.REFUSED, clock(), code=error.code)
        return False
    except Exception:  # whatever it was: the letter stayed here
        with writing() as session:
            _note(session, letter_id, posting.FAILED, clock())
        raise
    with writing() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(sent_at=clock()))
        _note(session, letter_id, posting.SENT, clock())
    return True


_SUBJECT, _BODY = aliased(FreeText), aliased(FreeText)


def hand_over(session: Session, letter_id: int, now: datetime) -> Message | None:
    """The mail of a letter, from now on in the hands of the caller; None where it must not go.

    That is: when it was sent, when nobody is there to read it, or when somebody has it already.
    """
    session.execute(select(Letter.id).where(Letter.id == letter_id).with_for_update())
    row = session.execute(
        select(
            Letter.application_id,
            Letter.decision_id,
            Letter.asked_at,
            _SUBJECT.body.label("subject"),
            _BODY.body.label("body"),
            Person.email,
        )
        .join(_SUBJECT, _SUBJECT.id == Letter.subject_id)
        .join(_BODY, _BODY.id == Letter.body_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Person, Person.id == Application.person_id)
        .where(Letter.id == letter_id, Letter.sent_at.is_(None))
    ).one_or_none()
    if row is None or not row.email:
        return None
    last = newest(session, row.application_id, row.decision_id)
    if last is not None and last.event not in posting.GOES:
        if last.event == posting.HANDED:
            _note(session, letter_id, posting.UNKNOWN, now)
        return None
    _note(session, letter_id, posting.HANDED, now)
    key = f"letter-{letter_id}-{row.asked_at:%Y%m%dT%H%M%S%f}"
    return Message(to=row.email, subject=row.subject, text=row.body + "\n", html=None, key=key)


def _note(session: Session, letter_id: int, event: str, now: datetime, **more: int) -> None:
    about = session.execute(
        select(Letter.application_id, Letter.decision_id).where(Letter.id == letter_id)
    ).one()
    journal.append(
        session, SYSTEM, event, "application", about.application_id, now,
        decision=about.decision_id, **more,
    )  # fmt: skip
