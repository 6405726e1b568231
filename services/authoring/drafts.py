"""The one open draft of a lesson: saved under a version, so that nobody writes over somebody."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models.accounts import Person
from models.authoring import Draft
from models.library import Revision
from services import journal
from services.actor import Actor
from services.authoring import access
from services.authoring.access import LessonDocument
from services.authoring.differences import Difference, difference
from services.authoring.previewing import MAX_BYTES
from services.errors import Conflict, Invalid
from services.library.compiling import normalised

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class TooLong(Invalid):
    """The text is longer than a lesson may be; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form sent: the text, the revision it grew from, the draft's version it was read at.

    version: 0 where there was no draft.
    """

    source: str
    base: int
    version: int


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft as it stands; `base` is the number of the revision that it grew from."""

    id: int
    source: str
    version: int
    base: int
    by: str
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """Two texts that want the same place.

    kind: "draft" (the other text is a saved draft), "gone" (the draft was published or discarded)
    or "published" (a newer revision). base, version: with these, `mine` can be saved again.
    difference: from theirs to mine.
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
        )
        .join(Revision, Revision.id == Draft.base_revision_id)
        .join(Person, Person.id == Draft.edited_by)
        .where(Draft.document_id == document_id)
    ).one_or_none()
    return OpenDraft(*row) if row else None


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
    refuse_stale(document, draft, typed, source)
    values = {
        "source": source,
        "base_revision_id": _base_id(session, document, typed.base),
        "version": typed.version + 1 if draft else _first_version(now),
        "edited_by": person_id,
        "edited_at": now,
    }
    if draft:
        session.execute(update(Draft).where(Draft.id == draft.id).values(**values))
    else:
        session.execute(insert(Draft).values(document_id=document.id, **values))
    return int(str(values["version"]))


def refuse_stale(
    document: LessonDocument, draft: OpenDraft | None, typed: Typed, mine: str
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
        )
    )


def discard_draft(session: Session, actor: Actor, path: str, version: int, now: datetime) -> None:
    """Throw the draft away; readers see no change. Without a draft nothing happens.

    Raises NotFound, and Conflict when somebody saved since the page was read.
    """
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if draft is None:
        return
    refuse_stale(document, draft, Typed(document.source, draft.base, version), document.source)
    remove_draft(session, document.id)
    journal.append(session, actor, "draft.discarded", "document", document.id, now)


def remove_draft(session: Session, document_id: int) -> None:
    """Delete the draft row: discarded, or become a revision."""
    session.execute(delete(Draft).where(Draft.document_id == document_id))


def _base_id(session: Session, document: LessonDocument, number: int) -> int:
    found = session.scalar(
        select(Revision.id).where(Revision.document_id == document.id, Revision.number == number)
    )
    if found is None:
        raise Invalid(fields={"base": "this lesson has no such revision"})
    return found


def _first_version(now: datetime) -> int:
    """A number above every version that an older draft of the same lesson can have reached.

    Seconds do: nobody saves more than once in each. Beginning at 1 again, a page that was opened
    before a draft was discarded could be saved over the next one.
    """
    return max(1, int((now - BEGINNING).total_seconds()))
