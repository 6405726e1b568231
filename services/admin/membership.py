"""What an admin does to members: let in, change rights, hand over links, shut out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person
from services import journal, outbox
from services.accounts import links, people, second_factor, tokens
from services.actor import Actor
from services.admin import access, erasing
from services.errors import NotFound


@frozen
class Handed:
    """A secret link to hand over: shown once, to the admin who asked for it."""

    person_id: int
    name: str
    email: str
    purpose: str
    raw: str
    lifetime: timedelta


def add(
    session: Session, actor: Actor, name: str, email: str, roles: Iterable[str], now: datetime
) -> Handed:
    """Add a member, mail them a link to join, and give one to the admin as well.

    Raises Invalid for nonsense and Conflict when the address is a member's already.
    """
    access.hold(session, actor)
    person_id = people.add_member(session, actor, name, email, roles, now)
    outbox.ask(session, "mail.join", now, person_id=person_id)
    return hand_over(session, actor, person_id, now)


def hand_over(session: Session, actor: Actor, person_id: int, now: datetime) -> Handed:
    """A new link: to join for whoever has no password yet, else for a new password.

    Raises NotFound for nobody, and for the disabled.
    """
    access.hold(session, actor)
    if people.has_password(session, person_id):
        purpose, raw = "reset", links.issue_reset_link(session, actor, person_id, now)
    else:
        purpose, raw = "join", links.issue_join_link(session, actor, person_id, now)
    name, email = session.execute(
        select(Person.name, Person.email).where(Person.id == person_id)
    ).one()
    return Handed(person_id, name, email or "", purpose, raw, tokens.LIFETIMES[purpose])


def change_roles(
    session: Session, actor: Actor, person_id: int, roles: Iterable[str], now: datetime
) -> None:
    """Replace a member's roles; their sessions end."""
    access.hold(session, actor)
    people.set_roles(session, actor, person_id, roles, now)


def disable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Shut a member out; what they did stays."""
    access.hold(session, actor)
    people.disable(session, actor, person_id, now)


def enable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a disabled member in again."""
    access.hold(session, actor)
    people.enable(session, actor, person_id, now)


def end_sessions(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Sign a member out on every device."""
    access.hold(session, actor)
    _require_member(session, person_id)
    people.end_sessions(session, person_id)
    journal.append(session, actor, "sessions.ended", "person", person_id, now)


def take_factor_away(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Remove the second factor of a member who lost it; where there is none, nothing happens."""
    access.hold(session, actor)
    _require_member(session, person_id)
    if second_factor.is_on(session, person_id):
        second_factor.take_away(session, actor, person_id, now)


def erase(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Ask for a member to be erased for good. Raises NotFound, and Invalid for oneself."""
    access.hold(session, actor)
    _require_member(session, person_id)
    erasing.ask_erasure(session, actor, person_id, now)


def _require_member(session: Session, person_id: int) -> None:
    member = select(Person.id).where(
        Person.id == person_id, Person.kind == "member", Person.erased_at.is_(None)
    )
    if session.scalar(member) is None:
        raise NotFound
