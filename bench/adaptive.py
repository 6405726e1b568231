"""How long adaptive tests are, how precise, whom they show the same question, and what they cost.

    .venv/bin/python -m bench.adaptive [--seed 20260101] [--people 5000]

Simulates people and pools whose true values are known: 80 sharp questions under Sympson-Hetter
exposure control, and 40 ordinary ones, which show why hiring asks for 80. The 80 were written to a
blueprint, in which each area covers the range of people; beside them stand 80 whose difficulties
were left to chance. Prints each figure with its goal and ends with exit code 1 when a goal is
missed. Same seed, same figures, apart from the milliseconds.
"""

import argparse
import os
import sys
import time
from collections import Counter
from functools import partial
from random import Random
from statistics import NormalDist

# On shared machines the threads of small products wait for each other longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bench.recovery import Goal
from domain.assessment.adaptive import (
    Candidate,
    Given,
    Plan,
    next_item,
    present_ability,
    sit,
    stop_reason,
)
from domain.assessment.adaptive_outlook import answered
from domain.assessment.exposure import Simulated, calibrate_exposure, simulate
from domain.assessment.item_models import ItemModel

AREAS = {"a": 20, "b": 20, "c": 20, "d": 15, "e": 15, "f": 10}  # percent, as practices have them
MOST_EXPOSED = 0.30
TIMED = 200  # people whose questions are chosen one by one against the clock


def pool_of(
    count: int, mean_a: float, chance: np.random.Generator, *, spread: bool = False
) -> list[Candidate]:
    """Right/wrong questions: a log-normal around mean_a, b as abilities are spread, N(0, 1).

    spread: the difficulties of each area are evenly spread over people, one in each k-th of them;
    else drawn one by one.
    """
    a = np.exp(chance.normal(0, 0.25, count))
    a *= mean_a / a.mean()
    hundred = [area for area, share in AREAS.items() for _ in range(share)]
    areas = [hundred[100 * number // count] for number in range(count)]
    b = _spread(areas, chance) if spread else chance.normal(0, 1, count).tolist()
    return [
        Candidate(number, area, ItemModel(float(x), (y,)))
        for number, (area, x, y) in enumerate(zip(areas, a, b, strict=True))
    ]


def _spread(areas: list[str], chance: np.random.Generator) -> list[float]:
    """A difficulty for each question: within its area at every level, in an order of chance."""
    rest = {
        area: chance.permutation((np.arange(n) + chance.random(n)) / n).tolist()
        for area, n in Counter(areas).items()
    }
    normal = NormalDist()
    return [normal.inv_cdf(min(max(rest[area].pop(), 0.01), 0.99)) for area in areas]


def said(name: str, found: Simulated, plan: Plan) -> None:
    print(
        f"  {name:38} SE <= .40 {100 * (found.se <= plan.se).mean():5.1f} %   "
        f"SE {found.se.mean():.3f}   items {found.items.mean():5.2f}   "
        f"{100 * (found.items == plan.most).mean():5.1f} % use all {plan.most}   "
        f"most met {found.exposure.max():.3f}"
    )


def milliseconds(pool: list[Candidate], plan: Plan, rng: Random) -> tuple[float, float]:
    """CPU per next question, estimate and stop rule included: mean and the slowest hundredth."""
    spent = []
    for _ in range(TIMED):
        theta, seed = rng.gauss(0, 1), rng.getrandbits(62)
        whole = sit(pool, plan, seed, partial(answered, theta, rng)).given
        given: list[Given] = []
        for step in whole:
            start = time.process_time()
            ability = present_ability(given)
            stop_reason(len(given), ability, plan, len(pool) - len(given))
            next_item(pool, given, ability.theta, plan, seed)
            spent.append(1000 * (time.process_time() - start))
            given.append(step)
    spent.sort()
    return sum(spent) / len(spent), spent[int(0.99 * len(spent))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--people", type=int, default=5000)
    options = parser.parse_args()
    chance = np.random.default_rng(options.seed)
    thetas = chance.normal(size=options.people)
    plan, practice = Plan(AREAS), Plan(AREAS, among=5)

    sharp, ordinary = pool_of(80, 1.5, chance, spread=True), pool_of(40, 1.05, chance)
    held = calibrate_exposure(sharp, plan, MOST_EXPOSED, chance)
    found = simulate(held, plan, thetas, chance)
    print(f"{options.people} people, theta N(0, 1); stop at SE <= .40 and n >= 8, or n = 20")
    said("80 items, mean a 1.50, no control", simulate(sharp, plan, thetas, chance), plan)
    said("80 items, mean a 1.50, Sympson-Hetter", found, plan)
    unplanned = calibrate_exposure(pool_of(80, 1.5, chance), plan, MOST_EXPOSED, chance)
    said("80 not to a blueprint, Sympson-Hetter", simulate(unplanned, plan, thetas, chance), plan)
    said("80 items, mean a 1.50, randomesque-5", simulate(sharp, practice, thetas, chance), plan)
    blunt = simulate(ordinary, plan, thetas, chance)
    said("40 items, mean a 1.05, no control", blunt, plan)
    said("40 items, mean a 1.05, randomesque-5", simulate(ordinary, practice, thetas, chance), plan)
    finer = Plan(AREAS, se=0.30)
    said("40 items, mean a 1.05, to SE .30", simulate(ordinary, finer, thetas, chance), finer)

    mean, slow = milliseconds(held, plan, Random(options.seed))
    print()
    goals = [
        Goal("80 items, Sympson-Hetter: people with SE <= .40, %", _share(found, plan), 95, 100),
        Goal("80 items, Sympson-Hetter: mean items", float(found.items.mean()), 8, 10),
        Goal("80 items, Sympson-Hetter: most met", float(found.exposure.max()), 0, 0.34),
        Goal("CPU per next item, ms, mean", mean, 0, 5),
        Goal("CPU per next item, ms, slowest hundredth", slow, 0, 5),
    ]
    for goal in goals:
        print(goal)
    return 0 if all(goal.holds for goal in goals) else 1


def _share(found: Simulated, plan: Plan) -> float:
    return float(100 * (found.se <= plan.se).mean())


if __name__ == "__main__":
    sys.exit(main())
