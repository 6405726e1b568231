"""How far the scores of one form can be relied on: what people got, and the error of it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.form_report import CURVE_THETAS
from domain.assessment.item_models import ItemModel
from domain.assessment.quality import LEAST_SHOWN
from domain.assessment.statistics.reliability import (
    ability_error,
    alpha,
    omega,
    standard_error,
    sum_error,
)
from domain.assessment.statistics.tables import Floats, bank_of, complete_marks, mark_curves
from domain.records import frozen

CLASSES = 10  # of the score, in percent of the most that can be had
LEAST_FOR_OMEGA = 3  # items that determine the loadings of one factor


@frozen
class Reliability:
    """None where too few people or items, or no variance, make it undefined."""

    items: int
    alpha: float | None
    omega: float | None


@frozen
class ScoreReport:
    """A form as `people` sat it, each of them every item.

    mean, deviation, error: of the sum of marks, in points; error: SD sqrt(1 - alpha), None without
    alpha. counts: people per tenth of the score. groups: name -> reliability of those items alone.
    """

    people: int
    most: int
    whole: Reliability
    groups: Mapping[str, Reliability]
    mean: float | None
    deviation: float | None
    error: float | None
    counts: tuple[int, ...]


@frozen
class ErrorCurve:
    """At each of CURVE_THETAS: the expected sum of marks and its standard error in points, and the
    standard error of the ability in logits."""

    score: tuple[float, ...]
    error: tuple[float, ...]
    theta_error: tuple[float, ...]


def score_report(marks: ArrayLike, highest: Sequence[int], groups: Sequence[str]) -> ScoreReport:
    """The report of a form.

    marks: people x items, nothing missing; highest, groups: one per item.
    Raises ValueError for lengths that differ.
    """
    table = np.asarray(marks, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1] == len(highest) == len(groups):
        raise ValueError("marks must be people x items, with a highest mark and a group per item")
    most, people = sum(highest), len(table)
    totals = table.sum(axis=1)
    whole = _reliability(table)
    columns = {name: [g == name for g in groups] for name in sorted(set(groups))}
    deviation = float(totals.std(ddof=1)) if people > 1 else None
    error = None
    if deviation is not None and whole.alpha is not None and whole.alpha >= 0:
        error = standard_error(deviation, whole.alpha)
    place = np.minimum(CLASSES * totals // most, CLASSES - 1).astype(int)
    return ScoreReport(
        people,
        most,
        whole,
        {name: _reliability(table[:, chosen]) for name, chosen in columns.items()},
        float(totals.mean()) if people else None,
        deviation,
        error,
        tuple(int(n) for n in np.bincount(place, minlength=CLASSES)),
    )


def error_curve(models: Sequence[ItemModel]) -> ErrorCurve:
    """What the items' models say about the error of a score; raises ValueError for no item."""
    thetas = np.array(CURVE_THETAS)
    curves = mark_curves(bank_of(models), thetas)
    worth = np.arange(curves.shape[1])[:, None]
    return ErrorCurve(
        _numbers((worth * curves).sum(axis=(0, 1))),
        _numbers(sum_error(models, thetas)),
        _numbers(ability_error(models, thetas)),
    )


def _reliability(table: Floats) -> Reliability:
    people, items = table.shape
    if people < LEAST_SHOWN or items < 2 or not table.sum(axis=1).var() > 0:
        return Reliability(items, None, None)
    complete = complete_marks(table)
    varies = complete[:, complete.var(axis=0) > 0]
    # With no more people than items the covariances hang together, and loadings mean nothing.
    enough = LEAST_FOR_OMEGA <= varies.shape[1] < people
    return Reliability(items, alpha(complete), omega(varies) if enough else None)


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
