"""Coming in by a secret link: the first admin, a new member, a forgotten password."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person, PersonRole
from services import journal, outbox
from services.accounts import limiter, tokens
from services.accounts.passwords import SHORTEST
from services.accounts.people import Viewer, add_member, load_viewer
from services.accounts.signing_in import address_of, set_password, shortest_of
from services.actor import SYSTEM, Actor
from services.errors import Gone


@frozen
class Holder:
    """The person whom a link is for. shortest: how long their new password must be at least."""

    name: str
    email: str
    shortest: int = SHORTEST


def holder(session: Session, purpose: str, raw: str, now: datetime) -> Holder:
    """Who may use this join or reset link; raises NotFound or Gone, and uses nothing up."""
    link = tokens.look(session, purpose, raw, now)
    if not link.usable:
        raise Gone("used" if link.used else "expired")
    row = session.execute(
        select(Person.name, Person.email).where(
            Person.id == link.bound_id, Person.disabled_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise Gone("revoked")
    return Holder(row.name, row.email or "", shortest_of(session, link.bound_id))


def look_at_first(session: Session, raw: str, now: datetime) -> None:
    """Whether the first admin's link still works; raises NotFound or Gone.

    It ends as soon as there is an admin, however they came to be one.
    """
    link = tokens.look(session, "first_admin", raw, now)
    if not link.usable:
        raise Gone("used" if link.used else "expired")
    if session.scalar(select(PersonRole.person_id).where(PersonRole.role == "admin").limit(1)):
        raise Gone("revoked")


def make_first_admin(
    session: Session, raw: str, name: str, email: str, password: str, now: datetime
) -> Viewer:
    """Make the first admin, once, and give them back to be signed in.

    Raises NotFound or Gone for the link, Invalid or Conflict for what was typed.
    """
    look_at_first(session, raw, now)
    tokens.redeem(session, "first_admin", raw, now)
    person_id = add_member(session, SYSTEM, name, email, ("admin",), now)
    return _entered(session, person_id, password, now)


def join(session: Session, raw: str, password: str, now: datetime) -> Viewer:
    """Choose the first password by a join link, once; the person is then signed in."""
    person_id = tokens.redeem(session, "join", raw, now)
    viewer = _entered(session, person_id, password, now)
    journal.append(session, Actor(person_id), "person.joined", "person", person_id, now)
    return viewer


def reset(session: Session, raw: str, password: str, now: datetime) -> None:
    """Set a new password by a reset link, once. Every session of the person ends."""
    person_id = tokens.redeem(session, "reset", raw, now)
    _entered(session, person_id, password, now)


def _entered(session: Session, person_id: int, password: str, now: datetime) -> Viewer:
    set_password(session, Actor(person_id), person_id, password, now)
    viewer = load_viewer(session, person_id)
    if viewer is None:
        raise Gone("revoked")  # disabled since the link was made
    return viewer


def ask_reset(session: Session, email: str, source: limiter.Source, now: datetime) -> None:
    """Ask for a mail with a reset link. Known or not, the work and the rows are the same.

    Each request counts as a failed check, so that nobody can fill another's mailbox.
    Raises TooMany.
    """
    about = address_of(email)
    limiter.take(session, f"reset:{about}", source.seen_by(None), now)
    person_id = session.scalar(
        select(Person.id).where(
            Person.kind == "member", Person.email == about, Person.disabled_at.is_(None)
        )
    )
    outbox.ask(session, "mail.reset", now, person_id=person_id or 0)  # 0 is nobody: no mail
