"""What a new revision asks of people who had finished the older text."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.library import Publication

NOTHING, REREAD, RETEST = "nothing", "reread", "retest"


@frozen
class Ask:
    """kind: "reread" or "retest"; at: when the revision that asks came to readers."""

    kind: str
    at: datetime


def newest_ask(session: Session, document_id: int) -> Ask | None:
    """The newest ask of a lesson in one language; None where nothing was ever asked."""
    row = session.execute(
        select(Publication.asks, Publication.published_at)
        .where(Publication.document_id == document_id, Publication.asks != NOTHING)
        .order_by(Publication.id.desc())
        .limit(1)
    ).one_or_none()
    return Ask(row.asks, row.published_at) if row else None
