"""Sections of an attempt, each with a clock of its own: planned at the start, moved by grants."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.assessment.clocks import Span, current, left, moved, plan
from models.assessment import Attempt, AttemptSection
from services import journal
from services.actor import Actor
from services.assessment.access import own_attempt
from services.assessment.rules import Rules
from services.errors import Conflict


def spans_of(session: Session, attempt_id: int) -> tuple[Span, ...]:
    """The sections of an attempt in their order; empty without sections."""
    rows = session.execute(
        select(
            AttemptSection.number,
            AttemptSection.started_at,
            AttemptSection.deadline,
            AttemptSection.ended_at,
        )
        .where(AttemptSection.attempt_id == attempt_id)
        .order_by(AttemptSection.number)
    )
    return tuple(Span(*row) for row in rows)


def lay_out(
    session: Session, attempt_id: int, rules: Rules, now: datetime, deadline: datetime | None
) -> None:
    """Plan the sections of an attempt that begins now; nothing for a form without any."""
    if not rules.parts:
        return
    minutes = [part.minutes for part in rules.parts]
    rows = [
        {
            "attempt_id": attempt_id,
            "number": span.number,
            "started_at": span.started_at,
            "deadline": span.deadline,
        }
        for span in plan(now, minutes, deadline)
    ]
    session.execute(insert(AttemptSection), rows)


def shift(session: Session, attempt_id: int, seconds: int, since: datetime) -> None:
    """Let what runs or is to come at `since` end later, together with the attempt's own deadline.

    The caller holds the attempt, and moves that deadline.
    """
    before = spans_of(session, attempt_id)
    _write(session, attempt_id, before, moved(before, seconds, since))


def go_on(session: Session, actor: Actor, attempt_id: int, number: int, now: datetime) -> None:
    """Leave section `number` for the next one, for good; a repeat changes nothing.

    The attempt then ends earlier by what was left of the section. Raises NotFound for another's
    attempt, and Conflict when it is over, rests, or that section has not begun or is the last.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state_at(now) is not AttemptState.RUNNING:
        raise Conflict("This attempt is over.")
    if attempt.paused_at is not None:
        raise Conflict("You are taking a break. End it first.")
    before = spans_of(session, attempt_id)
    here = current(before, now)
    if here is None:
        raise Conflict("This attempt has no further part.")
    if number < here.number and any(span.number == number for span in before):
        return
    try:
        after, unused = left(before, number, now)
    except ValueError:
        raise Conflict("This part cannot be left now.") from None
    _write(session, attempt_id, before, after)
    if attempt.deadline is not None:
        session.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id)
            .values(deadline=attempt.deadline - unused)
        )
    journal.append(
        session, actor, "attempt.section_left", "attempt", attempt_id, now,
        number=number, unused_s=int(unused / timedelta(seconds=1)),
    )  # fmt: skip


def _write(
    session: Session, attempt_id: int, before: Iterable[Span], after: Iterable[Span]
) -> None:
    for was, span in zip(before, after, strict=True):
        if span != was:
            session.execute(
                update(AttemptSection)
                .where(
                    AttemptSection.attempt_id == attempt_id, AttemptSection.number == span.number
                )
                .values(started_at=span.started_at, deadline=span.deadline, ended_at=span.ended_at)
            )
