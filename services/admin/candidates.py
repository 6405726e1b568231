"""Having a candidate erased by the number of the application, as recruiters know them."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.actor import Actor
from services.admin import erasing
from services.hiring import access


def erase(session: Session, actor: Actor, application_id: int, now: datetime) -> int:
    """Ask for the candidate of an application to be erased; gives back the position's number.

    Raises NotFound for an application that the actor may not see, and Forbidden.
    """
    application = access.application(session, actor, application_id)
    erasing.ask_erasure(session, actor, application.person_id, now)
    return application.position_id


def erase_own(session: Session, actor: Actor, now: datetime) -> None:
    """Ask for the actor, a candidate, to be erased; they are signed out everywhere at once."""
    erasing.ask_erasure(session, actor, access.own_application(session, actor).person_id, now)
