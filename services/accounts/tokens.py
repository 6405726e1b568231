"""Secret links: 32 random bytes, kept as SHA-256, bound to a purpose and an id.

A page that shows a button calls `look`; the POST behind it calls `redeem`, which works once.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Token
from services.errors import Gone, NotFound
from services.session import changed_rows

LIFETIMES = {
    "first_admin": timedelta(days=7),
    "join": timedelta(days=14),
    "reset": timedelta(hours=2),
    "email": timedelta(hours=24),
    "invitation": timedelta(days=3650),  # the invitation's own dates decide
}


@frozen
class Link:
    """A genuine token: what it is for and whether it still works."""

    id: int
    purpose: str
    bound_id: int
    usable: bool
    used: bool


def digest(raw: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(raw.encode()).hexdigest()


def issue(session: Session, purpose: str, bound_id: int, now: datetime) -> str:
    """Make a token and give back the secret: this is the only time it is seen."""
    raw = secrets.token_urlsafe(32)
    session.execute(
        insert(Token).values(
            purpose=purpose,
            bound_id=bound_id,
            digest=digest(raw),
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return raw


def look(session: Session, purpose: str, raw: str, now: datetime) -> Link:
    """Find a token without using it. Forged, cut or foreign ones are all NotFound."""
    row = session.execute(
        select(Token.id, Token.bound_id, Token.expires_at, Token.used_at).where(
            Token.purpose == purpose, Token.digest == digest(raw[:200])
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    usable = row.used_at is None and row.expires_at > now
    return Link(row.id, purpose, row.bound_id, usable, row.used_at is not None)


def redeem(session: Session, purpose: str, raw: str, now: datetime) -> int:
    """Use a token up and give back the id it is bound to; raises NotFound or Gone."""
    link = look(session, purpose, raw, now)
    taken = session.execute(
        update(Token)
        .where(Token.id == link.id, Token.used_at.is_(None), Token.expires_at > now)
        .values(used_at=now)
    )
    if not changed_rows(taken):
        raise Gone("used" if link.used else "expired")
    return link.bound_id


def void(session: Session, purpose: str, bound_id: int, now: datetime) -> None:
    """End all open tokens of one purpose for one id."""
    session.execute(
        update(Token)
        .where(
            Token.purpose == purpose,
            Token.bound_id == bound_id,
            Token.used_at.is_(None),
        )
        .values(used_at=now)
    )
