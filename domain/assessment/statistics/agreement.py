"""How far raters agree."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.statistics.distributions import f_quantile, f_tail
from domain.records import frozen

Rated = TypeVar("Rated", bound=Hashable)
FEWEST_FOR_ICC = 30  # double-rated answers; below, quadratic kappa is what can be shown


@frozen
class IntraclassCorrelation:
    """value: of a single rater, at most 1; low, high: its confidence interval. f: of the difference
    between those rated, with its degrees of freedom and p against a correlation of 0."""

    value: float
    low: float
    high: float
    f: float
    degrees: tuple[int, int]
    p: float


def icc_agreement(ratings: ArrayLike, confidence: float = 0.95) -> IntraclassCorrelation:
    """ICC(A,1): absolute agreement of single raters, two-way model; a strict rater lowers it.

    ratings: n rated x k raters, complete, n and k 2 or more.
    Raises ValueError for less, for missing ratings, or where those rated do not differ at all.
    Source: McGraw & Wong (1996), Psychological Methods 1, 30-46, with the corrections of ibid. 390.
    """
    means, n, k = _mean_squares(ratings)
    rows, raters, rest = means
    value = (rows - rest) / (rows + (k - 1) * rest + k / n * (raters - rest))
    f, p = _test(rows, rest, n, k)
    if rest + raters == 0:
        return IntraclassCorrelation(1.0, 1.0, 1.0, f, (n - 1, (n - 1) * (k - 1)), p)
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    degrees = (a * raters + b * rest) ** 2 / (
        (a * raters) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    )
    tail = (1 + confidence) / 2
    upper, lower = f_quantile(tail, n - 1, degrees), f_quantile(tail, degrees, n - 1)
    noise = k * raters + (k * n - k - n) * rest
    low = n * (rows - upper * rest) / (upper * noise + n * rows)
    high = n * (lower * rows - rest) / (noise + n * lower * rows)
    return IntraclassCorrelation(value, low, high, f, (n - 1, (n - 1) * (k - 1)), p)


def icc_consistency(ratings: ArrayLike, confidence: float = 0.95) -> IntraclassCorrelation:
    """ICC(C,1): consistency of single raters; how strict each is does not matter.

    Arguments, errors and source as icc_agreement.
    """
    (rows, _, rest), n, k = _mean_squares(ratings)
    f, p = _test(rows, rest, n, k)
    degrees = (n - 1, (n - 1) * (k - 1))
    if rest == 0:
        return IntraclassCorrelation(1.0, 1.0, 1.0, f, degrees, p)
    tail = (1 + confidence) / 2
    low = f / f_quantile(tail, *degrees)
    high = f * f_quantile(tail, *degrees[::-1])
    return IntraclassCorrelation(
        (f - 1) / (f + k - 1), (low - 1) / (low + k - 1), (high - 1) / (high + k - 1), f, degrees, p
    )


def percent_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Percent of ratings that two raters gave alike. Raises ValueError for none or odd lengths."""
    _check_pairs(first, second)
    return 100 * sum(one == two for one, two in zip(first, second, strict=True)) / len(first)


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Agreement of two raters on categories, beyond what chance brings: at most 1.

    None where both always gave one and the same category, so that chance explains everything.
    Raises ValueError for none or odd lengths.
    Source: Cohen (1960), Educational and Psychological Measurement 20, 37-46.
    """
    return weighted_kappa(first, second, lambda one, other: float(one != other))


def quadratic_kappa(first: Sequence[int], second: Sequence[int]) -> float | None:
    """Agreement of two raters on marks, a difference weighing by its square: at most 1.

    None where both always gave one and the same mark. Raises ValueError for none or odd lengths,
    or marks that are not whole. Source: as weighted_kappa.
    """
    if any(mark != int(mark) for mark in (*first, *second)):
        raise ValueError("marks must be whole numbers")
    return weighted_kappa(first, second, lambda one, other: float(one - other) ** 2)


def weighted_kappa(
    first: Sequence[Rated], second: Sequence[Rated], cost: Callable[[Rated, Rated], float]
) -> float | None:
    """1 less the mean cost of a disagreement over what chance would bring.

    cost: of the first rater's category beside the second's, not negative and 0 for agreement.
    None where chance would cost nothing. Raises ValueError for none or odd lengths, or such costs.
    Source: Cohen (1968), Psychological Bulletin 70, 213-220.
    """
    _check_pairs(first, second)
    rows, columns = list(dict.fromkeys(first)), list(dict.fromkeys(second))
    row_of = {category: place for place, category in enumerate(rows)}
    column_of = {category: place for place, category in enumerate(columns)}
    people = np.zeros((len(rows), len(columns)))
    for one, other in zip(first, second, strict=True):
        people[row_of[one], column_of[other]] += 1
    costs = np.array([[cost(one, other) for other in columns] for one in rows], dtype=np.float64)
    if not (costs >= 0).all():
        raise ValueError("a disagreement does not cost less than nothing")
    by_chance = people.sum(axis=1)[:, None] * people.sum(axis=0) / people.sum()
    expected = float((costs * by_chance).sum())
    return None if expected == 0 else 1 - float((costs * people).sum()) / expected


def _check_pairs(first: Sequence[Hashable], second: Sequence[Hashable]) -> None:
    if not len(first) or len(first) != len(second):
        raise ValueError("two raters must each have rated the same answers, one or more")


def _mean_squares(ratings: ArrayLike) -> tuple[tuple[float, float, float], int, int]:
    """Of those rated, of raters and of what remains, with n and k."""
    given = np.asarray(ratings, dtype=np.float64)
    if given.ndim != 2 or min(given.shape) < 2 or not np.isfinite(given).all():
        raise ValueError("ratings must be complete, two rated and two raters or more")
    n, k = given.shape
    rest = given - given.mean(axis=1, keepdims=True) - given.mean(axis=0) + given.mean()
    rows = k * float(((given.mean(axis=1) - given.mean()) ** 2).sum()) / (n - 1)
    raters = n * float(((given.mean(axis=0) - given.mean()) ** 2).sum()) / (k - 1)
    if rows == 0:
        raise ValueError("those rated do not differ, so nothing can be said about agreement")
    return (rows, raters, float((rest**2).sum()) / ((n - 1) * (k - 1))), n, k


def _test(rows: float, rest: float, n: int, k: int) -> tuple[float, float]:
    if rest == 0:
        return float("inf"), 0.0
    f = rows / rest
    return f, f_tail(f, n - 1, (n - 1) * (k - 1))
