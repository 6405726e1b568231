"""Addresses that a mail server refused for good, and putting them right.

Only the number of the reply is kept: a server's words may repeat the address.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.accounts import Person
from models.hiring import Application, Invitation
from services import journal
from services.accounts.people import clean_email
from services.actor import SYSTEM, Actor
from services.errors import Conflict
from services.hiring import access, invitations
from services.session import changed_rows


def note(session: Session, invitation_id: int, code: int, now: datetime) -> None:
    """Keep that mail to the invited address was refused; the recruiter sees it from then on."""
    refused = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id)
        .values(refused_at=now, refused_code=code)
    )
    about = session.scalar(select(Invitation.application_id).where(Invitation.id == invitation_id))
    if changed_rows(refused) and about is not None:
        journal.append(session, SYSTEM, "invitation.refused", "application", about, now, code=code)


def clear(session: Session, invitation_id: int) -> None:
    """Mail to the address got through: what was refused before says nothing any more."""
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.refused_at.is_not(None))
        .values(refused_at=None, refused_code=None)
    )


def correct(session: Session, actor: Actor, application_id: int, email: str, now: datetime) -> None:
    """Put another address in the place of a refused one, and invite it by mail.

    Raises Invalid, NotFound; Conflict where the address was invited to this position already, or
    the candidate has agreed: from then on the address is theirs to change.
    """
    access.require_recruiter(actor)
    found = access.application(session, actor, application_id)
    access.lock_position(session, actor, found.position_id)
    cleaned = clean_email(email)
    if found.consented_at is not None:
        raise Conflict("The candidate has agreed already: their address stays.")
    other = session.scalar(
        select(Application.id)
        .join(Person, Person.id == Application.person_id)
        .where(
            Application.position_id == found.position_id,
            Person.email == cleaned,
            Application.id != application_id,
        )
        .limit(1)
    )
    if other is not None:
        raise Conflict("This address was invited to this position already.", other)
    session.execute(update(Person).where(Person.id == found.person_id).values(email=cleaned))
    clear(session, found.invitation_id)
    journal.append(session, actor, "invitation.readdressed", "application", application_id, now)
    # Who has read mail at the old address must not walk in by its link.
    invitations.void_links(session, found.invitation_id, now)
    invitations.resend(session, actor, application_id, now)
