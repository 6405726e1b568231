"""Whether a second result differs from the first by more than the error of measurement."""

import math
from statistics import NormalDist

from domain.competencies.scale import Ability
from domain.records import frozen

CRITICAL_Z = NormalDist().inv_cdf(0.975)


@frozen
class Change:
    """difference: second less first; error: its standard error, in the same units."""

    difference: float
    error: float

    @property
    def index(self) -> float:
        """The difference in units of its error."""
        return self.difference / self.error

    def is_reliable(self, z: float = CRITICAL_Z) -> bool:
        """Whether it exceeds what error alone brings about in 95 of 100 cases."""
        return abs(self.difference) > z * self.error


def change_of_scores(first: float, second: float, deviation: float, reliability: float) -> Change:
    """The reliable change of a score whose error is the same for everyone.

    deviation: standard deviation of scores in the group, above 0; reliability: 0 to below 1.
    Raises ValueError for values outside these.
    Source: Jacobson & Truax (1991), J. Consulting and Clinical Psychology 59(1), 12-19.
    """
    if not deviation > 0 or not 0 <= reliability < 1:
        raise ValueError("a deviation is above 0, a reliability between 0 and below 1")
    error = deviation * math.sqrt(1 - reliability)
    return Change(second - first, math.sqrt(2) * error)


def critical_difference(first: Ability, second: Ability, z: float = CRITICAL_Z) -> float:
    """What the difference of two independent estimates must exceed, in logits; 0 without error."""
    return z * math.hypot(first.se, second.se)


def change_of_abilities(first: Ability, second: Ability) -> Change:
    """The reliable change between two estimates with errors of their own, in logits.

    The estimates must be independent. Raises ValueError when neither has an error.
    Source: as change_of_scores, with sqrt(SE1^2 + SE2^2) for the error of the difference.
    """
    error = math.hypot(first.se, second.se)
    if not error > 0:
        raise ValueError("an estimate without error cannot be judged")
    return Change(second.theta - first.theta, error)
