"""Hints and reasons while answering: opened by a POST, shown from then on, never taken back."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from models.assessment import HintTaken
from services import journal
from services.actor import Actor
from services.assessment import closing
from services.assessment.access import own_attempt
from services.assessment.inserting import InsertOnce
from services.assessment.responding import Asked, asked
from services.assessment.rules import Rules, rules_of
from services.errors import Conflict, NotFound

_COLUMNS = ("attempt_id", "position", "number", "taken_at")
_insert = InsertOnce(HintTaken, HintTaken.__table__.c.position, _COLUMNS)


def take_hint(
    session: Session, actor: Actor, attempt_id: int, position: int, number: int, now: datetime
) -> None:
    """Open a question's next hint; a repeat changes nothing. number: counted from 1.

    Raises NotFound where there is no such attempt, question or hint, and Conflict when the
    question is closed or an earlier hint has not been opened yet.
    """
    question, _ = _open_question(session, actor, attempt_id, position, now)
    if question.item.is_secure or not 1 <= number <= len(question.item.hints):
        raise NotFound
    if number <= question.hints:
        return
    if number > question.hints + 1:
        raise Conflict("Open the hints one after the other.")
    _note(session, actor, attempt_id, position, number, now)


def show_reasons(
    session: Session, actor: Actor, attempt_id: int, position: int, now: datetime
) -> None:
    """Close a question and show its reasons at once; a repeat changes nothing.

    Only for forms that say so, and never for secure items. Raises NotFound, and Conflict where
    nothing is answered yet or the question is closed.
    """
    question, rules = _open_question(session, actor, attempt_id, position, now)
    if not rules.each or question.item.is_secure:
        raise NotFound
    if question.reasons:
        return
    if question.response is None:
        raise Conflict("Answer the question first.")
    _note(session, actor, attempt_id, position, closing.REASONS, now)


def _open_question(
    session: Session, actor: Actor, attempt_id: int, position: int, now: datetime
) -> tuple[Asked, Rules]:
    """A question that takes answers, or whose reasons were shown; the attempt is held."""
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state_at(now) is not AttemptState.RUNNING or attempt.paused_at is not None:
        raise Conflict("This attempt is not running.")
    found = asked(session, attempt_id, [position])
    if not found:
        raise NotFound
    rules = rules_of(session, attempt.form_revision_id)
    question = found[0]
    if question.reasons or rules.plain:
        return question, rules
    if closing.of(session, attempt_id, rules, position, now).closed:
        raise Conflict("This question is closed.")
    return question, rules


def _note(
    session: Session, actor: Actor, attempt_id: int, position: int, number: int, now: datetime
) -> None:
    taken = _insert(session, attempt_id=attempt_id, position=position, number=number, taken_at=now)
    if taken is not None:
        event = "attempt.hint_taken" if number else "attempt.reasons_shown"
        journal.append(
            session, actor, event, "attempt", attempt_id, now, position=position, number=number
        )
