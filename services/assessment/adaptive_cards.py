"""Adaptive practice on the page of quizzes and assessments."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import ADAPTIVE
from domain.assessment.attempts import AttemptState
from domain.records import frozen
from models.assessment import Attempt
from models.competencies import Evidence
from models.library import ItemFacts, Published
from services.actor import Actor
from services.assessment.adaptive_pool import POOL
from services.library import catalogue

UNMARKED = ("open", "likert")  # kinds that only people mark, or nobody


@frozen
class AdaptiveCard:
    """An adaptive form that a learner may take.

    left: questions that they have not met; open_id: the attempt that runs; ended_id: the newest
    ended one.
    """

    key: str
    titles: Mapping[str, str]
    competency: str
    least: int
    most: int
    minutes: int
    left: int
    open_id: int | None
    ended_id: int | None

    @property
    def is_open(self) -> bool:
        """Whether another one can be started."""
        return self.left >= self.least


def cards(session: Session, actor: Actor) -> tuple[AdaptiveCard, ...]:
    """The published adaptive forms, by key; three statements."""
    forms = [f for f in catalogue.published(session, "form") if f.meta["purpose"] == ADAPTIVE]
    attempts = session.execute(
        select(Attempt.form_key, Attempt.state, func.max(Attempt.id).label("id"))
        .where(Attempt.person_id == actor.person_id, Attempt.purpose == ADAPTIVE)
        .group_by(Attempt.form_key, Attempt.state)
        .order_by(func.max(Attempt.id))
    ).all()
    running = {row.form_key: row.id for row in attempts if row.state == AttemptState.RUNNING}
    ended = {row.form_key: row.id for row in attempts if row.state != AttemptState.RUNNING}
    left = _left(session, actor.subject)
    return tuple(
        AdaptiveCard(
            form.key,
            form.meta["title"],
            form.meta["competency"],
            form.meta["least"],
            form.meta["most"],
            form.meta["minutes"],
            left[form.meta["competency"]],
            running.get(form.key),
            ended.get(form.key),
        )
        for form in forms
    )


def _left(session: Session, subject: str) -> Counter[str]:
    """Competency -> published practice questions that a person has not met."""
    met = (
        select(ItemFacts.document_id)
        .join(Evidence, Evidence.item_revision_id == ItemFacts.revision_id)
        .where(Evidence.subject == subject)
    )
    rows = session.execute(
        select(ItemFacts.competency, func.count().label("left"))
        .join(Published, Published.revision_id == ItemFacts.revision_id)
        .where(
            ItemFacts.pool == POOL,
            ItemFacts.kind.not_in(UNMARKED),
            Published.retired_at.is_(None),
            ItemFacts.document_id.not_in(met),
        )
        .group_by(ItemFacts.competency)
    )
    return Counter({row.competency: row.left for row in rows})
