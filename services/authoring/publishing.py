"""Making a text the one that readers see: one transaction, refused where it is stale or faulty."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.accounts import FreeText
from services.actor import Actor
from services.authoring import access
from services.authoring.access import LessonDocument
from services.authoring.differences import difference
from services.authoring.drafts import Clash, Typed, open_draft, refuse_stale, remove_draft
from services.authoring.previewing import Checked
from services.errors import Conflict, Invalid
from services.library import loading
from services.library.loading import digest_of

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """The revision that readers see now; `new` is False where the text was published already."""

    number: int
    new: bool


class Unsound(Invalid):
    """The text has problems and cannot be published; they stand in the `Checked` that was given."""


def publish(
    session: Session,
    actor: Actor,
    path: str,
    typed: Typed,
    checked: Checked,
    reason: str,
    now: datetime,
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
    if checked.document is not None and digest_of(checked.source) == document.digest:
        if draft and draft.source == checked.source:
            remove_draft(session, document.id)
        return Outcome(document.number, new=False)
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"is longer than {LONGEST_REASON} characters"})
    refuse_stale(document, draft, typed, checked.source)
    _refuse_old_base(document, typed, checked.source)
    if checked.document is None:
        raise Unsound
    revision_id = loading.save_revision(session, document.id, checked.document, actor, now)
    reason_id = _keep_reason(session, person_id, revision_id, reason, now)
    loading.publish(session, actor, document.id, revision_id, now, reason_id=reason_id)
    remove_draft(session, document.id)
    return Outcome(loading.number_of(session, revision_id), new=True)


def _refuse_old_base(document: LessonDocument, typed: Typed, mine: str) -> None:
    if typed.base == document.number:
        return
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
        )
    )


def _keep_reason(
    session: Session, person_id: int, revision_id: int, reason: str, now: datetime
) -> int | None:
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
