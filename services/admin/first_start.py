"""What an installation needs at its start: a first admin, and to know whose content it holds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import PersonRole
from models.library import Publication
from services.accounts import tokens

PURPOSE = "first_admin"


def first_link(session: Session, now: datetime) -> str | None:
    """The secret of a link that makes the first admin; None as soon as there is one.

    Only the newest link works: an older one may have stood in somebody's scrollback.
    """
    if session.scalar(select(PersonRole.person_id).where(PersonRole.role == "admin").limit(1)):
        return None
    tokens.void(session, PURPOSE, 0, now)
    return tokens.issue(session, PURPOSE, 0, now)


def library_mark(session: Session) -> str:
    """A word for the newest publication, by which this database knows itself again; '' if empty."""
    newest = select(Publication.id, Publication.published_at).order_by(Publication.id.desc())
    row = session.execute(newest.limit(1)).one_or_none()
    return _mark(row.id, row.published_at) if row else ""


def holds_mark(session: Session, mark: str) -> bool:
    """Whether this database made the publication of that mark: another or a new one did not."""
    number = mark.partition("@")[0]
    if not number.isdecimal():
        return False
    at = session.scalar(select(Publication.published_at).where(Publication.id == int(number)))
    return at is not None and _mark(int(number), at) == mark


def _mark(publication_id: int, at: datetime) -> str:
    return f"{publication_id}@{at.isoformat()}"
