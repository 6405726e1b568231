"""What trainers find of texts on their way: open drafts of lessons and items."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.authoring import Draft
from models.library import Document, Published, Revision
from models.search import SearchEntry
from services.library import indexing


def build_when_empty(session: Session) -> None:
    """Build the search of a site whose course is older than its search."""
    if session.scalar(select(SearchEntry.id).limit(1)) is None:
        rebuild(session)


def rebuild(session: Session) -> int:
    """Build the whole search anew; gives back how many things can be found."""
    count = indexing.rebuild(session)
    drafts = session.execute(
        select(Draft.document_id, Revision.title, Draft.source).join(
            Revision, Revision.id == Draft.base_revision_id
        )
    ).all()
    never = session.execute(
        select(Document.id, Revision.title, Revision.source)
        .join(Revision, Revision.document_id == Document.id)
        .outerjoin(Published, Published.document_id == Document.id)
        .where(Document.kind == "item", Published.document_id.is_(None))
        .order_by(Revision.id)
    ).all()
    texts = {row[0]: (row[1], row[2]) for row in [*never, *drafts]}  # the newest of each
    for document_id, (title, source) in texts.items():
        indexing.feed_draft(session, document_id, title, source)
    return count + len(texts)
