"""Somebody sitting an attempt, for tests: a clock that tests move, and right or empty answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask

from domain.assessment.attempts import AttemptState
from domain.assessment.items import (
    Hotspot,
    Item,
    Judgement,
    Likert,
    Matching,
    MultipleChoice,
    Numeric,
    Open,
    Ordering,
    Short,
    SingleChoice,
    Table,
    TrueFalse,
)
from domain.assessment.responses import (
    BestWorst,
    Cells,
    Choice,
    Choices,
    Order,
    Pairs,
    Ratings,
    Response,
    Text,
    Value,
    Verdict,
    to_payload,
)
from services.actor import Actor
from services.assessment import delivery, starting, submission
from services.assessment.delivery import SaveCommand, Saved
from services.assessment.responding import Asked, asked
from services.session import reading, writing
from tests.conftest import NOW, Cast

# One of each kind; all in the practice pool.
SIX_KINDS = ("single", "multiple", "ordering", "matching", "numeric", "sjt")


def right_response(item: Item) -> Response:
    """The response that earns every point."""
    match item:
        case SingleChoice():
            return Choice(next(o.letter for o in item.options if o.key))
        case MultipleChoice():
            return Choices(frozenset(o.letter for o in item.options if o.key))
        case Ordering():
            return Order(tuple(step.letter for step in item.steps))
        case Matching():
            return Pairs({left.letter: left.right for left in item.lefts})
        case Numeric():
            return Value(item.answer)
        case Judgement():
            return _right_judgement(item)
        case TrueFalse():
            return Verdict(item.answer, next(r.letter for r in item.reasons if r.key))
        case Short():
            return Text(item.shown)
        case Table():
            return Cells({n: cell.shown.replace(",", "") for n, cell in item.open_cells.items()})
        case Hotspot():
            return Choice(next(a.letter for a in item.areas if a.key))
        case Likert():
            return Ratings({statement.letter: 4 for statement in item.statements})
        case Open():
            return Text(" ".join(["word"] * item.least))


def _right_judgement(item: Judgement) -> Response:
    by_score = sorted(item.actions, key=lambda action: action.score)
    match item.ask:
        case "best":
            return Choice(by_score[-1].letter)
        case "best-worst":
            return BestWorst(by_score[-1].letter, by_score[0].letter)
    return Ratings({action.letter: action.score + 1 for action in item.actions})


def right_payload(item: Item) -> dict[str, object]:
    return to_payload(right_response(item))


@dataclass
class Sitting:
    """One person's attempt; every step is a transaction of its own, as a request is."""

    app: Flask
    actor: Actor
    attempt_id: int
    now: datetime = NOW
    lease: int = 0
    sequence: int = 0
    questions: list[Asked] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def open(self) -> int | None:
        with self.app.app_context(), writing() as session:
            lease = delivery.open_attempt(session, self.actor, self.attempt_id, "test", self.now)
        if lease is not None:
            self.lease, self.sequence = lease, 0
        return lease

    def asked(self) -> list[Asked]:
        with self.app.app_context(), reading() as session:
            return list(asked(session, self.attempt_id))

    def save(
        self,
        position: int,
        response: Mapping[str, object],
        *,
        lease: int | None = None,
        sequence: int | None = None,
    ) -> Saved:
        if sequence is None:
            self.sequence += 1
        command = SaveCommand(
            position, lease or self.lease, sequence or self.sequence, response, 4000
        )
        with self.app.app_context(), writing() as session:
            return delivery.save_answer(session, self.actor, self.attempt_id, command, self.now)

    def answer_all(self) -> None:
        for question in self.asked():
            self.save(question.position, right_payload(question.item))

    def submit(self) -> AttemptState:
        with self.app.app_context(), writing() as session:
            return submission.submit(session, self.actor, self.attempt_id, self.now)


def sit(
    cast: Cast,
    name: str = "lin",
    purpose: str = "placement",
    limit_s: int | None = None,
    form_key: str = "placement",
    now: datetime = NOW,
) -> Sitting:
    """A begun and opened attempt of one of the cast."""
    actor = cast.actor(name)
    assert actor.person_id is not None
    with cast.app.app_context(), writing() as session:
        attempt_id = starting.create_attempt(
            session, actor.person_id, purpose, form_key, "en", 7, now, limit_s=limit_s
        )
        starting.begin(session, actor, attempt_id, now)
    sitting = Sitting(cast.app, actor, attempt_id, now)
    sitting.open()
    return sitting
