"""The placement a second time, on a parallel form that is made for the person.

The form is assembled from practice questions that the person has not met; where these alone make
no parallel form, questions that were met long ago fill it up, and count for nothing. Its questions
are pinned at the start, like those of any attempt. The result says, practice by practice, whether
the difference to the placement is more than the errors of the two bring about by themselves.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.assembly import BankItem, Blueprint, Unfillable, assemble, curve_of
from domain.assessment.item_models import author_model
from domain.assessment.items import is_marked_by_people, is_measured
from domain.assessment.statistics.change import change_of_abilities
from domain.competencies.framework import Competency
from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.competencies import Evidence
from models.library import ItemFacts, Published
from services.actor import Actor
from services.assessment import starting
from services.assessment.access import own_attempt
from services.assessment.pinned import Pinned, pinned_all
from services.assessment.scoring import SCOPE
from services.competencies.estimates import Estimated, kept
from services.competencies.presenting import PracticeLine, practice_line
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.library.catalogue import Framework

PURPOSE, FIRST = "retest", "placement"
WAIT = timedelta(days=30)
POOL = "practice"


@frozen
class RetestOffer:
    """The second placement of a person. placed_id, ended_at: the sitting it is compared with.

    open_at: from when on it may be begun; attempt_id: the open one, if there is one.
    """

    placed_id: int
    ended_at: datetime
    open_at: datetime
    attempt_id: int | None
    is_open: bool


def offer(session: Session, actor: Actor, now: datetime) -> RetestOffer | None:
    """When the actor may sit the placement again; None before the first one has ended."""
    last = _last(session, actor)
    if last is None:
        return None
    attempt_id = session.scalar(
        select(Attempt.id).where(Attempt.open_key == f"{actor.person_id}:{PURPOSE}:{FIRST}")
    )
    open_at = last.ended_at + WAIT
    return RetestOffer(last.id, last.ended_at, open_at, attempt_id, now >= open_at)


@frozen
class _Last:
    id: int
    ended_at: datetime


def _last(session: Session, actor: Actor, before: int | None = None) -> _Last | None:
    """The newest ended placement, first or repeated; before: of those begun earlier than that."""
    statement = select(Attempt.id, Attempt.ended_at).where(
        Attempt.person_id == actor.person_id,
        Attempt.purpose.in_((FIRST, PURPOSE)),
        Attempt.form_key == FIRST,
        Attempt.state.in_(starting.ENDED),
        Attempt.ended_at.is_not(None),
    )
    if before is not None:
        statement = statement.where(Attempt.id < before)
    row = session.execute(statement.order_by(Attempt.id.desc()).limit(1)).one_or_none()
    return _Last(row.id, row.ended_at) if row else None


@frozen
class ParallelForm:
    """Question ids in the order of delivery; met: how many of them the person knows already."""

    keys: tuple[str, ...]
    met: int


def parallel_form(session: Session, actor: Actor, seed: int, now: datetime) -> ParallelForm:
    """A form parallel to the actor's placement; reads only, so that no writer waits for it.

    The seed and the same bank give the same form. Raises NotFound before a placement has ended,
    and Conflict before the wait is over or when the bank has no such form.
    """
    found = offer(session, actor, now)
    if found is None:
        raise NotFound
    if not found.is_open and found.attempt_id is None:
        raise Conflict("A placement may be taken again thirty days after the last one.")
    framework = catalogue.framework(session)
    reference = _reference(session, found.placed_id, framework)
    fresh, known = _bank(session, actor, framework)
    rng = random.Random(seed)
    forms, met = [], 0
    for code, theirs in sorted(reference.items()):
        made = _one(theirs, fresh.get(code, []), known.get(code, []), framework, code, rng)
        unmet = {item.key for item in fresh.get(code, [])}
        met += sum(item.key not in unmet for item in made)
        forms.append(rng.sample(made, len(made)))
    # As in the placement: one question on each practice in turn.
    longest = max(len(form) for form in forms)
    keys = [form[place].key for place in range(longest) for form in forms if place < len(form)]
    return ParallelForm(tuple(keys), met)


def _one(
    reference: Sequence[BankItem],
    fresh: Sequence[BankItem],
    known: Sequence[BankItem],
    framework: Framework,
    code: str,
    rng: random.Random,
) -> list[BankItem]:
    """The questions on one practice: new ones, and no more known ones than it takes."""
    blueprint = blueprint_of(framework.competencies[code], reference)
    for more in range(0, len(known) + 1, 3):
        try:
            return assemble([*fresh, *known[:more]], blueprint, 1, rng)[0]
        except Unfillable:
            continue
    raise Conflict("There are not enough questions for a parallel form yet.")


def blueprint_of(competency: Competency, reference: Sequence[BankItem]) -> Blueprint:
    """What a form parallel to another one is to hold."""
    return Blueprint(
        items=len(reference),
        subtopics={subtopic.id: subtopic.share for subtopic in competency.subtopics},
        cognitive=competency.cognitive,
        b=fmean(item.b for item in reference),
        like=curve_of(reference),
    )


def _reference(
    session: Session, attempt_id: int, framework: Framework
) -> dict[str, list[BankItem]]:
    """Competency -> the questions of a sitting."""
    ids = session.scalars(
        select(AttemptItem.revision_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    return by_competency(pinned_all(session, ids), framework)


def _bank(
    session: Session, actor: Actor, framework: Framework
) -> tuple[dict[str, list[BankItem]], dict[str, list[BankItem]]]:
    """Published practice questions by competency: those not met, and those met, oldest first."""
    last_met = (
        select(ItemFacts.document_id, func.max(Evidence.id).label("line"))
        .join(Evidence, Evidence.item_revision_id == ItemFacts.revision_id)
        .where(Evidence.subject == actor.subject)
        .group_by(ItemFacts.document_id)
        .subquery()
    )
    rows = session.execute(
        select(Published.revision_id, last_met.c.line)
        .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .outerjoin(last_met, last_met.c.document_id == Published.document_id)
        .where(ItemFacts.pool == POOL, Published.retired_at.is_(None))
        .order_by(func.coalesce(last_met.c.line, 0), Published.revision_id)
    ).all()
    pinned = pinned_all(session, [row.revision_id for row in rows])
    fresh = {row.revision_id: pinned[row.revision_id] for row in rows if row.line is None}
    known = {row.revision_id: pinned[row.revision_id] for row in rows if row.line is not None}
    return by_competency(fresh, framework), by_competency(known, framework)


def by_competency(pinned: Mapping[int, Pinned], framework: Framework) -> dict[str, list[BankItem]]:
    """Questions as forms are assembled of them; what only people can mark is left out."""
    found: dict[str, list[BankItem]] = {}
    for revision_id, question in pinned.items():
        item = question.item
        if not is_measured(item) or is_marked_by_people(item):
            continue
        model = framework.models.get((revision_id, item.home))
        if model is None or model.max_mark != item.max_mark:
            model = author_model(item, framework.standard)
        weight = item.competencies.get(item.home, 1.0)
        entry = BankItem(item.id, item.subtopic, item.cognitive, item.lesson, model, weight)
        found.setdefault(item.home, []).append(entry)
    return found


def start(
    session: Session, actor: Actor, form: ParallelForm, lang: str, seed: int, now: datetime
) -> int:
    """Start the second placement with the questions of a form, or give back the open one.

    Raises NotFound and Conflict as `parallel_form` does: it may be some time since it was made.
    """
    found = offer(session, actor, now)
    if found is None or actor.person_id is None:
        raise NotFound
    if found.attempt_id is not None:
        return found.attempt_id
    if not found.is_open:
        raise Conflict("A placement may be taken again thirty days after the last one.")
    placement = own_attempt(session, actor, found.placed_id)
    attempt_id = starting.create_attempt(
        session,
        actor.person_id,
        PURPOSE,
        FIRST,
        lang,
        seed,
        now,
        item_keys=form.keys,
        form_revision_id=placement.form_revision_id,
    )
    starting.begin(session, actor, attempt_id, now)
    return attempt_id


@frozen
class ChangeLine:
    """A practice then and now, each from its own sitting. difference, error: in points; error: of
    the difference, one standard error; reliable: whether it is more than chance brings about.
    """

    before: PracticeLine
    after: PracticeLine
    difference: float
    error: float
    reliable: bool


def changes(session: Session, actor: Actor, attempt_id: int, lang: str) -> tuple[ChangeLine, ...]:
    """What has changed between a second placement and the one before it, by practice.

    Nothing for other attempts. Each number is its sitting's own, so that the two are independent.
    Raises NotFound for another's attempt.
    """
    attempt = own_attempt(session, actor, attempt_id)
    if attempt.purpose != PURPOSE or attempt.form_key != FIRST:
        return ()
    last = _last(session, actor, before=attempt_id)
    if last is None:
        return ()
    shown = kept(session, SCOPE, [last.id, attempt_id])
    framework = catalogue.framework(session)
    before, after = shown.get(last.id, {}), shown.get(attempt_id, {})
    return tuple(
        _change(before[c.code], after[c.code], c, framework, lang)
        for c in framework.practices
        if c.code in before and c.code in after
    )


def _change(
    before: Estimated, after: Estimated, competency: Competency, framework: Framework, lang: str
) -> ChangeLine:
    standard = framework.standard
    change = change_of_abilities(before.ability, after.ability)
    return ChangeLine(
        practice_line(competency, before, framework, lang),
        practice_line(competency, after, framework, lang),
        standard.per_logit * change.difference,
        standard.per_logit * change.error,
        change.is_reliable(standard.critical_z),
    )
