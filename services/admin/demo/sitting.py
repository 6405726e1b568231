"""Sitting an attempt as a browser does it: open, answer by answer, hand in."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.actor import Actor
from services.admin.demo.taker import Taker
from services.assessment import delivery, submission
from services.assessment.delivery import SaveCommand
from services.assessment.responding import asked

DEVICE = "demo"
CHANGES_MIND = 0.06


def answer(
    session: Session,
    actor: Actor,
    attempt_id: int,
    taker: Taker,
    at: datetime,
    *,
    most: int | None = None,
    until: datetime | None = None,
) -> datetime:
    """Answer questions in their order; gives back the time of the last answer.

    most: stops after so many; until: the deadline, after which nothing more is answered.
    """
    lease = delivery.open_attempt(session, actor, attempt_id, DEVICE, at)
    if lease is None:
        return at
    for question in asked(session, attempt_id)[:most]:
        times = 2 if taker.rng.random() < CHANGES_MIND else 1
        for sequence in range(1, times + 1):
            seconds = taker.seconds(question.item)
            if until and at + timedelta(seconds=seconds) > until:
                return at
            at += timedelta(seconds=seconds)
            payload = taker.answer(question.item)
            elapsed = int(seconds * 1000) * sequence
            command = SaveCommand(question.position, lease, sequence, payload, elapsed)
            delivery.save_answer(session, actor, attempt_id, command, at)
    return at


def sit(session: Session, actor: Actor, attempt_id: int, taker: Taker, at: datetime) -> datetime:
    """Answer everything and hand in; gives back the time of handing in."""
    ended = answer(session, actor, attempt_id, taker, at) + timedelta(seconds=20)
    submission.submit(session, actor, attempt_id, ended)
    return ended
