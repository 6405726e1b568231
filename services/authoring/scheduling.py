"""Publishing at a time: the very text that was decided on, once, and never over somebody's work."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText, Person
from models.authoring import Draft, DuePublication
from models.library import Document, Revision
from services import journal
from services.accounts.people import load_viewer
from services.actor import Actor
from services.authoring import access, previewing, publishing, reviewing
from services.authoring.drafts import Typed, open_draft
from services.authoring.previewing import Checked
from services.authoring.publishing import Unapproved, Unsound
from services.errors import Conflict, Invalid, NotFound
from services.library.loading import digest_of
from services.marking import texts
from services.session import changed_rows

LONGEST = timedelta(days=366)
ABOUT = "due_publication"
SHOWN_FOR = timedelta(days=30)


@frozen
class Due:
    """A publication that waits, or that came to nothing. outcome: why it was refused, in a word:
    changed, gone, published, faulty, unapproved or person."""

    id: int
    due_at: datetime
    by: str
    state: str
    outcome: str
    asks: str


def schedule(
    session: Session,
    actor: Actor,
    path: str,
    version: int,
    checked: Checked,
    due_at: datetime,
    asks: str,
    reason: str,
    now: datetime,
) -> None:
    """Publish the draft as it stands at a time; an earlier plan for the lesson is given up.

    checked: of the draft's text. Raises NotFound, Unsound, Unapproved, Invalid (time, reason), and
    Conflict where the draft was changed since, or grew from what is no longer published.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if draft is None or draft.version != version or draft.source != checked.source:
        raise Conflict
    if draft.base != document.number:
        raise Conflict
    if checked.document is None:
        raise Unsound
    if not reviewing.standing(session, actor, document.id, draft).may_publish:
        raise Unapproved
    if not now < due_at <= now + LONGEST:
        raise Invalid(fields={"due_at": "must be later than now, within a year"})
    publishing.refuse_asks(asks)
    reason = publishing.cleaned_reason(reason)
    _end(session, document.id, now)
    due_id = session.execute(
        insert(DuePublication)
        .values(
            document_id=document.id,
            digest=digest_of(draft.source),
            base_revision_id=document.revision_id,
            due_at=due_at,
            asks=asks,
            asked_by=person_id,
            asked_at=now,
            outcome="",
            state="waiting",
        )
        .returning(DuePublication.id)
    ).scalar_one()
    if reason:
        _keep_reason(session, due_id, person_id, reason, now)
    journal.append(session, actor, "publication.planned", "document", document.id, now)


def _keep_reason(session: Session, due_id: int, person_id: int, reason: str, now: datetime) -> None:
    """Keep why a text is to be published, where erasure finds it."""
    reason_id = texts.keep(session, person_id, ABOUT, due_id, reason, now)
    session.execute(
        update(DuePublication).where(DuePublication.id == due_id).values(reason_id=reason_id)
    )


def cancel(session: Session, actor: Actor, path: str, now: datetime) -> None:
    """Give the plan up; without one nothing happens. Raises NotFound."""
    document = access.lesson_document(session, actor, path, lock=True)
    if _end(session, document.id, now):
        journal.append(session, actor, "publication.cancelled", "document", document.id, now)


def _end(session: Session, document_id: int, now: datetime) -> bool:
    ended = session.execute(
        update(DuePublication)
        .where(DuePublication.document_id == document_id, DuePublication.state == "waiting")
        .values(state="cancelled", ended_at=now)
    )
    return bool(changed_rows(ended))


def of_document(session: Session, document_id: int, now: datetime) -> Due | None:
    """The newest plan of a lesson that still matters: it waits, or it was refused lately."""
    row = session.execute(
        select(
            DuePublication.id,
            DuePublication.due_at,
            Person.name,
            DuePublication.state,
            DuePublication.outcome,
            DuePublication.asks,
        )
        .join(Person, Person.id == DuePublication.asked_by)
        .where(DuePublication.document_id == document_id)
        .order_by(DuePublication.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    due = Due(*row)
    lately = due.state == "refused" and now - due.due_at < SHOWN_FOR
    return due if due.state == "waiting" or lately else None


def due_ids(session: Session, now: datetime) -> list[int]:
    """The plans whose time has come."""
    return list(
        session.scalars(
            select(DuePublication.id)
            .where(DuePublication.state == "waiting", DuePublication.due_at <= now)
            .order_by(DuePublication.due_at, DuePublication.id)
        )
    )


def check_due(session: Session, due_id: int) -> Checked | None:
    """The text of a plan, checked; None where its draft is gone. It may take two seconds, so it
    is asked before the writers' queue."""
    row = session.execute(
        select(Document.path, Draft.source)
        .join(DuePublication, DuePublication.document_id == Document.id)
        .join(Draft, Draft.document_id == Document.id)
        .where(DuePublication.id == due_id)
    ).one_or_none()
    return previewing.check_all(session, [(row.path, row.source)])[0] if row else None


def carry_out(session: Session, due_id: int, checked: Checked | None, now: datetime) -> bool:
    """Publish a plan that is due, or note why not; gives back whether it was published now.

    Whoever claims the plan first carries it out; for all others there is nothing left to do.
    """
    claimed = session.execute(
        update(DuePublication)
        .where(
            DuePublication.id == due_id,
            DuePublication.state == "waiting",
            DuePublication.due_at <= now,
        )
        .values(state="done", ended_at=now)
    )
    if not changed_rows(claimed):
        return False
    outcome = _publish(session, due_id, checked, now)
    if outcome:
        session.execute(
            update(DuePublication)
            .where(DuePublication.id == due_id)
            .values(state="refused", outcome=outcome)
        )
    return not outcome


def _publish(session: Session, due_id: int, checked: Checked | None, now: datetime) -> str:
    """Publish as the person who planned it; gives back why not, or ""."""
    plan = session.execute(
        select(
            Document.path,
            DuePublication.digest,
            DuePublication.asks,
            DuePublication.asked_by,
            FreeText.body,
            Revision.number,
        )
        .join(Document, Document.id == DuePublication.document_id)
        .join(Revision, Revision.id == DuePublication.base_revision_id)
        .outerjoin(FreeText, FreeText.id == DuePublication.reason_id)
        .where(DuePublication.id == due_id)
    ).one()
    viewer = load_viewer(session, plan.asked_by)
    if viewer is None:
        return "person"
    actor = Actor(viewer.id, viewer.subject, viewer.roles)
    try:
        document = access.lesson_document(session, actor, plan.path, lock=True)
        draft = open_draft(session, document.id)
        if draft is None or checked is None:
            return "gone"
        if digest_of(draft.source) != plan.digest or checked.source != draft.source:
            return "changed"
        typed = Typed(draft.source, plan.number, draft.version)
        publishing.publish(
            session, actor, plan.path, typed, checked, plan.body or "", now, plan.asks
        )
    except NotFound:
        return "person"
    except Conflict:
        return "published"
    except Unsound:
        return "faulty"
    except Unapproved:
        return "unapproved"
    return ""
