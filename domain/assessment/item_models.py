"""Item response models: how likely each mark is at an ability, and how much an item tells there.

One form serves the one-, two- and three-parameter logistic models and the graded response model:
the chance of at least k points is P*_k = c + (1 - c) / (1 + exp(-a (theta - b_k))), without the
factor 1.7; guessing c belongs to right/wrong items only.
Sources: Birnbaum (1968) in Lord & Novick; Samejima (1969), Psychometrika Monograph 17.
"""

import math

from domain.assessment.items import Item
from domain.competencies.framework import Standard
from domain.records import frozen

_SMALLEST = 1e-300  # keeps a logarithm finite where a chance underflows


@frozen
class ItemModel:
    """a: discrimination; thresholds: b_1..b_m, rising, in logits; c: chance of a lucky guess.

    Raises ValueError for values that no calibration gives.
    """

    a: float
    thresholds: tuple[float, ...]
    c: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.a < math.inf or not 0 <= self.c < 1 or not self.thresholds:
            raise ValueError("a must be above 0, c from 0 to below 1, thresholds not empty")
        if not all(map(math.isfinite, self.thresholds)):
            raise ValueError("thresholds must be finite")
        if list(self.thresholds) != sorted(self.thresholds):
            raise ValueError("thresholds must rise")
        if self.c and len(self.thresholds) > 1:
            raise ValueError("guessing belongs to right/wrong items only")

    @property
    def max_mark(self) -> int:
        return len(self.thresholds)


def spread_thresholds(b: float, max_mark: int, half_width: float) -> tuple[float, ...]:
    """Thresholds of an item whose marks are not calibrated: evenly over b - and + half_width."""
    if max_mark < 1:
        raise ValueError("an item is worth one point or more")
    if max_mark == 1:
        return (b,)
    step = 2 * half_width / (max_mark - 1)
    return tuple(b - half_width + step * k for k in range(max_mark))


def author_model(item: Item, standard: Standard) -> ItemModel:
    """The model of an item not calibrated yet: its author's difficulty, fixed a, no guessing."""
    b = standard.b_of_difficulty[item.difficulty - 1]
    thresholds = spread_thresholds(b, item.max_mark, standard.threshold_spread)
    return ItemModel(standard.discrimination, thresholds)


def mark_probability(model: ItemModel, mark: int, theta: float) -> float:
    """P(exactly `mark` points | theta). Raises ValueError for a mark that cannot be had."""
    if mark not in range(model.max_mark + 1):  # 0.5 and NaN neither
        raise ValueError(f"mark {mark} is not between 0 and {model.max_mark}")
    below = model.a * (theta - model.thresholds[mark - 1]) if mark else math.inf
    above = model.a * (theta - model.thresholds[mark]) if mark < model.max_mark else -math.inf
    chance = _logistic(below) * _logistic(-above) * -math.expm1(above - below)
    if model.max_mark == 1:
        return model.c * mark + (1 - model.c) * chance
    return chance


def mark_probabilities(model: ItemModel, theta: float) -> tuple[float, ...]:
    """The chances of 0, 1, ..., max_mark points; they add up to 1."""
    return tuple(mark_probability(model, mark, theta) for mark in range(model.max_mark + 1))


def log_probability(model: ItemModel, mark: int, theta: float) -> float:
    """log P(exactly `mark` points | theta), finite everywhere."""
    return math.log(max(mark_probability(model, mark, theta), _SMALLEST))


def information(model: ItemModel, theta: float) -> float:
    """Fisher information at theta: the sum over marks of P'^2 / P."""
    slopes = [0.0, *(_slope(model, b, theta) for b in model.thresholds), 0.0]
    total = 0.0
    for mark, chance in enumerate(mark_probabilities(model, theta)):
        if chance > _SMALLEST:
            total += (slopes[mark] - slopes[mark + 1]) ** 2 / chance
    return total


def expected_mark(model: ItemModel, theta: float) -> float:
    """The mean mark of people of this ability."""
    return sum(mark * chance for mark, chance in enumerate(mark_probabilities(model, theta)))


def _slope(model: ItemModel, b: float, theta: float) -> float:
    x = model.a * (theta - b)
    return (1 - model.c) * model.a * _logistic(x) * _logistic(-x)


def _logistic(x: float) -> float:
    """1 / (1 + exp(-x)) without overflow at either end."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1 + grown)
