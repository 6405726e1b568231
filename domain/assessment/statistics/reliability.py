"""How far scores can be relied on: alpha, omega, and the error of a score."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.em import LOG_WEIGHTS
from domain.assessment.statistics.tables import (
    NODES,
    Floats,
    bank_of,
    complete_marks,
    information_curves,
    mark_curves,
)

_MOST_ROUNDS = 5000
_STILL = 1e-10  # the change of a uniqueness that ends the search for loadings


def alpha(marks: ArrayLike) -> float:
    """Cronbach's alpha of a sum of marks: people x items, everyone saw every item.

    Raises ValueError for missing marks, fewer than two people or items, or no variance.
    Source: Cronbach (1951), Psychometrika 16, 297-334.
    """
    return alpha_of_covariance(np.cov(complete_marks(marks), rowvar=False))


def alpha_of_covariance(covariance: ArrayLike) -> float:
    """Alpha from an items x items covariance matrix; standardised alpha from correlations."""
    matrix = _square(covariance)
    count = len(matrix)
    return count / (count - 1) * (1 - float(np.trace(matrix)) / float(matrix.sum()))


def omega_of_loadings(loadings: ArrayLike, uniquenesses: ArrayLike | None = None) -> float:
    """McDonald's omega of a sum with one factor: (sum of loadings)^2 over the whole variance.

    uniquenesses: one per item; 1 - loading^2 when left out, which standardised loadings have.
    Raises ValueError for a negative uniqueness or different lengths.
    Source: McDonald (1999), Test Theory: A Unified Treatment, ch. 6.
    """
    loading = np.asarray(loadings, dtype=np.float64)
    own = 1 - loading**2 if uniquenesses is None else np.asarray(uniquenesses, dtype=np.float64)
    if loading.ndim != 1 or own.shape != loading.shape or (own < 0).any():
        raise ValueError("loadings and uniquenesses must be alike in length, none negative")
    common = float(loading.sum()) ** 2
    return common / (common + float(own.sum()))


def omega(marks: ArrayLike) -> float:
    """McDonald's omega of a sum of marks: people x items, loadings by one_factor.

    Raises ValueError as alpha does.
    """
    matrix = np.cov(complete_marks(marks), rowvar=False)
    loadings = one_factor(matrix)
    # An item that is all common factor leaves nothing of its own, or a little less by rounding.
    return omega_of_loadings(loadings, np.maximum(np.diag(matrix) - loadings**2, 0.0))


def one_factor(covariance: ArrayLike) -> Floats:
    """Loadings of one common factor, in the units of the items; their sum is not negative.

    Iterated principal axes, whose fixed point is the minimum-residual solution. A uniqueness is
    kept at 0 or above. covariance: items x items, or correlations. Three items or more determine
    the loadings. Raises ValueError for another shape or an item without variance.
    Source: Harman & Jones (1966), Psychometrika 31, 351-368.
    """
    matrix = _square(covariance)
    total = np.diag(matrix).copy()
    if (total <= 0).any():
        raise ValueError("every item must have variance")
    shared = total / 2
    for _ in range(_MOST_ROUNDS):
        reduced = matrix.copy()
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        loadings: Floats = vectors[:, -1] * math.sqrt(max(float(values[-1]), 0.0))
        found = np.minimum(loadings**2, total)
        moved = float((np.abs(found - shared) / total).max())
        shared = found
        if moved < _STILL:
            break
    limited = np.sign(loadings) * np.sqrt(shared)
    return limited if float(limited.sum()) >= 0 else -limited


def standard_error(deviation: float, reliability: float) -> float:
    """The standard error of measurement, in the units of `deviation`: SD sqrt(1 - reliability).

    Raises ValueError for a negative deviation or a reliability outside 0 to 1.
    """
    if deviation < 0 or not 0 <= reliability <= 1:
        raise ValueError("a deviation is not negative, a reliability lies between 0 and 1")
    return deviation * math.sqrt(1 - reliability)


def binomial_error(items: int, right: float) -> float:
    """Lord's conditional standard error of a number-right score, in items.

    Raises ValueError for fewer than two items or a score outside 0 to items.
    Source: Lord (1955), Educational and Psychological Measurement 15, 325-336.
    """
    if items < 2 or not 0 <= right <= items:
        raise ValueError("two items or more, and a score between none and all of them")
    return math.sqrt(right * (items - right) / (items - 1))


def score_distribution(chances: Sequence[ArrayLike]) -> Floats:
    """How likely each sum of marks is, from each item's chances: Lord-Wingersky recursion.

    chances: one entry per item: the chance of being right, or the chances of 0, 1, ..., m points
    as (m + 1) numbers, or (m + 1) x Q for Q abilities at once; all items with the same Q.
    Returns (highest sum + 1), or that x Q.
    Raises ValueError where chances are not chances.
    Sources: Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461; Thissen et al.
    (1995), ibid. 19, 39-49, for more than two marks.
    """
    total: Floats = np.ones(1)
    for number, given in enumerate(chances):
        item = np.asarray(given, dtype=np.float64)
        if item.ndim == 0:
            item = np.stack([1 - item, item])
        if (item < 0).any() or not np.allclose(item.sum(axis=0), 1):
            raise ValueError(f"the chances of item {number} do not add up to 1")
        if total.ndim < item.ndim:
            total = np.ones((1, item.shape[1]))
        grown = np.zeros((len(total) + len(item) - 1, *total.shape[1:]))
        for mark, chance in enumerate(item):
            grown[mark : mark + len(total)] += total * chance
        total = grown
    return total


def sum_distribution(models: Sequence[ItemModel], thetas: ArrayLike) -> Floats:
    """P(sum of marks | theta), (highest sum + 1) x Q, for Q abilities in logits."""
    curves = mark_curves(bank_of(models), np.asarray(thetas, dtype=np.float64))
    return score_distribution(
        [own[: model.max_mark + 1] for model, own in zip(models, curves, strict=True)]
    )


def sum_error(models: Sequence[ItemModel], thetas: ArrayLike) -> Floats:
    """The standard error of a sum of marks, in points, at each of Q abilities (logits)."""
    curves = mark_curves(bank_of(models), np.asarray(thetas, dtype=np.float64))
    worth = np.arange(curves.shape[1])[:, None]
    mean = (worth * curves).sum(axis=1)
    variance = (worth**2 * curves).sum(axis=1) - mean**2
    found: Floats = np.sqrt(variance.sum(axis=0))
    return found


def ability_error(models: Sequence[ItemModel], thetas: ArrayLike) -> Floats:
    """The standard error of theta, in logits, at each of Q abilities: 1 / sqrt(information).

    Without a prior, so it grows without limit where no item tells anything.
    """
    told = information_curves(bank_of(models), np.asarray(thetas, dtype=np.float64)).sum(axis=0)
    with np.errstate(divide="ignore"):
        found: Floats = 1 / np.sqrt(told)
    return found


def marginal_reliability(models: Sequence[ItemModel]) -> float:
    """Reliability to expect from these items in a N(0, 1) population: the mean of I / (I + 1).

    Source: Green, Bock, Humphreys, Linn & Reckase (1984), J. Educational Measurement 21, 347-360,
    with the error of an estimate that knows its prior.
    """
    told = information_curves(bank_of(models), NODES).sum(axis=0)
    return float((np.exp(LOG_WEIGHTS) * told / (told + 1)).sum())


def empirical_reliability(thetas: ArrayLike, errors: ArrayLike) -> float:
    """Reliability found in EAP estimates: their variance over itself plus the mean SE^2.

    thetas, errors: P each, P >= 2. Raises ValueError for fewer or different lengths.
    Source: du Toit (ed., 2003), IRT from SSI, 623; as in R's mirt::empirical_rxx.
    """
    theta = np.asarray(thetas, dtype=np.float64)
    error = np.asarray(errors, dtype=np.float64)
    if theta.ndim != 1 or theta.shape != error.shape or len(theta) < 2:
        raise ValueError("two people or more, with one error each")
    known, unknown = float(theta.var(ddof=1)), float((error**2).mean())
    return known / (known + unknown)


def _square(covariance: ArrayLike) -> Floats:
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise ValueError("a covariance matrix is square, of two items or more")
    if not np.allclose(matrix, matrix.T):
        raise ValueError("a covariance matrix is symmetric")
    if not matrix.sum() > 0:
        raise ValueError("the sum of the items must have variance")
    return matrix
