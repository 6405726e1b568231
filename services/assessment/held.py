"""Answers given offline before the end that came after it: kept, and judged by a person.

The browser says when an answer was given. That claim decides nothing by itself; it stands in the
journal beside the answer, for whoever accepts or refuses it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import is_final
from domain.records import frozen
from models.accounts import FreeText, Person
from models.assessment import Answer, Attempt, HeldDecision
from models.journal import JournalEntry
from services import journal
from services.actor import Actor
from services.assessment.access import GREATEST_ID, clock_of
from services.assessment.rules import rules_of
from services.assessment.scoring import score_again
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.roles import trainer

OFFLINE = "offline"
ARRIVED = "answer.held_offline"
MOST_REASON = 500
MOST_LISTED = 200


@frozen
class HeldLine:
    """An answer that waits. given_at: as the browser says; ended_at: of the attempt, or its limit.

    others: later answers to the same question that must be decided first.
    """

    answer_id: int
    attempt_id: int
    name: str
    titles: dict[str, str]
    position: int
    given_at: datetime
    received_at: datetime
    ended_at: datetime | None
    others: int


@frozen
class DecidedLine:
    """What a person decided; reason: in their words."""

    name: str
    decider: str
    position: int
    accepted: bool
    reason: str
    decided_at: datetime


@frozen
class HeldPage:
    waiting: tuple[HeldLine, ...]
    decided: tuple[DecidedLine, ...]


@frozen
class Notice:
    """What the person is told about answers of theirs that were held: how many of each."""

    waiting: int
    accepted: int
    refused: int

    @property
    def any(self) -> int:
        return self.waiting + self.accepted + self.refused


def note_offline(
    session: Session, answer_id: int, person_id: int, given_at: datetime, now: datetime
) -> None:
    """Keep the time that a browser claims for an answer that is held."""
    actor = Actor(person_id)
    journal.append(session, actor, ARRIVED, "answer", answer_id, now, given_at=given_at.isoformat())


_UNDECIDED = (Answer.held == OFFLINE, HeldDecision.answer_id.is_(None))
_LEARNERS = (Person.kind == "member", Attempt.purpose != "hiring")


def held_page(session: Session, actor: Actor) -> HeldPage:
    """What waits, oldest first, and what was decided, newest first; for trainers."""
    trainer(actor)
    rows = session.execute(
        select(
            Answer.id,
            Answer.attempt_id,
            Person.name,
            Attempt.form_revision_id,
            Answer.position,
            Answer.lease,
            Answer.sequence,
            JournalEntry.data,
            Answer.received_at,
            func.coalesce(Attempt.ended_at, Attempt.deadline).label("ended_at"),
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(
            JournalEntry,
            (JournalEntry.object_kind == "answer")
            & (JournalEntry.object_id == Answer.id)
            & (JournalEntry.event == ARRIVED),
        )
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .where(*_UNDECIDED, *_LEARNERS)
        .order_by(Answer.id)
        .limit(MOST_LISTED)
    ).all()
    places = [(row.attempt_id, row.position, row.lease, row.sequence) for row in rows]
    waiting = tuple(
        HeldLine(
            row.id,
            row.attempt_id,
            row.name,
            dict(rules_of(session, row.form_revision_id).titles),
            row.position,
            datetime.fromisoformat(row.data["given_at"]),
            row.received_at,
            row.ended_at,
            sum(place[:2] == here[:2] and place[2:] > here[2:] for place in places),
        )
        for row, here in zip(rows, places, strict=True)
    )
    return HeldPage(waiting, _decided(session))


def _decided(session: Session) -> tuple[DecidedLine, ...]:
    decider = Person.__table__.alias("decider")
    rows = session.execute(
        select(
            Person.name,
            decider.c.name.label("decider"),
            Answer.position,
            HeldDecision.accepted,
            func.coalesce(FreeText.body, ""),
            HeldDecision.decided_at,
        )
        .join(Answer, Answer.id == HeldDecision.answer_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(decider, decider.c.id == HeldDecision.decided_by)
        .outerjoin(FreeText, FreeText.id == HeldDecision.reason_id)
        .where(*_LEARNERS)
        .order_by(HeldDecision.decided_at.desc(), HeldDecision.answer_id.desc())
        .limit(MOST_LISTED)
    )
    return tuple(DecidedLine(*row) for row in rows)


def decide_learners(
    session: Session, actor: Actor, answer_id: int, accepted: bool, reason: str, now: datetime
) -> None:
    """`decide` for a trainer and a learner's answer; raises NotFound for any other."""
    trainer(actor)
    if answer_id > GREATEST_ID:
        raise NotFound
    theirs = session.scalar(
        select(Answer.id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Answer.id == answer_id, *_LEARNERS)
    )
    if theirs is None:
        raise NotFound
    decide(session, actor, answer_id, accepted, reason, now)


