"""Published data and people who never lived, for the tests of this folder."""

import numpy as np

from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.assessment.statistics.calibration import Candidate
from domain.assessment.statistics.ladder import Rung
from domain.assessment.statistics.simulated import simulated_marks
from domain.assessment.statistics.tables import Floats, Marks

# Section 6 of the Law School Admission Test, 1,000 people, 5 items: Bock & Lieberman (1970),
# Psychometrika 35, 179-197; people per pattern 00000, 00001, ..., 11111.
LSAT_PATTERNS = (
    *(3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15),
    *(10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298),
)


def lsat() -> Marks:
    patterns = [[int(mark) for mark in f"{number:05b}"] for number in range(32)]
    return np.repeat(np.array(patterns, dtype=np.int16), LSAT_PATTERNS, axis=0)


def true_models(seed: int, items: int = 40, points: int = 1) -> list[ItemModel]:
    chance = np.random.default_rng(seed)
    a = np.exp(chance.normal(0, 0.25, items))
    b = chance.normal(0, 1, items)
    return [
        ItemModel(float(x), spread_thresholds(float(y), points, 0.8))
        for x, y in zip(a, b, strict=True)
    ]


def people(models: list[ItemModel], count: int, seed: int) -> tuple[Floats, Marks]:
    """Abilities and marks, people x items."""
    chance = np.random.default_rng(seed)
    theta = chance.normal(size=count)
    return theta, simulated_marks(models, theta, chance.random((count, len(models))))


def unknown(models: list[ItemModel], rung: Rung, chance: float = 0.0) -> list[Candidate]:
    """The same items with nothing known but their highest mark."""
    return [
        Candidate(
            f"q-{number}",
            rung,
            ItemModel(1.0, spread_thresholds(0.0, model.max_mark, 0.8)),
            chance,
        )
        for number, model in enumerate(models, start=1)
    ]
