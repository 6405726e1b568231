"""Adaptive practice on one competency: each question is chosen by the answers before it.

Forward only: an answer is saved, the next question is chosen, pinned and appended, and the answers
before it are closed, all in one transaction. What is chosen is a function of the attempt's seed,
of its pool (see adaptive_pool) and of its answers, so that the same test can be laid out again.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive import (
    Candidate,
    Given,
    Plan,
    next_item,
    present_ability,
    stop_reason,
)
from domain.assessment.adaptive_forms import ADAPTIVE
from domain.assessment.attempts import AttemptState
from domain.assessment.drawing import drawn
from domain.assessment.marking import mark
from domain.assessment.presentation import option_order
from domain.assessment.responses import parse_response
from domain.records import frozen
from models.accounts import Person
from models.assessment import Answer, Attempt, AttemptItem
from models.library import ItemFacts, Published
from services.actor import Actor
from services.assessment import delivery, starting, submission
from services.assessment.access import own_attempt
from services.assessment.adaptive_pool import (
    basis_now,
    basis_of,
    framework_at,
    note,
    plan_of,
    pool_of,
)
from services.assessment.delivery import SaveCommand, Saved
from services.assessment.pinned import pinned_all
from services.assessment.responding import counted_answers
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.library.catalogue import Framework

HIRING_NEEDS = 80  # calibrated live items: fewer use 20 of 20 questions every time
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
    plan = plan_of(form.meta, framework)
    pool = pool_of(session, actor.subject, form.meta["competency"], framework, basis)
    if len(pool) < plan.least:
        raise Conflict("You have met almost all questions of this practice.")
    first = next_item(pool, [], 0.0, plan, seed)
    assert first is not None, "a pool of this size gives a question"
    key = catalogue.revisions(session, [first.key])[first.key].key
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
    Raises NotFound for another's attempt; other purposes than adaptive ones are left alone.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    state = attempt.state_at(now)
    if attempt.purpose != ADAPTIVE or state is not AttemptState.RUNNING:
        return state
    laid = _laid_out(session, attempt_id)
    if position != len(laid.given):
        return state
    if laid.following is None:
        return submission.submit(session, actor, attempt_id, now)
    item = pinned_all(session, [laid.following.key])[laid.following.key].item
    chance = random.Random(f"{laid.seed}:{position + 1}:shown")
    session.execute(
        insert(AttemptItem).values(
            attempt_id=attempt_id,
            position=position + 1,
            revision_id=laid.following.key,
            competency=item.home,
            option_order=list(option_order(item, chance)),
        )
    )
    delivery.reach(session, actor, attempt_id, position + 1, lease, now)
    return state


def replay(session: Session, attempt_id: int) -> list[tuple[int, int | None]]:
    """(asked, chosen again) by revision for each question: equal as long as nothing was tampered.

    chosen again: from the seed, the pool as of the start and the answers before it.
    """
    laid = _laid_out(session, attempt_id)
    found: list[tuple[int, int | None]] = []
    for number, given in enumerate(laid.given):
        chosen = _following(laid.pool, laid.given[:number], laid.plan, laid.seed, laid.framework)
        found.append((given.candidate.key, chosen.key if chosen else None))
    return found


@frozen
class _LaidOut:
    """An adaptive attempt as far as it has come; following: None where it ends here."""

    seed: int
    pool: list[Candidate]
    plan: Plan
    framework: Framework
    given: list[Given]
    following: Candidate | None


def _laid_out(session: Session, attempt_id: int) -> _LaidOut:
    row = session.execute(
        select(Attempt.seed, Attempt.form_revision_id, Person.subject)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.id == attempt_id)
    ).one()
    basis = basis_of(session, attempt_id)
    framework = framework_at(session, basis)
    form = catalogue.revisions(session, [row.form_revision_id])[row.form_revision_id].meta
    plan = plan_of(form, framework)
    pool = pool_of(session, row.subject, form["competency"], framework, basis)
    given = _given(session, attempt_id, pool)
    following = _following(pool, given, plan, row.seed, framework)
    return _LaidOut(row.seed, pool, plan, framework, given, following)


def _following(
    pool: list[Candidate], given: list[Given], plan: Plan, seed: int, framework: Framework
) -> Candidate | None:
    """The next question after some answers; None where the test ends."""
    ability = present_ability(given, framework.standard)
    if stop_reason(len(given), ability, plan, len(pool) - len(given)):
        return None
    return next_item(pool, given, ability.theta, plan, seed)


def _given(session: Session, attempt_id: int, pool: list[Candidate]) -> list[Given]:
    """The questions so far with their marks, by the pinned key.

    A key that is found to be wrong later mends the marks, not the choices that were made by then.
    """
    rows = session.execute(
        select(AttemptItem.position, AttemptItem.revision_id, AttemptItem.option_order)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    by_revision = {candidate.key: candidate for candidate in pool}
    pinned = pinned_all(session, [row.revision_id for row in rows])
    answers = counted_answers(session, attempt_id)
    found = []
    for row in rows:
        item = drawn(pinned[row.revision_id].item, tuple(row.option_order))
        answer = answers.get(row.position)
        response = parse_response(item, answer.response) if answer else None
        found.append(Given(by_revision[row.revision_id], mark(item, response).points))
    return found


@frozen
class HiringOffer:
    """Whether adaptive tests may be offered in hiring. calibrated: live secure questions that
    have a model from answers; needed: how many there must be.
    """

    competency: str
    calibrated: int
    needed: int = HIRING_NEEDS

    @property
    def is_offered(self) -> bool:
        return self.calibrated >= self.needed

    @property
    def lacks(self) -> int:
        return max(0, self.needed - self.calibrated)


def offer(session: Session, competency: str) -> HiringOffer:
    """Whether hiring may test a competency adaptively, and what is missing where it may not."""
    models = catalogue.framework(session).models
    live = session.scalars(
        select(Published.revision_id)
        .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .where(
            ItemFacts.competency == competency,
            ItemFacts.pool == "secure",
            Published.retired_at.is_(None),
        )
    )
    return HiringOffer(competency, sum((revision, competency) in models for revision in live))
