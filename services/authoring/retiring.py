"""Taking an item out of use: nobody is asked it any more, and every answer to it stays."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.library import Document, Published, Revision
from services import journal
from services.actor import Actor
from services.authoring import access, item_editing
from services.errors import Conflict, Invalid
from services.library import loading


class StillAsked(Invalid):
    """Forms or lessons ask it; `places` names them."""

    def __init__(self, places: tuple[str, ...]) -> None:
        super().__init__(fields={"item": "is asked"})
        self.places = places


def retire(session: Session, actor: Actor, key: str, number: int, now: datetime) -> None:
    """Retire a published item; a repeat changes nothing.

    number: the revision that the person looked at. Raises NotFound, StillAsked, Conflict.
    """
    access.author(actor)
    states = (item_editing.READY, "retired")
    text = item_editing.item_text(session, actor, key, lock=True, states=states)
    if text.state == "retired":
        return
    if text.number != number:
        raise Conflict(current=text)
    if places := asked_by(session, key):
        raise StillAsked(places)
    loading.retire(session, text.document_id, "item", key, now, actor.person_id)
    journal.append(session, actor, "document.retired", "document", text.document_id, now)


def asked_by(session: Session, key: str) -> tuple[str, ...]:
    """The titles of published forms and lessons that ask an item by its id."""
    rows = session.execute(
        select(Revision.title, Revision.meta)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind.in_(("form", "lesson")), Published.retired_at.is_(None))
        .order_by(Document.kind, Document.key)
    )
    asked = (
        row.title for row in rows if key in {*row.meta.get("items", ()), *row.meta.get("quiz", ())}
    )
    return tuple(dict.fromkeys(asked))
