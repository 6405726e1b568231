"""Secret links as people hold them: where they lead, and handing one over without mail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Person
from services import journal
from services.accounts import tokens
from services.accounts.people import has_password
from services.actor import SYSTEM_ROLE, Actor
from services.errors import Conflict, Forbidden, NotFound

# Where each purpose is redeemed; a test holds these against the routes.
PATHS = {
    "first_admin": "/account/first/",
    "join": "/account/join/",
    "reset": "/account/reset/",
    "email": "/account/email/",
}


def address(base_url: str, purpose: str, raw: str) -> str:
    """The whole address of a secret link, for a mail or for the person who hands it over."""
    return f"{base_url}{PATHS[purpose]}{raw}"


def issue_join_link(session: Session, actor: Actor, person_id: int, now: datetime) -> str:
    """The secret of the link with which a new member chooses a password, for an admin to hand over.

    Raises Conflict when the member has a password already: then it is a reset.
    """
    member = _member(session, actor, person_id)
    if has_password(session, member):
        raise Conflict("This person has joined already. Hand over a link for a new password.")
    return _issue(session, actor, "join", member, now)


def issue_reset_link(session: Session, actor: Actor, person_id: int, now: datetime) -> str:
    """The secret of the link with which a member sets a new password, for an admin to hand over."""
    return _issue(session, actor, "reset", _member(session, actor, person_id), now)


def issue_email_link(session: Session, actor: Actor, now: datetime) -> str:
    """The secret of the link that confirms the actor's own new mail address, where no mail goes."""
    if actor.person_id is None:
        raise NotFound
    return _issue(session, actor, "email", actor.person_id, now)


def _issue(session: Session, actor: Actor, purpose: str, person_id: int, now: datetime) -> str:
    journal.append(session, actor, "link.handed_over", "person", person_id, now, purpose=purpose)
    return tokens.issue(session, purpose, person_id, now)


def _member(session: Session, actor: Actor, person_id: int) -> int:
    if not actor.has("admin", SYSTEM_ROLE):
        raise Forbidden
    found = session.scalar(
        select(Person.id).where(
            Person.id == person_id, Person.kind == "member", Person.disabled_at.is_(None)
        )
    )
    if found is None:
        raise NotFound
    return found
