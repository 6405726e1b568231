"""Remarks at a line of a lesson: they move with the text and stand until somebody resolves them."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.library.lines import moved
from domain.records import frozen
from models.accounts import FreeText, Person
from models.authoring import LineComment
from models.library import Revision
from services.actor import Actor
from services.authoring import access
from services.errors import Invalid, NotFound
from services.library.loading import digest_of
from services.marking import texts

ABOUT = "line_comment"
LONGEST = 1000
MOST_OPEN = 200


@frozen
class Comment:
    """A remark as it stands at the text; `words` is the line that it is about now."""

    id: int
    line: int
    words: str
    body: str
    by: str
    at: datetime


def comments(session: Session, document_id: int, source: str) -> tuple[Comment, ...]:
    """The open remarks on a text, in the order of its lines."""
    rows = session.execute(
        select(
            LineComment.id,
            LineComment.line,
            LineComment.digest,
            FreeText.body,
            Person.name,
            LineComment.made_at,
        )
        .join(Person, Person.id == LineComment.made_by)
        .outerjoin(FreeText, FreeText.id == LineComment.text_id)
        .where(LineComment.document_id == document_id, LineComment.resolved_at.is_(None))
    ).all()
    lines, digest = source.splitlines(), digest_of(source)
    known = {row.digest for row in rows} - {digest}
    older = _revisions(session, document_id, known) if known else {}
    found = []
    for row in rows:
        line = row.line
        if row.digest in older:
            line = moved([line], older[row.digest], source)[0]
        line = min(line, max(1, len(lines)))
        words = lines[line - 1] if lines else ""
        found.append(Comment(row.id, line, words, row.body or "", row.name, row.made_at))
    return tuple(sorted(found, key=lambda one: (one.line, one.id)))


def _revisions(session: Session, document_id: int, digests: set[str]) -> dict[str, str]:
    """Texts that remarks were made at and that were replaced without the editor: a load does so."""
    rows = session.execute(
        select(Revision.digest, Revision.source).where(
            Revision.document_id == document_id, Revision.digest.in_(digests)
        )
    )
    return {row.digest: row.source for row in rows}


def carry(session: Session, document_id: int, old: str, new: str) -> None:
    """Move the remarks on the old text to where their lines stand in the new one."""
    mine = (LineComment.document_id == document_id) & LineComment.resolved_at.is_(None)
    rows = session.execute(
        select(LineComment.id, LineComment.line).where(mine, LineComment.digest == digest_of(old))
    ).all()
    if not rows:
        return
    places, digest = moved([row.line for row in rows], old, new), digest_of(new)
    for row, line in zip(rows, places, strict=True):
        session.execute(
            update(LineComment).where(LineComment.id == row.id).values(line=line, digest=digest)
        )


def add(
    session: Session, actor: Actor, path: str, source: str, line: int, body: str, now: datetime
) -> int:
    """Remark on a line of the text that stands now.

    source: the draft, or the published text where there is none, as the page was given it.
    Raises NotFound, and Invalid naming `line` or `comment`.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    if not 1 <= line <= max(1, len(source.splitlines())):
        raise Invalid(fields={"line": "the text has no such line"})
    body = texts.cleaned(body, "comment", 1, LONGEST)
    open_ones = session.scalars(
        select(LineComment.id)
        .where(LineComment.document_id == document.id, LineComment.resolved_at.is_(None))
        .limit(MOST_OPEN)
    ).all()
    if len(open_ones) >= MOST_OPEN:
        raise Invalid(fields={"comment": "resolve some of the remarks first"})
    comment_id = session.execute(
        insert(LineComment)
        .values(
            document_id=document.id,
            line=line,
            digest=digest_of(source),
            made_by=person_id,
            made_at=now,
        )
        .returning(LineComment.id)
    ).scalar_one()
    text_id = texts.keep(session, person_id, ABOUT, comment_id, body, now)
    session.execute(update(LineComment).where(LineComment.id == comment_id).values(text_id=text_id))
    return int(comment_id)


def resolve(session: Session, actor: Actor, path: str, comment_id: int, now: datetime) -> None:
    """Mark a remark as dealt with; a second time changes nothing. Raises NotFound."""
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path)
    mine = (LineComment.id == comment_id) & (LineComment.document_id == document.id)
    if session.scalar(select(LineComment.id).where(mine)) is None:
        raise NotFound
    session.execute(
        update(LineComment)
        .where(mine, LineComment.resolved_at.is_(None))
        .values(resolved_by=person_id, resolved_at=now)
    )
