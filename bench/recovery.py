"""Whether calibration and estimation find what was put in, and what they cost.

    .venv/bin/python -m bench.recovery [--seed 20260101] [--only recovery bands planted cost]

Simulates people and items whose true values are known. Prints each figure with its goal and ends
with exit code 1 when a goal is missed. Same seed, same figures, apart from the seconds, which are
of CPU in one thread: what a machine takes that does nothing else.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

# On shared machines the threads of small products wait for each other longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.assessment.statistics.calibration import Calibration, Candidate, calibrate
from domain.assessment.statistics.item_statistics import Flag, flags, item_statistics
from domain.assessment.statistics.ladder import Rung
from domain.assessment.statistics.scoring import score_people
from domain.assessment.statistics.simulated import simulated_marks

ITEMS = 40
COMPETENCIES = 7
BAND_PEOPLE = 20_000
PLANTED_ROUNDS = 25
WRONG_KEYS = NO_DISCRIMINATION = 3  # per planted test of ITEMS items


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the range that it should lie in."""

    name: str
    found: float
    least: float
    most: float

    @property
    def holds(self) -> bool:
        return self.least <= self.found <= self.most

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "MISS"
        return f"{mark} {self.name:58} {self.found:8.3f}  (goal {self.least:g} to {self.most:g})"


def true_models(chance: np.random.Generator, marks: int = 1) -> list[ItemModel]:
    """ITEMS models as banks have them: a around 1, b over the range of people."""
    a = np.exp(chance.normal(0.05, 0.25, ITEMS))
    b = chance.normal(0, 1, ITEMS)
    return [
        ItemModel(float(x), spread_thresholds(float(y), marks, 0.8))
        for x, y in zip(a, b, strict=True)
    ]


def answers(models: list[ItemModel], people: int, chance: np.random.Generator) -> np.ndarray:
    theta = chance.normal(size=people)
    return simulated_marks(models, theta, chance.random((people, len(models))))


def candidates(models: list[ItemModel], rung: Rung) -> list[Candidate]:
    """Items of which only the highest mark is known."""
    return [
        Candidate(
            f"item {number}", rung, ItemModel(1.0, spread_thresholds(0.0, model.max_mark, 0.8))
        )
        for number, model in enumerate(models, start=1)
    ]


def recovery(chance: np.random.Generator) -> list[Goal]:
    """Error, bias and correlation of a and b at three sizes."""
    print("\nRecovery, 40 items of 2PL        RMSE a   bias  corr   RMSE b   bias  corr   seconds")
    goals = []
    for people, rounds in ((100, 10), (500, 6), (2000, 4)):
        a_pairs, b_pairs, seconds = [], [], 0.0
        for _ in range(rounds):
            models = true_models(chance)
            marks = answers(models, people, chance)
            start = time.process_time()
            found = calibrate(marks, candidates(models, Rung.TWO))
            seconds += (time.process_time() - start) / rounds
            a_pairs += [(m.a, i.model.a) for m, i in zip(models, found.items, strict=True)]
            b_pairs += [
                (m.thresholds[0], i.model.thresholds[0])
                for m, i in zip(models, found.items, strict=True)
            ]
        a, b = error(np.array(a_pairs)), error(np.array(b_pairs))
        print(f"  N = {people:5} x {rounds:2} rounds     {a}   {b}   {seconds:6.2f}")
        if people == 2000:
            goals += [Goal("RMSE of a, N = 2000", a.rmse, 0, 0.11)]
            goals += [Goal("RMSE of b, N = 2000", b.rmse, 0, 0.11)]
    return goals


@dataclass(frozen=True, slots=True)
class Error:
    rmse: float
    bias: float
    correlation: float

    def __str__(self) -> str:
        return f"{self.rmse:6.3f} {self.bias:+6.3f} {self.correlation:5.3f}"


def error(pairs: np.ndarray) -> Error:
    """Of found against true values, n x 2."""
    away = pairs[:, 1] - pairs[:, 0]
    correlation = float(np.corrcoef(pairs.T)[0, 1])
    return Error(float(np.sqrt((away**2).mean())), float(away.mean()), correlation)


