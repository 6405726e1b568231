"""Making a text the one that readers see: one transaction, refused where it is stale or faulty."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText
from models.library import ASKS
from services.actor import Actor
from services.authoring import access, commenting, courses, reviewing
from services.authoring.access import LessonDocument
from services.authoring.differences import difference
from services.authoring.drafts import (
    Clash,
    OpenDraft,
    Typed,
    joined,
    open_draft,
    refuse_stale,
    remove_draft,
)
from services.authoring.previewing import Checked
from services.errors import Conflict, Invalid
from services.library import loading
from services.library.loading import digest_of

LONGEST_REASON = 500


@frozen
class Outcome:
    """The revision that readers see now; `new` is False where the text was published already.

    first: it is the lesson's first one, which now stands last in its module.
    """

    number: int
    new: bool
    first: bool = False


class Unsound(Invalid):
    """The text has problems and cannot be published; they stand in the `Checked` that was given."""


class Unapproved(Invalid):
    """The text must be read and approved by somebody else first; nothing was published."""


def publish(
    session: Session,
    actor: Actor,
    path: str,
    typed: Typed,
    checked: Checked,
    reason: str,
    now: datetime,
    asks: str = "nothing",
) -> Outcome:
    """Publish a checked text as the next revision and remove the draft.

    checked: what `previewing.check` said of `typed.source`; made before, so that nobody waits for
    a slow text inside the transaction. A repeat gives the first outcome.
    Raises NotFound, Unsound, Invalid (reason too long), and Conflict with a Clash where the draft
    was saved by somebody else or a newer revision was published meanwhile.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if _is_shown(document, checked):
        if draft and draft.source == checked.source:
            remove_draft(session, document.id)
        return Outcome(document.number, new=False)
    reason = cleaned_reason(reason)
    refuse_asks(asks)
    refuse_stale(session, document, draft, typed, checked.source)
    _refuse_old_base(session, document, typed, checked.source)
    if checked.document is None:
        raise Unsound
    _refuse_unapproved(session, actor, document, draft, checked.source)
    outcome = _keep(session, actor, person_id, document, checked, reason, asks, now)
    remove_draft(session, document.id)
    was = draft.source if draft else document.source
    commenting.carry(session, document.id, was, checked.source)
    return outcome


def restore(
    session: Session,
    actor: Actor,
    path: str,
    base: int,
    checked: Checked,
    reason: str,
    now: datetime,
) -> Outcome:
    """Publish the text of an older revision once more, as a new one. A draft stays as it is.

    base: the revision that was published when the person decided so. No approval is asked for:
    readers had this text before, and a mistake must be taken back at once.
    Raises NotFound, Unsound, Invalid (reason too long), and Conflict with a Clash where something
    else was published meanwhile.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    if _is_shown(document, checked):
        return Outcome(document.number, new=False)
    reason = cleaned_reason(reason)
    _refuse_old_base(session, document, Typed(checked.source, base, 0), checked.source)
    if checked.document is None:
        raise Unsound
    outcome = _keep(session, actor, person_id, document, checked, reason, "nothing", now)
    if open_draft(session, document.id) is None:
        commenting.carry(session, document.id, document.source, checked.source)
    return outcome


def _is_shown(document: LessonDocument, checked: Checked) -> bool:
    """Whether readers see this very text already."""
    same = checked.document is not None and digest_of(checked.source) == document.digest
    return same and document.published


def cleaned_reason(reason: str) -> str:
    """A reason in one line; raises Invalid where it is too long."""
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"is longer than {LONGEST_REASON} characters"})
    return reason


def refuse_asks(asks: str) -> None:
    """Raise Invalid for what cannot be asked of people."""
    if asks not in ASKS:
        raise Invalid(fields={"asks": "choose what is asked of people who finished the lesson"})


def _keep(
    session: Session,
    actor: Actor,
    person_id: int,
    document: LessonDocument,
    checked: Checked,
    reason: str,
    asks: str,
    now: datetime,
) -> Outcome:
    assert checked.document is not None
    revision_id = loading.save_revision(session, document.id, checked.document, actor, now)
    reason_id = keep_reason(session, person_id, revision_id, reason, now)
    loading.publish(session, actor, document.id, revision_id, now, reason_id, asks)
    if not document.published:
        courses.enlist(session, actor, document, now)
    number = loading.number_of(session, revision_id)
    return Outcome(number, new=True, first=not document.published)


def _refuse_unapproved(
    session: Session, actor: Actor, document: LessonDocument, draft: OpenDraft | None, mine: str
) -> None:
    """Where approval is needed, only the very text that was approved may be published."""
    if not reviewing.approval_needed(session):
        return
    state = reviewing.standing(session, actor, document.id, draft)
    if draft is None or draft.source != mine or state.state != "approved":
        raise Unapproved


def _refuse_old_base(session: Session, document: LessonDocument, typed: Typed, mine: str) -> None:
    if typed.base == document.number:
        return
    began = Typed(mine, typed.base, 0)  # what it grew from is the revision, not a save on the way
    raise Conflict(
        current=Clash(
            kind="published",
            document=document,
            mine=mine,
            theirs=document.source,
            by=document.by,
            at=document.at,
            base=document.number,
            version=typed.version,
            difference=difference(document.source, mine),
            merged=joined(session, document, began, mine, document.source),
        )
    )


def keep_reason(
    session: Session, person_id: int, revision_id: int, reason: str, now: datetime
) -> int | None:
    """Keep the author's reason beside the revision, and give back its id; None without one."""
    if not reason:
        return None
    return session.execute(
        insert(FreeText)
        .values(
            author_id=person_id,
            about_kind="revision",
            about_id=revision_id,
            body=reason,
            created_at=now,
        )
        .returning(FreeText.id)
    ).scalar_one()
