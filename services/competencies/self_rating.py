"""What people think of themselves: a private mirror that never moves a measured number.

Every function works on the actor's own ratings; there is no way to ask for another's.
"""

import math
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from domain.competencies.framework import LEVELS
from domain.competencies.scale import probability_at_least
from domain.records import frozen
from models.competencies import SelfRating
from services.actor import Actor
from services.competencies.estimates import Estimated
from services.competencies.presenting import ProfileView, localised
from services.errors import Forbidden, Invalid
from services.library import catalogue
from services.library.catalogue import Framework


@frozen
class Step:
    """One rung of a ladder: what somebody of this level can do."""

    level: int
    can: str
    chosen: bool


@frozen
class Ladder:
    """A practice with its five sentences. error: what was wrong with the choice sent for it."""

    code: str
    name: str
    summary: str
    steps: tuple[Step, ...]
    error: str | None

    @property
    def chosen(self) -> int | None:
        return next((step.level for step in self.steps if step.chosen), None)


@frozen
class RatingPage:
    """The seven ladders with the person's present choices."""

    ladders: tuple[Ladder, ...]
    rated_at: datetime | None

    @property
    def chosen(self) -> int:
        return sum(ladder.chosen is not None for ladder in self.ladders)


@frozen
class Mirror:
    """How well somebody knows their own level, over the practices both rated and measured.

    bias: self minus measured in points, above 0 where they think more of themself; critical: the
    bias that the error of measurement alone may make. brier: the expected Brier score of seven
    claims made with full certainty, 0 best and 1 worst: the mean chance that a claimed level is
    not the true one (Brier 1950, halved so that it ends at 1).
    """

    practices: int
    bias: float
    critical: float
    brier: float

    @property
    def reading(self) -> str:
        """above, below, or close where the difference is inside the error."""
        if abs(self.bias) <= self.critical:
            return "close"
        return "above" if self.bias > 0 else "below"


def levels(session: Session, actor: Actor) -> dict[str, int]:
    """The actor's own newest level per practice; one statement."""
    return {code: level for code, (level, _) in _newest(session, actor).items()}


def rating_page(
    session: Session,
    actor: Actor,
    lang: str,
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> RatingPage:
    """The ladders. sent, errors: what a refused form held, so that no choice is lost."""
    framework = catalogue.framework(session)
    newest = _newest(session, actor)
    chosen = {code: str(level) for code, (level, _) in newest.items()} | dict(sent or {})
    ladders = tuple(
        Ladder(
            practice.code,
            localised(practice.name, lang),
            localised(practice.summary, lang),
            tuple(
                Step(
                    rung.level,
                    localised(rung.can, lang),
                    chosen.get(practice.code) == str(rung.level),
                )
                for rung in practice.ladder
            ),
            (errors or {}).get(practice.code),
        )
        for practice in framework.practices
    )
    return RatingPage(ladders, max((at for _, at in newest.values()), default=None))


def rate(session: Session, actor: Actor, sent: Mapping[str, str], now: datetime) -> int:
    """Append the levels that changed; gives back how many did.

    sent: practice code -> "1" to "5"; practices left out keep what they have. Raises Invalid with
    a field for every choice that makes no sense, and for a form without any.
    """
    if actor.person_id is None:
        raise Forbidden
    practices = {practice.code for practice in catalogue.framework(session).practices}
    allowed = {str(level): level for level in LEVELS}
    wrong = {
        code[:20]: "this is not one of the five levels" if code in practices else "unknown practice"
        for code, level in sent.items()
        if code not in practices or level not in allowed
    }
    if wrong:
        raise Invalid(fields=wrong)
    if not sent:
        raise Invalid("Choose a sentence for at least one practice.")
    before = levels(session, actor)
    rows = [
        {
            "person_id": actor.person_id,
            "competency": code,
            "level": allowed[level],
            "created_at": now,
        }
        for code, level in sorted(sent.items())
        if before.get(code) != allowed[level]
    ]
    if rows:
        session.execute(insert(SelfRating), rows)
    return len(rows)


def mirror(
    view: ProfileView, estimates: Mapping[str, Estimated], framework: Framework
) -> Mirror | None:
    """Self against measured; None where no practice is both rated and measured."""
    pairs = [line for line in view.measured if line.self_gap is not None]
    if not pairs:
        return None
    count = len(pairs)
    z = framework.standard.critical_z
    error = math.sqrt(sum(line.se_points**2 for line in pairs)) / count
    chances = [
        _chance(estimates[line.code], line.self_level or LEVELS[0], framework) for line in pairs
    ]
    return Mirror(
        practices=count,
        bias=sum(line.self_gap or 0.0 for line in pairs) / count,
        critical=z * error,
        brier=1 - sum(chances) / count,
    )


def _chance(estimate: Estimated, level: int, framework: Framework) -> float:
    """P(the true level is `level`) by the estimate and its error."""
    edges = framework.standard.cuts
    at_least = (
        1.0 if level == LEVELS[0] else probability_at_least(estimate.ability, edges[level - 2])
    )
    above = 0.0 if level == LEVELS[-1] else probability_at_least(estimate.ability, edges[level - 1])
    return at_least - above


_LATEST = (
    select(func.max(SelfRating.id))
    .where(SelfRating.person_id == bindparam("person"))
    .group_by(SelfRating.competency)
)
_NEWEST = select(SelfRating.competency, SelfRating.level, SelfRating.created_at).where(
    SelfRating.id.in_(_LATEST)
)


def _newest(session: Session, actor: Actor) -> dict[str, tuple[int, datetime]]:
    rows = session.execute(_NEWEST, {"person": actor.person_id})
    return {row.competency: (row.level, row.created_at) for row in rows}
