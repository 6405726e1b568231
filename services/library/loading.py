"""Bringing `content/` into the database, and writing it back byte for byte.

Loading is idempotent. Each document remembers the hash of the file it was loaded from: changed on
disk only becomes a new revision, changed in the site only is kept, both is a conflict and reported.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from domain.library.documents import Problem
from domain.records import frozen
from models.base import BigId, UtcDateTime
from models.library import Document, ItemFacts, Publication, Published, Revision
from services import journal
from services.actor import Actor
from services.library import indexing
from services.library.compiling import IGNORED, Compiled, identify


@dataclass(slots=True)
class LoadReport:
    """What a load did, by path."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@frozen
class _Known:
    id: int
    disk_digest: str | None
    site_digest: str | None
    retired: bool
    by_hand: bool = False  # a person retired it in the site, and the file may still be there

    @property
    def site_only(self) -> bool:
        """Made in the site, perhaps still a draft, and never yet exported to a file."""
        return self.disk_digest is None


def _site_only(known: Mapping[str, _Known]) -> list[str]:
    """What the site made and shows: kept, though the folder knows nothing of it."""
    return [p for p, was in known.items() if was.site_only and was.site_digest and not was.retired]


def digest_of(source: str) -> str:
    """SHA-256 of a document's text as it stands in its file."""
    return hashlib.sha256(source.encode()).hexdigest()


def unchanged(session: Session, files: Mapping[str, str]) -> LoadReport | None:
    """The report of a load that would change nothing; None where there is something to do."""
    known = _known(session)
    documents = {path: text for path, text in files.items() if path not in IGNORED}
    on_disk = {
        path
        for path, was in known.items()
        if not was.site_only and (was.by_hand or not was.retired)
    }
    if on_disk != set(documents):
        return None
    if any(known[path].disk_digest != digest_of(text) for path, text in documents.items()):
        return None
    edited = [
        path
        for path in documents
        if known[path].by_hand or known[path].site_digest != known[path].disk_digest
    ]
    return LoadReport(kept=sorted(edited + _site_only(known)))


def load(session: Session, actor: Actor, compiled: Sequence[Compiled], now: datetime) -> LoadReport:
    """Bring all documents of `content/` into the database, in the caller's transaction."""
    report = LoadReport()
    known = _known(session)
    for document in compiled:
        _load_one(session, actor, document, known.get(document.path), report, now)
    _retire_missing(session, known, {document.path for document in compiled}, report, now)
    report.kept += [path for path in _site_only(known) if path not in report.conflicts]
    return report


def _load_one(
    session: Session,
    actor: Actor,
    document: Compiled,
    known: _Known | None,
    report: LoadReport,
    now: datetime,
) -> None:
    digest = digest_of(document.source)
    if known is None:
        document_id = _insert_document(session, document, digest, now)
        publish(
            session,
            actor,
            document_id,
            save_revision(session, document_id, document, actor, now),
            now,
        )
        report.created.append(document.path)
        return
    if known.disk_digest == digest and (known.by_hand or not known.retired):
        if known.site_digest != digest or known.by_hand:
            report.kept.append(document.path)
        return
    unlike = known.site_only and known.site_digest != digest
    if unlike or known.by_hand or known.site_digest not in (known.disk_digest, digest):
        report.conflicts.append(document.path)
        return
    if known.site_digest != digest or known.retired:
        revision_id = save_revision(session, known.id, document, actor, now)
        publish(session, actor, known.id, revision_id, now)
        report.changed.append(document.path)
    session.execute(update(Document).where(Document.id == known.id).values(disk_digest=digest))


def _known(session: Session) -> dict[str, _Known]:
    rows = session.execute(
        select(
            Document.path,
            Document.id,
            Document.disk_digest,
            Revision.digest,
            Published.retired_at,
            _by_hand(),
        )
        .outerjoin(Published, Published.document_id == Document.id)
        .outerjoin(Revision, Revision.id == Published.revision_id)
    )
    return {
        path: _Known(id_, disk, site, gone is not None, bool(by_hand))
        for path, id_, disk, site, gone, by_hand in rows
    }


def _by_hand() -> ColumnElement[bool]:
    """Whether somebody retired the document; what a load retires has nobody in the log."""
    return exists().where(
        Publication.document_id == Document.id,
        Publication.published_at == Published.retired_at,
        Publication.published_by.is_not(None),
    )


def _insert_document(session: Session, document: Compiled, digest: str, now: datetime) -> int:
    result = session.execute(
        insert(Document)
        .values(
            kind=document.kind,
            key=document.key,
            lang=document.lang,
            path=document.path,
            disk_digest=digest,
            created_at=now,
        )
        .returning(Document.id)
    )
    return int(result.scalar_one())


