"""What a recruiter sees of one invitation: mail, reminders, wishes, answers that came too late.

None of it is for owners and reviewers of the position.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.hiring.applications import Stage, stage
from domain.records import frozen
from models.accounts import FreeText
from models.assessment import Answer, HeldDecision
from models.hiring import InvitationReminder
from models.journal import JournalEntry
from services.actor import Actor
from services.assessment import held
from services.errors import Invalid, NotFound
from services.hiring import access, accommodating, wordings
from services.hiring.access import PositionRecord
from services.hiring.accommodating import Wish
from services.hiring.entering import facts_of
from services.hiring.wordings import Wording


@frozen
class ReminderLine:
    """A reminder that was asked for. rule: before, silence or by_hand."""

    rule: str
    due_on: date
    asked_at: datetime


@frozen
class LateLine:
    """An answer that was given offline in time, as the browser says, and came after the end.

    accepted: None while nobody has decided; reason: of whoever decided.
    """

    answer_id: int
    position: int
    given_at: datetime
    received_at: datetime
    accepted: bool | None
    reason: str


@frozen
class InvitationPage:
    """An invitation with all that happened to it. agreed: the own words that they agreed to."""

    application_id: int
    name: str
    email: str | None
    lang: str | None
    position: PositionRecord
    stage: Stage
    invited_at: datetime
    expires_at: datetime
    consented_at: datetime | None
    consent_version: int | None
    agreed: Wording | None
    refused_at: datetime | None
    refused_code: int | None
    reminders: tuple[ReminderLine, ...]
    wish: Wish | None
    late: tuple[LateLine, ...]

    @property
    def waits(self) -> bool:
        """Whether a mail may still bring somebody to begin."""
        return self.stage in (Stage.INVITED, Stage.OPENED)


def invitation_page(
    session: Session, actor: Actor, application_id: int, now: datetime
) -> InvitationPage:
    """The page of one invitation, for recruiters; raises Forbidden, NotFound."""
    access.require_recruiter(actor)
    found = access.application(session, actor, application_id)
    reminders = session.execute(
        select(InvitationReminder.rule, InvitationReminder.due_on, InvitationReminder.asked_at)
        .where(InvitationReminder.invitation_id == found.invitation_id)
        .order_by(InvitationReminder.asked_at)
    )
    words = found.consent_words_id
    return InvitationPage(
        found.id,
        found.name,
        found.email,
        found.locale,
        access.position_of(session, found.position_id),
        stage(facts_of(found), now),
        found.invited_at,
        found.expires_at,
        found.consented_at,
        found.consent_version,
        wordings.of_id(session, words) if words is not None else None,
        found.refused_at,
        found.refused_code,
        tuple(ReminderLine(*row) for row in reminders),
        accommodating.wish_of(session, application_id),
        _late(session, found.attempt_id),
    )


def _late(session: Session, attempt_id: int) -> tuple[LateLine, ...]:
    rows = session.execute(
        select(
            Answer.id,
            Answer.position,
            JournalEntry.data,
            Answer.received_at,
            HeldDecision.accepted,
            FreeText.body,
        )
        .join(
            JournalEntry,
            (JournalEntry.object_kind == "answer")
            & (JournalEntry.object_id == Answer.id)
            & (JournalEntry.event == held.ARRIVED),
        )
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .outerjoin(FreeText, FreeText.id == HeldDecision.reason_id)
        .where(Answer.attempt_id == attempt_id, Answer.held == held.OFFLINE)
        .order_by(Answer.position, Answer.lease.desc(), Answer.sequence.desc())
    )
    return tuple(
        LateLine(
            row[0], row[1], datetime.fromisoformat(row[2]["given_at"]), row[3], row[4], row[5] or ""
        )
        for row in rows
    )


def decide_late(
    session: Session,
    actor: Actor,
    application_id: int,
    answer_id: int,
    accepted: bool | None,
    reason: str,
    now: datetime,
) -> None:
    """Accept or refuse a late answer of a candidate; see `held.decide` for what it raises.

    accepted: None where nothing was chosen, which is Invalid.
    """
    access.require_recruiter(actor)
    found = access.application(session, actor, application_id)
    access.require_key(answer_id)
    theirs = session.scalar(
        select(Answer.id).where(Answer.id == answer_id, Answer.attempt_id == found.attempt_id)
    )
    if theirs is None:
        raise NotFound
    if accepted is None:
        raise Invalid(fields={"verdict": "accept or refuse"})
    held.decide(session, actor, answer_id, accepted, reason, now)