def bands(chance: np.random.Generator) -> list[Goal]:
    """How often the bands of an estimate hold the truth, with true and with calibrated items."""
    models = true_models(chance)
    found = calibrate(answers(models, 2000, chance), candidates(models, Rung.TWO))
    goals = []
    for name, used in (("true", models), ("calibrated", [item.model for item in found.items])):
        theta = chance.normal(size=BAND_PEOPLE)
        marks = simulated_marks(models, theta, chance.random((BAND_PEOPLE, ITEMS)))
        marks[chance.random(marks.shape) < 0.5] = -1  # people see about 20 of the 40
        seen = score_people(used, marks)
        away = np.abs(seen.theta - theta) / seen.se
        goals += [
            Goal(f"68 % band holds the truth, {name} items, %", 100 * (away <= 1).mean(), 65, 71),
            Goal(
                f"95 % band holds the truth, {name} items, %", 100 * (away <= 1.96).mean(), 93, 97
            ),
        ]
    return goals


def planted(chance: np.random.Generator) -> list[Goal]:
    """How many bad items the rest-score flags find among N = 500, and how many good ones."""
    hits = bad = alarms = good = 0
    for _ in range(PLANTED_ROUNDS):
        models = true_models(chance)
        marks = answers(models, 500, chance)
        # Half of those who do not know the answer take the option that is keyed by mistake.
        fooled = chance.random((500, WRONG_KEYS)) < 0.5
        marks[:, :WRONG_KEYS] = (1 - marks[:, :WRONG_KEYS]) * fooled
        empty = slice(WRONG_KEYS, WRONG_KEYS + NO_DISCRIMINATION)
        marks[:, empty] = chance.random((500, NO_DISCRIMINATION)) < 0.5
        flagged = [
            not {Flag.WEAK, Flag.CHECK_KEY}.isdisjoint(flags(item))
            for item in item_statistics(marks, [1] * ITEMS)
        ]
        hits += sum(flagged[: empty.stop])
        bad += empty.stop
        alarms += sum(flagged[empty.stop :])
        good += ITEMS - empty.stop
    return [
        Goal(f"bad items found of {bad}, %", 100 * hits / bad, 90, 100),
        Goal(f"good items flagged of {good}, %", 100 * alarms / good, 0, 5),
    ]


def cost(chance: np.random.Generator) -> list[Goal]:
    """Seconds of CPU and memory of the large jobs."""
    models = true_models(chance)
    graded = true_models(chance, marks=3)
    marks, graded_marks = answers(models, 2000, chance), answers(graded, 2000, chance)
    sevens = seconds_of(lambda: [two_parameters(models, marks) for _ in range(COMPETENCIES)])
    graded_once = seconds_of(lambda: two_parameters(graded, graded_marks))
    many = answers(models, 10_000, chance).astype(np.float64)
    many[chance.random(many.shape) < 0.3] = np.nan
    statistics = seconds_of(lambda: item_statistics(many, [1] * ITEMS))
    scoring = min(seconds_of(lambda: score_people(models, marks)) for _ in range(5))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Goal("calibrating 7 x 40 items x 2,000 people, s", sevens, 0, 5),
        Goal("calibrating 40 items of 3 points x 2,000 people, s", graded_once, 0, 5),
        Goal("statistics of 40 items x 10,000 attempts, s", statistics, 0, 2),
        Goal("scoring 2,000 people x 40 items, ms", 1000 * scoring, 0, 50),
        Goal("memory at its highest, MB", memory, 0, 300),
    ]


def two_parameters(models: list[ItemModel], marks: np.ndarray) -> Calibration:
    return calibrate(marks, candidates(models, Rung.TWO))


def seconds_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


PARTS = {"recovery": recovery, "bands": bands, "planted": planted, "cost": cost}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    goals: list[Goal] = []
    for number, (name, part) in enumerate(PARTS.items()):
        if name in options.only:
            # A stream of its own for each part, so that one alone gives the figures of the whole.
            goals += part(np.random.default_rng([options.seed, number]))
    print()
    for goal in goals:
        print(goal)
    return 0 if all(goal.holds for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
