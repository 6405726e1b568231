"""The English text beside a translation, and what changed in it since the translation was made."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.library import Document, Published, Revision
from services.authoring.access import LessonDocument
from services.authoring.differences import Difference, difference
from services.library import catalogue

DIGITS = 12  # of the digest, as `translation_of` keeps them


@frozen
class Beside:
    """made_from: number of the English revision that the translation was made from; None where
    it is not known here. digest: what `translation_of` says once the translation is up to date.
    changed: from that revision to the published one; None where nothing changed or is known."""

    source: str
    number: int
    made_from: int | None
    digest: str
    changed: Difference | None

    @property
    def stale(self) -> bool:
        return self.made_from != self.number


def beside(session: Session, document: LessonDocument, made_from: str) -> Beside | None:
    """The English text of a translation; None for English itself.

    made_from: the digits that stand in the translation's front matter, as far as they are there.
    """
    if document.lang == catalogue.SOURCE_LANG:
        return None
    now = session.execute(
        select(Document.id, Revision.number, Revision.source, Revision.digest)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(
            Document.kind == "lesson",
            Document.key == document.key,
            Document.lang == catalogue.SOURCE_LANG,
        )
    ).one_or_none()
    if now is None:
        return None
    then = None
    if len(made_from) == DIGITS and made_from.isalnum():
        then = session.execute(
            select(Revision.number, Revision.source)
            .where(Revision.document_id == now.id, Revision.digest.startswith(made_from))
            .order_by(Revision.number.desc())
            .limit(1)
        ).one_or_none()
    return Beside(
        source=now.source,
        number=now.number,
        made_from=then.number if then else None,
        digest=now.digest[:DIGITS],
        changed=difference(then.source, now.source) if then and then.number != now.number else None,
    )


def is_missing(session: Session, document: LessonDocument) -> bool:
    """Whether a published English lesson has no text in another language, not even a begun one."""
    if document.lang != catalogue.SOURCE_LANG or not document.published:
        return False
    others = select(Document.id).where(
        Document.kind == "lesson", Document.key == document.key, Document.lang != document.lang
    )
    return session.scalar(others.limit(1)) is None
