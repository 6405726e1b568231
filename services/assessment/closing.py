"""Which questions of a running attempt take no answer any more, by the rules of its form.

A section is closed when it was left, when its time is over and before it begins; a question
without a way back when a later one was reached; a question whose reasons were shown for good.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import GRACE
from domain.assessment.clocks import Span, is_open
from domain.records import frozen
from models.assessment import Answer, AttemptSection, HintTaken
from services.assessment.rules import Rules

REASONS = 0  # the number under which hint_taken knows that all reasons were shown

_answer, _section = Answer.__table__.c, AttemptSection.__table__.c
_hint = HintTaken.__table__.c
_closed_section = (
    _section.attempt_id == bindparam("attempt"),
    _section.number == bindparam("section"),
    or_(
        _section.ended_at.is_not(None),
        _section.deadline < bindparam("latest"),
        _section.started_at > bindparam("moment"),
    ),
)
# A question counts as reached when something was saved there, were it nothing.
_reached_later = (
    _answer.attempt_id == bindparam("attempt"),
    _answer.position > bindparam("position"),
    _answer.position <= bindparam("passing"),
    _answer.held.is_(None),
)
_reasons_shown = (
    _hint.attempt_id == bindparam("attempt"),
    _hint.position == bindparam("position"),
    _hint.number == REASONS,
)
# The conditions under which a save is taken, to be part of its INSERT; see `bounds`.
OPEN = (
    ~select(_section.number).where(*_closed_section).exists(),
    ~select(_answer.id).where(*_reached_later).exists(),
    ~select(_hint.number).where(*_reasons_shown).exists(),
)


def bounds(rules: Rules, position: int, now: datetime) -> dict[str, Any]:
    """What OPEN asks for beside the attempt and the position."""
    part = rules.part_of(position)
    return {
        "section": part.number if part else 0,
        "passing": rules.passing(position),
        "latest": now - GRACE,
        "moment": now,
    }


@frozen
class Closing:
    """Whether a question is closed; ended_at: since when, where its section is over."""

    closed: bool
    ended_at: datetime | None = None


_WHY = select(
    select(func.count(_answer.id)).where(*_reached_later).scalar_subquery().label("passed"),
    select(func.count(_hint.number)).where(*_reasons_shown).scalar_subquery().label("shown"),
)
_SPAN = select(_section.number, _section.started_at, _section.deadline, _section.ended_at).where(
    _section.attempt_id == bindparam("attempt"), _section.number == bindparam("section")
)


def of(session: Session, attempt_id: int, rules: Rules, position: int, now: datetime) -> Closing:
    """How a question of a running attempt stands; the caller holds the attempt."""
    keys = {"attempt": attempt_id, "position": position, **bounds(rules, position, now)}
    why = session.execute(_WHY, keys).one()
    if why.passed or why.shown:
        return Closing(True)
    row = session.execute(_SPAN, keys).one_or_none()
    span = Span(*row) if row else None
    if span is None or is_open(span, now):
        return Closing(False)
    return Closing(True, span.ended_at or span.deadline)
