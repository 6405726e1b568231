"""Pools of invented questions with known parameters, for the tests of adaptive tests."""

import random

from domain.assessment.adaptive import Candidate, Plan
from domain.assessment.item_models import ItemModel

TARGETS = {"tone": 20, "price": 20, "claims": 20, "papers": 15, "law": 15, "units": 10}


def pool(count: int = 80, mean_a: float = 1.5, seed: int = 5) -> list[Candidate]:
    """Right/wrong questions, a around mean_a, b over the range of people, areas by target."""
    rng = random.Random(seed)
    slopes = [rng.lognormvariate(0, 0.25) for _ in range(count)]
    scale = mean_a * count / sum(slopes)
    hundred = [area for area, share in TARGETS.items() for _ in range(share)]
    return [
        Candidate(
            number, hundred[100 * number // count], ItemModel(scale * slope, (rng.gauss(0, 1),))
        )
        for number, slope in enumerate(slopes)
    ]


def plan(**changes: object) -> Plan:
    return Plan(TARGETS, **changes)  # type: ignore[arg-type]  # any field by its name
