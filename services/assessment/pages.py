"""The reading side of an attempt: one frozen record per page, without a key or a reason in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, remaining_seconds
from domain.assessment.items import (
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
)
from domain.assessment.responses import is_complete
from models.assessment import Answer
from models.library import Revision
from services.actor import Actor
from services.assessment.access import OwnAttempt, own_attempt
from services.assessment.responding import Asked, asked


@dataclass(frozen=True, slots=True)
class Part:
    """An option, action, step, left or right side, as it is shown."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the person sees it.

    parts: in the order of showing, steps in the person's own; rights: what a matching item offers;
    given: the payload of the answer that counts, see domain/assessment/responses.py.
    """

    position: int
    kind: str
    competency: str
    html: str
    parts: tuple[Part, ...]
    rights: tuple[Part, ...]
    unit: str
    given: dict[str, Any]
    complete: bool
    elapsed_ms: int
    received_at: datetime | None

    @property
    def answered(self) -> bool:
        return bool(self.given)


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An attempt as it stands.

    written: false while the deadline has passed and nobody has written the end yet;
    lease: the newest one; sequence: the highest that was used under it.
    """

    id: int
    titles: dict[str, str]
    purpose: str
    state: AttemptState
    written: bool
    lease: int
    sequence: int
    deadline: datetime | None
    seconds_left: int | None
    questions: tuple[Question, ...]

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def incomplete(self) -> tuple[Question, ...]:
        """Questions without an answer or with a part left open."""
        return tuple(question for question in self.questions if not question.complete)

    @property
    def first_open(self) -> int:
        """The position to go on from: the first one left open, else the first."""
        return self.incomplete[0].position if self.incomplete else 1


def attempt_page(session: Session, actor: Actor, attempt_id: int, now: datetime) -> AttemptPage:
    """An attempt of the actor's, with its questions while it runs; five statements at most.

    Past the deadline it reads as expired, although nobody may have written so yet.
    """
    attempt = own_attempt(session, actor, attempt_id)
    state = attempt.state_at(now)
    running = state is AttemptState.RUNNING
    return AttemptPage(
        id=attempt.id,
        titles=_titles(session, attempt),
        purpose=attempt.purpose,
        state=state,
        written=state is attempt.state,
        lease=attempt.lease,
        sequence=_last_sequence(session, attempt) if running else 0,
        deadline=attempt.deadline,
        seconds_left=remaining_seconds(now, attempt.deadline),
        questions=tuple(_question(found) for found in asked(session, attempt.id))
        if running
        else (),
    )


def _titles(session: Session, attempt: OwnAttempt) -> dict[str, str]:
    """Language -> title; a lesson's quiz has the lesson's title in the language it was taken in."""
    row = session.execute(
        select(Revision.title, Revision.meta["title"].label("titles")).where(
            Revision.id == attempt.form_revision_id
        )
    ).one()
    return row.titles if isinstance(row.titles, dict) else {"en": row.title}


def _last_sequence(session: Session, attempt: OwnAttempt) -> int:
    return int(
        session.scalar(
            select(func.coalesce(func.max(Answer.sequence), 0)).where(
                Answer.attempt_id == attempt.id, Answer.lease == attempt.lease
            )
        )
        or 0
    )


def _question(found: Asked) -> Question:
    answer = found.answer
    given = answer.response if answer else {}
    # Steps that were put in order stay in it.
    order = tuple(given.get("order", ())) or found.option_order
    parts, rights = _shown(found.item, order)
    return Question(
        position=found.position,
        kind=found.item.kind,
        competency=found.competency,
        html=found.html,
        parts=parts,
        rights=rights,
        unit=found.item.unit if isinstance(found.item, Numeric) else "",
        given=given,
        complete=is_complete(found.item, found.response),
        elapsed_ms=answer.elapsed_ms if answer else 0,
        received_at=answer.received_at if answer else None,
    )


def _shown(item: Item, order: tuple[str, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts in the order that was drawn, and the right sides; texts only."""
    match item:
        case SingleChoice() | MultipleChoice():
            texts = {option.letter: option.text for option in item.options}
        case Judgement():
            texts = {action.letter: action.text for action in item.actions}
        case Ordering():
            texts = {step.letter: step.text for step in item.steps}
        case Matching():
            rights = {right.label: right.text for right in item.rights}
            lefts = tuple(Part(left.letter, left.text) for left in item.lefts)
            return lefts, tuple(Part(label, rights[label]) for label in order)
        case Numeric():
            return (), ()
    return tuple(Part(letter, texts[letter]) for letter in order), ()
