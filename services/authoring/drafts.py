"""The one open draft of a lesson: saved under a version, so that nobody writes over somebody."""

from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.library.merging import Merge, merge
from domain.records import frozen
from models.accounts import Person
from models.authoring import Draft, DraftSave
from models.library import Revision
from services import journal
from services.actor import Actor
from services.authoring import access, commenting
from services.authoring.access import LessonDocument
from services.authoring.differences import Difference, difference
from services.authoring.previewing import MAX_BYTES
from services.errors import Conflict, Invalid, NotFound
from services.library import indexing
from services.library.compiling import normalised

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SAVES_KEPT = 40  # of one document that their own writers saved over: others may write on them


class TooLong(Invalid):
    """The text is longer than a lesson may be; nothing was stored."""


@frozen
class Typed:
    """What the form sent: the text, the revision it grew from, the draft's version it was read at.

    version: 0 where there was no draft. tab, step: the page that sends it and its count of saves;
    a page whose answer was lost on the way still knows its own earlier save.
    """

    source: str
    base: int
    version: int
    tab: str = ""
    step: int = 0


@frozen
class OpenDraft:
    """A draft as it stands; `base` is the number of the revision that it grew from."""

    id: int
    source: str
    version: int
    base: int
    by: str
    by_id: int
    at: datetime
    tab: str = ""
    step: int = 0
    editors: tuple[int, ...] = ()


@frozen
class Clash:
    """Two texts that want the same place.

    kind: "draft" (the other text is a saved draft), "gone" (the draft was published or discarded)
    or "published" (a newer revision). base, version: with these, `mine` can be saved again.
    difference: from theirs to mine. merged: both joined, where the text that both grew from is
    still known; None where it is not.
    """

    kind: str
    document: LessonDocument
    mine: str
    theirs: str
    by: str | None
    at: datetime
    base: int
    version: int
    difference: Difference
    merged: Merge | None = None

    @property
    def joined(self) -> str | None:
        """One text with the changes of both, where none of them touch."""
        return self.merged.text if self.merged else None


def open_draft(session: Session, document_id: int) -> OpenDraft | None:
    """The draft of a document, if there is one."""
    row = session.execute(
        select(
            Draft.id,
            Draft.source,
            Draft.version,
            Revision.number,
            Person.name,
            Draft.edited_by,
            Draft.edited_at,
            Draft.tab,
            Draft.step,
            Draft.editors,
        )
        .join(Revision, Revision.id == Draft.base_revision_id)
        .join(Person, Person.id == Draft.edited_by)
        .where(Draft.document_id == document_id)
    ).one_or_none()
    return OpenDraft(*[*row[:9], tuple(row.editors)]) if row else None


