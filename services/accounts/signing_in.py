"""Signing in with mail and password.

A check has three steps: `open_check` counts it and loads the hash, `Check.fits` does the slow
hashing with no transaction open, `close_check` keeps the outcome. `sign_in` is all three in one.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Credential, Person
from services import journal
from services.accounts import limiter, passwords, second_factor
from services.accounts.people import Viewer, clean_email, end_sessions, load_viewer
from services.accounts.tokens import void
from services.actor import Actor
from services.errors import Invalid, NotFound


@frozen
class Check:
    """A check of a password that has been counted and waits for its outcome."""

    about: str
    source: limiter.Source
    person_id: int | None
    stored: str | None

    def fits(self, password: str) -> bool:
        """Whether the password is right; the same slow work when nobody is behind the check."""
        return passwords.verify(self.stored, password)


@frozen
class Attempted:
    """The outcome of a check. `viewer` is None when mail and password do not belong together.

    halfway: who gave the right password and has to give a code as well; nobody is in yet.
    """

    viewer: Viewer | None
    halfway: Viewer | None = None


def address_of(raw: str) -> str:
    """What a person typed as their mail, in the form in which addresses are kept."""
    try:
        return clean_email(raw)
    except Invalid:
        return "".join(c for c in raw if c.isprintable()).strip().lower()[:254]


def open_check(session: Session, email: str, source: limiter.Source, now: datetime) -> Check:
    """Count a check of a member's password; raises TooMany before the password is looked at."""
    about = address_of(email)
    return _open(session, about, Person.email == about, source, now)


def open_own_check(session: Session, actor: Actor, source: limiter.Source, now: datetime) -> Check:
    """Count a check of one's own password, asked again before a change that matters."""
    email = session.scalar(select(Person.email).where(Person.id == actor.person_id))
    if email is None:
        raise NotFound
    return _open(session, email, Person.id == actor.person_id, source, now)


def _open(
    session: Session, about: str, who: ColumnElement[bool], source: limiter.Source, now: datetime
) -> Check:
    row = session.execute(
        select(Person.id, Credential.password_hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.kind == "member", who, Person.disabled_at.is_(None))
    ).one_or_none()
    person_id = row.id if row else None
    source = source.seen_by(person_id)
    limiter.take(session, about, source, now)
    return Check(about, source, person_id, row.password_hash if row else None)


def close_own_check(session: Session, check: Check, fits: bool, now: datetime) -> bool:
    """Keep the outcome of a person's own check and give it back."""
    if fits:
        limiter.forgive(session, check.about, check.source, now)
    return fits


def close_check(session: Session, check: Check, fits: bool, now: datetime) -> Attempted:
    """Keep the outcome of a sign-in: the count stands, or it is given back."""
    who = Actor(check.person_id)
    if close_own_check(session, check, fits, now) and check.person_id is not None:
        viewer = load_viewer(session, check.person_id)
        if viewer is not None and viewer.has_factor:
            return Attempted(None, halfway=viewer)
        journal.append(session, who, "sign_in.succeeded", "person", check.person_id, now)
        return Attempted(viewer)
    if check.person_id is not None:
        journal.append(session, who, "sign_in.failed", "person", check.person_id, now)
    return Attempted(None)


def close_code(
    session: Session, halfway: Viewer, typed: str, source: limiter.Source, now: datetime
) -> Attempted:
    """The second half of a sign-in: the code. The caller commits either way; raises TooMany."""
    who = Actor(halfway.id)
    if second_factor.check(session, halfway.id, typed, source, now):
        journal.append(session, who, "sign_in.succeeded", "person", halfway.id, now)
        return Attempted(load_viewer(session, halfway.id))
    journal.append(session, who, "sign_in.failed", "person", halfway.id, now)
    return Attempted(None)


def shortest_of(session: Session, person_id: int) -> int:
    """How long a password of this person must be at least."""
    if second_factor.is_on(session, person_id):
        return passwords.SHORTEST_BESIDE_FACTOR
    return passwords.SHORTEST


def sign_in(
    session: Session, email: str, password: str, source: limiter.Source, now: datetime
) -> Attempted:
    """Check a password in one transaction. An unknown person gets the same answer and work.

    The failed check is counted in the caller's transaction, so the caller commits either way.
    Raises TooMany before the password is looked at.
    """
    check = open_check(session, email, source, now)
    return close_check(session, check, check.fits(password), now)


def set_password(
    session: Session, actor: Actor, person_id: int, password: str, now: datetime
) -> None:
    """Set a new password after checking its strength; sessions and open links of old ones end."""
    passwords.check_strength(password, shortest_of(session, person_id))
    stored, is_short = passwords.hash_password(password), len(password) < passwords.SHORTEST
    credential = session.get(Credential, person_id)
    if credential is None:
        credential = Credential(person_id=person_id, password_hash=stored, changed_at=now)
        session.add(credential)
    credential.password_hash, credential.changed_at = stored, now
    credential.is_short = is_short
    end_sessions(session, person_id)
    for purpose in ("join", "reset"):
        void(session, purpose, person_id, now)
    journal.append(session, actor, "password.changed", "person", person_id, now)
