"""The mail that says which applications are about to be erased; it names none of the candidates."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateways.mail import Message
from models.accounts import Erasure, Person
from models.hiring import Application, Invitation, Position
from services.accounts.mails import written


def compose_notice(
    session: Session, position_id: int, now: datetime, base_url: str
) -> Message | None:
    """To whoever invited last for the position; None when nothing is left to tell.

    now: unused; every composing function takes it.
    """
    waiting = (
        select(func.count(Application.id))
        .join(Erasure, Erasure.person_id == Application.person_id)
        .where(Application.position_id == position_id, Erasure.asked_at.is_(None))
    )
    title, count = session.execute(
        select(Position.title, waiting.scalar_subquery()).where(Position.id == position_id)
    ).one()
    reader = _reader(session, position_id)
    if reader is None or not reader.email or not count:
        return None
    return written(
        "retention",
        reader.email,
        reader,
        position=title,
        count=count,
        link=f"{base_url}/hiring/positions/{position_id}",
        site=base_url,
    )


def _reader(session: Session, position_id: int) -> Person | None:
    """Whoever invited last and is still here, else whoever opened the position."""
    here = Person.disabled_at.is_(None)
    invited = session.scalar(
        select(Person)
        .join(Invitation, Invitation.invited_by == Person.id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.position_id == position_id, here)
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    if invited is not None:
        return invited
    return session.scalar(
        select(Person).join(Position, Position.created_by == Person.id).where(
            Position.id == position_id, here
        )
    )  # fmt: skip
