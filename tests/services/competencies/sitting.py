"""Sitting an attempt in tests: answers that are right or wrong on purpose, saved like real ones."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.assessment.items import (
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
)
from domain.assessment.responses import Choice, Choices, Order, Pairs, Response, Value, to_payload
from services.actor import Actor
from services.assessment import delivery, starting, submission
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked
from tests.services.assessment.sitting import right_response


def wrong_answer(item: Item) -> Response:
    """What earns no mark, or as few as the item allows."""
    match item:
        case SingleChoice():
            return Choice(next(o.letter for o in item.options if not o.key))
        case Judgement():
            return Choice(min(item.actions, key=lambda a: a.score).letter)
        case MultipleChoice():
            return Choices(frozenset(o.letter for o in item.options if not o.key))
        case Ordering():
            return Order(tuple(step.letter for step in reversed(item.steps)))
        case Matching():
            labels = [right.label for right in item.rights]
            return Pairs(
                {
                    left.letter: next(label for label in labels if label != left.right)
                    for left in item.lefts
                }
            )
        case Numeric():
            return Value(item.answer + 10 * (item.tolerance + 1))


def sit(
    session: Session,
    actor: Actor,
    attempt_id: int,
    now: datetime,
    knows: Callable[[int, Item], bool | None] = lambda position, item: True,
) -> int:
    """Answer and hand in a running attempt; gives back its id.

    knows: position and item -> right, wrong, or None for no answer.
    """
    lease = delivery.open_attempt(session, actor, attempt_id, "test", now)
    assert lease is not None
    for question in asked(session, attempt_id):
        known = knows(question.position, question.item)
        if known is None:
            continue
        given = (right_response if known else wrong_answer)(question.item)
        command = SaveCommand(
            question.position, lease, 1, to_payload(given), 1000 * (20 + 7 * question.position % 60)
        )
        delivery.save_answer(session, actor, attempt_id, command, now)
    submission.submit(session, actor, attempt_id, now)
    return attempt_id


def sit_form(
    session: Session,
    actor: Actor,
    form_key: str,
    now: datetime,
    knows: Callable[[int, Item], bool | None] = lambda position, item: True,
) -> int:
    """Start a form of a learner, answer it and hand it in."""
    attempt_id = starting.start_form(session, actor, form_key, "en", 7, now)
    return sit(session, actor, attempt_id, now, knows)


def sit_quiz(
    session: Session,
    actor: Actor,
    lesson_key: str,
    now: datetime,
    knows: Callable[[int, Item], bool | None] = lambda position, item: True,
) -> int:
    """Start a lesson's quiz, answer it and hand it in."""
    attempt_id = starting.start_quiz(session, actor, lesson_key, "en", 7, now)
    return sit(session, actor, attempt_id, now, knows)
