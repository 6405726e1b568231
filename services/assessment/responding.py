"""What an attempt asked and what counts as its answers, for marking and for reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.attempts import current_answers
from domain.assessment.drawing import drawn, drawn_stem
from domain.assessment.items import Item
from domain.assessment.responses import Response, parse_response
from models.assessment import Answer, AttemptItem
from services.assessment.pinned import Pinned, pinned_all


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """The answer that counts at a position; response: its payload, empty when it was cleared."""

    position: int
    lease: int
    sequence: int
    response: dict[str, Any]
    elapsed_ms: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an attempt with the answer that counts, if there is one.

    option_order: what was drawn for it, see domain/assessment/presentation.py.
    """

    id: int  # of the attempt's item
    position: int
    revision_id: int
    document_id: int
    competency: str
    option_order: tuple[str, ...]
    item: Item
    html: str
    answer: CountedAnswer | None

    @property
    def response(self) -> Response | None:
        """The answer as the domain knows it; None where nothing was answered."""
        return parse_response(self.item, self.answer.response) if self.answer else None


def counted_answers(session: Session, attempt_id: int) -> dict[int, CountedAnswer]:
    """Position -> the answer that counts; saves that were held back never do."""
    rows = session.execute(
        select(
            Answer.position,
            Answer.lease,
            Answer.sequence,
            Answer.response,
            Answer.elapsed_ms,
            Answer.received_at,
        ).where(Answer.attempt_id == attempt_id, Answer.held.is_(None))
    )
    return current_answers(CountedAnswer(*row) for row in rows)


def asked(
    session: Session, attempt_id: int, positions: Collection[int] | None = None
) -> Sequence[Asked]:
    """The questions of an attempt in their order, as pinned at its start."""
    answers = counted_answers(session, attempt_id)
    statement = (
        select(
            AttemptItem.id,
            AttemptItem.position,
            AttemptItem.revision_id,
            AttemptItem.competency,
            AttemptItem.option_order,
        )
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    if positions is not None:
        statement = statement.where(AttemptItem.position.in_(positions))
    rows = session.execute(statement).all()
    questions = pinned_all(session, [row.revision_id for row in rows])
    return [_asked(row, questions[row.revision_id], answers.get(row.position)) for row in rows]


def _asked(row: Any, pinned: Pinned, answer: CountedAnswer | None) -> Asked:
    """A question as this attempt drew it; without parameters it is the pinned one itself."""
    order = tuple(row.option_order)
    return Asked(
        row.id,
        row.position,
        row.revision_id,
        pinned.document_id,
        row.competency,
        order,
        drawn(pinned.item, order),
        drawn_stem(pinned.item, pinned.html, order),
        answer,
    )