def decide(
    session: Session, actor: Actor, answer_id: int, accepted: bool, reason: str, now: datetime
) -> None:
    """Accept or refuse a held answer that the caller has guarded; a repeat changes nothing.

    An accepted one counts from then on, and an attempt that has ended is scored again. Raises
    Invalid without a reason, and Conflict when it was decided otherwise before, or a newer answer
    to the same question waits or was accepted.
    """
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(fields={"reason": f"give a reason of at most {MOST_REASON} characters"})
    answer = session.execute(
        select(Answer.attempt_id, Answer.position, Answer.lease, Answer.sequence).where(
            Answer.id == answer_id, Answer.held == OFFLINE
        )
    ).one_or_none()
    if answer is None or actor.person_id is None:
        raise NotFound
    attempt = clock_of(session, answer.attempt_id)
    if attempt.person_id == actor.person_id:
        raise Forbidden("Nobody decides about their own answers.")
    before = session.scalar(
        select(HeldDecision.accepted).where(HeldDecision.answer_id == answer_id)
    )
    if before is not None:
        if before is accepted:
            return
        raise Conflict("This answer was decided about before.")
    if accepted:
        _require_newest(session, answer)
    reason_id = session.execute(
        insert(FreeText)
        .values(
            author_id=actor.person_id, about_kind="answer", about_id=answer_id, body=reason,
            created_at=now,
        )
        .returning(FreeText.id)
    ).scalar_one()  # fmt: skip
    session.execute(
        insert(HeldDecision).values(
            answer_id=answer_id,
            accepted=accepted,
            decided_by=actor.person_id,
            reason_id=reason_id,
            decided_at=now,
        )
    )
    if accepted and is_final(attempt.state):
        score_again(session, attempt.id, now)
    journal.append(session, actor, "answer.decided", "answer", answer_id, now, accepted=accepted)


def _require_newest(session: Session, answer: Any) -> None:
    """One acceptance for a question, and of its newest answer: marks move once."""
    rows = session.execute(
        select(Answer.lease, Answer.sequence, HeldDecision.accepted)
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .where(
            Answer.attempt_id == answer.attempt_id,
            Answer.position == answer.position,
            Answer.held == OFFLINE,
        )
    ).all()
    here = (answer.lease, answer.sequence)
    newer = [row for row in rows if row.accepted is None and (row.lease, row.sequence) > here]
    if newer or any(row.accepted for row in rows):
        raise Conflict("Decide about the newest answer to this question first.")


def notice(session: Session, actor: Actor, attempt_id: int) -> Notice:
    """How many answers of an own attempt were held for review, and what became of them."""
    rows = session.execute(
        select(HeldDecision.accepted, func.count(Answer.id))
        .select_from(Answer)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .where(
            Answer.attempt_id == attempt_id,
            Attempt.person_id == actor.person_id,
            Answer.held == OFFLINE,
        )
        .group_by(HeldDecision.accepted)
    )
    found: dict[bool | None, int] = {row[0]: row[1] for row in rows}
    return Notice(found.get(None, 0), found.get(True, 0), found.get(False, 0))
