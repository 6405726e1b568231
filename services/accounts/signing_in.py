"""Signing in with mail and password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Credential, Person
from services import journal
from services.accounts import limiter, passwords
from services.accounts.people import Viewer, load_viewer
from services.actor import Actor


@dataclass(frozen=True, slots=True)
class Attempted:
    """The outcome of a check. `viewer` is None when mail and password do not belong together."""

    viewer: Viewer | None


def sign_in(
    session: Session, email: str, password: str, source: limiter.Source, now: datetime
) -> Attempted:
    """Check a password. An unknown person gets the same answer for the same work.

    The failed check is counted in the caller's transaction, so the caller commits either way.
    Raises TooMany before the password is looked at.
    """
    about = email.strip().lower()[:254]
    limiter.check(session, about, source, now)
    row = session.execute(
        select(Person.id, Credential.password_hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.kind == "member", Person.email == about, Person.disabled_at.is_(None))
    ).one_or_none()
    fits = passwords.verify(row.password_hash if row else None, password)
    viewer = load_viewer(session, row.id) if row and fits else None
    if viewer is None:
        limiter.failed(session, about, source, now)
        if row:
            journal.append(session, Actor(row.id), "sign_in.failed", "person", row.id, now)
        return Attempted(None)
    journal.append(session, Actor(viewer.id), "sign_in.succeeded", "person", viewer.id, now)
    return Attempted(viewer)


def set_password(
    session: Session, actor: Actor, person_id: int, password: str, now: datetime
) -> None:
    """Set a new password after checking its strength."""
    passwords.check_strength(password)
    stored = passwords.hash_password(password)
    credential = session.get(Credential, person_id)
    if credential is None:
        session.add(Credential(person_id=person_id, password_hash=stored, changed_at=now))
    else:
        credential.password_hash, credential.changed_at = stored, now
    journal.append(session, actor, "password.changed", "person", person_id, now)
