"""From logits to what people read: points, bands, levels and the verdict on a gate."""

import math
from enum import StrEnum
from statistics import NormalDist

from domain.competencies.framework import Standard
from domain.records import frozen

# The prior's own variance: an aged estimate knows at least that much.
PRIOR_VARIANCE = 1.0
LIKELY_BAND_Z = 1.0  # one standard error each way holds about 68 %


@frozen
class Ability:
    """An estimate in logits with its standard error; n: pieces of evidence behind it."""

    theta: float
    se: float
    n: int

    @property
    def reliability(self) -> float:
        """1 - SE^2 on a scale whose population variance is 1; 0 where nothing is known."""
        return max(0.0, 1 - self.se**2)


@frozen
class Band:
    """An interval in points, 0 to 100."""

    low: float
    high: float


@frozen
class LevelRange:
    """The levels 1 to 5 that an estimate leaves open."""

    low: int
    high: int

    @property
    def is_single(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        return str(self.low) if self.is_single else f"{self.low} to {self.high}"


class Verdict(StrEnum):
    """What can be said about a gate."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "not yet known"


def points(theta: float, standard: Standard) -> float:
    """Theta in points, clipped to 0..100."""
    return min(100.0, max(0.0, standard.centre + standard.per_logit * theta))


def likely_band(ability: Ability, standard: Standard) -> Band:
    """The points one standard error to each side: the true value lies inside in 68 % of cases."""
    return _band(ability, LIKELY_BAND_Z, standard)


def wide_band(ability: Ability, standard: Standard) -> Band:
    """The points that hold the true value in 95 % of cases."""
    return _band(ability, standard.critical_z, standard)


def level(theta: float, standard: Standard) -> int:
    """The level, 1 to 5, in which theta lies; a cut belongs to the level above it."""
    return 1 + sum(theta >= cut for cut in standard.cuts)


def level_range(ability: Ability, standard: Standard) -> LevelRange:
    """The levels that the 68 % band touches: one where it lies inside one, else a range."""
    spread = LIKELY_BAND_Z * ability.se
    low = level(ability.theta - spread, standard)
    return LevelRange(low, level(ability.theta + spread, standard))


def gate_verdict(ability: Ability | None, needed: int, standard: Standard) -> Verdict:
    """Whether level `needed` (2 to 5) is reached, judged by P(theta >= its cut).

    Not known also while nothing has been measured.
    """
    if ability is None or ability.n == 0:
        return Verdict.UNKNOWN
    chance = probability_at_least(ability, standard.cuts[needed - 2])
    if chance >= standard.gate_met:
        return Verdict.MET
    return Verdict.NOT_MET if chance <= standard.gate_not_met else Verdict.UNKNOWN


def probability_at_least(ability: Ability, cut: float) -> float:
    """P(theta >= cut) for a normal distribution around the estimate."""
    if ability.se <= 0:
        return float(ability.theta >= cut)
    return NormalDist(ability.theta, ability.se).cdf(2 * ability.theta - cut)


def provisional(ability: Ability, standard: Standard) -> Ability:
    """Widen the error of an estimate that rests on difficulties set by authors."""
    return Ability(ability.theta, ability.se * standard.provisional_se_factor, ability.n)


def aged(ability: Ability, months: float, standard: Standard) -> Ability:
    """Widen the error of an estimate that is `months` old; theta stays.

    The variance doubles every half-life up to that of the prior, and never shrinks.
    Raises ValueError for a negative age.
    """
    if months < 0:
        raise ValueError("an estimate cannot come from the future")
    variance = ability.se**2
    # The exponent is bounded so that a very old estimate does not overflow.
    grown = variance * 2 ** min(months / standard.half_life_months, 64)
    return Ability(ability.theta, math.sqrt(max(variance, min(grown, PRIOR_VARIANCE))), ability.n)


def _band(ability: Ability, z: float, standard: Standard) -> Band:
    spread = z * ability.se
    return Band(points(ability.theta - spread, standard), points(ability.theta + spread, standard))