def save_draft(session: Session, actor: Actor, path: str, typed: Typed, now: datetime) -> int:
    """Keep a text as the lesson's draft and give back its new version.

    The text may be faulty: it is on its way. A repeat of a save gives the first outcome.
    Raises NotFound, TooLong, Invalid (no such base) and Conflict, whose `current` is a Clash.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    source = normalised(typed.source)
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise TooLong(f"The text is longer than {MAX_BYTES // 1024} KB.")
    draft = open_draft(session, document.id)
    if draft and draft.source == source and draft.base >= typed.base:
        return draft.version
    if draft and _is_own(draft, typed, person_id):
        if typed.step < draft.step:
            return draft.version  # an earlier save of the same page, late on the way
    else:
        refuse_stale(session, document, draft, typed, source)
    version = (draft.version if draft else _last_version(session, document, now)) + 1
    values = {
        "source": source,
        "base_revision_id": _base_id(session, document, typed.base),
        "version": version,
        "edited_by": person_id,
        "edited_at": now,
        "tab": typed.tab,
        "step": typed.step,
        "editors": sorted({*(draft.editors if draft else ()), person_id}),
    }
    if draft:
        session.execute(update(Draft).where(Draft.id == draft.id).values(**values))
    else:
        session.execute(insert(Draft).values(document_id=document.id, **values))
    _keep_save(session, document.id, version, source, person_id, now)
    indexing.feed_draft(session, document.id, document.title, source)
    commenting.carry(session, document.id, draft.source if draft else document.source, source)
    return version


def _is_own(draft: OpenDraft, typed: Typed, person_id: int) -> bool:
    """Whether what stands was saved by the very page that saves now."""
    return bool(typed.tab) and (draft.tab, draft.by_id) == (typed.tab, person_id)


def refuse_stale(
    session: Session,
    document: LessonDocument,
    draft: OpenDraft | None,
    typed: Typed,
    mine: str,
) -> None:
    """Raise Conflict unless the form was read at the draft that stands now."""
    if typed.version == (draft.version if draft else 0):
        return
    theirs = draft.source if draft else document.source
    raise Conflict(
        current=Clash(
            kind="draft" if draft else "gone",
            document=document,
            mine=mine,
            theirs=theirs,
            by=draft.by if draft else document.by,
            at=draft.at if draft else document.at,
            base=draft.base if draft else document.number,
            version=draft.version if draft else 0,
            difference=difference(theirs, mine),
            merged=joined(session, document, typed, mine, theirs),
        )
    )


def joined(
    session: Session, document: LessonDocument, typed: Typed, mine: str, theirs: str
) -> Merge | None:
    """Both texts in one, by the text that `mine` was begun from; None where that is forgotten."""
    began = session.scalar(
        select(DraftSave.source).where(
            DraftSave.document_id == document.id, DraftSave.version == typed.version
        )
    )
    if began is None:
        began = session.scalar(
            select(Revision.source).where(
                Revision.document_id == document.id, Revision.number == typed.base
            )
        )
    return merge(began, mine, theirs) if began is not None else None


def _keep_save(
    session: Session, document_id: int, version: int, source: str, person_id: int, now: datetime
) -> None:
    """Remember a saved text, and forget those that the same person wrote over long ago.

    A text that somebody else's save stands on is kept: nobody's last word on the way is lost.
    """
    session.execute(
        insert(DraftSave).values(
            document_id=document_id,
            version=version,
            source=source,
            saved_by=person_id,
            saved_at=now,
        )
    )
    mine = DraftSave.document_id == document_id
    rows = session.execute(
        select(DraftSave.version, DraftSave.saved_by).where(mine).order_by(DraftSave.version.desc())
    ).all()
    old = [row.version for later, row in pairwise(rows) if row.saved_by == later.saved_by][
        SAVES_KEPT - 1 :
    ]
    if old:
        session.execute(delete(DraftSave).where(mine, DraftSave.version.in_(old)))


def saved_text(session: Session, document_id: int, version: int) -> str:
    """A text as it was saved on the way; raises NotFound, also where it is forgotten."""
    found = session.scalar(
        select(DraftSave.source).where(
            DraftSave.document_id == document_id, DraftSave.version == version
        )
    )
    if found is None:
        raise NotFound
    return found


def discard_draft(session: Session, actor: Actor, path: str, version: int, now: datetime) -> None:
    """Throw the draft away; readers see no change. Without a draft nothing happens.

    Raises NotFound, and Conflict when somebody saved since the page was read.
    """
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if draft is None:
        return
    mine = Typed(document.source, draft.base, version)
    refuse_stale(session, document, draft, mine, document.source)
    remove_draft(session, document.id)
    commenting.carry(session, document.id, draft.source, document.source)
    journal.append(session, actor, "draft.discarded", "document", document.id, now)


def remove_draft(session: Session, document_id: int) -> None:
    """Delete the draft row: discarded, or become a revision."""
    session.execute(delete(Draft).where(Draft.document_id == document_id))
    indexing.forget_draft(session, document_id)


def _base_id(session: Session, document: LessonDocument, number: int) -> int:
    found = session.scalar(
        select(Revision.id).where(Revision.document_id == document.id, Revision.number == number)
    )
    if found is None:
        raise Invalid(fields={"base": "this lesson has no such revision"})
    return found


def _last_version(session: Session, document: LessonDocument, now: datetime) -> int:
    """A number as high as every version that an older draft of the same lesson has reached.

    Beginning at 1 again, a page that was opened before a draft was discarded could be saved over
    the next one. Seconds stand in for what was saved before saves were kept.
    """
    kept = select(func.max(DraftSave.version)).where(DraftSave.document_id == document.id)
    return max(session.scalar(kept) or 0, int((now - BEGINNING).total_seconds()) - 1, 0)
