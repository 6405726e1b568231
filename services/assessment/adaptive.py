"""Adaptive tests: each question is chosen by the answers before it. Practice and candidates alike.

Forward only: an answer is saved, the next question is chosen, pinned and appended, and the answers
before it are closed, all in one transaction. What is chosen: see adaptive_course.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import ADAPTIVE, is_adaptive
from domain.assessment.adaptive_parts import following
from domain.assessment.attempts import AttemptState
from domain.assessment.presentation import option_order
from models.assessment import Answer, Attempt, AttemptItem
from services.actor import Actor
from services.assessment import delivery, starting, submission
from services.assessment.access import own_attempt
from services.assessment.adaptive_course import course_of, next_question
from services.assessment.adaptive_pool import basis_now, framework_at, note, practice_part
from services.assessment.delivery import SaveCommand, Saved
from services.assessment.pinned import known
from services.errors import Conflict, NotFound
from services.library import catalogue

LONGEST = timedelta(minutes=10)  # on one question


def start(
    session: Session, actor: Actor, form_key: str, lang: str, seed: int, now: datetime
) -> int:
    """Start an adaptive form with its first question, or give back the open attempt at it.

    After one has ended another may be started, as long as questions are left that the person has
    not met. Raises NotFound for other forms; Conflict before the placement has ended, whose
    questions must not be met early, and where too few new questions are left.
    """
    form = catalogue.form(session, form_key)
    if actor.person_id is None or form.meta["purpose"] != ADAPTIVE:
        raise NotFound
    if not placed(session, actor.person_id):
        raise Conflict("Take the placement first: practice must not use up its questions.")
    open_id = session.scalar(
        select(Attempt.id).where(Attempt.open_key == f"{actor.person_id}:{ADAPTIVE}:{form_key}")
    )
    if open_id is not None:
        return open_id
    basis = basis_now(session, actor.subject)
    framework = framework_at(session, basis)
    part = practice_part(session, actor.subject, form.meta, framework, basis)
    if len(part.pool) < part.plan.least:
        raise Conflict("You have met almost all questions of this practice.")
    first = following([part], 0, (), seed, framework.standard)
    assert first is not None, "a pool of this size gives a question"
    key = catalogue.revisions(session, [first[1].key])[first[1].key].key
    attempt_id = starting.create_attempt(
        session,
        actor.person_id,
        ADAPTIVE,
        form_key,
        lang,
        seed,
        now,
        item_keys=[key],
        form_revision_id=form.id,
    )
    note(session, actor, attempt_id, basis, now)
    starting.begin(session, actor, attempt_id, now)
    return attempt_id


def placed(session: Session, person_id: int) -> bool:
    """Whether a placement of the person has ended."""
    ended = select(Attempt.id).where(
        Attempt.person_id == person_id,
        Attempt.purpose == "placement",
        Attempt.state.in_(starting.ENDED),
    )
    return session.scalar(ended.limit(1)) is not None


def save_and_go_on(
    session: Session, actor: Actor, attempt_id: int, command: SaveCommand, now: datetime
) -> Saved:
    """Save the answer to the last question and choose what follows; for forms without script.

    The time on the question is counted here. Raises what `delivery.save_answer` raises.
    """
    own_attempt(session, actor, attempt_id)
    timed = replace(command, elapsed_ms=_elapsed_ms(session, attempt_id, command.position, now))
    saved = delivery.save_answer(session, actor, attempt_id, timed, now)
    if saved.outcome is delivery.Outcome.SAVED:
        go_on(session, actor, attempt_id, command.position, command.lease, now)
    return saved


def _elapsed_ms(session: Session, attempt_id: int, position: int, now: datetime) -> int:
    """Since the question was reached; who was away for long is taken to have begun anew."""
    # The first question has no row that says when it was reached; its first save may come later.
    reached = None
    if position > 1:
        reached = session.scalar(
            select(func.min(Answer.received_at)).where(
                Answer.attempt_id == attempt_id, Answer.position == position
            )
        )
    if reached is None:
        reached = session.scalar(select(Attempt.started_at).where(Attempt.id == attempt_id))
    passed = now - reached if reached else LONGEST
    return int(min(max(passed, timedelta(0)), LONGEST) / timedelta(milliseconds=1))


def go_on(
    session: Session, actor: Actor, attempt_id: int, position: int, lease: int, now: datetime
) -> AttemptState:
    """After the answer at a position: the next question, or the end. A repeat changes nothing.

    For the transaction that has saved the answer. Gives back the state that the attempt is in.
    Raises NotFound for another's attempt; attempts at fixed forms are left alone.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    state = attempt.state_at(now)
    if not is_adaptive(attempt.form_key) or state is not AttemptState.RUNNING:
        return state
    course = course_of(session, attempt_id)
    if position != len(course.asked):
        return state
    chosen = next_question(session, attempt_id, course)
    if chosen is None:
        return submission.submit(session, actor, attempt_id, now)
    item = known(session, chosen.key).item
    chance = random.Random(f"{course.seed}:{position + 1}:shown")
    session.execute(
        insert(AttemptItem).values(
            attempt_id=attempt_id,
            position=position + 1,
            revision_id=chosen.key,
            competency=item.home,
            option_order=list(option_order(item, chance)),
        )
    )
    delivery.reach(session, actor, attempt_id, position + 1, lease, now)
    return state
