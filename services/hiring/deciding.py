"""What people say and decide about an application. A correction is a new row, never a change."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText, Person
from models.hiring import OUTCOMES, Decision
from services import journal
from services.actor import Actor
from services.errors import Invalid, NotFound
from services.hiring import access, candidacies, mentions
from services.hiring.candidacies import Verdict

REASONS = (
    "fit", "gate", "evidence", "interview", "withdrew", "position_closed", "mistake", "other",
)  # fmt: skip
MOST = 4000
NOTE, REMARK = "application", "remark"


@frozen
class NoteLine:
    """A note of a reader, or a remark of the candidate."""

    author: str
    by_candidate: bool
    body: str
    written_at: datetime


@frozen
class DecisionLine:
    """One decision as it was written; the newest one holds.

    replaces: the earlier decision that it corrects.
    """

    outcome: str
    reason_code: str
    reason: str
    by: str
    decided_at: datetime
    id: int = 0
    replaces: int | None = None


def write_note(
    session: Session, actor: Actor, application_id: int, body: str, now: datetime
) -> None:
    """Keep a note about an application; the same note sent twice is one note.

    Whoever of the position's team is named in it, as @Name, finds it on their list.
    """
    _hold(session, application_id)
    found = access.application(session, actor, application_id)
    text = cleaned(body, "note")
    note_id = _note(session, actor, NOTE, application_id, text, now)
    if note_id is not None:
        mentions.keep(session, actor, found, note_id, text, now)


def write_remark(session: Session, actor: Actor, body: str, now: datetime) -> None:
    """Keep what a candidate says about their own result: the readers of the position see it."""
    own = access.own_application(session, actor)
    if not own.ended:
        raise NotFound
    _hold(session, own.id)
    _note(session, actor, REMARK, own.id, cleaned(body, "remark"), now)


def _note(
    session: Session, actor: Actor, kind: str, application_id: int, body: str, now: datetime
) -> int | None:
    """The number of the text; None where the same was written just before."""
    if _latest(session, actor, kind, application_id) == body:
        return None
    text_id = insert_text(session, actor, kind, application_id, body, now)
    journal.append(session, actor, f"{kind}.noted", "application", application_id, now)
    return text_id


def decide(
    session: Session,
    actor: Actor,
    application_id: int,
    outcome: str,
    reason_code: str,
    reason: str,
    now: datetime,
) -> None:
    """Keep a decision with its reason in words; the same decision sent twice is one decision.

    One that follows another corrects it and names it; nothing is ever taken out.
    Raises NotFound, and Invalid naming every field that is wrong. No score comes in here.
    """
    _hold(session, application_id)
    access.application(session, actor, application_id)
    faults = {}
    if outcome not in OUTCOMES:
        faults["outcome"] = "choose what you decided"
    if reason_code not in REASONS:
        faults["reason_code"] = "choose a reason"
    try:
        text = cleaned(reason, "reason")
    except Invalid as error:
        faults |= error.fields
    if faults:
        raise Invalid(fields=faults)
    if _same(session, actor, application_id, outcome, reason_code, text):
        return
    last = candidacies.newest(session, [application_id]).get(application_id)
    verdict = Verdict(application_id, outcome, last[0] if last else None)
    candidacies.decide(session, actor, [verdict], reason_code, text, now)


def notes(session: Session, application_id: int) -> tuple[NoteLine, ...]:
    """Notes of readers and remarks of the candidate, oldest first."""
    rows = session.execute(
        select(Person.name, FreeText.about_kind, FreeText.body, FreeText.created_at)
        .join(Person, Person.id == FreeText.author_id)
        .where(FreeText.about_kind.in_([NOTE, REMARK]), FreeText.about_id == application_id)
        .order_by(FreeText.id)
    )
    return tuple(
        NoteLine(row.name, row.about_kind == REMARK, row.body, row.created_at) for row in rows
    )


def decisions(session: Session, application_id: int) -> tuple[DecisionLine, ...]:
    """All decisions about an application, the newest first."""
    rows = session.execute(
        select(
            Decision.outcome,
            Decision.reason_code,
            FreeText.body,
            Person.name,
            Decision.decided_at,
            Decision.id,
            Decision.replaces_id,
        )
        .join(FreeText, FreeText.id == Decision.reason_id)
        .join(Person, Person.id == Decision.decided_by)
        .where(Decision.application_id == application_id)
        .order_by(Decision.id.desc())
    )
    return tuple(DecisionLine(*row) for row in rows)


def _hold(session: Session, application_id: int) -> None:
    """Hold the application until the transaction ends: a doubled request waits for the first."""
    access.require_key(application_id)
    candidacies.hold(session, [application_id])


def _latest(session: Session, actor: Actor, kind: str, application_id: int) -> str | None:
    return session.scalar(
        select(FreeText.body)
        .where(
            FreeText.about_kind == kind,
            FreeText.about_id == application_id,
            FreeText.author_id == actor.person_id,
        )
        .order_by(FreeText.id.desc())
        .limit(1)
    )


def _same(
    session: Session, actor: Actor, application_id: int, outcome: str, code: str, reason: str
) -> bool:
    row = session.execute(
        select(Decision.decided_by, Decision.outcome, Decision.reason_code, FreeText.body)
        .join(FreeText, FreeText.id == Decision.reason_id)
        .where(Decision.application_id == application_id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    return row is not None and tuple(row) == (actor.person_id, outcome, code, reason)


def insert_text(
    session: Session, actor: Actor, kind: str, application_id: int, body: str, now: datetime
) -> int:
    """Keep free text about an application, and give back its number."""
    made = session.execute(
        insert(FreeText)
        .values(
            author_id=actor.person_id,
            about_kind=kind,
            about_id=application_id,
            body=body,
            created_at=now,
        )
        .returning(FreeText.id)
    )
    return int(made.scalar_one())


def cleaned(body: str, field: str) -> str:
    """A text of 1 to 4,000 characters without control characters; raises Invalid."""
    text = body.replace("\r\n", "\n")
    text = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    if not 1 <= len(text) <= MOST:
        raise Invalid(fields={field: f"must have 1 to {MOST} characters"})
    return text
