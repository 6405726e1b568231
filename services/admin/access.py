"""Who may see and change the installation: admins, and the house itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Person, PersonRole
from services.actor import SYSTEM_ROLE, Actor
from services.errors import Forbidden


def guard(actor: Actor) -> None:
    """Raise Forbidden for everybody else."""
    if not actor.has("admin", SYSTEM_ROLE):
        raise Forbidden


def hold(session: Session, actor: Actor) -> None:
    """The same before a change of people, asked anew while all admins are held.

    Of two admins who take each other's keys at once, the second is none any more: one always stays.
    """
    guard(actor)
    if actor.has(SYSTEM_ROLE):
        return
    admins = select(PersonRole.person_id).where(PersonRole.role == "admin")
    held = select(Person.id).where(Person.id.in_(admins)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True))
    # A statement of its own: whoever had to wait above sees here what was changed meanwhile.
    still = select(Person.id).where(
        Person.id == actor.person_id, Person.disabled_at.is_(None), Person.id.in_(admins)
    )
    if session.scalar(still) is None:
        raise Forbidden