def new_document(session: Session, document: Compiled, now: datetime) -> int:
    """A document that is made in the site and in no folder yet; gives back its id."""
    document_id = _insert_document(session, document, "", now)
    session.execute(update(Document).where(Document.id == document_id).values(disk_digest=None))
    return document_id


def save_revision(
    session: Session, document_id: int, document: Compiled, actor: Actor, now: datetime
) -> int:
    """Append a revision with what was derived from its source, and give back its id."""
    numbers = select(Revision.number).where(Revision.document_id == document_id)
    last = session.scalar(numbers.order_by(Revision.number.desc()).limit(1)) or 0
    revision_id = session.execute(
        insert(Revision)
        .values(
            document_id=document_id,
            number=last + 1,
            source=document.source,
            digest=digest_of(document.source),
            title=document.title,
            meta=document.meta,
            html=document.html,
            author_id=actor.person_id,
            created_at=now,
        )
        .returning(Revision.id)
    ).scalar_one()
    if document.item is not None:
        session.execute(
            insert(ItemFacts).values(
                revision_id=revision_id, document_id=document_id, **document.item
            )
        )
    return int(revision_id)


def number_of(session: Session, revision_id: int) -> int:
    """A revision's number within its document."""
    return session.execute(select(Revision.number).where(Revision.id == revision_id)).scalar_one()


def publish(
    session: Session,
    actor: Actor,
    document_id: int,
    revision_id: int,
    now: datetime,
    reason_id: int | None = None,
    asks: str = "nothing",
) -> None:
    """Make a revision what readers see, and note it in the log of publications.

    reason_id: the free text that says why, where the author gave one.
    asks: "reread" or "retest" where people who had finished the older text are asked again.
    """
    if session.get(Published, document_id) is None:
        session.execute(insert(Published).values(document_id=document_id, revision_id=revision_id))
    else:
        session.execute(
            update(Published)
            .where(Published.document_id == document_id)
            .values(revision_id=revision_id, retired_at=None)
        )
    session.execute(
        insert(Publication).values(
            document_id=document_id,
            revision_id=revision_id,
            published_by=actor.person_id,
            published_at=now,
            asks=asks,
        )
    )
    indexing.feed(session, document_id, revision_id)
    asked: dict[str, str] = {} if asks == "nothing" else {"asks": asks}
    journal.append(
        session,
        actor,
        "document.published",
        "document",
        document_id,
        now,
        revision=revision_id,
        reason=reason_id,
        **asked,
    )


def _retire_missing(
    session: Session,
    known: Mapping[str, _Known],
    files: Iterable[str],
    report: LoadReport,
    now: datetime,
) -> None:
    """A file that is gone takes its document out of sight; its revisions stay."""
    for path in sorted(set(known) - set(files)):
        if known[path].retired or known[path].site_only:
            continue
        kind, key, _ = identify(path)
        retire(session, known[path].id, kind, key, now)
        report.retired.append(path)


def retire(
    session: Session, document_id: int, kind: str, key: str, now: datetime, by: int | None = None
) -> None:
    """Take a published document out of sight; its revisions stay. by: the person who does it."""
    mine = Published.document_id == document_id
    session.execute(update(Published).where(mine).values(retired_at=now))
    indexing.retire(session, document_id, kind, key)
    # The library's version grows, so that no process goes on showing what it remembers.
    session.execute(
        insert(Publication).from_select(
            ["document_id", "revision_id", "published_by", "published_at"],
            select(
                Published.document_id,
                Published.revision_id,
                literal(by, BigId),
                literal(now, UtcDateTime),
            ).where(mine),
        )
    )


def export(session: Session) -> dict[str, str]:
    """path -> text of every published document, exactly as it was saved."""
    rows = session.execute(
        select(Document.path, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Published.retired_at.is_(None))
        .order_by(Document.path)
    )
    return {row.path: row.source for row in rows}


def disk_digests(session: Session) -> dict[str, str]:
    """path -> the hash of the file as it was last loaded or exported."""
    rows = session.execute(
        select(Document.path, Document.disk_digest).where(Document.disk_digest.is_not(None))
    )
    return {path: str(digest) for path, digest in rows}


def mark_exported(session: Session, files: Mapping[str, str]) -> None:
    """Remember that disk and site agree now."""
    for path, source in files.items():
        session.execute(
            update(Document).where(Document.path == path).values(disk_digest=digest_of(source))
        )
