"""What people wrote about a person's answers: given out to them, and taken away for good.

Marks stay, under the answer that has no words any more.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.accounts import FreeText
from models.assessment import Attempt, AttemptItem
from models.marking import Contest, Rating
from services.accounts.keeping import Leaving, blank, moment


def erase(session: Session, who: Leaving) -> None:
    """Empty the notes of raters, and contests with their answers."""
    attempts = select(Attempt.id).where(Attempt.person_id == who.person_id)
    places = select(AttemptItem.id).where(AttemptItem.attempt_id.in_(attempts))
    blank(session, select(Rating.note_id).where(Rating.attempt_item_id.in_(places)))
    contests = Contest.attempt_id.in_(attempts)
    blank(session, select(Contest.text_id).where(contests))
    other = aliased(Contest)
    # What was answered to several people at once stays with the others.
    shared = select(other.answer_id).where(
        other.attempt_id.not_in(attempts), other.answer_id.is_not(None)
    )
    blank(session, select(Contest.answer_id).where(contests, Contest.answer_id.not_in(shared)))


def told(session: Session, person_id: int) -> list[dict[str, Any]]:
    """The person's contests and what was answered."""
    answer = aliased(FreeText)
    rows = session.execute(
        select(
            Contest.position, Contest.state, Contest.opened_at, Contest.decided_at,
            FreeText.body, answer.body,
        )
        .join(Attempt, Attempt.id == Contest.attempt_id)
        .outerjoin(FreeText, FreeText.id == Contest.text_id)
        .outerjoin(answer, answer.id == Contest.answer_id)
        .where(Attempt.person_id == person_id)
        .order_by(Contest.id)
    )  # fmt: skip
    return [
        {
            "question": position,
            "state": state,
            "contested_at": moment(opened_at),
            "answered_at": moment(decided_at),
            "reason": reason,
            "answer": said,
        }
        for position, state, opened_at, decided_at, reason, said in rows
    ]
