"""Keeping what the search knows in step with what is published, in the same transaction."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.library.courses import is_open_to
from domain.library.searching import split
from models.library import Document, Published, Revision
from models.search import SearchEntry

DRAFT = "draft"
SOURCE_LANG = "en"  # items are written in English
KINDS = ("lesson", "item", "glossary", "module")
_TAG = re.compile(r"<[^>]*>")
# What an item says in words; its other fields are codes and figures.
_TOLD = frozenset({"stem", "text", "why", "label", "statement", "model_answer", "note"})


def feed(session: Session, document_id: int, revision_id: int) -> None:
    """Put a published revision in the place of whatever the search knew of its document."""
    row: Any = session.execute(
        select(Document.kind, Document.key, Document.lang, Revision.title, Revision.meta)
        .add_columns(Revision.html)
        .join(Revision, Revision.document_id == Document.id)
        .where(Revision.id == revision_id)
    ).one()
    if row.kind not in KINDS:
        return
    remove(session, document_id)
    if row.kind == "module":
        _refeed_lessons(session, row.key)
    elif row.kind == "glossary":
        for term in row.meta["terms"]:
            _enter_term(session, document_id, row.key, term)
    elif row.kind == "lesson":
        audience = "reader" if _is_read(session, row.key) else "trainer"
        extra = row.meta.get("summary", "")
        body = f"{extra} {_plain(row.html)}"
        _enter(session, document_id, row, row.title, body, audience, row.key.replace("/", " "))
    else:
        body = " ".join(_sentences(row.meta))
        _enter(session, document_id, row, row.title, body, "trainer", row.key)


def feed_draft(session: Session, document_id: int, title: str, source: str) -> None:
    """Let trainers find a text on its way; it stands beside the published one."""
    forget_draft(session, document_id)
    row: Any = session.execute(
        select(Document.kind, Document.key, Document.lang).where(Document.id == document_id)
    ).one()
    if row.kind in ("lesson", "item"):
        _enter(session, document_id, row, title, source, "trainer", row.key, DRAFT)


def feed_new_items(session: Session, drafts: Sequence[tuple[int, str, str, str]]) -> None:
    """Let trainers find items that begin as drafts, all in one statement.

    drafts: (id of the document, key, title, source), of documents that the search never met.
    """
    if drafts:
        session.execute(
            insert(SearchEntry),
            [
                _values(document_id, "item", key, SOURCE_LANG, title, source, "trainer", key, DRAFT)
                for document_id, key, title, source in drafts
            ],
        )


def forget_draft(session: Session, document_id: int) -> None:
    """The draft is published or given up."""
    mine = SearchEntry.document_id == document_id
    session.execute(delete(SearchEntry).where(mine, SearchEntry.part == DRAFT))


def remove(session: Session, document_id: int) -> None:
    """Forget a published document; a draft of it stays."""
    mine = SearchEntry.document_id == document_id
    session.execute(delete(SearchEntry).where(mine, SearchEntry.part != DRAFT))


def retire(session: Session, document_id: int, kind: str, key: str) -> None:
    """Forget a document that was taken out of sight; a module takes its lessons along."""
    remove(session, document_id)
    if kind == "module":
        _refeed_lessons(session, key)


def rebuild(session: Session) -> int:
    """Begin again from what is published; gives back how many things can be found. Drafts go."""
    session.execute(delete(SearchEntry))
    rows = session.execute(
        select(Document.id, Published.revision_id)
        .join(Published, Published.document_id == Document.id)
        .where(Document.kind.in_(KINDS[:3]), Published.retired_at.is_(None))
        .order_by(Document.id)
    ).all()
    for document_id, revision_id in rows:
        feed(session, document_id, revision_id)
    return len(session.execute(select(SearchEntry.id)).all())


def _enter(
    session: Session,
    document_id: int,
    row: Any,
    title: str,
    body: str,
    audience: str,
    names: str,
    part: str = "",
) -> None:
    """names: what else stands in the heading, beside the title."""
    values = _values(document_id, row.kind, row.key, row.lang, title, body, audience, names, part)
    session.execute(insert(SearchEntry).values(**values))


def _values(
    document_id: int,
    kind: str,
    key: str,
    lang: str,
    title: str,
    body: str,
    audience: str,
    names: str,
    part: str,
) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "part": part,
        "kind": kind,
        "audience": audience,
        "lang": lang,
        "key": key,
        "title": title,
        "body": body,
        "heading": split(f"{title} {names}"),
        "words": split(body),
    }


def _enter_term(session: Session, document_id: int, key: str, term: Mapping[str, Any]) -> None:
    body = " ".join(term["means"].values())
    names = " ".join([term["term"], term["chinese"], *term["also"]])
    session.execute(
        insert(SearchEntry).values(
            document_id=document_id,
            part=term["id"],
            kind="word",
            audience="reader",
            lang="",
            key=key,
            title=f"{term['term']} {term['chinese']}",
            body=body,
            heading=split(names),
            words=split(body),
        )
    )


def _refeed_lessons(session: Session, module: str) -> None:
    """Enter a module's lessons again: who may find them hangs on the module."""
    rows = session.execute(
        select(Document.id, Published.revision_id)
        .join(Published, Published.document_id == Document.id)
        .where(
            Document.kind == "lesson",
            Document.key.startswith(f"{module}/", autoescape=True),
            Published.retired_at.is_(None),
        )
    ).all()
    for document_id, revision_id in rows:
        feed(session, document_id, revision_id)


def _is_read(session: Session, lesson_key: str) -> bool:
    """Whether a lesson stands in a published module that learners may open."""
    module, _, name = lesson_key.partition("/")
    meta = session.scalar(
        select(Revision.meta)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind == "module", Document.key == module, Published.retired_at.is_(None))
    )
    return meta is not None and name in meta["lessons"] and is_open_to(meta, ("learner",))


def _plain(rendered: str) -> str:
    """The words of a page without its marks."""
    return html.unescape(_TAG.sub(" ", rendered))


def _sentences(value: Any, name: str = "") -> Iterator[str]:
    """Every sentence of an item's data: stem, options, reasons."""
    if isinstance(value, Mapping):
        for inner, entry in value.items():
            yield from _sentences(entry, inner)
    elif isinstance(value, list):
        for entry in value:
            yield from _sentences(entry, name)
    elif isinstance(value, str) and name in _TOLD:
        yield value
