"""A candidate shows once more who they are: by the return code of their application."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.accounts import limiter
from services.actor import Actor
from services.hiring import access, codes


def fits(session: Session, actor: Actor, typed: str, source: limiter.Source, now: datetime) -> bool:
    """Whether this is the return code of the actor's own application.

    The caller commits either way: wrong ones are counted. Raises NotFound and TooMany.
    """
    application = access.own_application(session, actor)
    about = f"code:{application.id}"
    limiter.take(session, about, source, now)
    if not codes.fits(application.id, application.return_code, typed):
        return False
    limiter.forgive(session, about, source, now)
    return True
