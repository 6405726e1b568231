"""A second pair of eyes: asked for, given, and bound to the very text that was read."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, aliased

from domain.records import frozen
from models.accounts import FreeText, Person
from models.authoring import ApprovalRule, Review
from services import journal
from services.actor import Actor
from services.authoring import access
from services.authoring.drafts import OpenDraft, open_draft
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.library.loading import digest_of
from services.marking import texts

ABOUT = "review"
LONGEST = 1000
VERDICTS = ("approved", "returned")
_RULE = select(ApprovalRule.needed).order_by(ApprovalRule.id.desc()).limit(1)


@frozen
class Standing:
    """How far a draft is on its way. state: writing, asked, approved or returned.

    needed: whether it must be approved before it is published. own: whether the person who looks
    wrote some of it or asked for the review, and so may not decide.
    """

    state: str
    needed: bool
    own: bool
    asked_by: str | None = None
    asked_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None

    @property
    def may_publish(self) -> bool:
        return not self.needed or self.state == "approved"

    @property
    def may_decide(self) -> bool:
        return self.state == "asked" and not self.own


def approval_needed(session: Session) -> bool:
    """Whether a text needs the approval of a second trainer; off until an admin says so."""
    return bool(session.scalar(_RULE))


def set_approval(session: Session, actor: Actor, needed: bool, now: datetime) -> None:
    """Switch the need for approval on or off; as it is already changes nothing."""
    if not actor.has("admin"):
        raise Forbidden
    if approval_needed(session) == needed:
        return
    rule_id = session.execute(
        insert(ApprovalRule)
        .values(needed=needed, set_by=actor.person_id, set_at=now)
        .returning(ApprovalRule.id)
    ).scalar_one()
    journal.append(session, actor, "authoring.approval", "approval_rule", rule_id, now, on=needed)


def standing(session: Session, actor: Actor, document_id: int, draft: OpenDraft | None) -> Standing:
    """How far the draft is; without one, it is being written."""
    if draft is None:
        return Standing("writing", approval_needed(session), own=False)
    asker, decider = aliased(Person), aliased(Person)
    mine = (Review.document_id == document_id, Review.digest == digest_of(draft.source))
    newest = select(func.max(Review.id).label("id")).where(*mine).subquery()
    # The rule and the review in one statement: a row comes back where there is no review, too.
    row = session.execute(
        select(
            _RULE.scalar_subquery().label("needed"),
            Review.state,
            Review.asked_by,
            Review.asked_at,
            Review.decided_at,
            asker.name.label("asker"),
            decider.name.label("decider"),
            FreeText.body,
        )
        .select_from(newest)
        .outerjoin(Review, Review.id == newest.c.id)
        .outerjoin(asker, asker.id == Review.asked_by)
        .outerjoin(decider, decider.id == Review.decided_by)
        .outerjoin(FreeText, FreeText.id == Review.text_id)
    ).one()
    needed, own = bool(row.needed), actor.person_id in draft.editors
    if row.state is None:
        return Standing("writing", needed, own)
    return Standing(
        state=row.state,
        needed=needed,
        own=own or actor.person_id == row.asked_by,
        asked_by=row.asker,
        asked_at=row.asked_at,
        decided_by=row.decider,
        decided_at=row.decided_at,
        note=row.body,
    )


def ask(session: Session, actor: Actor, path: str, version: int, now: datetime) -> None:
    """Ask others to read the draft as it stands; asking again changes nothing.

    Raises NotFound, and Conflict where the draft was changed or is gone since the page was read.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    draft = open_draft(session, document.id)
    if draft is None or draft.version != version:
        raise Conflict
    if standing(session, actor, document.id, draft).state in ("asked", "approved"):
        return
    session.execute(
        insert(Review).values(
            document_id=document.id,
            digest=digest_of(draft.source),
            state="asked",
            asked_by=person_id,
            asked_at=now,
        )
    )
    journal.append(session, actor, "review.asked", "document", document.id, now)


def decide(
    session: Session,
    actor: Actor,
    path: str,
    version: int,
    verdict: str,
    note: str,
    now: datetime,
) -> None:
    """Approve a draft, or give it back with a word why.

    Raises NotFound, Forbidden to those who wrote it, Invalid (no such verdict, or a draft given
    back without a word), and Conflict where the draft was changed or is decided already.
    """
    person_id = access.author(actor)
    document = access.lesson_document(session, actor, path, lock=True)
    if verdict not in VERDICTS:
        raise Invalid(fields={"verdict": "choose one of the two"})
    draft = open_draft(session, document.id)
    if draft is None or draft.version != version:
        raise Conflict
    state = standing(session, actor, document.id, draft)
    if state.state != "asked":
        raise Conflict
    if state.own:
        raise Forbidden
    note = texts.cleaned(note, "note", 1 if verdict == "returned" else 0, LONGEST)
    review_id = session.scalar(
        select(Review.id)
        .where(Review.document_id == document.id, Review.digest == digest_of(draft.source))
        .order_by(Review.id.desc())
        .limit(1)
    )
    if review_id is None:
        raise NotFound
    text_id = texts.keep(session, person_id, ABOUT, review_id, note, now) if note else None
    session.execute(
        update(Review)
        .where(Review.id == review_id, Review.state == "asked")
        .values(state=verdict, decided_by=person_id, decided_at=now, text_id=text_id)
    )
    journal.append(session, actor, f"review.{verdict}", "document", document.id, now)
