"""What an attempt asked and what counts as its answers, for marking and for reviews."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import current_answers
from domain.assessment.drawing import drawn, drawn_stem
from domain.assessment.items import Item, Open
from domain.assessment.marking import Mark, mark
from domain.assessment.responses import Response, parse_response
from domain.records import frozen
from models.assessment import Answer, AttemptItem, HeldDecision, HintTaken
from models.marking import KeyFix
from services.assessment.keys import Fix, fixes
from services.assessment.pinned import Pinned, pinned_all
from services.assessment.rated import Rated, rated


@frozen
class CountedAnswer:
    """The answer that counts at a position; response: its payload, empty when it was cleared.

    accepted_at: when a person decided that it counts, though it had been held.
    """

    position: int
    lease: int
    sequence: int
    response: dict[str, Any]
    elapsed_ms: int
    received_at: datetime
    accepted_at: datetime | None = None


@frozen
class Asked:
    """A question of an attempt with the answer that counts, if there is one.

    revision_id: what was asked; item: by what it is marked, which is another revision where the
    key was wrong (`fix`); it weighs what it weighed when it was asked.
    option_order: what was drawn for it, see domain/assessment/presentation.py.
    rated: of an open answer, once its mark is final.
    hints: how many were opened, in their order; reasons: whether all reasons were shown.
    """

    id: int  # of the attempt's item
    attempt_id: int
    position: int
    revision_id: int
    document_id: int
    competency: str
    option_order: tuple[str, ...]
    item: Item
    html: str
    answer: CountedAnswer | None
    fix: Fix | None = None
    rated: Rated | None = None
    hints: int = 0
    reasons: bool = False

    @property
    def response(self) -> Response | None:
        """The answer as the domain knows it; None where nothing was answered."""
        return parse_response(self.item, self.answer.response) if self.answer else None

    @property
    def struck(self) -> bool:
        """Whether the question was struck out, so that its answers count for nothing."""
        return self.fix is not None and self.fix.struck

    @property
    def mark(self) -> Mark | None:
        """What the answer is worth; None while it waits for people to mark it."""
        if not isinstance(self.item, Open):
            return mark(self.item, self.response)
        if self.rated:
            return Mark(self.rated.mark, self.item.max_mark)
        # What was struck out is not waited for.
        nothing = self.response is None or self.struck
        return Mark(0, self.item.max_mark) if nothing else None


def counted_answers(session: Session, attempt_id: int) -> dict[int, CountedAnswer]:
    """Position -> the answer that counts; one that was held back does when it was accepted."""
    rows = session.execute(
        select(
            Answer.position,
            Answer.lease,
            Answer.sequence,
            Answer.response,
            Answer.elapsed_ms,
            Answer.received_at,
            HeldDecision.decided_at,
        )
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .where(
            Answer.attempt_id == attempt_id, Answer.held.is_(None) | HeldDecision.accepted.is_(True)
        )
    )
    return current_answers(CountedAnswer(*row) for row in rows)


_HELPED = select(func.count(HintTaken.number)).where(
    HintTaken.attempt_id == AttemptItem.attempt_id, HintTaken.position == AttemptItem.position
)


def asked(
    session: Session, attempt_id: int, positions: Collection[int] | None = None
) -> Sequence[Asked]:
    """The questions of an attempt in their order, as pinned at its start."""
    answers = counted_answers(session, attempt_id)
    statement = (
        select(
            AttemptItem.id,
            AttemptItem.attempt_id,
            AttemptItem.position,
            AttemptItem.revision_id,
            AttemptItem.competency,
            AttemptItem.option_order,
            KeyFix.fixed_at,
            _HELPED.where(HintTaken.number > 0).scalar_subquery().label("hints"),
            _HELPED.where(HintTaken.number == 0).scalar_subquery().label("reasons"),
        )
        .outerjoin(KeyFix, KeyFix.revision_id == AttemptItem.revision_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    if positions is not None:
        statement = statement.where(AttemptItem.position.in_(positions))
    rows = session.execute(statement).all()
    wrong = {row.revision_id for row in rows if row.fixed_at}
    fixed = fixes(session, wrong) if wrong else {}
    mending = [fix.mending_id for fix in fixed.values() if fix.mending_id]
    known = pinned_all(session, [*(row.revision_id for row in rows), *mending])
    found = [_asked(row, known, fixed.get(row.revision_id), answers) for row in rows]
    texts = {q.id: (q.revision_id, q.item) for q in found if isinstance(q.item, Open) and q.answer}
    marks = rated(session, texts) if texts else {}
    return [replace(q, rated=marks[q.id]) if q.id in marks else q for q in found]


def _asked(
    row: Any, known: Mapping[int, Pinned], fix: Fix | None, answers: Mapping[int, CountedAnswer]
) -> Asked:
    """A question as this attempt drew it; without parameters it is the pinned one itself."""
    pinned = known[row.revision_id]
    item, order = pinned.item, tuple(row.option_order)
    if fix and fix.mending_id:
        item = replace(known[fix.mending_id].item, competencies=item.competencies)
    return Asked(
        row.id,
        row.attempt_id,
        row.position,
        row.revision_id,
        pinned.document_id,
        row.competency,
        order,
        drawn(item, order),
        drawn_stem(pinned.item, pinned.html, order),
        answers.get(row.position),
        fix,
        hints=row.hints,
        reasons=row.reasons > 0,
    )
