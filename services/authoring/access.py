"""Who may author, and loading what they ask for in the same call."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.library.documents import DocumentError
from domain.records import frozen
from models.accounts import Person
from models.library import Document, Published, Revision
from services import roles
from services.actor import Actor
from services.errors import NotFound
from services.library.compiling import identify

AUTHORS = ("trainer",)
# Of a document that was never published: the text it was begun with.
_any = aliased(Revision)
BEGINNING = (
    select(func.max(_any.id))
    .where(_any.document_id == Document.id)
    .correlate(Document)
    .scalar_subquery()
)


@frozen
class LessonDocument:
    """A lesson's document with the revision that readers see now; `by` is None for a loaded one.

    published: False for a lesson that readers have never seen; the revision is then its beginning.
    """

    id: int
    path: str
    key: str
    lang: str
    revision_id: int
    number: int
    digest: str
    title: str
    source: str
    meta: dict[str, Any]
    by: str | None
    at: datetime
    published: bool = True

    @property
    def module(self) -> str:
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """What stands in the address: the file's name without its ending."""
        return self.path.rpartition("/")[2].removesuffix(".md")


def author(actor: Actor) -> int:
    """The person behind an author's deed; raises NotFound for everybody else."""
    return roles.require(actor, *AUTHORS, otherwise=NotFound)


def path_of(module: str, name: str) -> str:
    """The path of a lesson's file, as `content/` names it."""
    return f"courses/{module}/{name}.md"


def lesson_document(
    session: Session, actor: Actor, path: str, *, lock: bool = False
) -> LessonDocument:
    """The lesson behind a path, for an author; raises NotFound.

    lock: keep other writers of this document out until the transaction ends (PostgreSQL; on SQLite
    the whole transaction has its turn).
    """
    author(actor)
    try:
        kind, _, _ = identify(path)
    except DocumentError:
        raise NotFound from None
    if kind != "lesson":
        raise NotFound
    if lock:
        session.execute(select(Document.id).where(Document.path == path).with_for_update())
    row: Any = session.execute(
        select(
            Document.id,
            Document.path,
            Document.key,
            Document.lang,
            Revision.id,
            Revision.number,
            Revision.digest,
            Revision.title,
            Revision.source,
            Revision.meta,
            Person.name,
            Revision.created_at,
            Published.document_id.is_not(None),
        )
        .outerjoin(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == func.coalesce(Published.revision_id, BEGINNING))
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Document.path == path, Published.retired_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    return LessonDocument(*row)
