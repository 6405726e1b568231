"""Ability from marks: the mean of the posterior on a fixed grid (EAP)."""

import math
from collections.abc import Sequence
from functools import lru_cache

from domain.assessment.item_models import ItemModel, log_probability
from domain.competencies.scale import Ability
from domain.records import frozen

GRID_POINTS = 61
GRID_END = 5.0
GRID = tuple(-GRID_END + 2 * GRID_END * step / (GRID_POINTS - 1) for step in range(GRID_POINTS))


def _log_prior() -> tuple[float, ...]:
    """N(0, 1) on the grid, up to a constant.

    The two end points stand for the tails as well: they weigh what makes the variance exactly 1.
    Without that, one answer's estimate is off in the sixth decimal.
    """
    inner = math.fsum((1 - t * t) * math.exp(-t * t / 2) for t in GRID[1:-1])
    end = math.log(inner / (2 * (GRID_END**2 - 1)))
    return (end, *(-t * t / 2 for t in GRID[1:-1]), end)


LOG_PRIOR = _log_prior()


@frozen
class Observation:
    """One mark on one item; weight: how much of it is evidence for this competency, 0 to 1."""

    model: ItemModel
    mark: int
    weight: float = 1.0


def estimate_ability(observations: Sequence[Observation]) -> Ability:
    """Estimate ability by the mean of its posterior under a N(0, 1) prior (EAP).

    observations: in any order; the likelihood of each enters with its weight as exponent. None
    gives back the prior, theta 0 with SE 1.
    Returns logits. The mean stays finite even when every mark is the highest or the lowest.
    Raises ValueError for a mark that its item cannot give or a weight outside 0 to 1.
    Source: Bock & Mislevy (1982), Applied Psychological Measurement 6(4), 431-444.
    """
    log_posterior = list(LOG_PRIOR)
    for seen in observations:
        if not 0 <= seen.weight <= 1:
            raise ValueError(f"weight {seen.weight} is not between 0 and 1")
        column = _log_likelihood(seen.model, seen.mark)
        weight = seen.weight
        log_posterior = [
            total + weight * part for total, part in zip(log_posterior, column, strict=True)
        ]
    highest = max(log_posterior)
    density = [math.exp(value - highest) for value in log_posterior]
    mass = math.fsum(density)
    theta = math.fsum(t * d for t, d in zip(GRID, density, strict=True)) / mass
    variance = math.fsum((t - theta) ** 2 * d for t, d in zip(GRID, density, strict=True)) / mass
    return Ability(theta, math.sqrt(variance), len(observations))


@lru_cache(maxsize=4096)
def _log_likelihood(model: ItemModel, mark: int) -> tuple[float, ...]:
    """One column of the grid; most items share a model, so it is seldom computed anew."""
    return tuple(log_probability(model, mark, theta) for theta in GRID)
