"""What is kept of a person's attempts: given out to them, and emptied of words for good.

Which answer was chosen stays, without a name: statistics of questions rest on it. What a person
typed goes, unless it is the key itself, word for word: so that every mark stays what it was.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.assessment.items import Item, Open, Short, Table
from domain.assessment.marking import mark
from domain.assessment.responses import ResponseError, parse_response
from models.assessment import (
    Accommodation,
    Answer,
    Attempt,
    AttemptGrant,
    AttemptOpening,
    HeldDecision,
)
from services.accounts.keeping import ERASED, Leaving, blank, moment
from services.assessment.responding import asked

Payload = Mapping[str, Any]


def erase(session: Session, who: Leaving) -> None:
    """Empty every answer; forget devices, reasons and extra time.

    What is still running ends by its own clock: nobody can come in any more.
    """
    attempts = select(Attempt.id).where(Attempt.person_id == who.person_id)
    for attempt_id in session.scalars(attempts).all():
        _empty(session, attempt_id, who)
    session.execute(
        update(AttemptOpening).where(AttemptOpening.attempt_id.in_(attempts)).values(device="")
    )
    answers = select(Answer.id).where(Answer.attempt_id.in_(attempts))
    blank(session, select(AttemptGrant.reason_id).where(AttemptGrant.attempt_id.in_(attempts)))
    blank(session, select(HeldDecision.reason_id).where(HeldDecision.answer_id.in_(answers)))
    session.execute(delete(Accommodation).where(Accommodation.person_id == who.person_id))


def _empty(session: Session, attempt_id: int, who: Leaving) -> None:
    items = {question.position: question.item for question in asked(session, attempt_id)}
    for row in session.execute(
        select(Answer.id, Answer.position, Answer.response).where(Answer.attempt_id == attempt_id)
    ).all():
        item = items.get(row.position)
        emptied = dict(row.response) if item is None else emptied_of(item, row.response, who)
        if emptied != row.response:
            session.execute(update(Answer).where(Answer.id == row.id).values(response=emptied))


def emptied_of(item: Item, response: Payload, who: Leaving) -> dict[str, Any]:
    """The payload without what was typed in free words; it is worth as much as before."""
    kept = dict(response)
    if isinstance(item, Open):
        return {**kept, "text": ERASED} if kept.get("text") else kept
    if isinstance(item, Short) and kept.get("text"):
        told = str(kept["text"])
        return _emptied(item, kept, who, told, [{**kept, "text": w} for w in _words(who, told)])
    if isinstance(item, Table):
        for name, word in dict(kept.get("cells") or {}).items():
            told, cells = str(word), kept["cells"]
            instead = [{**kept, "cells": {**cells, name: w}} for w in _words(who, told)]
            kept = _emptied(item, kept, who, told, instead)
    return kept


def _words(who: Leaving, told: str) -> tuple[str, str]:
    """What may stand in the place of a typed word: nothing of it, or the word without a name."""
    return ERASED, who.pattern.sub(ERASED, told)


def _emptied(
    item: Item, kept: dict[str, Any], who: Leaving, told: str, instead: list[dict[str, Any]]
) -> dict[str, Any]:
    """The first payload that is worth as much; a name in the word goes whatever hangs on it."""
    worth = _worth(item, kept)
    for payload in instead:
        if _worth(item, payload) == worth:
            return payload
    return instead[0] if who.pattern.search(told) else kept


def _worth(item: Item, payload: Payload) -> int | None:
    try:
        return mark(item, parse_response(item, payload)).points
    except ResponseError:
        return None


def told(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Every attempt with the answers as they were saved; no keys."""
    attempts = session.scalars(
        select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.id)
    ).all()
    answers: dict[int, list[dict[str, Any]]] = {attempt.id: [] for attempt in attempts}
    for row in session.scalars(
        select(Answer)
        .where(Answer.attempt_id.in_(answers))
        .order_by(Answer.attempt_id, Answer.position, Answer.lease, Answer.sequence)
    ):
        answers[row.attempt_id].append(
            {
                "question": row.position,
                "answer": row.response,
                "seconds": round(row.elapsed_ms / 1000),
                "saved_at": moment(row.received_at),
                "held": row.held,
            }
        )
    return [
        {
            "purpose": attempt.purpose,
            "form": attempt.form_key,
            "language": attempt.lang,
            "state": attempt.state,
            "started_at": moment(attempt.started_at),
            "ended_at": moment(attempt.ended_at),
            "saves": answers[attempt.id],
        }
        for attempt in attempts
    ]
