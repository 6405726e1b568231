"""What to expect of an adaptive test with the questions at hand: its length and its error."""

import random
from collections.abc import Sequence
from functools import partial
from statistics import NormalDist, fmean

from domain.assessment.adaptive import Candidate, Plan, Stop, sit
from domain.assessment.item_models import mark_probabilities
from domain.competencies.framework import Standard
from domain.records import frozen


@frozen
class Outlook:
    """Means over simulated people. se: in logits, as it would be shown; reached: the share whose
    error came down to the plan's, 0 to 1; people: how many were simulated.
    """

    items: float
    se: float
    reached: float
    people: int


def outlook(
    pool: Sequence[Candidate],
    plan: Plan,
    standard: Standard,
    rng: random.Random,
    people: int = 40,
) -> Outlook:
    """Simulate people spread evenly over N(0, 1); raises ValueError for an empty pool.

    About 2 ms a person; forty of them tell the length to half a question.
    """
    if not pool:
        raise ValueError("an empty pool asks nothing")
    normal = NormalDist()
    sittings = []
    for number in range(people):
        theta = normal.inv_cdf((number + 0.5) / people)
        seed = rng.getrandbits(62)
        sittings.append(sit(pool, plan, seed, partial(answered, theta, rng), standard))
    return Outlook(
        fmean(len(sitting.given) for sitting in sittings),
        fmean(sitting.ability.se for sitting in sittings),
        fmean(sitting.stop is Stop.PRECISE for sitting in sittings),
        people,
    )


def answered(theta: float, rng: random.Random, candidate: Candidate) -> int:
    """The mark that a person of this ability happens to earn."""
    chances = mark_probabilities(candidate.model, theta)
    return rng.choices(range(len(chances)), chances)[0]
