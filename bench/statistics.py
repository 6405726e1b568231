"""What the statistics of items and forms cost, on people whose answers follow a model.

    .venv/bin/python -m bench.statistics [--seed 20260101] [--people 10000]

Runs the pure functions that `flask measure statistics` runs on each competency and form, prints
each figure with its goal and ends with exit code 1 when a goal is missed.
"""

import argparse
import os
import resource
import sys

# On shared machines the threads of small products wait for each other longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bench.recovery import ITEMS, Goal, answers, seconds_of, true_models
from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.answer_report import AnswerTable, AskedItem, item_reports
from domain.assessment.statistics.score_report import error_curve, score_report

OPTIONS = 4
UNSEEN_SHARE = 0.3


def table_of(
    models: list[ItemModel], people: int, chance: np.random.Generator, complete: bool
) -> AnswerTable:
    """Answers with times, choices (0 is the key) and two groups."""
    marks = answers(models, people, chance).astype(np.int16)
    if not complete:
        marks[chance.random(marks.shape) < UNSEEN_SHARE] = -1
    wrong = chance.integers(1, OPTIONS, marks.shape)
    chosen = np.where(marks < 0, -1, np.where(marks > 0, 1, 1 << wrong)).astype(np.int32)
    seconds = np.where(marks < 0, np.nan, 40 * chance.lognormal(0, 0.4, marks.shape))
    sides = {
        name: np.where(marks < 0, -1, (chance.random((people, 1)) < 0.4)).astype(np.int8)
        for name in ("language", "candidate")
    }
    return AnswerTable(marks, seconds, chosen, sides)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--people", type=int, default=10_000)
    options = parser.parse_args()
    chance = np.random.default_rng(options.seed)
    models = true_models(chance)
    items = [AskedItem(model, (True, *[False] * (OPTIONS - 1))) for model in models]
    seen = table_of(models, options.people, chance, complete=False)
    sat = table_of(models, options.people, chance, complete=True).marks
    of_item = seconds_of(lambda: item_reports(items, seen))
    halves = ["C1"] * (ITEMS // 2) + ["C2"] * (ITEMS // 2)
    of_form = seconds_of(lambda: score_report(sat, [1] * ITEMS, halves))
    curve = seconds_of(lambda: error_curve(models))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    goals = [
        Goal(f"items: {ITEMS} x {options.people:,} people, all figures, s", of_item, 0, 2),
        Goal(f"form: {ITEMS} x {options.people:,} people, alpha and omega, s", of_form, 0, 2),
        Goal("form: conditional errors, s", curve, 0, 0.1),
        Goal("memory at its highest, MB", memory, 0, 300),
    ]
    for goal in goals:
        print(goal)
    return 0 if all(goal.holds for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
