"""Changing an item: one editor, whether it is a draft, asked of people, or retired.

What was published once has a draft row under a version; what was never published is its newest
revision, and each save is the next one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.authoring import Draft
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access, drafted, item_checking, publishing
from services.authoring.drafted import MOST_SOURCE
from services.authoring.drafts import BEGINNING, remove_draft
from services.authoring.item_checking import CheckedItem
from services.errors import Conflict, Invalid, NotFound
from services.library import indexing, loading
from services.library.compiling import normalised
from services.library.loading import digest_of

READY = "ready"
STATES = ("draft", READY, "retired")


@frozen
class ItemText:
    """An item with its published text and its draft. version: 0 without a draft.

    state: one of STATES; "draft" was never published. number: of the published revision, else of
    the newest one. base: the revision that the draft grew from, else `number`.
    """

    document_id: int
    key: str
    path: str
    title: str
    state: str
    number: int
    published: str
    source: str
    version: int
    base: int

    @property
    def behind(self) -> bool:
        return self.base != self.number


@frozen
class Typed:
    """What the form sent, and the state that it was read at."""

    source: str
    base: int
    version: int


@frozen
class EditPage:
    """The editor: kept text, what stands in the form, and what is to be said of that.

    checked: None while somebody only adds or moves rows.
    """

    text: ItemText
    typed: Typed
    checked: CheckedItem | None


def item_text(
    session: Session,
    actor: Actor,
    key: str,
    *,
    lock: bool = False,
    states: tuple[str, ...] = (READY,),
) -> ItemText:
    """An item for its author; raises NotFound. lock: keep other writers out."""
    access.author(actor)
    if lock:
        mine = (Document.kind == "item") & (Document.key == key)
        session.execute(select(Document.id).where(mine).with_for_update())
    newest = (
        select(func.max(Revision.id))
        .where(Revision.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    row: Any = session.execute(
        select(
            Document.id, Document.key, Document.path, Revision.title, Revision.number,
            Revision.source, Draft.source.label("typed"), Draft.version, Draft.base_revision_id,
            Published.revision_id, Published.retired_at,
        )
        .outerjoin(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == func.coalesce(Published.revision_id, newest))
        .outerjoin(Draft, Draft.document_id == Document.id)
        .where(Document.kind == "item", Document.key == key)
    ).one_or_none()  # fmt: skip
    state = _state(row) if row else ""
    if state not in states:
        raise NotFound
    base = row.number
    if row.base_revision_id is not None:
        base = loading.number_of(session, row.base_revision_id)
    return ItemText(
        row.id, row.key, row.path, row.title, state, row.number,
        "" if state == "draft" else row.source, row.source if row.typed is None else row.typed,
        row.version or 0, base,
    )  # fmt: skip


def _state(row: Any) -> str:
    if row.revision_id is None:
        return "draft"
    return READY if row.retired_at is None else "retired"


def edit_page(
    session: Session, actor: Actor, key: str, typed: Typed | None = None, *, check: bool = True
) -> EditPage:
    """The editor with the draft, or the published text, or what was typed just now."""
    text = item_text(session, actor, key, states=STATES)
    typed = typed or Typed(text.source, text.base, text.version)
    checked = item_checking.check(session, text.path, key, typed.source) if check else None
    return EditPage(text, typed, checked)


def save(session: Session, actor: Actor, key: str, typed: Typed, now: datetime) -> int:
    """Keep a text as the item's draft and give back its version; it may be faulty.

    Raises NotFound, Invalid (too long, no such base) and Conflict with the ItemText that stands.
    """
    person_id = access.author(actor)
    text = item_text(session, actor, key, lock=True, states=STATES)
    source = _sized(typed.source)
    if text.state == "draft":
        _keep_unpublished(session, actor, text, typed, now)
        return 0
    if text.version and text.source == source:
        return text.version
    _refuse_stale(text, typed)
    base_id = session.scalar(
        select(Revision.id).where(
            Revision.document_id == text.document_id, Revision.number == typed.base
        )
    )
    if base_id is None:
        raise Invalid(fields={"base": "this item has no such revision"})
    # Versions grow with time, so that a draft that was given up never shares one with the next.
    version = max(text.version + 1, int((now - BEGINNING).total_seconds()))
    values = {
        "source": source,
        "base_revision_id": base_id,
        "version": version,
        "edited_by": person_id,
        "edited_at": now,
    }
    if text.version:
        mine = Draft.document_id == text.document_id
        session.execute(update(Draft).where(mine).values(**values))
    else:
        session.execute(
            insert(Draft).values(
                document_id=text.document_id, editors=[person_id], tab="", step=0, **values
            )
        )
    indexing.feed_draft(session, text.document_id, text.title, source)
    return version


def publish(
    session: Session,
    actor: Actor,
    key: str,
    typed: Typed,
    checked: CheckedItem,
    reason: str,
    now: datetime,
) -> bool:
    """Publish a checked text as the next revision; False where it is published already.

    Raises NotFound, Unsound, Invalid (reason), and Conflict with the ItemText that stands.
    """
    person_id = access.author(actor)
    text = item_text(session, actor, key, lock=True, states=STATES)
    stands = text.state == READY and digest_of(checked.source) == digest_of(text.published)
    if checked.document is not None and stands:
        if text.version and text.source == checked.source:
            remove_draft(session, text.document_id)
        return False
    reason = publishing.cleaned_reason(reason)
    _refuse_stale(text, typed)
    if typed.base != text.number:
        raise Conflict(current=text)
    if checked.document is None:
        raise publishing.Unsound
    revision_id = loading.save_revision(session, text.document_id, checked.document, actor, now)
    reason_id = publishing.keep_reason(session, person_id, revision_id, reason, now)
    loading.publish(session, actor, text.document_id, revision_id, now, reason_id)
    remove_draft(session, text.document_id)
    return True


def discard(session: Session, actor: Actor, key: str, version: int) -> None:
    """Throw the draft away; raises Conflict where it was saved since."""
    text = item_text(session, actor, key, lock=True, states=(READY, "retired"))
    if text.version != version:
        raise Conflict(current=text)
    remove_draft(session, text.document_id)


def _keep_unpublished(
    session: Session, actor: Actor, text: ItemText, typed: Typed, now: datetime
) -> None:
    """The text as the next revision, unless it stands already."""
    try:
        drafted.save(session, actor, text.key, typed.base, typed.source, now)
    except Conflict:
        raise Conflict(current=text) from None


def _sized(source: str) -> str:
    source = normalised(source)
    if len(source.encode("utf-8", "replace")) > MOST_SOURCE:
        raise Invalid(fields={"source": "is longer than an item may be"})
    return source


def _refuse_stale(text: ItemText, typed: Typed) -> None:
    if typed.version != text.version:
        raise Conflict(current=text)
